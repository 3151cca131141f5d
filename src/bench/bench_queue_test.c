// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_queue.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct pl_bench_plan plan = {.runs = 2, .quick = 1};

static struct pl_bench_result measure(enum pl_bench_model model)
{
    struct pl_bench_result result;
    pl_error err = {0};
    pl_bench_result_init(&result, "queue");
    assert_int_equal(pl_bench_queue(model, &plan, &result, &err), PL_OK);
    assert_int_equal(result.runs, 2);
    assert_true(result.right);
    assert_true(result.ns_per_request > 0.0 && result.silent_ns_per_request > 0.0);
    assert_true(result.ns_per_request_low <= result.ns_per_request);
    assert_true(result.ns_per_request_high >= result.ns_per_request);
    assert_true(result.limit_ns_per_request > 0.0 && result.limit_ratio > 0.0);
    assert_true(result.used_bytes <= result.state_bytes);
    assert_true(isnan(result.fork_us));
    return result;
}

static void mm1_is_right(void **state)
{
    struct pl_bench_result result = measure(PL_BENCH_MM1);
    (void)state;
    assert_true(fabs(result.events_per_request - 2.0) < 0.01);
    assert_true(isnan(result.timeout_extra));
}

static void tandem_is_right(void **state)
{
    struct pl_bench_result result = measure(PL_BENCH_TANDEM);
    (void)state;
    assert_true(result.events_per_request >= 3.99);
    assert_true(fabs(result.measured - result.expected) <= 4.0 * result.error);
}

static void a_timeout_is_compared_with_none(void **state)
{
    struct pl_bench_result result = measure(PL_BENCH_TANDEM_TIMEOUT);
    (void)state;
    assert_true(result.timeout_extra > -0.9 && result.timeout_extra < 5.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mm1_is_right),
        cmocka_unit_test(tandem_is_right),
        cmocka_unit_test(a_timeout_is_compared_with_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
