// SPDX-License-Identifier: Apache-2.0
//
// Small dense linear algebra for covariances, and moments of weighted samples. Matrices are
// row-major; of symmetric ones only the lower triangle is read.
#ifndef PL_STATS_LINEAR_H
#define PL_STATS_LINEAR_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Cholesky factor of a symmetric positive definite matrix, in place: a = l l'.
 *
 * @param a     a[n][n]; its lower triangle becomes l, the rest is left alone
 * @param n     0 or more
 * @return false when the matrix is not positive definite; `a` is spoilt then
 */
bool pl_cholesky(double *a, uint32_t n) __attribute__((warn_unused_result));

/** Solve l x = b in place for a Cholesky factor; |x|^2 is then b' (l l')^-1 b. */
void pl_cholesky_forward(const double *l, uint32_t n, double *b);

/** Solve l l' x = b in place. */
void pl_cholesky_solve(const double *l, uint32_t n, double *b);

/** log determinant of l l'. */
double pl_cholesky_log_determinant(const double *l, uint32_t n);

/**
 * Weighted mean.
 *
 * @param samples  samples[count][dims]
 * @param weights  weights[count], 0 or more, sum above 0 (checked)
 * @param count    number of samples
 * @param dims     numbers per sample
 * @param mean     filled, mean[dims]
 */
void pl_weighted_mean(
    const double *samples, const double *weights, uint32_t count, uint32_t dims, double *mean);

/**
 * Unbiased weighted covariance (reliability weights): sum w d d' / (sum w - sum w^2 / sum w).
 *
 * @param samples     samples[count][dims]
 * @param weights     weights[count], 0 or more, sum above 0 (checked)
 * @param count       number of samples
 * @param dims        numbers per sample
 * @param mean        from pl_weighted_mean
 * @param covariance  filled, covariance[dims][dims], both triangles; zero when one sample has it
 * all
 */
void pl_weighted_covariance(const double *samples,
                            const double *weights,
                            uint32_t count,
                            uint32_t dims,
                            const double *mean,
                            double *covariance);

/** (sum w)^2 / sum w^2: how many equal samples the weights are worth (Kish); 0 when all are 0. */
double pl_effective_size(const double *weights, uint32_t count);

#endif
