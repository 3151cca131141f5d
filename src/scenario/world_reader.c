// SPDX-License-Identifier: Apache-2.0
//
// World files to pl_world, entity by entity.
//
// Order matters only for references: what is referred to is read first (flags, vendors, databases,
// caches, services and their routes), then what refers (topics, policies, jobs, steps, traffic).
// The file itself may have any order.
#include "scenario/world_reader.h"

#include "base/check.h"
#include "scenario/stream_fields.h"
#include "scenario/stream_reader.h"
#include "scenario/world_steps.h"
#include "text/quantity.h"

#include <string.h>

/* Reads one entry of a map into a new element; false: the element is not added. */
typedef bool (*read_entry)(struct pl_world_reader *reader, uint32_t node, void *target);

/** A map of the file that fills an array of the world. */
struct section {
    const char *key;
    const struct pl_key_table *table;
    void *array;
    uint32_t *count;
    uint32_t max;
    read_entry finish; /* may be NULL */
};

static void
read_entries(struct pl_world_reader *reader, uint32_t map, const struct section *section)
{
    struct pl_reader *base = &reader->reader;
    if (!pl_reader_is_map(base, map, section->key)) {
        return;
    }
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        if (*section->count == section->max) {
            pl_reader_key_error(base,
                                at,
                                "There are more entries in `%s` than the %u that are allowed.",
                                section->key,
                                section->max);
            return;
        }
        char *target = (char *)section->array + (size_t)*section->count * section->table->size;
        pl_fields_default(section->table, target);
        /* Every entity starts with its name. */
        bool named = pl_reader_copy_name(
            base, pl_reader_at(base, at)->key, at, section->table->name, target, PL_NAME_MAX);
        (void)pl_fields_read(base, section->table, at, target);
        bool finished = section->finish == NULL || section->finish(reader, at, target);
        if (named && finished) {
            (*section->count)++;
        }
    }
}

static void
read_section(struct pl_world_reader *reader, uint32_t root, const struct section *section)
{
    uint32_t map = pl_reader_get(&reader->reader, root, section->key);
    if (map != 0) {
        read_entries(reader, map, section);
    }
}

/* ---- Databases ------------------------------------------------------------------------------ */

static bool finish_statement(struct pl_world_reader *reader, uint32_t node, void *target)
{
    (void)node;
    ((struct pl_statement *)target)->database = reader->world->database_count;
    return true;
}

static bool finish_lock(struct pl_world_reader *reader, uint32_t node, void *target)
{
    (void)node;
    ((struct pl_lock *)target)->database = reader->world->database_count;
    return true;
}

static bool finish_database(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_world *world = reader->world;
    (void)target;
    const struct section statements = {"statements",
                                       &pl_statement_table,
                                       world->statements,
                                       &world->statement_count,
                                       PL_STATEMENTS_MAX,
                                       finish_statement};
    const struct section locks = {
        "locks", &pl_lock_table, world->locks, &world->lock_count, PL_LOCKS_MAX, finish_lock};
    read_section(reader, node, &statements);
    read_section(reader, node, &locks);
    return true;
}

/* ---- Services ------------------------------------------------------------------------------- */

static bool finish_route(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_world *world = reader->world;
    struct pl_route *route = target;
    route->service = world->service_count;
    reader->steps_node[world->route_count] = pl_reader_get(&reader->reader, node, "steps");
    if (route->method[0] == '\0') {
        memcpy(route->method, "GET", 4);
    }
    if (route->path[0] == '\0') {
        route->path[0] = '/';
        memcpy(route->path + 1, route->name, sizeof route->path - 2);
    }
    return true;
}

/* A route is a map, or the list of its steps. */
static void read_routes(struct pl_world_reader *reader, uint32_t map)
{
    struct pl_reader *base = &reader->reader;
    struct pl_world *world = reader->world;
    if (!pl_reader_is_map(base, map, "routes")) {
        return;
    }
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        if (world->route_count == PL_ROUTES_MAX) {
            pl_reader_key_error(base, at, "At most %d routes are allowed.", PL_ROUTES_MAX);
            return;
        }
        struct pl_route *route = &world->routes[world->route_count];
        pl_fields_default(&pl_route_table, route);
        pl_slice name = pl_reader_at(base, at)->key;
        bool good = pl_reader_copy_name(base, name, at, "route", route->name, PL_NAME_MAX);
        if (pl_reader_at(base, at)->kind == PL_YAML_LIST) {
            (void)finish_route(reader, at, route);
            reader->steps_node[world->route_count] = at;
        } else {
            (void)pl_fields_read(base, &pl_route_table, at, route);
            (void)finish_route(reader, at, route);
        }
        if (good) {
            world->route_count++;
        }
    }
}

