// SPDX-License-Identifier: Apache-2.0
//
// The loop: run what is ready in this moment, then go to the next event.
#include "model/change.h"
#include "model/database.h"
#include "model/group.h"
#include "model/job.h"
#include "model/plain.h"

static void fire_database(struct pl_ctx *ctx, uint32_t offset)
{
    uint32_t database = offset / (2 + PL_REPLICAS_MAX);
    uint32_t part = offset % (2 + PL_REPLICAS_MAX);
    if (part == 0) {
        pl_database_fire(ctx, database, PL_NONE);
    } else if (part <= PL_REPLICAS_MAX) {
        pl_database_fire(ctx, database, part - 1);
    } else {
        pl_database_up(ctx, database);
    }
}

static void fire_deadline(struct pl_ctx *ctx, uint32_t offset)
{
    if (offset < ctx->world->edge_count) {
        pl_edge_expire(ctx, offset);
        return;
    }
    uint32_t frame;
    while ((frame = pl_frame_expired(ctx, &ctx->deadlines[offset])) != 0) {
        pl_traffic_left(ctx, frame);
    }
}

/* Events that are rarer than those of traffic, pods and databases. */
static void dispatch_other(struct pl_ctx *ctx, uint32_t slot)
{
    const struct pl_state *state = ctx->state;
    if (slot >= state->slot_deadline) {
        uint32_t lists = ctx->world->edge_count + ctx->world->source_count;
        uint32_t offset = slot - state->slot_deadline;
        if (offset < lists) {
            fire_deadline(ctx, offset);
        } else {
            pl_group_fire(ctx, offset - lists);
        }
    } else if (slot >= state->slot_service) {
        uint32_t offset = slot - state->slot_service;
        pl_service_fire(ctx, offset / PL_SERVICE_SLOTS, offset % PL_SERVICE_SLOTS);
    } else if (slot >= state->slot_job) {
        pl_job_fire(ctx, slot - state->slot_job);
    } else if (slot >= state->slot_source) {
        pl_traffic_fire(ctx, slot - state->slot_source);
    } else {
        pl_change_fire(ctx);
    }
}

/* All events of entities but arrivals and the ends of work on pods. */
__attribute__((noinline)) static void dispatch_rest(struct pl_ctx *ctx, uint32_t slot)
{
    const struct pl_state *state = ctx->state;
    if (slot - state->slot_pod < state->slot_database - state->slot_pod) {
        uint32_t offset = slot - state->slot_pod;
        pl_service_pod_fire(ctx, offset / PL_POD_SLOTS, offset % PL_POD_SLOTS);
    } else if (slot - state->slot_database < state->slot_deadline - state->slot_database) {
        fire_database(ctx, slot - state->slot_database);
    } else {
        dispatch_other(ctx, slot);
    }
}

/* Which way requests go: what is plain at once, or everything through the general functions. */
enum way { WAY_PLAIN, WAY_GENERAL };

/* Let a frame run that can, if there is one. */
PL_PLAIN_INLINE void go(struct pl_ctx *ctx, uint32_t frame, enum way way)
{
    if (way == WAY_PLAIN) {
        pl_plain_go(ctx, frame);
    } else if (frame != 0) {
        pl_ctx_ready(ctx, frame);
    }
}

/* Handle the earliest event of one tree and all that it makes ready. Its leaf is cleared afterwards
 * unless it was armed again: most are, and then one walk through the tree is enough. */
PL_PLAIN_INLINE void fire_entity(struct pl_ctx *ctx, enum way way)
{
    uint32_t slot = pl_queue_next_slot(ctx->tree);
    struct pl_slot what = ctx->slots[slot];
    uint32_t frame = 0;
    ctx->firing = slot;
    if (what.kind == PL_SLOT_CPU) {
        frame = pl_plain_cpu(ctx, what.entity);
    } else if (what.kind == PL_SLOT_SOURCE && way == WAY_PLAIN) {
        frame = pl_plain_source(ctx, what.entity);
    } else {
        dispatch_rest(ctx, slot);
    }
    go(ctx, frame, way);
    if (ctx->ready_head != ctx->ready_tail) {
        pl_frame_run_ready(ctx);
    }
    if (ctx->firing == slot) {
        pl_ctx_write_next(ctx, slot, PL_QUEUE_IDLE);
    }
    ctx->firing = PL_NONE;
}

PL_PLAIN_INLINE void fire_frame(struct pl_ctx *ctx, enum way way)
{
    uint32_t frame = pl_queue_next_slot(ctx->frame_tree);
    ctx->firing_frame = frame;
    if (ctx->frames[frame].state == PL_FRAME_SLEEP) { /* the most frequent by far */
        go(ctx, frame, way);
    } else {
        pl_frame_timer(ctx, frame);
    }
    pl_frame_run_ready(ctx);
    if (ctx->firing_frame == frame) {
        pl_queue_write_next(ctx->frame_tree, ctx->frame_leaf_count, frame, PL_QUEUE_IDLE);
    }
    ctx->firing_frame = PL_NONE;
}

PL_PLAIN_INLINE void run(struct pl_ctx *ctx, int64_t until_ns, enum way way)
{
    struct pl_state *state = ctx->state;
    PL_CHECK(until_ns >= state->now_ns && until_ns < PL_TIME_MAX);
    /* Keys of what happens until then are smaller: no slot has the highest number. */
    const uint64_t bound = pl_queue_key(PL_QUEUE_SLOTS_MAX - 1, until_ns);
    const uint64_t any_slot = PL_QUEUE_SLOTS_MAX - 1;
    for (;;) {
        uint64_t entity = ctx->tree[1];
        uint64_t frame = ctx->frame_tree[1];
        bool entity_first = entity <= (frame | any_slot); /* by their times alone */
        uint64_t next = entity_first ? entity : frame;
        if (next >= bound) {
            break;
        }
        PL_DCHECK((int64_t)(next >> PL_QUEUE_SLOT_BITS) >= ctx->now);
        ctx->now = (int64_t)(next >> PL_QUEUE_SLOT_BITS);
        state->events++;
        if (entity_first) {
            fire_entity(ctx, way);
        } else {
            fire_frame(ctx, way);
        }
    }
    state->now_ns = until_ns;
}

void pl_model_run(const struct pl_world *world,
                  struct pl_state *state,
                  struct pl_record *record,
                  int64_t until_ns)
{
    struct pl_ctx ctx;
    pl_state_context(&ctx, world, state, record);
    run(&ctx, until_ns, WAY_PLAIN);
}

void pl_plain_run_general(const struct pl_world *world,
                          struct pl_state *state,
                          struct pl_record *record,
                          int64_t until_ns)
{
    struct pl_ctx ctx;
    pl_state_context(&ctx, world, state, record);
    run(&ctx, until_ns, WAY_GENERAL);
}
