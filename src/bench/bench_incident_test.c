// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_incident.h"

#include "bench/bench_world.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_bench_plan plan = {.runs = 3, .quick = 1};

/* M/M/1 with an objective; its service gets slower at 10 s when `broken`. */
static struct pl_state *open_queue(struct pl_world *world, bool broken)
{
    struct pl_state *origin = NULL;
    pl_error err = {0};
    pl_bench_world_fill(world, PL_BENCH_MM1);
    world->objectives.latency_p99_s = 1.0;
    struct pl_change slower = {
        .t_ns = 10 * PL_NS_PER_S,
        .param = pl_world_param(world, "service.server.error_rate"),
        .value = 0.5,
    };
    assert_int_equal(
        pl_bench_incident_open(world, &slower, broken ? 1 : 0, 20 * PL_NS_PER_S, &origin, &err),
        PL_OK);
    assert_int_equal(pl_model_now(origin), 20 * PL_NS_PER_S);
    return origin;
}

static void health_is_told_apart(void **state)
{
    struct pl_world *world = calloc(1, sizeof *world);
    (void)state;
    assert_non_null(world);
    for (uint32_t broken = 0; broken < 2; broken++) {
        struct pl_state *origin = open_queue(world, broken != 0);
        struct pl_bench_result result;
        pl_error err = {0};
        pl_bench_result_init(&result, "incident");
        assert_int_equal(
            pl_bench_incident(
                world, origin, 60 * PL_NS_PER_S, PL_BENCH_HEALTHY, &plan, &result, &err),
            PL_OK);
        assert_int_equal(result.right, broken == 0);
        assert_true(broken == 0 ? result.measured > 0.999 : result.measured < 0.6);
        assert_int_equal(result.runs, 3);
        assert_true(result.cpu_s > 0.0 && isnan(result.limit_ratio));
        free(origin);
    }
    free(world);
}

static void a_wrong_change_is_told(void **state)
{
    struct pl_world *world = calloc(1, sizeof *world);
    struct pl_change bad = {.t_ns = 0, .param = 100000, .value = 1.0};
    struct pl_state *origin = NULL;
    pl_error err = {0};
    (void)state;
    assert_non_null(world);
    pl_bench_world_fill(world, PL_BENCH_MM1);
    assert_int_equal(pl_bench_incident_open(world, &bad, 1, 1000, &origin, &err), PL_BAD_INPUT);
    assert_null(origin);
    assert_true(strlen(err.message) > 0);
    free(world);
}

static void one_run_leaves_its_source_alone(void **state)
{
    struct pl_world *world = calloc(1, sizeof *world);
    double cpu_s = 0.0;
    pl_error err = {0};
    (void)state;
    assert_non_null(world);
    struct pl_state *origin = open_queue(world, false);
    pl_hash128 before = pl_model_hash(origin);
    assert_int_equal(pl_bench_incident_once(world, origin, 10 * PL_NS_PER_S, &cpu_s, &err), PL_OK);
    assert_true(cpu_s > 0.0);
    assert_int_equal(pl_model_hash(origin).low, before.low);
    free(origin);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_is_told_apart),
        cmocka_unit_test(a_wrong_change_is_told),
        cmocka_unit_test(one_run_leaves_its_source_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