static void read_pools(struct pl_world_reader *reader, uint32_t map)
{
    struct pl_reader *base = &reader->reader;
    struct pl_world *world = reader->world;
    if (!pl_reader_is_map(base, map, "pools")) {
        return;
    }
    struct pl_names databases = pl_names_databases(world);
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        if (world->pool_count == PL_POOLS_MAX) {
            pl_reader_key_error(base, at, "At most %d pools are allowed.", PL_POOLS_MAX);
            return;
        }
        struct pl_pool *pool = &world->pools[world->pool_count];
        pl_fields_default(&pl_pool_table, pool);
        pl_slice name = pl_reader_at(base, at)->key;
        uint32_t database = pl_names_resolve(base, &databases, name, at);
        (void)pl_fields_read(base, &pl_pool_table, at, pool);
        if ((double)pool->size_max < pool->size) {
            pool->size_max = (uint32_t)pool->size;
        }
        pool->service = world->service_count;
        pool->database = database;
        if (database != PL_NONE) {
            world->pool_count++;
        }
    }
}

static bool finish_service(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    struct pl_service *service = target;
    service->fleet = (uint32_t)((double)service->pods * base->slice + 0.5);
    uint32_t most = service->pods > service->autoscale_max ? service->pods : service->autoscale_max;
    if (service->autoscale == 0) {
        most = service->pods;
    }
    if (pl_reader_get(base, node, "pods_max") == 0) {
        service->pods_max = most;
    } else if (service->pods_max < most) {
        pl_reader_key_error(base,
                            pl_reader_get(base, node, "pods_max"),
                            "`pods_max` is less than the pods that `pods` or `autoscale` ask for.");
    }
    uint32_t pools = pl_reader_get(base, node, "pools");
    if (pools != 0) {
        read_pools(reader, pools);
    }
    uint32_t routes = pl_reader_get(base, node, "routes");
    if (routes != 0) {
        read_routes(reader, routes);
    }
    return true;
}

/* Policies refer to services that may stand later in the file, so they are read after all. */
static void read_clients(struct pl_world_reader *reader, uint32_t service, uint32_t map)
{
    struct pl_reader *base = &reader->reader;
    if (!pl_reader_is_map(base, map, "clients")) {
        return;
    }
    struct pl_names services = pl_names_services(reader->world);
    struct pl_names vendors = pl_names_vendors(reader->world);
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        pl_slice name = pl_reader_at(base, at)->key;
        struct pl_edge said = pl_edge_default();
        uint64_t given = pl_fields_read(base, &pl_edge_table, at, &said);
        uint32_t to_service = pl_names_find(&services, name);
        uint32_t vendor = PL_NONE;
        if (to_service == PL_NONE) {
            vendor = pl_names_resolve(base, &vendors, name, at);
            if (vendor == PL_NONE) {
                continue;
            }
        }
        uint32_t edge = pl_world_reader_edge(reader, service, vendor, to_service, at);
        if (edge != PL_NONE) {
            pl_world_reader_merge(reader, edge, &said, given, at);
        }
    }
}

static void read_all_clients(struct pl_world_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    uint32_t map = pl_reader_get(base, root, "services");
    if (map == 0) {
        return;
    }
    struct pl_names services = pl_names_services(reader->world);
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        uint32_t service = pl_names_find(&services, pl_reader_at(base, at)->key);
        uint32_t clients = pl_reader_get(base, at, "clients");
        if (service != PL_NONE && clients != 0) {
            read_clients(reader, service, clients);
        }
    }
}

static void check_distinct(struct pl_world_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    uint32_t map = pl_reader_get(base, root, "vendors");
    struct pl_names services = pl_names_services(reader->world);
    for (uint32_t at = map == 0 ? 0 : pl_reader_first(base, map); at != 0;
         at = pl_reader_next(base, at)) {
        pl_slice name = pl_reader_at(base, at)->key;
        if (pl_names_find(&services, name) != PL_NONE) {
            pl_reader_key_error(base,
                                at,
                                "`%.*s` is a vendor and a service; two names are expected.",
                                pl_reader_shown(name),
                                name.data);
        }
    }
}

