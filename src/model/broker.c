// SPDX-License-Identifier: Apache-2.0
//
// Partitions as short logs of chunks, and how producers fill them.
//
// A chunk covers a second. When a reader falls behind and the ring fills, chunks cover more: the
// age of a record is then known to ten seconds or two minutes, which is little against the lag.
#include "model/broker.h"

#include "model/frame.h"
#include "model/group.h"
#include "model/volume.h"

#include "base/fmath.h"

static const int64_t piece_short_ns = 1 * PL_NS_PER_S;
static const int64_t piece_middle_ns = 10 * PL_NS_PER_S;
static const int64_t piece_long_ns = 120 * PL_NS_PER_S;
static const double rate_memory_s = 60.0;

enum { BLOCK_ALIGN = 16 };

static uint64_t rounded(uint64_t size)
{
    return (size + BLOCK_ALIGN - 1) / BLOCK_ALIGN * BLOCK_ALIGN;
}

static uint64_t chunk_count(const struct pl_world *world)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < world->streams.stream_count; i++) {
        count += (uint64_t)world->streams.streams[i].partitions * world->streams.streams[i].chunks;
    }
    return count;
}

uint64_t pl_broker_size(const struct pl_world *world)
{
    const struct pl_streams *all = &world->streams;
    if (all->stream_count == 0 && all->volume_count == 0) {
        return 0;
    }
    return rounded(sizeof(struct pl_broker)) +
           rounded((uint64_t)all->stream_count * PL_PARTITIONS_MAX * sizeof(struct pl_partition)) +
           rounded(all->lane_count * sizeof(struct pl_lane)) +
           rounded(all->member_count * sizeof(struct pl_member)) +
           rounded(chunk_count(world) * sizeof(struct pl_chunk));
}

void pl_broker_context(struct pl_ctx *ctx, void *block)
{
    const struct pl_streams *all = &ctx->world->streams;
    char *at = block;
    ctx->broker = (void *)at;
    at += rounded(sizeof(struct pl_broker));
    ctx->partitions = (void *)at;
    at += rounded((uint64_t)all->stream_count * PL_PARTITIONS_MAX * sizeof(struct pl_partition));
    ctx->lanes = (void *)at;
    at += rounded(all->lane_count * sizeof(struct pl_lane));
    ctx->members = (void *)at;
    at += rounded(all->member_count * sizeof(struct pl_member));
    ctx->chunks = (void *)at;
}

void pl_broker_start(struct pl_ctx *ctx)
{
    const struct pl_streams *all = &ctx->world->streams;
    uint32_t chunk = 0;
    for (uint32_t s = 0; s < all->stream_count; s++) {
        for (uint32_t p = 0; p < all->streams[s].partitions; p++) {
            pl_broker_partition(ctx, s, p)->chunk0 = chunk;
            chunk += all->streams[s].chunks;
        }
    }
    for (uint32_t v = 0; v < all->volume_count; v++) {
        ctx->broker->volumes[v].credits_mb = all->volumes[v].credits_mb;
    }
    for (uint32_t g = 0; g < all->group_count; g++) {
        pl_group_start(ctx, g);
    }
}

/* ---- Chunks ---------------------------------------------------------------------------------- */

/* Chunk number i from the oldest. */
static struct pl_chunk *chunk_at(const struct pl_ctx *ctx,
                                 uint32_t stream,
                                 const struct pl_partition *partition,
                                 uint32_t i)
{
    uint32_t room = ctx->world->streams.streams[stream].chunks;
    return &ctx->chunks[partition->chunk0 + (partition->head + i) % room];
}

/* How long a chunk may be: the fuller the ring, the longer. */
static int64_t piece_ns(uint32_t count, uint32_t room)
{
    if (count * 2 < room) {
        return piece_short_ns;
    }
    return count * 4 < room * 3 ? piece_middle_ns : piece_long_ns;
}

static void count_rate(const struct pl_ctx *ctx, struct pl_partition *partition, uint32_t records)
{
    double dt = pl_clock_s(ctx->now - partition->rate_ns);
    partition->rate =
        partition->rate * pl_exp(-dt / rate_memory_s) + (double)records / rate_memory_s;
    partition->rate_ns = ctx->now;
}

void pl_broker_append(struct pl_ctx *ctx,
                      uint32_t stream,
                      uint32_t partition,
                      uint32_t records,
                      uint32_t live,
                      int64_t t_ns)
{
    uint32_t room = ctx->world->streams.streams[stream].chunks;
    struct pl_partition *p = pl_broker_partition(ctx, stream, partition);
    pl_broker_trim(ctx, stream, partition);
    bool fresh =
        p->count == 0 || (p->count < room && ctx->now - p->piece_ns >= piece_ns(p->count, room));
    if (fresh) {
        p->count++;
        p->piece_ns = ctx->now;
        *chunk_at(ctx, stream, p, p->count - 1) = (struct pl_chunk){t_ns, p->end, p->live};
    }
    struct pl_chunk *last = chunk_at(ctx, stream, p, p->count - 1);
    uint64_t before = p->count > 1 ? chunk_at(ctx, stream, p, p->count - 2)->end : p->begin;
    double part = (double)records / (double)(last->end - before + records);
    last->t_ns += (int64_t)((double)(t_ns - last->t_ns) * part);
    p->end += records;
    p->live += live;
    last->end = p->end;
    last->live = p->live;
    count_rate(ctx, p, records);
    ctx->broker->published[stream] += records;
    pl_group_published(ctx, stream, partition);
}

