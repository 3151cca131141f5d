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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_least_busy_pod_gets_the_request, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(a_deep_probe_ejects_pods_that_wait_for_a_dead_database,
                                        pl_driven_setup,
                                        pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
