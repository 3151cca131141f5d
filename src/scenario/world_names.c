// SPDX-License-Identifier: Apache-2.0
//
// References: names to indices, with what was probably meant when there is none.
#include "scenario/world_names.h"

#include "base/check.h"
#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

static const char *name_at(const struct pl_names *names, uint32_t index)
{
    return names->first + (size_t)index * names->stride;
}

uint32_t pl_names_find(const struct pl_names *names, pl_slice name)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (pl_slice_equal(pl_slice_of(name_at(names, i)), name)) {
            return i;
        }
    }
    return PL_NONE;
}

uint32_t pl_names_resolve(struct pl_reader *reader,
                          const struct pl_names *names,
                          pl_slice name,
                          uint32_t node)
{
    uint32_t index = pl_names_find(names, name);
    if (index != PL_NONE) {
        return index;
    }
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, name);
    for (uint32_t i = 0; i < names->count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(name_at(names, i)));
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        pl_reader_error(reader,
                        node,
                        "There is no %s `%.*s` (did you mean `%.*s`?).",
                        names->what,
                        pl_reader_shown(name),
                        name.data,
                        (int)best.size,
                        best.data);
        return PL_NONE;
    }
    char list[160];
    struct pl_buf buf;
    pl_buf_init(&buf, list, sizeof list);
    for (uint32_t i = 0; i < names->count && buf.size < 100; i++) {
        pl_buf_printf(&buf, "%s%s", i == 0 ? "" : ", ", name_at(names, i));
    }
    pl_reader_error(reader,
                    node,
                    "There is no %s `%.*s`; this file has %s.",
                    names->what,
                    pl_reader_shown(name),
                    name.data,
                    names->count == 0 ? "none" : list);
    return PL_NONE;
}

#define NAMES(function, array, counter, word)                      \
    struct pl_names function(const struct pl_world *world)         \
    {                                                              \
        return (struct pl_names){.first = world->array[0].name,    \
                                 .stride = sizeof world->array[0], \
                                 .count = world->counter,          \
                                 .what = (word)};                  \
    }

NAMES(pl_names_services, services, service_count, "service")
NAMES(pl_names_databases, databases, database_count, "database")
NAMES(pl_names_statements, statements, statement_count, "statement")
NAMES(pl_names_locks, locks, lock_count, "lock group")
NAMES(pl_names_vendors, vendors, vendor_count, "vendor")
NAMES(pl_names_caches, caches, cache_count, "cache")
NAMES(pl_names_topics, topics, topic_count, "topic")
NAMES(pl_names_flags, flags, flag_count, "flag")
NAMES(pl_names_jobs, jobs, job_count, "job")
NAMES(pl_names_links, links, link_count, "link")
NAMES(pl_names_effects, effects, effect_count, "effect")
NAMES(pl_names_sources, sources, source_count, "traffic source")
NAMES(pl_names_streams, streams.streams, streams.stream_count, "stream")
NAMES(pl_names_groups, streams.groups, streams.group_count, "group")
NAMES(pl_names_tenants, streams.tenants, streams.tenant_count, "tenant")
NAMES(pl_names_volumes, streams.volumes, streams.volume_count, "volume")

static size_t slash(pl_slice text)
{
    size_t at = 0;
    while (at < text.size && text.data[at] != '/') {
        at++;
    }
    return at;
}

static uint32_t find_route(const struct pl_world *world, uint32_t service, pl_slice name)
{
    for (uint32_t i = 0; i < world->route_count; i++) {
        if (world->routes[i].service == service &&
            pl_slice_equal(pl_slice_of(world->routes[i].name), name)) {
            return i;
        }
    }
    return PL_NONE;
}

static void
unknown_route(struct pl_world_reader *reader, uint32_t service, pl_slice name, uint32_t node)
{
    const struct pl_world *world = reader->world;
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, name);
    for (uint32_t i = 0; i < world->route_count; i++) {
        if (world->routes[i].service == service) {
            pl_suggest_offer(&suggest, pl_slice_of(world->routes[i].name));
        }
    }
    pl_slice best = pl_suggest_best(&suggest);
    char hint[PL_NAME_MAX + 24] = "";
    if (best.data != NULL) {
        (void)snprintf(hint, sizeof hint, " (did you mean `%.*s`?)", (int)best.size, best.data);
    }
    pl_reader_error(&reader->reader,
                    node,
                    "The service `%s` has no route `%.*s`%s.",
                    world->services[service].name,
                    pl_reader_shown(name),
                    name.data,
                    hint);
}

