// SPDX-License-Identifier: Apache-2.0
#include "os/scratch.h"

#include "os/directory.h"
#include "os/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void everything_inside_goes_and_links_are_not_followed(void **state)
{
    (void)state;
    struct pl_scratch kept;
    struct pl_scratch scratch;
    assert_int_equal(pl_scratch_make(&kept, NULL), PL_OK);
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_string_not_equal(kept.path, scratch.path);
    char path[PL_SCRATCH_PATH_SIZE + 16];
    (void)snprintf(path, sizeof path, "%s/a/b", scratch.path);
    assert_int_equal(pl_directory_make(path, NULL), PL_OK);
    (void)snprintf(path, sizeof path, "%s/a/b/f", scratch.path);
    assert_int_equal(pl_file_save(path, pl_slice_of("x"), NULL), PL_OK);
    (void)snprintf(path, sizeof path, "%s/a/link", scratch.path);
    assert_int_equal(symlink(kept.path, path), 0);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
    assert_false(pl_file_exists(scratch.path));
    assert_true(pl_file_exists(kept.path));
    assert_int_equal(pl_scratch_remove(&kept, NULL), PL_OK);
    pl_error err = {0};
    assert_int_equal(pl_scratch_remove(&kept, &err), PL_IO);
    assert_non_null(strstr(err.message, "cannot remove"));
}

static void a_bad_parent_is_an_error(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    assert_int_equal(setenv("TMPDIR", "/nowhere", 1), 0);
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_NOT_FOUND);
    assert_int_equal(unsetenv("TMPDIR"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_inside_goes_and_links_are_not_followed),
        cmocka_unit_test(a_bad_parent_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
