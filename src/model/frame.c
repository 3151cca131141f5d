// SPDX-License-Identifier: Apache-2.0
//
// Life of a frame:
//
//   new -> READY -> (runs steps) -> waits somewhere -> step_done -> READY -> ... -> end -> free
//
// Invariants:
//  (1) a frame is in at most one queue over queue_next, named by its state;
//  (2) its own timer is armed only in states that say so (see pl_frame_timer);
//  (3) a frame that ends holds no lock, no connection, no worker and is in no deadline list;
//  (4) a parent never ends before its callees and branches, except when its pod is killed, which
//      cuts the links first.
#include "model/frame.h"

#include "model/backlog.h"
#include "model/broker.h"
#include "model/cache.h"
#include "model/database.h"
#include "model/edge.h"
#include "model/effect.h"
#include "model/group.h"
#include "model/lock.h"
#include "model/pool.h"
#include "model/service.h"
#include "model/topic.h"
#include "model/traffic.h"
#include "model/vendor.h"
#include "model/volume.h"

#include <string.h>

/* More frames than ever: their timers need more leaves. */
static void grow_timers(struct pl_ctx *ctx)
{
    uint32_t from = ctx->frame_leaf_count;
    uint32_t all = pl_queue_leaves(ctx->state->frames_max + 1);
    uint32_t to = 2 * from < all ? 2 * from : all;
    pl_queue_grow(ctx->frame_tree, from, to);
    ctx->frame_leaf_count = to;
    ctx->state->frame_leaf_count = to;
}

uint32_t pl_frame_grow(struct pl_ctx *ctx)
{
    struct pl_state *state = ctx->state;
    if (state->frame_high == state->frames_max) {
        state->overflows++;
        return 0;
    }
    uint32_t id = ++state->frame_high;
    if (id == state->frame_leaf_count) {
        grow_timers(ctx);
    }
    memset(&ctx->frames[id], 0, sizeof ctx->frames[id]); /* a fork's memory may hold anything */
    pl_frame_clear(&ctx->frames[id]);
    return id;
}

/* ---- Deadlines ------------------------------------------------------------------------------- */

void pl_frame_set_deadline(struct pl_ctx *ctx,
                           uint32_t frame,
                           struct pl_list *list,
                           double timeout_s)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t after = list->tail;
    PL_CHECK(!(f->flags & PL_FRAME_DEADLINE));
    f->deadline_ns = ctx->now + pl_clock_ns(timeout_s);
    f->flags |= PL_FRAME_DEADLINE;
    /* Timeouts are nearly always equal, so the place is the tail; a change of the timeout is rare.
     */
    while (after != 0 && ctx->frames[after].deadline_ns > f->deadline_ns) {
        after = ctx->frames[after].deadline_previous;
    }
    f->deadline_previous = after;
    f->deadline_next = after == 0 ? list->head : ctx->frames[after].deadline_next;
    if (f->deadline_next != 0) {
        ctx->frames[f->deadline_next].deadline_previous = frame;
    } else {
        list->tail = frame;
    }
    if (after != 0) {
        ctx->frames[after].deadline_next = frame;
    } else {
        list->head = frame;
        pl_ctx_schedule(ctx, list->slot, f->deadline_ns);
    }
    list->count++;
}

void pl_frame_unlist(struct pl_ctx *ctx, uint32_t frame, struct pl_list *list)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    PL_CHECK(f->flags & PL_FRAME_DEADLINE);
    if (f->deadline_next != 0) {
        ctx->frames[f->deadline_next].deadline_previous = f->deadline_previous;
    } else {
        list->tail = f->deadline_previous;
    }
    if (f->deadline_previous != 0) {
        ctx->frames[f->deadline_previous].deadline_next = f->deadline_next;
    } else {
        /* The slot may stay armed for a deadline that is gone: firing late costs one look. */
        list->head = f->deadline_next;
    }
    f->deadline_next = 0;
    f->deadline_previous = 0;
    f->flags &= ~(uint32_t)PL_FRAME_DEADLINE;
    list->count--;
}

