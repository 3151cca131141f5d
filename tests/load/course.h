// SPDX-License-Identifier: Apache-2.0
//
// What both loads have in common: how far one is, what it counts, how a session is made and heard.
//
//   beginning --> following --> settling --> measuring --> draining --> the end
#ifndef PL_LOAD_COURSE_H
#define PL_LOAD_COURSE_H

#include "crowd.h"
#include "link.h"
#include "tally.h"
#include "usage.h"

#include <event2/event.h>

#define PL_COURSE_SECOND_NS INT64_C(1000000000)

enum {
    PL_COURSE_ID_SIZE = 40,  /* bytes of a session's id with its terminator */
    PL_COURSE_PATH_SIZE = 96 /* the same for the path of a call */
};

/** How far a load is. */
enum pl_course_phase {
    PL_COURSE_BEGINNING,
    PL_COURSE_FOLLOWING,
    PL_COURSE_SETTLING,  /* every stream has heard its clock */
    PL_COURSE_MEASURING, /* delays count from here */
    PL_COURSE_DRAINING   /* until all is told that was acknowledged */
};

/** What is counted. */
struct pl_course_counts {
    uint64_t refused;            /* answers other than 2xx */
    uint64_t missed;             /* entries that did not arrive on a stream, or not in order */
    uint64_t lost;               /* connections that broke */
    uint64_t resyncs;            /* streams that were told that they read too slowly */
    uint64_t entries;            /* heard on streams */
    uint64_t clocks;             /* events of clocks heard while it was measured */
    uint64_t ticking;            /* streams that have heard their clock */
    struct pl_tally lag;         /* from when a clock's event was due until it was heard */
    struct pl_load_usage before; /* of the server, well before measuring began */
    struct pl_load_usage after;  /* when all was told */
    int64_t cpu_ns;              /* of the server while it was measured */
    int64_t own_cpu_ns;          /* of the client */
    int64_t span_ns;             /* for which it was measured */
    char complaint[400];         /* the first answer that was refused */
};

/** A load on its way. */
struct pl_course {
    const struct pl_crowd_def *def;
    struct event_base *base;
    struct event *timer;
    enum pl_course_phase phase;
    int64_t since_ns; /* when the phase began */
    struct pl_course_counts counts;
    struct pl_tally actions; /* from when one was due until it was answered */
    struct pl_tally shown;   /* from when one was due until its entry was heard */
};

/** What one stream has heard. */
struct pl_course_heard {
    int64_t seq; /* of its last entry */
    bool ticks;  /* its clock */
};

/** Make the loop. */
void pl_course_begin(struct pl_course *course, const struct pl_crowd_def *def);

/**
 * Run the loop until the course has ended.
 *
 * @param course   begun
 * @param step_us  between two calls
 * @param step     called with `context`; it steps on
 */
void pl_course_run(struct pl_course *course,
                   int step_us,
                   void (*step)(evutil_socket_t descriptor, short what, void *context),
                   void *context);

/** Enter a phase. */
void pl_course_enter(struct pl_course *course, enum pl_course_phase phase);

/** Nanoseconds since the phase began. */
int64_t pl_course_in(const struct pl_course *course);

/** Go on in the last three phases; `all_told` says that nothing is waited for. */
void pl_course_step(struct pl_course *course, bool all_told);

/** True when it came to its end, and nothing was refused, missed or lost on the way. */
bool pl_course_good(const struct pl_course *course, bool all_told);

/** Write what was counted as members of an object, then give the loop back. */
void pl_course_end(struct pl_course *course, struct pl_json_out *out);

/** Count a broken connection; `context` is the course. */
void pl_course_lost(void *context);

/** Keep the first refused answer, count all. */
void pl_course_refused(struct pl_course *course, int status, pl_slice body);

/** Ask for a live session at speed 1. */
void pl_course_create(const struct pl_course *course, struct pl_load_link *link, uint32_t seed);

/** Id of the session that was made; false when the answer is another one. */
bool pl_course_created(int status, pl_slice body, char id[PL_COURSE_ID_SIZE]);

/** Open a connection and follow a session from its first entry on. */
struct pl_load_link *
pl_course_follow(const struct pl_course *course, const char *id, const struct pl_load_ear *ear);

/** Put a command; `key` may be NULL. */
void pl_course_command(struct pl_load_link *link,
                       const char *id,
                       const char *key,
                       const char *command);

/** Number of the entry in an answer `{"seq":N,...`; 0 for null and for other answers. */
int64_t pl_course_seq(int status, pl_slice body);

/** Count an event of a stream. True for an entry. */
bool pl_course_hear(struct pl_course *course,
                    struct pl_course_heard *heard,
                    const struct pl_load_event *event);

/** Write quantiles of durations in milliseconds as an object under a key. */
void pl_course_put_tally(struct pl_json_out *out, const char *key, struct pl_tally *tally);

#endif
