// SPDX-License-Identifier: Apache-2.0
//
// Moments and confidence intervals. Every number that the product shows with an error bar gets the
// error from here.
#ifndef PL_STATS_INTERVAL_H
#define PL_STATS_INTERVAL_H

#include <stdint.h>

/** Running moments of samples (Welford); zeroed memory is empty. */
struct pl_moments {
    uint64_t count;    /* samples */
    double mean;       /* arithmetic mean, 0 when empty */
    double square_sum; /* sum of squared distances from the mean */
};

/** An estimate with a two-sided confidence interval. */
typedef struct {
    double estimate;
    double low;
    double high;
} pl_interval;

/** Add one finite sample (checked). */
void pl_moments_add(struct pl_moments *moments, double sample);

/** Add all samples of `from` to `into` (Chan, Golub, LeVeque 1979). */
void pl_moments_merge(struct pl_moments *into, const struct pl_moments *from);

/** Unbiased sample variance; 0 below two samples. */
double pl_moments_variance(const struct pl_moments *moments);

/** Standard error of the mean of independent samples; 0 below two samples. */
double pl_moments_standard_error(const struct pl_moments *moments);

/**
 * Distribution function of Student's t.
 *
 * @param t        any finite number
 * @param freedom  degrees of freedom, above 0
 * @return probability, absolute error below 1e-13
 */
double pl_student_cdf(double t, double freedom);

/**
 * Quantile of Student's t.
 *
 * @param p        probability in (0, 1)
 * @param freedom  degrees of freedom, 1 or more
 * @return t, relative error below 1e-9 for p within 1e-6..1-1e-6
 */
double pl_student_quantile(double p, double freedom);

/**
 * Student-t interval of a mean from independent samples.
 *
 * @param moments     at least two samples (checked)
 * @param confidence  probability that the interval covers the mean, in (0, 1), e.g. 0.95
 */
pl_interval pl_interval_of_mean(const struct pl_moments *moments, double confidence);

/**
 * Interval of the mean of a correlated series by batch means: the series is cut into batches of
 * equal size (a remainder at the start is left out, like a warm-up), whose means are treated as
 * independent. Batches have to be much longer than the correlation.
 *
 * @param samples       samples[sample_count] in order of time, borrowed
 * @param sample_count  at least batch_count (checked)
 * @param batch_count   at least 2 (checked); 20 is usual
 * @param confidence    in (0, 1)
 */
pl_interval pl_interval_of_batches(const double *samples,
                                   uint64_t sample_count,
                                   uint64_t batch_count,
                                   double confidence);

/**
 * Wilson score interval of a proportion; honest near 0 and 1 and for small counts.
 *
 * @param successes   0..trials
 * @param trials      at least 1 (checked)
 * @param confidence  in (0, 1)
 */
pl_interval pl_interval_of_proportion(uint64_t successes, uint64_t trials, double confidence);

#endif