uint32_t pl_frame_expired(struct pl_ctx *ctx, struct pl_list *list)
{
    uint32_t head = list->head;
    if (head == 0) {
        pl_ctx_cancel(ctx, list->slot);
        return 0;
    }
    if (ctx->frames[head].deadline_ns > ctx->now) {
        pl_ctx_schedule(ctx, list->slot, ctx->frames[head].deadline_ns);
        return 0;
    }
    return head;
}

/* ---- Spans ------------------------------------------------------------------------------------
 */

uint64_t pl_frame_span(const struct pl_ctx *ctx, uint32_t frame)
{
    const struct pl_frame *f = &ctx->frames[frame];
    while ((f->flags & PL_FRAME_SUB) && f->parent != 0) {
        f = &ctx->frames[f->parent];
    }
    return pl_random_mix(f->key);
}

void pl_frame_record_span(struct pl_ctx *ctx, const struct pl_span *span)
{
    struct pl_record *record = ctx->record;
    if (record != NULL && pl_frame_sampled(ctx, span->trace)) {
        record->spans[record->span_count & (record->span_max - 1)] = *span;
        record->span_count++;
    }
}

/* Topic that a consumer's frame reads, streams counted behind the topics. */
static uint32_t topic_of(const struct pl_ctx *ctx, const struct pl_frame *f)
{
    return f->topic < PL_TOPICS_MAX
               ? f->topic
               : PL_TOPICS_MAX + pl_group_stream(ctx, f->topic - PL_TOPICS_MAX);
}

static void record_server_span(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    const struct pl_frame *f = &ctx->frames[frame];
    struct pl_span span = {
        .trace = f->trace,
        .span = pl_random_mix(f->key),
        .parent = f->edge != PL_NONE ? pl_random_mix(f->key ^ 1u) : 0,
        .start_ns = f->serve_ns,
        .end_ns = ctx->now,
        .kind = f->topic != PL_NONE ? PL_SPAN_CONSUMER : PL_SPAN_SERVER,
        .service = ctx->pods[f->pod].service,
        .pod = f->pod,
        .a = f->topic != PL_NONE ? topic_of(ctx, f) : f->route,
        .code = code,
        .attempt = f->attempt,
    };
    pl_frame_record_span(ctx, &span);
}

static const int64_t slow_batch_ns = 10 * PL_NS_PER_S; /* consumers log what takes longer */

void pl_frame_note_special(struct pl_ctx *ctx, uint32_t frame, enum pl_code code, int64_t elapsed)
{
    const struct pl_frame *f = &ctx->frames[frame];
    if (elapsed > ((f->flags & PL_FRAME_BATCH) ? slow_batch_ns : PL_NS_PER_S)) {
        pl_record_frame_event(ctx, PL_LOG_SLOW_REQUEST, frame, f->route, 0, elapsed);
    }
    if (pl_frame_sampled(ctx, f->trace)) {
        record_server_span(ctx, frame, code);
    }
}

/* What the server's own instruments note when a request leaves, if it came to a pod. */
__attribute__((noinline)) static void
record_server(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    if (ctx->frames[frame].pod != PL_NONE) {
        pl_frame_note(ctx, frame, code);
    }
}

/* ---- End ----------------------------------------------------------------------------------------
 */

/* A branch is through: its parent goes on when all are. */
static void join(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    uint32_t parent = ctx->frames[frame].parent;
    pl_frame_free(ctx, frame);
    if (parent == 0) {
        return;
    }
    struct pl_frame *p = pl_frame_of(ctx, parent);
    PL_CHECK(p->state == PL_FRAME_JOIN && p->pending > 0);
    if (code != PL_CODE_OK && code != PL_CODE_NOT_FOUND && !(p->flags & PL_FRAME_FAILING)) {
        p->flags |= PL_FRAME_FAILING;
        p->code = (uint16_t)code;
    }
    p->pending--;
    if (p->pending > 0) {
        return;
    }
    enum pl_code result = (p->flags & PL_FRAME_FAILING) ? (enum pl_code)p->code : PL_CODE_OK;
    p->flags &= ~(uint32_t)PL_FRAME_FAILING;
    uint32_t span = pl_frame_step(ctx, parent)->span;
    if (result == PL_CODE_OK) {
        p->pc += span;
    }
    p->times = 1;
    pl_frame_step_done(ctx, parent, result);
}

