// SPDX-License-Identifier: Apache-2.0
#include "observe/traces.h"

#include "base/check.h"
#include "base/random.h"
#include "observe/console.h"
#include "observe/display.h"
#include "observe/log_text.h"
#include "observe/observe_block_types.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_WINDOW_NS (INT64_C(900) * 1000000000)
#define SKEW_NS_MAX       30e6
/* A trace may begin long before its last span ends. */
#define REACH_NS (INT64_C(120) * 1000000000)

enum {
    DEFAULT_LIMIT = 20,
    TABLE_SLOTS = 16384,
    PURPOSE_SKEW = 0x5e3,
    ID_TEXT = 33,
    NAME_MAX = 160
};

/* What is known of one trace while the ring is read. */
struct entry {
    uint64_t trace; /* 0: free */
    uint32_t root;  /* position in the ring + 1, 0: not seen */
    uint32_t spans;
    uint32_t wanted; /* 1: a span fits the filter */
    uint32_t failed;
};

_Static_assert(TABLE_SLOTS * sizeof(struct entry) <= PL_PROMQL_POINTS_MAX * sizeof(double),
               "the table of traces fits the scratch memory");

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

int64_t pl_traces_skew_ns(const struct pl_fleet *fleet, uint32_t pod)
{
    uint64_t key = pl_fleet_key(fleet, PURPOSE_SKEW, pod, 0);
    double draw = pl_random_unit(pl_random_bits(key, 0)) * 2.0 - 1.0;
    /* Most hosts are close, a few are not. */
    return (int64_t)(draw * draw * draw * SKEW_NS_MAX);
}

/* ---- Names ---- */

static bool is_error(const struct pl_span *span)
{
    bool client = span->kind == PL_SPAN_CLIENT || span->kind == PL_SPAN_DB;
    if (span->kind == PL_SPAN_CACHE) {
        return false;
    }
    return span->code >= PL_CODE_ERROR || (client && span->code != PL_CODE_OK);
}

static const char *client_method(const struct pl_world *world, uint32_t edge)
{
    return world->edges[edge].to_vendor != PL_NONE ? "POST" : "HTTP";
}

static void span_name(const struct pl_world *world, const struct pl_span *span, struct pl_buf *out)
{
    switch ((enum pl_span_kind)span->kind) {
    case PL_SPAN_SERVER:
        pl_buf_printf(out,
                      "%s%s%s",
                      world->routes[span->a].method,
                      world->routes[span->a].method[0] != '\0' ? " " : "",
                      pl_series_route(world, span->a));
        return;
    case PL_SPAN_CLIENT:
        pl_buf_printf(
            out, "%s %s", client_method(world, span->a), pl_series_address(world, span->a));
        return;
    case PL_SPAN_DB:
        pl_buf_puts(out,
                    world->statements[span->a].summary[0] != '\0'
                        ? world->statements[span->a].summary
                        : world->statements[span->a].name);
        return;
    case PL_SPAN_CACHE:
        pl_buf_printf(out, "GET %s", world->caches[span->a].name);
        return;
    case PL_SPAN_PRODUCER:
        pl_buf_printf(out, "send %s", pl_series_topic(world, span->a));
        return;
    case PL_SPAN_CONSUMER:
        pl_buf_printf(out, "process %s", pl_series_topic(world, span->a));
        return;
    }
}

static const char *kind_name(uint32_t kind)
{
    static const char *const names[] = {
        "SERVER", "CLIENT", "CLIENT", "CLIENT", "PRODUCER", "CONSUMER"};
    PL_CHECK(kind <= PL_SPAN_CONSUMER);
    return names[kind];
}

/* ---- The list ---- */

struct listing {
    const struct pl_scene *at;
    const struct pl_world *world;
    const struct pl_traces_look *look;
    struct entry *table;
    int64_t from_ns;
    uint32_t service; /* or PL_NONE */
};

static struct entry *entry_of(const struct listing *listing, uint64_t trace)
{
    uint32_t slot = (uint32_t)(pl_random_mix(trace) & (TABLE_SLOTS - 1));
    for (uint32_t tries = 0; tries < 64; tries++) {
        struct entry *entry = &listing->table[(slot + tries) & (TABLE_SLOTS - 1)];
        if (entry->trace == trace) {
            return entry;
        }
        if (entry->trace == 0) {
            entry->trace = trace;
            return entry;
        }
    }
    return NULL; /* crowded: this trace is left out */
}

static bool route_fits(const struct pl_world *world, const char *route, uint32_t index)
{
    return route[0] == '\0' || strcmp(world->routes[index].name, route) == 0 ||
           strcmp(world->routes[index].path, route) == 0;
}

