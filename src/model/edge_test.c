// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/edge.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_breaker_opens_on_errors_and_closes_after(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 10.0);
    pl_driven_set(shop, "vendor.payment.error_rate", 1.0);
    pl_driven_run_to(shop, 40.0);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_BREAKER_OPEN) > 0);
    pl_driven_set(shop, "vendor.payment.error_rate", 0.0);
    pl_driven_run_to(shop, 70.0);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_BREAKER_CLOSED) > 0);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(
            pl_model_edge(shop->world, shop->state, pl_model_pod0(shop->world, 1) + i, 1)
                .breaker_open,
            0);
    }
}

static void a_forced_breaker_with_fallback_serves_without_the_vendor(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 5.0);
    pl_driven_set(shop, "call.checkout.payment.breaker", 2.0);
    pl_driven_set(shop, "call.checkout.payment.fallback", 1.0);
    pl_driven_run_to(shop, 6.0);
    uint64_t calls = shop->record->edge_attempts[1];
    uint64_t failed = shop->record->routes[2].failed;
    pl_driven_run_to(shop, 30.0);
    assert_int_equal(shop->record->edge_attempts[1], calls);
    assert_int_equal(shop->record->routes[2].failed, failed);
}

static void a_bulkhead_limits_calls_in_flight(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "call.checkout.payment.bulkhead", 1.0);
    pl_driven_set(shop, "call.storefront.checkout.breaker", 0.0);
    pl_driven_set(shop, "call.checkout.payment.breaker", 0.0);
    pl_driven_set(shop, "vendor.payment.latency", 5.0);
    for (int t = 1; t < 20; t++) {
        pl_driven_run_to(shop, (double)t);
        for (uint32_t i = 0; i < 2; i++) {
            assert_true(
                pl_model_edge(shop->world, shop->state, pl_model_pod0(shop->world, 1) + i, 1)
                    .in_flight <= 1);
        }
    }
    assert_true(pl_driven_logged(shop, 1, PL_LOG_BULKHEAD_FULL) > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_breaker_opens_on_errors_and_closes_after, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(a_forced_breaker_with_fallback_serves_without_the_vendor,
                                        pl_driven_setup,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_bulkhead_limits_calls_in_flight, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
