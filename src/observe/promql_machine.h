// SPDX-License-Identifier: Apache-2.0
//
// The stack machine that evaluates queries: rows, the stack, groups of rows.
//
// Rows live in one block of the scratch memory, and the entries of the stack are consecutive pieces
// of it: an operator appends its result after its operands and then moves it down over them, so
// that memory is bounded by what is alive.
#ifndef PL_OBSERVE_PROMQL_MACHINE_H
#define PL_OBSERVE_PROMQL_MACHINE_H

#include "base/error.h"
#include "observe/promql.h"

#include <stdbool.h>
#include <stdint.h>

/** An entry of the stack: rows first..first+count-1, or a range that a function will read. */
struct pl_machine_value {
    uint32_t first;
    uint32_t count;
    uint32_t selector; /* range */
};

/** A query being evaluated. */
struct pl_machine {
    const struct pl_series *series;
    const struct pl_promql *program;
    const struct pl_promql_code *code; /* being run */
    const struct pl_promql_grid *grid;
    struct pl_promql_work *work;
    pl_error *err;
    uint32_t row_max;
    uint32_t rows; /* used */
    uint32_t depth;
    uint32_t reserved;
    struct pl_machine_value stack[PL_PROMQL_CODE_MAX];
};

/** Points of a row, one per step. */
double *pl_machine_points(const struct pl_machine *machine, uint32_t row);

/** Fail for want of rows; returns PL_LIMIT. */
pl_status pl_machine_too_many(const struct pl_machine *machine);

/** Take a row filled with NaN, without labels; false when there is no room. */
bool pl_machine_row(struct pl_machine *machine, uint32_t *row);

/** Copy labels and points of a row over another one. */
void pl_machine_copy(const struct pl_machine *machine, uint32_t to, uint32_t from);

/** True when a row has no value at any step. */
bool pl_machine_is_empty(const struct pl_machine *machine, uint32_t row);

/**
 * Put the rows from `from` on in place of the entry `at`, which becomes the top of the stack. Rows
 * without any value are dropped.
 */
void pl_machine_replace(struct pl_machine *machine, uint32_t at, uint32_t from);

/**
 * Labels of a row that an operator looks at.
 *
 * @param machine             any
 * @param code                its by, without, on or ignoring decides
 * @param row                 of the machine
 * @param mask_without_words  labels that count when none of these words was written
 */
struct pl_labels pl_machine_key(const struct pl_machine *machine,
                                const struct pl_promql_code *code,
                                uint32_t row,
                                uint64_t mask_without_words);

/** Empty the table of label sets. */
void pl_machine_clear(const struct pl_machine *machine);

/** Place of a label set in the table: a row number plus one, or 0 when it is free. */
uint32_t *pl_machine_slot(const struct pl_machine *machine, const struct pl_labels *labels);

/**
 * Give each row of an entry a group; the groups become new rows with the common labels, and
 * work->group[row] is the group's row.
 *
 * @return PL_OK or PL_LIMIT
 */
pl_status pl_machine_groups(struct pl_machine *machine,
                            const struct pl_promql_code *code,
                            const struct pl_machine_value *value,
                            uint64_t mask_without_words) __attribute__((warn_unused_result));

#endif
