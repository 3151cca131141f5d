// SPDX-License-Identifier: Apache-2.0
//
// Volumes: disks whose throughput depends on credits. What it does is told at the top of volume.c.
#ifndef PL_MODEL_VOLUME_H
#define PL_MODEL_VOLUME_H

#include "model/state.h"

/**
 * Move data on a volume, behind what it has to do already.
 *
 * @param mb  megabytes
 * @return seconds until it is done
 */
double pl_volume_move(struct pl_ctx *ctx, uint32_t volume, double mb);

/** A param of the volume is about to count from now on. */
void pl_volume_changed(struct pl_ctx *ctx, uint32_t volume, enum pl_volume_knob changed);

/** Bring credits and counters up to the present; state of a volume. */
struct pl_volume_state *pl_volume_touch(struct pl_ctx *ctx, uint32_t volume);

#endif
