// SPDX-License-Identifier: Apache-2.0
//
// Volumes. One queue, first in first out: a request is done when everything before it is. The
// volume moves `burst` megabytes per second while it has credits and `baseline` without them. What
// is moved beyond the baseline is taken from the credits, what is not used of it is put back. Work
// that is not simulated (`load`: compaction, rebalancing, a neighbour) takes its part first.
//
// The speed of a request is that of the moment when it arrives; credits that run out behind it slow
// down the next one.
#include "model/volume.h"

#include "model/broker.h"

static const double least_share = 0.02; /* of the speed that foreign work always leaves */

static double knob(const struct pl_ctx *ctx, uint32_t volume, enum pl_volume_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->streams.volumes[volume].param0 + (uint32_t)knob);
}

/* Megabytes per second for what is simulated. */
static double speed(const struct pl_ctx *ctx, uint32_t volume)
{
    double all = ctx->broker->volumes[volume].credits_mb > 0.0
                     ? knob(ctx, volume, PL_VOLUME_BURST)
                     : knob(ctx, volume, PL_VOLUME_BASELINE);
    double left = all - knob(ctx, volume, PL_VOLUME_LOAD);
    double least = all * least_share;
    left = left > least ? left : least;
    return left > 1e-3 ? left : 1e-3;
}

struct pl_volume_state *pl_volume_touch(struct pl_ctx *ctx, uint32_t volume)
{
    struct pl_volume_state *state = &ctx->broker->volumes[volume];
    int64_t all_ns = ctx->now - state->touched_ns;
    if (all_ns <= 0) {
        return state;
    }
    int64_t busy_ns = state->free_ns - state->touched_ns;
    busy_ns = busy_ns < 0 ? 0 : (busy_ns > all_ns ? all_ns : busy_ns);
    double load = knob(ctx, volume, PL_VOLUME_LOAD);
    double own = speed(ctx, volume) * pl_clock_s(busy_ns);
    double moved = own + load * pl_clock_s(all_ns);
    double most = ctx->world->streams.volumes[volume].credits_max_mb;
    double credits =
        state->credits_mb + knob(ctx, volume, PL_VOLUME_BASELINE) * pl_clock_s(all_ns) - moved;
    state->credits_mb = credits < 0.0 ? 0.0 : (credits > most ? most : credits);
    state->moved_mb += moved;
    double idle = pl_clock_s(all_ns - busy_ns);
    double all = speed(ctx, volume) + load;
    state->busy_ns += (double)busy_ns + idle * 1e9 * (load < all ? load / all : 1.0);
    state->touched_ns = ctx->now;
    return state;
}

double pl_volume_move(struct pl_ctx *ctx, uint32_t volume, double mb)
{
    struct pl_volume_state *state = pl_volume_touch(ctx, volume);
    int64_t begin = state->free_ns > ctx->now ? state->free_ns : ctx->now;
    state->free_ns = begin + pl_clock_ns(mb / speed(ctx, volume));
    return pl_clock_s(state->free_ns - ctx->now);
}

void pl_volume_changed(struct pl_ctx *ctx, uint32_t volume, enum pl_volume_knob changed)
{
    struct pl_volume_state *state = pl_volume_touch(ctx, volume);
    if (changed == PL_VOLUME_CREDITS) {
        state->credits_mb = knob(ctx, volume, PL_VOLUME_CREDITS);
    }
}
