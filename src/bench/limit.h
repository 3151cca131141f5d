// SPDX-License-Identifier: Apache-2.0
//
// The hand-written limit: the same queues as the engine's benchmarks, programmed by hand.
//
// Nothing here is general. Each loop knows its one model, keeps no telemetry but the sum of
// sojourns (the tandem: and their histogram) and can express nothing else. It tells what this
// machine could do at best, so that the price of the general engine can be given as a ratio from
// the same minute.
//
//   M/M/1    two hard-wired moments, the next arrival and the next departure
//   tandem   winner tree with one slot per worker, u64 keys = ticks << 6 | slot, idle workers on a
//            stack, a deadline per request in one first-in-first-out list with a single armed slot
//
// Draws are counter-based (splitmix64 finaliser), exponential by a ziggurat of 256 layers
// (Marsaglia and Tsang, J. Stat. Software 5(8), 2000). Each stream holds its next value ready, so
// that a draw is never waited for. A state is plain data without pointers, so a fork is a struct
// assignment. One unit of time is one mean service time of M/M/1, and the mean time between
// arrivals of the tandem.
#ifndef PL_BENCH_LIMIT_H
#define PL_BENCH_LIMIT_H

#include <stdint.h>

enum {
    PL_LIMIT_LAYERS = 256,
    PL_LIMIT_RING = 4096, /* waiting requests of M/M/1; 0.9^4096 is 1e-187 */
    PL_LIMIT_TIERS = 3,
    PL_LIMIT_SLOTS = 64,     /* of the tandem: 56 workers, source, deadline list */
    PL_LIMIT_REQUESTS = 512, /* in the tandem at once; the mean is 40 */
    PL_LIMIT_BUCKETS = 2048  /* 32 per octave */
};

/** One layer of the ziggurat: mantissas below `accept` are under the curve at once. */
struct pl_limit_layer {
    uint64_t accept;
    double scale; /* from mantissa to value */
};

/** Tables of the ziggurat; filled once, borrowed by every run. */
struct pl_limit_tables {
    struct pl_limit_layer layers[PL_LIMIT_LAYERS];
    double height[PL_LIMIT_LAYERS + 1]; /* exp(-x) at the right edge of a layer */
};

/** What a run has done. */
struct pl_limit_count {
    uint64_t requests; /* served to their end */
    uint64_t events;   /* moments that the clock went to */
    double sojourn;    /* sum over the requests, in units of time */
};

/** M/M/1 with load 0.9. */
struct pl_limit_mm1 {
    struct pl_limit_count count;
    double arrival; /* moment of the next one */
    double departure;
    double gap;            /* drawn ahead: until the arrival after the next */
    double service;        /* drawn ahead: of the next request that is served */
    uint64_t arrival_draw; /* counters of the two streams, spread by the golden ratio */
    uint64_t service_draw;
    uint32_t head; /* oldest request in the ring */
    uint32_t tail;
    double arrived[PL_LIMIT_RING];
};

/** A tier of the tandem. */
struct pl_limit_tier {
    uint32_t head; /* waiting requests, first in first out; 0: none */
    uint32_t tail;
    uint32_t idle_count;
    uint32_t reserved;
    uint8_t idle[32]; /* slots of idle workers, a stack */
};

/** A request of the tandem. */
struct pl_limit_request {
    uint64_t arrived;
    uint32_t next;  /* in a tier's line, or in the free list */
    uint32_t older; /* neighbours in the list of deadlines */
    uint32_t newer;
    uint32_t late; /* 1: its deadline has passed */
};

/** The tandem: 16, 32 and 8 workers, load 0.7 each. requests[0] is the null request. */
struct pl_limit_tandem {
    struct pl_limit_count count;
    uint64_t late; /* deadlines that passed */
    uint64_t tree[2 * PL_LIMIT_SLOTS];
    uint64_t draws[PL_LIMIT_TIERS + 1]; /* counters of the streams of tiers and source */
    uint64_t ticks[PL_LIMIT_TIERS + 1]; /* their next values, in ticks */
    uint32_t served[PL_LIMIT_SLOTS];    /* request at a worker */
    uint8_t tier_of[PL_LIMIT_SLOTS];
    double mean_ticks[PL_LIMIT_TIERS + 1]; /* of the streams */
    struct pl_limit_tier tiers[PL_LIMIT_TIERS];
    uint32_t free;
    uint32_t oldest; /* list of deadlines */
    uint32_t newest;
    uint32_t armed;
    uint32_t buckets[PL_LIMIT_BUCKETS];
    struct pl_limit_request requests[PL_LIMIT_REQUESTS];
};

/** Whether each request of the tandem has a deadline of 200 units, five times the mean. */
enum pl_limit_deadlines { PL_LIMIT_NO_DEADLINES, PL_LIMIT_DEADLINES };

/** Fill the tables of the ziggurat. */
void pl_limit_tables_init(struct pl_limit_tables *tables);

/** Draw an exponential value with mean 1 from 64 uniform bits. */
double pl_limit_exponential(const struct pl_limit_tables *tables, uint64_t bits);

/** Start an empty M/M/1 queue. */
void pl_limit_mm1_init(const struct pl_limit_tables *tables,
                       struct pl_limit_mm1 *queue,
                       uint64_t seed);

/** Run until this many more requests are served. */
void pl_limit_mm1_run(const struct pl_limit_tables *tables,
                      struct pl_limit_mm1 *queue,
                      uint64_t requests);

/** Start an empty tandem. */
void pl_limit_tandem_init(const struct pl_limit_tables *tables,
                          struct pl_limit_tandem *tandem,
                          uint64_t seed);

/** Let the future of a fork go its own way. */
void pl_limit_tandem_reseed(const struct pl_limit_tables *tables,
                            struct pl_limit_tandem *tandem,
                            uint64_t seed);

/**
 * Run until this many more requests are served.
 *
 * @param tables     filled
 * @param tandem     changed; always run with the same `deadlines`
 * @param requests   to serve
 * @param deadlines  whether each request gets a deadline
 */
void pl_limit_tandem_run(const struct pl_limit_tables *tables,
                         struct pl_limit_tandem *tandem,
                         uint64_t requests,
                         enum pl_limit_deadlines deadlines);

#endif