static bool span_fits(const struct listing *listing, const struct pl_span *span)
{
    if (listing->service != PL_NONE && span->service != listing->service) {
        return false;
    }
    const char *route = or_empty(listing->look->route);
    return route[0] == '\0' ||
           (span->kind == PL_SPAN_SERVER && route_fits(listing->world, route, span->a));
}

static void read_ring(const struct listing *listing)
{
    const struct pl_record *record = listing->at->record;
    uint64_t first =
        record->span_count > record->span_max ? record->span_count - record->span_max : 0;
    memset(listing->table, 0, TABLE_SLOTS * sizeof(*listing->table));
    for (uint64_t i = record->span_count; i > first; i--) {
        uint32_t position = (uint32_t)((i - 1) % record->span_max);
        const struct pl_span *span = &record->spans[position];
        if (span->end_ns < listing->from_ns - REACH_NS) {
            break;
        }
        struct entry *entry = span->trace != 0 ? entry_of(listing, span->trace) : NULL;
        if (entry == NULL) {
            continue;
        }
        entry->spans += 1;
        entry->wanted |= span_fits(listing, span) ? 1 : 0;
        entry->failed |= is_error(span) ? 1 : 0;
        if (span->parent == 0 && span->kind == PL_SPAN_SERVER) {
            entry->root = position + 1;
        }
    }
}

static const struct pl_span *root_of(const struct listing *listing, const struct entry *entry)
{
    return &listing->at->record->spans[entry->root - 1];
}

static bool is_listed(const struct listing *listing, const struct entry *entry)
{
    if (entry->trace == 0 || entry->root == 0 || entry->wanted == 0) {
        return false;
    }
    const struct pl_span *root = root_of(listing, entry);
    double ms = (double)(root->end_ns - root->start_ns) * 1e-6;
    return root->start_ns >= listing->from_ns && ms >= listing->look->min_ms &&
           (listing->look->errors == 0 || entry->failed != 0);
}

/* Slowest first; equal ones by their number. */
static bool is_slower(const struct listing *listing, const struct entry *a, const struct entry *b)
{
    const struct pl_span *one = root_of(listing, a);
    const struct pl_span *other = root_of(listing, b);
    int64_t difference = (one->end_ns - one->start_ns) - (other->end_ns - other->start_ns);
    return difference != 0 ? difference > 0 : a->trace < b->trace;
}

static void
put_trace_row(const struct listing *listing, struct pl_json_out *json, const struct entry *entry)
{
    const struct pl_span *root = root_of(listing, entry);
    char id[ID_TEXT];
    char name[NAME_MAX];
    char clock[PL_CLOCK_TEXT_MAX];
    struct pl_buf text;
    pl_log_text_trace_id(entry->trace, id);
    pl_buf_init(&text, name, sizeof(name));
    span_name(listing->world, root, &text);
    pl_display_clock(listing->world, root->start_ns, clock);
    id[16] = '\0';
    pl_json_out_array_begin(json);
    pl_json_out_string(json, id);
    pl_json_out_string(json, clock);
    pl_json_out_string(json, listing->world->services[root->service].name);
    pl_json_out_string(json, name);
    pl_display_number(json, (double)(root->end_ns - root->start_ns) * 1e-9);
    pl_json_out_integer(json, entry->spans);
    pl_json_out_string(json, entry->failed != 0 ? "error" : "ok");
    pl_json_out_array_end(json);
}