/* Pass the answer on and free the frame, which holds nothing any more. */
static inline void answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->topic != PL_NONE) {
        if (f->topic < PL_TOPICS_MAX) {
            pl_topic_answer(ctx, frame, code);
        } else {
            pl_group_answer(ctx, frame, code);
        }
    } else if (f->source != PL_NONE) {
        pl_traffic_answer(ctx, frame, code);
        return; /* the user's frame may live on for a retry */
    } else if (f->parent != 0) {
        pl_edge_answer(ctx, frame, code);
    }
    pl_frame_free(ctx, frame);
}

/* Locks and the connection, or the waits for them. */
static void give_back(struct pl_ctx *ctx, uint32_t frame, bool failed)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->lock[0] != 0 || f->lock_wait != 0) {
        pl_lock_release(ctx, frame);
    }
    if (f->pool != 0) {
        pl_pool_release(ctx, frame, failed);
    }
}

__attribute__((always_inline)) static inline void
end(struct pl_ctx *ctx, uint32_t frame, enum pl_code code, bool failed)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if ((f->lock[0] | f->lock_wait | f->pool) != 0) {
        give_back(ctx, frame, failed);
    }
    if (f->flags & PL_FRAME_SUB) {
        join(ctx, frame, code);
        return;
    }
    if (pl_ctx_observed(ctx)) {
        record_server(ctx, frame, code);
    }
    pl_service_leave(ctx, frame);
    answer(ctx, frame, code);
}

void pl_frame_fail(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    end(ctx, frame, code, true);
}

void pl_frame_refuse(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    if (pl_ctx_observed(ctx)) {
        record_server(ctx, frame, code);
    }
    pl_service_leave(ctx, frame);
    answer(ctx, frame, code);
}

/* ---- Steps
 * ---------------------------------------------------------------------------------------- */

void pl_frame_step_ended(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (code == PL_CODE_NOT_FOUND) {
        f->flags |= PL_FRAME_NOT_FOUND;
        code = PL_CODE_OK;
    }
    if (code == PL_CODE_OK) {
        pl_frame_advance(f);
        pl_ctx_ready(ctx, frame);
        return;
    }
    const struct pl_step *step = pl_frame_step(ctx, frame);
    if (step->optional) {
        f->times = 0;
        f->pc += 1 + (step->op == PL_OP_PARALLEL ? step->span : 0);
        pl_ctx_ready(ctx, frame);
        return;
    }
    pl_frame_fail(ctx, frame, code);
}

/* Sleep and go on with the next step afterwards. */
static void sleep_then_next(struct pl_ctx *ctx, uint32_t frame, double seconds)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    pl_frame_advance(f);
    f->state = PL_FRAME_SLEEP;
    pl_ctx_timer(ctx, frame, pl_clock_ns(seconds));
}

static bool condition_holds(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    const struct pl_frame *f = &ctx->frames[frame];
    if (step->flag != PL_NONE) {
        double value = pl_ctx_param(ctx, ctx->world->flags[step->flag].param0);
        uint64_t key = pl_random_child(f->trace, PL_DRAW_FLAG);
        bool on = pl_random_unit(pl_random_bits(key, step->flag)) < value;
        if (on == (step->flag_else != 0)) {
            return false;
        }
    }
    if (step->shards != 0) {
        /* One draw per request, whoever works on it: all of its calls meet the same shard. */
        uint64_t key = pl_random_child(f->trace, PL_DRAW_FLAG);
        double part = pl_random_unit(pl_random_bits(key, PL_FLAGS_MAX)) * (double)step->shards;
        if ((uint32_t)part != step->shard) {
            return false;
        }
    }
    double share = pl_frame_knob(ctx, frame, PL_STEP_SHARE);
    return share >= 1.0 || pl_random_unit(pl_frame_draw(ctx, frame, 255)) < share;
}

