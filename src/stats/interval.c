// SPDX-License-Identifier: Apache-2.0
#include "stats/interval.h"

#include "base/check.h"
#include "base/fmath.h"

#include <math.h>
#include <stddef.h>

enum {
    FRACTION_STEPS_MAX = 500, /* terms of the continued fraction; a few dozen are usual */
    QUANTILE_STEPS_MAX = 200  /* halvings of the bracket */
};

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

/* log of the gamma function for x > 0 (Lanczos, g = 7, nine terms). */
static double log_gamma(double x)
{
    static const double terms[9] = {0.99999999999980993,
                                    676.5203681218851,
                                    -1259.1392167224028,
                                    771.32342877765313,
                                    -176.61502916214059,
                                    12.507343278686905,
                                    -0.13857109526572012,
                                    9.9843695780195716e-6,
                                    1.5056327351493116e-7};
    static const double log_root_two_pi = 0.91893853320467274178;
    double sum = terms[0];
    double z = x - 1.0;
    for (int i = 1; i < 9; i++) {
        sum += terms[i] / (z + (double)i);
    }
    double t = z + 7.5;
    return log_root_two_pi + (z + 0.5) * pl_log(t) - t + pl_log(sum);
}

/* Keeps a denominator of Lentz's method away from zero. */
static double away_from_zero(double x)
{
    return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* Continued fraction of the incomplete beta function by the modified Lentz method (DLMF 8.17.22);
 * converges quickly for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1.0;
    double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    double value = d;
    for (int step = 1; step <= FRACTION_STEPS_MAX; step++) {
        double m = (double)step;
        double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        value *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        value *= d * c;
        if (fabs(d * c - 1.0) < 1e-16) {
            break;
        }
    }
    return value;
}

/* Regularised incomplete beta function for x in [0, 1]; `rest` is 1 - x without cancellation. */
static double beta_regularised(double a, double b, double x, double rest)
{
    if (x <= 0.0) {
        return 0.0;
    }
    if (rest <= 0.0) {
        return 1.0;
    }
    double front =
        pl_exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * pl_log(x) + b * pl_log(rest));
    if (x < (a + 1.0) / (a + b + 2.0)) {
        return front * beta_fraction(a, b, x) / a;
    }
    return 1.0 - front * beta_fraction(b, a, rest) / b;
}

double pl_student_cdf(double t, double freedom)
{
    PL_CHECK(isfinite(t));
    PL_CHECK(freedom > 0.0);
    double square = t * t;
    double x = freedom / (freedom + square);
    double rest = square / (freedom + square);
    double tail = 0.5 * beta_regularised(0.5 * freedom, 0.5, x, rest);
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
