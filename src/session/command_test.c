// SPDX-License-Identifier: Apache-2.0
#include "session/command.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *object_of(const char *text)
{
    pl_error err = {0};
    json_t *json = NULL;
    assert_int_equal(pl_json_in_load(pl_slice_of(text), 4096, NULL, &json, &err), PL_OK);
    return json;
}

static void unknown_members_are_named(void **state)
{
    (void)state;
    static const char *const known[] = {"window", "service", NULL};
    pl_error err = {0};
    json_t *json = object_of("{\"do\":\"look\",\"windou\":\"5m\"}");
    assert_int_equal(pl_command_members(json, known, &err), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "did you mean `window`"));
    json_decref(json);
    json = object_of("{\"do\":\"look\",\"what\":\"x\",\"fork\":1,\"service\":1}");
    assert_int_equal(pl_command_members(json, known, NULL), PL_OK);
    json_decref(json);
}

static void texts_have_a_limit(void **state)
{
    (void)state;
    const char *text = NULL;
    json_t *json = object_of("{\"a\":\"abcd\",\"b\":1}");
    assert_int_equal(pl_command_text(json, "a", 4, &text, NULL), PL_OK);
    assert_string_equal(text, "abcd");
    assert_int_equal(pl_command_text(json, "a", 3, &text, NULL), PL_LIMIT);
    assert_int_equal(pl_command_text(json, "b", 3, &text, NULL), PL_BAD_INPUT);
    assert_int_equal(pl_command_text(json, "c", 3, &text, NULL), PL_OK);
    assert_string_equal(text, "");
    assert_int_equal(pl_command_text_needed(json, "c", 3, &text, NULL), PL_BAD_INPUT);
    json_decref(json);
}

static void numbers_and_flags_keep_what_is_not_given(void **state)
{
    (void)state;
    double value = 7.0;
    bool flag = true;
    json_t *json = object_of("{\"n\":3,\"t\":false,\"x\":\"3\"}");
    assert_int_equal(pl_command_number(json, "none", 0, 9, &value, NULL), PL_OK);
    assert_true(test_same(value, 7.0));
    assert_int_equal(pl_command_number(json, "n", 0, 9, &value, NULL), PL_OK);
    assert_true(test_same(value, 3.0));
    assert_int_equal(pl_command_number(json, "n", 0, 2, &value, NULL), PL_BAD_INPUT);
    assert_int_equal(pl_command_number(json, "x", 0, 9, &value, NULL), PL_BAD_INPUT);
    assert_int_equal(pl_command_bool(json, "none", &flag, NULL), PL_OK);
    assert_true(flag);
    assert_int_equal(pl_command_bool(json, "t", &flag, NULL), PL_OK);
    assert_false(flag);
    assert_int_equal(pl_command_bool(json, "n", &flag, NULL), PL_BAD_INPUT);
    json_decref(json);
}

static void durations_are_texts_or_seconds(void **state)
{
    (void)state;
    int64_t ns = 1;
    json_t *json = object_of("{\"a\":\"2m\",\"b\":1.5,\"c\":\"2 m\",\"d\":-1,\"e\":true}");
    assert_int_equal(pl_command_duration(json, "none", &ns, NULL), PL_OK);
    assert_int_equal(ns, 1);
    assert_int_equal(pl_command_duration(json, "a", &ns, NULL), PL_OK);
    assert_int_equal(ns, INT64_C(120000000000));
    assert_int_equal(pl_command_duration(json, "b", &ns, NULL), PL_OK);
    assert_int_equal(ns, 1500000000);
    assert_int_not_equal(pl_command_duration(json, "c", &ns, NULL), PL_OK);
    assert_int_not_equal(pl_command_duration(json, "d", &ns, NULL), PL_OK);
    assert_int_not_equal(pl_command_duration(json, "e", &ns, NULL), PL_OK);
    json_decref(json);
}

static void choices_suggest_or_list(void **state)
{
    (void)state;
    static const char *const words[] = {"panel", "logs", NULL};
    uint32_t index = 9;
    pl_error err = {0};
    assert_int_equal(pl_command_choice("look", "logs", words, &index, NULL), PL_OK);
    assert_int_equal(index, 1);
    assert_int_equal(pl_command_choice("look", "pannel", words, &index, &err), PL_NOT_FOUND);
    assert_string_equal(err.message, "There is no look `pannel`; did you mean `panel`?");
    memset(&err, 0, sizeof err);
    assert_int_equal(pl_command_choice("look", "zzzzzz", words, &index, &err), PL_NOT_FOUND);
    assert_string_equal(err.message, "There is no look `zzzzzz`; there are: panel, logs.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_members_are_named),
        cmocka_unit_test(texts_have_a_limit),
        cmocka_unit_test(numbers_and_flags_keep_what_is_not_given),
        cmocka_unit_test(durations_are_texts_or_seconds),
        cmocka_unit_test(choices_suggest_or_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
