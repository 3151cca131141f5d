// SPDX-License-Identifier: Apache-2.0
//
// Strictness and places of errors. Hostile bytes are the subject of tests/fuzz.
#include "text/json_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static pl_status load(const char *text, pl_error *err)
{
    json_t *json = NULL;
    pl_status status = pl_json_in_load(pl_slice_of(text), 1000, "line", &json, err);
    assert_int_equal(status == PL_OK, json != NULL);
    json_decref(json);
    return status;
}

static void good_text_is_loaded(void **state)
{
    (void)state;
    json_t *json = NULL;
    pl_slice text = {"{\"do\": \"look\", \"n\": 3}trailing", 22};
    assert_int_equal(pl_json_in_load(text, 100, NULL, &json, NULL), PL_OK);
    assert_string_equal(json_string_value(json_object_get(json, "do")), "look");
    assert_int_equal(json_integer_value(json_object_get(json, "n")), 3);
    json_decref(json);
}

static void mistakes_have_places(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
        const char *part;
    } cases[] = {
        {"", 1, "expected"},
        {"{\"a\":1,\"a\":2}", 1, "duplicate"},
        {"{\"a\":1} x", 1, "end of file expected"},
        {"{\"a\":\n1,\n]", 3, "expected"},
        {"[\"\\u0000\"]", 1, "NUL"},
        {"[\"\xff\"]", 1, "decode byte 0xff"},
        {"[1e999]", 1, "overflow"},
        {"[99999999999999999999]", 1, "big"},
        {"7", 1, "expected"},
        {"[\"a\x1b[0m\"]", 1, "control character"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_error err = {0};
        assert_int_equal(load(cases[i].text, &err), PL_BAD_INPUT);
        assert_int_equal(err.pos.line, cases[i].line);
        assert_string_equal(err.pos.path, "line");
        if (strstr(err.message, cases[i].part) == NULL) {
            fail_msg("no `%s` in: %s", cases[i].part, err.message);
        }
        assert_null(strchr(err.message, '\x1b'));
    }
}

static void size_limit_holds(void **state)
{
    (void)state;
    json_t *json = NULL;
    pl_error err = {0};
    assert_int_equal(pl_json_in_load(pl_slice_of("[1,2]"), 5, NULL, &json, NULL), PL_OK);
    json_decref(json);
    assert_int_equal(pl_json_in_load(pl_slice_of("[1,2]"), 4, NULL, &json, &err), PL_LIMIT);
    assert_null(json);
    assert_string_equal(err.message, "the JSON text has 5 bytes; at most 4 are allowed");
}

static void depth_limit_holds(void **state)
{
    (void)state;
    char text[2 * (PL_JSON_IN_DEPTH_MAX + 1) + 1];
    for (size_t depth = PL_JSON_IN_DEPTH_MAX; depth <= PL_JSON_IN_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        pl_error err = {0};
        pl_status status = load(text, &err);
        assert_int_equal(status, depth > PL_JSON_IN_DEPTH_MAX ? PL_LIMIT : PL_OK);
        assert_int_equal(err.pos.column, depth > PL_JSON_IN_DEPTH_MAX ? depth : 0);
    }
    /* Brackets in strings do not nest. */
    memset(text, '[', 80);
    text[1] = '"';
    text[78] = '"';
    text[79] = ']';
    text[80] = '\0';
    assert_int_equal(load(text, NULL), PL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_text_is_loaded),
        cmocka_unit_test(mistakes_have_places),
        cmocka_unit_test(size_limit_holds),
        cmocka_unit_test(depth_limit_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
