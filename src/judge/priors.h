// SPDX-License-Identifier: Apache-2.0
//
// How much a score hangs on the prior of the causes: decisions under other priors, from the same
// worlds. Beliefs and what looks were foreseen to show are weighed again, nothing is simulated.
//
//   given      the scenario's prior
//   uniform    all causes alike
//   squared    the likely ones likelier still
//
// The likelihoods of what was shown are kept as they are. They depend a little on the prior,
// through the choice of features, which this leaves out.
#ifndef PL_JUDGE_PRIORS_H
#define PL_JUDGE_PRIORS_H

#include "judge/judge_types.h"

enum { PL_PRIORS = 3 };

/** Decisions of one session under each prior, the given one first. */
struct pl_priors {
    double decision[PL_PRIORS]; /* S_dec, points */
};

/**
 * Weigh a session's decisions under all priors. The scale goes along: doing nothing and the
 * reference cost what they cost under the prior.
 *
 * @param judge      all entries are taken
 * @param reference  mean damage of the reference planner, above 0 and below D_noop
 * @param priors     filled
 */
void pl_priors_weigh(const struct pl_judge *judge, double reference, struct pl_priors *priors);

#endif
