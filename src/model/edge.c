// SPDX-License-Identifier: Apache-2.0
//
// Client policy: what a caller does around a call.
//
// One frame makes one call at a time; branches make calls side by side. A timeout detaches the
// callee, which goes on working for nobody: that is where overload gets its energy from.
// Hedging: a call that takes longer than `hedge` gets a second attempt beside the first. The first
// good answer wins and the other attempt is detached, its work is waste; an attempt that fails
// leaves the decision to the other. With a retry budget a second attempt takes a token too.
// Retry budget: a token bucket that every first attempt fills by `budget` and every retry empties
// by one, at most 10 tokens. Breaker: counts over windows of 20 s, opens when at least 20 calls
// were made and the failed share reaches the edge's ratio, lets one call probe after the pause.
#include "model/edge.h"

#include "model/backlog.h"

static const int64_t breaker_window_ns = 20 * PL_NS_PER_S;
enum { PL_BREAKER_CALLS_MIN = 20 };
static const double budget_tokens_max = 10.0;
static const double retransmit_s = 0.2; /* first retransmission timeout of TCP */

static inline double
knob(const struct pl_ctx *ctx, uint32_t edge, enum pl_edge_knob knob, uint32_t pod)
{
    if (!(ctx->edge_knobs[edge] & pl_neutral_bit((uint32_t)knob))) {
        return 0.0;
    }
    return pl_ctx_param_on(ctx, ctx->world->edges[edge].param0 + (uint32_t)knob, pod);
}

/* ---- Breaker
 * ------------------------------------------------------------------------------------- */

static bool breaker_refuses(struct pl_ctx *ctx, uint32_t pod, uint32_t edge)
{
    struct pl_edge_state *state = pl_edge_state_of(ctx, pod, edge);
    double mode = knob(ctx, edge, PL_EDGE_BREAKER, pod);
    if (mode >= 1.5) {
        return true;
    }
    if (mode < 0.5 || state->breaker == 0) {
        return false;
    }
    if (state->breaker == 1 && ctx->now >= state->open_until_ns) {
        state->breaker = 2; /* this call is the probe */
        return false;
    }
    return true;
}

void pl_edge_count(struct pl_ctx *ctx, uint32_t pod, uint32_t edge, bool failed)
{
    struct pl_edge_state *state = pl_edge_state_of(ctx, pod, edge);
    const struct pl_edge *def = &ctx->world->edges[edge];
    double mode = knob(ctx, edge, PL_EDGE_BREAKER, pod);
    if (mode < 0.5 || mode >= 1.5) {
        state->breaker = 0;
        return;
    }
    if (state->breaker == 2) {
        state->breaker = failed ? 1 : 0;
        state->good = 0;
        state->bad = 0;
        state->open_until_ns = ctx->now + pl_clock_ns(def->breaker_open_s);
        pl_record_event(ctx, failed ? PL_LOG_BREAKER_OPEN : PL_LOG_BREAKER_CLOSED, pod, edge, 0, 0);
        return;
    }
    if (ctx->now - state->window_ns >= breaker_window_ns) {
        state->window_ns = ctx->now;
        state->good = 0;
        state->bad = 0;
    }
    state->bad += failed ? 1 : 0;
    state->good += failed ? 0 : 1;
    uint32_t calls = state->good + state->bad;
    if (state->breaker == 0 && calls >= PL_BREAKER_CALLS_MIN &&
        (double)state->bad >= def->breaker_ratio * (double)calls) {
        state->breaker = 1;
        state->open_until_ns = ctx->now + pl_clock_ns(def->breaker_open_s);
        pl_record_event(ctx, PL_LOG_BREAKER_OPEN, pod, edge, 0, 0);
    }
}

/* ---- Sending
 * ---------------------------------------------------------------------------------------- */

/* The call failed for good, or was never made. */
void pl_edge_give_up(struct pl_ctx *ctx, uint32_t frame, uint32_t edge, enum pl_code code)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    f->child_attempt = 0;
    if (knob(ctx, edge, PL_EDGE_FALLBACK, f->pod) > 0.5) {
        code = PL_CODE_OK; /* degraded answer */
    }
    if (code == PL_CODE_LIMITED) {
        code = PL_CODE_UNAVAILABLE; /* a callee's 429 is not our client's fault */
    }
    pl_frame_step_done(ctx, frame, code);
}

static void record_refused(struct pl_ctx *ctx, uint32_t frame, uint32_t edge)
{
    if (pl_ctx_observed(ctx)) {
        uint32_t pod = ctx->frames[frame].pod;
        pl_record_http(pl_record_client(ctx->record, pod, edge, PL_CODE_UNAVAILABLE), 0);
    }
}

