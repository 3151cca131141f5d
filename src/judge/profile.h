// SPDX-License-Identifier: Apache-2.0
//
// The profile of a session: haste, dithering, harm, lock-in, efficiency, calibration and times,
// from its epochs and what they were worth.
#ifndef PL_JUDGE_PROFILE_H
#define PL_JUDGE_PROFILE_H

#include "judge/audit.h"
#include "judge/claims.h"
#include "judge/grade.h"
#include "judge/judge_types.h"
#include "judge/score.h"
#include "judge/weigh.h"

#include <stdbool.h>

/** What is summed up over the epochs. Begin with pl_profile_begin. */
struct pl_profile {
    const struct pl_judge *judge;
    double d_noop;
    struct pl_audit audit;
    struct pl_look_account looks;
    struct pl_efficiency efficiency;
    struct pl_claims_account calibration;
    struct pl_stated stated; /* what was said last */
    struct pl_audit_moment moments[PL_EPOCHS_MAX];
    uint32_t moment_count;
    uint32_t favourite; /* class that was stated highest at first, PL_NONE: none */
    uint32_t statements;
    uint32_t look_count;
    int64_t sufficient_ns;            /* -1: never */
    int64_t stated_ns;                /* -1: never */
    const struct pl_epoch *unchecked; /* act whose loss of evidence is not known yet */
    double unchecked_cost;
};

/**
 * Begin.
 *
 * @param profile  filled; about 60 KB
 * @param judge    borrowed
 * @param d_noop   damage of doing nothing, above 0
 */
void pl_profile_begin(struct pl_profile *profile, const struct pl_judge *judge, double d_noop);

/**
 * Add an epoch, in order.
 *
 * @param profile  changed
 * @param epoch    of the judge
 * @param worth    of the epoch
 * @param next_ns  moment of the next epoch, or the end
 */
void pl_profile_add(struct pl_profile *profile,
                    const struct pl_epoch *epoch,
                    const struct pl_worth *worth,
                    int64_t next_ns);

/** Write what was summed up, but for decisions, communication and the session's times. */
void pl_profile_write(const struct pl_profile *profile, struct pl_report *report);

#endif
