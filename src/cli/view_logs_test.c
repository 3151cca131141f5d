// SPDX-License-Identifier: Apache-2.0
#include "cli/view_logs.h"

#include "support/goldens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *draw(const char *text)
{
    const struct pl_term term = {.columns = 80, .utf8 = true};
    return golden_text(term, pl_view_logs, text);
}

static void application_lines_are_read(void **state)
{
    (void)state;
    const char *text =
        draw("{\"lines\":[{\"text\":\"{\\\"timestamp\\\":\\\"2026-11-21T11:41:58.113Z\\\","
             "\\\"severity_text\\\":\\\"WARN\\\",\\\"body\\\":\\\"slow\\\","
             "\\\"attempt\\\":2}\"}],\"matched\":9,\"shown\":1}");
    assert_string_equal(text, "  11:41:58.113 WARN  slow  attempt=2\n  1 of 9 matching lines.\n");
}

static void broken_lines_stand_as_they_are(void **state)
{
    (void)state;
    const char *text =
        draw("{\"lines\":[{\"text\":\"{\\\"body\\\":\"}],\"matched\":1,\"shown\":1}");
    assert_string_equal(text, "  {\"body\":\n  1 of 1 matching lines.\n");
}

static void no_line_is_said(void **state)
{
    (void)state;
    assert_string_equal(draw("{\"lines\":[],\"matched\":0,\"shown\":0}"), "  No line matches.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(application_lines_are_read),
        cmocka_unit_test(broken_lines_stand_as_they_are),
        cmocka_unit_test(no_line_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
