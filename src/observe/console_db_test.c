// SPDX-License-Identifier: Apache-2.0
#include "observe/console_db.h"

#include "support/observed.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_def def = {.seed = 4};
static struct pl_test_observed run;

static int start(void **test_state)
{
    (void)test_state;
    pl_test_observed_start(&run, &def, 3);
    pl_test_change(run.world, run.state, "flag.inline", 1.0, 60.0);
    pl_test_change(run.world, run.state, "vendor.payment.latency", 20.0, 60.0);
    pl_test_change(run.world, run.state, "job.import.running", 1.0, 60.0);
    pl_test_observed_run(&run, 121.0);
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    pl_test_observed_end(&run);
    return 0;
}

static void look(const char *view, const char *name)
{
    struct pl_db_look db = {"orders-db", view, name, 0};
    pl_test_observed_clear(&run);
    if (pl_console_db(&run.scene, &db, &run.out, &run.err) != PL_OK) {
        fail_msg("%s", run.err.message);
    }
    assert_true(pl_test_observed_is_json(&run));
}

static void activity_groups_by_state(void **test_state)
{
    (void)test_state;
    look("activity", "");
    assert_true(pl_test_observed_has(&run, "[\"idle in transaction\","));
    assert_true(pl_test_observed_has(&run, "Client:ClientRead"));
    assert_true(pl_test_observed_has(&run, " of 240, load "));
    assert_true(pl_test_observed_has(&run, "oldest transactions"));
}

static void locks_name_the_blocker(void **test_state)
{
    (void)test_state;
    look("locks", "");
    assert_true(pl_test_observed_has(&run, "\"stock key "));
    assert_true(pl_test_observed_has(&run, "transactions wait for a row lock."));
    assert_false(pl_test_observed_has(&run, "\"0 transactions"));
}

static void statements_are_differences_over_the_window(void **test_state)
{
    (void)test_state;
    look("statements", "");
    assert_true(pl_test_observed_has(&run, "[\"insert-order\","));
    assert_true(pl_test_observed_has(&run, "over the last 120 s"));
}

static void a_flipped_plan_shows(void **test_state)
{
    (void)test_state;
    look("plan", "get-order");
    assert_true(pl_test_observed_has(&run, "Index Scan"));
    struct pl_statement *statement = &run.world->statements[0];
    snprintf(statement->plan_bad, sizeof(statement->plan_bad), "Seq Scan on orders");
    pl_test_change(run.world, run.state, "statement.orders-db.get-order.plan", 1.0, 122.0);
    pl_test_observed_run(&run, 123.0);
    look("plan", "get-order");
    assert_true(pl_test_observed_has(&run, "Seq Scan on orders"));
    pl_test_observed_clear(&run);
    struct pl_db_look db = {"orders-db", "plan", "get-ordr", 0};
    assert_int_equal(pl_console_db(&run.scene, &db, &run.out, &run.err), PL_NOT_FOUND);
    assert_string_equal(run.err.message,
                        "orders-db has no statement `get-ordr`; did you mean `get-order`?");
}

static void connections_add_up_by_client(void **test_state)
{
    (void)test_state;
    look("connections", "");
    assert_true(pl_test_observed_has(&run, "[\"checkout\","));
    assert_true(pl_test_observed_has(&run, "[\"import\","));
    assert_true(pl_test_observed_has(&run, "[\"others\",40,"));
    assert_true(pl_test_observed_has(&run, "of max_connections 240"));
    look("replication", "");
    assert_true(pl_test_observed_has(&run, "[\"orders-db-1\",\"streaming\","));
}

static void wrong_names_are_answered(void **test_state)
{
    (void)test_state;
    struct pl_db_look db = {"order-db", "activity", "", 0};
    pl_test_observed_clear(&run);
    assert_int_equal(pl_console_db(&run.scene, &db, &run.out, &run.err), PL_NOT_FOUND);
    assert_non_null(strstr(run.err.message, "did you mean `orders-db`?"));
    db = (struct pl_db_look){"orders-db", "lock", "", 0};
    pl_test_observed_clear(&run);
    assert_int_equal(pl_console_db(&run.scene, &db, &run.out, &run.err), PL_NOT_FOUND);
    assert_non_null(strstr(run.err.message, "did you mean locks"));
    /* With one database its name may be left out. */
    db = (struct pl_db_look){"", "", "", 0};
    pl_test_observed_clear(&run);
    assert_int_equal(pl_console_db(&run.scene, &db, &run.out, &run.err), PL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activity_groups_by_state),
        cmocka_unit_test(locks_name_the_blocker),
        cmocka_unit_test(statements_are_differences_over_the_window),
        cmocka_unit_test(a_flipped_plan_shows),
        cmocka_unit_test(connections_add_up_by_client),
        cmocka_unit_test(wrong_names_are_answered),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
