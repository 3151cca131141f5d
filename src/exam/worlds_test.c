// SPDX-License-Identifier: Apache-2.0
#include "exam/worlds.h"

#include "exam/analysis.h"
#include "session/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORLDS = 4, TEXT_SIZE = 1 << 18 };

static char content_path[512] = "tests/content";

/* The report of a session of one look, without the time that it took. */
static char *report_of(struct pl_content *content, struct pl_worlds *worlds, uint32_t workers)
{
    struct pl_analysis *analysis = NULL;
    struct pl_buf out;
    pl_error err = {0};
    struct pl_analysis_def def = {.content = content,
                                  .directory = content_path,
                                  .seed = 3,
                                  .clock = PL_CLOCK_TURN,
                                  .particles = WORLDS,
                                  .workers = workers,
                                  .worlds = worlds};
    char *text = malloc(TEXT_SIZE);
    assert_non_null(text);
    assert_int_equal(pl_analysis_begin(&analysis, &def, &err), PL_OK);
    assert_true(pl_analysis_put(analysis,
                                1,
                                INT64_C(600000000000),
                                pl_slice_of("{\"do\":\"look\",\"what\":\"alerts\"}"),
                                NULL));
    struct pl_report report = *pl_analysis_report(analysis, &err);
    report.cpu_s = 0.0;
    pl_buf_init(&out, text, TEXT_SIZE);
    pl_report_json(&report, &out);
    assert_false(out.overflow);
    pl_analysis_end(analysis);
    return text;
}

static void sessions_that_share_worlds_are_judged_as_alone(void **state)
{
    (void)state;
    static struct pl_errors errors;
    struct pl_content content = {0};
    struct pl_worlds *worlds = NULL;
    pl_error err = {0};
    assert_int_equal(pl_content_load(content_path, "torn-till", &content, &errors), PL_OK);
    struct pl_worlds_def def = {
        .content = &content, .directory = content_path, .particles = WORLDS, .workers = 2};
    assert_int_equal(pl_worlds_open(&worlds, &def, &err), PL_OK);
    assert_true(pl_worlds_cpu_s(worlds) > 0.0);
    assert_null(pl_worlds_constants(worlds, &err));
    assert_int_equal(err.status, PL_NOT_FOUND);
    char *alone = report_of(&content, NULL, 2);
    for (uint32_t i = 1; i <= 2; i++) {
        char *shared = report_of(&content, worlds, i);
        assert_string_equal(alone, shared);
        free(shared);
    }
    free(alone);
    pl_worlds_close(worlds);
    pl_worlds_close(NULL);
    pl_content_free(&content);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_that_share_worlds_are_judged_as_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
