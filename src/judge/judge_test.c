// SPDX-License-Identifier: Apache-2.0
#include "judge/judge.h"

#include "support/trials.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_SIZE = 1 << 18 };

/* Tasks from the last to the first, by two workers in turns. */
static void run_backwards(void *context, uint32_t count, pl_task task, void *argument)
{
    (void)context;
    for (uint32_t i = count; i-- > 0;) {
        task(argument, i, i % 2);
    }
}

static char *analysed(const struct pl_parallel *parallel)
{
    struct test_judge *judge = test_judge_open(3, parallel);
    test_judge_play(judge);
    char *text = malloc(TEXT_SIZE);
    assert_non_null(text);
    struct pl_buf out;
    pl_buf_init(&out, text, TEXT_SIZE);
    pl_report_json(test_judge_finish(judge), &out);
    assert_false(out.overflow);
    test_judge_close(judge);
    return text;
}

static void judging_again_gives_the_same_bytes_however_it_is_shared_out(void **state)
{
    (void)state;
    struct pl_parallel backwards = {.run = run_backwards, .workers = 2};
    char *first = analysed(NULL);
    char *second = analysed(&backwards);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void an_answer_that_differs_ends_the_hearing(void **state)
{
    (void)state;
    pl_error err = {0};
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge_entry entry = {.seq = 1,
                                   .before_ns = pl_session_now(judge->judge->session),
                                   .command = pl_slice_of("{\"do\":\"wait\",\"for\":\"1m\"}"),
                                   .answer = "00000000000000000000000000000000"};
    assert_int_equal(pl_judge_feed(judge->judge, &entry, &err), PL_CORRUPT);
    assert_non_null(strstr(err.message, "Entry 1"));
    assert_int_equal(pl_judge_feed(judge->judge, &entry, &err), PL_CORRUPT);
    const struct pl_report *report = test_judge_finish(judge);
    assert_true(report->damage.given);
    test_judge_close(judge);
}

static void a_session_without_a_move_is_judged_as_doing_nothing(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(4, NULL);
    const struct pl_report *report = test_judge_finish(judge);
    assert_int_equal(pl_judge_at(judge->judge), 0);
    assert_int_equal(report->move_count, 1);
    assert_string_equal(report->moves[0].kind, "close");
    /* All of its damage comes after its end. */
    assert_true(report->damage.value > 0.5 * report->damage_noop.value);
    assert_true(report->damage.value < 1.5 * report->damage_noop.value);
    assert_false(report->profile.efficiency.given);
    assert_false(report->profile.calibration.given);
    assert_true(report->note_count >= 3);
    test_judge_close(judge);
}

/* A cause whose fault is now and then too weak to send the page is believed in that much less. */
static void a_cause_that_seldom_sends_the_page_is_less_likely(void **state)
{
    (void)state;
    struct test_judge *strong = test_judge_open(3, NULL);
    strong->scenario->setting.changes[strong->scenario->causes[1].change0].vary = 0.98;
    struct test_judge *judge = test_judge_open_in(strong, NULL, 3);
    double pages = pl_bank_acceptance(judge->judge->bank, 1);
    double given = strong->scenario->causes[1].prior;
    assert_true(pages < 0.9);
    assert_true(fabs(judge->judge->belief_def.prior[1] - pages * given) < 1e-12);
    struct pl_belief_view view;
    pl_belief_read(judge->judge->belief, PL_BELIEF_FULL, &view);
    assert_true(view.cause[1] < 0.95 * view.cause[0]);
    test_judge_close(judge);
    test_judge_close(strong);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judging_again_gives_the_same_bytes_however_it_is_shared_out),
        cmocka_unit_test(an_answer_that_differs_ends_the_hearing),
        cmocka_unit_test(a_session_without_a_move_is_judged_as_doing_nothing),
        cmocka_unit_test(a_cause_that_seldom_sends_the_page_is_less_likely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
