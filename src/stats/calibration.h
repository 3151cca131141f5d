// SPDX-License-Identifier: Apache-2.0
//
// Are probabilities what they say? Also a search in one dimension, and the bootstrap.
#ifndef PL_STATS_CALIBRATION_H
#define PL_STATS_CALIBRATION_H

#include "stats/interval.h"

#include <stdint.h>

enum { PL_ECE_BINS = 10 };

/** Reliability diagram of stated probabilities; zeroed memory is empty. */
struct pl_ece {
    double stated[PL_ECE_BINS];   /* sum of probabilities */
    double happened[PL_ECE_BINS]; /* number of times it was so */
    double count[PL_ECE_BINS];
};

/** Add one statement: p in 0..1 (checked), and 1 when it was so, else 0. */
void pl_ece_add(struct pl_ece *ece, double p, uint32_t happened);

/** Expected calibration error: mean over statements of |stated - happened| of their bin. */
double pl_ece_error(const struct pl_ece *ece);

/**
 * What the calibration error would be by chance alone if every probability were right: the mean of
 * |binomial - expectation| per bin by the normal approximation. An error not above it is none.
 */
double pl_ece_chance(const struct pl_ece *ece);

/**
 * Place of the largest value of a function with one peak, by golden sections.
 *
 * @param value     called with `context` and a place
 * @param context   the caller's
 * @param low       lower end
 * @param high      upper end, above low (checked)
 * @param tolerance width at which to stop, above 0 (checked)
 */
double pl_golden_maximum(double (*value)(void *context, double x),
                         void *context,
                         double low,
                         double high,
                         double tolerance);

/** Percentile bootstrap of a statistic over units that are drawn with replacement. */
struct pl_bootstrap {
    double (*statistic)(void *context, const uint32_t *units, uint32_t count);
    void *context;     /* the caller's */
    uint32_t count;    /* units, 1 or more */
    uint32_t draws;    /* how often, 2 or more */
    uint32_t *units;   /* working memory, count numbers */
    double *results;   /* working memory, draws numbers */
    uint64_t key;      /* of the draws; the same key gives the same interval */
    double confidence; /* in (0, 1) */
};

/** Run a bootstrap: the statistic of all units as they are, and its interval. */
pl_interval pl_bootstrap_run(const struct pl_bootstrap *bootstrap);

#endif
