// SPDX-License-Identifier: Apache-2.0
#include "server/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char memory[PL_TARGET_SIZE_MAX + 100];

static bool read_target(const char *text, struct pl_target *target, struct pl_refusal *refusal)
{
    (void)snprintf(memory, sizeof memory, "%s", text);
    return pl_target_read(target, memory, refusal);
}

static void a_target_is_decoded_once(void **state)
{
    (void)state;
    struct pl_target target;
    struct pl_refusal refusal;
    assert_true(read_target("/a%20b/%C3%BC%2525?x=1&y=a+b%26c&z&x=2", &target, &refusal));
    assert_string_equal(target.path, "/a b/\xc3\xbc%25");
    assert_string_equal(pl_target_field(&target, "x"), "1");
    assert_string_equal(pl_target_field(&target, "y"), "a b&c");
    assert_string_equal(pl_target_field(&target, "z"), "");
    assert_null(pl_target_field(&target, "w"));
    assert_true(read_target("/", &target, &refusal));
    assert_true(read_target("/a..b/.c/d...", &target, &refusal));
}

static void what_could_be_read_in_two_ways_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "*",
        "x",
        "http://h/",
        "h:80",
        "//",
        "//h/x",
        "/a//",
        "/a//b",
        "/.",
        "/..",
        "/a/../b",
        "/a/./b",
        "/a/%2e%2e/b",
        "/a/%2E",
        "/a/.%2e",
        "/a%2fb",
        "/a%5cb",
        "/a\\b",
        "/a%00",
        "/a%0a",
        "/a%0d%0aX:y",
        "/a%7f",
        "/%",
        "/%4",
        "/%zz",
        "/%%41",
        "/a b",
        "/a#b",
        "/a\"b",
        "/a<b",
        "/a{b",
        "/\xc3\xbc",
        "/%c3",
        "/%c0%ae",
        "/%ed%a0%80",
        "/%f8%88%80%80%80",
        "/a?x=%00",
        "/a?x=%0a",
        "/a?%",
        "/a?x=%ff",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pl_target target;
        struct pl_refusal refusal = {0};
        assert_false(read_target(bad[i], &target, &refusal));
        assert_non_null(refusal.message);
        assert_int_equal(refusal.code, PL_CODES_BAD_PATH);
    }
}

static void sizes_are_refused_one_above_their_limit(void **state)
{
    (void)state;
    struct pl_target target;
    struct pl_refusal refusal;
    char text[PL_TARGET_SIZE_MAX + 2];
    memset(text, 'a', sizeof text);
    text[0] = '/';
    text[PL_TARGET_SIZE_MAX] = '\0';
    assert_true(read_target(text, &target, &refusal));
    text[PL_TARGET_SIZE_MAX] = 'a';
    text[PL_TARGET_SIZE_MAX + 1] = '\0';
    assert_false(read_target(text, &target, &refusal));
    assert_int_equal(refusal.code, PL_CODES_PATH_TOO_LONG);

    (void)snprintf(text, sizeof text, "/?a");
    for (int i = 1; i < PL_TARGET_FIELDS_MAX; i++) {
        (void)snprintf(text + strlen(text), 3, "&a");
    }
    assert_true(read_target(text, &target, &refusal));
    assert_int_equal(target.field_count, PL_TARGET_FIELDS_MAX);
    (void)snprintf(text + strlen(text), 3, "&a");
    assert_false(read_target(text, &target, &refusal));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_decoded_once),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(sizes_are_refused_one_above_their_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