/* Repetitions of the step: the fraction of `times` is a probability. */
static uint32_t draw_times(struct pl_ctx *ctx, uint32_t frame)
{
    double times = pl_frame_knob(ctx, frame, PL_STEP_TIMES);
    uint32_t whole = (uint32_t)times;
    double part = times - (double)whole;
    if (part > 0.0 && pl_random_unit(pl_frame_draw(ctx, frame, 254)) < part) {
        whole++;
    }
    return whole;
}

/* Factor on the law of a step: its knob, and the records of the batch when it is meant per record.
 */
static double step_factor(const struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    double factor = pl_frame_knob(ctx, frame, PL_STEP_FACTOR);
    return step->per_record != 0 ? factor * (double)pl_broker_records(&ctx->frames[frame]) : factor;
}

static void compute(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    bool ahead = f->pc == 0 && f->times == 1; /* drawn by pl_frame_walk */
    double work = ahead ? f->drawn : pl_law_draw(&step->law, pl_frame_draw(ctx, frame, 0));
    if (!(ctx->step_flags[f->step0 + f->pc] & PL_STEP_IS_NEUTRAL)) {
        work *= step_factor(ctx, frame, step);
    }
    if (!pl_service_compute(ctx, frame, work)) {
        ctx->state->overflows++;
        pl_frame_fail(ctx, frame, PL_CODE_UNAVAILABLE);
    }
}

/* Start the next `span` steps as branches of this frame. */
static void branch(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    uint32_t first = ctx->frames[frame].pc + 1;
    ctx->frames[frame].state = PL_FRAME_JOIN;
    ctx->frames[frame].pending = 0;
    for (uint32_t i = 0; i < step->span; i++) {
        uint64_t key = pl_random_child(ctx->frames[frame].key, PL_DRAW_STEP + first + i);
        uint32_t id = pl_frame_new(ctx, key, ctx->frames[frame].trace);
        if (id == 0) {
            continue; /* counted as overflow; the branch is missing */
        }
        struct pl_frame *f = pl_frame_of(ctx, frame);
        struct pl_frame *sub = pl_frame_of(ctx, id);
        sub->flags = PL_FRAME_SUB;
        sub->parent = frame;
        sub->route = f->route;
        sub->step0 = f->step0;
        sub->pod = f->pod;
        sub->serve_ns = ctx->now;
        sub->pc = first + i;
        sub->end = first + i + 1;
        f->pending++;
        pl_ctx_ready(ctx, id);
    }
    if (ctx->frames[frame].pending == 0) {
        pl_frame_fail(ctx, frame, PL_CODE_UNAVAILABLE);
    }
}

/* Span of a step that takes `seconds` from now: of a cache or a producer. */
static void record_step(
    struct pl_ctx *ctx, uint32_t frame, enum pl_span_kind kind, double seconds, enum pl_code code)
{
    const struct pl_frame *f = &ctx->frames[frame];
    if (!pl_frame_sampled(ctx, f->trace)) {
        return;
    }
    struct pl_span span = {
        .trace = f->trace,
        .span = pl_random_bits(f->key, f->pc),
        .parent = pl_frame_span(ctx, frame),
        .start_ns = ctx->now,
        .end_ns = ctx->now + pl_clock_ns(seconds),
        .kind = kind,
        .service = ctx->pods[f->pod].service,
        .pod = f->pod,
        .a = pl_frame_step(ctx, frame)->target,
        .code = code,
    };
    pl_frame_record_span(ctx, &span);
}

static void get(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    double seconds =
        pl_law_draw(&ctx->world->caches[step->target].latency, pl_frame_draw(ctx, frame, 1));
    bool hit = pl_cache_get(ctx, frame, step->target);
    record_step(ctx, frame, PL_SPAN_CACHE, seconds, hit ? PL_CODE_OK : PL_CODE_NOT_FOUND);
    sleep_then_next(ctx, frame, seconds);
    if (hit) {
        f->pc = step->skip_to;
        f->times = 0;
    }
}

