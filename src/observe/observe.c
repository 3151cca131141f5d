// SPDX-License-Identifier: Apache-2.0
//
// Memory: struct pl_observe | tracks, and scratch: compiled query | its evaluation.
#include "observe/observe.h"

#include "base/check.h"
#include "observe/console.h"
#include "observe/console_db.h"
#include "observe/display.h"
#include "observe/logs.h"
#include "observe/observe_block_types.h"
#include "observe/panel.h"
#include "observe/panel_table.h"
#include "observe/traces.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_HISTORY_NS (INT64_C(5400) * 1000000000)
#define DEFAULT_LOSS       0.002

static size_t round16(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

static uint32_t samples_of(const struct pl_observe_def *def)
{
    int64_t history_ns = def->history_ns > 0 ? def->history_ns : DEFAULT_HISTORY_NS;
    int64_t samples = history_ns / pl_scrape_interval(def) + 2;
    PL_CHECK(samples < 1 << 20);
    return (uint32_t)samples;
}

size_t pl_observe_own_size(const struct pl_world *world, const struct pl_observe_def *def)
{
    PL_CHECK(world != NULL && def != NULL);
    return round16(sizeof(struct pl_observe)) + round16(pl_tracks_size(world, samples_of(def)));
}

size_t pl_observe_scratch_size(const struct pl_world *world, const struct pl_observe_def *def)
{
    PL_CHECK(world != NULL && def != NULL);
    return round16(sizeof(struct pl_promql)) + round16(pl_promql_work_size(samples_of(def)));
}

size_t pl_observe_size(const struct pl_world *world, const struct pl_observe_def *def)
{
    return pl_observe_own_size(world, def) + pl_observe_scratch_size(world, def);
}

void pl_observe_lend(struct pl_observe *observe, void *scratch)
{
    PL_CHECK(observe != NULL && scratch != NULL && ((uintptr_t)scratch & 15) == 0);
    observe->program = scratch;
    unsigned char *next = (unsigned char *)scratch + round16(sizeof(struct pl_promql));
    pl_promql_work_init(&observe->work, next, samples_of(observe->def));
}

static unsigned char *tracks_memory(struct pl_observe *observe)
{
    return (unsigned char *)observe + round16(sizeof(*observe));
}

struct pl_observe *pl_observe_open(const struct pl_world *world,
                                   const struct pl_observe_def *def,
                                   void *memory,
                                   void *scratch)
{
    PL_CHECK(memory != NULL && ((uintptr_t)memory & 15) == 0);
    PL_CHECK(world->sealed != 0);
    uint32_t samples = samples_of(def);
    struct pl_observe *observe = memory;
    memset(observe, 0, offsetof(struct pl_observe, fleet));
    observe->world = world;
    observe->def = def;
    observe->seen_ns = -1;
    observe->tracks = pl_tracks_init(
        world, tracks_memory(observe), round16(pl_tracks_size(world, samples)), samples);
    pl_observe_lend(observe, scratch);
    double loss = def->scrape_loss > 0.0 ? def->scrape_loss : DEFAULT_LOSS;
    pl_fleet_init(&observe->fleet, world, def->seed, def->scrape_loss < 0.0 ? 0.0 : loss);
    pl_intern_init(&observe->intern);
    pl_scrape_init(&observe->scrape, world, def);
    observe->series = (struct pl_series){
        .world = world,
        .tracks = observe->tracks,
        .fleet = &observe->fleet,
        .intern = &observe->intern,
        .holes = def->holes,
        .hole_count = def->hole_count,
        .interval_ns = observe->scrape.interval_ns,
    };
    pl_series_init(&observe->series);
    pl_alerts_init(&observe->alerts, def, observe->program);
    pl_people_init(&observe->people, def);
    pl_feed_init(&observe->feed, def);
    return observe;
}

struct pl_observe *pl_observe_init(const struct pl_world *world,
                                   const struct pl_observe_def *def,
                                   void *memory,
                                   size_t size)
{
    PL_CHECK(size >= pl_observe_size(world, def));
    unsigned char *scratch = (unsigned char *)memory + pl_observe_own_size(world, def);
    return pl_observe_open(world, def, memory, scratch);
}

/* Let everything that is borrowed point to the copy's own parts and definition. */
static void rebind(struct pl_observe *copy, const struct pl_observe_def *def, void *scratch)
{
    copy->def = def;
    pl_observe_lend(copy, scratch);
    copy->scrape.gaps = def->gaps;
    copy->series.tracks = copy->tracks;
    copy->series.fleet = &copy->fleet;
    copy->series.intern = &copy->intern;
    copy->series.holes = def->holes;
    pl_alerts_rebind(&copy->alerts, def);
    pl_people_rebind(&copy->people, def, copy->seen_ns);
}

void pl_observe_settle(struct pl_observe *observe, const struct pl_observe_def *def, void *scratch)
{
    PL_CHECK(observe != NULL && def != NULL);
    PL_CHECK(observe->feed.text_used == 0 && observe->feed.count == def->feed_count);
    observe->tracks = (struct pl_tracks *)(void *)tracks_memory(observe);
    pl_tracks_settle(observe->tracks);
    rebind(observe, def, scratch);
    pl_feed_init(&observe->feed, def);
}

struct pl_observe *pl_observe_fork(const struct pl_observe *source,
                                   const struct pl_observe_def *def,
                                   void *memory,
                                   void *scratch)
{
    PL_CHECK(source != NULL && def != NULL);
    PL_CHECK(memory != NULL && ((uintptr_t)memory & 15) == 0);
    PL_CHECK(def->seed == source->def->seed && def->rule_count == source->def->rule_count);
    PL_CHECK(samples_of(def) == samples_of(source->def));
    struct pl_observe *copy = memory;
    memcpy(copy, source, offsetof(struct pl_observe, fleet));
    copy->tracks = pl_tracks_fork(source->tracks, tracks_memory(copy));
    pl_fleet_fork(&copy->fleet, &source->fleet);
    pl_feed_fork(&copy->feed, &source->feed, def);
    pl_intern_fork(&copy->intern, &source->intern);
    rebind(copy, def, scratch);
    memcpy(copy->events, source->events, source->event_count * sizeof(source->events[0]));
    return copy;
}

int64_t pl_observe_next(const struct pl_observe *observe)
{
    PL_CHECK(observe != NULL);
    int64_t next_ns = observe->scrape.next_ns;
    int64_t alerts_ns = pl_alerts_next(&observe->alerts);
    int64_t people_ns = pl_people_next(&observe->people);
    next_ns = alerts_ns < next_ns ? alerts_ns : next_ns;
    next_ns = people_ns < next_ns ? people_ns : next_ns;
    return next_ns > observe->seen_ns ? next_ns : observe->seen_ns + 1;
}

static void keep_event(void *context, const struct pl_observe_event *event)
{
    struct pl_observe *observe = context;
    if (observe->event_count == PL_OBSERVE_EVENTS_MAX) {
        observe->event_lost += 1;
        return;
    }
    observe->events[observe->event_count] = *event;
    observe->event_count += 1;
}

void pl_observe_advance(struct pl_observe *observe,
                        const struct pl_state *state,
                        const struct pl_record *record)
{
    PL_CHECK(observe != NULL && state != NULL && record != NULL);
    int64_t now_ns = pl_model_now(state);
    PL_CHECK(now_ns >= observe->seen_ns);
    if (pl_scrape_take(&observe->scrape, observe->tracks, state, record)) {
        pl_fleet_update(&observe->fleet, observe->tracks, &observe->intern);
    }
    pl_people_advance(&observe->people, now_ns, keep_event, observe);
    struct pl_alerts_input input = {
        &observe->series, observe->program, &observe->work, keep_event, observe};
    pl_alerts_advance(&observe->alerts, &input, now_ns);
    observe->seen_ns = now_ns;
}

uint32_t pl_observe_event_count(const struct pl_observe *observe)
{
    return observe->event_count;
}

const struct pl_observe_event *pl_observe_event(const struct pl_observe *observe, uint32_t index)
{
    PL_CHECK(index < observe->event_count);
    return &observe->events[index];
}

static void put_event(const struct pl_observe *observe,
                      const struct pl_observe_event *event,
                      struct pl_buf *out)
{
    static const char *const kinds[] = {"page", "resolved", "answer", "message"};
    struct pl_json_out json;
    char clock[PL_CLOCK_TEXT_MAX];
    pl_display_clock(observe->world, event->t_ns, clock);
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_number(&json, "t_s", (double)event->t_ns / 1e9);
    pl_json_out_member_string(&json, "clock", clock);
    pl_json_out_member_string(&json, "kind", kinds[event->kind]);
    pl_json_out_member_string(&json, "title", event->title);
    pl_json_out_member_string(&json, "text", event->text);
    pl_json_out_member_string(&json, "from", event->from);
    if (event->severity[0] != '\0') {
        pl_json_out_member_string(&json, "severity", event->severity);
    }
    if (event->runbook[0] != '\0') {
        pl_json_out_member_string(&json, "runbook", event->runbook);
    }
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

void pl_observe_event_json(const struct pl_observe *observe, uint32_t index, struct pl_buf *out)
{
    put_event(observe, pl_observe_event(observe, index), out);
}

pl_status pl_observe_foretell(const struct pl_observe *observe,
                              int64_t now_ns,
                              const char *person,
                              const char *question,
                              struct pl_buf *out,
                              pl_error *err)
{
    PL_CHECK(observe != NULL && person != NULL && question != NULL);
    struct pl_observe_event event;
    pl_status status = pl_people_foretell(&observe->people, now_ns, person, question, &event, err);
    if (status == PL_OK) {
        put_event(observe, &event, out);
    }
    return status;
}

bool pl_observe_feed_add(struct pl_observe *observe, const struct pl_observe_change *entry)
{
    PL_CHECK(observe != NULL && entry != NULL);
    return pl_feed_add(&observe->feed, entry);
}

/* ---- Looks ---- */

/* Where an answer begins, so that a failed one leaves nothing behind. */
struct place {
    struct pl_buf *out;
    size_t size;
};

static struct place begin(struct pl_buf *out)
{
    PL_CHECK(out != NULL);
    return (struct place){out, out->size};
}

static pl_status finish(const struct place *place, pl_status status, pl_error *err)
{
    if (status == PL_OK && place->out->overflow) {
        status = pl_fail(
            err, PL_LIMIT, NULL, "The answer is too long; narrow the window or the filter.");
    }
    if (status != PL_OK) {
        place->out->size = place->size;
        place->out->data[place->size] = '\0';
    }
    return status;
}

const char *const *pl_observe_panel_names(void)
{
    return pl_panel_names();
}

const char *const *pl_observe_db_views(void)
{
    return pl_console_db_views();
}

pl_status pl_observe_ask(struct pl_observe *observe,
                         int64_t now_ns,
                         const char *person,
                         const char *question,
                         struct pl_buf *out,
                         pl_error *err)
{
    PL_CHECK(observe != NULL && person != NULL && question != NULL);
    double expected_s = 0.0;
    struct place place = begin(out);
    pl_status status = pl_people_ask(&observe->people, now_ns, person, question, &expected_s, err);
    if (status == PL_OK) {
        struct pl_json_out json;
        char title[160];
        char text[160];
        uint32_t who = pl_people_find(&observe->people, person);
        const struct pl_observe_person *def = &observe->def->people[who];
        const char *name = def->name != NULL && def->name[0] != '\0' ? def->name : def->id;
        snprintf(title, sizeof(title), "to %s", name);
        if (expected_s < 90.0) {
            snprintf(text, sizeof(text), "Sent. Usually answers within a minute or two.");
        } else {
            snprintf(text,
                     sizeof(text),
                     "Sent. Usually answers after about %.0f minutes.",
                     expected_s / 60.0);
        }
        pl_json_out_begin(&json, out);
        pl_display_text(&json, title, text);
        pl_json_out_end(&json);
    }
    return finish(&place, status, err);
}

pl_status pl_observe_look_panel(const struct pl_scene *at,
                                const struct pl_panel_look *look,
                                struct pl_buf *out,
                                pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_panel_look(at->observe, look, out, err), err);
}

pl_status pl_observe_look_query(const struct pl_scene *at,
                                const char *expr,
                                int64_t window_ns,
                                struct pl_buf *out,
                                pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_panel_query(at->observe, expr, window_ns, out, err), err);
}

