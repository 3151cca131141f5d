// SPDX-License-Identifier: Apache-2.0
//
// The loop: run what is ready in this moment, then go to the next event.
#include "model/change.h"
#include "model/database.h"
#include "model/group.h"
#include "model/job.h"
#include "model/plain.h"
#include "model/vendor.h"

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

/* All events of entities but arrivals and the ends of work. */
__attribute__((noinline)) static void dispatch_rest(struct pl_ctx *ctx, uint32_t slot)
{
    const struct pl_state *state = ctx->state;
    pl_ctx_write(ctx, slot, PL_QUEUE_IDLE); /* it has happened */
    if (slot - state->slot_pod < state->slot_database - state->slot_pod) {
        uint32_t offset = slot - state->slot_pod;
        pl_service_pod_fire(ctx, offset / PL_POD_SLOTS, offset % PL_POD_SLOTS);
    } else if (slot - state->slot_database < state->slot_deadline - state->slot_database) {
        pl_database_up(ctx, (slot - state->slot_database) / (2 + PL_REPLICAS_MAX));
    } else {
        dispatch_other(ctx, slot);
    }
}

/* Which way requests go: what is plain at once, or everything through the general functions. */
enum way { WAY_PLAIN, WAY_GENERAL };

/* Let a frame run that can, if there is one, on the plain way. The one that is to go on, 0: none.
 */
PL_HOT_INLINE uint32_t go(struct pl_ctx *ctx, uint32_t frame, bool through, enum way way)
{
    return way == WAY_PLAIN ? pl_plain_go(ctx, frame, through) : frame;
}

PL_HOT_INLINE uint32_t fire_source(struct pl_ctx *ctx, uint32_t source, enum way way)
{
    if (way == WAY_PLAIN) {
        return go(ctx, pl_plain_source(ctx, source), false, way);
    }
    pl_traffic_fire(ctx, source);
    return 0;
}

/* Handle an event of a slot of an entity. The frame that is to go on because of it, 0: none. */
PL_HOT_INLINE uint32_t fire_entity(struct pl_ctx *ctx, uint32_t slot, enum way way)
{
    struct pl_slot what = ctx->slots[slot];
    if (what.kind == PL_SLOT_REST) {
        dispatch_rest(ctx, slot);
        return 0;
    }
    pl_queue_put(ctx->tree, ctx->leaf_count, what.leaf, PL_QUEUE_IDLE);
    if (what.kind == PL_SLOT_CPU) {
        bool through = false;
        uint32_t frame = pl_plain_cpu(ctx, what.entity, way == WAY_PLAIN ? &through : NULL);
        return go(ctx, frame, through, way);
    }
    if (what.kind == PL_SLOT_SOURCE) {
        return fire_source(ctx, what.entity, way);
    }
    pl_database_fire(ctx, what.entity);
    return 0;
}

/* The timer of a frame fires. The frame that is to go on because of it, 0: none. */
PL_HOT_INLINE uint32_t fire_timer(struct pl_ctx *ctx, uint32_t frame, enum way way)
{
    uint32_t state = ctx->frames[frame].state;
    pl_queue_put(ctx->frame_tree, ctx->frame_leaf_count, frame, PL_QUEUE_IDLE);
    if (state == PL_FRAME_SLEEP) { /* the most frequent by far */
        return go(ctx, frame, false, way);
    }
    if (state == PL_FRAME_VENDOR) {
        pl_vendor_done(ctx, frame);
    } else if (state == PL_FRAME_DISK) {
        pl_database_disk_done(ctx, frame);
    } else {
        pl_frame_timer(ctx, frame);
    }
    return 0;
}

/* Time goes to the event of this key. */
PL_HOT_INLINE void begin_moment(struct pl_ctx *ctx, uint64_t key)
{
    PL_DCHECK((int64_t)(key >> PL_QUEUE_SLOT_BITS) >= ctx->now);
    ctx->now = (int64_t)(key >> PL_QUEUE_SLOT_BITS);
    ctx->state->events++;
}

/* Run who became able to: this frame, if it is one, or those in the queue. */
PL_HOT_INLINE void end_moment(struct pl_ctx *ctx, uint32_t frame)
{
    if (frame != 0) {
        pl_frame_run_from(ctx, frame);
    } else if (ctx->ready_head != ctx->ready_tail) {
        pl_frame_run_ready(ctx);
    }
}

PL_HOT_INLINE void run(struct pl_ctx *ctx, int64_t until_ns, enum way way)
{
    PL_CHECK(until_ns >= ctx->now && until_ns < PL_TIME_MAX);
    /* Keys of what happens until then are smaller: no slot has the highest number. */
    const uint64_t bound = pl_queue_key(PL_QUEUE_SLOTS_MAX - 1, until_ns);
    const uint64_t any_slot = PL_QUEUE_SLOTS_MAX - 1;
    for (;;) {
        uint64_t entity = pl_queue_first(ctx->tree);
        uint64_t frame = pl_queue_first(ctx->frame_tree);
        if (entity <= (frame | any_slot)) { /* by their times alone */
            if (entity >= bound) {
                break;
            }
            begin_moment(ctx, entity);
            end_moment(ctx, fire_entity(ctx, (uint32_t)(entity & any_slot), way));
            continue;
        }
        if (frame >= bound) {
            break;
        }
        begin_moment(ctx, frame);
        end_moment(ctx, fire_timer(ctx, (uint32_t)(frame & any_slot), way));
    }
    ctx->state->now_ns = until_ns;
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
