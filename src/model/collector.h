// SPDX-License-Identifier: Apache-2.0
//
// Pauses of a pod's garbage collector. When they come is told at the top of collector.c.
#ifndef PL_MODEL_COLLECTOR_H
#define PL_MODEL_COLLECTOR_H

#include "model/state.h"

/** Schedule the next pause of a pod whose pauses come by the clock. */
void pl_collector_arm(struct pl_ctx *ctx, uint32_t pod);

/** The collector's event of a pod: a pause by the clock begins, or a pause ends. */
void pl_collector_fire(struct pl_ctx *ctx, uint32_t pod);

/** A request begins on a pod and leaves its garbage; a pause begins when the heap is full. */
void pl_collector_allocate(struct pl_ctx *ctx, uint32_t pod);

/** Megabytes that a collection of this pod would find alive now. */
double pl_collector_live_mb(const struct pl_ctx *ctx, uint32_t pod);

#endif
