// SPDX-License-Identifier: Apache-2.0
//
// Excerpts are bounded, harmless on a terminal and cut between characters.
#include "text/excerpt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void short_text_stays(void **state)
{
    (void)state;
    assert_string_equal(pl_excerpt_of(pl_slice_of("orders-db")).text, "orders-db");
    assert_string_equal(pl_excerpt_of((pl_slice){NULL, 0}).text, "");
    assert_string_equal(pl_excerpt_of(pl_slice_of("caf\xc3\xa9")).text, "caf\xc3\xa9");
}

static void controls_become_question_marks(void **state)
{
    (void)state;
    pl_slice text = {"a\x1b[31mb\n\0c\x7f\xc2\x9b", 13};
    assert_string_equal(pl_excerpt_of(text).text, "a?[31mb??c??");
    assert_string_equal(pl_excerpt_of((pl_slice){"\x80\xbf", 2}).text, "??");
}

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    char text[100];
    for (size_t lead = 0; lead < 4; lead++) {
        memset(text, 'x', lead);
        for (size_t i = lead; i + 3 <= sizeof text; i += 3) {
            memcpy(text + i, "\xe2\x82\xac", 3);
        }
        pl_excerpt out = pl_excerpt_of((pl_slice){text, lead + 90});
        size_t size = strlen(out.text);
        assert_in_range(size, PL_EXCERPT_SIZE - 4, PL_EXCERPT_SIZE - 1);
        assert_string_equal(out.text + size - 3, "...");
        assert_int_equal((size - 3 - lead) % 3, 0);
    }
    memset(text, 'y', sizeof text);
    pl_excerpt limit = pl_excerpt_of((pl_slice){text, PL_EXCERPT_SIZE - 1});
    assert_int_equal(strlen(limit.text), PL_EXCERPT_SIZE - 1);
    assert_null(strchr(limit.text, '.'));
    assert_non_null(strstr(pl_excerpt_of((pl_slice){text, PL_EXCERPT_SIZE}).text, "..."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_text_stays),
        cmocka_unit_test(controls_become_question_marks),
        cmocka_unit_test(long_text_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