pl_status pl_observe_look_metrics(const struct pl_scene *at,
                                  const char *filter,
                                  struct pl_buf *out,
                                  pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_panel_metrics(at->observe, filter, out, err), err);
}

pl_status pl_observe_look_logs(const struct pl_scene *at,
                               const struct pl_logs_look *look,
                               struct pl_buf *out,
                               pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_logs_look(at, look, out, err), err);
}

pl_status pl_observe_look_traces(const struct pl_scene *at,
                                 const struct pl_traces_look *look,
                                 struct pl_buf *out,
                                 pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_traces_look(at, look, out, err), err);
}

pl_status
pl_observe_look_trace(const struct pl_scene *at, const char *id, struct pl_buf *out, pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_traces_one(at, id, out, err), err);
}

pl_status pl_observe_look_changes(const struct pl_scene *at,
                                  int64_t window_ns,
                                  struct pl_buf *out,
                                  pl_error *err)
{
    struct place place = begin(out);
    pl_console_changes(at, window_ns, out);
    return finish(&place, PL_OK, err);
}

pl_status pl_observe_look_db(const struct pl_scene *at,
                             const struct pl_db_look *look,
                             struct pl_buf *out,
                             pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_console_db(at, look, out, err), err);
}

bool pl_observe_page_by(const struct pl_observe *observe, const char *rule, int64_t by_ns)
{
    PL_CHECK(observe != NULL);
    return pl_alerts_page_by(&observe->alerts, rule, by_ns);
}

