// SPDX-License-Identifier: Apache-2.0
#include "model/keepalive.h"

static const double broken_after_s = 0.05; /* a reset is noticed at the first byte */
static const double youngest = 0.1;        /* a connection lives at least this share of the most */

static double knob(const struct pl_ctx *ctx, uint32_t link, enum pl_link_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->links[link].param0 + (uint32_t)knob);
}

static uint32_t pods_max(const struct pl_world *world, uint32_t link)
{
    return world->services[world->edges[world->links[link].edge].service].pods_max;
}

uint32_t pl_keepalive_slot_count(const struct pl_world *world)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->link_count; i++) {
        count += world->links[i].connections * pods_max(world, i);
    }
    return count;
}

static uint64_t stream_of(const struct pl_ctx *ctx, uint32_t link)
{
    return pl_random_child(pl_random_child(ctx->state->seed, PL_DRAW_HANDSHAKE), link);
}

/* Lifetimes differ, so that pods that began together do not open all connections together. */
static double life_share(uint64_t bits)
{
    return youngest + (1.0 - youngest) * pl_random_unit(bits);
}

void pl_keepalive_start(struct pl_ctx *ctx)
{
    for (uint32_t i = 0; i < ctx->world->link_count; i++) {
        const struct pl_link *def = &ctx->world->links[i];
        uint32_t pod0 = ctx->world->pod0[ctx->world->edges[def->edge].service];
        uint32_t places = def->connections * pods_max(ctx->world, i);
        uint64_t stream = stream_of(ctx, i);
        for (uint32_t n = 0; n < places; n++) {
            struct pl_link_slot *slot = &ctx->link_slots[def->slot0 + n];
            double left = def->lifetime_s * life_share(pl_random_bits(stream, 2 * n)) *
                          pl_random_unit(pl_random_bits(stream, 2 * n + 1));
            slot->expires_ns = ctx->now + pl_clock_ns(left);
            slot->generation = ctx->pods[pod0 + n / def->connections].generation;
        }
    }
}

/*
 * Place of a pod among those of its service. Rollouts replace the oldest first, each by one that
 * takes over its place: so whatever stands behind the pair before stands behind the pair after.
 */
static double place_of(const struct pl_ctx *ctx, uint32_t pod, double *pods)
{
    const struct pl_world *world = ctx->world;
    uint32_t service = ctx->pods[pod].service;
    double wanted = pl_ctx_param(ctx, world->services[service].param0 + PL_SERVICE_PODS);
    uint32_t count = wanted >= 1.0 ? (uint32_t)wanted : 1;
    *pods = (double)count;
    return (double)((ctx->pods[pod].generation + count - 1) % count) + 0.5;
}

/* True when this connection is among those that are refused: the last pods, their last places. */
static bool concerned(const struct pl_ctx *ctx, uint32_t link, uint32_t pod, uint32_t slot)
{
    double slots = (double)ctx->world->links[link].connections;
    if ((double)slot + 0.5 < (1.0 - knob(ctx, link, PL_LINK_REFUSED_CONNECTIONS)) * slots) {
        return false;
    }
    double pods = 0.0;
    double place = place_of(ctx, pod, &pods);
    return place > (1.0 - knob(ctx, link, PL_LINK_REFUSED_PODS)) * pods;
}

static struct pl_keepalive_way
refuse(struct pl_ctx *ctx, uint32_t link, uint32_t caller, double after_s)
{
    uint32_t reason = (uint32_t)(knob(ctx, link, PL_LINK_REASON) + 0.5);
    pl_record_frame_event(ctx,
                          PL_LOG_HANDSHAKE_FAILED,
                          caller,
                          ctx->world->links[link].edge,
                          reason,
                          pl_clock_ns(after_s));
    return (struct pl_keepalive_way){.open = false, .after_s = after_s};
}

struct pl_keepalive_way pl_keepalive_take(struct pl_ctx *ctx, uint32_t frame, uint32_t caller)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t link = ctx->world->link_of[f->edge];
    uint32_t pod = ctx->frames[caller].pod;
    if (link == PL_NONE || pod == PL_NONE) {
        return (struct pl_keepalive_way){.open = true};
    }
    const struct pl_link *def = &ctx->world->links[link];
    uint64_t key = pl_random_child(f->key, PL_DRAW_HANDSHAKE);
    uint32_t place = (uint32_t)(pl_random_bits(key, 0) % def->connections);
    uint32_t position = pod - ctx->world->pod0[ctx->pods[pod].service];
    struct pl_link_slot *slot = &ctx->link_slots[def->slot0 + position * def->connections + place];
    if (slot->expires_ns > ctx->now && slot->generation == ctx->pods[pod].generation) {
        if (pl_random_unit(pl_random_bits(key, 1)) >= knob(ctx, link, PL_LINK_BROKEN)) {
            return (struct pl_keepalive_way){.open = true};
        }
        slot->expires_ns = 0;
        return refuse(ctx, link, caller, broken_after_s);
    }
    if (concerned(ctx, link, pod, place) &&
        pl_random_unit(pl_random_bits(key, 2)) < knob(ctx, link, PL_LINK_REFUSED)) {
        return refuse(ctx, link, caller, knob(ctx, link, PL_LINK_REFUSED_AFTER));
    }
    double life_s = knob(ctx, link, PL_LINK_LIFETIME) * life_share(pl_random_bits(key, 3));
    slot->expires_ns = ctx->now + pl_clock_ns(life_s);
    slot->generation = ctx->pods[pod].generation;
    return (struct pl_keepalive_way){.open = true, .after_s = def->handshake_s};
}

/* Pods of one half get no traffic: 1 the first half, 2 the second. */
static void move_away(struct pl_ctx *ctx, uint32_t link)
{
    const struct pl_world *world = ctx->world;
    uint32_t service = world->edges[world->links[link].edge].service;
    uint32_t away = (uint32_t)(knob(ctx, link, PL_LINK_AWAY) + 0.5);
    for (uint32_t i = 0; i < world->services[service].pods_max; i++) {
        double pods = 0.0;
        double place = place_of(ctx, world->pod0[service] + i, &pods);
        uint32_t half = place < 0.5 * pods ? 1 : 2;
        ctx->pods[world->pod0[service] + i].ejected = away == half ? 1 : 0;
    }
}

void pl_keepalive_changed(struct pl_ctx *ctx, uint32_t link, enum pl_link_knob changed)
{
    const struct pl_link *def = &ctx->world->links[link];
    if (changed == PL_LINK_AWAY) {
        move_away(ctx, link);
    } else if (changed == PL_LINK_RESET && knob(ctx, link, PL_LINK_RESET) > 0.0) {
        for (uint32_t n = 0; n < def->connections * pods_max(ctx->world, link); n++) {
            ctx->link_slots[def->slot0 + n].expires_ns = 0;
        }
    }
}

void pl_keepalive_ready(struct pl_ctx *ctx, uint32_t pod)
{
    for (uint32_t i = 0; i < ctx->world->link_count; i++) {
        if (ctx->world->edges[ctx->world->links[i].edge].service == ctx->pods[pod].service &&
            knob(ctx, i, PL_LINK_AWAY) > 0.5) {
            move_away(ctx, i);
        }
    }
}
