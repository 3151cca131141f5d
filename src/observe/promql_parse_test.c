// SPDX-License-Identifier: Apache-2.0
#include "observe/promql_parse.h"

#include "observe/observe_types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_promql program;

static const char *error_of(const char *text)
{
    static pl_error err;
    memset(&err, 0, sizeof(err));
    return pl_promql_parse(&program, text, &err) == PL_OK ? NULL : err.message;
}

/* Postfix form as words, to see grouping and precedence. */
static const char *postfix_of(const char *text)
{
    static char line[512];
    static const char *const binaries[] = {
        "+", "-", "*", "/", "%", "^", ">", "<", ">=", "<=", "==", "!=", "and", "or", "unless"};
    struct pl_buf out;
    static pl_error err;
    memset(&err, 0, sizeof(err));
    pl_buf_init(&out, line, sizeof(line));
    if (pl_promql_parse(&program, text, &err) != PL_OK) {
        return err.message;
    }
    for (uint32_t i = 0; i < program.code_count; i++) {
        const struct pl_promql_code *code = &program.code[i];
        pl_buf_puts(&out, i > 0 ? " " : "");
        switch ((enum pl_promql_op)code->op) {
        case PL_PROMQL_NUMBER:
            pl_buf_printf(&out, "%g", code->number);
            break;
        case PL_PROMQL_SELECT:
            pl_buf_printf(&out, "s%u", (unsigned)code->detail);
            break;
        case PL_PROMQL_NEGATE:
            pl_buf_puts(&out, "neg");
            break;
        case PL_PROMQL_BINARY:
            pl_buf_puts(&out, binaries[code->detail]);
            break;
        case PL_PROMQL_CALL:
            pl_buf_printf(&out, "f%u/%u", (unsigned)code->detail, (unsigned)code->args);
            break;
        case PL_PROMQL_AGGREGATE:
            pl_buf_printf(&out, "a%u/%u", (unsigned)code->detail, (unsigned)code->args);
            break;
        }
    }
    return line;
}

static void operators_bind_as_in_prometheus(void **test_state)
{
    (void)test_state;
    assert_string_equal(postfix_of("1 + 2 * 3"), "1 2 3 * +");
    assert_string_equal(postfix_of("(1 + 2) * 3"), "1 2 + 3 *");
    assert_string_equal(postfix_of("1 - 2 - 3"), "1 2 - 3 -");
    assert_string_equal(postfix_of("2 ^ 3 ^ 2"), "2 3 2 ^ ^");
    assert_string_equal(postfix_of("-2 ^ 2"), "2 2 ^ neg");
    assert_string_equal(postfix_of("-2 * 3"), "2 neg 3 *");
    assert_string_equal(postfix_of("up + 1 > 2"), "s0 1 + 2 >");
    assert_string_equal(postfix_of("up or up and up"), "s0 s1 s2 and or");
    assert_string_equal(postfix_of("1 == bool 2"), "1 2 ==");
}

static void calls_and_aggregations_take_their_arguments(void **test_state)
{
    (void)test_state;
    assert_string_equal(postfix_of("rate(pg_stat_statements_calls_total[5m])"), "s0 f0/1");
    assert_string_equal(postfix_of("topk(3, up)"), "3 s0 a5/2");
    assert_string_equal(postfix_of("sum by (service, pod) (up)"), "s0 a0/1");
    assert_int_equal(program.code[1].mask, pl_label_bit(PL_KEY_SERVICE) | pl_label_bit(PL_KEY_POD));
    assert_string_equal(postfix_of("sum(up) without (pod)"), "s0 a0/1");
    assert_int_equal(program.code[1].exclude, 1);
    assert_string_equal(postfix_of("histogram_quantile(0.99, sum by (le) "
                                   "(rate(http_server_request_duration_seconds_bucket[5m])))"),
                        "0.99 s0 f0/1 a0/1 f10/2");
}