/* Time on the wire there and back, with retransmissions. */
double pl_edge_wire_s(struct pl_ctx *ctx, uint32_t edge, uint32_t pod, uint64_t key)
{
    double seconds = 2.0 * knob(ctx, edge, PL_EDGE_LATENCY, pod);
    double loss = knob(ctx, edge, PL_EDGE_LOSS, pod);
    double timeout = retransmit_s;
    if (loss > 0.0) {
        uint64_t stream = pl_random_child(key, PL_DRAW_LINK);
        for (uint32_t i = 0; i < 6 && pl_random_unit(pl_random_bits(stream, i)) < loss; i++) {
            seconds += timeout;
            timeout *= 2.0;
        }
    }
    return seconds;
}

void pl_edge_pair(struct pl_ctx *ctx, uint32_t frame, uint32_t edge, uint32_t first, uint32_t id)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    ctx->frames[id].flags |= PL_FRAME_ODD;
    if (first != 0) {
        ctx->frames[id].twin = first;
        ctx->frames[first].twin = id;
        return;
    }
    double hedge = knob(ctx, edge, PL_EDGE_HEDGE, f->pod);
    if (hedge > 0.0) {
        f->queue_next = id;
        pl_ctx_timer(ctx, frame, pl_clock_ns(hedge));
    }
}

void pl_edge_limit(struct pl_ctx *ctx, uint32_t pod, uint32_t id)
{
    uint32_t edge = ctx->frames[id].edge;
    double timeout = knob(ctx, edge, PL_EDGE_TIMEOUT, pod);
    if (timeout > 0.0) {
        pl_frame_set_deadline(ctx, id, &ctx->deadlines[edge], timeout);
    }
}

/* What an extra attempt costs when there is a budget; false: it is used up. */
static bool take_token(struct pl_ctx *ctx, uint32_t edge, uint32_t pod)
{
    struct pl_edge_state *state = pl_edge_state_of(ctx, pod, edge);
    if (!(knob(ctx, edge, PL_EDGE_BUDGET, pod) > 0.0)) {
        return true;
    }
    if (state->tokens < 1.0) {
        return false;
    }
    state->tokens -= 1.0;
    return true;
}

bool pl_edge_admits(struct pl_ctx *ctx, uint32_t frame, uint32_t edge)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_edge_state *state = pl_edge_state_of(ctx, f->pod, edge);
    double bulkhead = knob(ctx, edge, PL_EDGE_BULKHEAD, f->pod);
    bool broken = breaker_refuses(ctx, f->pod, edge);
    if (!broken && bulkhead > 0.0 && (double)state->in_flight >= bulkhead) {
        pl_record_frame_event(ctx, PL_LOG_BULKHEAD_FULL, frame, edge, 0, 0);
        broken = true;
    }
    if (broken) {
        record_refused(ctx, frame, edge);
        return false;
    }
    if (f->child_attempt == 0) {
        double tokens = state->tokens + knob(ctx, edge, PL_EDGE_BUDGET, f->pod);
        state->tokens = tokens < budget_tokens_max ? tokens : budget_tokens_max;
    }
    return true;
}

void pl_edge_hedge(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    const struct pl_step *step = pl_frame_step(ctx, frame);
    uint32_t edge = step->edge;
    struct pl_edge_state *state = pl_edge_state_of(ctx, f->pod, edge);
    uint32_t first = f->queue_next;
    double bulkhead = knob(ctx, edge, PL_EDGE_BULKHEAD, f->pod);
    PL_CHECK(f->pending == 1 && first != 0 && ctx->frames[first].parent == frame);
    f->queue_next = 0;
    if (state->breaker != 0 || knob(ctx, edge, PL_EDGE_BREAKER, f->pod) >= 1.5 ||
        (bulkhead > 0.0 && (double)state->in_flight >= bulkhead) ||
        !take_token(ctx, edge, f->pod)) {
        return;
    }
    pl_edge_send(ctx, frame, step, first);
}

void pl_edge_retry(struct pl_ctx *ctx, uint32_t frame)
{
    pl_edge_call(ctx, frame, pl_frame_step(ctx, frame));
}

/* ---- Answers
 * ------------------------------------------------------------------------------------------ */

