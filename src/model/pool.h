// SPDX-License-Identifier: Apache-2.0
//
// Connection pools, one per pod and database. What it does is told at the top of pool.c.
#ifndef PL_MODEL_POOL_H
#define PL_MODEL_POOL_H

#include "model/state.h"

/** Runtime of a pool on a pod (which must belong to the pool's service). */
struct pl_pool_state *pl_pool_state_of(struct pl_ctx *ctx, uint32_t pod, uint32_t pool);

/** Number of pool states of a world. */
uint32_t pl_pool_state_count(const struct pl_world *world);

/** Prepare the table of pool states. */
void pl_pool_start(struct pl_ctx *ctx);

/** Take a connection. True: the frame has it now; false: it waits, or its step failed. */
bool pl_pool_acquire(struct pl_ctx *ctx, uint32_t frame, uint32_t pool);

/** A frame's wait for a connection timed out. */
void pl_pool_timeout(struct pl_ctx *ctx, uint32_t frame);

/** A frame's new connection is open. */
void pl_pool_connected(struct pl_ctx *ctx, uint32_t frame);

/** Give the frame's connection back, leak it, or drop its place in the queue. */
void pl_pool_release(struct pl_ctx *ctx, uint32_t frame, bool failed);

/** Drop a frame's place in the queue of its pool, if it waits there. */
void pl_pool_leave(struct pl_ctx *ctx, uint32_t frame);

/** Open connections up to the configured size (a pod became ready). */
void pl_pool_fill(struct pl_ctx *ctx, uint32_t pod);

/** Close everything of a pod's pools (its process ended). Its frames are gone already. */
void pl_pool_clear(struct pl_ctx *ctx, uint32_t pod);

/** A param of the pool changed. */
void pl_pool_changed(struct pl_ctx *ctx, uint32_t pool_index, enum pl_pool_knob changed);

/** Terminate sessions that idle in a transaction for longer than `age_ns`. */
void pl_pool_kill_idle(struct pl_ctx *ctx, uint32_t database, int64_t age_ns);

/** Let those who wait for a connection to a database try again: it accepts some now. */
void pl_pool_serve_all(struct pl_ctx *ctx, uint32_t database);

/** Terminate all sessions of a database (failover). */
void pl_pool_kill_all(struct pl_ctx *ctx, uint32_t database);

/** Mark the connection of a frame busy with a statement, or idle in its transaction. */
static inline void pl_pool_mark(struct pl_ctx *ctx, uint32_t frame, uint32_t statement)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->conn != 0) {
        struct pl_conn *conn = &ctx->conns[ctx->pools[f->pool - 1].conn0 + f->conn - 1];
        conn->since_ns = ctx->now;
        conn->statement = statement != PL_NONE ? statement : conn->statement;
    }
}

#endif
