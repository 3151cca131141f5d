// SPDX-License-Identifier: Apache-2.0
//
// Look-aside caches. What it does is told at the top of cache.c.
#ifndef PL_MODEL_CACHE_H
#define PL_MODEL_CACHE_H

#include "model/state.h"

/** Read a key: true on a hit. Remembers the key in the frame. */
bool pl_cache_get(struct pl_ctx *ctx, uint32_t frame, uint32_t cache);

/** Write the key last read. */
void pl_cache_put(struct pl_ctx *ctx, uint32_t frame, uint32_t cache);

/** Node that a key lives on now, PL_NONE: none, reads of it miss. */
uint32_t pl_cache_node(const struct pl_ctx *ctx, uint32_t cache, uint32_t key);

/** Keys that would hit now. */
uint32_t pl_cache_resident(const struct pl_ctx *ctx, uint32_t cache);

/** Fill the keys as a long-running system would have them (time 0). */
void pl_cache_start(struct pl_ctx *ctx, uint32_t cache);

/** A param of the cache changed. */
void pl_cache_changed(struct pl_ctx *ctx, uint32_t cache, enum pl_cache_knob changed);

#endif
