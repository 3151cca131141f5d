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

/* A hedge delay for the calls to the vendor, whose answers are made slow for one in ten. */
static void hedge(struct pl_driven *shop, double seconds)
{
    pl_driven_set(shop, "vendor.payment.slow_share", 0.1);
    pl_driven_set(shop, "vendor.payment.latency", 50.0);
    pl_driven_set(shop, "call.checkout.payment.timeout", 0.0);
    pl_driven_set(shop, "call.checkout.payment.retries", 0.0);
    pl_driven_set(shop, "call.checkout.payment.breaker", 0.0);
    pl_driven_set(shop, "call.checkout.payment.hedge", seconds);
}

/* Calls per request and mean latency of the route that calls the vendor, from 10 s to 100 s. */
static void measure(struct pl_driven *shop, double *calls, double *seconds)
{
    pl_driven_run_to(shop, 10.0);
    pl_record_reset(shop->record);
    for (int t = 11; t <= 100; t++) {
        pl_driven_run_to(shop, (double)t);
        pl_model_validate(shop->world, shop->state);
    }
    *calls = (double)shop->record->edge_attempts[1] / (double)shop->record->edge_requests[1];
    *seconds = pl_histogram_mean(&shop->record->routes[2].latency) * 1e-9;
}

static void a_second_attempt_cuts_the_tail_for_a_little_load(void **fixture)
{
    struct pl_driven *shop = *fixture;
    struct pl_driven *plain;
    void *other;
    double calls[2];
    double seconds[2];
    assert_int_equal(pl_driven_setup(&other), 0);
    plain = other;
    hedge(plain, 0.0);
    hedge(shop, 0.5);
    measure(plain, &calls[0], &seconds[0]);
    measure(shop, &calls[1], &seconds[1]);
    assert_true(calls[0] < 1.01);
    assert_true(calls[1] > 1.05 && calls[1] < 1.15); /* the slow tenth is asked twice */
    assert_true(seconds[1] < 0.7 * seconds[0]);
    assert_int_equal(pl_driven_teardown(&other), 0);
}

static void a_budget_limits_second_attempts_too(void **fixture)
{
    struct pl_driven *shop = *fixture;
    double calls;
    double seconds;
    hedge(shop, 0.001);
    pl_driven_set(shop, "call.checkout.payment.budget", 0.2);
    measure(shop, &calls, &seconds);
    assert_true(calls > 1.15 && calls < 1.25);
}

static void a_failed_attempt_leaves_the_answer_to_the_other(void **fixture)
{
    /* Half of the attempts fail: a call whose two attempts are both under way fails in a quarter.
     */
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "call.storefront.checkout.breaker", 0.0);
    pl_driven_set(shop, "call.storefront.checkout.retries", 0.0);
    hedge(shop, 0.001);
    pl_driven_set(shop, "vendor.payment.error_rate", 0.5);
    double calls;
    double seconds;
    measure(shop, &calls, &seconds);
    double failed =
        (double)shop->record->routes[2].failed / (double)shop->record->routes[2].offered;
    assert_true(calls > 1.9);
    assert_true(failed > 0.2 && failed < 0.3);
}

static void a_pod_that_dies_with_two_attempts_under_way_leaves_no_trace(void **fixture)
{
    struct pl_driven *shop = *fixture;
    hedge(shop, 0.05);
    pl_driven_set(shop, "call.storefront.checkout.hedge", 0.05);
    pl_driven_set(shop, "service.checkout.leak_per_request", 4.0); /* killed every few seconds */
    for (int t = 1; t <= 120; t++) {
        pl_driven_run_to(shop, (double)t);
        pl_model_validate(shop->world, shop->state);
    }
    assert_true(pl_driven_logged(shop, 1, PL_LOG_OOM_KILLED) >= 2);
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
        cmocka_unit_test_setup_teardown(
            a_second_attempt_cuts_the_tail_for_a_little_load, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_budget_limits_second_attempts_too, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_failed_attempt_leaves_the_answer_to_the_other, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(a_pod_that_dies_with_two_attempts_under_way_leaves_no_trace,
                                        pl_driven_setup,
                                        pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
