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

static void hot_rows_are_taken_one_after_the_other(void **unused)
{
    /* One row in three of all orders: with 100 ms inside the transaction it serves 10 per second.
     */
    (void)unused;
    set("flag.inline", 1.0);
    run_to(60.0);
    struct pl_resource_view rows = pl_model_resource(
        world, state, 2 * world->service_count + world->pool_count + 2 * world->database_count);
    assert_true(rows.waited > 100);
    assert_true(pl_model_database(world, state, 0).lock_waiting <= rows.waiting);
}

static void a_lock_timeout_fails_the_waiter(void **unused)
{
    (void)unused;
    set("job.import.lock_gap", 0.0);
    set("job.import.running", 1.0);
    run_to(30.0);
    assert_true(logged(1, PL_LOG_LOCK_TIMEOUT) > 10);
    assert_true(record->routes[2].failed > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hot_rows_are_taken_one_after_the_other, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lock_timeout_fails_the_waiter, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
