// SPDX-License-Identifier: Apache-2.0
//
// One live session with a command each second, told to many streams. Every stream has to hear every
// entry, in order; a stream that comes late hears first what it has missed.
#define _GNU_SOURCE /* memmem */
#include "crowd.h"

#include "base/check.h"
#include "link.h"
#include "os/now.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)

enum { FOLLOWS = 25, STEP_US = 5000, SETTLE_S = 2, DRAIN_S = 20, ID_SIZE = 40, PATH_SIZE = 96 };

struct crowd;

struct viewer {
    struct crowd *crowd;
    struct pl_load_link *link;
    int64_t heard_seq;
    bool ticks;
};

enum phase { BEGINNING, FOLLOWING, SETTLING, MEASURING, DRAINING };

struct crowd {
    const struct pl_crowd_def *def;
    struct event_base *base;
    struct event *timer;
    struct viewer *viewers;
    struct pl_load_link *hands;
    enum phase phase;
    char id[ID_SIZE];
    uint32_t followed;
    uint32_t ticking;
    uint32_t sent;
    bool busy;
    int64_t due_ns; /* of the command on its way */
    int64_t told_seq;
    int64_t since_ns;
    int64_t follow_span_ns;
    struct pl_load_usage empty; /* of the server before any stream */
    struct pl_tally actions;
    struct pl_tally shown; /* from when a command was due until a stream heard its entry */
    struct pl_crowd_counts counts;
};

static void lost(void *context)
{
    struct crowd *crowd = context;
    crowd->counts.lost++;
}

static void lost_viewer(void *context)
{
    struct viewer *viewer = context;
    lost(viewer->crowd);
}

static void refused_viewer(void *context, int status, pl_slice body)
{
    struct viewer *viewer = context;
    pl_crowd_refused(&viewer->crowd->counts, status, body);
}

static void heard(void *context, const struct pl_load_event *event)
{
    struct viewer *viewer = context;
    struct crowd *crowd = viewer->crowd;
    if (strcmp(event->name, "clock") == 0) {
        pl_crowd_hear_clock(&crowd->counts, event->data);
        crowd->ticking += viewer->ticks ? 0 : 1;
        viewer->ticks = true;
    } else if (strcmp(event->name, "entry") == 0) {
        crowd->counts.missed += event->id != viewer->heard_seq + 1;
        crowd->counts.entries++;
        viewer->heard_seq = event->id;
        if (crowd->phase == MEASURING && memmem(event->data.data, event->data.size, "\"say\"", 5)) {
            pl_tally_add(&crowd->shown, pl_now_monotonic_ns() - crowd->due_ns);
        }
    } else if (strcmp(event->name, "resync") == 0) {
        crowd->counts.resyncs++;
    }
}

static void answered(void *context, int status, pl_slice body)
{
    static const char id_mark[] = "{\"id\":\"";
    static const char seq_mark[] = "{\"seq\":";
    struct crowd *crowd = context;
    crowd->busy = false;
    if (status == 201 && body.size > ID_SIZE && memcmp(body.data, id_mark, 7) == 0) {
        const char *id = body.data + sizeof id_mark - 1;
        snprintf(crowd->id, sizeof crowd->id, "%.*s", (int)strcspn(id, "\""), id);
        (void)pl_load_usage_of(crowd->def->process, &crowd->empty);
    } else if (status == 200 && body.size > 8 && memcmp(body.data, seq_mark, 7) == 0) {
        crowd->told_seq = strtoll(body.data + sizeof seq_mark - 1, NULL, 10);
        pl_tally_add(&crowd->actions, pl_now_monotonic_ns() - crowd->due_ns);
    } else {
        pl_crowd_refused(&crowd->counts, status, body);
    }
}

static void follow(struct crowd *crowd, struct viewer *viewer)
{
    const struct pl_load_ear ear = {
        .context = viewer, .answered = refused_viewer, .heard = heard, .lost = lost_viewer};
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/api/sessions/%s/events?after=0", crowd->id);
    viewer->crowd = crowd;
    viewer->link = pl_load_link_open(crowd->base, crowd->def->port, &ear);
    PL_CHECK(viewer->link != NULL);
    pl_load_link_follow(viewer->link, path);
}

/* A command each second, at its second. */
static void say(struct crowd *crowd, int64_t in_ns)
{
    static const char command[] =
        "{\"do\":\"say\",\"what\":\"message\",\"to\":\"hana\",\"text\":\"who sees this?\"}";
    char path[PATH_SIZE];
    if (crowd->busy || in_ns < crowd->sent * SECOND_NS || crowd->sent == crowd->def->seconds) {
        return;
    }
    snprintf(path, sizeof path, "/api/sessions/%s/commands", crowd->id);
    crowd->due_ns = crowd->since_ns + crowd->sent * SECOND_NS;
    crowd->sent++;
    crowd->busy = true;
    pl_load_link_ask(crowd->hands, "POST", path, NULL, (pl_slice){command, sizeof command - 1});
}

