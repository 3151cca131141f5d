// SPDX-License-Identifier: Apache-2.0
#include "cli/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void distance_counts_edits(void **state)
{
    (void)state;
    assert_int_equal(pl_word_distance("panel", "panel"), 0);
    assert_int_equal(pl_word_distance("pannel", "panel"), 1);
    assert_int_equal(pl_word_distance("panle", "panel"), 1);
    assert_int_equal(pl_word_distance("PANEL", "panel"), 0);
    assert_int_equal(pl_word_distance("", "abc"), 3);
    assert_int_equal(pl_word_distance("kitten", "sitting"), 3);
}

static void distance_at_and_past_the_limit(void **state)
{
    (void)state;
    char word[PL_WORD_MAX + 2];
    memset(word, 'a', sizeof word);
    word[PL_WORD_MAX] = '\0';
    assert_int_equal(pl_word_distance(word, ""), PL_WORD_MAX);
    word[PL_WORD_MAX] = 'a';
    word[PL_WORD_MAX + 1] = '\0';
    assert_int_equal(pl_word_distance(word, ""), UINT32_MAX);
}

static void closest_is_near_or_nothing(void **state)
{
    (void)state;
    const char *const words[] = {"panel", "logs", "ask", "changes", "close", NULL};
    assert_string_equal(pl_word_closest("pannel", words), "panel");
    assert_string_equal(pl_word_closest("lgos", words), "logs");
    assert_string_equal(pl_word_closest("chan", words), "changes");
    assert_null(pl_word_closest("rollback", words));
    assert_null(pl_word_closest("x", words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_counts_edits),
        cmocka_unit_test(distance_at_and_past_the_limit),
        cmocka_unit_test(closest_is_near_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
