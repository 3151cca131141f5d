// SPDX-License-Identifier: Apache-2.0
#include "observe/console.h"

#include "base/check.h"
#include "base/random.h"
#include "observe/display.h"
#include "observe/observe_block_types.h"
#include "observe/panel.h"
#include "text/suggest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CHANGES_WINDOW_NS (INT64_C(7200) * 1000000000)

enum { TEXT_SIZE = 64, EXPR_SIZE = 400, PURPOSE_AGE = 0xa9e, PURPOSE_NODE = 0x40de };

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

uint32_t pl_console_service(const struct pl_world *world, const char *name, pl_error *err)
{
    struct pl_suggest suggest;
    char list[200];
    struct pl_buf all;
    pl_buf_init(&all, list, sizeof(list));
    pl_suggest_begin(&suggest, pl_slice_of(name));
    for (uint32_t i = 0; i < world->service_count; i++) {
        if (strcmp(world->services[i].name, name) == 0) {
            return i;
        }
        pl_suggest_offer(&suggest, pl_slice_of(world->services[i].name));
        pl_buf_printf(&all, "%s%s", i > 0 ? ", " : "", world->services[i].name);
    }
    pl_slice best = pl_suggest_best(&suggest);
    pl_status status = best.data != NULL
                           ? pl_fail(err,
                                     PL_NOT_FOUND,
                                     NULL,
                                     "There is no service `%.48s`; did you mean `%.*s`?",
                                     name,
                                     (int)best.size,
                                     best.data)
                           : pl_fail(err,
                                     PL_NOT_FOUND,
                                     NULL,
                                     "There is no service `%.48s`; there are %s.",
                                     name,
                                     list);
    PL_CHECK(status != PL_OK);
    return PL_NONE;
}

/* The n-th deploy of a service in the feed, counted from 1; NULL when there are fewer. */
static const struct pl_observe_change *
deploy_of(const struct pl_observe *observe, uint32_t service, uint32_t number)
{
    for (uint32_t i = 0; i < observe->feed.count && number > 0; i++) {
        const struct pl_observe_change *entry = &observe->feed.entries[i];
        bool own = strcmp(or_empty(entry->kind), "deploy") == 0 &&
                   strcmp(or_empty(entry->target), observe->world->services[service].name) == 0;
        number -= own ? 1 : 0;
        if (own && number == 0) {
            return entry;
        }
    }
    return NULL;
}

void pl_console_release(
    const struct pl_observe *observe, uint32_t service, uint32_t release, char *text, uint32_t size)
{
    const char *label = observe->world->services[service].release;
    const struct pl_observe_change *deploy = deploy_of(observe, service, release);
    label = label[0] != '\0' ? label : "1.0.0";
    if (deploy != NULL && or_empty(deploy->text)[0] >= '0' && deploy->text[0] <= '9') {
        snprintf(text, size, "%.*s", (int)strcspn(deploy->text, ", "), deploy->text);
    } else if (release == 0) {
        snprintf(text, size, "%s", label);
    } else {
        snprintf(text, size, "%s+%u", label, (unsigned)release);
    }
}

/* ---- Pods ---- */

static const char *pod_status(const struct pl_pod_view *view)
{
    switch ((enum pl_pod_phase)view->phase) {
    case PL_POD_BOOTING:
        return "ContainerCreating";
    case PL_POD_DRAINING:
        return "Terminating";
    case PL_POD_READY:
    case PL_POD_ABSENT:
        break;
    }
    return "Running";
}

/* Name of a pod: of its scraped instance when that is still the one, else made afresh. */
static void pod_name(const struct pl_observe *observe,
                     uint32_t pod,
                     const struct pl_pod_view *view,
                     uint32_t twin,
                     char *text)
{
    uint32_t current = observe->fleet.current[pod];
    if (current != 0 && observe->fleet.instances[current - 1].release == view->release &&
        observe->fleet.instances[current - 1].names[twin] != 0) {
        uint16_t word = observe->fleet.instances[current - 1].names[twin];
        snprintf(text, PL_POD_NAME_MAX, "%s", pl_intern_word(&observe->intern, word));
        return;
    }
    pl_fleet_pod_name(&observe->fleet, pod, view->release, view->generation, twin, text);
}

