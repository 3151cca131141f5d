// SPDX-License-Identifier: Apache-2.0
#include "judge/verdict.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void rows_follow_the_log(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    test_judge_play(judge);
    const struct pl_report *report = test_judge_finish(judge);
    assert_int_equal(report->move_count, 8);
    for (uint32_t i = 0; i < report->move_count; i++) {
        assert_int_equal(report->moves[i].seq, i + 1);
    }
    assert_string_equal(report->moves[4].kind, "wait"); /* five minutes in one row */
    /* More pods repair nothing; whether that could be known is another matter. */
    uint32_t label = report->moves[3].label;
    assert_true(label == PL_LABEL_UNLUCKY || label == PL_LABEL_ERROR);
    assert_true(report->moves[3].regret_true.value > 0.0);
    assert_true(report->moves[0].bits_expected.given);
    assert_int_equal(report->belief_count, judge->judge->epoch_count);
    test_judge_close(judge);
}

static void damage_is_adjusted_damage_plus_luck(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(5, NULL);
    test_judge_play(judge);
    const struct pl_report *report = test_judge_finish(judge);
    double sum = report->damage_adjusted.value + report->luck.value;
    assert_true(report->damage.value - sum < 1e-9 && sum - report->damage.value < 1e-9);
    assert_true(report->damage_noop.value > 0.0);
    assert_true(report->luck.se > 0.0);
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_follow_the_log),
        cmocka_unit_test(damage_is_adjusted_damage_plus_luck),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
