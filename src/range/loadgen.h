// SPDX-License-Identifier: Apache-2.0
//
// Open-loop HTTP load on a server of this machine, measured honestly.
//
// Requests are due at moments that a seeded law fixed before the run (range/arrivals.h). The sender
// sleeps until 60 us before the next moment and then spins. Latency counts from the moment at which
// a request was due, so a request that had to wait for a connection, or behind a server that stood
// still, carries that wait; none is left out. How late the sender itself was is measured too, and a
// run whose sender was late by more than 1 ms at the 99th percentile says so and is not to be used
// (pl_loadgen_usable).
//
// A user may lose patience: the connection is closed, because HTTP/1.1 has no other way to take a
// request back, and the user tries again after a pause, as often as allowed. An answer of 500 or
// above counts as a failed attempt too.
#ifndef PL_RANGE_LOADGEN_H
#define PL_RANGE_LOADGEN_H

#include "base/error.h"
#include "stats/histogram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PL_LOADGEN_CONNECTIONS_MAX = 4096,
    PL_LOADGEN_OPS_MAX = 16777216,
    PL_LOADGEN_REQUEST_MAX = 1024,
    PL_LOADGEN_RETRIES_MAX = 20
};

/** Lateness of the sender at the 99th percentile above which a run is not usable. */
#define PL_LOADGEN_LATENESS_LIMIT_NS INT64_C(1000000)

/** A request as it goes over the wire. */
struct pl_loadgen_request {
    uint32_t kind; /* class for the caller */
    uint32_t size;
    char bytes[PL_LOADGEN_REQUEST_MAX];
};

/**
 * Write the request number `index`.
 *
 * @param context  of the definition
 * @param index    from 0, in order of the moments
 * @param request  kind, size and bytes are to be filled
 */
typedef void pl_loadgen_write(void *context, uint64_t index, struct pl_loadgen_request *request);

/** A run. */
struct pl_loadgen_def {
    double rate;            /* requests per second, see range/arrivals.h */
    uint64_t seed;          /* of the arrivals */
    int64_t duration_ns;    /* requests are due in this time */
    int64_t drain_ns;       /* wait for answers this long afterwards */
    int64_t patience_ns;    /* an attempt is given up after this; 0: never */
    int64_t retry_after_ns; /* pause before the next attempt */
    uint32_t retries;       /* attempts after the first, 0..PL_LOADGEN_RETRIES_MAX */
    uint32_t law;           /* enum pl_arrival_law */
    uint32_t connections;   /* open at once, 1..PL_LOADGEN_CONNECTIONS_MAX */
    uint16_t port;          /* of 127.0.0.1 */
    uint16_t reserved;
    pl_loadgen_write *write;
    void *context;
};

/** How a request ended. */
enum pl_loadgen_outcome {
    PL_LOADGEN_WAITING, /* not before the end of the drain */
    PL_LOADGEN_OK,      /* answered below 500 */
    PL_LOADGEN_ERROR,   /* last attempt: 500 or above, or the connection broke */
    PL_LOADGEN_LEFT     /* last attempt: out of patience */
};

/** One request of a user, with all of its attempts. Times are from the start of the run. */
struct pl_loadgen_op {
    int64_t due_ns;     /* moment fixed before the run */
    int64_t attempt_ns; /* when the last attempt was due */
    int64_t sent_ns;    /* last attempt handed to the kernel, -1: never */
    int64_t done_ns;    /* end of the last attempt, -1: WAITING */
    uint32_t kind;
    uint16_t status; /* HTTP status of the last answer, 0: none */
    uint8_t outcome; /* enum pl_loadgen_outcome */
    uint8_t attempts;
};

/** A run in numbers. */
struct pl_loadgen_report {
    uint64_t due;      /* requests that the law asked for */
    uint64_t sent;     /* of them, sent at least once */
    uint64_t attempts; /* requests sent, retries included */
    uint64_t ok;
    uint64_t errors;
    uint64_t left;
    uint64_t waiting;
    uint32_t open_max; /* most connections open at once */
    uint32_t reserved;
    int64_t cpu_ns;                  /* processor time of the sender */
    struct pl_histogram latency;     /* OK: from the moment due to the answer, all attempts */
    struct pl_histogram exchange;    /* OK: from sending the last attempt to the answer */
    struct pl_histogram lateness;    /* sent late although a connection was free */
    struct pl_histogram connections; /* wait for a connection, where none was free */
};

/**
 * Run a load and wait for its answers.
 *
 * @param def     ranges as said above (checked)
 * @param ops     filled, ops[ops_max]
 * @param ops_max at most PL_LOADGEN_OPS_MAX; the run fails when the law asks for more
 * @param report  filled; report->due ops are filled
 * @param err     filled on failure
 * @return PL_OK, PL_LIMIT (ops_max, descriptors), PL_NO_MEMORY or PL_IO
 */
pl_status pl_loadgen_run(const struct pl_loadgen_def *def,
                         struct pl_loadgen_op *ops,
                         uint32_t ops_max,
                         struct pl_loadgen_report *report,
                         pl_error *err) __attribute__((warn_unused_result));

/** True when nothing was omitted and the sender was in time: only then may a run be graded. */
bool pl_loadgen_usable(const struct pl_loadgen_report *report);

#endif