uint32_t pl_world_reader_route(struct pl_world_reader *reader, pl_slice text, uint32_t node)
{
    size_t at = slash(text);
    if (at == text.size) {
        pl_reader_error(&reader->reader,
                        node,
                        "`%.*s` names no route; `service/route` is expected.",
                        pl_reader_shown(text),
                        text.data);
        return PL_NONE;
    }
    pl_slice service_name = {.data = text.data, .size = at};
    pl_slice route_name = {.data = text.data + at + 1, .size = text.size - at - 1};
    struct pl_names services = pl_names_services(reader->world);
    uint32_t service = pl_names_resolve(&reader->reader, &services, service_name, node);
    if (service == PL_NONE) {
        return PL_NONE;
    }
    uint32_t route = find_route(reader->world, service, route_name);
    if (route == PL_NONE) {
        unknown_route(reader, service, route_name, node);
    }
    return route;
}

bool pl_world_reader_target(struct pl_world_reader *reader,
                            pl_slice text,
                            uint32_t node,
                            struct pl_call_target *target)
{
    target->vendor = PL_NONE;
    target->route = PL_NONE;
    if (slash(text) < text.size) {
        target->route = pl_world_reader_route(reader, text, node);
        return target->route != PL_NONE;
    }
    struct pl_names services = pl_names_services(reader->world);
    if (pl_names_find(&services, text) != PL_NONE) {
        pl_reader_error(&reader->reader,
                        node,
                        "`%.*s` is a service; a call names its route too, as `%.*s/ROUTE`.",
                        pl_reader_shown(text),
                        text.data,
                        pl_reader_shown(text),
                        text.data);
        return false;
    }
    struct pl_names vendors = pl_names_vendors(reader->world);
    target->vendor = pl_names_resolve(&reader->reader, &vendors, text, node);
    return target->vendor != PL_NONE;
}

uint32_t pl_world_reader_edge(struct pl_world_reader *reader,
                              uint32_t service,
                              uint32_t vendor,
                              uint32_t to_service,
                              uint32_t node)
{
    PL_CHECK((vendor == PL_NONE) != (to_service == PL_NONE));
    struct pl_world *world = reader->world;
    for (uint32_t i = 0; i < world->edge_count; i++) {
        const struct pl_edge *edge = &world->edges[i];
        if (edge->service == service && edge->to_vendor == vendor &&
            edge->to_service == to_service) {
            return i;
        }
    }
    if (world->edge_count == PL_EDGES_MAX) {
        pl_reader_error(&reader->reader,
                        node,
                        "This world has more than %d pairs of caller and called; at most %d are "
                        "allowed.",
                        PL_EDGES_MAX,
                        PL_EDGES_MAX);
        return PL_NONE;
    }
    uint32_t index = world->edge_count++;
    struct pl_edge *edge = &world->edges[index];
    *edge = pl_edge_default();
    edge->service = service;
    edge->to_vendor = vendor;
    edge->to_service = to_service;
    const char *name =
        vendor != PL_NONE ? world->vendors[vendor].name : world->services[to_service].name;
    memcpy(edge->target_name, name, sizeof edge->target_name);
    return index;
}

void pl_world_reader_merge(struct pl_world_reader *reader,
                           uint32_t edge,
                           const struct pl_edge *said,
                           uint64_t given,
                           uint32_t node)
{
    char *known = (char *)&reader->world->edges[edge];
    for (uint32_t i = 0; i < pl_edge_table.field_count; i++) {
        const struct pl_field *row = &pl_edge_table.fields[i];
        uint64_t bit = UINT64_C(1) << i;
        if ((given & bit) == 0) {
            continue;
        }
        const char *value = (const char *)said + row->offset;
        bool differs = memcmp(known + row->offset, value, row->size) != 0;
        if ((reader->edge_given[edge] & bit) != 0 && differs) {
            pl_reader_error(&reader->reader,
                            node,
                            "`%s` of the calls of %s to %s was given with another value before; "
                            "a service has one client policy per target.",
                            row->key,
                            reader->world->services[reader->world->edges[edge].service].name,
                            reader->world->edges[edge].target_name);
            continue;
        }
        memcpy(known + row->offset, value, row->size);
        reader->edge_given[edge] |= bit;
    }
}
