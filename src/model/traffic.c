// SPDX-License-Identifier: Apache-2.0
//
// Users. Open-loop arrivals come from a unit-rate stream through the integrated rate (inversion of
// the cumulative intensity), so that a change of the rate moves arrivals but never redraws them.
// The n-th arrival's request has key child(child(seed, source), n): the same in every fork.
#include "model/traffic.h"

#include "base/fmath.h"
#include "model/backlog.h"
#include "model/effect.h"
#include "model/frame.h"
#include "model/service.h"

static const int64_t segment_ns = PL_NS_PER_S; /* pieces of constant rate under a shape */
static const double day_s = 86400.0;

uint64_t pl_traffic_key(uint64_t seed, uint32_t source)
{
    return pl_random_child(pl_random_child(seed, PL_DRAW_SOURCE), source);
}

static double knob(const struct pl_ctx *ctx, uint32_t source, enum pl_source_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->sources[source].param0 + (uint32_t)knob);
}

/* Factor of the shape at a time of day; linear between points, periodic over a day. */
static double shape_at(const struct pl_source *source, double tod_s)
{
    uint32_t n = source->shape_count;
    if (n == 0) {
        return 1.0;
    }
    while (tod_s >= day_s) {
        tod_s -= day_s;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (tod_s < source->shape_time_s[i]) {
            uint32_t before = i == 0 ? n - 1 : i - 1;
            double t0 = source->shape_time_s[before] - (i == 0 ? day_s : 0.0);
            double t1 = source->shape_time_s[i];
            double part = t1 > t0 ? (tod_s - t0) / (t1 - t0) : 0.0;
            return source->shape_factor[before] +
                   (source->shape_factor[i] - source->shape_factor[before]) * part;
        }
    }
    double t0 = source->shape_time_s[n - 1];
    double t1 = source->shape_time_s[0] + day_s;
    double part = t1 > t0 ? (tod_s - t0) / (t1 - t0) : 0.0;
    return source->shape_factor[n - 1] +
           (source->shape_factor[0] - source->shape_factor[n - 1]) * part;
}

static void keep_turn(struct pl_source_state *state)
{
    state->turn_ns = state->burst_ns < state->segment_ns ? state->burst_ns : state->segment_ns;
}

/* Set the rate for the piece that begins now. */
static void set_rate(struct pl_ctx *ctx, uint32_t source)
{
    const struct pl_source *def = &ctx->world->sources[source];
    struct pl_source_state *state = &ctx->sources[source];
    double rate = def->rate * knob(ctx, source, PL_SOURCE_RATE);
    if (def->shape_count > 0) {
        rate *= shape_at(def, ctx->world->start_clock_s + pl_clock_s(ctx->now));
        state->segment_ns = (ctx->now / segment_ns + 1) * segment_ns;
    } else {
        state->segment_ns = INT64_MAX;
    }
    if (state->burst) {
        rate *= knob(ctx, source, PL_SOURCE_BURST);
    }
    state->rate = rate;
    keep_turn(state);
}

/* Use up hazard for the time since the last look. */
static inline void elapse(const struct pl_ctx *ctx, struct pl_source_state *state)
{
    state->hazard = pl_traffic_hazard(state, ctx->now);
    state->last_ns = ctx->now;
}

/* Schedule the source's next event, and foresee what it brings. */
static void arm(struct pl_ctx *ctx, uint32_t source)
{
    const struct pl_source_state *state = &ctx->sources[source];
    int64_t next_ns = pl_traffic_due(state, state->hazard, ctx->now);
    pl_ctx_schedule(ctx, ctx->state->slot_source + source, next_ns);
    pl_traffic_foresee(&ctx->world->sources[source], state, &ctx->forecasts[source], next_ns);
}

static void draw_burst(struct pl_ctx *ctx, uint32_t source)
{
    const struct pl_source *def = &ctx->world->sources[source];
    struct pl_source_state *state = &ctx->sources[source];
    uint64_t key = pl_random_child(ctx->sources[source].key, PL_DRAW_BURST);
    double mean = state->burst ? def->burst_high_s : def->burst_low_s;
    state->burst_ns =
        ctx->now + pl_clock_ns(mean * pl_random_exp(pl_random_bits(key, state->burst_count)));
    state->burst_count++;
}

