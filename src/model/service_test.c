// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/service.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_leak_ends_in_an_out_of_memory_kill(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "service.checkout.leak_per_request", 1.0);
    pl_driven_run_to(shop, 100.0);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_OOM_KILLED) >= 1);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_POD_STARTED) >= 1);
}

static void a_rolling_restart_replaces_every_pod_without_errors(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 10.0);
    uint64_t failed = pl_model_outcome(shop->state, 0).failed;
    pl_driven_set(shop, "service.checkout.restart", 1.0);
    pl_driven_run_to(shop, 200.0);
    uint32_t ready = 0;
    for (uint32_t i = 0; i < shop->world->services[1].pods_max; i++) {
        struct pl_pod_view pod =
            pl_model_pod(shop->world, shop->state, pl_model_pod0(shop->world, 1) + i);
        ready += pod.phase == PL_POD_READY ? 1 : 0;
        assert_true(pod.phase != PL_POD_READY || pod.generation > 2);
    }
    assert_int_equal(ready, 2);
    assert_true(pl_model_outcome(shop->state, 0).failed <= failed + 5);
}

static void collector_pauses_stop_the_pod_and_shallow_probes_eject_it(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "service.checkout.gc_interval", 20.0);
    pl_driven_set(shop, "service.checkout.gc_pause", 40.0);
    pl_driven_run_to(shop, 200.0);
    assert_true(shop->record->pod_gc_count[pl_model_pod0(shop->world, 1)] >= 2);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_PROBE_FAILED) >= 3);
}

static void shedding_refuses_its_share(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "route.checkout.get-order.shed", 0.3);
    pl_driven_set(shop, "call.storefront.checkout.retries", 0.0);
    pl_driven_set(shop, "call.storefront.checkout.breaker", 0.0);
    pl_driven_run_to(shop, 200.0);
    double offered = (double)shop->record->routes[3].offered;
    double shed = (double)pl_driven_logged(shop, 1, PL_LOG_SHED);
    assert_true(shed / offered > 0.27 && shed / offered < 0.33);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_leak_ends_in_an_out_of_memory_kill, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(a_rolling_restart_replaces_every_pod_without_errors,
                                        pl_driven_setup,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(collector_pauses_stop_the_pod_and_shallow_probes_eject_it,
                                        pl_driven_setup,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            shedding_refuses_its_share, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
