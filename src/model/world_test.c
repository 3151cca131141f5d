// SPDX-License-Identifier: Apache-2.0
#include "model/world.h"

#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_world *world;

static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    free(world);
    return 0;
}

static void every_tunable_has_a_path_of_its_own(void **unused)
{
    (void)unused;
    assert_true(world->param_count > 100);
    for (uint32_t i = 1; i <= world->param_count; i++) {
        assert_int_equal(pl_world_param(world, world->params[i].path), i);
        assert_true(world->params[i].base >= world->params[i].low);
        assert_true(world->params[i].base <= world->params[i].high);
    }
    assert_int_equal(pl_world_param(world, "flag.inline"), world->flags[0].param0);
    assert_int_equal(pl_world_param(world, "pool.checkout.orders-db.size"),
                     world->pools[1].param0 + PL_POOL_SIZE);
    assert_int_equal(pl_world_param(world, "flag.nobody"), 0);
}

/* Unseal, spoil, seal again: the error must name the spoilt thing. */
static void assert_refused(const char *word)
{
    pl_error err = {0};
    world->sealed = 0;
    assert_int_not_equal(pl_world_seal(world, &err), PL_OK);
    assert_non_null(strstr(err.message, word));
}

static void a_mix_that_does_not_sum_to_one_is_refused(void **unused)
{
    (void)unused;
    world->sources[0].mix_share[0] = 0.5;
    assert_refused("mix of traffic users");
}

static void a_step_towards_nothing_is_refused(void **unused)
{
    (void)unused;
    world->steps[3].target = 99;
    assert_refused("route browse");
}

static void routes_that_are_not_adjacent_are_refused(void **unused)
{
    (void)unused;
    world->routes[1].service = 2;
    assert_refused("not adjacent");
}

static void a_value_outside_its_range_is_refused(void **unused)
{
    (void)unused;
    world->flags[0].value = 1.5;
    assert_refused("flag.inline");
}

static void too_many_of_a_thing_is_refused(void **unused)
{
    (void)unused;
    world->frames_max = PL_FRAMES_MAX + 1;
    assert_refused("frames");
}

static void popularity_tables_ascend_and_follow_zipf(void **unused)
{
    (void)unused;
    const double *cdf = world->cache_cdf[0];
    uint32_t keys = world->caches[0].keys;
    for (uint32_t i = 1; i < keys; i++) {
        assert_true(cdf[i] > cdf[i - 1]);
    }
    assert_true(cdf[keys - 1] > 0.999999 && cdf[keys - 1] < 1.000001);
    /* Zipf .9: the second key is 2^-.9 as popular as the first. */
    double ratio = (cdf[1] - cdf[0]) / cdf[0];
    assert_true(ratio > 0.535 && ratio < 0.537);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_tunable_has_a_path_of_its_own, setup, teardown),
        cmocka_unit_test_setup_teardown(a_mix_that_does_not_sum_to_one_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_towards_nothing_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(routes_that_are_not_adjacent_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_value_outside_its_range_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(too_many_of_a_thing_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(popularity_tables_ascend_and_follow_zipf, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
