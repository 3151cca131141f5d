// SPDX-License-Identifier: Apache-2.0
#include "os/failure.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void sentence_and_status(void **state)
{
    (void)state;
    pl_error err = {0};
    assert_int_equal(pl_failure_of(&err, "read", "/x/y", ENOENT), PL_NOT_FOUND);
    assert_string_equal(err.message, "cannot read /x/y: No such file or directory");
    assert_int_equal(pl_failure_of(NULL, "read", "/x", ENOSPC), PL_IO);
    assert_int_equal(pl_failure_of(NULL, "read", "/x", ENOMEM), PL_NO_MEMORY);
    char longest[5000];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    pl_error cut = {0};
    assert_int_equal(pl_failure_of(&cut, "read", longest, ENAMETOOLONG), PL_IO);
    assert_non_null(strstr(cut.message, "aaa: File name too long"));
    pl_error odd = {0};
    assert_int_equal(pl_failure_of(&odd, "read", "/x", 99999), PL_IO);
    assert_int_not_equal(odd.message[strlen("cannot read /x: ")], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sentence_and_status)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
