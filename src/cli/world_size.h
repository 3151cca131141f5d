// SPDX-License-Identifier: Apache-2.0
//
// What a world's state weighs, in words, for `plumb pack lint`.
#ifndef PL_CLI_WORLD_SIZE_H
#define PL_CLI_WORLD_SIZE_H

#include "base/buf.h"
#include "model/world.h"

#include <stdbool.h>

/** True when the state is small enough for a shipped world (PL_MODEL_SHIPPED_MAX). */
bool pl_world_size_fits(const struct pl_world *world);

/** Append one line: the size of the state and its largest parts. */
void pl_world_size_line(const struct pl_world *world, struct pl_buf *out);

/**
 * Append the parts of the state, the largest first: bytes, share, and the declared limit that sizes
 * each. Parts below a hundredth are one line at the end.
 */
void pl_world_size_list(const struct pl_world *world, struct pl_buf *out);

/** Append what is wrong when the state is too large: its size, the limit, and the parts. */
void pl_world_size_complaint(const struct pl_world *world, struct pl_buf *out);

#endif
