// SPDX-License-Identifier: Apache-2.0
//
// Horizontal autoscaler. What it does is told at the top of autoscaler.c.
#ifndef PL_MODEL_AUTOSCALER_H
#define PL_MODEL_AUTOSCALER_H

#include "model/state.h"

/** One round of a service's autoscaler. */
void pl_autoscaler_round(struct pl_ctx *ctx, uint32_t service);

#endif
