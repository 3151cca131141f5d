// SPDX-License-Identifier: Apache-2.0
//
// Client policy: timeout, retries with backoff and budget, hedging, breaker, bulkhead, fallback.
// What it does is told at the top of edge.c.
#ifndef PL_MODEL_EDGE_H
#define PL_MODEL_EDGE_H

#include "model/state.h"

/** Make the call of the frame's present step; the answer arrives by pl_frame_step_done. */
void pl_edge_call(struct pl_ctx *ctx, uint32_t frame);

/** The backoff of a frame is over: try again. */
void pl_edge_retry(struct pl_ctx *ctx, uint32_t frame);

/** A frame has waited for its call as long as the policy says: send a second attempt. */
void pl_edge_hedge(struct pl_ctx *ctx, uint32_t frame);

/** A callee ended; it is freed by the caller of this function. */
void pl_edge_answer(struct pl_ctx *ctx, uint32_t child, enum pl_code code);

/** The deadline list of an edge fired. */
void pl_edge_expire(struct pl_ctx *ctx, uint32_t edge);

/** Runtime of an edge on a pod. */
struct pl_edge_state *pl_edge_state_of(struct pl_ctx *ctx, uint32_t pod, uint32_t edge);

#endif
