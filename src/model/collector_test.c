// SPDX-License-Identifier: Apache-2.0
//
// One server of 500 requests per second with a heap of 100 MB.
#include "model/collector.h"

#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_world *heap_world(double rate, double live_mb, uint32_t queue_limit)
{
    struct pl_world *world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_queue_world(world,
                        &(struct pl_test_queue){.rate = rate,
                                                .service = pl_law_exponential(0.002),
                                                .workers = 1,
                                                .queue_limit = queue_limit,
                                                .cores = 1.0});
    world->services[0].memory_base_mb = 20.0;
    world->services[0].gc_heap_mb = 100.0;
    world->services[0].gc_pause_s = 0.1;
    world->services[0].gc_garbage_mb = 1.0;
    world->services[0].gc_live_mb = live_mb;
    world->services[0].gc_interval_s = 0.5; /* the heap decides, not the clock */
    pl_test_reseal(world);
    return world;
}

static void pauses_follow_the_garbage_and_last_as_what_lives(void **unused)
{
    (void)unused;
    struct pl_world *world = heap_world(100.0, 0.0, 0);
    struct pl_state *state = pl_test_start(world, 4);
    struct pl_record *record = pl_test_record(world);
    pl_model_run(world, state, record, 800 * PL_NS_PER_S);
    pl_model_validate(world, state);
    double requests = (double)pl_model_outcome(state, 0).offered;
    double pauses = (double)record->pod_gc_count[0];
    assert_true(pauses > requests / 80.0 - 20.0 && pauses < requests / 80.0 + 1.0);
    double mean = record->pod_gc_s[0] / pauses;
    assert_true(mean > 0.0195 && mean < 0.0205); /* a fifth of the heap lives */
    free(record);
    free(state);
    free(world);
}

/* Share of requests answered in the last 50 s, after a burst of ten seconds that ended at 60 s. */
static double after_a_burst(const struct pl_world *world)
{
    struct pl_state *state = pl_test_start(world, 4);
    pl_test_change(world, state, "traffic.users.rate", 4.0, 50.0);
    pl_test_change(world, state, "traffic.users.rate", 1.0, 60.0);
    pl_model_run(world, state, NULL, 150 * PL_NS_PER_S);
    struct pl_outcome_view before = pl_model_outcome(state, 0);
    pl_model_run(world, state, NULL, 200 * PL_NS_PER_S);
    pl_model_validate(world, state);
    struct pl_outcome_view after = pl_model_outcome(state, 0);
    free(state);
    return (double)(after.ok - before.ok) / (double)(after.offered - before.offered);
}

static void requests_that_pile_up_keep_the_heap_full_and_the_pod_slow(void **unused)
{
    (void)unused;
    struct pl_world *light = heap_world(300.0, 0.0, 300);
    struct pl_world *heavy = heap_world(300.0, 0.25, 300);
    assert_true(after_a_burst(light) > 0.99);
    assert_true(after_a_burst(heavy) < 0.8);
    free(light);
    free(heavy);
}

static void a_larger_heap_ends_the_spiral(void **unused)
{
    (void)unused;
    struct pl_world *world = heap_world(300.0, 0.25, 300);
    struct pl_state *state = pl_test_start(world, 4);
    pl_test_change(world, state, "traffic.users.rate", 4.0, 50.0);
    pl_test_change(world, state, "traffic.users.rate", 1.0, 60.0);
    pl_test_change(world, state, "service.server.gc_heap", 400.0, 100.0);
    pl_model_run(world, state, NULL, 150 * PL_NS_PER_S);
    uint64_t refused = pl_model_resource(world, state, 0).refused;
    pl_model_run(world, state, NULL, 200 * PL_NS_PER_S);
    assert_int_equal(pl_model_resource(world, state, 0).refused, refused);
    assert_true(refused > 1000);
    free(state);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_follow_the_garbage_and_last_as_what_lives),
        cmocka_unit_test(requests_that_pile_up_keep_the_heap_full_and_the_pod_slow),
        cmocka_unit_test(a_larger_heap_ends_the_spiral),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
