// SPDX-License-Identifier: Apache-2.0
//
// Rollouts of scenario slow-till: a flag moved a vendor call into a held connection.
#include "judge/rollout.h"

#include "judge/option_set.h"
#include "scenario/action.h"
#include "stats/interval.h"
#include "support/judged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_rollout run(const struct test_judged *judged,
                             const struct pl_rollout_def *def,
                             const struct pl_option *option,
                             uint64_t future)
{
    return pl_rollout_run(
        def, judged->state, 0, option, future, judged->fork_memory, judged->state_size);
}

static void the_remedy_beats_waiting_and_waiting_is_ended_by_the_responder(void **state)
{
    (void)state;
    struct test_judged *judged = test_judged_open(1, 60.0);
    struct pl_rollout_def def;
    pl_rollout_def_init(judged->world, judged->scenario, judged->opening->ends_ns, &def);
    def.hurt_rate[0] = 1.0;
    def.quiet_rate = 0.05;
    struct pl_option nothing = {.noop = 1};
    struct pl_option flag = {.call = judged->scenario->setting.calls[0]};
    struct pl_rollout idle = run(judged, &def, &nothing, 1);
    struct pl_rollout done = run(judged, &def, &flag, 1);
    assert_true(idle.damage > 5.0 * done.damage);
    assert_true(done.remedied_ns < 0);
    int64_t now_ns = pl_model_now(judged->state);
    assert_int_equal(idle.remedied_ns, now_ns + 17 * 60 * PL_NS_PER_S);
    def.has_remedy[0] = 0;
    struct pl_rollout never = run(judged, &def, &nothing, 1);
    assert_true(never.damage > idle.damage);
    assert_true(never.remedied_ns < 0);
    test_judged_close(judged);
}

/* The same future gives the same number, another future another one; the source is untouched. */
static void a_rollout_is_a_function_of_state_option_and_future(void **state)
{
    (void)state;
    struct test_judged *judged = test_judged_open(1, 60.0);
    struct pl_rollout_def def;
    pl_rollout_def_init(judged->world, judged->scenario, judged->opening->ends_ns, &def);
    struct pl_option flag = {.call = judged->scenario->setting.calls[0]};
    pl_hash128 before = pl_model_hash(judged->state);
    double first = run(judged, &def, &flag, 1).damage;
    double other = run(judged, &def, &flag, 2).damage;
    double again = run(judged, &def, &flag, 1).damage;
    pl_hash128 after = pl_model_hash(judged->state);
    assert_true(test_judged_same(first, again));
    assert_false(test_judged_same(first, other));
    assert_true(before.low == after.low && before.high == after.high);
    test_judged_close(judged);
}

/*
 * Ending early saves work and does not bend the mean. The remedy is a partial one, so that users
 * still feel a little; over paired futures the difference from the full run stays within 2.5
 * standard errors of 0, and within 1 % of what doing nothing costs.
 */
static void ending_early_is_unbiased(void **state)
{
    (void)state;
    struct test_judged *judged = test_judged_open(1, 60.0);
    struct pl_rollout_def def;
    pl_rollout_def_init(judged->world, judged->scenario, judged->opening->ends_ns, &def);
    struct pl_option partly = {.noop = 0};
    struct pl_option nothing = {.noop = 1};
    struct pl_arg_text args[2] = {{"", "inline-check"}, {"", "25%"}};
    assert_int_equal(pl_action_bind(judged->scenario, "flag", args, 2, &partly.call, NULL), PL_OK);
    def.remedies[0] = partly.call;
    def.hurt_rate[0] = 3.0;
    def.quiet_rate = 1.0;
    struct pl_moments difference = {0};
    int64_t early_ns = 0;
    int64_t whole_ns = 0;
    for (uint64_t future = 1; future <= 12; future++) {
        def.whole = 0;
        struct pl_rollout early = run(judged, &def, &partly, future);
        def.whole = 1;
        struct pl_rollout whole = run(judged, &def, &partly, future);
        pl_moments_add(&difference, early.damage - whole.damage);
        early_ns += early.simulated_ns;
        whole_ns += whole.simulated_ns;
    }
    double idle = run(judged, &def, &nothing, 1).damage;
    print_message("early end: difference %.2f +- %.2f of %.0f; %.0f %% of the simulated time\n",
                  difference.mean,
                  pl_moments_standard_error(&difference),
                  idle,
                  100.0 * (double)early_ns / (double)whole_ns);
    assert_true(early_ns * 2 < whole_ns);
    assert_true(difference.mean < 2.5 * pl_moments_standard_error(&difference));
    assert_true(difference.mean > -2.5 * pl_moments_standard_error(&difference));
    assert_true(difference.mean < 0.01 * idle && difference.mean > -0.01 * idle);
    test_judged_close(judged);
}

