// SPDX-License-Identifier: Apache-2.0
//
// What instruments see of streams, groups and volumes: copies of facts, nothing is changed.
#ifndef PL_MODEL_STREAM_VIEW_H
#define PL_MODEL_STREAM_VIEW_H

#include "model/model.h"

/** A partition as a group reads it. */
struct pl_lane_view {
    uint64_t end;       /* offset behind the newest record, as the brokers know it */
    uint64_t committed; /* offset of the group */
    double oldest_s;    /* age of the oldest record that is not committed, 0: none waits */
    double idle_s;      /* since the last commit */
    uint32_t owner;     /* global pod, PL_NONE: nobody */
    uint32_t failures;  /* of the batch at the committed offset */
};

/** Facts of a lane. */
struct pl_lane_view pl_model_lane(const struct pl_world *world,
                                  const struct pl_state *state,
                                  uint32_t group,
                                  uint32_t partition);

/** A consumer group. */
struct pl_group_view {
    uint64_t consumed;
    uint64_t rebalances;
    uint64_t evictions;
    double lag;        /* records, all partitions */
    double dead;       /* records given to the dead letters */
    double lost;       /* records of users that will never be visible */
    double duplicates; /* records that were put out once more */
    double late;       /* records of users that became visible too late, or are overdue now */
    uint32_t members;
    uint32_t rebalancing;
};

/** Facts of a group. */
struct pl_group_view
pl_model_group(const struct pl_world *world, const struct pl_state *state, uint32_t group);

/**
 * Age that a share of the events does not exceed when they become visible, were they to do so now:
 * the age of the oldest record on the way, by partition, weighted by the partitions' rates.
 *
 * @param group  one that makes events visible; its upstream counts as part of the way
 * @param share  0..1
 * @return seconds; the skew of the stream's clocks is in it, the delay of what users look at is not
 */
double pl_model_freshness(const struct pl_world *world,
                          const struct pl_state *state,
                          uint32_t group,
                          double share);

/** Offset behind the newest record of a partition. */
uint64_t pl_model_stream_end(const struct pl_world *world,
                             const struct pl_state *state,
                             uint32_t stream,
                             uint32_t partition);

/** A volume. */
struct pl_volume_view {
    double credits_mb;
    double moved_mb; /* cumulative */
    double busy_s;   /* cumulative */
};

/** Facts of a volume. */
struct pl_volume_view
pl_model_volume(const struct pl_world *world, const struct pl_state *state, uint32_t volume);

#endif
