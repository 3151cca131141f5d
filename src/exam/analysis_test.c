// SPDX-License-Identifier: Apache-2.0
#include "exam/analysis.h"

#include "session/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { WORLDS = 4 };

static char content_path[512] = "tests/content";

static struct pl_analysis *begun(struct pl_content *content)
{
    static struct pl_errors errors;
    struct pl_analysis *analysis = NULL;
    pl_error err = {0};
    assert_int_equal(pl_content_load(content_path, "torn-till", content, &errors), PL_OK);
    struct pl_analysis_def def = {.content = content,
                                  .directory = content_path,
                                  .seed = 3,
                                  .clock = PL_CLOCK_TURN,
                                  .particles = WORLDS,
                                  .workers = 2};
    assert_int_equal(pl_analysis_begin(&analysis, &def, &err), PL_OK);
    return analysis;
}

/* What was handed over while the worlds were still set up is judged all the same. */
static void entries_are_judged_in_the_order_in_which_they_came(void **state)
{
    (void)state;
    struct pl_content content = {0};
    struct pl_analysis *analysis = begun(&content);
    pl_error err = {0};
    int64_t opens_ns = INT64_C(600000000000);
    assert_true(pl_analysis_put(
        analysis, 1, opens_ns, pl_slice_of("{\"do\":\"look\",\"what\":\"alerts\"}"), NULL));
    assert_true(pl_analysis_put(
        analysis, 2, opens_ns + INT64_C(15000000000), pl_slice_of("{\"do\":\"close\"}"), NULL));
    const struct pl_report *report = pl_analysis_report(analysis, &err);
    assert_non_null(report);
    assert_int_equal(report->move_count, 2);
    assert_string_equal(report->moves[1].kind, "close");
    assert_true(report->cpu_s > 0.0);
    struct pl_analysis_progress progress;
    assert_true(pl_analysis_wait(analysis, 1, &progress));
    assert_int_equal(progress.per_mille, 1000);
    pl_analysis_end(analysis);
    pl_content_free(&content);
}

static void an_answer_that_differs_is_told_in_the_report(void **state)
{
    (void)state;
    struct pl_content content = {0};
    struct pl_analysis *analysis = begun(&content);
    pl_error err = {0};
    assert_true(pl_analysis_put(analysis,
                                1,
                                INT64_C(600000000000),
                                pl_slice_of("{\"do\":\"wait\",\"for\":\"1m\"}"),
                                "00000000000000000000000000000000"));
    const struct pl_report *report = pl_analysis_report(analysis, &err);
    assert_non_null(report);
    bool told = false;
    for (uint32_t i = 0; i < report->note_count; i++) {
        told = told || strstr(report->notes[i], "Entry 1 gives another answer") != NULL;
    }
    assert_true(told);
    pl_analysis_end(analysis);
    pl_analysis_end(NULL);
    pl_content_free(&content);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_judged_in_the_order_in_which_they_came),
        cmocka_unit_test(an_answer_that_differs_is_told_in_the_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
