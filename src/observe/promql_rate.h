// SPDX-License-Identifier: Apache-2.0
//
// Functions over a range of samples: rate and its relatives.
#ifndef PL_OBSERVE_PROMQL_RATE_H
#define PL_OBSERVE_PROMQL_RATE_H

#include <stdint.h>

/** Samples of one range, oldest first; NaN where nothing was scraped. */
struct pl_range {
    const double *values;
    uint32_t count;
    double interval_s; /* between two samples */
    double range_s;    /* what was written in the brackets; ends at the last sample */
};

/** Value of a range function (enum pl_promql_function), NaN when it has none. */
double pl_range_apply(uint32_t function, const struct pl_range *range);

#endif
