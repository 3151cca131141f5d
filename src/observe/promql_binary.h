// SPDX-License-Identifier: Apache-2.0
//
// Operators between two operands: arithmetic, comparisons, and, or, unless.
#ifndef PL_OBSERVE_PROMQL_BINARY_H
#define PL_OBSERVE_PROMQL_BINARY_H

#include "observe/promql_machine.h"

/**
 * Replace the two topmost entries of the stack by the result of an operator.
 *
 * Vectors match one to one on their labels: equal ones, those of on(), or all but those of
 * ignoring(). Without bool, comparisons filter.
 *
 * @return PL_OK, PL_BAD_INPUT when labels match more than once, or PL_LIMIT
 */
pl_status pl_machine_binary(struct pl_machine *machine, const struct pl_promql_code *code)
    __attribute__((warn_unused_result));

#endif
