// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* memmem */
#include "course.h"

#include "base/check.h"
#include "os/now.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_SIZE = 32,
    BODY_SIZE = 200,
    MILLION = 1000000,
    SETTLE_S = 3,
    DRAIN_S = 20 /* that streams may take to tell what was acknowledged */
};

#define DUE_MARK "\"due_ms\":"
#define ID_MARK  "{\"id\":\""
#define SEQ_MARK "{\"seq\":"

/* ---- Phases --------------------------------------------------------------------------------- */

void pl_course_begin(struct pl_course *course, const struct pl_crowd_def *def)
{
    PL_CHECK(course != NULL && def != NULL);
    *course = (struct pl_course){.def = def, .base = event_base_new()};
    PL_CHECK(course->base != NULL);
    pl_course_enter(course, PL_COURSE_BEGINNING);
}

void pl_course_run(struct pl_course *course,
                   int step_us,
                   void (*step)(evutil_socket_t descriptor, short what, void *context),
                   void *context)
{
    const struct timeval every = {.tv_usec = step_us};
    PL_CHECK(course != NULL && step != NULL);
    course->timer = event_new(course->base, -1, EV_PERSIST, step, context);
    PL_CHECK(course->timer != NULL && event_add(course->timer, &every) == 0);
    (void)event_base_dispatch(course->base);
}

static void start_measuring(struct pl_course *course)
{
    struct pl_course_counts *counts = &course->counts;
    counts->cpu_ns = pl_load_cpu_of(course->def->process);
    counts->own_cpu_ns = pl_now_cpu_ns();
    counts->span_ns = pl_now_monotonic_ns();
}

static void stop_measuring(struct pl_course *course)
{
    struct pl_course_counts *counts = &course->counts;
    counts->span_ns = pl_now_monotonic_ns() - counts->span_ns;
    counts->own_cpu_ns = pl_now_cpu_ns() - counts->own_cpu_ns;
    counts->cpu_ns = pl_load_cpu_of(course->def->process) - counts->cpu_ns;
}

void pl_course_enter(struct pl_course *course, enum pl_course_phase phase)
{
    PL_CHECK(course != NULL);
    if (phase == PL_COURSE_SETTLING) {
        (void)pl_load_usage_of(course->def->process, &course->counts.before);
    } else if (phase == PL_COURSE_MEASURING) {
        start_measuring(course);
    } else if (phase == PL_COURSE_DRAINING) {
        stop_measuring(course);
    }
    course->phase = phase;
    course->since_ns = pl_now_monotonic_ns();
}

int64_t pl_course_in(const struct pl_course *course)
{
    PL_CHECK(course != NULL);
    return pl_now_monotonic_ns() - course->since_ns;
}

void pl_course_step(struct pl_course *course, bool all_told)
{
    int64_t in_ns = pl_course_in(course);
    if (course->phase == PL_COURSE_SETTLING && in_ns > SETTLE_S * PL_COURSE_SECOND_NS) {
        pl_course_enter(course, PL_COURSE_MEASURING);
    } else if (course->phase == PL_COURSE_MEASURING &&
               in_ns > course->def->seconds * PL_COURSE_SECOND_NS) {
        pl_course_enter(course, PL_COURSE_DRAINING);
    } else if (course->phase == PL_COURSE_DRAINING &&
               (all_told || in_ns > DRAIN_S * PL_COURSE_SECOND_NS)) {
        (void)pl_load_usage_of(course->def->process, &course->counts.after);
        (void)event_base_loopbreak(course->base);
    }
}

bool pl_course_good(const struct pl_course *course, bool all_told)
{
    PL_CHECK(course != NULL);
    const struct pl_course_counts *counts = &course->counts;
    return counts->refused + counts->missed + counts->lost + counts->resyncs == 0 &&
           course->phase == PL_COURSE_DRAINING && all_told;
}

/* ---- The end -------------------------------------------------------------------------------- */

void pl_course_put_tally(struct pl_json_out *out, const char *key, struct pl_tally *tally)
{
    pl_json_out_key(out, key);
    pl_json_out_object_begin(out);
    pl_json_out_member_integer(out, "count", (int64_t)tally->count);
    pl_json_out_member_number(out, "p50_ms", (double)pl_tally_quantile(tally, 0.5) / 1e6);
    pl_json_out_member_number(out, "p90_ms", (double)pl_tally_quantile(tally, 0.9) / 1e6);
    pl_json_out_member_number(out, "p99_ms", (double)pl_tally_quantile(tally, 0.99) / 1e6);
    pl_json_out_member_number(out, "max_ms", (double)pl_tally_quantile(tally, 1.0) / 1e6);
    pl_json_out_object_end(out);
}

static void put_usage(struct pl_json_out *out, const char *key, const struct pl_load_usage *usage)
{
    pl_json_out_key(out, key);
    pl_json_out_object_begin(out);
    pl_json_out_member_number(out, "cpu_s", (double)usage->cpu_ns / 1e9);
    pl_json_out_member_integer(out, "resident", usage->resident);
    pl_json_out_member_integer(out, "held", usage->held);
    pl_json_out_member_integer(out, "tables", usage->tables);
    pl_json_out_member_integer(out, "files", usage->files);
    pl_json_out_object_end(out);
}

