// SPDX-License-Identifier: Apache-2.0
//
// exp, log, pow and the normal law from + - * / alone, so that every compiler and machine gives the
// same bits (the C library's versions differ between releases). Build with -ffp-contract=off.
// The bounds below are measured against libm in long double by fmath_test.c.
#ifndef PL_BASE_FMATH_H
#define PL_BASE_FMATH_H

/** e^x, relative error below 1.5e-16; 0 below -745.13, infinity above 709.78, NaN for NaN. */
double pl_exp(double x);

/** Natural logarithm, relative error below 2e-16; x > 0 (checked), infinity for infinity. */
double pl_log(double x);

/** x^y for x > 0 (checked), relative error below 2e-16 where the result is a normal number. */
double pl_pow(double x, double y);

/** Quantile of the standard normal law for p in (0, 1); relative error near 1e-15 (AS 241). */
double pl_normal_quantile(double p);

/** Standard normal distribution function; absolute error below 2e-15. */
double pl_normal_cdf(double x);

#endif
