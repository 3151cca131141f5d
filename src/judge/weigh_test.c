// SPDX-License-Identifier: Apache-2.0
#include "judge/weigh.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void an_act_that_repairs_nothing_costs_by_the_truth(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    test_judge_play(judge);
    const struct pl_epoch *act = &judge->judge->epochs[3];
    struct pl_worth worth;
    assert_int_equal(act->kind, PL_EPOCH_ACT);
    pl_weigh_epoch(judge->judge, act, &worth);
    assert_true(worth.truth_known);
    assert_true(worth.searched);
    assert_true(worth.regret.value >= 0.0);
    assert_true(worth.regret_true.value > 0.0);
    assert_true(worth.value.value >= 0.0);
    assert_true(worth.best_act.value <= worth.chosen.value + 1e-9);
    test_judge_close(judge);
}

static void saying_something_costs_nothing(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    test_judge_play(judge);
    struct pl_worth worth;
    pl_weigh_epoch(judge->judge, &judge->judge->epochs[2], &worth);
    assert_true(worth.value.value - worth.v < 1e-9 && worth.v - worth.value.value < 1e-9);
    assert_true(worth.regret.value <= 0.0);
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_act_that_repairs_nothing_costs_by_the_truth),
        cmocka_unit_test(saying_something_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