/* ---- Topics and jobs ------------------------------------------------------------------------ */

static bool finish_topic(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    uint32_t consumer = pl_reader_get(base, node, "consumer");
    if (consumer != 0 && pl_reader_is_scalar(base, consumer, "consumer")) {
        ((struct pl_topic *)target)->consumer_route =
            pl_world_reader_route(reader, pl_reader_at(base, consumer)->text, consumer);
    }
    return true;
}

static bool finish_job(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    struct pl_job *job = target;
    job->lock = PL_NONE;
    uint32_t database = pl_reader_get(base, node, "database");
    if (database == 0 || !pl_reader_is_scalar(base, database, "database")) {
        return false;
    }
    struct pl_names databases = pl_names_databases(reader->world);
    job->database =
        pl_names_resolve(base, &databases, pl_reader_at(base, database)->text, database);
    uint32_t lock = pl_reader_get(base, node, "lock");
    if (lock != 0 && pl_reader_is_scalar(base, lock, "lock")) {
        struct pl_names locks = pl_names_locks(reader->world);
        job->lock = pl_names_resolve(base, &locks, pl_reader_at(base, lock)->text, lock);
        if (job->lock != PL_NONE && job->database != PL_NONE &&
            reader->world->locks[job->lock].database != job->database) {
            pl_reader_error(base, lock, "This lock group belongs to another database.");
        }
    }
    return job->database != PL_NONE;
}

/* ---- Traffic -------------------------------------------------------------------------------- */

static bool read_arrivals(struct pl_reader *base, uint32_t node, struct pl_source *source)
{
    static const char kinds[] = "poisson|constant|bursty|closed";
    pl_slice text = pl_reader_at(base, node)->text;
    size_t at = 0;
    while (at < text.size && text.data[at] != ' ') {
        at++;
    }
    pl_slice kind = {.data = text.data, .size = at};
    pl_slice rest = {.data = text.data + at, .size = text.size - at};
    while (rest.size > 0 && rest.data[0] == ' ') {
        rest.data++;
        rest.size--;
    }
    source->arrivals = pl_field_choice(kinds, kind);
    if (source->arrivals == PL_NONE || rest.size == 0) {
        char hint[80];
        pl_reader_hint(kinds, kind, hint, sizeof hint);
        pl_reader_error(base,
                        node,
                        "`%.*s` is no kind of arrivals; `poisson 220/s`, `constant 10/s`, `bursty "
                        "220/s` or `closed 50` is expected%s.",
                        pl_reader_shown(text),
                        text.data,
                        hint);
        source->arrivals = PL_ARRIVALS_POISSON;
        return false;
    }
    pl_error err = {0};
    if (source->arrivals == PL_ARRIVALS_CLOSED) {
        int64_t users = 0;
        if (pl_quantity_count(rest, NULL, &users, &err) != PL_OK || users < 1 || users > 100000) {
            pl_reader_error(base, node, "`arrivals`: 1 to 100000 users are expected.");
            return false;
        }
        source->users = (uint32_t)((double)users / base->slice + 0.5);
        return true;
    }
    if (pl_quantity_rate(rest, NULL, &source->rate, &err) != PL_OK) {
        pl_reader_error(base, node, "`arrivals`: %s", err.message);
        return false;
    }
    source->rate /= base->slice;
    return true;
}

static void read_shape(struct pl_reader *base, uint32_t map, struct pl_source *source)
{
    if (!pl_reader_is_map(base, map, "shape")) {
        return;
    }
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        if (source->shape_count == PL_SHAPE_MAX) {
            pl_reader_key_error(
                base, at, "At most %d points of a shape are allowed.", PL_SHAPE_MAX);
            return;
        }
        pl_error err = {0};
        int32_t clock = 0;
        double factor = 0.0;
        if (pl_quantity_clock(pl_reader_at(base, at)->key, NULL, &clock, &err) != PL_OK) {
            pl_reader_key_error(base, at, "`shape`: %s", err.message);
            continue;
        }
        if (!pl_reader_is_scalar(base, at, "shape") ||
            pl_quantity_number(pl_reader_at(base, at)->text, NULL, &factor, &err) != PL_OK ||
            factor < 0.0 || factor > 1000.0) {
            pl_reader_error(base, at, "A factor of 0 to 1000 is expected here.");
            continue;
        }
        uint32_t n = source->shape_count;
        if (n > 0 && (double)clock <= source->shape_time_s[n - 1]) {
            pl_reader_key_error(base, at, "Times of a shape go up; this one does not.");
            continue;
        }
        source->shape_time_s[n] = (double)clock;
        source->shape_factor[n] = factor;
        source->shape_count++;
    }
}

