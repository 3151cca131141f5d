// SPDX-License-Identifier: Apache-2.0
#include "os/spool.h"

#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_was_put_is_read_anywhere(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_spool spool = {0};
    char bytes[8] = {0};
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_spool_open(&spool, scratch.path, NULL), PL_OK);
    assert_int_equal(pl_spool_put(&spool, pl_slice_of("one "), NULL), PL_OK);
    assert_int_equal(pl_spool_put(&spool, pl_slice_of("two"), NULL), PL_OK);
    assert_int_equal(spool.size, 7);
    assert_int_equal(pl_spool_get(&spool, 4, 3, bytes, NULL), PL_OK);
    assert_string_equal(bytes, "two");
    const pl_slice texts[] = {pl_slice_of("th"), pl_slice_of(""), pl_slice_of("re"), {"e!", 1}};
    assert_int_equal(pl_spool_put_all(&spool, texts, 4, NULL), PL_OK);
    assert_int_equal(spool.size, 12);
    assert_int_equal(pl_spool_get(&spool, 5, 7, bytes, NULL), PL_OK);
    assert_string_equal(bytes, "wothree");
    pl_spool_close(&spool);
    pl_spool_close(&spool);
    assert_int_equal(pl_spool_open(&spool, scratch.path, NULL), PL_OK);
    assert_int_equal(spool.size, 0);
    pl_spool_close(&spool);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

static void a_missing_directory_is_told(void **state)
{
    (void)state;
    struct pl_spool spool = {0};
    pl_error err = {0};
    assert_int_equal(pl_spool_open(&spool, "/nowhere/at/all", &err), PL_NOT_FOUND);
    assert_true(err.message[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_read_anywhere),
        cmocka_unit_test(a_missing_directory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
