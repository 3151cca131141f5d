// SPDX-License-Identifier: Apache-2.0
//
// Agreement of orders: rank correlations and the area under a curve.
#ifndef PL_STATS_RANK_H
#define PL_STATS_RANK_H

#include "stats/interval.h"

#include <stdint.h>

/**
 * Spearman's rank correlation, ties at mean ranks.
 *
 * @param a      a[count]
 * @param b      b[count]
 * @param count  2 or more (checked)
 * @param ranks  working memory, 2 * count numbers
 * @return -1..1; 0 when one side is constant
 */
double pl_spearman(const double *a, const double *b, uint32_t count, double *ranks);

/**
 * Kendall's tau-b, which counts ties out.
 *
 * @return -1..1; 0 when one side is constant
 */
double pl_kendall(const double *a, const double *b, uint32_t count);

/** Pearson's correlation; 0 when one side is constant. */
double pl_correlation(const double *a, const double *b, uint32_t count);

/**
 * Probability that one of `above` is larger than one of `below`, ties half (Mann-Whitney), with the
 * interval of Hanley and McNeil 1982.
 *
 * @param above        above[above_count], 1 or more (checked)
 * @param below        below[below_count], 1 or more (checked)
 * @param confidence   in (0, 1)
 * @return estimate 0..1 and bounds within 0..1
 */
pl_interval pl_auc(const double *above,
                   uint32_t above_count,
                   const double *below,
                   uint32_t below_count,
                   double confidence);

#endif
