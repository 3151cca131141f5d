// SPDX-License-Identifier: Apache-2.0
//
// Analyses of sessions that are over: made once by the thread of host_judge.h, and
// kept in the data directory.
#ifndef PL_EXAM_HOST_REVIEW_H
#define PL_EXAM_HOST_REVIEW_H

#include "exam/host_types.h"

/** Have a session analysed unless that was done; its watchers are told how far it is. */
void pl_host_review_start(struct pl_slot *slot);

/** Answer with the analysis and the debrief, or with how far they are. */
void pl_host_review_answer(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Answer an ask to make no analysis; one that is made is kept. Asking for it begins it anew. */
void pl_host_review_stop(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** True for a phase in which the juror works. */
bool pl_host_review_works(uint32_t phase);

/** True for a phase in which an analysis waits or is made. */
bool pl_host_review_waits(uint32_t phase);

/** Tell how far an analysis is; one that was stopped stays so. */
void pl_host_review_set(struct pl_slot *slot,
                        enum pl_review_phase phase,
                        uint32_t done,
                        uint32_t total);

/** Tell that there is no analysis, and why. */
void pl_host_review_fail(struct pl_slot *slot, const char *message);

/** Keep a report: JSON with the debrief. */
void pl_host_review_keep(struct pl_slot *slot, pl_slice text);

#endif
