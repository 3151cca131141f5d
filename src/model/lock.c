// SPDX-License-Identifier: Apache-2.0
//
// Row locks. The most popular keys of a group are tracked, each with a queue; a draw that falls on
// the long tail never meets anybody. A job can hold a share of all keys for a while (an import
// that locks the rows it touches). Waits that are longer than the deadlock timeout are logged, as
// PostgreSQL does with log_lock_waits.
#include "model/lock.h"

#include "model/frame.h"
#include "model/pool.h"

/* frame->lock values: group * PL_LOCK_KEYS_MAX + key + 1; waiting for a job: the key is the last.
 */
static uint32_t pack(uint32_t group, uint32_t key)
{
    return group * PL_LOCK_KEYS_MAX + key + 1;
}

static uint32_t group_of(uint32_t packed)
{
    return (packed - 1) / PL_LOCK_KEYS_MAX;
}

static uint32_t key_of(uint32_t packed)
{
    return (packed - 1) % PL_LOCK_KEYS_MAX;
}

static struct pl_lock_key *entry_of(struct pl_ctx *ctx, uint32_t packed)
{
    return &ctx->lock_keys[packed - 1];
}

static uint32_t draw_key(const struct pl_ctx *ctx, uint32_t group, double unit)
{
    const struct pl_lock *def = &ctx->world->locks[group];
    const double *cdf = ctx->world->lock_cdf[group];
    uint32_t low = 0;
    uint32_t high = def->keys;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (unit < cdf[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low < def->keys ? low : PL_NONE;
}

static bool remember(struct pl_frame *f, uint32_t packed)
{
    for (uint32_t i = 0; i < PL_FRAME_LOCKS; i++) {
        if (f->lock[i] == 0) {
            f->lock[i] = packed;
            return true;
        }
    }
    return false;
}

static bool holds(const struct pl_frame *f, uint32_t packed)
{
    for (uint32_t i = 0; i < PL_FRAME_LOCKS; i++) {
        if (f->lock[i] == packed) {
            return true;
        }
    }
    return false;
}

static void take(struct pl_ctx *ctx, uint32_t frame, uint32_t packed)
{
    struct pl_lock_key *entry = entry_of(ctx, packed);
    if (remember(pl_frame_of(ctx, frame), packed)) {
        entry->holder = frame;
        entry->since_ns = ctx->now;
        pl_meter_enter(&ctx->locks[group_of(packed)].meter, ctx->now);
    }
}

static double first_timer_s(const struct pl_ctx *ctx, uint32_t group)
{
    const struct pl_lock *def = &ctx->world->locks[group];
    double log_s = ctx->world->databases[def->database].deadlock_timeout_s;
    return def->timeout_s > 0.0 && def->timeout_s < log_s ? def->timeout_s : log_s;
}

/* True when the step after this one is a statement or one more lock of it. */
static bool statement_follows(const struct pl_ctx *ctx, uint32_t frame)
{
    const struct pl_frame *f = &ctx->frames[frame];
    const struct pl_step *next = pl_frame_step(ctx, frame) + 1;
    return f->pc + 1 < f->end && (next->op == PL_OP_QUERY || next->op == PL_OP_LOCK);
}

static void wait_for(struct pl_ctx *ctx, uint32_t frame, uint32_t packed)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t group = group_of(packed);
    /* A database takes row locks while a statement runs: its time begins with the wait. */
    if (!(f->flags & PL_FRAME_BLOCKED) && statement_follows(ctx, frame)) {
        f->flags |= PL_FRAME_BLOCKED;
        f->step_ns = ctx->now;
    }
    f->state = PL_FRAME_LOCK;
    f->since_ns = ctx->now;
    f->lock_wait = packed;
    pl_pool_mark(ctx, frame, PL_NONE);
    pl_meter_wait(&ctx->locks[group].meter, ctx->now);
    double timer = first_timer_s(ctx, group);
    if (timer > 0.0) {
        pl_ctx_timer(ctx, frame, pl_clock_ns(timer));
    }
}

/* True while the job that holds a share of the group's keys has this request's row. */
static bool job_has(const struct pl_ctx *ctx, uint32_t group, double unit)
{
    const struct pl_lock_state *state = &ctx->locks[group];
    if (state->job == 0) {
        return false;
    }
    uint32_t param0 = ctx->world->jobs[state->job - 1].param0;
    return unit < pl_ctx_param(ctx, param0 + PL_JOB_LOCK_SHARE);
}

void pl_lock_take(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t group = pl_frame_step(ctx, frame)->target;
    struct pl_lock_state *state = &ctx->locks[group];
    f->flags |= PL_FRAME_ODD;
    uint64_t key = pl_random_child(f->key, PL_DRAW_LOCK);
    double unit = pl_random_unit(pl_random_bits(key, ((uint64_t)f->pc << 8) | f->times));
    double job_unit = pl_random_unit(pl_random_bits(key, ((uint64_t)f->pc << 8) | f->times | 128));
    if (job_has(ctx, group, job_unit)) {
        wait_for(ctx, frame, pack(group, PL_LOCK_KEYS_MAX - 1));
        pl_list_append(ctx, &state->job_queue, frame);
        return;
    }
    uint32_t index = draw_key(ctx, group, unit);
    uint32_t packed = index == PL_NONE ? 0 : pack(group, index);
    if (packed == 0 || holds(f, packed)) {
        pl_frame_step_done(ctx, frame, PL_CODE_OK);
        return;
    }
    struct pl_lock_key *entry = entry_of(ctx, packed);
    if (entry->holder == 0) {
        take(ctx, frame, packed);
        pl_frame_step_done(ctx, frame, PL_CODE_OK);
        return;
    }
    wait_for(ctx, frame, packed);
    struct pl_list list = {entry->head, entry->tail, entry->waiting, 0};
    pl_list_append(ctx, &list, frame);
    entry->head = list.head;
    entry->tail = list.tail;
    entry->waiting = list.count;
}

/* True when the frame waits for the job, not for a key. */
static bool waits_for_job(const struct pl_ctx *ctx, const struct pl_frame *f)
{
    return f->lock_wait != 0 && key_of(f->lock_wait) == PL_LOCK_KEYS_MAX - 1 &&
           ctx->world->locks[group_of(f->lock_wait)].keys < PL_LOCK_KEYS_MAX;
}

void pl_lock_leave(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->lock_wait == 0) {
        return;
    }
    struct pl_lock_state *state = &ctx->locks[group_of(f->lock_wait)];
    if (waits_for_job(ctx, f)) {
        pl_list_remove(ctx, &state->job_queue, frame);
    } else {
        struct pl_lock_key *entry = entry_of(ctx, f->lock_wait);
        struct pl_list list = {entry->head, entry->tail, entry->waiting, 0};
        pl_list_remove(ctx, &list, frame);
        entry->head = list.head;
        entry->tail = list.tail;
        entry->waiting = list.count;
    }
    pl_ctx_untimer(ctx, frame);
    pl_meter_unwait(&state->meter, ctx->now, f->since_ns);
    f->lock_wait = 0;
}

