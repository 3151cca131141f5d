// SPDX-License-Identifier: Apache-2.0
//
// The timeline: changes of params, ramps and gates, and what a changed param touches.
#ifndef PL_MODEL_CHANGE_H
#define PL_MODEL_CHANGE_H

#include "model/state.h"

/** Event slot of the timeline: before everything else in a moment. */
enum { PL_CHANGE_SLOT = 0 };

/** Run all changes that are due. */
void pl_change_fire(struct pl_ctx *ctx);

/** Set the plain value of a param now, with all effects (used by changes and the autoscaler). */
void pl_change_set(struct pl_ctx *ctx, uint32_t param, double value);

#endif
