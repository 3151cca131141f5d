// SPDX-License-Identifier: Apache-2.0
//
// Communication and the score of a session.
#ifndef PL_JUDGE_OUTCOME_H
#define PL_JUDGE_OUTCOME_H

#include "judge/judge_types.h"

/**
 * Write what was told to users, the decisions and the composite.
 *
 * @param judge     all entries are taken
 * @param adjusted  luck-adjusted damage of the fleet
 * @param report    the rest of the profile is there
 */
void pl_outcome_write(struct pl_judge *judge,
                      struct pl_estimate adjusted,
                      struct pl_report *report);

#endif
