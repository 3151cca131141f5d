// SPDX-License-Identifier: Apache-2.0
#include "exam/library.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char content_path[512] = "tests/content";

static void a_scenario_is_read_once(void **state)
{
    (void)state;
    struct pl_library *library = NULL;
    assert_int_equal(pl_library_open(&library, content_path, NULL), PL_OK);
    assert_true(pl_library_count(library) >= 1);
    assert_true(strlen(pl_library_directory(library)) > 0);
    const char *name = pl_library_name(library, 0);
    const struct pl_content *content = pl_library_get(library, name, NULL);
    assert_non_null(content);
    assert_string_equal(content->scenario->name, name);
    assert_ptr_equal(pl_library_get(library, name, NULL), content);
    pl_library_close(library);
}

static void an_unknown_name_is_told(void **state)
{
    (void)state;
    struct pl_library *library = NULL;
    pl_error err = {0};
    assert_int_equal(pl_library_open(&library, content_path, NULL), PL_OK);
    assert_null(pl_library_get(library, "no-such-thing", &err));
    assert_int_equal(err.status, PL_NOT_FOUND);
    assert_non_null(strstr(err.message, "no-such-thing"));
    pl_library_close(library);
}

static void a_directory_without_content_is_told(void **state)
{
    (void)state;
    struct pl_library *library = NULL;
    assert_int_not_equal(pl_library_open(&library, "/nowhere", NULL), PL_OK);
    assert_null(library);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_is_read_once),
        cmocka_unit_test(an_unknown_name_is_told),
        cmocka_unit_test(a_directory_without_content_is_told),
    };
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
