// SPDX-License-Identifier: Apache-2.0
#include "observe/families.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void full_names_are_taken_apart(void **test_state)
{
    (void)test_state;
    struct pl_family_name name =
        pl_family_find(pl_slice_of("http_server_request_duration_seconds_bucket"));
    assert_int_equal(name.family, PL_M_SERVER_DURATION);
    assert_int_equal(name.part, PL_PART_BUCKET);
    name = pl_family_find(pl_slice_of("jvm_gc_duration_seconds_sum"));
    assert_int_equal(name.family, PL_M_GC);
    assert_int_equal(name.part, PL_PART_SUM);
    assert_int_equal(pl_family_find(pl_slice_of("up")).part, PL_PART_WHOLE);
    /* A histogram has no series of its bare name, a gauge none of its parts. */
    assert_int_equal(pl_family_find(pl_slice_of("http_server_request_duration_seconds")).family,
                     PL_FAMILY_COUNT);
    assert_int_equal(pl_family_find(pl_slice_of("up_bucket")).family, PL_FAMILY_COUNT);
    assert_int_equal(pl_family_find(pl_slice_of("")).family, PL_FAMILY_COUNT);
}

static void names_follow_the_conventions(void **test_state)
{
    (void)test_state;
    for (uint32_t i = 0; i < PL_FAMILY_COUNT; i++) {
        const struct pl_family_def *def = pl_family_def(i);
        for (const char *c = def->name; *c != '\0'; c++) {
            assert_true((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_');
        }
        assert_true(def->help[strlen(def->help) - 1] == '.');
        for (uint32_t j = 0; j < i; j++) {
            assert_string_not_equal(def->name, pl_family_def(j)->name);
        }
    }
}

static void the_nearest_name_is_suggested(void **test_state)
{
    (void)test_state;
    char text[96];
    pl_family_suggest(pl_slice_of("db_client_conection_pending_requests"), text, sizeof(text));
    assert_string_equal(text, "db_client_connection_pending_requests");
    pl_family_suggest(pl_slice_of("http_server_request_duration_seconds"), text, sizeof(text));
    assert_string_equal(text, "http_server_request_duration_seconds_bucket");
    pl_family_suggest(pl_slice_of("qqqq"), text, sizeof(text));
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_names_are_taken_apart),
        cmocka_unit_test(names_follow_the_conventions),
        cmocka_unit_test(the_nearest_name_is_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