static void record_client_span(struct pl_ctx *ctx, uint32_t child, enum pl_code code)
{
    const struct pl_frame *c = &ctx->frames[child];
    const struct pl_frame *p = &ctx->frames[c->parent];
    struct pl_span span = {
        .trace = c->trace,
        .span = pl_random_mix(c->key ^ 1u),
        .parent = pl_frame_span(ctx, c->parent),
        .start_ns = c->start_ns,
        .end_ns = ctx->now,
        .kind = PL_SPAN_CLIENT,
        .service = ctx->pods[p->pod].service,
        .pod = p->pod,
        .a = c->edge,
        .code = code,
        .attempt = c->attempt,
    };
    pl_frame_record_span(ctx, &span);
}

void pl_edge_note_special(struct pl_ctx *ctx, uint32_t child, enum pl_code code)
{
    const struct pl_frame *c = &ctx->frames[child];
    int64_t elapsed = ctx->now - c->start_ns;
    if (pl_frame_sampled(ctx, c->trace)) {
        record_client_span(ctx, child, code);
    }
    if (code == PL_CODE_TIMEOUT) {
        pl_record_frame_event(ctx, PL_LOG_CALL_TIMEOUT, c->parent, c->edge, c->attempt, elapsed);
    } else if (code != PL_CODE_OK && code != PL_CODE_NOT_FOUND) {
        pl_record_frame_event(ctx, PL_LOG_CALL_FAILED, c->parent, c->edge, (uint32_t)code, elapsed);
    }
}

/* May this failed call be tried again? Takes the budget's token. */
static bool may_retry(struct pl_ctx *ctx, uint32_t frame, uint32_t edge)
{
    const struct pl_frame *f = &ctx->frames[frame];
    if ((double)f->child_attempt + 0.5 > knob(ctx, edge, PL_EDGE_RETRIES, f->pod)) {
        return false;
    }
    return take_token(ctx, edge, f->pod);
}

static void back_off(struct pl_ctx *ctx, uint32_t frame, uint32_t edge)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    double seconds = knob(ctx, edge, PL_EDGE_BACKOFF, f->pod);
    uint64_t key = pl_random_child(f->key, PL_DRAW_BACKOFF);
    double unit = pl_random_unit(pl_random_bits(key, ((uint64_t)f->pc << 8) | f->child_attempt));
    for (uint32_t i = 0; i < f->child_attempt && seconds < 30.0; i++) {
        seconds *= 2.0;
    }
    seconds *= 1.0 - knob(ctx, edge, PL_EDGE_JITTER, f->pod) * unit;
    f->child_attempt++;
    pl_record_frame_event(ctx, PL_LOG_CALL_RETRY, frame, edge, f->child_attempt, 0);
    f->state = PL_FRAME_BACKOFF;
    pl_ctx_timer(ctx, frame, pl_clock_ns(seconds));
}

bool pl_edge_settle_twin(struct pl_ctx *ctx, uint32_t parent, uint32_t twin, bool failed)
{
    struct pl_frame *p = pl_frame_of(ctx, parent);
    struct pl_frame *t = pl_frame_of(ctx, twin);
    struct pl_edge_state *state = pl_edge_state_of(ctx, p->pod, t->edge);
    PL_CHECK(p->pending == 2 && t->parent == parent && state->in_flight >= 2);
    t->twin = 0;
    p->pending--;
    state->in_flight--;
    if (failed) {
        pl_edge_learn(ctx, state, p->pod, t->edge, true);
        return true;
    }
    pl_frame_clear_deadline(ctx, twin, &ctx->deadlines[t->edge]);
    t->parent = 0;
    t->flags |= PL_FRAME_ORPHAN;
    pl_backlog_abandoned(ctx, twin);
    return false;
}

void pl_edge_failed(struct pl_ctx *ctx, uint32_t parent, uint32_t edge, enum pl_code code)
{
    if (may_retry(ctx, parent, edge)) {
        back_off(ctx, parent, edge);
        return;
    }
    pl_edge_give_up(ctx, parent, edge, code);
}

void pl_edge_expire(struct pl_ctx *ctx, uint32_t edge)
{
    struct pl_list *list = &ctx->deadlines[edge];
    uint32_t child;
    while ((child = pl_frame_expired(ctx, list)) != 0) {
        struct pl_frame *c = pl_frame_of(ctx, child);
        uint32_t parent = c->parent;
        uint32_t twin = c->twin;
        pl_frame_clear_deadline(ctx, child, list);
        if (pl_ctx_observed(ctx)) {
            pl_edge_note(ctx, child, PL_CODE_TIMEOUT);
        }
        c->parent = 0;
        c->twin = 0;
        c->flags |= PL_FRAME_ORPHAN;
        pl_backlog_abandoned(ctx, child);
        pl_edge_settle(ctx, parent, twin, edge, PL_CODE_TIMEOUT);
    }
}