void pl_lock_timer(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t group = group_of(f->lock_wait);
    uint32_t key = key_of(f->lock_wait);
    double timeout = ctx->world->locks[group].timeout_s;
    int64_t waited = ctx->now - f->since_ns;
    if (timeout > 0.0 && waited >= pl_clock_ns(timeout)) {
        pl_record_frame_event(ctx, PL_LOG_LOCK_TIMEOUT, frame, group, key, waited);
        pl_lock_leave(ctx, frame);
        pl_frame_step_done(ctx, frame, PL_CODE_ERROR);
        return;
    }
    pl_record_frame_event(ctx, PL_LOG_LOCK_WAIT, frame, group, key, waited);
    if (timeout > 0.0) {
        pl_ctx_timer(ctx, frame, pl_clock_ns(timeout) - waited);
    }
}

/* Hand a free key to the first in its queue. */
static void pass_on(struct pl_ctx *ctx, uint32_t packed)
{
    struct pl_lock_key *entry = entry_of(ctx, packed);
    uint32_t next = entry->head;
    if (next == 0) {
        return;
    }
    pl_lock_leave(ctx, next);
    pl_pool_mark(ctx, next, PL_NONE);
    take(ctx, next, packed);
    pl_frame_step_done(ctx, next, PL_CODE_OK);
}

void pl_lock_release(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    pl_lock_leave(ctx, frame);
    for (uint32_t i = 0; i < PL_FRAME_LOCKS; i++) {
        uint32_t packed = f->lock[i];
        if (packed == 0) {
            continue;
        }
        struct pl_lock_key *entry = entry_of(ctx, packed);
        PL_CHECK(entry->holder == frame);
        f->lock[i] = 0;
        entry->holder = 0;
        pl_meter_leave(&ctx->locks[group_of(packed)].meter, ctx->now, entry->since_ns);
        pass_on(ctx, packed);
    }
}

void pl_lock_job(struct pl_ctx *ctx, uint32_t lock, uint32_t job, bool held)
{
    struct pl_lock_state *state = &ctx->locks[lock];
    if (held) {
        if (state->job == 0) {
            state->job = job + 1;
            state->job_since_ns = ctx->now;
        }
        return;
    }
    if (state->job != job + 1) {
        return;
    }
    state->job = 0;
    while (state->job_queue.count > 0) {
        uint32_t frame = state->job_queue.head;
        pl_lock_leave(ctx, frame);
        /* The row is free of the job now; the request's step runs again and takes its key. */
        pl_ctx_ready(ctx, frame);
    }
}
