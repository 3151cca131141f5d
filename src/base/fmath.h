// SPDX-License-Identifier: Apache-2.0
//
// exp, log, pow and the normal law from + - * / alone, so that every compiler and machine gives the
// same bits (the C library's versions differ between releases). Build with -ffp-contract=off.
// The bounds below are measured against libm in long double by fmath_test.c.
#ifndef PL_BASE_FMATH_H
#define PL_BASE_FMATH_H

#include <stdint.h>
#include <string.h>

enum { PL_EXP_POWERS = 64 };

/* log 2 in two parts; the first has 33 bits, so that its product with an exponent is exact. */
#define PL_LN2_HIGH 0x1.62e42fef00000p-1
#define PL_LN2_LOW  0x1.473de6af278edp-34

/** 2^(i/64) as the unevaluated sum of two doubles. */
struct pl_exp_power {
    double high;
    double low;
};

/** By i. */
extern const struct pl_exp_power pl_exp_powers[PL_EXP_POWERS];

/** e^x where it is no normal number, or nearly none. */
double pl_exp_edge(double x);

/** e^x, relative error below 1.5e-16; 0 below -745.13, infinity above 709.78, NaN for NaN. */
static inline double pl_exp(double x)
{
    static const double powers_over_ln2 = 0x1.71547652b82fep+6;
    if (!(x >= -700.0 && x <= 700.0)) {
        return pl_exp_edge(x);
    }
    double z = x * powers_over_ln2;
    int64_t k = (int64_t)(z + __builtin_copysign(0.5, z));
    uint64_t index = (uint64_t)k % PL_EXP_POWERS;
    double r =
        (x - (double)k * (PL_LN2_HIGH / PL_EXP_POWERS)) - (double)k * (PL_LN2_LOW / PL_EXP_POWERS);
    double r2 = r * r;
    double series = r + r2 * (0.5 + r * (1.0 / 6.0) +
                              r2 * (1.0 / 24.0 + r * (1.0 / 120.0) + r2 * (1.0 / 720.0)));
    double high = pl_exp_powers[index].high;
    double value = high + (pl_exp_powers[index].low + high * series);
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits += ((uint64_t)k - index) / PL_EXP_POWERS << 52;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/** Natural logarithm, relative error below 2e-16; x > 0 (checked), infinity for infinity. */
double pl_log(double x);

/** x^y for x > 0 (checked), relative error below 2e-16 where the result is a normal number. */
double pl_pow(double x, double y);

/** Quantile of the standard normal law for p in (0, 1); relative error near 1e-15 (AS 241). */
double pl_normal_quantile(double p);

/** Standard normal distribution function; absolute error below 2e-15. */
double pl_normal_cdf(double x);

#endif