static void write_list(const struct listing *listing, struct pl_buf *out)
{
    static const char *const names[] = {
        "trace", "start", "service", "root", "duration", "spans", "status"};
    static const char *const units[] = {"", "", "", "", "s", "", ""};
    const struct entry *order[PL_TRACES_LIMIT_MAX];
    uint32_t limit = listing->look->limit == 0 ? DEFAULT_LIMIT : listing->look->limit;
    limit = limit < PL_TRACES_LIMIT_MAX ? limit : PL_TRACES_LIMIT_MAX;
    uint32_t count = 0;
    uint32_t all = 0;
    for (uint32_t i = 0; i < TABLE_SLOTS; i++) {
        const struct entry *entry = &listing->table[i];
        if (!is_listed(listing, entry)) {
            continue;
        }
        all++;
        if (count == limit && !is_slower(listing, entry, order[count - 1])) {
            continue;
        }
        uint32_t at = count < limit ? count++ : count - 1;
        while (at > 0 && is_slower(listing, entry, order[at - 1])) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = entry;
    }
    struct pl_json_out json;
    char note[NAME_MAX];
    pl_json_out_begin(&json, out);
    pl_display_table_begin(&json, "traces, slowest first", names, units, 7);
    for (uint32_t i = 0; i < count; i++) {
        put_trace_row(listing, &json, order[i]);
    }
    pl_display_rows_end(&json);
    snprintf(note,
             sizeof(note),
             "%u of %u sampled traces; %.0f %% of all requests are sampled.",
             (unsigned)count,
             (unsigned)all,
             listing->at->record->trace_share * 100.0);
    pl_json_out_key(&json, "notes");
    pl_json_out_array_begin(&json);
    pl_json_out_string(&json, note);
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

pl_status pl_traces_look(const struct pl_scene *at,
                         const struct pl_traces_look *look,
                         struct pl_buf *out,
                         pl_error *err)
{
    PL_CHECK(at != NULL && look != NULL && out != NULL);
    struct listing listing = {.at = at, .world = at->observe->world, .look = look};
    listing.service = PL_NONE;
    listing.table = (struct entry *)(void *)at->observe->work.points;
    if (or_empty(look->service)[0] != '\0') {
        listing.service = pl_console_service(listing.world, look->service, err);
        if (listing.service == PL_NONE) {
            return PL_NOT_FOUND;
        }
    }
    const char *route = or_empty(look->route);
    bool known = route[0] == '\0';
    for (uint32_t i = 0; i < listing.world->route_count; i++) {
        known = known || route_fits(listing.world, route, i);
    }
    if (!known) {
        return pl_fail(err, PL_NOT_FOUND, NULL, "There is no route `%.60s`.", route);
    }
    int64_t window_ns = look->window_ns > 0 ? look->window_ns : DEFAULT_WINDOW_NS;
    listing.from_ns = pl_model_now(at->state) - window_ns;
    read_ring(&listing);
    write_list(&listing, out);
    return PL_OK;
}

/* ---- One trace ---- */

/* Find the trace whose id begins with `id`; 0 when there is none, `*many` when several do. */
static uint64_t find_trace(const struct pl_record *record, const char *id, bool *many)
{
    uint64_t found = 0;
    uint64_t first =
        record->span_count > record->span_max ? record->span_count - record->span_max : 0;
    size_t size = strlen(id);
    *many = false;
    for (uint64_t i = first; i < record->span_count; i++) {
        uint64_t trace = record->spans[i % record->span_max].trace;
        char text[ID_TEXT];
        if (trace == found || trace == 0) {
            continue;
        }
        pl_log_text_trace_id(trace, text);
        if (size <= 32 && strncmp(text, id, size) == 0) {
            *many = *many || found != 0;
            found = trace;
        }
    }
    return found;
}

static uint32_t
collect_spans(const struct pl_record *record, uint64_t trace, const struct pl_span **spans)
{
    uint64_t first =
        record->span_count > record->span_max ? record->span_count - record->span_max : 0;
    uint32_t count = 0;
    for (uint64_t i = first; i < record->span_count; i++) {
        const struct pl_span *span = &record->spans[i % record->span_max];
        if (span->trace != trace || count == PL_TRACE_SPANS_MAX) {
            continue;
        }
        uint32_t at = count++;
        while (at > 0 && spans[at - 1]->start_ns > span->start_ns) {
            spans[at] = spans[at - 1];
            at--;
        }
        spans[at] = span;
    }
    return count;
}

static void
put_attrs(const struct pl_observe *observe, struct pl_json_out *json, const struct pl_span *span)
{
    const struct pl_world *world = observe->world;
    pl_json_out_key(json, "attrs");
    pl_json_out_object_begin(json);
    if (span->kind == PL_SPAN_SERVER) {
        pl_json_out_member_string(json, "http.route", pl_series_route(world, span->a));
    }
    if (span->kind == PL_SPAN_CLIENT) {
        pl_json_out_member_string(json, "server.address", pl_series_address(world, span->a));
        pl_json_out_member_integer(json, "http.request.resend_count", span->attempt);
    }
    bool http = span->kind == PL_SPAN_SERVER || span->kind == PL_SPAN_CLIENT;
    if (http && !(span->kind == PL_SPAN_CLIENT && span->code == PL_CODE_TIMEOUT)) {
        pl_json_out_member_integer(json,
                                   "http.response.status_code",
                                   pl_code_http((enum pl_code)(span->code % PL_CODE_COUNT)));
    }
    if (span->kind == PL_SPAN_CLIENT && span->code == PL_CODE_TIMEOUT) {
        pl_json_out_member_string(json, "error.type", "timeout");
    }
    if (span->kind == PL_SPAN_DB) {
        const struct pl_statement *def = &world->statements[span->a];
        pl_json_out_member_string(json, "db.system.name", world->databases[def->database].system);
        pl_json_out_member_string(json, "db.namespace", world->databases[def->database].name);
        pl_json_out_member_string(json, "db.query.text", def->text);
    }
    if (span->kind == PL_SPAN_CACHE) {
        pl_json_out_member_bool(json, "cache.hit", span->code == PL_CODE_OK);
    }
    if (span->kind == PL_SPAN_PRODUCER || span->kind == PL_SPAN_CONSUMER) {
        pl_json_out_member_string(
            json, "messaging.destination.name", pl_series_topic(world, span->a));
    }
    if (span->pod != PL_NONE) {
        pl_json_out_member_string(
            json, "k8s.pod.name", pl_log_text_pod(observe, span->pod, 0, span->start_ns));
    }
    pl_json_out_object_end(json);
}

static void put_span(const struct pl_observe *observe,
                     struct pl_json_out *json,
                     const struct pl_span *span,
                     int64_t origin_ns)
{
    char text[NAME_MAX];
    struct pl_buf name;
    pl_buf_init(&name, text, sizeof(text));
    span_name(observe->world, span, &name);
    int64_t skew_ns = span->pod != PL_NONE ? pl_traces_skew_ns(&observe->fleet, span->pod) : 0;
    pl_json_out_object_begin(json);
    char id[ID_TEXT];
    snprintf(id, sizeof(id), "%016llx", (unsigned long long)span->span);
    pl_json_out_member_string(json, "id", id);
    if (span->parent != 0) {
        snprintf(id, sizeof(id), "%016llx", (unsigned long long)span->parent);
        pl_json_out_member_string(json, "parent", id);
    }
    pl_json_out_member_string(json, "name", text);
    pl_json_out_member_string(json,
                              "service",
                              span->service < observe->world->service_count
                                  ? observe->world->services[span->service].name
                                  : "");
    pl_json_out_member_string(json, "kind", kind_name(span->kind));
    pl_json_out_member_number(json,
                              "start_ms",
                              floor((double)(span->start_ns + skew_ns - origin_ns) * 1e-4 + 0.5) /
                                  100.0);
    pl_json_out_member_number(
        json, "duration_ms", floor((double)(span->end_ns - span->start_ns) * 1e-4 + 0.5) / 100.0);
    pl_json_out_member_string(json, "status", is_error(span) ? "Error" : "Unset");
    put_attrs(observe, json, span);
    pl_json_out_object_end(json);
}

static void write_trace(const struct pl_observe *observe,
                        uint64_t trace,
                        const struct pl_span *const *spans,
                        uint32_t count,
                        struct pl_buf *out)
{
    struct pl_json_out json;
    char id[ID_TEXT];
    char title[NAME_MAX];
    char clock[PL_CLOCK_TEXT_MAX];
    pl_log_text_trace_id(trace, id);
    int64_t skew_ns =
        spans[0]->pod != PL_NONE ? pl_traces_skew_ns(&observe->fleet, spans[0]->pod) : 0;
    pl_display_clock(observe->world, spans[0]->start_ns, clock);
    snprintf(title, sizeof(title), "trace %s, %s", id, clock);
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "trace");
    pl_json_out_member_string(&json, "title", title);
    pl_json_out_member_string(&json, "trace_id", id);
    pl_json_out_member_string(&json, "start", clock);
    pl_json_out_key(&json, "spans");
    pl_json_out_array_begin(&json);
    for (uint32_t i = 0; i < count; i++) {
        put_span(observe, &json, spans[i], spans[0]->start_ns + skew_ns);
    }
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

pl_status
pl_traces_one(const struct pl_scene *at, const char *id, struct pl_buf *out, pl_error *err)
{
    PL_CHECK(at != NULL && id != NULL && out != NULL);
    bool many = false;
    if (strlen(id) < 4) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "Give at least 4 digits of the trace's id; `traces` lists them.");
    }
    uint64_t trace = find_trace(at->record, id, &many);
    if (many) {
        return pl_fail(
            err, PL_BAD_INPUT, NULL, "Several traces begin with `%.32s`; give more digits.", id);
    }
    if (trace == 0) {
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "There is no trace `%.32s`: it was not sampled (%.0f %% are), or it is too "
                       "old.",
                       id,
                       at->record->trace_share * 100.0);
    }
    const struct pl_span *spans[PL_TRACE_SPANS_MAX];
    uint32_t count = collect_spans(at->record, trace, spans);
    PL_CHECK(count > 0);
    write_trace(at->observe, trace, spans, count, out);
    return PL_OK;
}
