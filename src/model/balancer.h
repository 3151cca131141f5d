// SPDX-License-Identifier: Apache-2.0
//
// Choice of a pod for a request, and health probes. What it does is told at the top of balancer.c.
#ifndef PL_MODEL_BALANCER_H
#define PL_MODEL_BALANCER_H

#include "model/state.h"

/** Pod for a request of this service, or PL_NONE. */
uint32_t pl_balancer_pick(struct pl_ctx *ctx, uint32_t service, uint64_t key);

/** One round of probes of a service. */
void pl_balancer_probe(struct pl_ctx *ctx, uint32_t service);

#endif