/* Pods that were there at the start of the run began with their deploy, or days ago. */
static int64_t
pod_age_ns(const struct pl_observe *observe, const struct pl_pod_view *view, int64_t now_ns)
{
    int64_t age_ns = now_ns - view->started_ns;
    const struct pl_observe_change *deploy = deploy_of(observe, view->service, view->release);
    if (deploy != NULL && view->release > 0 && deploy->t_ns <= view->started_ns) {
        return view->started_ns > 120 * PL_NS_PER_S ? age_ns : now_ns - deploy->t_ns;
    }
    if (view->started_ns > 0) {
        return age_ns;
    }
    uint64_t key = pl_fleet_key(&observe->fleet, PURPOSE_AGE, view->service, view->release);
    uint64_t hours = 40 + pl_random_bits(key, 0) % 180;
    return age_ns + (int64_t)hours * 3600 * PL_NS_PER_S;
}

/* Working set as it was scraped last, or as it is when the pod is too new. */
static double
pod_memory(struct pl_observe *observe, const char *name, const struct pl_pod_view *view)
{
    char expr[EXPR_SIZE];
    snprintf(expr, sizeof(expr), "container_memory_working_set_bytes{pod=\"%s\"}", name);
    double scraped = pl_panel_value(observe, expr);
    return isnan(scraped) ? view->memory_mb * 1048576.0 : scraped;
}

static void put_pod(const struct pl_scene *at,
                    struct pl_json_out *json,
                    uint32_t pod,
                    const struct pl_pod_view *view,
                    uint32_t twin)
{
    const struct pl_observe *observe = at->observe;
    char name[PL_POD_NAME_MAX];
    char age[TEXT_SIZE];
    char release[TEXT_SIZE];
    char node[TEXT_SIZE];
    pod_name(observe, pod, view, twin, name);
    pl_display_age(pod_age_ns(observe, view, pl_model_now(at->state)), age, sizeof(age));
    pl_console_release(observe, view->service, view->release, release, sizeof(release));
    uint64_t key = pl_fleet_key(&observe->fleet, PURPOSE_NODE, pod, view->generation);
    uint64_t draw = pl_random_bits(key, twin);
    snprintf(node, sizeof(node), "node-%c%u", "abc"[draw % 3], (unsigned)(1 + draw / 3 % 6));
    bool ready = view->phase == PL_POD_READY && view->ejected == 0;
    pl_json_out_array_begin(json);
    pl_json_out_string(json, name);
    pl_json_out_string(json, ready ? "1/1" : "0/1");
    pl_json_out_string(json, pod_status(view));
    pl_json_out_integer(json, observe->scrape.restarts[pod]);
    pl_json_out_string(json, age);
    pl_json_out_string(json, release);
    pl_display_number(json, pod_memory(at->observe, name, view));
    pl_json_out_string(json, node);
    pl_json_out_array_end(json);
}

