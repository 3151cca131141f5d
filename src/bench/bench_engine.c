// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_engine.h"

#include "base/check.h"

#include <stdlib.h>

static void *aligned(size_t size)
{
    return aligned_alloc(64, (size + 63) / 64 * 64);
}

void *pl_bench_engine_memory(const struct pl_world *world)
{
    return aligned(pl_model_size(world));
}

pl_status
pl_bench_engine_open(struct pl_bench_engine *engine, const struct pl_world *world, pl_error *err)
{
    *engine = (struct pl_bench_engine){.world = world, .size = pl_model_size(world)};
    engine->state_memory = aligned(engine->size);
    engine->record_memory = aligned(pl_record_size(world));
    if (engine->state_memory == NULL || engine->record_memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this benchmark.");
    }
    return PL_OK;
}

void pl_bench_engine_close(struct pl_bench_engine *engine)
{
    free(engine->state_memory);
    free(engine->record_memory);
    *engine = (struct pl_bench_engine){.size = 0};
}

void pl_bench_engine_start(struct pl_bench_engine *engine, uint64_t seed)
{
    PL_CHECK(engine->state_memory != NULL);
    engine->state = pl_model_init(engine->world, engine->state_memory, engine->size, seed);
    engine->record = pl_record_init(engine->world, engine->record_memory, PL_BENCH_TRACE_SHARE);
}

void pl_bench_engine_fork(struct pl_bench_engine *engine, const struct pl_state *source)
{
    PL_CHECK(engine->state_memory != NULL && source != engine->state);
    engine->state = pl_model_fork(engine->state_memory, engine->size, source);
    engine->record = pl_record_init(engine->world, engine->record_memory, PL_BENCH_TRACE_SHARE);
}
