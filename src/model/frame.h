// SPDX-License-Identifier: Apache-2.0
//
// The walk of a request through its route.
//
// A frame runs steps until one has to wait; the module that it waits in later calls
// pl_frame_step_done. Nothing here recurses: whoever becomes able to go on is put into the ready
// ring and runs in the same moment.
#ifndef PL_MODEL_FRAME_H
#define PL_MODEL_FRAME_H

#include "model/state.h"

/** A frame that was never used, or 0 when the state's limit is reached (counted). */
uint32_t pl_frame_grow(struct pl_ctx *ctx);

/**
 * Give everything but times the value that a frame begins with. Those that are free have these
 * values, so that who makes a frame writes only what is its own.
 */
static inline void pl_frame_clear(struct pl_frame *f)
{
    /* One by one and in order, which compilers make into few wide stores. */
    f->flags = f->parent = f->route = f->step0 = 0;
    f->pc = f->end = f->times = f->pending = 0;
    f->edge = f->source = f->topic = f->vendor = PL_NONE;
    f->pod = f->statement = PL_NONE;
    f->pool = f->conn = f->lock[0] = f->lock[1] = 0;
    f->lock_wait = f->cache_key = f->queue_previous = f->queue_next = 0;
    f->deadline_previous = f->deadline_next = f->twin = 0;
    f->attempt = f->child_attempt = f->state = f->code = f->mix = f->database = 0;
}

/** A fresh frame with its defaults, or 0 when the state's limit is reached (counted). */
static inline uint32_t pl_frame_new(struct pl_ctx *ctx, uint64_t key, uint64_t trace)
{
    uint32_t id = ctx->state->frame_free;
    if (id != 0) {
        ctx->state->frame_free = ctx->frames[id].queue_next;
    } else {
        id = pl_frame_grow(ctx);
        if (id == 0) {
            return 0;
        }
    }
    struct pl_frame *f = &ctx->frames[id];
    f->key = key;
    f->trace = trace;
    f->start_ns = ctx->now;
    f->first_ns = ctx->now;
    f->worker_ns = 0;
    f->queue_next = 0;
    return id;
}

/** What the first step of a route draws of its law in its last repetition; see pl_frame_draw. */
static inline double pl_frame_draw_first(const struct pl_frame *f, const struct pl_route *route)
{
    const uint64_t counter = ((uint64_t)PL_DRAW_STEP << 32) | (UINT64_C(1) << 8);
    return pl_law_draw(&route->first, pl_random_bits(f->key, counter));
}

/**
 * Let a fresh frame walk this route. When the route begins with work, its amount is drawn here: a
 * while before it is needed, so that no guess of the processor waits for it.
 */
static inline void pl_frame_walk(const struct pl_ctx *ctx, struct pl_frame *f, uint32_t route)
{
    const struct pl_route *def = &ctx->world->routes[route];
    f->route = route;
    f->step0 = def->step0;
    f->end = def->step_count;
    if (def->works) {
        f->drawn = pl_frame_draw_first(f, def);
    }
}

/**
 * Give a frame back whose timer is not armed, which is so at the end of its steps. It must be in no
 * list and hold nothing.
 */
static inline void pl_frame_drop(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = &ctx->frames[frame];
    PL_DCHECK((f->conn | f->lock_wait | (f->flags & PL_FRAME_DEADLINE)) == 0);
    PL_DCHECK(pl_queue_leaf(ctx->frame_tree, frame) == PL_QUEUE_IDLE);
    pl_frame_clear(f);
    f->queue_next = ctx->state->frame_free;
    ctx->state->frame_free = frame;
}

/** Give a frame back. It must be in no list and hold nothing. */
static inline void pl_frame_free(struct pl_ctx *ctx, uint32_t frame)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    PL_CHECK((f->conn | f->lock_wait | (f->flags & PL_FRAME_DEADLINE)) == 0);
    pl_ctx_untimer(ctx, frame);
    pl_frame_drop(ctx, frame);
}

/** What is noted of a request that was slow or belongs to a trace that is kept. */
void pl_frame_note_special(struct pl_ctx *ctx, uint32_t frame, enum pl_code code, int64_t elapsed);

/** What the instruments of the server note when a request leaves its pod; the run is observed. */
static inline void pl_frame_note(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    const struct pl_frame *f = &ctx->frames[frame];
    struct pl_record *record = ctx->record;
    struct pl_route_counters *route = &record->routes[f->route];
    int64_t elapsed = ctx->now - f->serve_ns;
    pl_record_http(pl_record_server(record, f->pod, f->route, code), elapsed);
    if (code == PL_CODE_OK || code == PL_CODE_NOT_FOUND) {
        route->completed++;
        pl_histogram_add(&route->latency, elapsed);
    } else {
        route->failed++;
    }
    if (elapsed > PL_NS_PER_S || pl_record_keeps(record, f->trace)) {
        pl_frame_note_special(ctx, frame, code, elapsed);
    }
}

