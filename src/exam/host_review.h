// SPDX-License-Identifier: Apache-2.0
//
// Analyses of sessions that are over: made once, behind everybody, and kept in the data directory.
#ifndef PL_EXAM_HOST_REVIEW_H
#define PL_EXAM_HOST_REVIEW_H

#include "exam/host_types.h"

/** Have a session analysed unless that was done; its watchers are told how far it is. */
void pl_host_review_start(struct pl_slot *slot);

/** Answer with the analysis and the debrief, or with how far they are. */
void pl_host_review_answer(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

#endif
