// SPDX-License-Identifier: Apache-2.0
#include "observe/promql_rate.h"

#include "observe/promql_types.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void assert_near(double found, double expected, double error)
{
    if (!(fabs(found - expected) <= error)) {
        fail_msg("%.12g is not %.12g", found, expected);
    }
}

static double apply(uint32_t function, const double *values, uint32_t count)
{
    struct pl_range range = {values, count, 15.0, 15.0 * (double)count};
    return pl_range_apply(function, &range);
}

static void a_steady_counter_has_its_rate(void **test_state)
{
    (void)test_state;
    const double values[] = {300, 330, 360, 390};
    assert_near(apply(PL_FN_RATE, values, 4), 2.0, 1e-12);
    assert_near(apply(PL_FN_INCREASE, values, 4), 120.0, 1e-9);
    assert_near(apply(PL_FN_IRATE, values, 4), 2.0, 1e-12);
}

static void two_samples_are_needed(void **test_state)
{
    (void)test_state;
    const double one[] = {(double)NAN, (double)NAN, 7, (double)NAN};
    const double none[] = {(double)NAN, (double)NAN};
    assert_true(isnan(apply(PL_FN_RATE, one, 4)));
    assert_true(isnan(apply(PL_FN_IRATE, one, 4)));
    assert_true(isnan(apply(PL_FN_DELTA, one, 4)));
    assert_near(apply(PL_FN_LAST_OVER_TIME, one, 4), 7.0, 0.0);
    assert_true(isnan(apply(PL_FN_MAX_OVER_TIME, none, 2)));
}

/* A counter that falls has restarted: what it shows then is all new. */
static void a_fall_is_a_restart(void **test_state)
{
    (void)test_state;
    const double values[] = {1000, 1030, 15, 45};
    /* 30 before the restart, 15 and 30 after it; 45 s are covered, 60 s are asked for. */
    assert_near(apply(PL_FN_INCREASE, values, 4), 75.0 * 60.0 / 45.0, 1e-9);
    assert_near(apply(PL_FN_DELTA, values, 4), (45.0 - 1000.0) * 60.0 / 45.0, 1e-9);
}

static void extrapolation_stops_at_half_an_interval_and_at_zero(void **test_state)
{
    (void)test_state;
    /* Only the last 30 s of two minutes have samples: half an interval is added before. */
    double gap[8];
    for (int i = 0; i < 8; i++) {
        gap[i] = i < 5 ? (double)NAN : 900.0 + 30.0 * i;
    }
    assert_near(apply(PL_FN_INCREASE, gap, 8), 60.0 * (30.0 + 7.5) / 30.0, 1e-9);
    /* A counter that began at 3 cannot have been below zero. */
    const double young[] = {3, 33, 63, 93};
    assert_near(apply(PL_FN_INCREASE, young, 4), 90.0 * (45.0 + 1.5) / 45.0, 1e-9);
}

static void over_time_functions_skip_what_is_missing(void **test_state)
{
    (void)test_state;
    const double values[] = {4, (double)NAN, 1, 7};
    assert_near(apply(PL_FN_AVG_OVER_TIME, values, 4), 4.0, 1e-12);
    assert_near(apply(PL_FN_MIN_OVER_TIME, values, 4), 1.0, 0.0);
    assert_near(apply(PL_FN_MAX_OVER_TIME, values, 4), 7.0, 0.0);
    assert_near(apply(PL_FN_SUM_OVER_TIME, values, 4), 12.0, 0.0);
    assert_near(apply(PL_FN_COUNT_OVER_TIME, values, 4), 3.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_counter_has_its_rate),
        cmocka_unit_test(two_samples_are_needed),
        cmocka_unit_test(a_fall_is_a_restart),
        cmocka_unit_test(extrapolation_stops_at_half_an_interval_and_at_zero),
        cmocka_unit_test(over_time_functions_skip_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