static void read_mix_entry(struct pl_world_reader *reader, uint32_t at, struct pl_source *source)
{
    struct pl_reader *base = &reader->reader;
    struct pl_mix_form form;
    pl_fields_default(&pl_mix_table, &form);
    const struct pl_yaml_node *node = pl_reader_at(base, at);
    bool good = true;
    if (node->kind == PL_YAML_SCALAR) {
        good = pl_field_read(base, &pl_mix_table.fields[0], at, &form);
    } else {
        good = pl_fields_read(base, &pl_mix_table, at, &form) != 0;
    }
    uint32_t route = pl_world_reader_route(reader, node->key, at);
    if (!good || route == PL_NONE) {
        return;
    }
    uint32_t n = source->mix_count++;
    source->mix_route[n] = route;
    source->mix_share[n] = form.share;
    source->mix_worth[n] = form.worth;
}

static void read_mix(struct pl_world_reader *reader, uint32_t map, struct pl_source *source)
{
    struct pl_reader *base = &reader->reader;
    if (!pl_reader_is_map(base, map, "mix")) {
        return;
    }
    uint32_t wanted = 0;
    for (uint32_t at = pl_reader_first(base, map); at != 0; at = pl_reader_next(base, at)) {
        if (source->mix_count == PL_MIX_MAX) {
            pl_reader_key_error(base, at, "At most %d routes of a mix are allowed.", PL_MIX_MAX);
            return;
        }
        wanted++;
        read_mix_entry(reader, at, source);
    }
    double sum = 0.0;
    for (uint32_t i = 0; i < source->mix_count; i++) {
        sum += source->mix_share[i];
    }
    if (wanted == source->mix_count && (sum < 0.9999 || sum > 1.0001)) {
        pl_reader_key_error(
            base, map, "The shares of this mix add up to %.6g%%; 100%% is expected.", sum * 100.0);
        return;
    }
    for (uint32_t i = 0; i < source->mix_count && sum > 0.0; i++) {
        source->mix_share[i] /= sum;
    }
}

static bool finish_source(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    struct pl_source *source = target;
    uint32_t arrivals = pl_reader_get(base, node, "arrivals");
    if (arrivals != 0 && pl_reader_is_scalar(base, arrivals, "arrivals")) {
        (void)read_arrivals(base, arrivals, source);
    }
    uint32_t shape = pl_reader_get(base, node, "shape");
    if (shape != 0) {
        read_shape(base, shape, source);
    }
    uint32_t mix = pl_reader_get(base, node, "mix");
    if (mix != 0) {
        read_mix(reader, mix, source);
    }
    return true;
}

/* ---- Links and effects ---------------------------------------------------------------------- */

/* Entity that a key of an entry names; PL_NONE when it is missing or unknown. */
static uint32_t
named(struct pl_reader *base, uint32_t node, const char *key, const struct pl_names *names)
{
    uint32_t at = pl_reader_get(base, node, key);
    if (at == 0 || !pl_reader_is_scalar(base, at, key)) {
        return PL_NONE;
    }
    return pl_names_resolve(base, names, pl_reader_at(base, at)->text, at);
}

static bool finish_link(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    struct pl_names services = pl_names_services(reader->world);
    struct pl_names vendors = pl_names_vendors(reader->world);
    uint32_t service = named(base, node, "from", &services);
    uint32_t vendor = named(base, node, "to", &vendors);
    if (service == PL_NONE || vendor == PL_NONE) {
        return false;
    }
    uint32_t edge = pl_world_reader_edge(reader, service, vendor, PL_NONE, node);
    ((struct pl_link *)target)->edge = edge;
    return edge != PL_NONE;
}

static bool finish_effect(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    struct pl_effect_def *effect = target;
    struct pl_names databases = pl_names_databases(reader->world);
    struct pl_names vendors = pl_names_vendors(reader->world);
    uint32_t route = pl_reader_get(base, node, "route");
    if (route == 0 || !pl_reader_is_scalar(base, route, "route")) {
        return false;
    }
    effect->route = pl_world_reader_route(reader, pl_reader_at(base, route)->text, route);
    effect->database = named(base, node, "seen_by", &databases);
    effect->doubles_at = named(base, node, "doubles_at", &vendors);
    if (effect->database != PL_NONE && reader->world->databases[effect->database].replicas == 0) {
        pl_reader_error(
            base, pl_reader_get(base, node, "seen_by"), "That database has no replicas.");
        return false;
    }
    return effect->route != PL_NONE;
}

