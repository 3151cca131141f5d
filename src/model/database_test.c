// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/database.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_bad_plan_makes_its_statement_slow(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 20.0);
    double good = shop->record->statements[0].total_s / (double)shop->record->statements[0].calls;
    pl_record_reset(shop->record);
    pl_driven_set(shop, "statement.orders-db.get-order.plan", 1.0);
    pl_driven_run_to(shop, 40.0);
    double bad = shop->record->statements[0].total_s / (double)shop->record->statements[0].calls;
    assert_true(bad > 20.0 * good);
}

static void a_failover_cuts_sessions_and_passes(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 10.0);
    pl_driven_set(shop, "db.orders-db.failover", 8.0);
    pl_driven_run_to(shop, 12.0);
    assert_int_equal(pl_model_database(shop->world, shop->state, 0).down, 1);
    uint64_t failed = pl_model_outcome(shop->state, 0).failed;
    pl_driven_run_to(shop, 17.0);
    assert_true(pl_model_outcome(shop->state, 0).failed > failed + 20);
    pl_driven_run_to(shop, 40.0);
    assert_int_equal(pl_model_database(shop->world, shop->state, 0).down, 0);
    failed = pl_model_outcome(shop->state, 0).failed;
    pl_driven_run_to(shop, 60.0);
    assert_true(pl_model_outcome(shop->state, 0).failed < failed + 10);
}

static void a_slow_replica_falls_behind_and_readers_wait(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 30.0);
    assert_true(pl_model_database(shop->world, shop->state, 0).replica_lag_s[0] < 0.2);
    double before = pl_histogram_mean(&shop->record->routes[3].latency);
    pl_record_reset(shop->record);
    pl_driven_set(shop, "db.orders-db.replica_apply", 200.0);
    pl_driven_run_to(shop, 90.0);
    assert_true(pl_model_database(shop->world, shop->state, 0).replica_lag_s[0] > 5.0);
    assert_true(pl_histogram_mean(&shop->record->routes[3].latency) > 10.0 * before);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_STALE_READ) > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_bad_plan_makes_its_statement_slow, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_failover_cuts_sessions_and_passes, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_slow_replica_falls_behind_and_readers_wait, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
