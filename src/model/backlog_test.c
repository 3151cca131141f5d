// SPDX-License-Identifier: Apache-2.0
//
// One server with two kinds of requests, or with users who leave.
#include "model/backlog.h"

#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A server with requests of 1 ms and two equal routes: 0 `work`, 1 `batch`. */
static struct pl_world *two_kinds(uint32_t queue_limit, double rate)
{
    struct pl_world *world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_queue_world(world,
                        &(struct pl_test_queue){.rate = rate,
                                                .service = pl_law_constant(0.001),
                                                .workers = 1,
                                                .queue_limit = queue_limit,
                                                .cores = 1.0});
    world->routes[1] = world->routes[0];
    snprintf(world->routes[1].name, sizeof world->routes[1].name, "%s", "batch");
    world->routes[1].step0 = 1;
    world->steps[1] = world->steps[0];
    world->steps[1].route = 1;
    world->route_count = 2;
    world->step_count = 2;
    world->sources[0].mix_count = 2;
    world->sources[0].mix_route[1] = 1;
    world->sources[0].mix_share[0] = 0.5;
    world->sources[0].mix_share[1] = 0.5;
    return world;
}

/* Run for 20 s with a record; the caller frees all. */
static struct pl_record *run(const struct pl_world *world, struct pl_state **state)
{
    struct pl_record *record = pl_test_record(world);
    *state = pl_test_start(world, 5);
    for (int64_t t = 1; t <= 40; t++) {
        pl_model_run(world, *state, record, t * PL_NS_PER_S / 2);
        pl_model_validate(world, *state);
    }
    return record;
}

static double mean_ms(const struct pl_record *record, uint32_t route)
{
    return pl_histogram_mean(&record->routes[route].latency) * 1e-6;
}

static void the_better_class_waits_less_and_the_work_is_conserved(void **unused)
{
    (void)unused;
    int64_t whole[2];
    for (uint32_t classes = 0; classes < 2; classes++) {
        for (uint32_t lifo = 0; lifo < 2; lifo++) {
            struct pl_state *state;
            struct pl_world *world = two_kinds(0, 900.0);
            world->routes[1].priority = classes * 3;
            world->services[0].queue_lifo = lifo;
            pl_test_reseal(world);
            assert_int_equal(world->services[0].queue_classes, classes);
            struct pl_record *record = run(world, &state);
            struct pl_resource_view view = pl_model_resource(world, state, 0);
            whole[classes] = view.waiting_area_ns + view.service_area_ns;
            if (classes) {
                assert_true(mean_ms(record, 0) < 0.5 * mean_ms(record, 1));
                /* All requests are alike and none is interrupted: only who waits differs. */
                assert_true(whole[1] == whole[0]);
            }
            free(record);
            free(state);
            free(world);
        }
    }
}

static void a_full_queue_refuses_the_worse_class(void **unused)
{
    (void)unused;
    struct pl_state *state;
    struct pl_world *world = two_kinds(10, 1600.0);
    world->routes[1].priority = 1;
    pl_test_reseal(world);
    struct pl_record *record = run(world, &state);
    double good = (double)record->routes[0].failed / (double)record->routes[0].offered;
    double bad = (double)record->routes[1].failed / (double)record->routes[1].offered;
    assert_true(good < 0.05);
    assert_true(bad > 0.6);
    free(record);
    free(state);
    free(world);
}

static void a_dropped_request_costs_no_work_and_a_served_one_does(void **unused)
{
    (void)unused;
    double answered[2];
    for (uint32_t drop = 0; drop < 2; drop++) {
        struct pl_state *state;
        struct pl_world *world = two_kinds(0, 1500.0);
        world->frames_max = 65536;
        world->sources[0].patience = pl_law_exponential(0.02);
        world->services[0].queue_drop = drop;
        pl_test_reseal(world);
        struct pl_record *record = run(world, &state);
        struct pl_outcome_view users = pl_model_outcome(state, 0);
        answered[drop] = (double)users.ok / (double)users.offered;
        assert_true(pl_model_overflows(state) == 0);
        free(record);
        free(state);
        free(world);
    }
    assert_true(answered[0] < 0.05); /* the server works for those who left */
    assert_true(answered[1] > 0.6);
}

static void a_call_that_timed_out_in_the_queue_is_dropped_there(void **unused)
{
    (void)unused;
    struct pl_world *world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    world->services[1].queue_drop = 1;
    pl_test_reseal(world);
    struct pl_state *state = pl_test_start(world, 9);
    pl_test_change(world, state, "service.checkout.cpu_factor", 100.0, 5.0);
    pl_test_change(world, state, "call.storefront.checkout.breaker", 0.0, 5.0);
    for (int64_t t = 1; t <= 60; t++) {
        pl_model_run(world, state, NULL, t * PL_NS_PER_S);
        pl_model_validate(world, state); /* no orphan waits in a queue that drops */
    }
    free(state);
    free(world);
}

static void a_limit_on_the_wait_refuses_who_has_waited_so_long(void **unused)
{
    (void)unused;
    struct pl_state *state;
    struct pl_world *world = two_kinds(0, 1500.0);
    world->services[0].queue_wait = pl_law_constant(0.05);
    pl_test_reseal(world);
    struct pl_record *record = run(world, &state);
    struct pl_resource_view view = pl_model_resource(world, state, 0);
    double refused = (double)view.refused / (double)(view.refused + view.served);
    assert_true(refused > 0.31 && refused < 0.36); /* a third is more than it can do */
    for (uint32_t r = 0; r < 2; r++) {
        assert_true(record->routes[r].latency.max_ns <= 51 * PL_NS_PER_MS + PL_NS_PER_MS);
    }
    free(record);
    free(state);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_better_class_waits_less_and_the_work_is_conserved),
        cmocka_unit_test(a_full_queue_refuses_the_worse_class),
        cmocka_unit_test(a_dropped_request_costs_no_work_and_a_served_one_does),
        cmocka_unit_test(a_call_that_timed_out_in_the_queue_is_dropped_there),
        cmocka_unit_test(a_limit_on_the_wait_refuses_who_has_waited_so_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