/* Append to a stream; the answer of the brokers waits for their disks. */
static void publish_to_stream(struct pl_ctx *ctx, uint32_t frame, double seconds)
{
    double disk = 0.0;
    enum pl_code code = pl_broker_publish(ctx, frame, &disk);
    record_step(ctx, frame, PL_SPAN_PRODUCER, seconds + disk, code);
    if (code != PL_CODE_OK) {
        pl_frame_step_ended(ctx, frame, code);
        return;
    }
    sleep_then_next(ctx, frame, seconds + disk);
}

/* Move data on a volume and wait for it. */
static void write_volume(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    double mb = step->amount_kb / 1024.0 * step_factor(ctx, frame, step);
    sleep_then_next(ctx, frame, pl_volume_move(ctx, step->target, mb));
}

static void publish(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    double seconds = pl_law_draw(&step->law, pl_frame_draw(ctx, frame, 0));
    if (step->target >= PL_TOPICS_MAX) {
        publish_to_stream(ctx, frame, seconds);
        return;
    }
    record_step(ctx, frame, PL_SPAN_PRODUCER, seconds, PL_CODE_OK);
    pl_topic_publish(ctx, step->target, ctx->frames[frame].trace);
    sleep_then_next(ctx, frame, seconds);
}

/* A wish that was seen before is answered as then: nothing more of the route runs. */
static bool intend(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (pl_effect_intend(ctx, frame, step->target)) {
        pl_frame_advance(f);
    } else {
        f->times = 0;
        f->pc = f->end;
    }
    return true;
}

/* Execute a step that is no work and no call. True: the frame can go on at once. */
static bool execute_other(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    switch ((enum pl_op)step->op) {
    case PL_OP_SLEEP:
        sleep_then_next(ctx,
                        frame,
                        pl_law_draw(&step->law, pl_frame_draw(ctx, frame, 0)) *
                            step_factor(ctx, frame, step));
        return false;
    case PL_OP_QUERY:
        if (f->conn == 0) {
            const struct pl_statement *statement = &ctx->world->statements[step->target];
            uint32_t service = ctx->pods[f->pod].service;
            f->flags |= PL_FRAME_AUTO;
            if (!pl_pool_acquire(ctx, frame, ctx->world->pool_of[service][statement->database])) {
                return false;
            }
        }
        pl_database_query(ctx, frame);
        return false;
    case PL_OP_ACQUIRE:
        if (f->conn == 0 && !pl_pool_acquire(ctx, frame, step->target)) {
            return false;
        }
        pl_frame_advance(f);
        return true;
    case PL_OP_RELEASE:
        pl_lock_release(ctx, frame);
        pl_pool_release(ctx, frame, false);
        pl_frame_advance(f);
        return true;
    case PL_OP_LOCK:
        pl_lock_take(ctx, frame);
        return false;
    case PL_OP_GET:
        get(ctx, frame, step);
        return false;
    case PL_OP_PUT:
        pl_cache_put(ctx, frame, step->target);
        sleep_then_next(
            ctx,
            frame,
            pl_law_draw(&ctx->world->caches[step->target].latency, pl_frame_draw(ctx, frame, 1)));
        return false;
    case PL_OP_PUBLISH:
        publish(ctx, frame, step);
        return false;
    case PL_OP_AWAIT:
        pl_database_await(ctx, frame);
        return false;
    case PL_OP_CPU:
    case PL_OP_CALL:
    case PL_OP_SKIP:
        break; /* its condition was settled by the caller: it holds, so nothing is skipped */
    case PL_OP_PARALLEL:
        branch(ctx, frame, step);
        return false;
    case PL_OP_INTEND:
        return intend(ctx, frame, step);
    case PL_OP_EFFECT:
        pl_effect_here(ctx, frame, step->target);
        break;
    case PL_OP_WRITE:
        write_volume(ctx, frame, step);
        return false;
    }
    pl_frame_advance(f);
    return true;
}

