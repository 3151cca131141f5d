// SPDX-License-Identifier: Apache-2.0
//
// Client policy: timeout, retries with backoff and budget, hedging, breaker, bulkhead, fallback.
// What it does is told at the top of edge.c.
#ifndef PL_MODEL_EDGE_H
#define PL_MODEL_EDGE_H

#include "model/frame.h"
#include "model/service.h"

/** The backoff of a frame is over: try again. */
void pl_edge_retry(struct pl_ctx *ctx, uint32_t frame);

/** A frame has waited for its call as long as the policy says: send a second attempt. */
void pl_edge_hedge(struct pl_ctx *ctx, uint32_t frame);

/** The deadline list of an edge fired. */
void pl_edge_expire(struct pl_ctx *ctx, uint32_t edge);

/** Breaker, bulkhead and budget of a first attempt or a retry; false: the call is not made. */
bool pl_edge_admits(struct pl_ctx *ctx, uint32_t frame, uint32_t edge);

/** The call failed for good, or was never made. */
void pl_edge_give_up(struct pl_ctx *ctx, uint32_t frame, uint32_t edge, enum pl_code code);

/** The attempt `id` beside the first one; `first` 0: the first one, which another may join. */
void pl_edge_pair(struct pl_ctx *ctx, uint32_t frame, uint32_t edge, uint32_t first, uint32_t id);

/** Limit how long the caller on `pod` waits for this attempt. */
void pl_edge_limit(struct pl_ctx *ctx, uint32_t pod, uint32_t id);

/** Time on the wire there and back, with retransmissions. */
double pl_edge_wire_s(struct pl_ctx *ctx, uint32_t edge, uint32_t pod, uint64_t key);

/** What is noted of an attempt that failed or belongs to a trace that is kept. */
void pl_edge_note_special(struct pl_ctx *ctx, uint32_t child, enum pl_code code);

/** Count an outcome in a breaker that is on, forced open or gated. */
void pl_edge_count(struct pl_ctx *ctx, uint32_t pod, uint32_t edge, bool failed);

/** One of two attempts is through. True: the other one decides. */
bool pl_edge_settle_twin(struct pl_ctx *ctx, uint32_t parent, uint32_t twin, bool failed);

/** An attempt failed and no other is under way: try again, or give up. */
void pl_edge_failed(struct pl_ctx *ctx, uint32_t parent, uint32_t edge, enum pl_code code);

/* ---- The way of nearly every call -------------------------------------------------------------
 */

enum {
    PL_EDGE_ADMITS = 1 << PL_EDGE_BREAKER | 1 << PL_EDGE_BULKHEAD | 1 << PL_EDGE_BUDGET,
    PL_EDGE_WIRE = 1 << PL_EDGE_LATENCY | 1 << PL_EDGE_LOSS
};

/** Runtime of an edge on a pod. */
static inline struct pl_edge_state *
pl_edge_state_of(const struct pl_ctx *ctx, uint32_t pod, uint32_t edge)
{
    PL_DCHECK(pod < ctx->world->pod_count && edge < ctx->world->edge_count);
    return &ctx->edges[pod * ctx->world->edge_count + edge];
}

/** What pl_edge_key gives for times 1, the first attempt and a step at this position. */
static inline uint64_t pl_edge_call_mix(uint32_t pc)
{
    return pl_random_child_mix(pl_random_bits(PL_DRAW_STEP + pc, UINT64_C(1) << 16));
}

/** The key of an attempt's draws: of the caller, its step, the repetition and the attempt. */
static inline uint64_t
pl_edge_key(const struct pl_frame *f, const struct pl_step *step, uint32_t first)
{
    if (f->times == 1 && (first | f->child_attempt) == 0) {
        return pl_random_mix(f->key ^ step->call_mix);
    }
    uint64_t which = ((uint64_t)f->times << 16) | (first != 0 ? 1u << 15 : 0) | f->child_attempt;
    return pl_random_child(f->key, pl_random_bits(PL_DRAW_STEP + f->pc, which));
}

/** Bring an attempt to where it goes: over the wire, or at once. */
static inline void
pl_edge_deliver(struct pl_ctx *ctx, uint32_t id, uint32_t pod, uint32_t edge, uint32_t vendor)
{
    double wire = 0.0;
    if (ctx->edge_knobs[edge] & PL_EDGE_WIRE) {
        wire = pl_edge_wire_s(ctx, edge, pod, ctx->frames[id].key);
    }
    if (wire > 0.0 || vendor != PL_NONE) {
        ctx->frames[id].state = PL_FRAME_ARRIVING;
        pl_ctx_timer(ctx, id, pl_clock_ns(wire));
    } else {
        pl_service_arrive(ctx, id);
    }
}

