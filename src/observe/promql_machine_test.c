// SPDX-License-Identifier: Apache-2.0
#include "observe/promql_machine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_promql_work work;
static struct pl_promql_grid grid = {0, 1, 3};
static struct pl_machine machine;
static pl_error err;

static int start(void **test_state)
{
    (void)test_state;
    pl_promql_work_init(&work, aligned_alloc(16, pl_promql_work_size(8)), 8);
    memset(&machine, 0, sizeof(machine));
    memset(&err, 0, sizeof(err));
    machine.grid = &grid;
    machine.work = &work;
    machine.err = &err;
    machine.row_max = 8;
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    free(work.labels);
    return 0;
}

/* A row with labels service=a, pod=b and the same value at the first step. */
static uint32_t row_of(uint16_t service, uint16_t pod, double value)
{
    uint32_t row = 0;
    assert_true(pl_machine_row(&machine, &row));
    work.labels[row].value[PL_KEY_SERVICE] = service;
    work.labels[row].value[PL_KEY_POD] = pod;
    pl_machine_points(&machine, row)[0] = value;
    return row;
}

static void rows_begin_empty_and_end_at_the_limit(void **test_state)
{
    (void)test_state;
    uint32_t row = 0;
    for (uint32_t i = 0; i < 8; i++) {
        assert_true(pl_machine_row(&machine, &row));
        assert_int_equal(row, i);
        assert_true(pl_machine_is_empty(&machine, row));
        assert_int_equal(pl_labels_mask(&work.labels[row]), 0);
    }
    assert_false(pl_machine_row(&machine, &row));
    assert_int_equal(pl_machine_too_many(&machine), PL_LIMIT);
    assert_non_null(strstr(err.message, "more than 8 series"));
}

static void results_move_down_without_empty_rows(void **test_state)
{
    (void)test_state;
    row_of(1, 1, 1.0);
    row_of(1, 2, 2.0);
    machine.stack[0] = (struct pl_machine_value){0, 2, 0};
    machine.depth = 1;
    uint32_t first = row_of(2, 0, 3.0);
    row_of(3, 0, (double)NAN);
    row_of(4, 0, 5.0);
    pl_machine_replace(&machine, 0, first);
    assert_int_equal(machine.stack[0].count, 2);
    assert_int_equal(machine.rows, 2);
    assert_int_equal(work.labels[0].value[PL_KEY_SERVICE], 2);
    assert_int_equal(work.labels[1].value[PL_KEY_SERVICE], 4);
    assert_true(fabs(pl_machine_points(&machine, 1)[0] - 5.0) < 1e-12);
}

static void rows_are_grouped_by_the_labels_that_count(void **test_state)
{
    (void)test_state;
    row_of(1, 1, 1.0);
    row_of(2, 2, 1.0);
    row_of(1, 3, 1.0);
    struct pl_machine_value value = {0, 3, 0};
    struct pl_promql_code by = {.has_mask = 1, .mask = pl_label_bit(PL_KEY_SERVICE)};
    assert_int_equal(pl_machine_groups(&machine, &by, &value, 0), PL_OK);
    assert_int_equal(machine.rows, 5);
    assert_int_equal(work.group[0], work.group[2]);
    assert_int_not_equal(work.group[0], work.group[1]);
    assert_int_equal(work.labels[work.group[1]].value[PL_KEY_SERVICE], 2);
    assert_int_equal(work.labels[work.group[1]].value[PL_KEY_POD], 0);
    machine.rows = 3;
    struct pl_promql_code without = by;
    without.exclude = 1;
    assert_int_equal(pl_machine_groups(&machine, &without, &value, 0), PL_OK);
    assert_int_equal(machine.rows, 6);
    machine.rows = 3;
    struct pl_promql_code bare = {.has_mask = 0};
    assert_int_equal(pl_machine_groups(&machine, &bare, &value, 0), PL_OK);
    assert_int_equal(machine.rows, 4);
    /* Groups need rows too. */
    machine.rows = 3;
    machine.row_max = 4;
    assert_int_equal(pl_machine_groups(&machine, &by, &value, 0), PL_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_begin_empty_and_end_at_the_limit, start, stop),
        cmocka_unit_test_setup_teardown(results_move_down_without_empty_rows, start, stop),
        cmocka_unit_test_setup_teardown(rows_are_grouped_by_the_labels_that_count, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
