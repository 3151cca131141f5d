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

static void a_bad_plan_makes_its_statement_slow(void **unused)
{
    (void)unused;
    run_to(20.0);
    double good = record->statements[0].total_s / (double)record->statements[0].calls;
    pl_record_reset(record);
    set("statement.orders-db.get-order.plan", 1.0);
    run_to(40.0);
    double bad = record->statements[0].total_s / (double)record->statements[0].calls;
    assert_true(bad > 20.0 * good);
}

static void a_failover_cuts_sessions_and_passes(void **unused)
{
    (void)unused;
    run_to(10.0);
    set("db.orders-db.failover", 8.0);
    run_to(12.0);
    assert_int_equal(pl_model_database(world, state, 0).down, 1);
    uint64_t failed = pl_model_outcome(state, 0).failed;
    run_to(17.0);
    assert_true(pl_model_outcome(state, 0).failed > failed + 20);
    run_to(40.0);
    assert_int_equal(pl_model_database(world, state, 0).down, 0);
    failed = pl_model_outcome(state, 0).failed;
    run_to(60.0);
    assert_true(pl_model_outcome(state, 0).failed < failed + 10);
}

static void a_slow_replica_falls_behind_and_readers_wait(void **unused)
{
    (void)unused;
    run_to(30.0);
    assert_true(pl_model_database(world, state, 0).replica_lag_s[0] < 0.2);
    double before = pl_histogram_mean(&record->routes[3].latency);
    pl_record_reset(record);
    set("db.orders-db.replica_apply", 200.0);
    run_to(90.0);
    assert_true(pl_model_database(world, state, 0).replica_lag_s[0] > 5.0);
    assert_true(pl_histogram_mean(&record->routes[3].latency) > 10.0 * before);
    assert_true(logged(1, PL_LOG_STALE_READ) > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_bad_plan_makes_its_statement_slow, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failover_cuts_sessions_and_passes, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_slow_replica_falls_behind_and_readers_wait, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
