// SPDX-License-Identifier: Apache-2.0
//
// The rule by which log likelihoods become a belief, shared by the filter and by what is expected
// of a look: only if both apply the very same rule do expected and real bits agree on average.
#ifndef PL_JUDGE_BELIEF_MATH_H
#define PL_JUDGE_BELIEF_MATH_H

#include "judge/belief.h"

#include <stdint.h>

#define PL_BELIEF_LOG_NEVER    (-700.0)
#define PL_BELIEF_BITS_PER_NAT 1.4426950408889634

/** Log of a probability; PL_BELIEF_LOG_NEVER for 0. */
double pl_belief_log_of(double p);

/** -p log2 p, 0 for 0. */
double pl_belief_entropy_term(double p);

/**
 * b'(h) proportional to b(h) [(1 - misread) p(y|h) + misread p(y|other)]^eta over live causes and
 * other, whose sum of probabilities stays; frozen causes keep theirs.
 *
 * @param def             eta, misread, number of causes
 * @param live            bit per cause
 * @param log_likelihood  log_likelihood[cause_count + 1], the last one of "other"
 * @param before          before[cause_count + 1], logs of probabilities
 * @param after           filled; may be `before`
 */
void pl_belief_apply(const struct pl_belief_def *def,
                     uint32_t live,
                     const double *log_likelihood,
                     const double *before,
                     double *after);

/** Views from logs of probabilities. */
void pl_belief_view_of(const struct pl_belief_def *def,
                       const double *log_belief,
                       struct pl_belief_view *view);

#endif
