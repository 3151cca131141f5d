// SPDX-License-Identifier: Apache-2.0
//
// Known values from statistical tables, and coverage by simulation.
#include "stats/interval.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.15g is not within %g of %.15g", value, tolerance, expected);
    }
}

static void moments_of_known_samples(void **state)
{
    (void)state;
    static const double samples[] = {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0};
    struct pl_moments moments = {0};
    assert_near(pl_moments_variance(&moments), 0.0, 0.0);
    for (int i = 0; i < 8; i++) {
        pl_moments_add(&moments, samples[i]);
    }
    assert_near(moments.mean, 5.0, 1e-15);
    assert_near(pl_moments_variance(&moments), 32.0 / 7.0, 1e-14);
    assert_near(pl_moments_standard_error(&moments), sqrt(32.0 / 7.0 / 8.0), 1e-14);
}

static void merge_equals_adding_all(void **state)
{
    (void)state;
    struct pl_moments all = {0};
    struct pl_moments parts[2] = {{0}};
    for (uint64_t i = 0; i < 1000; i++) {
        double sample = 1e6 + pl_random_normal(pl_random_bits(1, i));
        pl_moments_add(&all, sample);
        pl_moments_add(&parts[i < 300], sample);
    }
    pl_moments_merge(&parts[0], &parts[1]);
    assert_int_equal(parts[0].count, 1000);
    assert_near(parts[0].mean, all.mean, 1e-9);
    assert_near(pl_moments_variance(&parts[0]), pl_moments_variance(&all), 1e-9);
}

static void student_values(void **state)
{
    (void)state;
    /* 0.975 quantiles with 12 digits; one and two degrees also in closed form. */
    static const struct {
        double freedom;
        double expected;
    } cases[] = {
        {1.0, 12.706204736175},
        {2.0, 4.302652729749},
        {5.0, 2.570581835636},
        {9.0, 2.262157162798},
        {19.0, 2.093024054408},
        {30.0, 2.042272456301},
        {100.0, 1.983971518524},
        {1000.0, 1.962339080826},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_near(pl_student_quantile(0.975, cases[i].freedom), cases[i].expected, 2e-11);
        assert_near(pl_student_quantile(0.025, cases[i].freedom), -cases[i].expected, 2e-11);
    }
    for (int i = 1; i < 100; i++) {
        double p = i / 100.0;
        double pi = acos(-1.0);
        assert_near(pl_student_quantile(p, 1.0), tan(pi * (p - 0.5)), 1e-9);
        double two = (2.0 * p - 1.0) / sqrt(2.0 * p * (1.0 - p));
        assert_near(pl_student_quantile(p, 2.0), two, 1e-9);
        assert_near(pl_student_cdf(pl_student_quantile(p, 7.0), 7.0), p, 1e-13);
    }
    assert_near(pl_student_cdf(0.0, 3.0), 0.5, 1e-15);
    assert_near(pl_student_quantile(0.975, 1e7), 1.959963984540, 1e-6);
}

static void interval_of_the_mean(void **state)
{
    (void)state;
    struct pl_moments moments = {0};
    for (int i = 1; i <= 10; i++) {
        pl_moments_add(&moments, (double)i);
    }
    pl_interval interval = pl_interval_of_mean(&moments, 0.95);
    assert_near(interval.estimate, 5.5, 1e-15);
    /* 5.5 -+ 2.262157 * sqrt(9.16667 / 10) */
    assert_near(interval.low, 5.5 - 2.262157162798 * sqrt(55.0 / 6.0 / 10.0), 1e-10);
    assert_near(interval.high, 5.5 + 2.262157162798 * sqrt(55.0 / 6.0 / 10.0), 1e-10);
}

static void wilson_known_values(void **state)
{
    (void)state;
    /* Newcombe, Statistics in Medicine 17 (1998), table I: 81/263, 15/148, 0/20, 1/29. */
    static const struct {
        uint64_t successes;
        uint64_t trials;
        double low;
        double high;
    } cases[] = {
        {81, 263, 0.2553, 0.3662},
        {15, 148, 0.0624, 0.1605},
        {0, 20, 0.0, 0.1611},
        {1, 29, 0.0061, 0.1718},
        {20, 20, 0.8389, 1.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_interval interval = pl_interval_of_proportion(cases[i].successes, cases[i].trials, 0.95);
        assert_near(interval.low, cases[i].low, 5.1e-5);
        assert_near(interval.high, cases[i].high, 5.1e-5);
    }
}

/* An AR(1) series with correlation 0.9: the naive interval covers far too rarely, batches do. */
static void batches_cover_a_correlated_mean(void **state)
{
    (void)state;
    enum { RUNS = 400, LENGTH = 4000 };
    static double series[LENGTH];
    int covered = 0;
    int naive_covered = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        uint64_t key = pl_random_child(11, run);
        double value = 0.0;
        struct pl_moments naive = {0};
        for (uint64_t i = 0; i < LENGTH; i++) {
            value = 0.9 * value + pl_random_normal(pl_random_bits(key, i));
            series[i] = value;
            pl_moments_add(&naive, value);
        }
        pl_interval interval = pl_interval_of_batches(series, LENGTH, 20, 0.95);
        covered += interval.low <= 0.0 && interval.high >= 0.0;
        pl_interval narrow = pl_interval_of_mean(&naive, 0.95);
        naive_covered += narrow.low <= 0.0 && narrow.high >= 0.0;
    }
    assert_in_range(covered, RUNS * 90 / 100, RUNS * 98 / 100);
    assert_true(naive_covered < RUNS * 60 / 100);
}

static void batches_leave_out_the_remainder_at_the_start(void **state)
{
    (void)state;
    static const double samples[] = {1000.0, 1.0, 3.0, 3.0, 5.0};
    pl_interval interval = pl_interval_of_batches(samples, 5, 2, 0.95);
    assert_near(interval.estimate, 3.0, 1e-15);
    assert_near(interval.high, 3.0 + 12.706204736175, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_of_known_samples),
        cmocka_unit_test(merge_equals_adding_all),
        cmocka_unit_test(student_values),
        cmocka_unit_test(interval_of_the_mean),
        cmocka_unit_test(wilson_known_values),
        cmocka_unit_test(batches_cover_a_correlated_mean),
        cmocka_unit_test(batches_leave_out_the_remainder_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
