// SPDX-License-Identifier: Apache-2.0
#include "cli/world_file.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct pl_errors errors;

/* Write a text to a fresh file; its path is returned in `path`. */
static void write_temporary(const char *text, char *path)
{
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(close(fd), 0);
}

static void a_good_file_gives_a_sealed_world(void **unused)
{
    (void)unused;
    char path[] = "/tmp/plumb-world-XXXXXX";
    struct pl_world_file file;
    write_temporary(pl_test_world_text, path);
    memset(&errors, 0, sizeof errors);
    assert_int_equal(pl_world_file_load(path, &file, &errors), PL_OK);
    assert_int_equal(file.world->sealed, 1);
    assert_int_equal(file.setting->person_count, 1);
    pl_world_file_free(&file);
    assert_int_equal(unlink(path), 0);
}

static void a_bad_file_gives_its_mistakes_with_the_path(void **unused)
{
    (void)unused;
    char path[] = "/tmp/plumb-world-XXXXXX";
    struct pl_world_file file;
    write_temporary("world: x\nservices: 3\n", path);
    memset(&errors, 0, sizeof errors);
    assert_int_equal(pl_world_file_load(path, &file, &errors), PL_BAD_INPUT);
    assert_true(errors.count >= 3);
    assert_string_equal(errors.items[0].pos.path, path);
    pl_world_file_free(&file);
    assert_int_equal(unlink(path), 0);
}

static void a_missing_file_is_not_found(void **unused)
{
    (void)unused;
    struct pl_world_file file;
    memset(&errors, 0, sizeof errors);
    assert_int_equal(pl_world_file_load("/nonexistent/w.yaml", &file, &errors), PL_NOT_FOUND);
    assert_int_equal(errors.count, 1);
    pl_world_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_gives_a_sealed_world),
        cmocka_unit_test(a_bad_file_gives_its_mistakes_with_the_path),
        cmocka_unit_test(a_missing_file_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
