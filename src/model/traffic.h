// SPDX-License-Identifier: Apache-2.0
//
// Users: arrivals, patience, retries and outcomes. What it does is told at the top of traffic.c.
#ifndef PL_MODEL_TRAFFIC_H
#define PL_MODEL_TRAFFIC_H

#include "model/state.h"

/** The draw between the next arrival of a source and the one after it, ahead of its time. */
double pl_traffic_ahead(const struct pl_source_state *source);

/** Stream of a source's draws; kept in its state, as it follows from the seed alone. */
uint64_t pl_traffic_key(uint64_t seed, uint32_t source);

/** Prepare a source at time 0. */
void pl_traffic_start(struct pl_ctx *ctx, uint32_t source);

/** The source's event: an arrival, the end of a piece of its rate, or a burst change. */
void pl_traffic_fire(struct pl_ctx *ctx, uint32_t source);

/** A rate or retry param changed. */
void pl_traffic_changed(struct pl_ctx *ctx, uint32_t source);

/** A root frame ended; the caller frees it. */
void pl_traffic_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);

/** A user lost patience; the work goes on. */
void pl_traffic_left(struct pl_ctx *ctx, uint32_t frame);

/** A user frame's pause is over: send the (next) request. */
void pl_traffic_send(struct pl_ctx *ctx, uint32_t frame);

#endif
