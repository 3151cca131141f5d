// SPDX-License-Identifier: Apache-2.0
//
// The loop: run what is ready in this moment, then go to the next event.
#include "model/change.h"
#include "model/database.h"
#include "model/edge.h"
#include "model/frame.h"
#include "model/group.h"
#include "model/job.h"
#include "model/service.h"
#include "model/traffic.h"

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
    } else {
        pl_change_fire(ctx);
    }
}

static inline void dispatch(struct pl_ctx *ctx, uint32_t slot)
{
    const struct pl_state *state = ctx->state;
    if (slot - state->slot_pod < state->slot_database - state->slot_pod) {
        uint32_t offset = slot - state->slot_pod;
        pl_service_pod_fire(ctx, offset / PL_POD_SLOTS, offset % PL_POD_SLOTS);
    } else if (slot - state->slot_source < state->slot_job - state->slot_source) {
        pl_traffic_fire(ctx, slot - state->slot_source);
    } else if (slot - state->slot_database < state->slot_deadline - state->slot_database) {
        fire_database(ctx, slot - state->slot_database);
    } else {
        dispatch_other(ctx, slot);
    }
}

/* Handle the earliest event of one tree and all that it makes ready. Its leaf is cleared afterwards
 * unless it was armed again: most are, and then one walk through the tree is enough. */
static inline void fire_entity(struct pl_ctx *ctx)
{
    uint32_t slot = pl_queue_next_slot(ctx->tree);
    ctx->firing = slot;
    dispatch(ctx, slot);
    pl_frame_run_ready(ctx);
    if (ctx->firing == slot) {
        pl_queue_write_next(ctx->tree, ctx->leaf_count, slot, PL_QUEUE_IDLE);
    }
    ctx->firing = PL_NONE;
}

static inline void fire_frame(struct pl_ctx *ctx)
{
    uint32_t frame = pl_queue_next_slot(ctx->frame_tree);
    ctx->firing_frame = frame;
    if (ctx->frames[frame].state == PL_FRAME_SLEEP) { /* the most frequent by far */
        pl_ctx_ready(ctx, frame);
    } else {
        pl_frame_timer(ctx, frame);
    }
    pl_frame_run_ready(ctx);
    if (ctx->firing_frame == frame) {
        pl_queue_write_next(ctx->frame_tree, ctx->frame_leaf_count, frame, PL_QUEUE_IDLE);
    }
    ctx->firing_frame = PL_NONE;
}

void pl_model_run(const struct pl_world *world,
                  struct pl_state *state,
                  struct pl_record *record,
                  int64_t until_ns)
{
    struct pl_ctx ctx;
    PL_CHECK(until_ns >= state->now_ns && until_ns < PL_TIME_MAX);
    /* Keys of what happens until then are smaller: no slot has the highest number. */
    const uint64_t bound = pl_queue_key(PL_QUEUE_SLOTS_MAX - 1, until_ns);
    const uint64_t any_slot = PL_QUEUE_SLOTS_MAX - 1;
    pl_state_context(&ctx, world, state, record);
    for (;;) {
        uint64_t entity = ctx.tree[1];
        uint64_t frame = ctx.frame_tree[1];
        bool entity_first = entity <= (frame | any_slot); /* by their times alone */
        uint64_t next = entity_first ? entity : frame;
        if (next >= bound) {
            break;
        }
        PL_DCHECK((int64_t)(next >> PL_QUEUE_SLOT_BITS) >= ctx.now);
        ctx.now = (int64_t)(next >> PL_QUEUE_SLOT_BITS);
        state->events++;
        if (entity_first) {
            fire_entity(&ctx);
        } else {
            fire_frame(&ctx);
        }
    }
    state->now_ns = until_ns;
}
