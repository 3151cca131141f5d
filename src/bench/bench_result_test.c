// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_result.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool equal(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static void median_is_the_middle(void **state)
{
    struct pl_bench_sample sample = {.count = 0};
    (void)state;
    assert_true(isnan(pl_bench_sample_median(&sample)));
    assert_true(isnan(pl_bench_sample_low(&sample)));
    assert_true(isnan(pl_bench_sample_high(&sample)));
    pl_bench_sample_add(&sample, 3.0);
    pl_bench_sample_add(&sample, 1.0);
    assert_true(equal(pl_bench_sample_median(&sample), 2.0));
    pl_bench_sample_add(&sample, 100.0);
    assert_true(equal(pl_bench_sample_median(&sample), 3.0));
    assert_true(equal(pl_bench_sample_low(&sample), 1.0));
    assert_true(equal(pl_bench_sample_high(&sample), 100.0));
    assert_true(equal(sample.newest, 100.0));
}

static void seconds_mean_at_least_five_runs(void **state)
{
    struct pl_bench_plan timed = {.runs = 1, .seconds = 2.0};
    struct pl_bench_plan counted = {.runs = 3};
    (void)state;
    assert_true(pl_bench_more(&timed, PL_BENCH_RUNS_MIN - 1, 100.0));
    assert_false(pl_bench_more(&timed, PL_BENCH_RUNS_MIN, 2.0));
    assert_true(pl_bench_more(&timed, PL_BENCH_RUNS_MIN, 1.9));
    assert_false(pl_bench_more(&timed, PL_BENCH_RUNS_MAX, 0.0));
    assert_true(pl_bench_more(&counted, 2, 100.0));
    assert_false(pl_bench_more(&counted, 3, 0.0));
}

static void nothing_is_known_at_first(void **state)
{
    struct pl_bench_result result;
    (void)state;
    pl_bench_result_init(&result, "x");
    assert_string_equal(result.name, "x");
    assert_true(isnan(result.ns_per_request) && isnan(result.limit_ratio));
    assert_true(isnan(result.fork_us) && isnan(result.rollouts_per_s));
    assert_false(result.right);
}

/* Batches around a mean with a standard error that follows from the two distances. */
static struct pl_bench_result checked(double mean, double distance, double truth)
{
    struct pl_moments batches = {0};
    struct pl_bench_result result;
    for (uint32_t i = 0; i < 16; i++) {
        pl_moments_add(&batches, i % 2 == 0 ? mean - distance : mean + distance);
    }
    pl_bench_result_init(&result, "x");
    pl_bench_check_mean(&result, "mean", &batches, truth, 0.05);
    return result;
}

static void a_mean_is_right_when_near_and_sharp(void **state)
{
    (void)state;
    struct pl_bench_result result = checked(10.0, 0.4, 10.2); /* error 0.103 */
    assert_true(result.right);
    assert_true(equal(result.measured, 10.0) && equal(result.expected, 10.2));
    result = checked(10.0, 0.4, 10.5);
    assert_false(result.right);
    assert_non_null(strstr(result.check, "more than 4 standard errors away"));
    result = checked(10.0, 4.0, 10.0);
    assert_false(result.right);
    assert_non_null(strstr(result.check, "too vague"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(median_is_the_middle),
        cmocka_unit_test(seconds_mean_at_least_five_runs),
        cmocka_unit_test(nothing_is_known_at_first),
        cmocka_unit_test(a_mean_is_right_when_near_and_sharp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