static void selectors_carry_matchers_range_and_offset(void **test_state)
{
    (void)test_state;
    assert_null(
        error_of("rate(http_server_request_duration_seconds_count{service=\"a\", "
                 "http_response_status_code=~'5..', http_route!=\"/x\",}[1h30m] offset 1w)"));
    const struct pl_selector *selector = &program.selectors[0];
    assert_int_equal(selector->name.family, PL_M_SERVER_DURATION);
    assert_int_equal(selector->name.part, PL_PART_COUNT);
    assert_int_equal(selector->matcher_count, 3);
    assert_int_equal(selector->matchers[1].op, PL_MATCH_PATTERN);
    assert_string_equal(selector->matchers[2].value, "/x");
    assert_true(selector->range_ns == INT64_C(5400) * 1000000000);
    assert_true(selector->offset_ns == INT64_C(7) * 86400 * 1000000000);
    /* `state` means the pool's own label on the pool's metric, and PostgreSQL's elsewhere. */
    assert_null(error_of("db_client_connection_count{state=\"used\"}"));
    assert_int_equal(program.selectors[0].matchers[0].key, PL_KEY_POOL_STATE);
    assert_null(error_of("pg_stat_activity_count{state=\"active\"}"));
    assert_int_equal(program.selectors[0].matchers[0].key, PL_KEY_STATE);
}

static void errors_name_column_and_cure(void **test_state)
{
    (void)test_state;
    static const struct {
        const char *query;
        const char *message; /* beginning */
    } cases[] = {
        {"", "Column 1: the query ends where"},
        {"   ", "Column 4: the query ends where"},
        {"up +", "Column 5: the query ends where"},
        {"rate(http_server_request_duration_seconds_cuont[5m])",
         "Column 6: there is no metric `http_server_request_duration_seconds_cuont`; did you mean "
         "`http_server_request_duration_seconds_count`?"},
        {"http_server_request_duration_seconds", "Column 1: there is no metric"},
        {"rte(up[5m])", "Column 1: there is no function `rte`; did you mean `rate`?"},
        {"up{servce=\"a\"}", "Column 4: no metric has a label `servce`; did you mean `service`?"},
        {"sum by (tenant) (up)", "Column 9: no metric has a label `tenant`"},
        {"rate(up)", "Column 6: this is an instant vector"},
        {"rate(up[5m]) + up[5m]", "Column 14: `+`"},
        {"up[5m]", "Column 1: this is a range vector"},
        {"sum(up", "Column 1: this bracket is never closed."},
        {"(up", "Column 1: this bracket is never closed."},
        {"up)", "Column 3: this `)` closes nothing."},
        {"up up", "Column 4: an operator"},
        {"up{service=\"a}", "Column 12: this quote is never closed."},
        {"up{service~\"a\"}", "Column 11: after a label comes one of"},
        {"up{service=~\"(a\"}", "Column 13: the pattern \"(a\" has a `(`"},
        {"up[5]", "Column 4: a duration is expected here"},
        {"up[5m", "Column 6: `]` is expected"},
        {"up offset -5m", "Column 11: an offset looks back only."},
        {"max_over_time(up[30m:1m])", "Column 17: subqueries are not supported here."},
        {"sum(up)[5m]", "Column 8: a range follows a metric only"},
        {"up * on (pod) group_left up", "Column 15: group_left"},
        {"{service=\"a\"}", "Column 1: a metric name is expected before `{`."},
        {"up{__name__=\"x\"}", "Column 4: __name__ cannot be matched here"},
        {"topk(up)", "Column 1: topk takes 2 arguments, not 1"},
        {"topk(up, 3)", "Column 6: this is an instant vector"},
        {"1 > 2", "Column 3: `>` between two numbers needs bool"},
        {"1 and up", "Column 3: `and` works between two vectors only."},
        {"up, up", "Column 3: a comma belongs between arguments"},
        {"(up, up)", "Column 4: a comma belongs between arguments"},
        {"rate()", "Column 6: a metric, a number or `(` is expected here, not `)`."},
        {"5m", "Column 1: this is not a plain number"},
        {"sum by (service (up)", "Column 17: `,` or `)` is expected after a label."},
        {"sum by (service) by (pod) (up)", "Column 18: `(` is expected after sum."},
        {"sum by (service) (up) by (pod)", "Column 23: by or without is written twice."},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *message = error_of(cases[i].query);
        if (message == NULL || strncmp(message, cases[i].message, strlen(cases[i].message)) != 0) {
            fail_msg("`%s` gave `%s`", cases[i].query, message == NULL ? "(taken)" : message);
        }
    }
}

