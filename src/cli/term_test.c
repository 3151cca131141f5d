// SPDX-License-Identifier: Apache-2.0
#include "cli/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_term mono = {.columns = 80, .colour = false, .utf8 = true};
static const struct pl_term colour = {.columns = 80, .colour = true, .utf8 = true};
static const struct pl_term ascii = {.columns = 80, .colour = false, .utf8 = false};

static char memory[4096];
static struct pl_buf out;

static void clear(void)
{
    pl_buf_init(&out, memory, sizeof memory);
}

/* No text may drive the terminal: no escape, no bell, no reordering mark survives. */
static void controls_never_reach_the_terminal(void **state)
{
    (void)state;
    clear();
    pl_term_put(&colour,
                &out,
                PL_STYLE_PLAIN,
                "a\033[2Jb\a\x7f\xc2\x9b\xe2\x80\xae"
                "c\n");
    assert_string_equal(memory, "a?[2Jb????c?");
}

static void bytes_that_are_not_utf8_are_replaced(void **state)
{
    (void)state;
    clear();
    pl_term_put(&mono, &out, PL_STYLE_PLAIN, "x\xff\xc3y\xe2\x82");
    assert_string_equal(memory, "x\xef\xbf\xbd\xef\xbf\xbdy\xef\xbf\xbd\xef\xbf\xbd");
}

static void colour_only_where_it_is_wanted(void **state)
{
    (void)state;
    clear();
    pl_term_put(&colour, &out, PL_STYLE_BAD, "x");
    assert_string_equal(memory, "\033[31mx\033[0m");
    clear();
    pl_term_put(&mono, &out, PL_STYLE_BAD, "x");
    assert_string_equal(memory, "x");
}

static void without_utf8_all_is_seven_bit(void **state)
{
    (void)state;
    clear();
    pl_term_put(&ascii, &out, PL_STYLE_PLAIN, "Z\xc3\xbcrich \xe2\x80\x93 \xe2\x82\xac");
    assert_string_equal(memory, "Zuerich - ?");
}

static void long_text_ends_in_an_ellipsis(void **state)
{
    (void)state;
    clear();
    assert_int_equal(pl_term_put_cut(&ascii, &out, PL_STYLE_PLAIN, "abcdefgh", 6), 6);
    assert_string_equal(memory, "abc...");
    clear();
    assert_int_equal(pl_term_put_cut(&mono, &out, PL_STYLE_PLAIN, "abc", 6), 3);
    assert_string_equal(memory, "abc");
}

static void paragraphs_break_between_words(void **state)
{
    (void)state;
    struct pl_term narrow = {.columns = 12, .utf8 = true};
    clear();
    pl_term_wrap(&narrow, &out, PL_STYLE_PLAIN, 2, "one two three four\n\nx");
    assert_string_equal(memory, "  one two\n  three four\n\n  x\n");
    clear();
    pl_term_wrap(&narrow, &out, PL_STYLE_PLAIN, 2, "abcdefghijklmnop");
    assert_string_equal(memory, "  abcdefghij\n  klmnop\n");
    clear();
    pl_term_wrap(&narrow, &out, PL_STYLE_PLAIN, 2, "");
    assert_string_equal(memory, "\n");
}

static void prose_flows_and_lists_hang(void **state)
{
    (void)state;
    struct pl_term narrow = {.columns = 16, .utf8 = true};
    clear();
    pl_term_flow(&narrow,
                 &out,
                 PL_STYLE_PLAIN,
                 2,
                 "one\ntwo three\nfour\n\n1. item that\n   goes on\n- b\n    code\n");
    assert_string_equal(memory,
                        "  one two three\n"
                        "  four\n"
                        "\n"
                        "  1. item that\n"
                        "     goes on\n"
                        "  - b\n"
                        "      code\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controls_never_reach_the_terminal),
        cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
        cmocka_unit_test(colour_only_where_it_is_wanted),
        cmocka_unit_test(without_utf8_all_is_seven_bit),
        cmocka_unit_test(long_text_ends_in_an_ellipsis),
        cmocka_unit_test(paragraphs_break_between_words),
        cmocka_unit_test(prose_flows_and_lists_hang),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
