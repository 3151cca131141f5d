// SPDX-License-Identifier: Apache-2.0
//
// Defaults and derived tables of streams and groups.
//
// The nameless tenants of a stream are a Zipf population; each belongs to the partition that a hash
// of its number says, as a partitioner does. Only the sum per partition matters to the model.
#include "model/streams.h"

#include "base/fmath.h"
#include "base/random.h"
#include "model/world.h"

#include <string.h>

struct pl_stream pl_stream_default(void)
{
    struct pl_stream stream;
    memset(&stream, 0, sizeof stream);
    stream.partitions = 1;
    stream.chunks = 128;
    stream.volume = PL_NONE;
    stream.side = PL_NONE;
    stream.source = PL_NONE;
    stream.keys = 400;
    stream.zipf = 0.5;
    stream.retention_s = 86400.0;
    stream.cache_s = 600.0;
    stream.record_kb = 1.0;
    stream.read_cost = 1.0;
    stream.batch_mean = 1.0;
    return stream;
}

struct pl_group_def pl_group_default(void)
{
    struct pl_group_def group;
    memset(&group, 0, sizeof group);
    group.stream = PL_NONE;
    group.route = PL_NONE;
    group.upstream = PL_NONE;
    group.max_records = 500.0;
    group.linger_s = 0.5;
    group.poll_interval_s = 300.0;
    group.rebalance_s = 6.0;
    group.retry_s = 2.0;
    group.lost_worth = 1.0;
    group.duplicate_worth = 1.0;
    return group;
}

struct pl_volume pl_volume_default(void)
{
    struct pl_volume volume;
    memset(&volume, 0, sizeof volume);
    volume.baseline_mb = 100.0;
    volume.burst_mb = 100.0;
    return volume;
}

/* Share of the nameless tenants' events that each partition gets, cumulative. */
static void fill_cdf(const struct pl_stream *stream, double *cdf)
{
    double share[PL_PARTITIONS_MAX] = {0.0};
    double total = 0.0;
    uint64_t key = pl_random_mix(stream->keys + UINT64_C(0x6b6579));
    for (uint32_t i = 0; i < stream->keys; i++) {
        double weight = pl_pow((double)(i + 1), -stream->zipf);
        double unit = pl_random_unit(pl_random_bits(key, i));
        uint32_t partition = (uint32_t)(unit * (double)stream->partitions);
        share[partition < stream->partitions ? partition : 0] += weight;
        total += weight;
    }
    double sum = 0.0;
    for (uint32_t i = 0; i < stream->partitions; i++) {
        sum += share[i] / total;
        cdf[i] = sum;
    }
}

static pl_status derive_stream(struct pl_world *world, uint32_t index, pl_error *err)
{
    struct pl_stream *stream = &world->streams.streams[index];
    if (stream->partitions < 1 || stream->partitions > PL_PARTITIONS_MAX || stream->keys < 1 ||
        stream->keys > PL_STREAM_KEYS_MAX || stream->chunks < 16 ||
        stream->chunks > PL_CHUNKS_MAX) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "stream %s needs 1 to %d partitions, 1 to %d keys and 16 to %d chunks.",
                       stream->name,
                       PL_PARTITIONS_MAX,
                       PL_STREAM_KEYS_MAX,
                       PL_CHUNKS_MAX);
    }
    double ratio = stream->batch_p99 / stream->batch_mean;
    if (!(stream->batch_mean >= 1.0) ||
        (stream->batch_p99 > 0.0 && (ratio < 1.0 || ratio > 14.0))) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "stream %s needs records in a batch, and a p99 of 1 to 14 times the mean.",
                       stream->name);
    }
    stream->batch = stream->batch_p99 > 0.0
                        ? pl_law_lognormal(stream->batch_mean, stream->batch_p99)
                        : pl_law_constant(stream->batch_mean);
    fill_cdf(stream, world->streams.partition_cdf[index]);
    return PL_OK;
}

static pl_status derive_group(struct pl_world *world, uint32_t index, pl_error *err)
{
    struct pl_streams *all = &world->streams;
    struct pl_group_def *group = &all->groups[index];
    if (group->stream >= all->stream_count || group->route >= world->route_count ||
        (group->upstream != PL_NONE && group->upstream >= all->group_count)) {
        return pl_fail(
            err, PL_BAD_INPUT, NULL, "group %s needs a stream and a route.", group->name);
    }
    if (group->upstream != PL_NONE &&
        all->streams[all->groups[group->upstream].stream].partitions !=
            all->streams[group->stream].partitions) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "group %s reads a stream with other partitions than its upstream.",
                       group->name);
    }
    group->lane0 = all->lane_count;
    group->member0 = all->member_count;
    all->lane_count += all->streams[group->stream].partitions;
    all->member_count += world->services[world->routes[group->route].service].pods_max;
    return PL_OK;
}

pl_status pl_streams_derive(struct pl_world *world, pl_error *err)
{
    struct pl_streams *all = &world->streams;
    all->lane_count = 0;
    all->member_count = 0;
    for (uint32_t i = 0; i < all->stream_count; i++) {
        pl_status status = derive_stream(world, i, err);
        if (status != PL_OK) {
            return status;
        }
    }
    for (uint32_t i = 0; i < all->group_count; i++) {
        pl_status status = derive_group(world, i, err);
        if (status != PL_OK) {
            return status;
        }
    }
    for (uint32_t i = 0; i < all->volume_count; i++) {
        struct pl_volume *volume = &all->volumes[i];
        volume->credits_max_mb = volume->credits_max_mb > volume->credits_mb
                                     ? volume->credits_max_mb
                                     : volume->credits_mb;
    }
    for (uint32_t i = 0; i < all->tenant_count; i++) {
        if (all->tenants[i].partition >= PL_PARTITIONS_MAX) {
            return pl_fail(err,
                           PL_BAD_INPUT,
                           NULL,
                           "tenant %s has partition %u; less than %d is expected.",
                           all->tenants[i].name,
                           all->tenants[i].partition,
                           PL_PARTITIONS_MAX);
        }
    }
    return PL_OK;
}
