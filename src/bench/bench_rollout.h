// SPDX-License-Identifier: Apache-2.0
//
// Rollouts per second: fork a state, give it a future of its own, run it silently to a horizon.
//
// The same rollouts run on one core, and on two at once where there are two; each worker has its
// own memory and measures its own processor time.
#ifndef PL_BENCH_ROLLOUT_H
#define PL_BENCH_ROLLOUT_H

#include "base/error.h"
#include "bench/bench_result.h"
#include "model/model.h"

/**
 * Rollouts of the tandem, beside the same rollouts of the hand-written limit.
 *
 * The check: rollouts start at states along a stationary run, so the mean number in the system over
 * all of them is that of theory (40.2227 at one arrival per unit, Little's law).
 *
 * @param requests  horizon, in requests that arrive on average
 * @param plan      how much
 * @param result    initialised; filled
 * @param err       sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_bench_rollout_tandem(uint32_t requests,
                                  const struct pl_bench_plan *plan,
                                  struct pl_bench_result *result,
                                  pl_error *err) __attribute__((warn_unused_result));

/**
 * Rollouts of any world from one state.
 *
 * The check: both cores reach the same states, their books balance, and nothing was refused for
 * lack of frames.
 *
 * @param world      of the state
 * @param state      where all rollouts start, borrowed
 * @param horizon_s  simulated seconds
 * @param plan       how much
 * @param result     initialised; filled
 * @param err        sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_bench_rollout_world(const struct pl_world *world,
                                 const struct pl_state *state,
                                 double horizon_s,
                                 const struct pl_bench_plan *plan,
                                 struct pl_bench_result *result,
                                 pl_error *err) __attribute__((warn_unused_result));

#endif
