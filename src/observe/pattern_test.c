// SPDX-License-Identifier: Apache-2.0
#include "observe/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void patterns_match_whole_texts(void **test_state)
{
    (void)test_state;
    static const struct {
        const char *pattern;
        const char *text;
        bool matches;
    } cases[] = {
        {"5..", "503", true},
        {"5..", "5034", false},
        {"5..", "403", false},
        {"500|503", "503", true},
        {"500|503", "50", false},
        {"4..|5..", "429", true},
        {"(4|5)..", "504", true},
        {"(4|5)..", "204", false},
        {"check.*", "checkout-api", true},
        {".*-api", "checkout-api", true},
        {"check.+-api", "check-api", false},
        {"colou?r", "color", true},
        {"[a-c]+x", "abcax", true},
        {"[^0-9]*", "ab1", false},
        {"\\d\\d\\d", "404", true},
        {"a\\.b", "a.b", true},
        {"a\\.b", "axb", false},
        {"", "", true},
        {"", "x", false},
        {"a||b", "", true},
        {"checkout-(api|worker)-[a-z0-9]+.*", "checkout-worker-7d9-x", true},
        {"(?:GET|POST)", "POST", true},
        {"[|]", "|", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pl_pattern pattern;
        const char *wrong = pl_pattern_compile(&pattern, pl_slice_of(cases[i].pattern));
        assert_null(wrong);
        if (pl_pattern_match(&pattern, pl_slice_of(cases[i].text)) != cases[i].matches) {
            fail_msg("`%s` on `%s`", cases[i].pattern, cases[i].text);
        }
    }
}

static void what_is_not_supported_is_said(void **test_state)
{
    (void)test_state;
    static const char *const bad[] = {
        "(a",
        "a)",
        "*a",
        "[a",
        "[z-a]",
        "a{2}",
        "(a)(b)",
        "((a))",
        "(ab)*",
        "a\\",
        "a**",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct pl_pattern pattern;
        if (pl_pattern_compile(&pattern, pl_slice_of(bad[i])) == NULL) {
            fail_msg("`%s` was taken", bad[i]);
        }
    }
}

/* A pattern that is exponential for a backtracking matcher must be quick. */
static void nested_choices_are_not_slow(void **test_state)
{
    (void)test_state;
    struct pl_pattern pattern;
    assert_null(pl_pattern_compile(&pattern, pl_slice_of("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b")));
    char text[201];
    memset(text, 'a', 200);
    text[200] = '\0';
    assert_false(pl_pattern_match(&pattern, pl_slice_of(text)));
}

static void limits_hold(void **test_state)
{
    (void)test_state;
    char text[300];
    struct pl_pattern pattern;
    memset(text, 'a', sizeof(text));
    assert_null(pl_pattern_compile(&pattern, (pl_slice){text, PL_PATTERN_LENGTH_MAX}));
    assert_true(pl_pattern_match(&pattern, (pl_slice){text, PL_PATTERN_LENGTH_MAX}));
    assert_non_null(pl_pattern_compile(&pattern, (pl_slice){text, PL_PATTERN_LENGTH_MAX + 1}));
    assert_non_null(pl_pattern_compile(&pattern, (pl_slice){text, 299}));
    memset(text, '|', sizeof(text));
    assert_null(pl_pattern_compile(&pattern, (pl_slice){text, PL_PATTERN_ALTERNATIVES_MAX - 1}));
    assert_non_null(pl_pattern_compile(&pattern, (pl_slice){text, PL_PATTERN_ALTERNATIVES_MAX}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_whole_texts),
        cmocka_unit_test(what_is_not_supported_is_said),
        cmocka_unit_test(nested_choices_are_not_slow),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
