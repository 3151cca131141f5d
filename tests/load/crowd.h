// SPDX-License-Identifier: Apache-2.0
//
// The two loads that a server has to carry, as programs for a loop of libevent.
//
//   incidents  many live sessions, each with its stream and its player
//   viewers    many streams of one session
//
// Both send at moments that were fixed before (an open loop) and count a delay from the moment at
// which something was due, so that a server that stands still cannot hide it.
#ifndef PL_LOAD_CROWD_H
#define PL_LOAD_CROWD_H

#include "tally.h"
#include "usage.h"

#include "text/json_out.h"

#include <stdbool.h>
#include <stdint.h>

/** What is to be done. */
struct pl_crowd_def {
    const char *scenario;
    uint16_t port;
    int process; /* of the server */
    uint32_t sessions;
    uint32_t forms; /* different seeds that the sessions have */
    uint32_t viewers;
    uint32_t seconds; /* that are measured */
};

/** What both loads count. */
struct pl_crowd_counts {
    uint64_t refused;            /* answers other than 2xx */
    uint64_t missed;             /* entries that did not arrive on a stream, or not in order */
    uint64_t lost;               /* connections that broke */
    uint64_t resyncs;            /* streams that were told that they read too slowly */
    uint64_t entries;            /* heard on streams */
    uint64_t clocks;             /* events of clocks heard while it was measured */
    struct pl_tally lag;         /* from when a clock's event was due until it was heard */
    struct pl_load_usage before; /* of the server, when measuring began */
    struct pl_load_usage after;
    int64_t own_cpu_ns;  /* of the client while it was measured */
    int64_t span_ns;     /* for which it was measured */
    char complaint[400]; /* the first answer that was refused */
};

/** Count the delay of a clock's event; `data` is its JSON. */
void pl_crowd_hear_clock(struct pl_crowd_counts *counts, pl_slice data);

/** Keep the first refused answer, count all. */
void pl_crowd_refused(struct pl_crowd_counts *counts, int status, pl_slice body);

/** Start measuring: forget delays, ask for the server's use. */
void pl_crowd_begin(const struct pl_crowd_def *def, struct pl_crowd_counts *counts);

/** Stop measuring. */
void pl_crowd_end(const struct pl_crowd_def *def, struct pl_crowd_counts *counts);

/** Write all counts as members of an object. */
void pl_crowd_put(struct pl_json_out *out, struct pl_crowd_counts *counts);

/** Write quantiles of durations in milliseconds as an object under a key. */
void pl_crowd_put_tally(struct pl_json_out *out, const char *key, struct pl_tally *tally);

/** Run the incidents; writes one JSON object. False when something was refused, missed or lost. */
bool pl_crowd_incidents(const struct pl_crowd_def *def, struct pl_json_out *out);

/** Run the viewers, in the same way. */
bool pl_crowd_viewers(const struct pl_crowd_def *def, struct pl_json_out *out);

#endif
