// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_fault fault = {
    .name = "test.hold",
    .number = "F01",
    .title = "Held",
    .summary = "It is held.",
    .parameter_count = 3,
    .tell_count = 1,
    .parameters = {{.name = "flag", .help = "which", .kind = PL_FAULT_FLAG},
                   {.name = "share",
                    .help = "how many",
                    .initial = "90%",
                    .low = "1%",
                    .high = "95%",
                    .kind = PL_FAULT_SHARE},
                   {.name = "factor",
                    .help = "how much",
                    .low = "1",
                    .kind = PL_FAULT_FACTOR,
                    .optional = 1}},
    .tells = {"Time of use."},
};

static void a_section_tells_every_parameter(void **unused)
{
    (void)unused;
    char text[2048];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof text);
    pl_fault_page(&fault, &out);
    assert_false(out.overflow);
    assert_non_null(strstr(text, "## test.hold\n\nHeld (F01). It is held.\n"));
    assert_non_null(strstr(text, "| `flag` | flag | required |  | which |\n"));
    assert_non_null(strstr(text, "| `share` | share | 90% | 1% to 95% | how many |\n"));
    assert_non_null(strstr(text, "| `factor` | factor | may be left out | from 1 | how much |\n"));
    assert_non_null(strstr(text, "What tells it:\n\n- Time of use.\n"));
    /* A list without entries has no heading. */
    assert_null(strstr(text, "Tempting"));
}

static void a_list_has_a_line_per_fault_and_parameter(void **unused)
{
    (void)unused;
    char text[1024];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof text);
    pl_fault_lines(&fault, &out);
    assert_memory_equal(text, "F01  test.hold ", 15);
    assert_non_null(strstr(text, "share, 90%: how many\n"));
    size_t lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    assert_int_equal(lines, 4);
}

static void the_head_says_where_the_page_comes_from(void **unused)
{
    (void)unused;
    char text[2048];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof text);
    pl_fault_page_head(&out);
    assert_false(out.overflow);
    assert_non_null(strstr(text, "plumb pack faults --markdown"));
}

static void a_sheet_tells_all_that_is_known_of_one(void **unused)
{
    (void)unused;
    char text[2048];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof text);
    pl_fault_sheet(&fault, &out);
    assert_false(out.overflow);
    assert_non_null(strstr(text, "test.hold (F01): Held\nIt is held.\n\nParameters:\n"));
    assert_non_null(strstr(text, "share, 90%, 1% to 95%: how many\n"));
    assert_non_null(strstr(text, "flag, required: which\n"));
    assert_non_null(strstr(text, "What tells it:\n  - Time of use.\n"));
    assert_null(strstr(text, "Tempting"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_section_tells_every_parameter),
        cmocka_unit_test(a_list_has_a_line_per_fault_and_parameter),
        cmocka_unit_test(the_head_says_where_the_page_comes_from),
        cmocka_unit_test(a_sheet_tells_all_that_is_known_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
