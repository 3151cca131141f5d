// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/pool.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_pool_view checkout_pools(const struct pl_driven *shop)
{
    struct pl_pool_view sum = {0};
    for (uint32_t i = 0; i < shop->world->services[1].pods_max; i++) {
        struct pl_pool_view one =
            pl_model_pool(shop->world, shop->state, pl_model_pod0(shop->world, 1) + i, 1);
        sum.open += one.open;
        sum.in_use += one.in_use;
        sum.leaked += one.leaked;
        sum.pending += one.pending;
    }
    return sum;
}

static void a_leaking_pool_runs_dry_and_recycling_heals_it(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "pool.checkout.orders-db.leak_on_error", 1.0);
    pl_driven_set(shop, "step.checkout.place-order.insert.error", 0.05);
    pl_driven_run_to(shop, 120.0);
    assert_true(checkout_pools(shop).leaked >= 10);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_ACQUIRE_TIMEOUT) > 50);
    pl_driven_set(shop, "step.checkout.place-order.insert.error", 0.0);
    pl_driven_set(shop, "pool.checkout.orders-db.recycle", 1.0);
    pl_driven_run_to(shop, 130.0);
    assert_int_equal(checkout_pools(shop).leaked, 0);
}

static void connections_live_no_longer_than_their_lifetime(void **fixture)
{
    /* 12 connections with a lifetime of 60 s: about one renewal each per minute. */
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 300.0);
    uint64_t opened = 0;
    for (uint32_t i = 0; i < shop->world->services[1].pods_max; i++) {
        opened += pl_record_pool(shop->record, pl_model_pod0(shop->world, 1) + i, 1)->opened;
    }
    assert_true(opened > 20 && opened < 120);
}

static void a_full_server_refuses_the_newest_clients(void **fixture)
{
    /* 60 connections, 3 reserved, 10 others, 2 x 2 pools of 6: pods 3 and 4 do not fit with 16. */
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "pool.checkout.orders-db.size", 16.0);
    pl_driven_set(shop, "db.orders-db.max_connections", 38.0);
    pl_driven_set(shop, "service.checkout.pods", 4.0);
    pl_driven_run_to(shop, 60.0);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_DB_REFUSED) > 0);
    assert_true(pl_model_database(shop->world, shop->state, 0).connections <= 35);
}

static void killing_idle_transactions_frees_leaked_connections(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "pool.checkout.orders-db.leak_on_error", 1.0);
    pl_driven_set(shop, "step.checkout.place-order.insert.error", 0.05);
    pl_driven_run_to(shop, 60.0);
    uint32_t leaked = checkout_pools(shop).leaked;
    assert_true(leaked > 3);
    pl_driven_set(shop, "step.checkout.place-order.insert.error", 0.0);
    pl_driven_set(shop, "db.orders-db.kill_idle", 5.0);
    pl_driven_run_to(shop, 61.0);
    assert_true(checkout_pools(shop).leaked < leaked / 2);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_CONN_KILLED) > 0);
}

static void those_who_waited_through_a_failover_are_served_after_it(void **fixture)
{
    /* A saturated pool has a queue when the server goes away; nobody returns a connection then, and
     * whoever comes later stands behind the queue. The callers' breaker would let it run empty. */
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "call.storefront.checkout.breaker", 0.0);
    pl_driven_set(shop, "pool.checkout.orders-db.size", 1.0);
    pl_driven_set(shop, "pool.checkout.orders-db.acquire_timeout", 100.0);
    pl_driven_set(shop, "flag.inline", 1.0);
    pl_driven_run_to(shop, 20.0);
    assert_true(checkout_pools(shop).pending > 10);
    pl_driven_set(shop, "db.orders-db.failover", 5.0);
    pl_driven_run_to(shop, 30.0);
    uint64_t before = shop->record->routes[2].completed;
    pl_driven_run_to(shop, 50.0);
    /* Each of the two pods finishes a few per second with its one connection. */
    assert_true(shop->record->routes[2].completed > before + 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(those_who_waited_through_a_failover_are_served_after_it,
                                        pl_driven_setup,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_leaking_pool_runs_dry_and_recycling_heals_it, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            connections_live_no_longer_than_their_lifetime, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_full_server_refuses_the_newest_clients, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(killing_idle_transactions_frees_leaked_connections,
                                        pl_driven_setup,
                                        pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
