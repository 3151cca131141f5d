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

static struct pl_pool_view checkout_pools(void)
{
    struct pl_pool_view sum = {0};
    for (uint32_t i = 0; i < world->services[1].pods_max; i++) {
        struct pl_pool_view one = pl_model_pool(world, state, pl_model_pod0(world, 1) + i, 1);
        sum.open += one.open;
        sum.in_use += one.in_use;
        sum.leaked += one.leaked;
        sum.pending += one.pending;
    }
    return sum;
}

static uint64_t logged(uint32_t service, enum pl_log_kind kind)
{
    return record->log_counts[service][kind];
}

static void a_leaking_pool_runs_dry_and_recycling_heals_it(void **unused)
{
    (void)unused;
    set("pool.checkout.orders-db.leak_on_error", 1.0);
    set("step.checkout.place-order.insert.error", 0.05);
    run_to(120.0);
    assert_true(checkout_pools().leaked >= 10);
    assert_true(logged(1, PL_LOG_ACQUIRE_TIMEOUT) > 50);
    set("step.checkout.place-order.insert.error", 0.0);
    set("pool.checkout.orders-db.recycle", 1.0);
    run_to(130.0);
    assert_int_equal(checkout_pools().leaked, 0);
}

static void connections_live_no_longer_than_their_lifetime(void **unused)
{
    /* 12 connections with a lifetime of 60 s: about one renewal each per minute. */
    (void)unused;
    run_to(300.0);
    uint64_t opened = 0;
    for (uint32_t i = 0; i < world->services[1].pods_max; i++) {
        opened += pl_record_pool(record, pl_model_pod0(world, 1) + i, 1)->opened;
    }
    assert_true(opened > 20 && opened < 120);
}

static void a_full_server_refuses_the_newest_clients(void **unused)
{
    /* 60 connections, 3 reserved, 10 others, 2 x 2 pools of 6: pods 3 and 4 do not fit with 16. */
    (void)unused;
    set("pool.checkout.orders-db.size", 16.0);
    set("db.orders-db.max_connections", 38.0);
    set("service.checkout.pods", 4.0);
    run_to(60.0);
    assert_true(logged(1, PL_LOG_DB_REFUSED) > 0);
    assert_true(pl_model_database(world, state, 0).connections <= 35);
}

static void killing_idle_transactions_frees_leaked_connections(void **unused)
{
    (void)unused;
    set("pool.checkout.orders-db.leak_on_error", 1.0);
    set("step.checkout.place-order.insert.error", 0.05);
    run_to(60.0);
    uint32_t leaked = checkout_pools().leaked;
    assert_true(leaked > 3);
    set("step.checkout.place-order.insert.error", 0.0);
    set("db.orders-db.kill_idle", 5.0);
    run_to(61.0);
    assert_true(checkout_pools().leaked < leaked / 2);
    assert_true(logged(1, PL_LOG_CONN_KILLED) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_leaking_pool_runs_dry_and_recycling_heals_it, setup, teardown),
        cmocka_unit_test_setup_teardown(
            connections_live_no_longer_than_their_lifetime, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_server_refuses_the_newest_clients, setup, teardown),
        cmocka_unit_test_setup_teardown(
            killing_idle_transactions_frees_leaked_connections, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
