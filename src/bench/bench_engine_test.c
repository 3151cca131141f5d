// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_engine.h"

#include "bench/bench_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_fork_starts_where_its_source_is(void **state)
{
    struct pl_world *world = calloc(1, sizeof *world);
    struct pl_bench_engine source;
    struct pl_bench_engine fork;
    pl_error err = {0};
    (void)state;
    assert_non_null(world);
    pl_bench_world_fill(world, PL_BENCH_TANDEM);
    assert_int_equal(pl_bench_engine_open(&source, world, &err), PL_OK);
    assert_int_equal(pl_bench_engine_open(&fork, world, &err), PL_OK);
    pl_bench_engine_start(&source, 7);
    pl_model_run(world, source.state, source.record, PL_NS_PER_S);
    pl_bench_engine_fork(&fork, source.state);
    assert_int_equal(pl_model_hash(fork.state).low, pl_model_hash(source.state).low);
    assert_true(source.record->routes[0].latency.count > 500);
    assert_int_equal(fork.record->routes[0].latency.count, 0);
    pl_bench_engine_start(&source, 7);
    assert_int_equal(pl_model_now(source.state), 0);
    assert_int_equal(source.record->routes[0].latency.count, 0);
    pl_bench_engine_close(&fork);
    pl_bench_engine_close(&source);
    assert_null(source.state_memory);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fork_starts_where_its_source_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