/** Send an attempt; `first` is the one that it joins, 0: it is the first itself. */
static inline void
pl_edge_send(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step, uint32_t first)
{
    uint32_t edge = step->edge;
    uint32_t knobs = ctx->edge_knobs[edge];
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t id = pl_frame_new(ctx, pl_edge_key(f, step, first), f->trace);
    if (id == 0) {
        if (first == 0) {
            pl_edge_give_up(ctx, frame, edge, PL_CODE_UNAVAILABLE);
        }
        return; /* counted as overflow; a first attempt goes on */
    }
    struct pl_frame *child = pl_frame_of(ctx, id);
    child->parent = frame;
    child->edge = edge;
    child->vendor = step->vendor;
    child->attempt = f->child_attempt;
    if (step->vendor == PL_NONE) {
        pl_frame_walk(ctx, child, step->target);
        if (f->flags & PL_FRAME_BATCH) {
            child->flags = PL_FRAME_BATCH;
            child->mix = f->mix;
        }
    }
    f->state = PL_FRAME_CALL;
    f->pending++;
    f->queue_next = 0;
    if (first != 0 || (knobs & pl_neutral_bit(PL_EDGE_HEDGE))) {
        pl_edge_pair(ctx, frame, edge, first, id);
    }
    pl_edge_state_of(ctx, f->pod, edge)->in_flight++;
    if (pl_ctx_observed(ctx)) {
        ctx->record->edge_attempts[edge]++;
        ctx->record->edge_requests[edge] += f->child_attempt == 0 && first == 0 ? 1 : 0;
    }
    if (knobs & pl_neutral_bit(PL_EDGE_TIMEOUT)) {
        pl_edge_limit(ctx, f->pod, id);
    }
    pl_edge_deliver(ctx, id, f->pod, edge, step->vendor);
}

/** Make the call of the frame's present step; the answer arrives by pl_frame_step_done. */
static inline void pl_edge_call(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    if ((ctx->edge_knobs[step->edge] & PL_EDGE_ADMITS) && !pl_edge_admits(ctx, frame, step->edge)) {
        pl_edge_give_up(ctx, frame, step->edge, PL_CODE_UNAVAILABLE);
        return;
    }
    pl_edge_send(ctx, frame, step, 0);
}

/** What the caller's instruments note of an attempt that is through; the run is observed. */
static inline void pl_edge_note(struct pl_ctx *ctx, uint32_t child, enum pl_code code)
{
    const struct pl_frame *c = &ctx->frames[child];
    const struct pl_record *record = ctx->record;
    uint32_t pod = ctx->frames[c->parent].pod;
    pl_record_http(pl_record_client(record, pod, c->edge, code), ctx->now - c->start_ns);
    if (code != PL_CODE_OK || pl_record_keeps(record, c->trace)) {
        pl_edge_note_special(ctx, child, code);
    }
}

/** Tell the breaker, if there is one. */
static inline void pl_edge_learn(
    struct pl_ctx *ctx, struct pl_edge_state *state, uint32_t pod, uint32_t edge, bool failed)
{
    if (ctx->edge_knobs[edge] & pl_neutral_bit(PL_EDGE_BREAKER)) {
        pl_edge_count(ctx, pod, edge, failed);
    } else {
        state->breaker = 0;
    }
}

/**
 * The caller learns the outcome of one attempt, which is detached already.
 *
 * @param twin  the other attempt, 0: there is none
 */
static inline void
pl_edge_settle(struct pl_ctx *ctx, uint32_t parent, uint32_t twin, uint32_t edge, enum pl_code code)
{
    struct pl_frame *p = pl_frame_of(ctx, parent);
    struct pl_edge_state *state = pl_edge_state_of(ctx, p->pod, edge);
    bool failed = code != PL_CODE_OK && code != PL_CODE_NOT_FOUND;
    if (twin != 0 && pl_edge_settle_twin(ctx, parent, twin, failed)) {
        return;
    }
    PL_CHECK(p->state == PL_FRAME_CALL && p->pending == 1 && state->in_flight > 0);
    p->pending = 0;
    state->in_flight--;
    if (p->queue_next != 0) {
        p->queue_next = 0;
        pl_ctx_untimer(ctx, parent);
    }
    pl_edge_learn(ctx, state, p->pod, edge, failed);
    if (failed) {
        pl_edge_failed(ctx, parent, edge, code);
        return;
    }
    p->child_attempt = 0;
    pl_frame_step_done(ctx, parent, PL_CODE_OK);
}

/** A callee ended; it is freed by the caller of this function. */
static inline void pl_edge_answer(struct pl_ctx *ctx, uint32_t child, enum pl_code code)
{
    struct pl_frame *c = pl_frame_of(ctx, child);
    uint32_t parent = c->parent;
    uint32_t edge = c->edge;
    uint32_t twin = c->twin;
    PL_CHECK(parent != 0 && edge != PL_NONE);
    pl_frame_clear_deadline(ctx, child, &ctx->deadlines[edge]);
    if (pl_ctx_observed(ctx)) {
        pl_edge_note(ctx, child, code);
    }
    c->parent = 0;
    c->twin = 0;
    pl_edge_settle(ctx, parent, twin, edge, code);
}

#endif