/* Offset up to which all groups of the stream have read; the end when nobody reads. */
static uint64_t read_by_all(const struct pl_ctx *ctx, uint32_t stream, uint32_t partition)
{
    uint64_t least = pl_broker_partition(ctx, stream, partition)->end;
    for (uint32_t g = 0; g < ctx->world->streams.group_count; g++) {
        const struct pl_group_def *group = &ctx->world->streams.groups[g];
        if (group->stream == stream) {
            uint64_t committed = ctx->lanes[group->lane0 + partition].committed;
            least = committed < least ? committed : least;
        }
    }
    return least;
}

/* The oldest chunk is deleted: readers that have not come so far lose it. */
static void drop_oldest(struct pl_ctx *ctx, uint32_t stream, uint32_t partition)
{
    struct pl_partition *p = pl_broker_partition(ctx, stream, partition);
    const struct pl_chunk oldest = *chunk_at(ctx, stream, p, 0);
    for (uint32_t g = 0; g < ctx->world->streams.group_count; g++) {
        const struct pl_group_def *group = &ctx->world->streams.groups[g];
        struct pl_lane *lane = &ctx->lanes[group->lane0 + partition];
        if (group->stream == stream && lane->committed < oldest.end) {
            ctx->broker->groups[g].lost +=
                (double)oldest.live - pl_broker_live_before(ctx, stream, p, lane->committed);
            lane->committed = oldest.end;
        }
    }
    uint32_t room = ctx->world->streams.streams[stream].chunks;
    p->begin = oldest.end;
    p->begin_live = oldest.live;
    p->head = (p->head + 1) % room;
    p->count--;
}

void pl_broker_trim(struct pl_ctx *ctx, uint32_t stream, uint32_t partition)
{
    struct pl_partition *p = pl_broker_partition(ctx, stream, partition);
    const struct pl_stream *def = &ctx->world->streams.streams[stream];
    int64_t kept_ns = pl_clock_ns(pl_ctx_param(ctx, def->param0 + PL_STREAM_RETENTION));
    uint64_t read = read_by_all(ctx, stream, partition);
    while (p->count > 1) {
        const struct pl_chunk *oldest = chunk_at(ctx, stream, p, 0);
        if (oldest->end > read && ctx->now - oldest->t_ns <= kept_ns) {
            break;
        }
        drop_oldest(ctx, stream, partition);
    }
}

/* First chunk whose end lies behind the offset. */
static uint32_t find(const struct pl_ctx *ctx,
                     uint32_t stream,
                     const struct pl_partition *partition,
                     uint64_t offset)
{
    uint32_t low = 0;
    uint32_t high = partition->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (chunk_at(ctx, stream, partition, middle)->end > offset) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

int64_t pl_broker_time_at(const struct pl_ctx *ctx,
                          uint32_t stream,
                          const struct pl_partition *partition,
                          uint64_t offset)
{
    uint32_t i = find(ctx, stream, partition, offset);
    PL_CHECK(i < partition->count);
    return chunk_at(ctx, stream, partition, i)->t_ns;
}

double pl_broker_live_before(const struct pl_ctx *ctx,
                             uint32_t stream,
                             const struct pl_partition *partition,
                             uint64_t offset)
{
    uint32_t i = find(ctx, stream, partition, offset);
    if (i == partition->count) {
        return (double)partition->live;
    }
    const struct pl_chunk *chunk = chunk_at(ctx, stream, partition, i);
    uint64_t begin = partition->begin;
    uint64_t live = partition->begin_live;
    if (i > 0) {
        begin = chunk_at(ctx, stream, partition, i - 1)->end;
        live = chunk_at(ctx, stream, partition, i - 1)->live;
    }
    double part = (double)(offset - begin) / (double)(chunk->end - begin);
    return (double)live + (double)(chunk->live - live) * part;
}

uint64_t pl_broker_offset_after(const struct pl_ctx *ctx,
                                uint32_t stream,
                                const struct pl_partition *partition,
                                int64_t t_ns)
{
    uint32_t low = 0;
    uint32_t high = partition->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (chunk_at(ctx, stream, partition, middle)->t_ns > t_ns) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low == 0 ? partition->begin : chunk_at(ctx, stream, partition, low - 1)->end;
}

/* ---- Producers ------------------------------------------------------------------------------- */

static double tenant_knob(const struct pl_ctx *ctx, uint32_t tenant, enum pl_tenant_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->streams.tenants[tenant].param0 + (uint32_t)knob);
}

