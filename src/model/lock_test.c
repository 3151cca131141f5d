// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/lock.h"

#include "support/driven.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void hot_rows_are_taken_one_after_the_other(void **fixture)
{
    /* One row in three of all orders: with 100 ms inside the transaction it serves 10 per second.
     */
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "flag.inline", 1.0);
    pl_driven_run_to(shop, 60.0);
    struct pl_resource_view rows = pl_model_resource(
        shop->world,
        shop->state,
        2 * shop->world->service_count + shop->world->pool_count + 2 * shop->world->database_count);
    assert_true(rows.waited > 100);
    assert_true(pl_model_database(shop->world, shop->state, 0).lock_waiting <= rows.waiting);
}

static void a_statement_begins_with_the_wait_for_its_row(void **fixture)
{
    /* Databases take row locks while the statement runs, so whoever calls sees the wait in it. */
    struct pl_driven *shop = *fixture;
    const struct pl_statement_counters *insert = &shop->record->statements[1];
    pl_driven_run_to(shop, 30.0);
    assert_true(insert->calls > 0 && insert->max_s < 0.5);
    pl_driven_set(shop, "job.import.running", 1.0);
    pl_driven_run_to(shop, 60.0);
    assert_true(insert->max_s > 1.0);
    assert_true(shop->record->statements[0].max_s < 0.5);
}

static void a_lock_timeout_fails_the_waiter(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_set(shop, "job.import.lock_gap", 0.0);
    pl_driven_set(shop, "job.import.running", 1.0);
    pl_driven_run_to(shop, 30.0);
    assert_true(pl_driven_logged(shop, 1, PL_LOG_LOCK_TIMEOUT) > 10);
    assert_true(shop->record->routes[2].failed > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            hot_rows_are_taken_one_after_the_other, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_statement_begins_with_the_wait_for_its_row, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_lock_timeout_fails_the_waiter, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
