// SPDX-License-Identifier: Apache-2.0
//
// Laws of random durations. Draws are by inversion, so that two runs that differ in a mean stay
// coupled draw by draw.
#include "model/law.h"

#include "base/check.h"
#include "base/fmath.h"

#define PL_Z99 2.3263478740408408 /* 99th percentile of N(0, 1) */

pl_law pl_law_constant(double seconds)
{
    PL_CHECK(seconds >= 0.0);
    return (pl_law){PL_LAW_CONSTANT, 0, seconds, 0.0, 0.0};
}

pl_law pl_law_exponential(double mean_s)
{
    PL_CHECK(mean_s >= 0.0);
    return (pl_law){PL_LAW_EXPONENTIAL, 0, mean_s, 0.0, 0.0};
}

static pl_law lognormal(double mu, double sigma)
{
    return (pl_law){PL_LAW_LOGNORMAL, 0, pl_exp(mu + 0.5 * sigma * sigma), mu, sigma};
}

pl_law pl_law_lognormal(double mean_s, double p99_s)
{
    PL_CHECK(mean_s > 0.0 && p99_s >= mean_s && p99_s <= 14.0 * mean_s);
    /* ln(p99/mean) = z sigma - sigma^2/2; the smaller root is the law meant. */
    double ratio = pl_log(p99_s / mean_s);
    double root = PL_Z99 * PL_Z99 - 2.0 * ratio;
    double sigma = root > 0.0 ? PL_Z99 - __builtin_sqrt(root) : PL_Z99;
    return lognormal(pl_log(mean_s) - 0.5 * sigma * sigma, sigma);
}

pl_law pl_law_lognormal_quantiles(double p50_s, double p99_s)
{
    PL_CHECK(p50_s > 0.0 && p99_s >= p50_s);
    return lognormal(pl_log(p50_s), pl_log(p99_s / p50_s) / PL_Z99);
}

pl_law pl_law_lognormal_scv(double mean_s, double scv)
{
    PL_CHECK(mean_s > 0.0 && scv > 0.0);
    double sigma = __builtin_sqrt(pl_log(1.0 + scv));
    return lognormal(pl_log(mean_s) - 0.5 * sigma * sigma, sigma);
}

pl_law pl_law_uniform(double low_s, double high_s)
{
    PL_CHECK(low_s >= 0.0 && high_s >= low_s);
    return (pl_law){PL_LAW_UNIFORM, 0, 0.5 * (low_s + high_s), low_s, high_s};
}

double pl_law_draw_other(const pl_law *law, uint64_t bits)
{
    /* What nearly all work follows: a jump through a table would often be guessed wrong. */
    if (law->kind == PL_LAW_LOGNORMAL) {
        return pl_exp(law->a + law->b * pl_random_normal(bits));
    }
    switch ((enum pl_law_kind)law->kind) {
    case PL_LAW_CONSTANT:
        return law->mean_s;
    case PL_LAW_EXPONENTIAL:
        return law->mean_s * pl_random_exp(bits);
    case PL_LAW_LOGNORMAL:
        break;
    case PL_LAW_UNIFORM:
        return law->a + (law->b - law->a) * pl_random_unit(bits);
    }
    PL_CHECK(law->kind <= PL_LAW_UNIFORM);
    return 0.0;
}
