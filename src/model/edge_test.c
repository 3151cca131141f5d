// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "support/worlds.h"

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

static uint64_t logged(uint32_t service, enum pl_log_kind kind)
{
    return record->log_counts[service][kind];
}

static void a_breaker_opens_on_errors_and_closes_after(void **unused)
{
    (void)unused;
    run_to(10.0);
    set("vendor.payment.error_rate", 1.0);
    run_to(40.0);
    assert_true(logged(1, PL_LOG_BREAKER_OPEN) > 0);
    set("vendor.payment.error_rate", 0.0);
    run_to(70.0);
    assert_true(logged(1, PL_LOG_BREAKER_CLOSED) > 0);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(pl_model_edge(world, state, pl_model_pod0(world, 1) + i, 1).breaker_open,
                         0);
    }
}

static void a_forced_breaker_with_fallback_serves_without_the_vendor(void **unused)
{
    (void)unused;
    run_to(5.0);
    set("call.checkout.payment.breaker", 2.0);
    set("call.checkout.payment.fallback", 1.0);
    run_to(6.0);
    uint64_t calls = record->edge_attempts[1];
    uint64_t failed = record->routes[2].failed;
    run_to(30.0);
    assert_int_equal(record->edge_attempts[1], calls);
    assert_int_equal(record->routes[2].failed, failed);
}

static void a_bulkhead_limits_calls_in_flight(void **unused)
{
    (void)unused;
    set("call.checkout.payment.bulkhead", 1.0);
    set("call.storefront.checkout.breaker", 0.0);
    set("call.checkout.payment.breaker", 0.0);
    set("vendor.payment.latency", 5.0);
    for (int t = 1; t < 20; t++) {
        run_to((double)t);
        for (uint32_t i = 0; i < 2; i++) {
            assert_true(pl_model_edge(world, state, pl_model_pod0(world, 1) + i, 1).in_flight <= 1);
        }
    }
    assert_true(logged(1, PL_LOG_BULKHEAD_FULL) > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_breaker_opens_on_errors_and_closes_after, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_forced_breaker_with_fallback_serves_without_the_vendor, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bulkhead_limits_calls_in_flight, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
