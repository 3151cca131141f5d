// SPDX-License-Identifier: Apache-2.0
//
// Row locks. What it does is told at the top of lock.c.
#ifndef PL_MODEL_LOCK_H
#define PL_MODEL_LOCK_H

#include "model/state.h"

/** Take the row lock of the frame's present step; may wait. */
void pl_lock_take(struct pl_ctx *ctx, uint32_t frame);

/** The frame's timer fired while it waits for a lock. */
void pl_lock_timer(struct pl_ctx *ctx, uint32_t frame);

/** Give all row locks back and leave any queue. */
void pl_lock_release(struct pl_ctx *ctx, uint32_t frame);

/** Drop a frame's place in the queue of a lock, if it waits there. */
void pl_lock_leave(struct pl_ctx *ctx, uint32_t frame);

/** A job took or gave back its share of the keys. */
void pl_lock_job(struct pl_ctx *ctx, uint32_t lock, uint32_t job, bool held);

#endif
