// SPDX-License-Identifier: Apache-2.0
//
// Bytes are fixed, numbers read back exactly, misuse ends the process.
#include "text/json_out.h"

#include "base/random.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char memory[4096];
static struct pl_buf buf;
static struct pl_json_out out;

static void begin(void)
{
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
}

static void document_of_everything(void **state)
{
    (void)state;
    begin();
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "s", "a\"b");
    pl_json_out_member_integer(&out, "i", INT64_MIN);
    pl_json_out_member_number(&out, "n", 0.1);
    pl_json_out_member_bool(&out, "t", true);
    pl_json_out_key(&out, "list");
    pl_json_out_array_begin(&out);
    pl_json_out_null(&out);
    pl_json_out_object_begin(&out);
    pl_json_out_object_end(&out);
    pl_json_out_array_begin(&out);
    pl_json_out_array_end(&out);
    pl_json_out_raw(&out, pl_slice_of("[1]"));
    pl_json_out_bool(&out, false);
    pl_json_out_array_end(&out);
    pl_json_out_member_slice(&out, "z", (pl_slice){"xyz", 2});
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    assert_string_equal(memory,
                        "{\"s\":\"a\\\"b\",\"i\":-9223372036854775808,\"n\":0.1,\"t\":true,"
                        "\"list\":[null,{},[],[1],false],\"z\":\"xy\"}");
}

static void strings_are_escaped_and_valid(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *expected;
    } cases[] = {
        {"", 0, "\"\""},
        {"\\/\"", 3, "\"\\\\/\\\"\""},
        {"\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\""},
        {"\0\x1b\x7f", 3, "\"\\u0000\\u001b\x7f\""},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82", 9, "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82\""},
        {"a\xff", 2, "\"a\xef\xbf\xbd\""},
        {"\xc0\x80", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xe2\x82", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xf4\x90\x80\x80!", 5, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd!\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin();
        pl_json_out_slice(&out, (pl_slice){cases[i].text, cases[i].size});
        pl_json_out_end(&out);
        assert_string_equal(memory, cases[i].expected);
    }
}

static void numbers_are_short(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *expected;
    } cases[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1.0, "1"},
        {-2.5, "-2.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3.0, "0.3333333333333333"},
        {1e300, "1e+300"},
        {5e-324, "4.94065645841247e-324"},
        {220.0, "220"},
        {123456789012345678.0, "1.2345678901234568e+17"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin();
        pl_json_out_number(&out, cases[i].value);
        assert_string_equal(memory, cases[i].expected);
    }
}

static void numbers_read_back(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 50000; i++) {
        uint64_t bits = pl_random_bits(8, i);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        begin();
        pl_json_out_number(&out, value);
        double back = strtod(memory, NULL);
        assert_memory_equal(&back, &value, sizeof value);
    }
}

static void overflow_is_kept_by_the_buffer(void **state)
{
    (void)state;
    char small[6];
    pl_buf_init(&buf, small, sizeof small);
    pl_json_out_begin(&out, &buf);
    pl_json_out_string(&out, "abcd");
    pl_json_out_end(&out);
    assert_true(buf.overflow);
}

static void misuse_value_without_key(void)
{
    pl_json_out_object_begin(&out);
    pl_json_out_null(&out);
}

static void misuse_key_in_array(void)
{
    pl_json_out_array_begin(&out);
    pl_json_out_key(&out, "k");
}

static void misuse_wrong_end(void)
{
    pl_json_out_array_begin(&out);
    pl_json_out_object_end(&out);
}

static void misuse_end_after_key(void)
{
    pl_json_out_object_begin(&out);
    pl_json_out_key(&out, "k");
    pl_json_out_object_end(&out);
}

static void misuse_two_roots(void)
{
    pl_json_out_null(&out);
    pl_json_out_null(&out);
}

static void misuse_open_at_end(void)
{
    pl_json_out_array_begin(&out);
    pl_json_out_end(&out);
}

static void misuse_not_finite(void)
{
    pl_json_out_number(&out, nan(""));
}

static void misuse_infinite(void)
{
    pl_json_out_number(&out, HUGE_VAL);
}

static void misuse_too_deep(void)
{
    for (int i = 0; i <= PL_JSON_OUT_DEPTH_MAX; i++) {
        pl_json_out_array_begin(&out);
    }
}

static void misuse_fails_a_check(void **state)
{
    (void)state;
    static void (*const cases[])(void) = {
        misuse_value_without_key,
        misuse_key_in_array,
        misuse_wrong_end,
        misuse_end_after_key,
        misuse_two_roots,
        misuse_open_at_end,
        misuse_not_finite,
        misuse_infinite,
        misuse_too_deep,
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)signal(SIGABRT, SIG_DFL);
            (void)close(STDERR_FILENO);
            begin();
            cases[i]();
            _exit(0);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
}

static void deepest_nesting_is_allowed(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < PL_JSON_OUT_DEPTH_MAX; i++) {
        pl_json_out_array_begin(&out);
    }
    for (int i = 0; i < PL_JSON_OUT_DEPTH_MAX; i++) {
        pl_json_out_array_end(&out);
    }
    pl_json_out_end(&out);
    assert_int_equal(buf.size, 2 * PL_JSON_OUT_DEPTH_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document_of_everything),
        cmocka_unit_test(strings_are_escaped_and_valid),
        cmocka_unit_test(numbers_are_short),
        cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(overflow_is_kept_by_the_buffer),
        cmocka_unit_test(misuse_fails_a_check),
        cmocka_unit_test(deepest_nesting_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
