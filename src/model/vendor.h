// SPDX-License-Identifier: Apache-2.0
//
// Third parties. What it does is told at the top of vendor.c.
#ifndef PL_MODEL_VENDOR_H
#define PL_MODEL_VENDOR_H

#include "model/state.h"

/** A call reached a vendor: decide its answer and delay. */
void pl_vendor_arrive(struct pl_ctx *ctx, uint32_t frame);

/** The vendor answers. */
void pl_vendor_done(struct pl_ctx *ctx, uint32_t frame);

#endif
