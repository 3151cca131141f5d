// SPDX-License-Identifier: Apache-2.0
#include "observe/intern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void equal_words_have_equal_numbers(void **test_state)
{
    (void)test_state;
    struct pl_intern *intern = calloc(1, sizeof(*intern));
    uint16_t a = pl_intern_add(intern, "checkout-api");
    uint16_t b = pl_intern_add(intern, "orders-db");
    assert_int_not_equal(a, 0);
    assert_int_not_equal(a, b);
    assert_int_equal(pl_intern_add(intern, "checkout-api"), a);
    assert_int_equal(pl_intern_find(intern, pl_slice_of("orders-db")), b);
    assert_int_equal(pl_intern_find(intern, pl_slice_of("orders")), 0);
    assert_string_equal(pl_intern_word(intern, b), "orders-db");
    assert_int_equal(pl_intern_add(intern, ""), 0);
    assert_string_equal(pl_intern_word(intern, 0), "");
    free(intern);
}

static void a_full_table_keeps_what_it_has(void **test_state)
{
    (void)test_state;
    struct pl_intern *intern = calloc(1, sizeof(*intern));
    char word[16];
    for (int i = 0; i < PL_INTERN_WORDS_MAX; i++) {
        snprintf(word, sizeof(word), "w%d", i);
        assert_int_equal(pl_intern_add(intern, word), i + 1);
    }
    assert_int_equal(intern->full, 0);
    assert_int_equal(pl_intern_add(intern, "one-more"), 0);
    assert_int_equal(intern->full, 1);
    assert_int_equal(pl_intern_add(intern, "w17"), 18);
    free(intern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_words_have_equal_numbers),
        cmocka_unit_test(a_full_table_keeps_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