pl_status pl_observe_look_alerts(const struct pl_scene *at, struct pl_buf *out, pl_error *err)
{
    struct place place = begin(out);
    pl_console_alerts(at, out);
    return finish(&place, PL_OK, err);
}

pl_status pl_observe_look_topology(const struct pl_scene *at, struct pl_buf *out, pl_error *err)
{
    struct place place = begin(out);
    pl_console_topology(at, out);
    return finish(&place, PL_OK, err);
}

pl_status pl_observe_look_pods(const struct pl_scene *at,
                               const char *service,
                               struct pl_buf *out,
                               pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_console_pods(at, service, out, err), err);
}

pl_status pl_observe_look_edges(const struct pl_scene *at,
                                const char *service,
                                struct pl_buf *out,
                                pl_error *err)
{
    struct place place = begin(out);
    return finish(&place, pl_console_edges(at, service, out, err), err);
}

pl_status pl_observe_look_flags(const struct pl_scene *at, struct pl_buf *out, pl_error *err)
{
    struct place place = begin(out);
    pl_console_flags(at, out);
    return finish(&place, PL_OK, err);
}

pl_status pl_observe_look_people(const struct pl_scene *at, struct pl_buf *out, pl_error *err)
{
    struct place place = begin(out);
    pl_console_people(at, out);
    return finish(&place, PL_OK, err);
}
