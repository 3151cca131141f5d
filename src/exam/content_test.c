// SPDX-License-Identifier: Apache-2.0
#include "exam/content.h"

#include "scenario/fault_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char directory[512] = "tests/content";
static struct pl_errors errors;

static void a_scenario_is_found_by_name_or_path(void **state)
{
    (void)state;
    char path[600];
    char hash[PL_HASH_TEXT_SIZE];
    struct pl_content content;
    errors.count = 0;
    assert_int_equal(pl_content_load(directory, "slow-till", &content, &errors), PL_OK);
    assert_string_equal(content.scenario->name, "slow-till");
    assert_string_equal(content.world->name, "corner-shop");
    assert_string_equal(content.scenario->setting.pages[0].name, "latency");
    memcpy(hash, content.hash, sizeof hash);
    assert_int_equal(strlen(hash), 32);
    pl_content_free(&content);
    snprintf(path, sizeof path, "%s/scenarios/slow-till", directory);
    assert_int_equal(pl_content_load(directory, path, &content, &errors), PL_OK);
    assert_string_equal(content.hash, hash);
    pl_content_free(&content);
    snprintf(path, sizeof path, "%s/scenarios/slow-till/scenario.yaml", directory);
    assert_int_equal(pl_content_load(directory, path, &content, &errors), PL_OK);
    assert_string_equal(content.hash, hash);
    pl_content_free(&content);
    assert_int_equal(errors.count, 0);
}

static void an_unknown_name_brings_the_nearest(void **state)
{
    (void)state;
    struct pl_content content;
    errors.count = 0;
    assert_int_equal(pl_content_load(directory, "slow-tll", &content, &errors), PL_NOT_FOUND);
    assert_non_null(strstr(errors.items[0].message, "did you mean `slow-till`"));
    assert_null(content.world);
    pl_content_free(&content);
}

static void names_are_listed(void **state)
{
    (void)state;
    char *names[4];
    uint32_t count = 0;
    pl_error err = {0};
    assert_int_equal(pl_content_names(directory, names, 4, &count, &err), PL_OK);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "slow-till");
    assert_string_equal(names[1], "torn-till");
    free(names[0]);
    free(names[1]);
    assert_int_equal(pl_content_names("/nowhere", names, 4, &count, &err), PL_NOT_FOUND);
    assert_int_equal(count, 0);
}

static void the_directory_of_content_is_checked(void **state)
{
    (void)state;
    char path[4096];
    pl_error err = {0};
    assert_int_equal(pl_content_directory(directory, path, &err), PL_OK);
    assert_string_equal(path, directory);
    assert_int_equal(pl_content_directory("/nowhere", path, &err), PL_NOT_FOUND);
    assert_non_null(strstr(err.message, "/nowhere"));
    assert_int_equal(setenv("PLUMB_CONTENT", directory, 1), 0);
    assert_int_equal(pl_content_directory(NULL, path, &err), PL_OK);
    assert_string_equal(path, directory);
    assert_int_equal(unsetenv("PLUMB_CONTENT"), 0);
}

enum { PAGE_MAX = 1 << 18 };

static char page[PAGE_MAX];

static void put_page(void *context, const struct pl_fault *fault)
{
    pl_fault_page(fault, context);
}

static void the_page_of_the_fault_library_is_the_one_in_the_tree(void **state)
{
    (void)state;
    static char shipped[PAGE_MAX];
    char path[640];
    struct pl_buf out;
    snprintf(path, sizeof path, "%s/../../content", directory);
    pl_buf_init(&out, page, sizeof page);
    pl_fault_page_head(&out);
    errors.count = 0;
    if (pl_content_faults(path, put_page, &out, &errors) != PL_OK) {
        fail_msg("%s: %s", errors.items[0].pos.path, errors.items[0].message);
    }
    assert_false(out.overflow);
    snprintf(path, sizeof path, "%s/../../docs/reference/faults.md", directory);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(shipped, 1, sizeof shipped, file);
    assert_int_equal(fclose(file), 0);
    if (size != out.size || memcmp(shipped, page, size) != 0) {
        fail_msg("docs/reference/faults.md is old; write it anew with "
                 "`plumb pack faults --markdown > docs/reference/faults.md`");
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_is_found_by_name_or_path),
        cmocka_unit_test(an_unknown_name_brings_the_nearest),
        cmocka_unit_test(names_are_listed),
        cmocka_unit_test(the_directory_of_content_is_checked),
        cmocka_unit_test(the_page_of_the_fault_library_is_the_one_in_the_tree),
    };
    if (argc > 1) {
        snprintf(directory, sizeof directory, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