pl_status
pl_console_pods(const struct pl_scene *at, const char *service, struct pl_buf *out, pl_error *err)
{
    static const char *const names[] = {
        "NAME", "READY", "STATUS", "RESTARTS", "AGE", "VERSION", "MEMORY", "NODE"};
    static const char *const units[] = {"", "", "", "", "", "", "By", ""};
    PL_CHECK(at != NULL && out != NULL);
    const struct pl_world *world = at->observe->world;
    const char *wanted = or_empty(service);
    uint32_t only = PL_NONE;
    if (wanted[0] != '\0') {
        only = pl_console_service(world, wanted, err);
        if (only == PL_NONE) {
            return PL_NOT_FOUND;
        }
    }
    struct pl_json_out json;
    char title[TEXT_SIZE + PL_NAME_MAX];
    snprintf(title, sizeof(title), "pods%s%s", wanted[0] != '\0' ? " of " : "", wanted);
    pl_json_out_begin(&json, out);
    pl_display_table_begin(&json, title, names, units, 8);
    for (uint32_t pod = 0; pod < pl_model_pod_count(world); pod++) {
        struct pl_pod_view view = pl_model_pod(world, at->state, pod);
        bool shown = view.phase != PL_POD_ABSENT && (only == PL_NONE || view.service == only);
        uint32_t twins = pl_fleet_twins(world, view.service);
        for (uint32_t twin = 0; twin < twins && shown; twin++) {
            put_pod(at, &json, pod, &view, twin);
        }
    }
    pl_display_rows_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    return PL_OK;
}

/* ---- Client policies ---- */

static double edge_param(const struct pl_scene *at, uint32_t edge, uint32_t knob)
{
    return pl_model_param(at->state, at->observe->world->edges[edge].param0 + knob);
}

static void put_breaker(const struct pl_scene *at, struct pl_json_out *json, uint32_t edge)
{
    const struct pl_world *world = at->observe->world;
    uint32_t service = world->edges[edge].service;
    double mode = edge_param(at, edge, PL_EDGE_BREAKER);
    uint32_t open = 0;
    uint32_t pods = 0;
    for (uint32_t i = 0; i < world->services[service].pods_max; i++) {
        uint32_t pod = pl_model_pod0(world, service) + i;
        if (pl_model_pod(world, at->state, pod).phase == PL_POD_READY) {
            pods += 1;
            open += pl_model_edge(world, at->state, pod, edge).breaker_open == 1;
        }
    }
    uint32_t twins = pl_fleet_twins(world, service);
    char text[TEXT_SIZE];
    if (mode < 0.5) {
        snprintf(text, sizeof(text), "none");
    } else if (mode > 1.5) {
        snprintf(text, sizeof(text), "forced open");
    } else if (open == 0) {
        snprintf(text, sizeof(text), "closed");
    } else {
        snprintf(text,
                 sizeof(text),
                 "open on %u of %u pods",
                 (unsigned)(open * twins),
                 (unsigned)(pods * twins));
    }
    pl_json_out_string(json, text);
}

/* A limit where 0 means that there is none. */
static void put_limit(struct pl_json_out *json, double value)
{
    pl_display_number(json, value > 0.0 ? value : (double)NAN);
}

static void put_edge(const struct pl_scene *at, struct pl_json_out *json, uint32_t edge)
{
    const struct pl_world *world = at->observe->world;
    pl_json_out_array_begin(json);
    pl_json_out_string(json, world->services[world->edges[edge].service].name);
    pl_json_out_string(json, pl_series_address(world, edge));
    put_limit(json, edge_param(at, edge, PL_EDGE_TIMEOUT));
    pl_display_number(json, edge_param(at, edge, PL_EDGE_RETRIES));
    pl_display_number(json, edge_param(at, edge, PL_EDGE_BACKOFF));
    put_limit(json, edge_param(at, edge, PL_EDGE_BUDGET));
    put_breaker(at, json, edge);
    put_limit(json, edge_param(at, edge, PL_EDGE_BULKHEAD));
    pl_json_out_bool(json, edge_param(at, edge, PL_EDGE_FALLBACK) > 0.5);
    pl_json_out_array_end(json);
}

