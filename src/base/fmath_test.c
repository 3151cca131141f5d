// SPDX-License-Identifier: Apache-2.0
//
// The functions keep the accuracy that their header states, measured against libm in long double
// (64 bits of mantissa, where the machine has it), and give fixed bits.
#include "base/fmath.h"

#include "base/random.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { POINT_COUNT = 200000 };

/* On machines where long double is double, libm itself is off by half a unit. */
static const double slack = LDBL_MANT_DIG > 53 ? 0.0 : 2.3e-16;

static double uniform(uint64_t stream, uint64_t i, double low, double high)
{
    return low + (high - low) * pl_random_unit(pl_random_bits(pl_random_child(99, stream), i));
}

static double relative_error(double value, long double truth)
{
    return (double)fabsl(((long double)value - truth) / truth);
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static void exp_is_accurate(void **state)
{
    (void)state;
    double worst = 0.0;
    for (uint64_t i = 0; i < POINT_COUNT; i++) {
        double x = i % 2 ? uniform(1, i, -2.0, 2.0) : uniform(1, i, -708.0, 709.7);
        worst = fmax(worst, relative_error(pl_exp(x), expl((long double)x)));
    }
    assert_true(worst < 1.5e-16 + slack);
}

static void log_is_accurate(void **state)
{
    (void)state;
    double worst = 0.0;
    for (uint64_t i = 0; i < POINT_COUNT; i++) {
        double x = i % 3 == 0   ? (double)expl((long double)uniform(2, i, -740.0, 709.0))
                   : i % 3 == 1 ? uniform(2, i, 0.3, 2.3)
                                : 1.0 + uniform(2, i, -1e-3, 1e-3);
        worst = fmax(worst, relative_error(pl_log(x), logl((long double)x)));
    }
    assert_true(worst < 2e-16 + slack);
}

static void pow_is_accurate(void **state)
{
    (void)state;
    double worst = 0.0;
    for (uint64_t i = 0; i < POINT_COUNT; i++) {
        double x = (double)expl((long double)uniform(3, i, -10.0, 10.0));
        double y = uniform(4, i, -60.0, 60.0);
        if (i % 2) {
            x = 1.0 + uniform(3, i, -0.01, 0.01);
            y = uniform(4, i, -60000.0, 60000.0);
        }
        worst = fmax(worst, relative_error(pl_pow(x, y), powl((long double)x, (long double)y)));
    }
    assert_true(worst < 2e-16 + slack);
}

static void edges(void **state)
{
    (void)state;
    assert_true(bits_of(pl_exp(0.0)) == bits_of(1.0));
    assert_true(bits_of(pl_log(1.0)) == bits_of(0.0));
    assert_true(bits_of(pl_pow(10.0, 3.0)) == bits_of(1000.0));
    assert_true(bits_of(pl_pow(2.0, 0.5)) == bits_of(sqrt(2.0)));
    assert_true(bits_of(pl_pow(1.0, 1e300)) == bits_of(1.0));
    assert_true(bits_of(pl_pow(7.0, 0.0)) == bits_of(1.0));
    assert_true(isinf(pl_exp(710.0)) && isfinite(pl_exp(709.78)));
    assert_true(pl_exp(-746.0) < DBL_MIN && bits_of(pl_exp(-746.0)) == 0);
    assert_true(bits_of(pl_exp(-745.0)) == 1);
    assert_true(isinf(pl_pow(10.0, 309.0)) && isfinite(pl_pow(10.0, 308.0)));
    assert_true(bits_of(pl_pow(10.0, -330.0)) == 0);
    assert_true(isinf(pl_log(HUGE_VAL)) && isinf(pl_pow(HUGE_VAL, 1.0)));
    assert_true(isnan(pl_exp(nan(""))));
}

/* These bits must be the same from every compiler, level and machine. */
static void bits_are_fixed(void **state)
{
    (void)state;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < 20000; i++) {
        double u = uniform(5, i, 0.0, 1.0);
        sum = pl_random_mix(sum ^ bits_of(pl_exp(u * 40.0 - 20.0)));
        sum = pl_random_mix(sum ^ bits_of(pl_log(u)));
        sum = pl_random_mix(sum ^ bits_of(pl_pow(u, 1.7)));
        sum = pl_random_mix(sum ^ bits_of(pl_normal_quantile(u)));
        sum = pl_random_mix(sum ^ bits_of(pl_normal_cdf(u * 12.0 - 6.0)));
    }
    assert_int_equal(sum, UINT64_C(0x8e4e24e88314b142));
}

static void normal_law(void **state)
{
    (void)state;
    double worst = 0.0;
    for (uint64_t i = 0; i < POINT_COUNT; i++) {
        double x = uniform(6, i, -10.0, 10.0);
        double truth = 0.5 * erfc(-x / sqrt(2.0));
        worst = fmax(worst, fabs(pl_normal_cdf(x) - truth));
    }
    assert_true(worst < 2e-15);
    assert_true(fabs(pl_normal_quantile(0.975) - 1.959963984540054) < 2e-15);
    assert_true(fabs(pl_normal_quantile(1e-10) + 6.361340902404056) < 1e-14);
    assert_true(bits_of(pl_normal_quantile(0.5)) == bits_of(0.0));
    double error = 0.0;
    for (uint64_t i = 0; i < POINT_COUNT; i++) {
        double p = pl_exp(-uniform(7, i, 0.7, 690.0));
        double x = pl_normal_quantile(p);
        double density = exp(-0.5 * x * x) / sqrt(2.0 * acos(-1.0));
        long double back = 0.5L * erfcl(-(long double)x / sqrtl(2.0L));
        error = fmax(error, (double)fabsl((back - (long double)p) / (long double)(density * x)));
    }
    assert_true(error < 2e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_accurate),
        cmocka_unit_test(log_is_accurate),
        cmocka_unit_test(pow_is_accurate),
        cmocka_unit_test(edges),
        cmocka_unit_test(bits_are_fixed),
        cmocka_unit_test(normal_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
