// SPDX-License-Identifier: Apache-2.0
//
// The course of the bank through time: stretches between acts and the nodes of their tables.
#ifndef PL_JUDGE_COURSE_H
#define PL_JUDGE_COURSE_H

#include "judge/judge_types.h"

#include <stdint.h>

/** Seconds between two nodes of a stretch that nobody acts in. */
#define PL_COURSE_GRID_NS (240 * PL_NS_PER_S)

/**
 * Take the constants of the scenario, or compute at the opening what a judge can't do without.
 *
 * @param judge  at the opening, before its belief begins
 */
void pl_course_prepare(struct pl_judge *judge);

/**
 * Begin the first stretch with the nodes of the constants.
 *
 * @param judge  at the opening
 */
void pl_course_begin(struct pl_judge *judge);

/** Let the bank's time pass to `until_ns`, with the nodes that fall due on the way. */
void pl_course_pass(struct pl_judge *judge, int64_t until_ns);

/**
 * See that the table has a node at the present in which `call` is an option.
 *
 * @param judge  before the act is done in the bank
 * @param call   what the player is about to do
 */
void pl_course_before_act(struct pl_judge *judge, const struct pl_call *call);

/**
 * Do an act in all worlds and begin a stretch after it.
 *
 * @param judge  the true session has not done it yet
 * @param call   bound
 * @param err    sentence
 * @return PL_OK or why the act can't be done
 */
pl_status pl_course_act(struct pl_judge *judge, const struct pl_call *call, pl_error *err)
    __attribute__((warn_unused_result));

/** Add a node at the present unless there is one. */
void pl_course_node(struct pl_judge *judge);

/**
 * Roll the options out in the true world, before the act.
 *
 * @param judge  the true session is at the present
 * @return position in judge->truths, PL_NONE when no more are kept
 */
uint32_t pl_course_truth(struct pl_judge *judge, const struct pl_call *call);

/**
 * Damage that is still to come in the true world when nobody does anything any more.
 *
 * @param judge  at the end
 * @param se     filled: standard error of the mean over futures
 * @return damage of the fleet, mean over futures
 */
double pl_course_rest(struct pl_judge *judge, double *se);

/** Model of the values of a stretch. */
struct pl_value_model pl_course_model(const struct pl_judge *judge, uint32_t stretch);

#endif