/** Run what is ready in this moment, each frame until it waits or ends. */
void pl_frame_run_ready(struct pl_ctx *ctx);

/** Run this frame, and then what else is ready. */
void pl_frame_run_from(struct pl_ctx *ctx, uint32_t frame);

/** The present step finished with another code than PL_CODE_OK: see pl_frame_step_done. */
void pl_frame_step_ended(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);

/** The step's repetition is over; move on within the program. */
static inline void pl_frame_advance(struct pl_frame *f)
{
    if (f->times > 1) {
        f->times--;
        return;
    }
    f->times = 0;
    f->pc++;
}

/**
 * The present step finished with `code`: go to the next repetition or step, or fail the request.
 *
 * @param code  PL_CODE_OK (or NOT_FOUND, which is an answer) or the error
 */
static inline void pl_frame_step_done(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    if (code == PL_CODE_OK) {
        pl_frame_advance(pl_frame_of(ctx, frame));
        pl_ctx_ready(ctx, frame);
    } else {
        pl_frame_step_ended(ctx, frame, code);
    }
}

/** End the request with an error: everything it holds is given back, its caller gets the code. */
void pl_frame_fail(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);

/** End before the route began: refused by admission, queue limit or lack of pods. */
void pl_frame_refuse(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);

/** The frame's own timer fired. */
void pl_frame_timer(struct pl_ctx *ctx, uint32_t frame);

/** Position of the step that the frame executes in the world's array. */
static inline uint32_t pl_frame_step_index(const struct pl_ctx *ctx, uint32_t frame)
{
    const struct pl_frame *f = &ctx->frames[frame];
    return f->step0 + f->pc;
}

/** The step that the frame executes. */
static inline const struct pl_step *pl_frame_step(const struct pl_ctx *ctx, uint32_t frame)
{
    return &ctx->world->steps[pl_frame_step_index(ctx, frame)];
}

/** Draw number `n` of the present step and repetition: 64 uniform bits. */
static inline uint64_t pl_frame_draw(const struct pl_ctx *ctx, uint32_t frame, uint32_t n)
{
    const struct pl_frame *f = &ctx->frames[frame];
    return pl_random_bits(f->key,
                          ((uint64_t)(PL_DRAW_STEP + f->pc) << 32) | ((uint64_t)f->times << 8) | n);
}

/** A knob of the step as the frame's pod sees it, or the step's base value when not labelled. */
static inline double pl_frame_knob(const struct pl_ctx *ctx, uint32_t frame, enum pl_step_knob knob)
{
    uint32_t index = pl_frame_step_index(ctx, frame);
    if (ctx->step_flags[index] & PL_STEP_IS_NEUTRAL) {
        return knob == PL_STEP_ERROR ? 0.0 : 1.0;
    }
    const struct pl_step *step = &ctx->world->steps[index];
    return step->param0 != 0
               ? pl_ctx_param_on(ctx, step->param0 + (uint32_t)knob, ctx->frames[frame].pod)
               : pl_step_base(step, knob);
}

/** Put a frame into the deadline list of a slot; expires `timeout_s` from now. */
void pl_frame_set_deadline(struct pl_ctx *ctx,
                           uint32_t frame,
                           struct pl_list *list,
                           double timeout_s);

/** Take a frame out of the deadline list that it is in. */
void pl_frame_unlist(struct pl_ctx *ctx, uint32_t frame, struct pl_list *list);

/** Take a frame out of its deadline list, if it is in one. */
static inline void pl_frame_clear_deadline(struct pl_ctx *ctx, uint32_t frame, struct pl_list *list)
{
    if (ctx->frames[frame].flags & PL_FRAME_DEADLINE) {
        pl_frame_unlist(ctx, frame, list);
    }
}

/** First frame of the list if its deadline has come, else 0 (and the list is armed again). */
uint32_t pl_frame_expired(struct pl_ctx *ctx, struct pl_list *list);

/** Span id of the request that this frame belongs to (branches share their parent's). */
uint64_t pl_frame_span(const struct pl_ctx *ctx, uint32_t frame);

/** True when the record keeps this trace. */
static inline bool pl_frame_sampled(const struct pl_ctx *ctx, uint64_t trace)
{
    return pl_ctx_observed(ctx) && pl_record_keeps(ctx->record, trace);
}

/** Add a span to the record when the trace is sampled. */
void pl_frame_record_span(struct pl_ctx *ctx, const struct pl_span *span);

#endif
