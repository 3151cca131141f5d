// SPDX-License-Identifier: Apache-2.0
#include "model/stream_view.h"

#include "base/check.h"
#include "model/broker.h"
#include "model/group.h"
#include "model/volume.h"

/* A context has no const form; nothing is written through it. */
static struct pl_ctx reader(const struct pl_world *world, const struct pl_state *state)
{
    struct pl_ctx ctx;
    pl_state_context(&ctx, world, (struct pl_state *)(uintptr_t)state, NULL);
    PL_CHECK(ctx.broker != NULL);
    return ctx;
}

static struct pl_lane_view view_lane(const struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    const struct pl_group_def *def = &ctx->world->streams.groups[group];
    const struct pl_lane *lane = &ctx->lanes[def->lane0 + partition];
    const struct pl_partition *log = pl_broker_partition(ctx, def->stream, partition);
    struct pl_lane_view view = {
        .end = log->end,
        .committed = lane->committed,
        .idle_s = pl_clock_s(ctx->now - lane->commit_ns),
        .owner = lane->owner == 0 ? PL_NONE : lane->owner - 1,
        .failures = lane->failures,
    };
    if (log->end > lane->committed) {
        int64_t t_ns = pl_broker_time_at(ctx, def->stream, log, lane->committed);
        view.oldest_s = pl_clock_s(ctx->now - t_ns);
    }
    return view;
}

struct pl_lane_view pl_model_lane(const struct pl_world *world,
                                  const struct pl_state *state,
                                  uint32_t group,
                                  uint32_t partition)
{
    const struct pl_ctx ctx = reader(world, state);
    PL_CHECK(group < world->streams.group_count);
    PL_CHECK(partition < world->streams.streams[world->streams.groups[group].stream].partitions);
    return view_lane(&ctx, group, partition);
}

struct pl_group_view
pl_model_group(const struct pl_world *world, const struct pl_state *state, uint32_t group)
{
    const struct pl_ctx ctx = reader(world, state);
    PL_CHECK(group < world->streams.group_count);
    const struct pl_group_state *own = &ctx.broker->groups[group];
    uint32_t partitions = world->streams.streams[world->streams.groups[group].stream].partitions;
    double lag = 0.0;
    for (uint32_t p = 0; p < partitions; p++) {
        struct pl_lane_view lane = view_lane(&ctx, group, p);
        lag += (double)(lane.end - lane.committed);
    }
    return (struct pl_group_view){
        .consumed = own->consumed,
        .rebalances = own->rebalances,
        .evictions = own->evictions,
        .lag = lag,
        .dead = own->dead,
        .lost = own->lost,
        .duplicates = own->duplicates,
        .late = world->streams.groups[group].worth > 0.0 ? own->late + pl_group_overdue(&ctx, group)
                                                         : 0.0,
        .members = own->members,
        .rebalancing = own->rebalancing,
    };
}

/* Age of the oldest record of a partition that is on its way to what the group makes visible. */
static double age_of(const struct pl_ctx *ctx, uint32_t group, uint32_t partition)
{
    double oldest = 0.0;
    uint32_t at = group;
    for (uint32_t hop = 0; hop < PL_GROUPS_MAX && at != PL_NONE; hop++) {
        double age = view_lane(ctx, at, partition).oldest_s;
        oldest = age > oldest ? age : oldest;
        at = ctx->world->streams.groups[at].upstream;
    }
    return oldest;
}

double pl_model_freshness(const struct pl_world *world,
                          const struct pl_state *state,
                          uint32_t group,
                          double share)
{
    const struct pl_ctx ctx = reader(world, state);
    double ages[PL_PARTITIONS_MAX];
    double weights[PL_PARTITIONS_MAX];
    uint32_t first = group;
    while (world->streams.groups[first].upstream != PL_NONE) {
        first = world->streams.groups[first].upstream;
    }
    uint32_t stream = world->streams.groups[first].stream;
    uint32_t partitions = world->streams.streams[stream].partitions;
    PL_CHECK(partitions > 0);
    double total = 0.0;
    for (uint32_t p = 0; p < partitions; p++) {
        double age = age_of(&ctx, group, p);
        double weight = pl_broker_partition(&ctx, stream, p)->rate;
        uint32_t at = p;
        for (; at > 0 && ages[at - 1] > age; at--) {
            ages[at] = ages[at - 1];
            weights[at] = weights[at - 1];
        }
        ages[at] = age;
        weights[at] = weight;
        total += weight;
    }
    double sum = 0.0;
    uint32_t at = 0;
    for (; at + 1 < partitions; at++) {
        sum += weights[at];
        if (sum >= share * total) {
            break;
        }
    }
    return ages[at] + pl_ctx_param(&ctx, world->streams.streams[stream].param0 + PL_STREAM_SKEW);
}

uint64_t pl_model_stream_end(const struct pl_world *world,
                             const struct pl_state *state,
                             uint32_t stream,
                             uint32_t partition)
{
    const struct pl_ctx ctx = reader(world, state);
    PL_CHECK(stream < world->streams.stream_count);
    PL_CHECK(partition < world->streams.streams[stream].partitions);
    return pl_broker_partition(&ctx, stream, partition)->end;
}

struct pl_volume_view
pl_model_volume(const struct pl_world *world, const struct pl_state *state, uint32_t volume)
{
    struct pl_ctx ctx = reader(world, state);
    PL_CHECK(volume < world->streams.volume_count);
    /* Brought up to the present in a copy. */
    struct pl_broker copy = *ctx.broker;
    ctx.broker = &copy;
    const struct pl_volume_state *own = pl_volume_touch(&ctx, volume);
    return (struct pl_volume_view){
        .credits_mb = own->credits_mb,
        .moved_mb = own->moved_mb,
        .busy_s = own->busy_ns / 1e9,
    };
}
