// SPDX-License-Identifier: Apache-2.0
//
// All sessions of a data directory, played by many at once.
//
//   server's thread   pl_host_ask            hands over an ask, waits for nothing
//   quick threads     commands, ticks        one session after the other, each in its order
//   heavy threads     warm-ups, replays, what-if
//   a process apart   analyses, beside those who play and behind everybody
//   the writer        group commit; a command is answered when its entry is on disk
//
// A session that nobody asks for lies in the evidence log only; the first ask brings it back by
// replaying it, with its live clock where it stood. What was acknowledged survives any crash.
#ifndef PL_EXAM_HOST_H
#define PL_EXAM_HOST_H

#include "base/error.h"
#include "exam/ask.h"

#include <stdbool.h>
#include <stdint.h>

/** The host; opaque. */
struct pl_host;

/** Bounds of pl_host_def.particles, those of the judge. */
enum { PL_HOST_PARTICLES_MIN = 4, PL_HOST_PARTICLES_MAX = 128 };

/** What a host works with. */
struct pl_host_def {
    const char *content; /* value of --content, or NULL */
    const char *data;    /* directory of the evidence log, made when missing */
    uint32_t particles;  /* worlds per cause of analyses, within the bounds; 0: 16 */
    bool judges; /* analyses are made: main of this program runs a juror (exam/juror.h) when told */
    /* Told how long each transaction of the log took, on the writer's thread; may be NULL. */
    void (*measured)(void *context, int64_t duration_ns);
    void *measured_context;
    /* Told when a flush to disk has failed, on the writer's thread; nothing is acknowledged from
     * then on, and it should end the process. May be NULL. */
    void (*fatal)(void *context, const char *message);
    void *fatal_context;
    double disk_share; /* of the disk that has to be free for a new session; 0: 0.05 */
    uint32_t
        session_max; /* sessions of one owner in memory, those that are over left out; 0: 100 */
};

/** Figures about a host, for metrics. */
struct pl_host_stats {
    uint32_t sessions; /* known */
    uint32_t resident; /* in memory */
    uint32_t watchers; /* event streams */
    uint32_t analyses; /* that wait or are made */
    uint64_t entries;  /* writes to the log */
    uint64_t groups;   /* transactions that they took */
};

/**
 * Open the data directory and start the threads.
 *
 * @param host  filled with an owned handle for pl_host_close
 * @param def   texts are copied
 * @param err   sentence
 * @return PL_OK, or why content or data cannot be used
 */
pl_status pl_host_open(struct pl_host **host, const struct pl_host_def *def, pl_error *err)
    __attribute__((warn_unused_result));

/** Ask; any thread. The ask is the host's now, its reply comes from a thread of the host. */
void pl_host_ask(struct pl_host *host, struct pl_ask *ask);

/** Stop telling a watcher about a session; its `released` follows. Any thread, once. */
void pl_host_unwatch(struct pl_host *host, const char *session, struct pl_watcher *watcher);

/** Take a session that was played elsewhere into the log: the text of an export. */
pl_status
pl_host_import(struct pl_host *host, pl_slice text, const struct pl_tag *tag, pl_error *err)
    __attribute__((warn_unused_result));

/** Figures of the moment. */
void pl_host_measure(struct pl_host *host, struct pl_host_stats *stats);

/**
 * Answer what was asked, release all watchers, keep everything, end the threads and the juror. NULL
 * is allowed.
 */
void pl_host_close(struct pl_host *host);

#endif
