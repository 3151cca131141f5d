// SPDX-License-Identifier: Apache-2.0
//
// What a benchmark says, and the statistics of repeated, paired runs.
#ifndef PL_BENCH_RESULT_H
#define PL_BENCH_RESULT_H

#include "stats/interval.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_BENCH_RUNS_MIN = 5, /* of a run whose length is given in seconds */
    PL_BENCH_RUNS_MAX = 200,
    PL_BENCH_TEXT_MAX = 240
};

/** How much to do. */
struct pl_bench_plan {
    uint32_t runs;  /* 1..PL_BENCH_RUNS_MAX; not read when seconds > 0 */
    uint32_t quick; /* 1: runs of a tenth of the length, for tests */
    double seconds; /* processor time per benchmark; 0: `runs` decides */
};

/** Values of all runs, ascending. */
struct pl_bench_sample {
    uint32_t count;
    uint32_t reserved;
    double newest; /* the one added last */
    double values[PL_BENCH_RUNS_MAX];
};

/** One benchmark. NAN where a figure does not apply. Times are processor time. */
struct pl_bench_result {
    const char *name; /* of the benchmark, static */
    uint32_t runs;
    uint32_t observed; /* 1: with histograms, counters and sampled spans; 0: silent */
    uint64_t state_bytes;
    uint64_t used_bytes;        /* what a fork copies */
    double ns_per_request;      /* median over the runs */
    double ns_per_request_low;  /* fastest run */
    double ns_per_request_high; /* slowest run */
    double silent_ns_per_request;
    double events_per_request;
    double ns_per_event;
    double limit_ns_per_request; /* of the hand-written loops, in between our runs */
    double limit_ratio;          /* median over pairs; of `fork`: against its memcpy */
    double timeout_extra;        /* a timeout per request costs this share more, 0.05 is 5 % */
    double fork_us;
    double memcpy_us; /* the same bytes */
    double memcpy_ratio;
    double rollouts_per_s;     /* on one core, the other idle */
    double rollouts_per_s_two; /* on each core when two work */
    double cpu_s;              /* of the whole simulated time */
    double median_cause_cpu_s; /* of a scenario's causes */
    double simulated_s;        /* of one run or rollout */
    double measured;           /* what was checked, against `expected` */
    double expected;
    double error;          /* standard error of `measured` */
    double limit_measured; /* the same quantity of the hand-written limit */
    bool right;
    char check[PL_BENCH_TEXT_MAX]; /* one sentence: what was checked and what came out */
    char note[PL_BENCH_TEXT_MAX];  /* what was run */
};

/** Start with nothing known. */
void pl_bench_result_init(struct pl_bench_result *result, const char *name);

/** Whether another run is due after `done` runs that took `spent_s` seconds. */
bool pl_bench_more(const struct pl_bench_plan *plan, uint32_t done, double spent_s);

/** Add a value, at most PL_BENCH_RUNS_MAX. */
void pl_bench_sample_add(struct pl_bench_sample *sample, double value);

/** Median; NAN when there is none. */
double pl_bench_sample_median(const struct pl_bench_sample *sample);
/** Smallest; NAN when there is none. */
double pl_bench_sample_low(const struct pl_bench_sample *sample);
/** Largest; NAN when there is none. */
double pl_bench_sample_high(const struct pl_bench_sample *sample);

/**
 * Check a mean against theory: right when it lies within 4 standard errors of the truth and the
 * error itself is small, so that a vague run cannot pass.
 *
 * @param result       measured, expected, error, right and check are filled
 * @param what         name of the quantity for the sentence
 * @param batches      means of batches that are nearly independent
 * @param truth        expected value, not 0
 * @param error_share  largest standard error allowed, as a share of the truth
 */
void pl_bench_check_mean(struct pl_bench_result *result,
                         const char *what,
                         const struct pl_moments *batches,
                         double truth,
                         double error_share);

#endif
