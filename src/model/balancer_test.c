// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/balancer.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_least_busy_pod_gets_the_request(void **fixture)
{
    /* A pod that stands still collects work up to the others' level, not more. */
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 10.0);
    struct pl_pod_view a = pl_model_pod(shop->world, shop->state, pl_model_pod0(shop->world, 1));
    struct pl_pod_view b =
        pl_model_pod(shop->world, shop->state, pl_model_pod0(shop->world, 1) + 1);
    assert_true(a.cpu_s > 0.8 * b.cpu_s && b.cpu_s > 0.8 * a.cpu_s);
}

static void a_deep_probe_ejects_pods_that_wait_for_a_dead_database(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "service.checkout.health_deep", 1.0);
    pl_driven_set(shop, "call.storefront.checkout.breaker", 0.0);
    pl_driven_run_to(shop, 5.0);
    pl_driven_set(shop, "db.orders-db.failover", 60.0);
    pl_driven_run_to(shop, 50.0);
    uint32_t ejected = 0;
    for (uint32_t i = 0; i < 2; i++) {
        ejected +=
            pl_model_pod(shop->world, shop->state, pl_model_pod0(shop->world, 1) + i).ejected;
    }
    assert_int_equal(ejected, 2);
    assert_true(shop->record->routes[2].offered > 1000); /* panic mode: traffic goes on */
    pl_driven_run_to(shop, 120.0);
    assert_int_equal(pl_model_pod(shop->world, shop->state, pl_model_pod0(shop->world, 1)).ejected,
                     0);
}

/* Mean number in a service of 16 pods at utilisation 0.9 under this balancer. */
static double crowd(enum pl_balance balance, uint32_t choices)
{
    struct pl_world *world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_queue_world(world,
                        &(struct pl_test_queue){.rate = 0.9 * 16.0 * 1000.0,
                                                .service = pl_law_exponential(0.001),
                                                .workers = 1,
                                                .cores = 1.0});
    world->services[0].pods = 16;
    world->services[0].pods_max = 16;
    world->services[0].balance = (uint32_t)balance;
    world->services[0].balance_choices = choices;
    pl_test_reseal(world);
    struct pl_state *state = pl_test_start(world, 7);
    pl_model_run(world, state, NULL, 20 * PL_NS_PER_S);
    pl_model_validate(world, state);
    struct pl_resource_view view = pl_model_resource(world, state, 0);
    free(state);
    free(world);
    return (double)(view.service_area_ns + view.waiting_area_ns) / (20.0 * PL_NS_PER_S);
}

static void more_choices_mean_fewer_waiting_and_the_ends_are_random_and_least(void **unused)
{
    (void)unused;
    double random = crowd(PL_BALANCE_RANDOM, 1);
    double one = crowd(PL_BALANCE_SAMPLED, 1);
    double two = crowd(PL_BALANCE_SAMPLED, 2);
    double three = crowd(PL_BALANCE_SAMPLED, 3);
    double eight = crowd(PL_BALANCE_SAMPLED, 8);
    double least = crowd(PL_BALANCE_LEAST, 1);
    assert_true(one > 0.85 * random && one < 1.15 * random);
    assert_true(two < 0.45 * one);
    assert_true(three < 0.95 * two);
    assert_true(eight < 0.95 * three);
    assert_true(least < eight && eight < 1.25 * least);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_least_busy_pod_gets_the_request, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(a_deep_probe_ejects_pods_that_wait_for_a_dead_database,
                                        pl_driven_setup,
                                        pl_driven_teardown),
        cmocka_unit_test(more_choices_mean_fewer_waiting_and_the_ends_are_random_and_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
