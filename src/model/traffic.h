// SPDX-License-Identifier: Apache-2.0
//
// Users: arrivals, patience, retries and outcomes. What it does is told at the top of traffic.c.
#ifndef PL_MODEL_TRAFFIC_H
#define PL_MODEL_TRAFFIC_H

#include "model/effect.h"
#include "model/frame.h"

/** Stream of a source's draws; kept in its state, as it follows from the seed alone. */
uint64_t pl_traffic_key(uint64_t seed, uint32_t source);

/** Prepare a source at time 0. */
void pl_traffic_start(struct pl_ctx *ctx, uint32_t source);

/** The source's event: an arrival, the end of a piece of its rate, or a burst change. */
void pl_traffic_fire(struct pl_ctx *ctx, uint32_t source);

/** A rate or retry param changed. */
void pl_traffic_changed(struct pl_ctx *ctx, uint32_t source);

/** A root frame ended; the caller frees it. */
void pl_traffic_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);

/** A user lost patience; the work goes on. */
void pl_traffic_left(struct pl_ctx *ctx, uint32_t frame);

/** A user frame's pause is over: send the (next) request. */
void pl_traffic_send(struct pl_ctx *ctx, uint32_t frame);

/** Entry of the mix that the request of this key wants. */
uint32_t pl_traffic_mix(const struct pl_source *def, uint64_t key);

/** Moment of the next of: arrival, end of a piece of the rate, change of the burst state. */
PL_HOT_INLINE int64_t pl_traffic_due(const struct pl_source_state *state,
                                     double hazard,
                                     int64_t now)
{
    int64_t next = state->turn_ns;
    if (state->rate > 0.0) {
        double wait = hazard / state->rate;
        if (wait < 1e9) {
            int64_t t = now + pl_clock_ns(wait);
            next = t < next ? t : next;
        }
    }
    return next;
}

/** Unit-rate time that is left until the next arrival. */
static inline double pl_traffic_hazard(const struct pl_source_state *state, int64_t now)
{
    return state->hazard - state->rate * pl_clock_s(now - state->last_ns);
}

/** The draw between the next arrival of a source and the one after it, ahead of its time. */
PL_HOT_INLINE double pl_traffic_ahead(const struct pl_source_state *source)
{
    return pl_random_exp(pl_random_bits(source->key, source->arrivals + 1));
}

/** Does an arrival come with so much hazard left? Rounding to nanoseconds leaves a hair. */
static inline bool pl_traffic_arrives(const struct pl_source_state *state, double hazard)
{
    return state->rate > 0.0 && hazard <= 1e-9 * state->rate;
}

/** Hazard of the arrival after the one that comes with so much left, next to nothing. */
PL_HOT_INLINE double
pl_traffic_after(const struct pl_source *def, const struct pl_source_state *state, double hazard)
{
    hazard += def->arrivals == PL_ARRIVALS_CONSTANT ? 1.0 : state->ahead;
    return hazard < 0.0 ? 0.0 : hazard;
}

/** A request arrives now: its key, and the draw for the arrival after the next. */
PL_HOT_INLINE uint64_t pl_traffic_next(struct pl_source_state *state, int64_t now)
{
    uint64_t key = pl_random_child(state->key, state->arrivals);
    state->last_ns = now;
    state->arrivals++;
    state->ahead = pl_traffic_ahead(state);
    return key;
}

/** Work out what the source does at its next event, at `at_ns`, if that is an arrival. */
PL_HOT_INLINE void pl_traffic_foresee(const struct pl_source *def,
                                      const struct pl_source_state *state,
                                      struct pl_forecast *forecast,
                                      int64_t at_ns)
{
    double hazard = pl_traffic_hazard(state, at_ns);
    bool arrives = at_ns < state->turn_ns && pl_traffic_arrives(state, hazard);
    forecast->hazard = pl_traffic_after(def, state, hazard);
    forecast->next_ns = pl_traffic_due(state, forecast->hazard, at_ns);
    forecast->at_ns = arrives ? at_ns : -1;
}

/** A user who has just sent a request leaves after a while, if there is a patience. */
static inline void
pl_traffic_be_patient(struct pl_ctx *ctx, uint32_t frame, const struct pl_source *def)
{
    if (def->patience.mean_s > 0.0) {
        const struct pl_frame *f = &ctx->frames[frame];
        double seconds =
            def->patience.kind == PL_LAW_CONSTANT
                ? def->patience.mean_s /* the usual case, where a draw would change nothing */
                : pl_law_draw(&def->patience, pl_random_bits(f->key, PL_DRAW_PATIENCE));
        pl_frame_set_deadline(
            ctx, frame, &ctx->deadlines[ctx->world->edge_count + f->source], seconds);
    }
}

/** A user of a closed loop thinks, then asks again. */
void pl_traffic_think(struct pl_ctx *ctx, uint32_t source, uint64_t user);

/** The user's wish is settled for good. */
static inline void pl_traffic_settle(struct pl_ctx *ctx, uint32_t source)
{
    struct pl_source_state *state = &ctx->sources[source];
    PL_DCHECK(state->in_flight > 0);
    state->in_flight--;
    if (ctx->world->sources[source].arrivals == PL_ARRIVALS_CLOSED) {
        pl_traffic_think(ctx, source, state->arrivals);
    }
}

/** A root frame ended with an answer; it is freed. */
PL_HOT_INLINE void pl_traffic_answer_ok(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = &ctx->frames[frame];
    uint32_t source = f->source;
    struct pl_source_state *state = &ctx->sources[source];
    bool slow = ctx->now - f->first_ns > ctx->world->routes[f->route].slow_ns;
    pl_frame_clear_deadline(ctx, frame, &ctx->deadlines[ctx->world->edge_count + source]);
    if (ctx->world->effect_count > 0) {
        pl_effect_settled(ctx, f->trace, source, true);
    }
    if (slow) {
        state->slow++;
        state->damage += ctx->world->sources[source].mix_worth[f->mix];
    } else {
        state->ok++;
    }
    if (pl_ctx_observed(ctx)) {
        struct pl_source_counters *counters = &ctx->record->sources[source];
        counters->slow += slow ? 1 : 0;
        counters->ok += slow ? 0 : 1;
    }
    pl_frame_drop(ctx, frame);
    pl_traffic_settle(ctx, source);
}

#endif
