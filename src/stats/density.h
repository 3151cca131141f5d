// SPDX-License-Identifier: Apache-2.0
//
// Log densities from own mathematics.
#ifndef PL_STATS_DENSITY_H
#define PL_STATS_DENSITY_H

#include <stdint.h>

/** log of the gamma function for x > 0 (checked); relative error below 1e-13 (Lanczos). */
double pl_log_gamma(double x);

/**
 * The part of a multivariate Student-t log density that does not depend on the point.
 *
 * @param dims             1 or more; 0 gives 0
 * @param freedom          degrees of freedom, above 0 (checked)
 * @param log_determinant  of the scale matrix
 */
double pl_student_log_constant(uint32_t dims, double freedom, double log_determinant);

/**
 * The part that does: -(freedom + dims) / 2 log(1 + distance / freedom).
 *
 * @param dims      numbers of the point
 * @param freedom   degrees of freedom, above 0
 * @param distance  squared Mahalanobis distance under the scale matrix, 0 or more
 */
double pl_student_log_kernel(uint32_t dims, double freedom, double distance);

/**
 * Probability that an F variable is above f: the tail of distance / dims of a multivariate t.
 *
 * @param f         0 or more
 * @param freedom1  numerator, above 0
 * @param freedom2  denominator, above 0
 * @return 0..1, absolute error below 1e-12
 */
double pl_f_tail(double f, double freedom1, double freedom2);

/**
 * Regularised incomplete beta function I_x(a, b).
 *
 * @param a     above 0
 * @param b     above 0
 * @param x     0..1
 * @param rest  1 - x, given by the caller without cancellation
 * @return 0..1, absolute error below 1e-13
 */
double pl_beta_regularised(double a, double b, double x, double rest);

#endif
