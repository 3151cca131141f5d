// SPDX-License-Identifier: Apache-2.0
//
// Forty simulated minutes of an incident world, healthy or with a fault.
#ifndef PL_BENCH_INCIDENT_H
#define PL_BENCH_INCIDENT_H

#include "base/error.h"
#include "bench/bench_result.h"
#include "model/model.h"

/** Whether users should be fine. */
enum pl_bench_health { PL_BENCH_HEALTHY, PL_BENCH_FAULTY };

/**
 * Run a world silently to a moment, changes included.
 *
 * @param world     sealed
 * @param changes   timeline, changes[change_count]
 * @param opens_ns  where to stop
 * @param state     filled with memory for free(); NULL on failure
 * @param err       sentence
 * @return PL_OK, PL_NO_MEMORY, or what a change refused
 */
pl_status pl_bench_incident_open(const struct pl_world *world,
                                 const struct pl_change *changes,
                                 uint32_t change_count,
                                 int64_t opens_ns,
                                 struct pl_state **state,
                                 pl_error *err) __attribute__((warn_unused_result));

/**
 * Processor time of one silent run from a state, without any statistics.
 *
 * @param world    of the state
 * @param state    borrowed; a fork of it runs
 * @param span_ns  simulated time
 * @param cpu_s    filled
 * @param err      sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_bench_incident_once(const struct pl_world *world,
                                 const struct pl_state *state,
                                 int64_t span_ns,
                                 double *cpu_s,
                                 pl_error *err) __attribute__((warn_unused_result));

/**
 * Measure runs from a state, observed and silent by turns, each with a future of its own.
 *
 * The check: observed and silent runs end in the same state, its books balance, nothing was refused
 * for lack of frames, and in a healthy world 99.9 % of the users are answered in time.
 *
 * @param world    of the state
 * @param state    borrowed
 * @param span_ns  simulated time of one run
 * @param health   what the check expects
 * @param plan     how much
 * @param result   initialised; filled
 * @param err      sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_bench_incident(const struct pl_world *world,
                            const struct pl_state *state,
                            int64_t span_ns,
                            enum pl_bench_health health,
                            const struct pl_bench_plan *plan,
                            struct pl_bench_result *result,
                            pl_error *err) __attribute__((warn_unused_result));

#endif