void pl_course_end(struct pl_course *course, struct pl_json_out *out)
{
    PL_CHECK(course != NULL && out != NULL);
    struct pl_course_counts *counts = &course->counts;
    pl_json_out_member_integer(out, "refused", (int64_t)counts->refused);
    pl_json_out_member_integer(out, "missed", (int64_t)counts->missed);
    pl_json_out_member_integer(out, "lost", (int64_t)counts->lost);
    pl_json_out_member_integer(out, "resyncs", (int64_t)counts->resyncs);
    pl_json_out_member_integer(out, "entries", (int64_t)counts->entries);
    pl_json_out_member_integer(out, "clocks", (int64_t)counts->clocks);
    pl_json_out_member_string(out, "complaint", counts->complaint);
    pl_course_put_tally(out, "clock_lag", &counts->lag);
    pl_course_put_tally(out, "action", &course->actions);
    pl_course_put_tally(out, "shown", &course->shown);
    put_usage(out, "before", &counts->before);
    put_usage(out, "after", &counts->after);
    double span_s = (double)counts->span_ns / 1e9;
    double cpu_s = (double)counts->cpu_ns / 1e9;
    double own_s = (double)counts->own_cpu_ns / 1e9;
    pl_json_out_member_number(out, "span_s", span_s);
    pl_json_out_member_number(out, "server_cores", span_s > 0.0 ? cpu_s / span_s : 0.0);
    pl_json_out_member_number(out, "client_cores", span_s > 0.0 ? own_s / span_s : 0.0);
    pl_tally_fini(&course->actions);
    pl_tally_fini(&course->shown);
    pl_tally_fini(&counts->lag);
    event_free(course->timer);
    event_base_free(course->base);
}

/* ---- Sessions ------------------------------------------------------------------------------- */

void pl_course_lost(void *context)
{
    struct pl_course *course = context;
    course->counts.lost++;
}

void pl_course_refused(struct pl_course *course, int status, pl_slice body)
{
    struct pl_course_counts *counts = &course->counts;
    if (counts->refused++ == 0) {
        snprintf(counts->complaint,
                 sizeof counts->complaint,
                 "%d %.*s",
                 status,
                 (int)(body.size < 300 ? body.size : 300),
                 body.data);
    }
}

void pl_course_create(const struct pl_course *course, struct pl_load_link *link, uint32_t seed)
{
    char body[BODY_SIZE];
    int size = snprintf(body,
                        sizeof body,
                        "{\"scenario\":\"%s\",\"clock\":\"live\",\"speed\":1,\"seed\":%u}",
                        course->def->scenario,
                        seed);
    pl_load_link_ask(link, "POST", "/api/sessions", NULL, (pl_slice){body, (size_t)size});
}

bool pl_course_created(int status, pl_slice body, char id[PL_COURSE_ID_SIZE])
{
    size_t mark = sizeof ID_MARK - 1;
    if (status != 201 || body.size < PL_COURSE_ID_SIZE || memcmp(body.data, ID_MARK, mark) != 0) {
        return false;
    }
    const char *text = body.data + mark;
    snprintf(id, PL_COURSE_ID_SIZE, "%.*s", (int)strcspn(text, "\""), text);
    return true;
}

struct pl_load_link *
pl_course_follow(const struct pl_course *course, const char *id, const struct pl_load_ear *ear)
{
    char path[PL_COURSE_PATH_SIZE];
    snprintf(path, sizeof path, "/api/sessions/%s/events?after=0", id);
    struct pl_load_link *link = pl_load_link_open(course->base, course->def->port, ear);
    PL_CHECK(link != NULL);
    pl_load_link_follow(link, path);
    return link;
}

void pl_course_command(struct pl_load_link *link,
                       const char *id,
                       const char *key,
                       const char *command)
{
    char path[PL_COURSE_PATH_SIZE];
    snprintf(path, sizeof path, "/api/sessions/%s/commands", id);
    pl_load_link_ask(link, "POST", path, key, (pl_slice){command, strlen(command)});
}

int64_t pl_course_seq(int status, pl_slice body)
{
    size_t mark = sizeof SEQ_MARK - 1;
    bool good = status == 200 && body.size > mark + 4 && memcmp(body.data, SEQ_MARK, mark) == 0;
    return good ? strtoll(body.data + mark, NULL, 10) : 0;
}

static void hear_clock(struct pl_course *course, pl_slice data)
{
    struct pl_course_counts *counts = &course->counts;
    const char *mark = memmem(data.data, data.size, DUE_MARK, sizeof DUE_MARK - 1);
    char text[TEXT_SIZE] = "";
    if (mark == NULL) {
        counts->missed++; /* a server that does not say when it was due cannot be measured */
        return;
    }
    mark += sizeof DUE_MARK - 1;
    size_t rest = (size_t)(data.data + data.size - mark);
    memcpy(text, mark, rest < sizeof text - 1 ? rest : sizeof text - 1);
    int64_t due_ns = (int64_t)(strtod(text, NULL) * MILLION);
    if (course->phase == PL_COURSE_MEASURING) {
        counts->clocks++;
        pl_tally_add(&counts->lag, pl_now_wall_ns() - due_ns);
    }
}

bool pl_course_hear(struct pl_course *course,
                    struct pl_course_heard *heard,
                    const struct pl_load_event *event)
{
    struct pl_course_counts *counts = &course->counts;
    if (strcmp(event->name, "clock") == 0) {
        hear_clock(course, event->data);
        counts->ticking += heard->ticks ? 0 : 1;
        heard->ticks = true;
    } else if (strcmp(event->name, "entry") == 0) {
        counts->missed += event->id != heard->seq + 1;
        counts->entries++;
        heard->seq = event->id;
        return true;
    } else if (strcmp(event->name, "resync") == 0) {
        counts->resyncs++;
    }
    return false;
}
