// SPDX-License-Identifier: Apache-2.0
//
// Taking in one entry: what was known when it was chosen, what it showed, what it changed.
#ifndef PL_JUDGE_HEARING_H
#define PL_JUDGE_HEARING_H

#include "judge/judge_types.h"

/**
 * Take one entry: record the epoch of its choice, play it in the true session and in the bank.
 *
 * @param judge  changed
 * @param entry  borrowed for the call
 * @param err    sentence
 * @return PL_OK, or PL_CORRUPT when the entry is none or its answer differs
 */
pl_status pl_hearing_take(struct pl_judge *judge, const struct pl_judge_entry *entry, pl_error *err)
    __attribute__((warn_unused_result));

/** Record the epoch at which the evidence ends, unless the session was closed. */
void pl_hearing_end(struct pl_judge *judge);

#endif
