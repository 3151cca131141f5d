// SPDX-License-Identifier: Apache-2.0
#include "judge/fold.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void random_parts_are_folded_and_words_stay(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *folded;
    } cases[] = {
        {"checkout-api-vxwrj5lsj-r756b", "checkout-api-*-*"},
        {"checkout-api-vxwrjqlsj-brnxc", "checkout-api-*-*"},
        {"Slow request /orders took 1606 ms", "Slow request /orders took # ms"},
        {"lag 0.35 ms", "lag # ms"},
        {"p99", "p99"},
        {"503", "503"},
        {"POST /v2/orders", "POST /v2/orders"},
        {"orders-db-1", "orders-db-#"},
        {"2026.11.21-1", "#-#"},
        {"Idempotency key 89d42ee seen", "Idempotency key * seen"},
        {"329ab4bbcf7c8314", "*"},
        {"node-a2", "node-*"},
        {"54m", "#m"},
        {"HttpLatencyP99High", "HttpLatencyP99High"},
        {"40 % -> 80 %", "# % -> # %"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[64];
        size_t size = pl_fold(pl_slice_of(cases[i].name), text, sizeof text);
        assert_string_equal(text, cases[i].folded);
        assert_int_equal(size, strlen(text));
    }
}

static void long_names_are_cut(void **state)
{
    (void)state;
    char text[8];
    assert_int_equal(pl_fold(pl_slice_of("everything is slow"), text, sizeof text), 7);
    assert_string_equal(text, "everyth");
    assert_int_equal(pl_fold(pl_slice_of("503"), text, 1), 0);
    assert_string_equal(text, "");
}

static void numbers_that_stand_alone_are_found(void **state)
{
    (void)state;
    pl_slice text = pl_slice_of("p99 3.6 s for 5m (SLO 1.5 s)");
    static const double expected[] = {3.6, 5.0, 1.5};
    size_t at = 0;
    double value = 0.0;
    for (int i = 0; i < 3; i++) {
        assert_true(pl_fold_number(text, &at, &value));
        assert_true(fabs(value - expected[i]) < 1e-12);
    }
    assert_false(pl_fold_number(text, &at, &value));
}

static void keys_depend_on_the_parent_and_the_text(void **state)
{
    (void)state;
    assert_true(pl_fold_key(1, "a", 1) == pl_fold_key(1, "a", 1));
    assert_true(pl_fold_key(1, "a", 1) != pl_fold_key(2, "a", 1));
    assert_true(pl_fold_key(1, "a", 1) != pl_fold_key(1, "b", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_parts_are_folded_and_words_stay),
        cmocka_unit_test(long_names_are_cut),
        cmocka_unit_test(numbers_that_stand_alone_are_found),
        cmocka_unit_test(keys_depend_on_the_parent_and_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
