// SPDX-License-Identifier: Apache-2.0
//
// Nanoseconds per request of the plain queues, against the hand-written limit.
//
// The sides of a comparison (the engine observed, silent, without the timeout, and the limit) take
// turns within each run, in an order that rotates, so that a machine that slows down or a busy
// neighbour hits all of them. Ratios are medians over runs of the ratio within a run.
#ifndef PL_BENCH_QUEUE_H
#define PL_BENCH_QUEUE_H

#include "base/error.h"
#include "bench/bench_result.h"
#include "bench/bench_world.h"

/**
 * Measure one queue, observed.
 *
 * @param model   which
 * @param plan    how much
 * @param result  initialised; filled
 * @param err     sentence
 * @return PL_OK or PL_NO_MEMORY; a wrong answer is `right` in the result
 */
pl_status pl_bench_queue(enum pl_bench_model model,
                         const struct pl_bench_plan *plan,
                         struct pl_bench_result *result,
                         pl_error *err) __attribute__((warn_unused_result));

#endif