uint32_t pl_traffic_mix(const struct pl_source *def, uint64_t key)
{
    double unit = pl_random_unit(pl_random_bits(key, PL_DRAW_MIX));
    uint32_t mix = 0;
    uint32_t beyond = 1; /* the draw lies beyond all entries so far */
    for (uint32_t i = 0; i + 1 < def->mix_count; i++) {
        /* Nobody can guess the entry, so all are looked at without a branch. */
        beyond &= unit >= def->mix_share[i] ? 1 : 0;
        unit -= def->mix_share[i] * (double)(int32_t)beyond;
        mix += beyond;
    }
    return mix;
}

/* Send the request of a user. */
static inline void send(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t source = f->source;
    if (pl_ctx_observed(ctx)) {
        ctx->record->sources[source].offered += f->attempt == 0 ? 1 : 0;
        ctx->record->sources[source].retried += f->attempt == 0 ? 0 : 1;
    }
    pl_traffic_be_patient(ctx, frame, &ctx->world->sources[source]);
    pl_service_arrive(ctx, frame);
}

void pl_traffic_send(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    f->start_ns = ctx->now;
    if (f->attempt == 0) {
        f->first_ns = ctx->now;
    }
    send(ctx, frame);
}

/* A request of a user: choose what and send it. */
static inline void new_request(struct pl_ctx *ctx, uint32_t source, uint64_t key)
{
    const struct pl_source *def = &ctx->world->sources[source];
    struct pl_source_state *state = &ctx->sources[source];
    uint32_t id = pl_frame_new(ctx, key, pl_random_mix(key));
    if (id == 0) {
        state->failed++;
        return;
    }
    struct pl_frame *f = pl_frame_of(ctx, id);
    uint32_t mix = def->mix_count > 1 ? pl_traffic_mix(def, key) : 0;
    f->source = source;
    f->mix = (uint16_t)mix;
    pl_frame_walk(ctx, f, def->mix_route[mix]);
    state->in_flight++;
    send(ctx, id);
}

void pl_traffic_fire(struct pl_ctx *ctx, uint32_t source)
{
    const struct pl_source *def = &ctx->world->sources[source];
    struct pl_source_state *state = &ctx->sources[source];
    elapse(ctx, state);
    if (ctx->now >= state->burst_ns) {
        state->burst ^= 1u;
        draw_burst(ctx, source);
        set_rate(ctx, source);
    }
    if (ctx->now >= state->segment_ns) {
        set_rate(ctx, source);
    }
    if (pl_traffic_arrives(state, state->hazard)) {
        state->hazard = pl_traffic_after(def, state, state->hazard);
        uint64_t key = pl_traffic_next(state, ctx->now);
        arm(ctx, source);
        new_request(ctx, source, key);
        return;
    }
    arm(ctx, source);
}

void pl_traffic_changed(struct pl_ctx *ctx, uint32_t source)
{
    if (ctx->world->sources[source].arrivals == PL_ARRIVALS_CLOSED) {
        return;
    }
    elapse(ctx, &ctx->sources[source]);
    set_rate(ctx, source);
    arm(ctx, source);
}

void pl_traffic_think(struct pl_ctx *ctx, uint32_t source, uint64_t user)
{
    const struct pl_source *def = &ctx->world->sources[source];
    struct pl_source_state *state = &ctx->sources[source];
    uint64_t key =
        pl_random_child(pl_random_child(ctx->sources[source].key, user), state->arrivals);
    double seconds = pl_law_draw(&def->think, pl_random_bits(key, PL_DRAW_THINK));
    uint32_t id = pl_frame_new(ctx, key, pl_random_mix(key));
    if (id == 0) {
        return;
    }
    state->arrivals++;
    struct pl_frame *f = pl_frame_of(ctx, id);
    f->mix = (uint16_t)pl_traffic_mix(def, key);
    f->source = source;
    pl_frame_walk(ctx, f, def->mix_route[f->mix]);
    f->state = PL_FRAME_USER;
    state->in_flight++;
    pl_ctx_timer(ctx, id, pl_clock_ns(seconds));
}

