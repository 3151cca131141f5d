// SPDX-License-Identifier: Apache-2.0
//
// Consumer groups: who reads which partition, polls, rebalances, redelivery. What it does is told
// at the top of group.c.
#ifndef PL_MODEL_GROUP_H
#define PL_MODEL_GROUP_H

#include "model/state.h"

/** Stream that a lane reads. */
uint32_t pl_group_stream(const struct pl_ctx *ctx, uint32_t lane);

/** Events of all groups: one per lane, then two per group. */
uint32_t pl_group_slots(const struct pl_world *world);

/** Give out the partitions for the first time; the services have started. */
void pl_group_start(struct pl_ctx *ctx, uint32_t group);

/** An event fired; `offset` counts from the first slot of the groups. */
void pl_group_fire(struct pl_ctx *ctx, uint32_t offset);

/** Records were appended to a partition. */
void pl_group_published(struct pl_ctx *ctx, uint32_t stream, uint32_t partition);

/** A batch that came from the disks of the brokers reaches its consumer. */
void pl_group_arrive(struct pl_ctx *ctx, uint32_t frame);

/**
 * What the batch of a frame puts out.
 *
 * @param records    filled: records that passed
 * @param live       filled: of these no import
 * @param partition  filled: where they came from
 * @return false when one of its records cannot be processed
 */
bool pl_group_output(
    struct pl_ctx *ctx, uint32_t frame, uint32_t *records, uint32_t *live, uint32_t *partition);

/** A batch's frame ended. */
void pl_group_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);

/** A pod became ready, drains or is gone: its groups give the partitions out again. */
void pl_group_pod_changed(struct pl_ctx *ctx, uint32_t pod);

/** A param of the group changed. */
void pl_group_changed(struct pl_ctx *ctx, uint32_t group, enum pl_group_knob changed);

/**
 * Records of users that the group has not made visible although they are older than its objective.
 */
double pl_group_overdue(const struct pl_ctx *ctx, uint32_t group);

#endif
