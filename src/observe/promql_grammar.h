// SPDX-License-Identifier: Apache-2.0
//
// Tables of the query language and the check of types.
#ifndef PL_OBSERVE_PROMQL_GRAMMAR_H
#define PL_OBSERVE_PROMQL_GRAMMAR_H

#include "base/buf.h"
#include "base/error.h"
#include "observe/promql_types.h"

#include <stdbool.h>
#include <stdint.h>

/** Precedence of a leading minus; higher binds more tightly. */
enum { PL_PRECEDENCE_NEGATE = 6 };

/** A binary operator. */
struct pl_binary_def {
    const char *text;
    uint32_t precedence;
    bool right; /* groups from the right */
};

/** Operator 0..PL_BIN_COUNT-1. */
const struct pl_binary_def *pl_grammar_binary(uint32_t binary);

/** Function with this name, or PL_FN_COUNT. */
uint32_t pl_grammar_function(pl_slice name);

/** Aggregation with this name, or PL_AGG_COUNT_KINDS. */
uint32_t pl_grammar_aggregation(pl_slice name);

/** Name of an aggregation. */
const char *pl_grammar_aggregation_name(uint32_t aggregation);

/** Nearest function or aggregation, or NULL. */
const char *pl_grammar_suggest(pl_slice name);

/** What a program leaves on the evaluator's stack so far. */
struct pl_type_stack {
    uint32_t count;
    uint8_t types[PL_PROMQL_CODE_MAX];    /* enum pl_promql_type */
    uint32_t columns[PL_PROMQL_CODE_MAX]; /* where each operand begins */
};

/** A violation. */
struct pl_type_problem {
    uint32_t column;
    pl_status status;
    char text[PL_ERROR_MESSAGE_MAX];
};

/**
 * Append an instruction: check what it takes from the stack and note what it leaves.
 *
 * @param program  the instruction is appended
 * @param stack    changed
 * @param code     its left and right are filled for binary operators
 * @param problem  filled on failure
 * @return true when all is well
 */
bool pl_grammar_emit(struct pl_promql *program,
                     struct pl_type_stack *stack,
                     struct pl_promql_code *code,
                     struct pl_type_problem *problem);

/** Check that the finished program leaves one number or vector; as pl_grammar_emit. */
bool pl_grammar_finish(struct pl_promql *program,
                       const struct pl_type_stack *stack,
                       struct pl_type_problem *problem);

#endif
