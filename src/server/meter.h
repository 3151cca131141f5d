// SPDX-License-Identifier: Apache-2.0
//
// What the server counts about itself. Any thread may count and read; the counters are atomic.
//
// Durations go into buckets whose bounds grow by the fourth root of two, so that a quantile is
// exact to 19 %; a quantile is told as the upper bound of its bucket, never better than it was.
#ifndef PL_SERVER_METER_H
#define PL_SERVER_METER_H

#include "base/buf.h"
#include "server/codes.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    PL_METER_BUCKETS = 104, /* bounds from 10 us; the last one has no bound */
    PL_METER_CLASSES = 6    /* classes of HTTP statuses: 2 for 2xx ... 5 for 5xx */
};

/** What a response is of. */
enum pl_meter_kind {
    PL_METER_READ,   /* GET of the API */
    PL_METER_CHANGE, /* whatever changes something: commands wait for the disk */
    PL_METER_PAGE,   /* pages and files */
    PL_METER_KINDS
};

/** Durations of one kind of work. */
struct pl_meter_times {
    atomic_ullong buckets[PL_METER_BUCKETS];
    atomic_ullong sum_ns;
};

/** All counters; zeroed memory is a fresh meter but for `start_ns`. */
struct pl_meter {
    int64_t start_ns;                /* monotonic, when the server began */
    int64_t start_wall_ns;           /* the same by the wall clock */
    struct pl_meter_times responses; /* from the complete head to the answer, streams left out */
    struct pl_meter_times kinds[PL_METER_KINDS]; /* the same, apart */
    struct pl_meter_times queries;               /* reads and commits of the store */
    atomic_ullong classes[PL_METER_CLASSES];
    atomic_ullong codes[PL_CODES_COUNT]; /* answers with this error */
    atomic_uint connections;             /* open now */
    atomic_uint streams;                 /* open now */
    atomic_ullong events;                /* sent on streams */
    atomic_ullong resyncs;               /* streams that were told to resync */
};

/** Count a duration of 0 or more nanoseconds. */
void pl_meter_count(struct pl_meter_times *times, int64_t duration_ns);

/** Count an answer with its HTTP status and how long it took. */
void pl_meter_answer(struct pl_meter *meter,
                     enum pl_meter_kind kind,
                     int status,
                     int64_t duration_ns);

/** What answers of a kind are called, for people. */
const char *pl_meter_kind_title(enum pl_meter_kind kind);

/** Number of durations counted. */
uint64_t pl_meter_number(const struct pl_meter_times *times);

/**
 * A quantile of the durations, as the upper bound of its bucket in nanoseconds.
 *
 * @param share  0..1
 * @return 0 when nothing was counted
 */
int64_t pl_meter_quantile(const struct pl_meter_times *times, double share);

/** Share of answers with 5xx, 0 when there was none. */
double pl_meter_error_share(const struct pl_meter *meter);

/** Append all counters in the text format of Prometheus. */
void pl_meter_put_prometheus(struct pl_buf *buf, const struct pl_meter *meter);

/** A figure of the server beside its target. */
struct pl_meter_figure {
    const char *name;  /* `response_p99_ms` */
    const char *title; /* for people */
    const char *unit;
    double value;
    double target; /* the value is to be below it, or above it when `above` */
    bool above;
    bool met;       /* also when nothing was counted yet */
    uint64_t count; /* of what it was computed from */
};

enum { PL_METER_FIGURES = 6 };

/** Fill figures[PL_METER_FIGURES]: response p50, p99, errors, query p50, p99, availability. */
void pl_meter_figures(const struct pl_meter *meter, struct pl_meter_figure *figures);

#endif
