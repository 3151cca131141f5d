// SPDX-License-Identifier: Apache-2.0
//
// Remedy classes: causes that the same move repairs, found by simulation and not by name.
//
// Two causes are of one class when taking the other's best option costs little under both of them.
// Groups grow by complete linkage: every pair in a class stays below the limit.
#ifndef PL_JUDGE_CLASSES_H
#define PL_JUDGE_CLASSES_H

#include "judge/segment.h"

#include <stdint.h>

/** Class of each cause, numbered from 0 in the order of their first causes. */
struct pl_classes {
    uint32_t count;
    uint32_t reserved;
    uint32_t class_of[PL_CAUSES_MAX];
    uint32_t best_option[PL_CAUSES_MAX];               /* per cause, at the node */
    double cross_regret[PL_CAUSES_MAX][PL_CAUSES_MAX]; /* of the column's best under the row */
};

/**
 * Group causes at one node.
 *
 * @param node          simulated for all causes
 * @param cause_count   1..PL_CAUSES_MAX
 * @param option_count  of the node
 * @param limit         largest cross-regret inside a class, in damage (2 % of D_noop is usual)
 * @param classes       filled
 */
void pl_classes_find(const struct pl_node *node,
                     uint32_t cause_count,
                     uint32_t option_count,
                     double limit,
                     struct pl_classes *classes);

#endif
