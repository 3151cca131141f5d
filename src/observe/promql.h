// SPDX-License-Identifier: Apache-2.0
//
// Evaluation of compiled queries over the scraped series.
//
// A query is evaluated at every step of a grid at once: a vector is a block of rows, each with a
// label set and one number per step, NaN where there is no value (this includes Prometheus' own
// NaN). As in Prometheus:
//   - an instant selector looks back at most five minutes for the newest sample;
//   - rate, increase and delta need two samples and extrapolate to the ends of their range;
//   - counters that fall have restarted.
#ifndef PL_OBSERVE_PROMQL_H
#define PL_OBSERVE_PROMQL_H

#include "base/error.h"
#include "observe/promql_types.h"
#include "observe/series.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PL_PROMQL_ROWS_MAX = 8192,
    PL_PROMQL_POINTS_MAX = 1 << 20, /* rows times steps */
    PL_PROMQL_STEPS_MAX = 256,
    PL_PROMQL_SLOTS = 16384
};

/** Moments of evaluation: samples first, first + stride, ... */
struct pl_promql_grid {
    uint32_t first;  /* sample */
    uint32_t stride; /* samples between two steps, at least 1 */
    uint32_t count;  /* steps, 1..PL_PROMQL_STEPS_MAX */
};

/** Scratch memory of an evaluation. */
struct pl_promql_work {
    struct pl_labels *labels; /* [PL_PROMQL_ROWS_MAX] */
    double *points;           /* [PL_PROMQL_POINTS_MAX] */
    double *column;           /* [sample_max] */
    uint32_t *slots;          /* [PL_PROMQL_SLOTS] */
    uint32_t *group;          /* [PL_PROMQL_ROWS_MAX] group of a row */
    uint32_t sample_max;
    uint32_t reserved;
};

/** Bytes of scratch memory. */
size_t pl_promql_work_size(uint32_t sample_max);

/** Lay out scratch memory, aligned to 16, pl_promql_work_size bytes. */
void pl_promql_work_init(struct pl_promql_work *work, void *memory, uint32_t sample_max);

/** The outcome; lies in the scratch memory until its next use. */
struct pl_promql_result {
    uint32_t row_count;
    uint32_t steps;
    uint32_t is_scalar;
    uint32_t reserved;
    const struct pl_labels *labels; /* labels[row] */
    const double *points;           /* points[row * steps + step] */
};

/**
 * Evaluate a query.
 *
 * @param series   source
 * @param program  compiled
 * @param grid     its last sample has been scraped
 * @param work     scratch
 * @param result   filled
 * @param err      sentence: too many series, or labels that match more than once
 */
pl_status pl_promql_eval(const struct pl_series *series,
                         const struct pl_promql *program,
                         const struct pl_promql_grid *grid,
                         struct pl_promql_work *work,
                         struct pl_promql_result *result,
                         pl_error *err) __attribute__((warn_unused_result));

/**
 * Quantile of a cumulative histogram by linear interpolation, as histogram_quantile does.
 *
 * @param q       0..1
 * @param bounds  upper bounds, ascending, the last is infinite
 * @param counts  cumulative counts, counts[count]
 * @param count   number of buckets, at least 2
 * @return the quantile; the last finite bound when it lies in the last bucket; NaN when empty
 */
double pl_promql_quantile(double q, const double *bounds, const double *counts, uint32_t count);

#endif