/* Execute one step. True: the frame can go on at once. */
static inline bool execute(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    if (step->op == PL_OP_CPU) {
        compute(ctx, frame, step);
        return false;
    }
    if (step->op == PL_OP_CALL) {
        pl_edge_call(ctx, frame, step);
        return false;
    }
    return execute_other(ctx, frame, step);
}

/* Draw whether a step runs, and how often. False: it does not, and the frame is beyond it. */
static bool decide(struct pl_ctx *ctx, uint32_t frame, const struct pl_step *step)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (!condition_holds(ctx, frame, step)) {
        f->pc = step->op == PL_OP_SKIP ? step->skip_to : f->pc + 1;
        return false;
    }
    f->times = draw_times(ctx, frame);
    f->pc += f->times == 0 ? 1 : 0;
    return f->times != 0;
}

static inline void run(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    PL_CHECK(f->state == PL_FRAME_READY);
    while (f->pc < f->end) {
        uint32_t index = f->step0 + f->pc;
        const struct pl_step *step = &ctx->world->steps[index];
        if (f->times == 0) {
            if (ctx->step_flags[index] & PL_STEP_RUNS_ONCE) {
                f->times = 1;
            } else if (!decide(ctx, frame, step)) {
                continue;
            }
        }
        if (!execute(ctx, frame, step)) {
            return;
        }
    }
    end(ctx, frame, f->flags & PL_FRAME_NOT_FOUND ? PL_CODE_NOT_FOUND : PL_CODE_OK, false);
}

void pl_frame_run_from(struct pl_ctx *ctx, uint32_t frame)
{
    ctx->frames[frame].state = PL_FRAME_READY;
    for (;;) {
        run(ctx, frame);
        if (ctx->ready_head == ctx->ready_tail) {
            break;
        }
        frame = ctx->ready[ctx->ready_head++];
    }
    ctx->ready_head = 0;
    ctx->ready_tail = 0;
}

void pl_frame_run_ready(struct pl_ctx *ctx)
{
    if (ctx->ready_head != ctx->ready_tail) {
        pl_frame_run_from(ctx, ctx->ready[ctx->ready_head++]);
    }
}

void pl_frame_timer(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->state == PL_FRAME_SLEEP) { /* the most frequent by far */
        pl_ctx_ready(ctx, frame);
        return;
    }
    switch ((enum pl_frame_state)f->state) {
    case PL_FRAME_ARRIVING:
        if (f->vendor != PL_NONE) {
            pl_vendor_arrive(ctx, frame);
        } else if (f->topic != PL_NONE) {
            pl_group_arrive(ctx, frame);
        } else {
            pl_service_arrive(ctx, frame);
        }
        break;
    case PL_FRAME_VENDOR:
        pl_vendor_done(ctx, frame);
        break;
    case PL_FRAME_BACKOFF:
        pl_edge_retry(ctx, frame);
        break;
    case PL_FRAME_CALL:
        pl_edge_hedge(ctx, frame);
        break;
    case PL_FRAME_ACQUIRE:
        pl_pool_timeout(ctx, frame);
        break;
    case PL_FRAME_CONNECT:
        pl_pool_connected(ctx, frame);
        break;
    case PL_FRAME_DISK:
        pl_database_disk_done(ctx, frame);
        break;
    case PL_FRAME_LOCK:
        pl_lock_timer(ctx, frame);
        break;
    case PL_FRAME_AWAIT:
        pl_database_await(ctx, frame);
        break;
    case PL_FRAME_USER:
        pl_traffic_send(ctx, frame);
        break;
    case PL_FRAME_QUEUED:
        pl_backlog_expired(ctx, frame);
        break;
    case PL_FRAME_SLEEP:
    case PL_FRAME_FREE:
    case PL_FRAME_READY:
    case PL_FRAME_CPU:
    case PL_FRAME_JOIN:
    case PL_FRAME_QUERY:
        PL_CHECK(f->state == PL_FRAME_SLEEP); /* no timer may be armed in these states */
        break;
    }
}