void pl_traffic_start(struct pl_ctx *ctx, uint32_t source)
{
    const struct pl_source *def = &ctx->world->sources[source];
    struct pl_source_state *state = &ctx->sources[source];
    state->key = pl_traffic_key(ctx->state->seed, source);
    state->burst_ns = INT64_MAX;
    if (def->arrivals == PL_ARRIVALS_CLOSED) {
        state->segment_ns = INT64_MAX;
        for (uint32_t user = 0; user < def->users; user++) {
            pl_traffic_think(ctx, source, user);
        }
        return;
    }
    if (def->arrivals == PL_ARRIVALS_MMPP) {
        draw_burst(ctx, source);
    }
    bool constant = def->arrivals == PL_ARRIVALS_CONSTANT;
    state->hazard = constant ? 1.0 : pl_random_exp(pl_random_bits(state->key, 0));
    state->ahead = pl_traffic_ahead(state);
    set_rate(ctx, source);
    arm(ctx, source);
}

/* ---- Outcomes
 * ------------------------------------------------------------------------------------- */

static void count_bad(struct pl_ctx *ctx, uint32_t source, uint32_t mix)
{
    ctx->sources[source].damage += ctx->world->sources[source].mix_worth[mix];
}

/* A user frame for another try; takes over what identifies the user's wish. */
static bool try_again(struct pl_ctx *ctx, const struct pl_frame *old)
{
    uint32_t source = old->source;
    const struct pl_source *def = &ctx->world->sources[source];
    if ((double)old->attempt + 0.5 > knob(ctx, source, PL_SOURCE_RETRIES)) {
        return false;
    }
    struct pl_frame copy = *old;
    uint32_t id = pl_frame_new(ctx, pl_random_child(copy.key, copy.attempt + 1), copy.trace);
    if (id == 0) {
        return false;
    }
    struct pl_frame *f = pl_frame_of(ctx, id);
    f->trace = pl_random_mix(f->key);
    f->source = source;
    f->mix = copy.mix;
    pl_frame_walk(ctx, f, copy.route);
    f->attempt = (uint16_t)(copy.attempt + 1);
    f->first_ns = copy.first_ns;
    f->state = PL_FRAME_USER;
    double unit = pl_random_unit(pl_random_bits(f->key, PL_DRAW_THINK));
    pl_ctx_timer(ctx, id, pl_clock_ns(def->retry_after_s * (0.5 + unit)));
    return true;
}

void pl_traffic_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t source = f->source;
    if (code == PL_CODE_OK || code == PL_CODE_NOT_FOUND) {
        pl_traffic_answer_ok(ctx, frame);
        return;
    }
    pl_frame_clear_deadline(ctx, frame, &ctx->deadlines[ctx->world->edge_count + source]);
    struct pl_frame copy = *f;
    pl_frame_free(ctx, frame);
    if (ctx->world->effect_count > 0) {
        pl_effect_settled(ctx, copy.trace, source, false);
    }
    if (pl_ctx_observed(ctx)) {
        ctx->record->sources[source].failed++;
    }
    if (!try_again(ctx, &copy)) {
        ctx->sources[source].failed++;
        count_bad(ctx, source, copy.mix);
        pl_traffic_settle(ctx, source);
    }
}

void pl_traffic_left(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t source = f->source;
    struct pl_frame copy = *f;
    pl_frame_clear_deadline(ctx, frame, &ctx->deadlines[ctx->world->edge_count + source]);
    f->source = PL_NONE; /* the work goes on, for nobody */
    f->flags |= PL_FRAME_ORPHAN;
    pl_backlog_abandoned(ctx, frame);
    if (ctx->world->effect_count > 0) {
        pl_effect_settled(ctx, copy.trace, source, false);
    }
    if (pl_ctx_observed(ctx)) {
        ctx->record->sources[source].left++;
    }
    if (!try_again(ctx, &copy)) {
        ctx->sources[source].left++;
        count_bad(ctx, source, copy.mix);
        pl_traffic_settle(ctx, source);
    }
}
