// SPDX-License-Identifier: Apache-2.0
//
// exp, log, pow and the normal quantile from + - * / and sqrt alone, so that every compiler and
// machine gives the same bits (the C library's versions differ between releases).
// Accuracy: relative error of exp and log below 4e-16 in the ranges used; tests compare with libm.
#ifndef PL_BASE_FMATH_H
#define PL_BASE_FMATH_H

/** e^x; 0 below -745, infinity above 709.78. */
double pl_exp(double x);

/** Natural logarithm; x > 0 (checked). */
double pl_log(double x);

/** x^y for x > 0 (checked). */
double pl_pow(double x, double y);

/** Quantile of the standard normal law for p in (0, 1); absolute error below 1.2e-9 (Acklam) . */
double pl_normal_quantile(double p);

/** Standard normal distribution function; absolute error below 1e-7. */
double pl_normal_cdf(double x);

#endif
