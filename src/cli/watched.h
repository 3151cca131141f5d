// SPDX-License-Identifier: Apache-2.0
//
// A run of a form with its instruments, outside of any session: what trials and normal numbers
// look at.
#ifndef PL_CLI_WATCHED_H
#define PL_CLI_WATCHED_H

#include "base/error.h"
#include "model/model.h"
#include "model/record.h"
#include "observe/observe.h"
#include "scenario/instruments.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

/** The run and its memory, owned; pl_watched_free gives it back. */
struct pl_watched {
    const struct pl_world *world;
    struct pl_opening *opening; /* filled by the caller before each start */
    struct pl_instruments *instruments;
    void *state_memory;
    void *record_memory;
    void *observe_memory;
    size_t state_size;
    size_t observe_size;
    struct pl_state *state;
    struct pl_record *record;
    struct pl_observe *observe;
};

/**
 * Take the memory of runs of one world.
 *
 * @param watched  filled; to be freed even after a failure
 * @param world    sealed, borrowed until then
 * @param err      sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_watched_init(struct pl_watched *watched, const struct pl_world *world, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Begin a run at simulated time 0 with the timeline and the feed of the opening.
 *
 * @param scenario  of the opening, borrowed until the next start
 * @param seed      of the run
 * @return PL_OK, PL_NO_MEMORY, or what the model refused
 */
pl_status pl_watched_start(struct pl_watched *watched,
                           const struct pl_scenario *scenario,
                           uint64_t seed,
                           pl_error *err) __attribute__((warn_unused_result));

/** Run on to a moment, with the instruments looking whenever they want to. */
void pl_watched_run(struct pl_watched *watched, int64_t until_ns);

/** Give all memory back. */
void pl_watched_free(struct pl_watched *watched);

/** Memory for a state, aligned as one has to be; NULL when there is none. */
void *pl_watched_room(size_t size);

#endif
