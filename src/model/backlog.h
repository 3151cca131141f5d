// SPDX-License-Identifier: Apache-2.0
//
// Requests that wait for a worker of a pod. What is done with them is told at the top of backlog.c.
#ifndef PL_MODEL_BACKLOG_H
#define PL_MODEL_BACKLOG_H

#include "model/state.h"

/** Put a frame in state QUEUED into its pod's queue. The caller keeps the meter. */
void pl_backlog_add(struct pl_ctx *ctx, uint32_t pod, uint32_t frame);

/** Take the frame that is served next out of the queue, which must not be empty. */
uint32_t pl_backlog_take(struct pl_ctx *ctx, uint32_t pod);

/** A frame has waited as long as its queue allows: it is refused. */
void pl_backlog_expired(struct pl_ctx *ctx, uint32_t frame);

/**
 * Refuse the last waiting request when this frame belongs to a better class.
 *
 * @param pod    with a queue that is full, at least one waits
 * @param frame  that found it full
 * @return true when a place is free now
 */
bool pl_backlog_make_room(struct pl_ctx *ctx, uint32_t pod, uint32_t frame);

/**
 * Nobody waits for this frame any more. When it waits for a worker of a service that drops such
 * requests, it ends and is freed here; else nothing happens.
 *
 * @param frame  without a caller, a source and a deadline
 */
void pl_backlog_abandoned(struct pl_ctx *ctx, uint32_t frame);

#endif
