// SPDX-License-Identifier: Apache-2.0
//
// Third parties: a latency law, errors, and a quota as a token bucket of one second.
#include "model/vendor.h"

#include "model/edge.h"
#include "model/effect.h"
#include "model/frame.h"
#include "model/keepalive.h"

static const double refusal_s = 0.02; /* a 429 comes back fast */

static double knob(const struct pl_ctx *ctx, uint32_t vendor, enum pl_vendor_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->vendors[vendor].param0 + (uint32_t)knob);
}

/* Take a token; refills at `quota` per second, holds one second's worth. */
static bool within_quota(struct pl_ctx *ctx, uint32_t vendor)
{
    struct pl_vendor_state *state = &ctx->vendors[vendor];
    double quota = knob(ctx, vendor, PL_VENDOR_QUOTA);
    if (!(quota > 0.0)) {
        return true;
    }
    double tokens = state->tokens + quota * pl_clock_s(ctx->now - state->refilled_ns);
    state->tokens = tokens < quota ? tokens : quota;
    state->refilled_ns = ctx->now;
    if (state->tokens < 1.0) {
        return false;
    }
    state->tokens -= 1.0;
    return true;
}

/*
 * The call's connection and what it does at the vendor, for worlds with links or effects.
 *
 * @return seconds that the connection adds; negative: it could not be opened, the call ends
 */
static double reach(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t caller = f->parent;
    if (caller == 0) {
        return 0.0; /* its caller gave up before it arrived */
    }
    if (ctx->world->link_count > 0) {
        struct pl_keepalive_way way = pl_keepalive_take(ctx, frame, caller);
        if (!way.open) {
            f->code = PL_CODE_UNAVAILABLE;
            pl_ctx_timer(ctx, frame, pl_clock_ns(way.after_s));
            return -1.0;
        }
        return way.after_s;
    }
    return 0.0;
}

void pl_vendor_arrive(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    const struct pl_vendor *def = &ctx->world->vendors[f->vendor];
    struct pl_vendor_state *state = &ctx->vendors[f->vendor];
    uint64_t key = pl_random_child(f->key, PL_DRAW_VENDOR);
    f->since_ns = ctx->now;
    f->state = PL_FRAME_VENDOR;
    f->code = PL_CODE_OK;
    pl_meter_enter(&state->meter, ctx->now);
    double before = ctx->state->extras != 0 ? reach(ctx, frame) : 0.0;
    if (before < 0.0) {
        return;
    }
    if (!within_quota(ctx, f->vendor)) {
        state->meter.refused++;
        f->code = PL_CODE_LIMITED;
        pl_record_event(ctx, PL_LOG_VENDOR_LIMITED, PL_NONE, f->vendor, 0, 0);
        pl_ctx_timer(ctx, frame, pl_clock_ns(refusal_s));
        return;
    }
    double seconds = pl_law_draw(&def->latency, pl_random_bits(key, 0));
    if (pl_random_unit(pl_random_bits(key, 1)) < knob(ctx, f->vendor, PL_VENDOR_SLOW_SHARE)) {
        seconds *= knob(ctx, f->vendor, PL_VENDOR_LATENCY);
    }
    double errors = knob(ctx, f->vendor, PL_VENDOR_ERROR_RATE);
    errors += f->parent != 0 ? pl_frame_knob(ctx, f->parent, PL_STEP_ERROR) : 0.0;
    if (pl_random_unit(pl_random_bits(key, 2)) < errors) {
        f->code = PL_CODE_ERROR;
    } else if (ctx->world->effect_count > 0 && f->parent != 0) {
        pl_effect_at_vendor(ctx, frame, f->parent);
    }
    pl_ctx_timer(ctx, frame, pl_clock_ns(before + seconds));
}

void pl_vendor_done(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    pl_meter_leave(&ctx->vendors[f->vendor].meter, ctx->now, f->since_ns);
    if (f->parent != 0) {
        pl_edge_answer(ctx, frame, (enum pl_code)f->code);
    }
    pl_frame_free(ctx, frame);
}