/* ---- The file ------------------------------------------------------------------------------- */

static void read_slice(struct pl_world_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    base->slice = 1.0;
    uint32_t node = pl_reader_get(base, root, "slice");
    if (node == 0 || !pl_reader_is_scalar(base, node, "slice")) {
        return;
    }
    pl_slice text = pl_reader_at(base, node)->text;
    pl_error err = {0};
    int64_t of = 0;
    pl_slice rest = {.data = text.data + 2, .size = text.size > 2 ? text.size - 2 : 0};
    if (text.size < 3 || text.data[0] != '1' || text.data[1] != '/' ||
        pl_quantity_count(rest, NULL, &of, &err) != PL_OK || of < 1 || of > 1000) {
        pl_reader_error(base,
                        node,
                        "`slice` is %.*s; `1/N` with N from 1 to 1000 is expected.",
                        pl_reader_shown(text),
                        text.data);
        return;
    }
    base->slice = (double)of;
    reader->world->slice_of = (uint32_t)of;
}

/* Volumes, tenants and streams, then the groups, which refer to streams and to routes. */
static void read_streams(struct pl_world_reader *reader, uint32_t root)
{
    struct pl_world *world = reader->world;
    const struct section sections[] = {
        {"volumes",
         &pl_volume_table,
         world->streams.volumes,
         &world->streams.volume_count,
         PL_VOLUMES_MAX,
         NULL},
        {"tenants",
         &pl_tenant_table,
         world->streams.tenants,
         &world->streams.tenant_count,
         PL_TENANTS_MAX,
         NULL},
        {"streams",
         &pl_stream_table,
         world->streams.streams,
         &world->streams.stream_count,
         PL_STREAMS_MAX,
         NULL},
        {"groups",
         &pl_group_table,
         world->streams.groups,
         &world->streams.group_count,
         PL_GROUPS_MAX,
         pl_stream_reader_group},
    };
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        read_section(reader, root, &sections[i]);
    }
}

void pl_world_read(struct pl_world_reader *reader)
{
    struct pl_reader *base = &reader->reader;
    struct pl_world *world = reader->world;
    uint32_t root = base->yaml->root;
    pl_world_init(world);
    memset(reader->steps_node, 0, sizeof reader->steps_node);
    memset(reader->edge_given, 0, sizeof reader->edge_given);
    base->slice = 1.0;
    if (!pl_reader_is_map(base, root, "world file")) {
        return;
    }
    read_slice(reader, root);
    (void)pl_fields_read(base, &pl_world_table, root, world);
    const struct section sections[] = {
        {"flags", &pl_flag_table, world->flags, &world->flag_count, PL_FLAGS_MAX, NULL},
        {"vendors", &pl_vendor_table, world->vendors, &world->vendor_count, PL_VENDORS_MAX, NULL},
        {"databases",
         &pl_database_table,
         world->databases,
         &world->database_count,
         PL_DATABASES_MAX,
         finish_database},
        {"caches", &pl_cache_table, world->caches, &world->cache_count, PL_CACHES_MAX, NULL},
        {"services",
         &pl_service_table,
         world->services,
         &world->service_count,
         PL_SERVICES_MAX,
         finish_service},
        {"topics",
         &pl_topic_table,
         world->topics,
         &world->topic_count,
         PL_TOPICS_MAX,
         finish_topic},
        {"jobs", &pl_job_table, world->jobs, &world->job_count, PL_JOBS_MAX, finish_job},
        {"traffic",
         &pl_source_table,
         world->sources,
         &world->source_count,
         PL_SOURCES_MAX,
         finish_source},
        {"effects",
         &pl_effect_table,
         world->effects,
         &world->effect_count,
         PL_EFFECTS_MAX,
         finish_effect},
    };
    const struct section links = {
        "links", &pl_link_table, world->links, &world->link_count, PL_LINKS_MAX, finish_link};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        read_section(reader, root, &sections[i]);
    }
    read_streams(reader, root);
    pl_stream_reader_streams(reader, root);
    check_distinct(reader, root);
    read_all_clients(reader, root);
    pl_world_reader_steps(reader);
    read_section(reader, root, &links);
}
