// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_world.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void sojourns_are_those_of_the_books(void **state)
{
    (void)state;
    assert_true(fabs(pl_bench_world_sojourn(PL_BENCH_MM1) - 10.0) < 1e-9);
    assert_true(fabs(pl_bench_world_sojourn(PL_BENCH_TANDEM) - 40.222696) < 1e-6);
    assert_true(fabs(pl_bench_world_sojourn(PL_BENCH_TANDEM_TIMEOUT) - 40.222696) < 1e-6);
}

static void worlds_differ_only_where_they_should(void **state)
{
    struct pl_world *worlds = calloc(3, sizeof *worlds);
    (void)state;
    assert_non_null(worlds);
    for (uint32_t i = 0; i < 3; i++) {
        pl_bench_world_fill(&worlds[i], (enum pl_bench_model)i);
        assert_int_equal(worlds[i].sealed, 1);
    }
    assert_int_equal(worlds[PL_BENCH_MM1].service_count, 1);
    assert_int_equal(worlds[PL_BENCH_TANDEM].service_count, 4);
    assert_int_equal(worlds[PL_BENCH_TANDEM].services[2].workers, 32);
    assert_true(worlds[PL_BENCH_TANDEM].sources[0].patience.mean_s < 1e-9);
    assert_true(fabs(worlds[PL_BENCH_TANDEM_TIMEOUT].sources[0].patience.mean_s - 0.2) < 1e-9);
    free(worlds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sojourns_are_those_of_the_books),
        cmocka_unit_test(worlds_differ_only_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
