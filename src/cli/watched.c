// SPDX-License-Identifier: Apache-2.0
#include "cli/watched.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

void *pl_watched_room(size_t size)
{
    return aligned_alloc(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

pl_status pl_watched_init(struct pl_watched *watched, const struct pl_world *world, pl_error *err)
{
    PL_CHECK(watched != NULL && world != NULL);
    memset(watched, 0, sizeof *watched);
    watched->world = world;
    watched->state_size = pl_model_size(world);
    watched->opening = calloc(1, sizeof *watched->opening);
    watched->instruments = calloc(1, sizeof *watched->instruments);
    watched->state_memory = pl_watched_room(watched->state_size);
    watched->record_memory = pl_watched_room(pl_record_size(world));
    if (watched->opening == NULL || watched->instruments == NULL || watched->state_memory == NULL ||
        watched->record_memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to run this world.");
    }
    return PL_OK;
}

void pl_watched_free(struct pl_watched *watched)
{
    PL_CHECK(watched != NULL);
    free(watched->opening);
    free(watched->instruments);
    free(watched->state_memory);
    free(watched->record_memory);
    free(watched->observe_memory);
    memset(watched, 0, sizeof *watched);
}

pl_status pl_watched_start(struct pl_watched *watched,
                           const struct pl_scenario *scenario,
                           uint64_t seed,
                           pl_error *err)
{
    PL_CHECK(watched != NULL && watched->world != NULL && scenario != NULL);
    const struct pl_world *world = watched->world;
    pl_status status = PL_OK;
    watched->state = pl_model_init(world, watched->state_memory, watched->state_size, seed);
    watched->record = pl_record_init(world, watched->record_memory, 0.0);
    pl_instruments_fill(scenario, watched->opening, watched->instruments);
    const struct pl_observe_def *def = &watched->instruments->def;
    size_t size = pl_observe_size(world, def);
    if (watched->observe_memory == NULL) {
        watched->observe_memory = pl_watched_room(size);
        watched->observe_size = size;
    }
    if (watched->observe_memory == NULL || watched->observe_size < size) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the instruments.");
    }
    watched->observe = pl_observe_init(world, def, watched->observe_memory, watched->observe_size);
    for (uint32_t i = 0; i < watched->opening->change_count && status == PL_OK; i++) {
        status = pl_model_change(world, watched->state, &watched->opening->changes[i], err);
    }
    return status;
}

void pl_watched_run(struct pl_watched *watched, int64_t until_ns)
{
    PL_CHECK(watched != NULL && watched->state != NULL);
    while (pl_model_now(watched->state) < until_ns) {
        int64_t next_ns = pl_observe_next(watched->observe);
        pl_model_run(watched->world,
                     watched->state,
                     watched->record,
                     next_ns < until_ns ? next_ns : until_ns);
        pl_observe_advance(watched->observe, watched->state, watched->record);
    }
}