/* The tenant that sends a request, PL_NONE: one without a name. */
static uint32_t draw_tenant(const struct pl_ctx *ctx, uint64_t bits)
{
    const struct pl_streams *all = &ctx->world->streams;
    double rest = 1.0;
    double total = 0.0;
    for (uint32_t i = 0; i < all->tenant_count; i++) {
        rest -= all->tenants[i].share;
        total += all->tenants[i].share * tenant_knob(ctx, i, PL_TENANT_WEIGHT);
    }
    double unit = pl_random_unit(bits) * (total + rest);
    for (uint32_t i = 0; i < all->tenant_count; i++) {
        double share = all->tenants[i].share * tenant_knob(ctx, i, PL_TENANT_WEIGHT);
        if (unit < share) {
            return i;
        }
        unit -= share;
    }
    return PL_NONE;
}

static uint32_t draw_partition(const struct pl_ctx *ctx, uint32_t stream, uint64_t bits)
{
    const double *cdf = ctx->world->streams.partition_cdf[stream];
    double unit = pl_random_unit(bits);
    uint32_t p = 0;
    while (p + 1 < ctx->world->streams.streams[stream].partitions && unit >= cdf[p]) {
        p++;
    }
    return p;
}

/* Does the limit of a tenant's imports let these records in? */
static bool lets_in(struct pl_ctx *ctx, uint32_t tenant, uint32_t records)
{
    struct pl_broker *broker = ctx->broker;
    double limit = tenant_knob(ctx, tenant, PL_TENANT_IMPORT_LIMIT);
    if (!(limit > 0.0)) {
        return true;
    }
    double most = 2.0 * limit > records ? 2.0 * limit : (double)records;
    double tokens =
        broker->tokens[tenant] + limit * pl_clock_s(ctx->now - broker->refill_ns[tenant]);
    tokens = tokens < most ? tokens : most;
    broker->refill_ns[tenant] = ctx->now;
    broker->tokens[tenant] = tokens;
    if (tokens < (double)records) {
        return false;
    }
    broker->tokens[tenant] -= (double)records;
    return true;
}

/* Where a producer's request goes. */
struct goal {
    uint32_t stream;
    uint32_t partition;
    uint32_t records;
    uint32_t live;
};

static bool choose(struct pl_ctx *ctx, uint32_t frame, struct goal *goal)
{
    const struct pl_step *step = pl_frame_step(ctx, frame);
    uint32_t stream = step->target - PL_TOPICS_MAX;
    const struct pl_stream *def = &ctx->world->streams.streams[stream];
    uint32_t tenant = step->tenant;
    bool import = tenant != PL_NONE;
    if (!import) {
        tenant = draw_tenant(ctx, pl_frame_draw(ctx, frame, 2));
    }
    double records = pl_law_draw(&def->batch, pl_frame_draw(ctx, frame, 3)) *
                     pl_frame_knob(ctx, frame, PL_STEP_FACTOR);
    goal->records = records < 1.0 ? 1 : (records > 60000.0 ? 60000 : (uint32_t)(records + 0.5));
    goal->live = import ? 0 : goal->records;
    if (import && !lets_in(ctx, tenant, goal->records)) {
        ctx->broker->dropped[stream] += goal->records;
        return false;
    }
    if (import && def->side != PL_NONE && tenant_knob(ctx, tenant, PL_TENANT_SIDE) > 0.5) {
        stream = def->side;
    }
    goal->stream = stream;
    goal->partition = tenant == PL_NONE ? draw_partition(ctx, stream, pl_frame_draw(ctx, frame, 4))
                                        : ctx->world->streams.tenants[tenant].partition %
                                              ctx->world->streams.streams[stream].partitions;
    return true;
}

enum pl_code pl_broker_publish(struct pl_ctx *ctx, uint32_t frame, double *wait_s)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    struct goal goal = {0};
    int64_t t_ns = ctx->now;
    *wait_s = 0.0;
    if (f->flags & PL_FRAME_BATCH) {
        goal.stream = pl_frame_step(ctx, frame)->target - PL_TOPICS_MAX;
        if (!pl_group_output(ctx, frame, &goal.records, &goal.live, &goal.partition)) {
            return PL_CODE_ERROR;
        }
        goal.partition %= ctx->world->streams.streams[goal.stream].partitions;
        t_ns = f->first_ns;
    } else if (!choose(ctx, frame, &goal)) {
        return PL_CODE_LIMITED;
    }
    const struct pl_stream *def = &ctx->world->streams.streams[goal.stream];
    if (def->volume != PL_NONE) {
        *wait_s = pl_volume_move(ctx, def->volume, (double)goal.records * def->record_kb / 1024.0);
    }
    if (goal.records > 0) {
        pl_broker_append(ctx, goal.stream, goal.partition, goal.records, goal.live, t_ns);
    }
    return PL_CODE_OK;
}
