// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_rollout.h"

#include "bench/bench_incident.h"
#include "bench/bench_world.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct pl_bench_plan plan = {.runs = 2, .quick = 1};

static void rollouts_of_the_tandem_are_right(void **state)
{
    struct pl_bench_result result;
    pl_error err = {0};
    (void)state;
    pl_bench_result_init(&result, "rollouts");
    assert_int_equal(pl_bench_rollout_tandem(1000, &plan, &result, &err), PL_OK);
    assert_true(result.right);
    assert_int_equal(result.runs, 2);
    assert_true(result.rollouts_per_s > 0.0);
    assert_true(result.limit_ratio > 0.0);
    assert_true(fabs(result.simulated_s - 1.0) < 1e-9);
    /* A rollout is its requests, plus the fork. */
    double requests_per_s = 1e9 / result.ns_per_request;
    assert_true(fabs(requests_per_s / result.rollouts_per_s / 1000.0 - 1.0) < 0.1);
}

static void rollouts_of_a_world_agree_on_two_cores(void **state)
{
    struct pl_world *world = calloc(1, sizeof *world);
    struct pl_state *origin = NULL;
    struct pl_bench_result result;
    pl_error err = {0};
    (void)state;
    assert_non_null(world);
    pl_bench_world_fill(world, PL_BENCH_MM1);
    assert_int_equal(pl_bench_incident_open(world, NULL, 0, PL_NS_PER_S, &origin, &err), PL_OK);
    pl_bench_result_init(&result, "rollouts");
    assert_int_equal(pl_bench_rollout_world(world, origin, 10.0, &plan, &result, &err), PL_OK);
    assert_true(result.right);
    assert_true(fabs(result.events_per_request - 2.0) < 0.1);
    assert_true(isnan(result.limit_ratio));
    free(origin);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rollouts_of_the_tandem_are_right),
        cmocka_unit_test(rollouts_of_a_world_agree_on_two_cores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
