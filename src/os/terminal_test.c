// SPDX-License-Identifier: Apache-2.0
#include "os/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static void a_pipe_is_no_terminal(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_false(pl_terminal_is(ends[0]));
    assert_int_equal(pl_terminal_columns(ends[0]), 0);
    assert_false(pl_terminal_wait(ends[0], 0));
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_true(pl_terminal_wait(ends[0], 0));
    assert_int_equal(close(ends[1]), 0);
    assert_true(pl_terminal_wait(ends[0], 0));
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(pl_terminal_columns(-1), 0);
}

static void the_first_locale_variable_decides(void **state)
{
    (void)state;
    assert_int_equal(unsetenv("LC_ALL"), 0);
    assert_int_equal(unsetenv("LC_CTYPE"), 0);
    assert_int_equal(setenv("LANG", "en_US.UTF-8", 1), 0);
    assert_true(pl_terminal_utf8());
    assert_int_equal(setenv("LC_ALL", "C", 1), 0);
    assert_false(pl_terminal_utf8());
    assert_int_equal(setenv("LC_ALL", "C.utf8", 1), 0);
    assert_true(pl_terminal_utf8());
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_pipe_is_no_terminal),
                                       cmocka_unit_test(the_first_locale_variable_decides)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
