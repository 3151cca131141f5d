// SPDX-License-Identifier: Apache-2.0
#include "cli/bot_learn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char directory[512] = "tests/content";

/* What is learned does not depend on how many threads learn it. */
static void learning_does_not_depend_on_threads(void **state)
{
    (void)state;
    static struct pl_errors errors;
    struct pl_content content;
    pl_error err = {0};
    struct pl_bot_lesson *lessons[2];
    assert_int_equal(pl_content_load(directory, "slow-till", &content, &errors), PL_OK);
    for (uint32_t i = 0; i < 2; i++) {
        struct pl_bot_learn_plan plan = {
            .content = &content, .forms = 2, .trials = 1, .seed = 9, .workers = 1 + i * 2};
        lessons[i] = calloc(1, sizeof *lessons[i]);
        assert_non_null(lessons[i]);
        assert_int_equal(pl_bot_learn(&plan, lessons[i], &err), PL_OK);
    }
    assert_int_equal(lessons[0]->accepted, 2);
    assert_true(lessons[0]->knowledge.remedy_count > 0);
    assert_memory_equal(lessons[0], lessons[1], sizeof *lessons[0]);
    free(lessons[0]);
    free(lessons[1]);
    pl_content_free(&content);
}

static void a_scenario_that_never_pages_cannot_be_learned(void **state)
{
    (void)state;
    static struct pl_errors errors;
    struct pl_content content;
    pl_error err = {0};
    struct pl_bot_lesson *lesson = calloc(1, sizeof *lesson);
    assert_non_null(lesson);
    assert_int_equal(pl_content_load(directory, "slow-till", &content, &errors), PL_OK);
    content.scenario->causes[0].change_count = 0;
    struct pl_bot_learn_plan plan = {
        .content = &content, .forms = 1, .trials = 1, .seed = 9, .workers = 1};
    assert_int_equal(pl_bot_learn(&plan, lesson, &err), PL_BAD_INPUT);
    assert_string_equal(err.message, "No form of `slow-till` sends its page.");
    free(lesson);
    pl_content_free(&content);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(directory, sizeof directory, "%.460s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learning_does_not_depend_on_threads),
        cmocka_unit_test(a_scenario_that_never_pages_cannot_be_learned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
