// SPDX-License-Identifier: Apache-2.0
//
// Laws of random durations.
#ifndef PL_MODEL_LAW_H
#define PL_MODEL_LAW_H

#include "base/random.h"

#include <stdint.h>

/** Law of a random duration or amount. */
enum pl_law_kind { PL_LAW_CONSTANT, PL_LAW_EXPONENTIAL, PL_LAW_LOGNORMAL, PL_LAW_UNIFORM };

/** A law. Unit: seconds. Build with the pl_law_* functions. */
typedef struct {
    uint32_t kind; /* enum pl_law_kind */
    uint32_t reserved;
    double mean_s; /* mean of the law, >= 0 */
    double a;      /* lognormal: mu of ln seconds; uniform: low */
    double b;      /* lognormal: sigma; uniform: high */
} pl_law;

/** Always `seconds`. */
pl_law pl_law_constant(double seconds);
/** Exponential with this mean. */
pl_law pl_law_exponential(double mean_s);
/** Lognormal by mean and 99th percentile; p99 must be reachable: 1 <= p99/mean <= 14 (checked). */
pl_law pl_law_lognormal(double mean_s, double p99_s);
/** Lognormal by median and 99th percentile, p99 >= median > 0. */
pl_law pl_law_lognormal_quantiles(double p50_s, double p99_s);
/** Lognormal by mean and squared coefficient of variation (scv > 0). */
pl_law pl_law_lognormal_scv(double mean_s, double scv);
/** Uniform on low..high. */
pl_law pl_law_uniform(double low_s, double high_s);

/** One draw of a law that is not exponential. */
double pl_law_draw_other(const pl_law *law, uint64_t bits);

/** One draw in seconds, >= 0. `bits` are 64 uniform bits (base/random.h). */
static inline double pl_law_draw(const pl_law *law, uint64_t bits)
{
    if (law->kind == PL_LAW_EXPONENTIAL) {
        return law->mean_s * pl_random_exp(bits);
    }
    return pl_law_draw_other(law, bits);
}

#endif
