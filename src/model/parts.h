// SPDX-License-Identifier: Apache-2.0
//
// What the bytes of a state are spent on, and which declared limit sizes each part.
//
// The sizes are differences of the offsets that the layout itself has made, so they always add up
// to pl_model_size and cannot drift away from it.
#ifndef PL_MODEL_PARTS_H
#define PL_MODEL_PARTS_H

#include "model/world.h"

#include <stddef.h>
#include <stdint.h>

enum { PL_MODEL_PARTS_MAX = 40 };

/** Bytes that the state of a shipped world has at most, so that forks stay cheap. */
#define PL_MODEL_SHIPPED_MAX ((size_t)1 << 20)

/** One part of a state. */
struct pl_model_part {
    const char *name;  /* in words, static */
    const char *limit; /* what declares its size, static: "`frames`" */
    size_t size;       /* bytes, with the padding behind it */
    uint64_t declared; /* value of that limit, summed over the world; 0: not one number */
};

/**
 * List the parts of a world's state, the largest first; parts without bytes are left out.
 *
 * @param world  sealed
 * @param parts  filled, parts[PL_MODEL_PARTS_MAX]
 * @return number of parts; their sizes add up to pl_model_size
 */
uint32_t pl_model_parts(const struct pl_world *world,
                        struct pl_model_part parts[PL_MODEL_PARTS_MAX]);

#endif
