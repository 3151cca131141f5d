// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/cache.h"

#include "support/driven.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_hit_ratio_follows_keys_ttl_and_traffic(void **fixture)
{
    /* TTL without refresh: a key with rate r is resident r T / (1 + r T) of the time. The shop's
     * TTL varies by up to a tenth downwards, so its mean is .95 T. */
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 300.0);
    pl_record_reset(shop->record);
    pl_driven_run_to(shop, 900.0);
    double gets = (double)(shop->record->cache_hits[0] + shop->record->cache_misses[0]);
    double rate = gets / 600.0;
    double expected = 0.0;
    for (uint32_t i = 0; i < shop->world->caches[0].keys; i++) {
        double p = shop->world->cache_cdf[0][i] - (i == 0 ? 0.0 : shop->world->cache_cdf[0][i - 1]);
        double load = rate * p * 60.0 * 0.95;
        expected += p * load / (1.0 + load);
    }
    assert_true(fabs((double)shop->record->cache_hits[0] / gets - expected) < 0.012);
}

static void a_lost_cache_node_takes_its_keys_along(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 60.0);
    pl_driven_set(shop, "cache.catalogue.nodes", 1.0);
    pl_driven_run_to(shop, 61.0);
    pl_record_reset(shop->record);
    pl_driven_run_to(shop, 180.0);
    double gets = (double)(shop->record->cache_hits[0] + shop->record->cache_misses[0]);
    assert_true((double)shop->record->cache_misses[0] / gets > 0.4);
}

/* A cache of `nodes` nodes that is read and written as fast as possible. */
static struct pl_world *reads(uint32_t nodes, double capacity, uint32_t rehash)
{
    struct pl_world *world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_queue_world(
        world,
        &(struct pl_test_queue){.rate = 2000.0, .service = pl_law_constant(0.0), .cores = 1.0});
    world->caches[0] = (struct pl_cache){.name = "cache",
                                         .keys = 1000,
                                         .nodes = nodes,
                                         .zipf = 0.9,
                                         .capacity = capacity,
                                         .rehash = rehash,
                                         .ttl_s = 80000.0,
                                         .latency = pl_law_constant(0.0)};
    world->cache_count = 1;
    world->steps[0] = pl_step_default();
    world->steps[0].op = PL_OP_GET;
    world->steps[0].target = 0;
    world->steps[0].skip_to = 2;
    world->steps[1] = pl_step_default();
    world->steps[1].op = PL_OP_PUT;
    world->steps[1].target = 0;
    world->step_count = 2;
    world->routes[0].step_count = 2;
    pl_test_reseal(world);
    return world;
}

/* Share of hits from now on for some seconds. */
static double hits(const struct pl_world *world, struct pl_state *state, int64_t seconds)
{
    struct pl_record *record = pl_test_record(world);
    for (int64_t i = 0; i < 4; i++) {
        pl_model_run(world, state, record, pl_model_now(state) + seconds * PL_NS_PER_S / 4);
        pl_model_validate(world, state);
    }
    double good = (double)record->cache_hits[0];
    double share = good / (good + (double)record->cache_misses[0]);
    free(record);
    return share;
}

static void more_room_means_more_hits_and_all_of_it_means_no_miss(void **unused)
{
    static const double rooms[] = {10.0, 50.0, 200.0, 600.0};
    double before = 0.0;
    (void)unused;
    for (uint32_t i = 0; i < 4; i++) {
        struct pl_world *world = reads(1, rooms[i], 0);
        struct pl_state *state = pl_test_start(world, 3);
        (void)hits(world, state, 20);
        assert_int_equal(pl_model_cache(world, state, 0).resident, (uint32_t)rooms[i]);
        double share = hits(world, state, 20);
        assert_true(share > before + 0.05);
        before = share;
        free(state);
        free(world);
    }
    struct pl_world *world = reads(4, 1000.0, 0);
    struct pl_state *state = pl_test_start(world, 3);
    (void)hits(world, state, 20); /* a rest of a life may be short at the start */
    assert_true(hits(world, state, 20) > 0.99);
    free(state);
    free(world);
}

static void a_smaller_capacity_evicts_at_once_and_a_flush_empties(void **unused)
{
    (void)unused;
    struct pl_world *world = reads(4, 100.0, 0);
    struct pl_state *state = pl_test_start(world, 3);
    (void)hits(world, state, 20);
    assert_int_equal(pl_model_cache(world, state, 0).resident, 400);
    pl_test_change(world, state, "cache.cache.capacity", 20.0, 21.0);
    pl_test_change(world, state, "traffic.users.rate", 0.0, 21.0);
    (void)hits(world, state, 2);
    pl_model_run(world, state, NULL, 23 * PL_NS_PER_S);
    assert_int_equal(pl_model_cache(world, state, 0).resident, 80);
    pl_test_change(world, state, "cache.cache.flush", 1.0, 24.0);
    pl_model_run(world, state, NULL, 25 * PL_NS_PER_S);
    pl_model_validate(world, state);
    assert_int_equal(pl_model_cache(world, state, 0).resident, 0);
    free(state);
    free(world);
}

static void the_nodes_left_take_over_only_when_the_cache_rehashes(void **unused)
{
    double lost[2];
    (void)unused;
    for (uint32_t rehash = 0; rehash < 2; rehash++) {
        struct pl_world *world = reads(4, 100.0, rehash);
        struct pl_state *state = pl_test_start(world, 3);
        double whole = hits(world, state, 20);
        pl_test_change(world, state, "cache.cache.nodes", 3.0, 20.0);
        (void)hits(world, state, 20);
        lost[rehash] = whole - hits(world, state, 20);
        pl_test_change(world, state, "cache.cache.nodes", 4.0, 60.0);
        (void)hits(world, state, 20);
        double back = hits(world, state, 20);
        assert_true(back > whole - 0.03 && back < whole + 0.03);
        free(state);
        free(world);
    }
    assert_true(lost[0] > 0.15); /* a quarter of the keys always misses */
    assert_true(lost[1] > 0.0 && lost[1] < 0.5 * lost[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_hit_ratio_follows_keys_ttl_and_traffic, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_lost_cache_node_takes_its_keys_along, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test(more_room_means_more_hits_and_all_of_it_means_no_miss),
        cmocka_unit_test(a_smaller_capacity_evicts_at_once_and_a_flush_empties),
        cmocka_unit_test(the_nodes_left_take_over_only_when_the_cache_rehashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