pl_status
pl_console_edges(const struct pl_scene *at, const char *service, struct pl_buf *out, pl_error *err)
{
    static const char *const names[] = {"service",
                                        "calls",
                                        "timeout",
                                        "retries",
                                        "backoff",
                                        "retry budget",
                                        "breaker",
                                        "bulkhead",
                                        "fallback"};
    static const char *const units[] = {"", "", "s", "", "s", "ratio", "", "", ""};
    PL_CHECK(at != NULL && out != NULL);
    const struct pl_world *world = at->observe->world;
    const char *wanted = or_empty(service);
    uint32_t only = PL_NONE;
    if (wanted[0] != '\0') {
        only = pl_console_service(world, wanted, err);
        if (only == PL_NONE) {
            return PL_NOT_FOUND;
        }
    }
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_display_table_begin(&json, "client policies", names, units, 9);
    for (uint32_t i = 0; i < world->edge_count; i++) {
        if (only == PL_NONE || world->edges[i].service == only) {
            put_edge(at, &json, i);
        }
    }
    pl_display_rows_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    return PL_OK;
}

void pl_console_flags(const struct pl_scene *at, struct pl_buf *out)
{
    static const char *const names[] = {"flag", "on for", "owner"};
    static const char *const units[] = {"", "ratio", ""};
    const struct pl_world *world = at->observe->world;
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_display_table_begin(&json, "feature flags", names, units, 3);
    for (uint32_t i = 0; i < world->flag_count; i++) {
        pl_json_out_array_begin(&json);
        pl_json_out_string(&json, world->flags[i].name);
        pl_display_number(&json, pl_model_param(at->state, world->flags[i].param0 + PL_FLAG_VALUE));
        pl_json_out_string(&json, world->flags[i].owner);
        pl_json_out_array_end(&json);
    }
    pl_display_rows_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

/* ---- Topology ---- */

/* Value of a query with the service and address filled in. */
static void
put_query(const struct pl_scene *at, struct pl_json_out *json, const char *format, uint32_t service)
{
    char expr[EXPR_SIZE];
    struct pl_buf text;
    pl_buf_init(&text, expr, sizeof(expr));
    const char *name = at->observe->world->services[service].name;
    for (const char *c = format; *c != '\0'; c++) {
        if (*c == '$') {
            pl_buf_puts(&text, name);
        } else {
            pl_buf_put(&text, c, 1);
        }
    }
    PL_CHECK(!text.overflow);
    pl_display_number(json, pl_panel_value(at->observe, expr));
}

/* Do all routes of a service run for batches that its group has read? */
static bool only_reads(const struct pl_world *world, uint32_t service)
{
    const struct pl_streams *streams = &world->streams;
    uint32_t called = 0;
    uint32_t read = 0;
    for (uint32_t r = 0; r < world->route_count; r++) {
        bool of_group = false;
        for (uint32_t g = 0; g < streams->group_count; g++) {
            of_group = of_group || streams->groups[g].route == r;
        }
        if (world->routes[r].service == service) {
            read += of_group ? 1 : 0;
            called += of_group ? 0 : 1;
        }
    }
    return read > 0 && called == 0;
}

/* A map is drawn from calls. Who polls the broker is on it, but is called by nobody: no rate. */
static void put_service(const struct pl_scene *at, struct pl_json_out *json, uint32_t service)
{
    const struct pl_world *world = at->observe->world;
    pl_json_out_array_begin(json);
    pl_json_out_string(json, world->services[service].name);
    pl_json_out_string(json, world->services[service].team);
    put_query(at, json, "sum(kube_deployment_status_replicas_available{service=\"$\"})", service);
    if (only_reads(world, service)) {
        pl_json_out_null(json);
    } else {
        put_query(at,
                  json,
                  "sum(rate(http_server_request_duration_seconds_count{service=\"$\"}[1m]))",
                  service);
    }
    pl_json_out_array_end(json);
}

static void put_link(struct pl_json_out *json, const char *from, const char *to, const char *kind)
{
    pl_json_out_array_begin(json);
    pl_json_out_string(json, from);
    pl_json_out_string(json, to);
    pl_json_out_string(json, kind);
    pl_json_out_array_end(json);
}

static void put_call(const struct pl_scene *at, struct pl_json_out *json, uint32_t edge)
{
    const struct pl_world *world = at->observe->world;
    put_link(json,
             world->services[world->edges[edge].service].name,
             pl_series_address(world, edge),
             world->edges[edge].to_vendor != PL_NONE ? "vendor" : "service");
}

static void put_stores(const struct pl_scene *at, struct pl_json_out *json)
{
    const struct pl_world *world = at->observe->world;
    for (uint32_t i = 0; i < world->pool_count; i++) {
        put_link(json,
                 world->services[world->pools[i].service].name,
                 world->databases[world->pools[i].database].name,
                 "database");
    }
    for (uint32_t i = 0; i < world->topic_count; i++) {
        uint32_t route = world->topics[i].consumer_route;
        if (route != PL_NONE) {
            put_link(json,
                     world->services[world->routes[route].service].name,
                     world->topics[i].name,
                     "consumes");
        }
    }
}

/* Does any route of a service publish to a stream? */
static bool publishes(const struct pl_world *world, uint32_t service, uint32_t stream)
{
    for (uint32_t r = 0; r < world->route_count; r++) {
        const struct pl_route *route = &world->routes[r];
        for (uint32_t i = 0; route->service == service && i < route->step_count; i++) {
            const struct pl_step *step = &world->steps[route->step0 + i];
            if (step->op == PL_OP_PUBLISH && step->target == PL_TOPICS_MAX + stream) {
                return true;
            }
        }
    }
    return false;
}

static void put_streams(const struct pl_scene *at, struct pl_json_out *json)
{
    const struct pl_world *world = at->observe->world;
    const struct pl_streams *streams = &world->streams;
    for (uint32_t i = 0; i < streams->stream_count; i++) {
        for (uint32_t s = 0; s < world->service_count; s++) {
            if (publishes(world, s, i)) {
                put_link(json, world->services[s].name, streams->streams[i].name, "publishes");
            }
        }
    }
    for (uint32_t i = 0; i < streams->group_count; i++) {
        const struct pl_group_def *group = &streams->groups[i];
        uint32_t service = world->routes[group->route].service;
        put_link(
            json, world->services[service].name, streams->streams[group->stream].name, "consumes");
    }
}

void pl_console_topology(const struct pl_scene *at, struct pl_buf *out)
{
    static const char *const service_names[] = {"service", "team", "pods", "requests"};
    static const char *const service_units[] = {"", "", "", "/s"};
    static const char *const call_names[] = {"from", "to", "kind"};
    static const char *const call_units[] = {"", "", ""};
    const struct pl_world *world = at->observe->world;
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "parts");
    pl_json_out_member_string(&json, "title", world->title[0] != '\0' ? world->title : world->name);
    pl_json_out_key(&json, "parts");
    pl_json_out_array_begin(&json);
    pl_display_table_begin(&json, "services", service_names, service_units, 4);
    for (uint32_t i = 0; i < world->service_count; i++) {
        put_service(at, &json, i);
    }
    pl_display_rows_end(&json);
    pl_json_out_object_end(&json);
    pl_display_table_begin(&json, "what they use", call_names, call_units, 3);
    for (uint32_t i = 0; i < world->edge_count; i++) {
        put_call(at, &json, i);
    }
    put_stores(at, &json);
    put_streams(at, &json);
    pl_display_rows_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

/* ---- Lists ---- */

void pl_console_changes(const struct pl_scene *at, int64_t window_ns, struct pl_buf *out)
{
    static const char *const names[] = {"time", "kind", "target", "change", "by"};
    static const char *const units[] = {"", "", "", "", ""};
    const struct pl_observe *observe = at->observe;
    const struct pl_observe_change *entries[PL_OBSERVE_FEED_MAX];
    int64_t now_ns = pl_model_now(at->state);
    int64_t wanted_ns = window_ns > 0 ? window_ns : CHANGES_WINDOW_NS;
    uint32_t count = pl_feed_window(&observe->feed, now_ns - wanted_ns, now_ns, entries);
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_display_table_begin(&json, "changes, newest first", names, units, 5);
    for (uint32_t i = 0; i < count; i++) {
        char clock[PL_CLOCK_TEXT_MAX];
        pl_display_clock(observe->world, entries[i]->t_ns, clock);
        clock[5] = '\0'; /* the feed knows minutes */
        pl_json_out_array_begin(&json);
        pl_json_out_string(&json, clock);
        pl_json_out_string(&json, or_empty(entries[i]->kind));
        pl_json_out_string(&json, or_empty(entries[i]->target));
        pl_json_out_string(&json, or_empty(entries[i]->text));
        pl_json_out_string(&json, or_empty(entries[i]->by));
        pl_json_out_array_end(&json);
    }
    pl_display_rows_end(&json);
    pl_json_out_key(&json, "notes");
    pl_json_out_array_begin(&json);
    pl_json_out_string(&json, "Console edits do not appear here.");
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

static void
put_alert(const struct pl_observe *observe, struct pl_json_out *json, const struct pl_alert *alert)
{
    static const char *const states[] = {"inactive", "pending", "firing", "resolved"};
    const struct pl_observe_rule *rule = &observe->alerts.rules[alert->rule];
    char clock[PL_CLOCK_TEXT_MAX];
    char text[PL_OBSERVE_TITLE_MAX];
    struct pl_buf summary;
    pl_buf_init(&summary, text, sizeof(text));
    int64_t since_ns = alert->state == PL_ALERT_FIRING     ? alert->fired_ns
                       : alert->state == PL_ALERT_RESOLVED ? alert->ended_ns
                                                           : alert->active_ns;
    pl_display_clock(observe->world, since_ns, clock);
    pl_alerts_fill(&observe->alerts, &observe->series, alert, rule->summary, &summary);
    pl_json_out_array_begin(json);
    pl_json_out_string(json, states[alert->state]);
    pl_json_out_string(json, clock);
    pl_json_out_string(json, rule->name);
    pl_json_out_string(json, pl_alerts_service(&observe->alerts, &observe->series, alert));
    pl_json_out_string(json, or_empty(rule->severity));
    pl_json_out_string(json, text);
    pl_json_out_string(json, or_empty(rule->runbook));
    pl_json_out_array_end(json);
}

void pl_console_alerts(const struct pl_scene *at, struct pl_buf *out)
{
    static const char *const names[] = {
        "state", "since", "alert", "service", "severity", "summary", "runbook"};
    static const char *const units[] = {"", "", "", "", "", "", ""};
    static const uint32_t order[] = {PL_ALERT_FIRING, PL_ALERT_PENDING, PL_ALERT_RESOLVED};
    const struct pl_observe *observe = at->observe;
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_display_table_begin(&json, "alerts", names, units, 7);
    for (uint32_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        for (uint32_t j = 0; j < observe->alerts.alert_count; j++) {
            if (observe->alerts.alerts[j].state == order[i]) {
                put_alert(observe, &json, &observe->alerts.alerts[j]);
            }
        }
    }
    pl_display_rows_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

void pl_console_people(const struct pl_scene *at, struct pl_buf *out)
{
    static const char *const names[] = {"id", "name", "role", "available", "usually answers after"};
    static const char *const units[] = {"", "", "", "", "s"};
    const struct pl_observe_def *def = at->observe->def;
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_display_table_begin(&json, "people", names, units, 5);
    for (uint32_t i = 0; i < def->person_count; i++) {
        const struct pl_observe_person *person = &def->people[i];
        pl_json_out_array_begin(&json);
        pl_json_out_string(&json, or_empty(person->id));
        pl_json_out_string(&json, or_empty(person->name));
        pl_json_out_string(&json, or_empty(person->role));
        pl_json_out_bool(&json, pl_people_available(person, pl_model_now(at->state)));
        pl_display_number(&json, person->delay_s);
        pl_json_out_array_end(&json);
    }
    pl_display_rows_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}
