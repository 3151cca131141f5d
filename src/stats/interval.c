// SPDX-License-Identifier: Apache-2.0
#include "stats/interval.h"

#include "base/check.h"
#include "base/fmath.h"
#include "stats/density.h"

#include <math.h>
#include <stddef.h>

enum { QUANTILE_STEPS_MAX = 200 /* halvings of the bracket */ };

void pl_moments_add(struct pl_moments *moments, double sample)
{
    PL_CHECK(moments != NULL);
    PL_CHECK(isfinite(sample));
    moments->count++;
    double distance = sample - moments->mean;
    moments->mean += distance / (double)moments->count;
    moments->square_sum += distance * (sample - moments->mean);
}

void pl_moments_merge(struct pl_moments *into, const struct pl_moments *from)
{
    PL_CHECK(into != NULL && from != NULL);
    if (from->count == 0) {
        return;
    }
    if (into->count == 0) {
        *into = *from;
        return;
    }
    double count_a = (double)into->count;
    double count_b = (double)from->count;
    double total = count_a + count_b;
    double distance = from->mean - into->mean;
    into->mean += distance * (count_b / total);
    into->square_sum += from->square_sum + distance * distance * (count_a * count_b / total);
    into->count += from->count;
}

double pl_moments_variance(const struct pl_moments *moments)
{
    PL_CHECK(moments != NULL);
    return moments->count < 2 ? 0.0 : moments->square_sum / (double)(moments->count - 1);
}

double pl_moments_standard_error(const struct pl_moments *moments)
{
    double variance = pl_moments_variance(moments);
    return moments->count < 2 ? 0.0 : sqrt(variance / (double)moments->count);
}

double pl_student_cdf(double t, double freedom)
{
    PL_CHECK(isfinite(t));
    PL_CHECK(freedom > 0.0);
    double square = t * t;
    double x = freedom / (freedom + square);
    double rest = square / (freedom + square);
    double tail = 0.5 * pl_beta_regularised(0.5 * freedom, 0.5, x, rest);
    return t > 0.0 ? 1.0 - tail : tail;
}

double pl_student_quantile(double p, double freedom)
{
    PL_CHECK(p > 0.0 && p < 1.0);
    PL_CHECK(freedom >= 1.0);
    if (!(p < 0.5 || p > 0.5)) {
        return 0.0;
    }
    double tail = p < 0.5 ? p : 1.0 - p;
    /* Work in the lower tail, where the distribution function has no cancellation. The normal
     * quantile is an inner bound because t has heavier tails. */
    double inner = pl_normal_quantile(tail) * 0.5;
    double outer = 2.0 * inner;
    while (pl_student_cdf(outer, freedom) > tail) {
        inner = outer;
        outer *= 2.0;
        PL_CHECK(isfinite(outer));
    }
    for (int step = 0; step < QUANTILE_STEPS_MAX && inner - outer > 1e-15 * -outer; step++) {
        double middle = 0.5 * (inner + outer);
        if (pl_student_cdf(middle, freedom) > tail) {
            inner = middle;
        } else {
            outer = middle;
        }
    }
    double t = 0.5 * (inner + outer);
    return p < 0.5 ? t : -t;
}

pl_interval pl_interval_of_mean(const struct pl_moments *moments, double confidence)
{
    PL_CHECK(moments != NULL);
    PL_CHECK(moments->count >= 2);
    PL_CHECK(confidence > 0.0 && confidence < 1.0);
    double t = pl_student_quantile(0.5 + 0.5 * confidence, (double)(moments->count - 1));
    double half = t * pl_moments_standard_error(moments);
    return (pl_interval){moments->mean, moments->mean - half, moments->mean + half};
}

pl_interval pl_interval_of_batches(const double *samples,
                                   uint64_t sample_count,
                                   uint64_t batch_count,
                                   double confidence)
{
    PL_CHECK(samples != NULL);
    PL_CHECK(batch_count >= 2);
    PL_CHECK(sample_count >= batch_count);
    uint64_t batch_size = sample_count / batch_count;
    uint64_t first = sample_count - batch_size * batch_count;
    struct pl_moments means = {0};
    for (uint64_t batch = 0; batch < batch_count; batch++) {
        struct pl_moments inside = {0};
        for (uint64_t i = 0; i < batch_size; i++) {
            pl_moments_add(&inside, samples[first + batch * batch_size + i]);
        }
        pl_moments_add(&means, inside.mean);
    }
    return pl_interval_of_mean(&means, confidence);
}

pl_interval pl_interval_of_proportion(uint64_t successes, uint64_t trials, double confidence)
{
    PL_CHECK(trials >= 1);
    PL_CHECK(successes <= trials);
    PL_CHECK(confidence > 0.0 && confidence < 1.0);
    double n = (double)trials;
    double share = (double)successes / n;
    double z = pl_normal_quantile(0.5 + 0.5 * confidence);
    double z2 = z * z;
    double scale = 1.0 / (1.0 + z2 / n);
    double centre = scale * (share + z2 / (2.0 * n));
    double half = scale * z * sqrt(share * (1.0 - share) / n + z2 / (4.0 * n * n));
    double low = successes == 0 ? 0.0 : centre - half;
    double high = successes == trials ? 1.0 : centre + half;
    return (pl_interval){share, low, high};
}
