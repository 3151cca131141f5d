// SPDX-License-Identifier: Apache-2.0
//
// A buffer never writes past its capacity, stays terminated, and remembers that something was lost.
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void exact_fit_is_no_overflow_and_one_more_is(void **state)
{
    (void)state;
    char memory[8];
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_buf_puts(&buf, "1234567");
    assert_false(buf.overflow);
    assert_int_equal(buf.size, 7);
    pl_buf_puts(&buf, "8");
    assert_true(buf.overflow);
    assert_string_equal(buf.data, "1234567");
    pl_buf_clear(&buf);
    assert_false(buf.overflow);
    assert_string_equal(buf.data, "");
}

static void printf_at_the_limit(void **state)
{
    (void)state;
    char memory[8];
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_buf_printf(&buf, "%d", 1234567);
    assert_false(buf.overflow);
    pl_buf_clear(&buf);
    pl_buf_printf(&buf, "%d", 12345678);
    assert_true(buf.overflow);
    assert_string_equal(buf.data, "1234567");
    pl_buf_printf(&buf, "%d", 9);
    assert_int_equal(buf.size, 7);
    assert_string_equal(buf.data, "1234567");
}

static void capacity_of_one_holds_the_terminator(void **state)
{
    (void)state;
    char memory[1] = {'x'};
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_buf_put(&buf, NULL, 0);
    assert_false(buf.overflow);
    pl_buf_put(&buf, "a", 1);
    assert_true(buf.overflow);
    assert_int_equal(memory[0], '\0');
}

static void slices_compare_by_bytes(void **state)
{
    (void)state;
    assert_true(pl_slice_equal(pl_slice_of("pool"), (pl_slice){"pools", 4}));
    assert_false(pl_slice_equal(pl_slice_of("pool"), pl_slice_of("pools")));
    assert_false(pl_slice_equal(pl_slice_of("pool"), pl_slice_of("poor")));
    assert_true(pl_slice_equal((pl_slice){NULL, 0}, pl_slice_of("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_fit_is_no_overflow_and_one_more_is),
        cmocka_unit_test(printf_at_the_limit),
        cmocka_unit_test(capacity_of_one_holds_the_terminator),
        cmocka_unit_test(slices_compare_by_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
