// SPDX-License-Identifier: Apache-2.0
#include "stats/density.h"

#include "base/check.h"
#include "base/fmath.h"

#include <math.h>

enum { FRACTION_STEPS_MAX = 500 /* terms of the continued fraction; a few dozen are usual */ };

/* Lanczos, g = 7, nine terms. */
double pl_log_gamma(double x)
{
    PL_CHECK(x > 0.0);
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

double pl_beta_regularised(double a, double b, double x, double rest)
{
    if (x <= 0.0) {
        return 0.0;
    }
    if (rest <= 0.0) {
        return 1.0;
    }
    double front = pl_exp(pl_log_gamma(a + b) - pl_log_gamma(a) - pl_log_gamma(b) + a * pl_log(x) +
                          b * pl_log(rest));
    if (x < (a + 1.0) / (a + b + 2.0)) {
        return front * beta_fraction(a, b, x) / a;
    }
    return 1.0 - front * beta_fraction(b, a, rest) / b;
}

double pl_f_tail(double f, double freedom1, double freedom2)
{
    PL_CHECK(freedom1 > 0.0 && freedom2 > 0.0);
    if (!(f > 0.0)) {
        return 1.0;
    }
    double sum = freedom2 + freedom1 * f;
    return pl_beta_regularised(0.5 * freedom2, 0.5 * freedom1, freedom2 / sum, freedom1 * f / sum);
}

double pl_student_log_constant(uint32_t dims, double freedom, double log_determinant)
{
    static const double log_pi = 1.1447298858494001741;
    PL_CHECK(freedom > 0.0);
    if (dims == 0) {
        return 0.0;
    }
    double n = (double)dims;
    return pl_log_gamma(0.5 * (freedom + n)) - pl_log_gamma(0.5 * freedom) -
           0.5 * n * (log_pi + pl_log(freedom)) - 0.5 * log_determinant;
}

double pl_student_log_kernel(uint32_t dims, double freedom, double distance)
{
    return dims == 0 ? 0.0 : -0.5 * (freedom + (double)dims) * pl_log(1.0 + distance / freedom);
}
