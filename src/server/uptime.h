// SPDX-License-Identifier: Apache-2.0
//
// When the server was up, over restarts: `uptime.txt` of the data directory has a line per run, its
// begin and the last moment at which it was seen, in seconds since 1970. A run that was killed was
// seen at most a minute before.
#ifndef PL_SERVER_UPTIME_H
#define PL_SERVER_UPTIME_H

#include "base/error.h"

#include <stdint.h>

enum {
    PL_UPTIME_RUNS_MAX = 400, /* that are kept; older ones are forgotten */
    PL_UPTIME_BEAT_S = 60     /* between two moments at which a run is seen */
};

/** One run of the server. */
struct pl_uptime_run {
    int64_t begin_s; /* seconds since 1970 */
    int64_t last_s;
};

/** All runs that are kept, oldest first; the last one goes on. */
struct pl_uptime_runs {
    uint32_t count;
    struct pl_uptime_run runs[PL_UPTIME_RUNS_MAX];
};

/** The record; opaque. */
struct pl_uptime;

/**
 * Begin a run.
 *
 * @param uptime     filled with an owned handle for pl_uptime_close
 * @param directory  of the data, must exist
 * @param err        sentence
 * @return PL_OK, PL_CORRUPT (the file is not what was written), PL_IO, PL_NO_MEMORY or PL_LIMIT
 */
pl_status pl_uptime_open(struct pl_uptime **uptime, const char *directory, pl_error *err)
    __attribute__((warn_unused_result));

/** Copy the runs, the present one until now; any thread. */
void pl_uptime_read(struct pl_uptime *uptime, struct pl_uptime_runs *runs);

/**
 * Share of a time in which the server was up. What lies before the first run does not count.
 *
 * @param runs    oldest first
 * @param now_s   end of the time
 * @param span_s  its length, above 0
 * @return 0..1; 1 when nothing counts
 */
double pl_uptime_share(const struct pl_uptime_runs *runs, int64_t now_s, int64_t span_s);

/** End the run and free the handle. NULL is allowed. */
void pl_uptime_close(struct pl_uptime *uptime);

#endif