static void limits_hold(void **test_state)
{
    (void)test_state;
    static char text[PL_EXPR_MAX + 8];
    memset(text, '(', sizeof(text));
    text[PL_PROMQL_DEPTH_MAX] = '1';
    memset(text + PL_PROMQL_DEPTH_MAX + 1, ')', PL_PROMQL_DEPTH_MAX);
    text[PL_PROMQL_DEPTH_MAX * 2 + 1] = '\0';
    assert_null(error_of(text));
    memset(text, '(', sizeof(text));
    text[PL_PROMQL_DEPTH_MAX + 1] = '\0';
    assert_non_null(strstr(error_of(text), "nested too deeply"));
    memset(text, ' ', sizeof(text));
    text[0] = '1';
    text[PL_EXPR_MAX - 1] = '\0';
    assert_null(error_of(text));
    text[PL_EXPR_MAX - 1] = ' ';
    text[PL_EXPR_MAX] = '\0';
    assert_non_null(strstr(error_of(text), "at most 511"));
    /* 1+1+1...: as long as the text allows, more than the program holds. */
    for (int i = 0; i < PL_EXPR_MAX - 2; i++) {
        text[i] = i % 2 == 0 ? '1' : '+';
    }
    text[PL_EXPR_MAX - 1] = '\0';
    text[PL_EXPR_MAX - 2] = '\0';
    assert_non_null(strstr(error_of(text), "too long"));
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof(text));
    for (int i = 0; i < PL_PROMQL_SELECTORS_MAX + 1; i++) {
        pl_buf_puts(&out, i > 0 ? "+up" : "up");
    }
    assert_non_null(strstr(error_of(text), "at most 12 selectors"));
}

/* Bytes of all kinds, in the middle of valid text and alone: an answer, never a crash or a hang. */
static void noise_is_refused_or_taken_but_never_breaks(void **test_state)
{
    (void)test_state;
    static const char *const pieces[] = {
        "rate", "(",  ")",  "up",       "{", "}",  "service", "=",      "=~", "\"", "a.*",  "[5m]",
        "sum",  "by", ",",  "1",        "-", "+",  "*",       "offset", "5m", "or", "bool", "on",
        "\\",   "'",  "\t", "\xc3\xa9", "!", "^^", ".",       "0.99",   "%",  "#",  "topk", "[",
    };
    uint64_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        char text[PL_EXPR_MAX];
        struct pl_buf out;
        pl_buf_init(&out, text, 200);
        int count = 1 + (int)(seed >> 33) % 14;
        for (int i = 0; i < count; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            pl_buf_puts(&out, pieces[(seed >> 33) % (sizeof(pieces) / sizeof(pieces[0]))]);
        }
        pl_error err = {0};
        pl_status status = pl_promql_parse(&program, text, &err);
        assert_true(status == PL_OK || err.message[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_as_in_prometheus),
        cmocka_unit_test(calls_and_aggregations_take_their_arguments),
        cmocka_unit_test(selectors_carry_matchers_range_and_offset),
        cmocka_unit_test(errors_name_column_and_cure),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(noise_is_refused_or_taken_but_never_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
