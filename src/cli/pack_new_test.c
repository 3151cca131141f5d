// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_new.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void only_the_whole_word_is_replaced(void **unused)
{
    (void)unused;
    char text[128];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof text);
    pl_pack_new_fill(pl_slice_of("NAME: NAMES, my-NAME, RENAME NAME"), "shop", &out);
    assert_string_equal(text, "shop: NAMES, my-shop, RENAME shop");
}

static void a_scenario_names_what_the_world_has(void **unused)
{
    (void)unused;
    static char text[PL_PACK_NEW_TEXT_MAX];
    struct pl_buf out;
    pl_error err = {0};
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    pl_buf_init(&out, text, sizeof text);
    assert_int_equal(
        pl_pack_new_scenario_text(
            "my-incident", pl_test_loaded.world, &pl_test_loaded.scenario->setting, &out, &err),
        PL_OK);
    assert_false(out.overflow);
    assert_non_null(strstr(text, "scenario: my-incident\n"));
    assert_non_null(strstr(text, "world: small\n"));
    assert_non_null(strstr(text, "at: \"11:00\"\n"));
    assert_non_null(strstr(text, "alert: SlowBack\n"));
    assert_non_null(strstr(text, "with: {statement: main-db/read}}"));
    assert_non_null(strstr(text, "with: {traffic: users, factor: 4}}"));
    assert_non_null(strstr(text, "- rollback back\n"));
    /* The small world has no such action. */
    assert_null(strstr(text, "create-index"));
}

static void a_world_without_an_alert_that_pages_is_refused(void **unused)
{
    (void)unused;
    static char text[PL_PACK_NEW_TEXT_MAX];
    struct pl_buf out;
    pl_error err = {0};
    char *world = pl_test_edited(pl_test_world_text, "pages: yes", "      pages: no");
    assert_true(pl_test_load_world(&pl_test_loaded, world));
    free(world);
    pl_buf_init(&out, text, sizeof text);
    assert_int_equal(
        pl_pack_new_scenario_text(
            "my-incident", pl_test_loaded.world, &pl_test_loaded.scenario->setting, &out, &err),
        PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "an alert that pages"));
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, pl_test_contents_setup, pl_test_contents_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_the_whole_word_is_replaced),
        TEST(a_scenario_names_what_the_world_has),
        TEST(a_world_without_an_alert_that_pages_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
