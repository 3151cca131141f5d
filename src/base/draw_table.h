// SPDX-License-Identifier: Apache-2.0
//
// Constants of the inversions in random.h.
//
// Logarithm: a factor c near 1/m for each 128th of the mantissa m, with log c (Tang, ACM TOMS 16,
// 1990). The last factor is 1/2 exactly, so that log u keeps its digits where u is close to 1.
// Normal quantile: for each eighth of an octave of the tail's probability v the polynomial of
// degree 5 through the Chebyshev nodes, in t = m - (middle of the eighth), m the mantissa of v.
// The first row is the eighth below 1/2, the last one the eighth above 2^-14.
#ifndef PL_BASE_DRAW_TABLE_H
#define PL_BASE_DRAW_TABLE_H

enum { PL_DRAW_LOGS = 128, PL_DRAW_QUANTILES = 13 * 8, PL_DRAW_DEGREE = 5 };

/** Factor c and log c. */
struct pl_draw_log {
    double factor;
    double log_factor;
};

/** Coefficients of t^0 .. t^5. */
struct pl_draw_quantile {
    double c[PL_DRAW_DEGREE + 1];
};

/** By the upper 7 bits of the mantissa. */
extern const struct pl_draw_log pl_draw_logs[PL_DRAW_LOGS];

/** By how many eighths of octaves v lies below 1/2. */
extern const struct pl_draw_quantile pl_draw_quantiles[PL_DRAW_QUANTILES];

#endif
