// SPDX-License-Identifier: Apache-2.0
//
// The true course of a run: what users suffered and whether the fault was in force.
//
// Samples are taken at fixed moments of simulated time while the session runs; the debrief reads
// them. No look ever does.
#ifndef PL_SESSION_TRUTH_H
#define PL_SESSION_TRUTH_H

#include "session/session_types.h"

#define PL_TRUTH_STEP_NS (15 * PL_NS_PER_S)

enum { PL_TRUTH_MINUTES_MAX = 320 };

/** Damage in requests of the whole fleet, per minute from the start of the run. */
struct pl_truth_course {
    uint32_t minute_count;
    uint32_t reserved;
    double damage[PL_TRUTH_MINUTES_MAX]; /* requests that were slow, failed or lost */
};

/**
 * Key moments in simulated nanoseconds; -1: did not happen. All follow from what users felt: low is
 * at most a tenth of the worst minute, or what the worst minute was in the first third of the time
 * before the page.
 */
struct pl_truth_times {
    int64_t onset_ns;     /* start of the rise of damage that led to the page */
    int64_t page_ns;      /* opening */
    int64_t first_act_ns; /* first act of the player */
    int64_t mitigated_ns; /* damage is low for 5 minutes */
    int64_t resolved_ns;  /* damage is low from here to the end, 5 minutes at least */
    uint32_t hurting;     /* 1: damage was not low in the last minute */
    uint32_t reserved;
};

/** Take the sample that is due at the state's present. */
void pl_truth_sample(struct pl_session *session);

/** Requests of the fleet that users lost so far in a state, weighted by their worth. */
double pl_truth_damage(const struct pl_world *world, const struct pl_state *state);

/** Course of the session up to its present. */
void pl_truth_course(const struct pl_session *session, struct pl_truth_course *course);

/**
 * Course that the same run would have taken up to `until_ns` if nobody had acted.
 *
 * @param session   its spare state is used
 * @param until_ns  opening..PL_TIME_MAX
 * @param course    filled
 */
void pl_truth_course_without(struct pl_session *session,
                             int64_t until_ns,
                             struct pl_truth_course *course);

/** Key moments of the session. */
struct pl_truth_times pl_truth_times(const struct pl_session *session,
                                     const struct pl_truth_course *course);

/** Sum of a course over whole minutes from..until (minute positions, until not included). */
double pl_truth_sum(const struct pl_truth_course *course, uint32_t from, uint32_t until);

/** Requests of the fleet that may fail in a month under the objective; 0: no objective. */
double pl_truth_budget(const struct pl_world *world);

#endif
