// SPDX-License-Identifier: Apache-2.0
#include "os/directory.h"

#include "os/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char scratch[] = "/tmp/plumb-directory-XXXXXX";

static const char *below(const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", scratch, name);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(scratch) == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const files[] = {"f", "b.yaml", "a.yaml", "c.md", ".hidden.yaml"};
    static const char *const directories[] = {"x/y/z", "x/y", "x", ""};
    for (size_t i = 0; i < 5; i++) {
        (void)unlink(below(files[i]));
    }
    int failed = 0;
    for (size_t i = 0; i < 4; i++) {
        failed |= rmdir(below(directories[i]));
    }
    return failed;
}

static void parents_are_made_once_and_again(void **state)
{
    (void)state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s", below("x//y/z/"));
    assert_int_equal(pl_directory_make(path, NULL), PL_OK);
    assert_int_equal(pl_directory_make(path, NULL), PL_OK);
    assert_int_equal(pl_directory_make("/", NULL), PL_OK);
    struct stat information;
    assert_int_equal(stat(path, &information), 0);
    assert_int_equal(information.st_mode & 0777, 0700);
}

static void a_file_in_the_way_is_named(void **state)
{
    (void)state;
    assert_int_equal(pl_file_save(below("f"), pl_slice_of(""), NULL), PL_OK);
    pl_error err = {0};
    assert_int_equal(pl_directory_make(below("f/g"), &err), PL_IO);
    assert_non_null(strstr(err.message, "cannot create the directory"));
    assert_non_null(strstr(err.message, "Not a directory"));
    assert_int_equal(pl_directory_make("", NULL), PL_IO);
}

static pl_status note_name(void *context, const char *name, pl_error *err)
{
    (void)err;
    pl_buf_printf(context, "%s ", name);
    return PL_OK;
}

static pl_status refuse_name(void *context, const char *name, pl_error *err)
{
    (*(int *)context)++;
    return pl_fail(err, PL_CONFLICT, NULL, "no %s", name);
}

static void listing_is_sorted_and_filtered(void **state)
{
    (void)state;
    static const char *const names[] = {"b.yaml", "a.yaml", "c.md", ".hidden.yaml"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pl_file_save(below(names[i]), pl_slice_of(""), NULL), PL_OK);
    }
    char text[200];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    assert_int_equal(pl_directory_list(scratch, ".yaml", note_name, &buf, NULL), PL_OK);
    assert_string_equal(text, "a.yaml b.yaml ");
    pl_buf_clear(&buf);
    assert_int_equal(pl_directory_list(scratch, "", note_name, &buf, NULL), PL_OK);
    assert_string_equal(text, "a.yaml b.yaml c.md f x ");
    int calls = 0;
    pl_error err = {0};
    assert_int_equal(pl_directory_list(scratch, "", refuse_name, &calls, &err), PL_CONFLICT);
    assert_int_equal(calls, 1);
    assert_int_equal(pl_directory_list("/nowhere", "", note_name, &buf, NULL), PL_NOT_FOUND);
}

static void data_directory_follows_the_environment(void **state)
{
    (void)state;
    char text[64];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    assert_int_equal(setenv("HOME", "/home/x", 1), 0);
    assert_int_equal(setenv("XDG_DATA_HOME", "/data", 1), 0);
    assert_int_equal(setenv("PLUMB_DATA", "mine", 1), 0);
    assert_int_equal(pl_directory_of_data(&buf, NULL), PL_OK);
    assert_string_equal(text, "mine");
    assert_int_equal(setenv("PLUMB_DATA", "", 1), 0);
    assert_int_equal(pl_directory_of_data(&buf, NULL), PL_OK);
    assert_string_equal(text, "/data/plumbline");
    assert_int_equal(setenv("XDG_DATA_HOME", "relative", 1), 0);
    assert_int_equal(pl_directory_of_data(&buf, NULL), PL_OK);
    assert_string_equal(text, "/home/x/.local/share/plumbline");
    char tiny[8];
    struct pl_buf small;
    pl_buf_init(&small, tiny, sizeof tiny);
    assert_int_equal(pl_directory_of_data(&small, NULL), PL_LIMIT);
    assert_int_equal(unsetenv("HOME"), 0);
    pl_error err = {0};
    assert_int_equal(pl_directory_of_data(&buf, &err), PL_NOT_FOUND);
    assert_non_null(strstr(err.message, "PLUMB_DATA"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parents_are_made_once_and_again),
        cmocka_unit_test(a_file_in_the_way_is_named),
        cmocka_unit_test(listing_is_sorted_and_filtered),
        cmocka_unit_test(data_directory_follows_the_environment),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