/* Set the flag that is the cause at a moment that is still to come. */
static void schedule(struct test_judged *judged, const char *share, double after_s)
{
    struct pl_call call;
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    struct pl_arg_text args[2] = {{"", "inline-check"}, {"", share}};
    uint32_t count = 0;
    assert_int_equal(pl_action_bind(judged->scenario, "flag", args, 2, &call, NULL), PL_OK);
    assert_int_equal(
        pl_action_changes(
            judged->world, judged->scenario, judged->state, &call, changes, &count, NULL),
        PL_OK);
    for (uint32_t i = 0; i < count; i++) {
        changes[i].t_ns = pl_model_now(judged->state) + pl_clock_ns(after_s);
        assert_int_equal(pl_model_change(judged->world, judged->state, &changes[i], NULL), PL_OK);
    }
}

/* An incident that pauses while somebody is on the way, and only then, costs less. */
static void the_wait_for_the_responder_is_simulated(void **state)
{
    (void)state;
    struct test_judged *judged = test_judged_open(1, 60.0);
    struct pl_rollout_def def;
    pl_rollout_def_init(judged->world, judged->scenario, judged->opening->ends_ns, &def);
    def.hurt_rate[0] = 1.0;
    def.quiet_rate = 0.05;
    struct pl_option nothing = {.noop = 1};
    struct pl_rollout even = run(judged, &def, &nothing, 1);
    schedule(judged, "0%", 6.0 * 60.0);
    schedule(judged, "100%", 15.0 * 60.0);
    struct pl_rollout paused = run(judged, &def, &nothing, 1);
    print_message("a pause in the wait: %.0f instead of %.0f\n", paused.damage, even.damage);
    assert_int_equal(even.remedied_ns, paused.remedied_ns);
    assert_true(paused.damage < 0.85 * even.damage);
    test_judged_close(judged);
}

/* A wrong act is taken back when the right remedy comes; what was before the first act returns. */
static void acts_are_taken_back_to_what_was_before_the_first(void **state)
{
    (void)state;
    struct test_judged *judged = test_judged_open(1, 60.0);
    struct pl_call call;
    struct pl_arg_text args[2] = {{"", "till-api"}, {"", "6"}};
    assert_int_equal(pl_action_bind(judged->scenario, "scale", args, 2, &call, NULL), PL_OK);
    struct pl_undo undo = {.count = 0};
    pl_undo_add(judged->world, judged->scenario, judged->state, &call, &undo);
    assert_int_equal(undo.count, 1);
    assert_true(test_judged_same(undo.values[0], 2.0));
    struct pl_arg_text more[2] = {{"", "till-api"}, {"", "8"}};
    assert_int_equal(pl_action_bind(judged->scenario, "scale", more, 2, &call, NULL), PL_OK);
    pl_undo_add(judged->world, judged->scenario, judged->state, &call, &undo);
    assert_int_equal(undo.count, 1);
    test_judged_close(judged);
}

/* An act that sets what is so anyway need not be run: it is doing nothing, to the last bit. */
static void an_act_that_changes_nothing_is_doing_nothing(void **state)
{
    (void)state;
    struct test_judged *judged = test_judged_open(1, 60.0);
    struct pl_rollout_def def;
    pl_rollout_def_init(judged->world, judged->scenario, judged->opening->ends_ns, &def);
    def.hurt_rate[0] = 1.0;
    def.quiet_rate = 0.05;
    struct pl_option nothing = {.noop = 1};
    struct pl_option same = {.noop = 0};
    struct pl_option more = {.noop = 0};
    struct pl_option remedy = {.call = judged->scenario->setting.calls[0]};
    struct pl_arg_text args[2] = {{"", "till-api"}, {"", "2"}};
    assert_int_equal(pl_action_bind(judged->scenario, "scale", args, 2, &same.call, NULL), PL_OK);
    args[1].value = "6";
    assert_int_equal(pl_action_bind(judged->scenario, "scale", args, 2, &more.call, NULL), PL_OK);
    assert_true(pl_rollout_is_idle(&def, judged->state, 0, &nothing));
    assert_true(pl_rollout_is_idle(&def, judged->state, 0, &same));
    assert_false(pl_rollout_is_idle(&def, judged->state, 0, &more));
    assert_false(pl_rollout_is_idle(&def, judged->state, 0, &remedy));
    for (uint64_t future = 1; future <= 3; future++) {
        struct pl_rollout idle = run(judged, &def, &nothing, future);
        struct pl_rollout done = run(judged, &def, &same, future);
        assert_true(test_judged_same(idle.damage, done.damage));
        assert_int_equal(idle.remedied_ns, done.remedied_ns);
    }
    test_judged_close(judged);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judged_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_remedy_beats_waiting_and_waiting_is_ended_by_the_responder),
        cmocka_unit_test(a_rollout_is_a_function_of_state_option_and_future),
        cmocka_unit_test(ending_early_is_unbiased),
        cmocka_unit_test(the_wait_for_the_responder_is_simulated),
        cmocka_unit_test(acts_are_taken_back_to_what_was_before_the_first),
        cmocka_unit_test(an_act_that_changes_nothing_is_doing_nothing),
    };
    return cmocka_run_group_tests_name("rollout", tests, NULL, NULL);
}
