// SPDX-License-Identifier: Apache-2.0
//
// Operators on rows made by hand; promql_test.c has them in queries.
#include "observe/promql_binary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_intern intern;
static struct pl_series series = {.intern = &intern};
static struct pl_promql_work work;
static struct pl_promql_grid grid = {0, 1, 1};
static struct pl_machine machine;
static pl_error err;

static int start(void **test_state)
{
    (void)test_state;
    pl_promql_work_init(&work, aligned_alloc(16, pl_promql_work_size(8)), 8);
    memset(&machine, 0, sizeof(machine));
    memset(&err, 0, sizeof(err));
    machine.series = &series;
    machine.grid = &grid;
    machine.work = &work;
    machine.err = &err;
    machine.row_max = 64;
    pl_intern_add(&intern, "one");
    pl_intern_add(&intern, "two");
    pl_intern_add(&intern, "three");
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    free(work.labels);
    return 0;
}

/* Push a vector whose row i has the label service=i+1 and values[i]. */
static void push(const double *values, uint32_t count)
{
    machine.stack[machine.depth] = (struct pl_machine_value){machine.rows, count, 0};
    machine.depth += 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = 0;
        assert_true(pl_machine_row(&machine, &row));
        work.labels[row].value[PL_KEY_SERVICE] = (uint16_t)(i + 1);
        pl_machine_points(&machine, row)[0] = values[i];
    }
}

static pl_status run(uint32_t binary, const double *left, const double *right, uint32_t as_bool)
{
    struct pl_promql_code code = {.op = PL_PROMQL_BINARY,
                                  .detail = binary,
                                  .left = PL_TYPE_VECTOR,
                                  .right = PL_TYPE_VECTOR,
                                  .as_bool = as_bool};
    machine.rows = 0;
    machine.depth = 0;
    push(left, 3);
    push(right, 2);
    pl_status status = pl_machine_binary(&machine, &code);
    assert_true(status != PL_OK || machine.depth == 1);
    return status;
}

static void assert_result(uint32_t count, double first)
{
    assert_int_equal(machine.stack[0].count, count);
    if (count > 0 && !(fabs(pl_machine_points(&machine, 0)[0] - first) < 1e-9)) {
        fail_msg("%.17g is not %.17g", pl_machine_points(&machine, 0)[0], first);
    }
}

static void operators_pair_rows_of_equal_labels(void **test_state)
{
    (void)test_state;
    const double left[] = {8.0, 5.0, 1.0};
    const double right[] = {2.0, 5.0};
    static const struct {
        uint32_t binary;
        uint32_t as_bool;
        uint32_t count;
        double first;
    } cases[] = {
        {PL_BIN_ADD, 0, 2, 10.0},
        {PL_BIN_SUB, 0, 2, 6.0},
        {PL_BIN_MUL, 0, 2, 16.0},
        {PL_BIN_DIV, 0, 2, 4.0},
        {PL_BIN_MOD, 0, 2, 0.0},
        {PL_BIN_POW, 0, 2, 64.0},
        {PL_BIN_GT, 0, 1, 8.0},
        {PL_BIN_LT, 0, 0, 0.0},
        {PL_BIN_GE, 0, 2, 8.0},
        {PL_BIN_EQ, 0, 1, 5.0},
        {PL_BIN_NE, 0, 1, 8.0},
        {PL_BIN_GT, 1, 2, 1.0},
        {PL_BIN_AND, 0, 2, 8.0},
        {PL_BIN_UNLESS, 0, 1, 1.0},
        {PL_BIN_OR, 0, 3, 8.0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(run(cases[i].binary, left, right, cases[i].as_bool), PL_OK);
        assert_result(cases[i].count, cases[i].first);
    }
}

static void nothing_comes_of_nothing(void **test_state)
{
    (void)test_state;
    const double left[] = {8.0, (double)NAN, 1.0};
    const double right[] = {0.0, 5.0};
    assert_int_equal(run(PL_BIN_DIV, left, right, 0), PL_OK);
    assert_result(0, 0.0);
    assert_int_equal(run(PL_BIN_OR, left, right, 0), PL_OK);
    assert_result(3, 8.0); /* the right side fills the gap */
    const double negative[] = {-8.0, -1.0, 1.0};
    const double power[] = {0.5, 2.0};
    assert_int_equal(run(PL_BIN_POW, negative, power, 0), PL_OK);
    assert_result(0, 0.0);
}

static void labels_that_match_twice_are_refused(void **test_state)
{
    (void)test_state;
    const double values[] = {1.0, 2.0, 3.0};
    struct pl_promql_code code = {.op = PL_PROMQL_BINARY,
                                  .detail = PL_BIN_ADD,
                                  .left = PL_TYPE_VECTOR,
                                  .right = PL_TYPE_VECTOR,
                                  .has_mask = 1,
                                  .mask = pl_label_bit(PL_KEY_POD)};
    push(values, 1);
    push(values, 2);
    assert_int_equal(pl_machine_binary(&machine, &code), PL_BAD_INPUT);
    machine.rows = 0;
    machine.depth = 0;
    memset(&err, 0, sizeof(err));
    push(values, 2);
    push(values, 1);
    assert_int_equal(pl_machine_binary(&machine, &code), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "several series of one side of `+`"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(operators_pair_rows_of_equal_labels, start, stop),
        cmocka_unit_test_setup_teardown(nothing_comes_of_nothing, start, stop),
        cmocka_unit_test_setup_teardown(labels_that_match_twice_are_refused, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
