// SPDX-License-Identifier: Apache-2.0
#include "observe/db_sessions.h"

#include "support/observed.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_def def = {.seed = 4};
static struct pl_db_sessions sessions;

static void sessions_stand_for_the_fleet(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    pl_test_change(run.world, run.state, "flag.inline", 1.0, 10.0);
    pl_test_change(run.world, run.state, "vendor.payment.latency", 8.0, 10.0);
    pl_test_observed_run(&run, 62.0);
    struct pl_database_view view = pl_model_database(run.world, run.state, 0);
    pl_db_sessions_list(&run.scene, 0, &sessions);
    uint32_t all = sessions.count + sessions.other;
    /* Each of four states may be short of up to three of its copies. */
    assert_in_range(all, view.connections * 4 - 12, view.connections * 4);
    assert_int_equal(sessions.limit, view.max_connections * 4);
    uint32_t idle_in_transaction = 0;
    for (uint32_t i = 0; i < sessions.count; i++) {
        const struct pl_db_session *row = &sessions.rows[i];
        idle_in_transaction += row->view.state == PL_SESSION_IDLE_IN_TRANSACTION;
        assert_true(i == 0 || sessions.rows[i - 1].transaction_ns >= row->transaction_ns);
        assert_true(row->pid >= 1200);
        assert_true(pl_db_session_query(run.world, row)[0] != '\0');
        assert_true(pl_db_session_application(run.world, row)[0] != '\0');
        bool waits = row->view.state == PL_SESSION_IDLE_IN_TRANSACTION;
        assert_true(!waits || strcmp(pl_db_session_wait(row), "Client:ClientRead") == 0);
    }
    assert_in_range(idle_in_transaction,
                    view.idle_in_transaction * 4 - (view.idle_in_transaction > 0 ? 3 : 0),
                    view.idle_in_transaction * 4);
    assert_true(view.idle_in_transaction > 0);
    pl_test_observed_end(&run);
}

static void jobs_are_seen_with_their_query(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    pl_test_change(run.world, run.state, "job.import.running", 1.0, 5.0);
    pl_test_observed_run(&run, 20.0);
    pl_db_sessions_list(&run.scene, 0, &sessions);
    uint32_t jobs = 0;
    for (uint32_t i = 0; i < sessions.count; i++) {
        jobs += strcmp(pl_db_session_application(run.world, &sessions.rows[i]), "import") == 0;
    }
    assert_true(jobs > 0);
    pl_test_observed_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_stand_for_the_fleet),
        cmocka_unit_test(jobs_are_seen_with_their_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
