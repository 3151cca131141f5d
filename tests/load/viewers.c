// SPDX-License-Identifier: Apache-2.0
//
// One live session with a command each second, told to many streams. Every stream has to hear every
// entry, in order; a stream that comes late hears first what it has missed.
#define _GNU_SOURCE /* memmem */
#include "course.h"

#include "base/check.h"
#include "os/now.h"

#include <stdlib.h>
#include <string.h>

enum { FOLLOWS = 25, STEP_US = 5000, SEED = 7 };

/* A hypothesis, because questions have a limit. */
#define COMMAND                                                                                    \
    "{\"do\":\"say\",\"what\":\"believe\",\"claims\":[{\"component\":\"orders-db\",\"mechanism\":" \
    "\"connections are held\",\"p\":0.5}]}"

struct crowd;

struct viewer {
    struct crowd *crowd;
    struct pl_load_link *link;
    struct pl_course_heard heard;
};

struct crowd {
    struct pl_course course;
    struct viewer *viewers;
    struct pl_load_link *hands;
    char id[PL_COURSE_ID_SIZE];
    uint32_t followed;
    uint32_t sent;
    bool busy;
    int64_t due_ns; /* of the command on its way */
    int64_t told_seq;
    int64_t follow_span_ns;
    struct pl_load_usage empty; /* of the server before any stream */
};

static void lost_viewer(void *context)
{
    struct viewer *viewer = context;
    pl_course_lost(&viewer->crowd->course);
}

static void refused_viewer(void *context, int status, pl_slice body)
{
    struct viewer *viewer = context;
    pl_course_refused(&viewer->crowd->course, status, body);
}

/* True for the entry of a command; others are of the clock. */
static bool is_said(pl_slice data)
{
    static const char mark[] = "\"kind\":\"say\"";
    return memmem(data.data, data.size, mark, sizeof mark - 1) != NULL;
}

static void heard(void *context, const struct pl_load_event *event)
{
    struct viewer *viewer = context;
    struct pl_course *course = &viewer->crowd->course;
    if (pl_course_hear(course, &viewer->heard, event) && course->phase == PL_COURSE_MEASURING &&
        is_said(event->data)) {
        pl_tally_add(&course->shown, pl_now_monotonic_ns() - viewer->crowd->due_ns);
    }
}

static void answered(void *context, int status, pl_slice body)
{
    struct crowd *crowd = context;
    struct pl_course *course = &crowd->course;
    int64_t seq = pl_course_seq(status, body);
    crowd->busy = false;
    if (pl_course_created(status, body, crowd->id)) {
        (void)pl_load_usage_of(course->def->process, &crowd->empty);
    } else if (seq > 0) {
        crowd->told_seq = seq;
        pl_tally_add(&course->actions, pl_now_monotonic_ns() - crowd->due_ns);
    } else {
        pl_course_refused(course, status, body);
    }
}

static void follow(struct crowd *crowd, struct viewer *viewer)
{
    const struct pl_load_ear ear = {
        .context = viewer, .answered = refused_viewer, .heard = heard, .lost = lost_viewer};
    viewer->crowd = crowd;
    viewer->link = pl_course_follow(&crowd->course, crowd->id, &ear);
}

/* A command each second, at its second. */
static void say(struct crowd *crowd)
{
    const struct pl_course *course = &crowd->course;
    if (crowd->busy || pl_course_in(course) < crowd->sent * PL_COURSE_SECOND_NS ||
        crowd->sent == course->def->seconds) {
        return;
    }
    crowd->due_ns = course->since_ns + crowd->sent * PL_COURSE_SECOND_NS;
    crowd->sent++;
    crowd->busy = true;
    pl_course_command(crowd->hands, crowd->id, NULL, COMMAND);
}

static bool all_told(const struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->course.def->viewers; i++) {
        if (crowd->viewers[i].heard.seq < crowd->told_seq) {
            return false;
        }
    }
    return !crowd->busy && crowd->told_seq > 0;
}

static void step_following(struct crowd *crowd)
{
    struct pl_course *course = &crowd->course;
    for (uint32_t i = 0; i < FOLLOWS && crowd->followed < course->def->viewers; i++) {
        follow(crowd, &crowd->viewers[crowd->followed++]);
    }
    if (course->counts.ticking == course->def->viewers) {
        crowd->follow_span_ns = pl_course_in(course);
        pl_course_enter(course, PL_COURSE_SETTLING);
    }
}

static void on_step(evutil_socket_t descriptor, short what, void *memory)
{
    struct crowd *crowd = memory;
    struct pl_course *course = &crowd->course;
    (void)descriptor;
    (void)what;
    if (course->phase == PL_COURSE_BEGINNING && crowd->id[0] != '\0') {
        pl_course_enter(course, PL_COURSE_FOLLOWING);
    } else if (course->phase == PL_COURSE_FOLLOWING) {
        step_following(crowd);
    } else if (course->phase == PL_COURSE_MEASURING) {
        say(crowd);
    }
    pl_course_step(course, course->phase == PL_COURSE_DRAINING && all_told(crowd));
}

static void put_result(const struct crowd *crowd, struct pl_json_out *out)
{
    pl_json_out_member_integer(out, "viewers", crowd->course.def->viewers);
    pl_json_out_member_integer(out, "commands_sent", crowd->sent);
    pl_json_out_member_number(out, "follow_s", (double)crowd->follow_span_ns / 1e9);
    pl_json_out_member_integer(out, "empty_held", crowd->empty.held);
    pl_json_out_member_integer(out, "empty_resident", crowd->empty.resident);
}

bool pl_crowd_viewers(const struct pl_crowd_def *def, struct pl_json_out *out)
{
    struct crowd *crowd = calloc(1, sizeof *crowd);
    PL_CHECK(crowd != NULL);
    pl_course_begin(&crowd->course, def);
    crowd->viewers = calloc(def->viewers, sizeof crowd->viewers[0]);
    PL_CHECK(crowd->viewers != NULL);
    const struct pl_load_ear ear = {.context = crowd, .answered = answered, .lost = pl_course_lost};
    crowd->hands = pl_load_link_open(crowd->course.base, def->port, &ear);
    PL_CHECK(crowd->hands != NULL);
    crowd->busy = true;
    pl_course_create(&crowd->course, crowd->hands, SEED);
    pl_course_run(&crowd->course, STEP_US, on_step, crowd);
    bool good = pl_course_good(&crowd->course, all_told(crowd));
    put_result(crowd, out);
    for (uint32_t i = 0; i < def->viewers; i++) {
        pl_load_link_close(crowd->viewers[i].link);
    }
    pl_load_link_close(crowd->hands);
    pl_course_end(&crowd->course, out);
    free(crowd->viewers);
    free(crowd);
    return good;
}
