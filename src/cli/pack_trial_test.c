// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_trial.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_test_contents contents;

static int setup(void **unused)
{
    (void)unused;
    pl_test_contents_init(&contents);
    assert_true(pl_test_load_scenario(&contents, pl_test_world_text, pl_test_scenario_text));
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    pl_test_contents_free(&contents);
    return 0;
}

static void run(uint32_t cause, struct pl_trial *trial)
{
    struct pl_trial_plan plan = {.world = contents.world,
                                 .scenario = contents.scenario,
                                 .cause = cause,
                                 .seeds = 3,
                                 .horizon_s = 240.0};
    pl_error err = {0};
    assert_int_equal(pl_trial_run(&plan, trial, &err), PL_OK);
}

static void a_trial_compares_actions_with_doing_nothing(void **unused)
{
    (void)unused;
    struct pl_trial trial;
    run(0, &trial);
    assert_int_equal(trial.seeds, 3);
    assert_int_equal(trial.fired, 3);
    assert_int_equal(trial.action_count, 2);
    assert_int_equal(trial.none.count, 3);
    assert_true(trial.none.mean > 100.0);
    /* Turning the flag off takes the vendor out of the transaction. */
    assert_int_equal(trial.actions[0].helps, 1);
    assert_int_equal(trial.actions[0].good, 1);
    assert_true(trial.actions[0].damage.mean < 0.67 * trial.none.mean);
    /* The difference is paired: its mean is the difference of the means. */
    double gap = trial.actions[0].damage.mean - trial.none.mean - trial.actions[0].difference.mean;
    assert_true(gap > -1e-6 && gap < 1e-6);
}

static void a_trial_is_the_same_every_time(void **unused)
{
    (void)unused;
    struct pl_trial first;
    struct pl_trial second;
    run(1, &first);
    run(1, &second);
    assert_memory_equal(&first, &second, sizeof first);
}

static void an_action_that_cannot_be_done_ends_the_trial(void **unused)
{
    (void)unused;
    /* The reader refuses such a call; a definition made by hand may still hold one. */
    contents.scenario->setting.calls[contents.scenario->causes[0].harms0].values[1] = 4000.0;
    struct pl_trial_plan plan = {.world = contents.world,
                                 .scenario = contents.scenario,
                                 .cause = 0,
                                 .seeds = 2,
                                 .horizon_s = 60.0};
    struct pl_trial trial;
    pl_error err = {0};
    assert_int_equal(pl_trial_run(&plan, &trial, &err), PL_BAD_INPUT);
    assert_true(strlen(err.message) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_trial_compares_actions_with_doing_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_trial_is_the_same_every_time, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_action_that_cannot_be_done_ends_the_trial, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
