// SPDX-License-Identifier: Apache-2.0
#include "judge/verdict.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static bool has_note(const struct pl_report *report, const char *words)
{
    for (uint32_t i = 0; i < report->note_count; i++) {
        if (strstr(report->notes[i], words) != NULL) {
            return true;
        }
    }
    return false;
}

/* Goal: sessions of nothing, of a second, and past the end are judged, and it is said what of. */
static void what_can_not_be_judged_is_said(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    const struct pl_report *report = test_judge_finish(judge);
    assert_true(has_note(report, "Nothing was looked at"));
    assert_true(has_note(report, "not closed"));
    assert_false(report->profile.efficiency.given);
    test_judge_close(judge);
    judge = test_judge_open(3, NULL);
    test_judge_feed(judge, "{\"do\":\"wait\",\"for\":\"1s\"}");
    test_judge_feed(judge, "{\"do\":\"close\"}");
    report = test_judge_finish(judge);
    assert_true(has_note(report, "Nothing was looked at"));
    assert_true(report->damage.given && report->damage_adjusted.given);
    test_judge_close(judge);
    judge = test_judge_open(3, NULL);
    test_judge_feed(judge, "{\"do\":\"look\",\"what\":\"alerts\"}");
    test_judge_feed(judge, "{\"do\":\"close\"}");
    assert_true(has_note(test_judge_finish(judge), "The session lasted"));
    test_judge_close(judge);
    judge = test_judge_open(3, NULL);
    test_judge_feed(judge, "{\"do\":\"look\",\"what\":\"alerts\"}");
    for (uint32_t i = 0; i < 3; i++) {
        test_judge_feed(judge, "{\"do\":\"wait\",\"for\":\"5m\"}");
    }
    report = test_judge_finish(judge);
    assert_true(pl_session_done(judge->judge->session));
    assert_false(has_note(report, "not closed"));
    assert_false(has_note(report, "The session lasted"));
    test_judge_close(judge);
}

/* Goal: five hundred commands are judged within what a report holds. */
static void five_hundred_moves_are_judged(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    char update[160];
    for (uint32_t i = 0; i < 500; i++) {
        snprintf(
            update, sizeof update, "{\"do\":\"say\",\"what\":\"note\",\"text\":\"Move %u.\"}", i);
        test_judge_feed(judge, update);
    }
    test_judge_feed(judge, "{\"do\":\"close\"}");
    const struct pl_report *report = test_judge_finish(judge);
    assert_int_equal(report->move_count, 501);
    assert_true(report->score.given);
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
        cmocka_unit_test(what_can_not_be_judged_is_said),
        cmocka_unit_test(five_hundred_moves_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
