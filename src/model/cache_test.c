// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_world *world;
static struct pl_state *state;
static struct pl_record *record;

static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    state = pl_test_start(world, 21);
    record = pl_test_record(world);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    pl_model_validate(world, state);
    free(record);
    free(state);
    free(world);
    return 0;
}

static void run_to(double seconds)
{
    pl_model_run(world, state, record, pl_clock_ns(seconds));
}

static void set(const char *path, double value)
{
    pl_test_change(world, state, path, value, pl_clock_s(pl_model_now(state)));
}

static void the_hit_ratio_follows_keys_ttl_and_traffic(void **unused)
{
    /* TTL without refresh: a key with rate r is resident r T / (1 + r T) of the time. The shop's
     * TTL varies by up to a tenth downwards, so its mean is .95 T. */
    (void)unused;
    run_to(300.0);
    pl_record_reset(record);
    run_to(900.0);
    double gets = (double)(record->cache_hits[0] + record->cache_misses[0]);
    double rate = gets / 600.0;
    double expected = 0.0;
    for (uint32_t i = 0; i < world->caches[0].keys; i++) {
        double p = world->cache_cdf[0][i] - (i == 0 ? 0.0 : world->cache_cdf[0][i - 1]);
        double load = rate * p * 60.0 * 0.95;
        expected += p * load / (1.0 + load);
    }
    assert_true(fabs((double)record->cache_hits[0] / gets - expected) < 0.012);
}

static void a_lost_cache_node_takes_its_keys_along(void **unused)
{
    (void)unused;
    run_to(60.0);
    set("cache.catalogue.nodes", 1.0);
    run_to(61.0);
    pl_record_reset(record);
    run_to(180.0);
    double gets = (double)(record->cache_hits[0] + record->cache_misses[0]);
    assert_true((double)record->cache_misses[0] / gets > 0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_hit_ratio_follows_keys_ttl_and_traffic, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lost_cache_node_takes_its_keys_along, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
