// SPDX-License-Identifier: Apache-2.0
//
// What a fork costs beside a memcpy of the same bytes.
#ifndef PL_BENCH_FORK_H
#define PL_BENCH_FORK_H

#include "base/error.h"
#include "bench/bench_result.h"
#include "model/model.h"

/**
 * Measure forks of a state into memory that is used again and again, as a rollout does.
 *
 * The check: a fork that runs on ends with the same hash as its origin.
 *
 * @param world   of the state
 * @param state   changed: it runs on for the check
 * @param plan    how much
 * @param result  initialised; filled
 * @param err     sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_bench_fork(const struct pl_world *world,
                        struct pl_state *state,
                        const struct pl_bench_plan *plan,
                        struct pl_bench_result *result,
                        pl_error *err) __attribute__((warn_unused_result));

#endif
