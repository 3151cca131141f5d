// SPDX-License-Identifier: Apache-2.0
//
// The memory of one run of the engine: a state and a record, allocated once and used by every run.
#ifndef PL_BENCH_ENGINE_H
#define PL_BENCH_ENGINE_H

#include "base/error.h"
#include "model/model.h"

/** Share of requests whose spans an observed run keeps, as in a session. */
#define PL_BENCH_TRACE_SHARE 0.05

/** State and record of a world; zeroed is closed. */
struct pl_bench_engine {
    const struct pl_world *world; /* borrowed */
    size_t size;                  /* bytes of a state */
    void *state_memory;           /* owned */
    void *record_memory;          /* owned */
    struct pl_state *state;
    struct pl_record *record;
};

/**
 * Allocate.
 *
 * @param engine  filled; to be closed in any case
 * @param world   sealed, borrowed until closed
 * @param err     sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_bench_engine_open(struct pl_bench_engine *engine,
                               const struct pl_world *world,
                               pl_error *err) __attribute__((warn_unused_result));

/** Give the memory back. */
void pl_bench_engine_close(struct pl_bench_engine *engine);

/** Begin a run at simulated time 0 with an empty record. */
void pl_bench_engine_start(struct pl_bench_engine *engine, uint64_t seed);

/** Begin a run with a copy of a state of the same world and an empty record. */
void pl_bench_engine_fork(struct pl_bench_engine *engine, const struct pl_state *source);

/** Memory that a state of this world fits in, for free(); NULL when there is none. */
void *pl_bench_engine_memory(const struct pl_world *world);

#endif
