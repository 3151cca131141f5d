// SPDX-License-Identifier: Apache-2.0
//
// From the epochs of a session to its report.
#ifndef PL_JUDGE_VERDICT_H
#define PL_JUDGE_VERDICT_H

#include "judge/judge_types.h"

/**
 * Write the report.
 *
 * @param judge   all entries are taken; its session and bank are used up
 * @param report  filled
 */
void pl_verdict_write(struct pl_judge *judge, struct pl_report *report);

#endif
