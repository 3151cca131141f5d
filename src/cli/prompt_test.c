// SPDX-License-Identifier: Apache-2.0
#include "cli/prompt.h"

#include "os/file.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_scratch scratch;

/* A script is read line by line; a line that does not fit is cut between characters. */
static void a_script_is_read_by_lines(void **state)
{
    (void)state;
    char path[600];
    char line[8];
    pl_error err = {0};
    struct pl_prompt *prompt = NULL;
    struct pl_term term = {.columns = 80, .utf8 = true};
    assert_int_equal(pl_scratch_make(&scratch, &err), PL_OK);
    snprintf(path, sizeof path, "%s/lines", scratch.path);
    const char *text = "one\r\n\nabcdef\xc3\xbc and more\nlast";
    assert_int_equal(pl_file_save(path, pl_slice_of(text), &err), PL_OK);
    struct pl_prompt_def def = {.script = path, .term = &term};
    assert_int_equal(pl_prompt_open(&prompt, &def, &err), PL_OK);
    assert_true(pl_prompt_read(prompt, "> ", line, sizeof line));
    assert_string_equal(line, "one");
    pl_prompt_remark(prompt, "+30 s");
    assert_true(pl_prompt_read(prompt, "> ", line, sizeof line));
    assert_string_equal(line, "");
    pl_prompt_remark(prompt, "");
    assert_true(pl_prompt_read(prompt, "> ", line, sizeof line));
    assert_string_equal(line, "abcdef");
    pl_prompt_remark(prompt, "");
    assert_true(pl_prompt_read(prompt, "> ", line, sizeof line));
    assert_string_equal(line, "last");
    pl_prompt_remark(prompt, "");
    assert_false(pl_prompt_read(prompt, "> ", line, sizeof line));
    pl_prompt_close(prompt);
    assert_int_equal(pl_scratch_remove(&scratch, &err), PL_OK);
}

static void a_missing_script_is_told(void **state)
{
    (void)state;
    pl_error err = {0};
    struct pl_prompt *prompt = NULL;
    struct pl_term term = {.columns = 80};
    struct pl_prompt_def def = {.script = "/nowhere/script", .term = &term};
    assert_int_equal(pl_prompt_open(&prompt, &def, &err), PL_NOT_FOUND);
    assert_non_null(strstr(err.message, "/nowhere/script"));
    pl_prompt_close(prompt);
    pl_prompt_close(NULL);
}

static void columns_stay_in_their_limits(void **state)
{
    (void)state;
    struct pl_term term;
    assert_int_equal(setenv("COLUMNS", "100000", 1), 0);
    pl_prompt_detect(&term, true);
    assert_true(term.columns <= PL_TERM_COLUMNS_MAX);
    assert_false(term.utf8);
    assert_int_equal(setenv("COLUMNS", "3", 1), 0);
    pl_prompt_detect(&term, false);
    assert_true(term.columns >= PL_TERM_COLUMNS_MIN);
    assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
    pl_prompt_detect(&term, false);
    assert_false(term.colour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_read_by_lines),
        cmocka_unit_test(a_missing_script_is_told),
        cmocka_unit_test(columns_stay_in_their_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