static bool all_told(const struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->def->viewers; i++) {
        if (crowd->viewers[i].heard_seq < crowd->told_seq) {
            return false;
        }
    }
    return !crowd->busy && crowd->told_seq > 0;
}

static void enter(struct crowd *crowd, enum phase phase, int64_t now_ns)
{
    crowd->phase = phase;
    crowd->since_ns = now_ns;
}

static void on_step(evutil_socket_t descriptor, short what, void *memory)
{
    struct crowd *crowd = memory;
    int64_t now_ns = pl_now_monotonic_ns();
    int64_t in_ns = now_ns - crowd->since_ns;
    (void)descriptor;
    (void)what;
    if (crowd->phase == BEGINNING && crowd->id[0] != '\0') {
        enter(crowd, FOLLOWING, now_ns);
    } else if (crowd->phase == FOLLOWING) {
        for (uint32_t i = 0; i < FOLLOWS && crowd->followed < crowd->def->viewers; i++) {
            follow(crowd, &crowd->viewers[crowd->followed++]);
        }
        if (crowd->ticking == crowd->def->viewers) {
            crowd->follow_span_ns = in_ns;
            enter(crowd, SETTLING, now_ns);
        }
    } else if (crowd->phase == SETTLING && in_ns > SETTLE_S * SECOND_NS) {
        pl_crowd_begin(crowd->def, &crowd->counts);
        enter(crowd, MEASURING, pl_now_monotonic_ns());
    } else if (crowd->phase == MEASURING) {
        say(crowd, in_ns);
        if (in_ns > crowd->def->seconds * SECOND_NS && !crowd->busy) {
            pl_crowd_end(crowd->def, &crowd->counts);
            enter(crowd, DRAINING, now_ns);
        }
    } else if (crowd->phase == DRAINING && (all_told(crowd) || in_ns > DRAIN_S * SECOND_NS)) {
        (void)event_base_loopbreak(crowd->base);
    }
}

static void put_result(struct crowd *crowd, struct pl_json_out *out)
{
    pl_json_out_member_integer(out, "viewers", crowd->def->viewers);
    pl_json_out_member_number(out, "follow_s", (double)crowd->follow_span_ns / 1e9);
    pl_json_out_member_integer(out, "empty_held", crowd->empty.held);
    pl_json_out_member_integer(out, "empty_resident", crowd->empty.resident);
    pl_crowd_put(out, &crowd->counts);
    pl_crowd_put_tally(out, "action", &crowd->actions);
    pl_crowd_put_tally(out, "shown", &crowd->shown);
}

static void free_crowd(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->def->viewers; i++) {
        pl_load_link_close(crowd->viewers[i].link);
    }
    pl_load_link_close(crowd->hands);
    pl_tally_fini(&crowd->actions);
    pl_tally_fini(&crowd->shown);
    pl_tally_fini(&crowd->counts.lag);
    event_free(crowd->timer);
    event_base_free(crowd->base);
    free(crowd->viewers);
    free(crowd);
}

bool pl_crowd_viewers(const struct pl_crowd_def *def, struct pl_json_out *out)
{
    const struct timeval step = {.tv_usec = STEP_US};
    char body[PATH_SIZE * 2];
    struct crowd *crowd = calloc(1, sizeof *crowd);
    PL_CHECK(crowd != NULL);
    crowd->def = def;
    crowd->base = event_base_new();
    crowd->viewers = calloc(def->viewers, sizeof crowd->viewers[0]);
    PL_CHECK(crowd->base != NULL && crowd->viewers != NULL);
    const struct pl_load_ear ear = {.context = crowd, .answered = answered, .lost = lost};
    crowd->hands = pl_load_link_open(crowd->base, def->port, &ear);
    PL_CHECK(crowd->hands != NULL);
    int size = snprintf(body,
                        sizeof body,
                        "{\"scenario\":\"%s\",\"clock\":\"live\",\"speed\":1,\"seed\":7}",
                        def->scenario);
    crowd->busy = true;
    pl_load_link_ask(crowd->hands, "POST", "/api/sessions", NULL, (pl_slice){body, (size_t)size});
    enter(crowd, BEGINNING, pl_now_monotonic_ns());
    crowd->timer = event_new(crowd->base, -1, EV_PERSIST, on_step, crowd);
    PL_CHECK(crowd->timer != NULL && event_add(crowd->timer, &step) == 0);
    (void)event_base_dispatch(crowd->base);
    const struct pl_crowd_counts *counts = &crowd->counts;
    bool good = counts->refused + counts->missed + counts->lost + counts->resyncs == 0 &&
                crowd->phase == DRAINING && all_told(crowd);
    put_result(crowd, out);
    free_crowd(crowd);
    return good;
}
