// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_fork.h"

#include "bench/bench_incident.h"
#include "bench/bench_world.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_fork_is_timed_against_its_memcpy(void **state)
{
    struct pl_world *world = calloc(1, sizeof *world);
    struct pl_state *origin = NULL;
    struct pl_bench_plan plan = {.runs = 3, .quick = 1};
    struct pl_bench_result result;
    pl_error err = {0};
    (void)state;
    assert_non_null(world);
    pl_bench_world_fill(world, PL_BENCH_TANDEM);
    assert_int_equal(pl_bench_incident_open(world, NULL, 0, PL_NS_PER_S, &origin, &err), PL_OK);
    pl_bench_result_init(&result, "fork");
    assert_int_equal(pl_bench_fork(world, origin, &plan, &result, &err), PL_OK);
    assert_true(result.right);
    assert_int_equal(result.runs, 3);
    assert_true(result.fork_us > 0.0 && result.memcpy_us > 0.0);
    assert_true(fabs(result.limit_ratio - result.memcpy_ratio) < 1e-12);
    assert_true(isnan(result.ns_per_request));
    free(origin);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_is_timed_against_its_memcpy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
