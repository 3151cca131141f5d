// SPDX-License-Identifier: Apache-2.0
#include "observe/promql_grammar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void names_are_found_and_suggested(void **test_state)
{
    (void)test_state;
    assert_int_equal(pl_grammar_function(pl_slice_of("rate")), PL_FN_RATE);
    assert_int_equal(pl_grammar_function(pl_slice_of("sum")), PL_FN_COUNT);
    assert_int_equal(pl_grammar_aggregation(pl_slice_of("sum")), PL_AGG_SUM);
    assert_int_equal(pl_grammar_aggregation(pl_slice_of("rate")), PL_AGG_COUNT_KINDS);
    assert_string_equal(pl_grammar_suggest(pl_slice_of("increse")), "increase");
    assert_null(pl_grammar_suggest(pl_slice_of("label_replace_everything")));
}

static void the_program_has_room_for_its_limit_and_no_more(void **test_state)
{
    (void)test_state;
    static struct pl_promql program;
    static struct pl_type_stack stack;
    struct pl_type_problem problem;
    struct pl_promql_code number = {.op = PL_PROMQL_NUMBER, .column = 1};
    struct pl_promql_code add = {.op = PL_PROMQL_BINARY, .detail = PL_BIN_ADD, .column = 2};
    assert_true(pl_grammar_emit(&program, &stack, &number, &problem));
    while (program.code_count + 2 <= PL_PROMQL_CODE_MAX) {
        assert_true(pl_grammar_emit(&program, &stack, &number, &problem));
        assert_true(pl_grammar_emit(&program, &stack, &add, &problem));
    }
    assert_int_equal(stack.count, 1);
    while (program.code_count < PL_PROMQL_CODE_MAX) {
        assert_true(pl_grammar_emit(&program, &stack, &number, &problem));
    }
    assert_false(pl_grammar_emit(&program, &stack, &number, &problem));
    assert_int_equal(problem.status, PL_LIMIT);
}

static void types_flow_through_operators(void **test_state)
{
    (void)test_state;
    static struct pl_promql program;
    static struct pl_type_stack stack;
    struct pl_type_problem problem;
    program.selectors[0].range_ns = 1;
    struct pl_promql_code range = {.op = PL_PROMQL_SELECT, .detail = 0, .column = 1};
    struct pl_promql_code negate = {.op = PL_PROMQL_NEGATE, .column = 1};
    struct pl_promql_code rate = {
        .op = PL_PROMQL_CALL, .detail = PL_FN_RATE, .args = 1, .column = 1};
    assert_true(pl_grammar_emit(&program, &stack, &range, &problem));
    assert_int_equal(stack.types[0], PL_TYPE_RANGE);
    assert_false(pl_grammar_emit(&program, &stack, &negate, &problem));
    assert_false(pl_grammar_finish(&program, &stack, &problem));
    assert_true(pl_grammar_emit(&program, &stack, &rate, &problem));
    assert_int_equal(stack.types[0], PL_TYPE_VECTOR);
    assert_true(pl_grammar_finish(&program, &stack, &problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_and_suggested),
        cmocka_unit_test(the_program_has_room_for_its_limit_and_no_more),
        cmocka_unit_test(types_flow_through_operators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
