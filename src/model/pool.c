// SPDX-License-Identifier: Apache-2.0
//
// Connection pools, one per pod and database.
//
// Waiters stand in one queue; each has its own timer for the acquire timeout. A connection older
// than its lifetime is closed when it comes back, and the next request opens a new one. When the
// server refuses and the pool has no connection at all, the request fails at once; otherwise it
// waits for one of the others.
#include "model/pool.h"

#include "model/database.h"
#include "model/frame.h"

enum { PL_CONN_CLOSED, PL_CONN_IDLE, PL_CONN_USED, PL_CONN_LEAKED };

static double knob(const struct pl_ctx *ctx, const struct pl_pool_state *pool, enum pl_pool_knob k)
{
    return pl_ctx_param_on(ctx, ctx->world->pools[pool->pool].param0 + (uint32_t)k, pool->pod);
}

uint32_t pl_pool_state_count(const struct pl_world *world)
{
    if (world->pool_count == 0) {
        return 0;
    }
    const struct pl_pool *last = &world->pools[world->pool_count - 1];
    return last->state0 + world->services[last->service].pods_max;
}

struct pl_pool_state *pl_pool_state_of(struct pl_ctx *ctx, uint32_t pod, uint32_t pool)
{
    const struct pl_pool *def = &ctx->world->pools[pool];
    PL_CHECK(ctx->pods[pod].service == def->service);
    return &ctx->pools[def->state0 + pod - ctx->world->pod0[def->service]];
}

void pl_pool_start(struct pl_ctx *ctx)
{
    uint32_t index = 0;
    uint32_t conn = 0;
    for (uint32_t p = 0; p < ctx->world->pool_count; p++) {
        uint32_t service = ctx->world->pools[p].service;
        for (uint32_t i = 0; i < ctx->world->services[service].pods_max; i++) {
            ctx->pools[index].pool = p;
            ctx->pools[index].pod = ctx->world->pod0[service] + i;
            ctx->pools[index].conn0 = conn;
            conn += ctx->world->pools[p].size_max;
            index++;
        }
    }
}

static struct pl_meter *meter_of(struct pl_ctx *ctx, const struct pl_pool_state *pool)
{
    return &ctx->pool_meters[pool->pool];
}

/* ---- Connections
 * ---------------------------------------------------------------------------------- */

/* The first idle connection, or PL_NONE. */
static uint32_t find_idle(const struct pl_pool_state *pool)
{
    for (uint32_t i = 0; i < PL_POOL_SIZE_MAX / 64; i++) {
        if (pool->idle[i] != 0) {
            return 64 * i + (uint32_t)__builtin_ctzll(pool->idle[i]);
        }
    }
    return PL_NONE;
}

static uint32_t find_closed(const struct pl_ctx *ctx, const struct pl_pool_state *pool)
{
    uint32_t max = ctx->world->pools[pool->pool].size_max;
    for (uint32_t i = 0; i < max; i++) {
        if (ctx->conns[pool->conn0 + i].state == PL_CONN_CLOSED) {
            return i;
        }
    }
    return PL_NONE;
}

/* Every change of a connection's state goes through here. */
static void
set_state(struct pl_ctx *ctx, struct pl_pool_state *pool, uint32_t index, uint32_t state)
{
    uint64_t bit = UINT64_C(1) << (index % 64);
    ctx->conns[pool->conn0 + index].state = state;
    pool->idle[index / 64] &= ~bit;
    pool->idle[index / 64] |= state == PL_CONN_IDLE ? bit : 0;
}

/* Open a connection into a closed slot; false when the server refuses. */
static bool open_conn(struct pl_ctx *ctx, struct pl_pool_state *pool, uint32_t *index)
{
    uint32_t database = ctx->world->pools[pool->pool].database;
    struct pl_pool_counters *counters =
        ctx->record == NULL ? NULL : pl_record_pool(ctx->record, pool->pod, pool->pool);
    if (ctx->databases[database].down_until_ns > ctx->now) {
        pl_record_event(ctx, PL_LOG_DB_DOWN, pool->pod, pool->pool, 0, 0);
        return false;
    }
    if (!pl_database_accepts(ctx, database)) {
        if (counters != NULL) {
            counters->refused++;
        }
        pl_record_event(ctx, PL_LOG_DB_REFUSED, pool->pod, pool->pool, 0, 0);
        return false;
    }
    *index = find_closed(ctx, pool);
    PL_CHECK(*index != PL_NONE);
    struct pl_conn *conn = &ctx->conns[pool->conn0 + *index];
    /* Lifetimes differ by up to a tenth, so that a pool does not close all at once. */
    uint64_t key = pl_random_child(pl_random_child(ctx->state->seed, PL_DRAW_CONN), pool->conn0);
    double unit = pl_random_unit(pl_random_bits(key, pool->counter++));
    double lifetime = knob(ctx, pool, PL_POOL_MAX_LIFETIME);
    *conn = (struct pl_conn){
        .created_ns = ctx->now - pl_clock_ns(0.1 * unit * lifetime),
        .since_ns = ctx->now,
        .transaction_ns = -1,
        .statement = PL_NONE,
        .route = PL_NONE,
    };
    set_state(ctx, pool, *index, PL_CONN_IDLE);
    pool->open++;
    ctx->databases[database].connections++;
    if (counters != NULL) {
        counters->opened++;
    }
    return true;
}

static void close_conn(struct pl_ctx *ctx, struct pl_pool_state *pool, uint32_t index)
{
    struct pl_conn *conn = &ctx->conns[pool->conn0 + index];
    uint32_t database = ctx->world->pools[pool->pool].database;
    PL_CHECK(conn->state != PL_CONN_CLOSED && pool->open > 0);
    *conn = (struct pl_conn){.statement = PL_NONE, .route = PL_NONE, .transaction_ns = -1};
    set_state(ctx, pool, index, PL_CONN_CLOSED);
    pool->open--;
    PL_CHECK(ctx->databases[database].connections > 0);
    ctx->databases[database].connections--;
}

static bool
too_old(const struct pl_ctx *ctx, const struct pl_pool_state *pool, const struct pl_conn *conn)
{
    double lifetime = knob(ctx, pool, PL_POOL_MAX_LIFETIME);
    return lifetime > 0.0 && ctx->now - conn->created_ns > pl_clock_ns(lifetime);
}

/* ---- Acquire
 * ---------------------------------------------------------------------------------------- */

/* The frame owns connection `index` from now on. */
static void own(struct pl_ctx *ctx, struct pl_pool_state *pool, uint32_t index, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_conn *conn = &ctx->conns[pool->conn0 + index];
    PL_CHECK(conn->state == PL_CONN_IDLE);
    set_state(ctx, pool, index, PL_CONN_USED);
    conn->frame = frame;
    conn->since_ns = ctx->now;
    conn->transaction_ns = ctx->now;
    conn->route = f->route;
    pool->in_use++;
    f->pool = (uint32_t)(pool - ctx->pools) + 1;
    f->conn = index + 1;
    f->hold_ns = ctx->now;
    pl_meter_enter(meter_of(ctx, pool), ctx->now);
}

static void record_wait(struct pl_ctx *ctx, const struct pl_pool_state *pool, int64_t waited)
{
    if (pl_ctx_observed(ctx)) {
        struct pl_pool_counters *counters = pl_record_pool(ctx->record, pool->pod, pool->pool);
        counters->acquired++;
        pl_record_db_time(&counters->wait, waited);
    }
}

/* Try to give the frame a connection without waiting.
 * Returns 1: has it; 2: opening one (timer runs); 0: none now; -1: refused and none exists. */
static int try_take(struct pl_ctx *ctx, struct pl_pool_state *pool, uint32_t frame)
{
    uint32_t index;
    double size = knob(ctx, pool, PL_POOL_SIZE);
    while ((index = find_idle(pool)) != PL_NONE) {
        if (!too_old(ctx, pool, &ctx->conns[pool->conn0 + index])) {
            own(ctx, pool, index, frame);
            return 1;
        }
        close_conn(ctx, pool, index);
    }
    if ((double)pool->open >= size) {
        return 0;
    }
    if (!open_conn(ctx, pool, &index)) {
        return pool->open == 0 ? -1 : 0;
    }
    own(ctx, pool, index, frame);
    double connect_s = ctx->world->pools[pool->pool].connect_s;
    if (!(connect_s > 0.0)) {
        return 1;
    }
    ctx->frames[frame].state = PL_FRAME_CONNECT;
    pl_ctx_timer(ctx, frame, pl_clock_ns(connect_s));
    return 2;
}

static void serve(struct pl_ctx *ctx, struct pl_pool_state *pool);

bool pl_pool_acquire(struct pl_ctx *ctx, uint32_t frame, uint32_t pool_index)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_pool_state *pool = pl_pool_state_of(ctx, f->pod, pool_index);
    f->since_ns = ctx->now;
    f->flags &= ~(uint32_t)PL_FRAME_CONN_LOST;
    f->flags |= PL_FRAME_ODD;
    int taken = pool->queue.count > 0 ? 0 : try_take(ctx, pool, frame);
    if (taken > 0) {
        record_wait(ctx, pool, 0);
        return taken == 1;
    }
    if (taken < 0 ||
        (pool->open == 0 && pool->queue.count == 0 && !(knob(ctx, pool, PL_POOL_SIZE) > 0.0))) {
        f->flags &= ~(uint32_t)PL_FRAME_AUTO;
        pl_frame_step_done(ctx, frame, PL_CODE_ERROR);
        return false;
    }
    f->state = PL_FRAME_ACQUIRE;
    f->pool = (uint32_t)(pool - ctx->pools) + 1;
    pl_list_append(ctx, &pool->queue, frame);
    pl_meter_wait(meter_of(ctx, pool), ctx->now);
    double timeout = knob(ctx, pool, PL_POOL_ACQUIRE_TIMEOUT);
    if (timeout > 0.0) {
        pl_ctx_timer(ctx, frame, pl_clock_ns(timeout));
    }
    /* A queue in front of closed connections: the server refused them before and may not now. */
    if ((double)pool->open < knob(ctx, pool, PL_POOL_SIZE)) {
        serve(ctx, pool);
    }
    return false;
}

void pl_pool_leave(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->pool == 0 || f->conn != 0) {
        return;
    }
    struct pl_pool_state *pool = &ctx->pools[f->pool - 1];
    pl_list_remove(ctx, &pool->queue, frame);
    pl_meter_unwait(meter_of(ctx, pool), ctx->now, f->since_ns);
    pl_ctx_untimer(ctx, frame);
    f->pool = 0;
}

void pl_pool_timeout(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_pool_state *pool = &ctx->pools[f->pool - 1];
    int64_t waited = ctx->now - f->since_ns;
    if (pl_ctx_observed(ctx)) {
        pl_record_pool(ctx->record, pool->pod, pool->pool)->timeouts++;
    }
    pl_record_frame_event(ctx, PL_LOG_ACQUIRE_TIMEOUT, frame, pool->pool, 0, waited);
    record_wait(ctx, pool, waited);
    pl_pool_leave(ctx, frame);
    f->flags &= ~(uint32_t)PL_FRAME_AUTO;
    pl_frame_step_done(ctx, frame, PL_CODE_ERROR);
}

void pl_pool_connected(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->flags & PL_FRAME_CONN_LOST) {
        pl_frame_step_done(ctx, frame, PL_CODE_ERROR);
        return;
    }
    pl_ctx_ready(ctx, frame); /* runs the same step again, now with a connection */
}

/* Serve the queue as far as connections allow. */
static void serve(struct pl_ctx *ctx, struct pl_pool_state *pool)
{
    while (pool->queue.count > 0) {
        uint32_t frame = pool->queue.head;
        struct pl_frame *f = pl_frame_of(ctx, frame);
        int64_t since = f->since_ns;
        pl_ctx_untimer(ctx, frame);
        int taken = try_take(ctx, pool, frame);
        if (taken <= 0) {
            /* Put the acquire timeout back. */
            double timeout = knob(ctx, pool, PL_POOL_ACQUIRE_TIMEOUT);
            if (timeout > 0.0) {
                int64_t left = since + pl_clock_ns(timeout) - ctx->now;
                pl_ctx_timer(ctx, frame, left > 0 ? left : 0);
            }
            return;
        }
        pl_list_remove(ctx, &pool->queue, frame);
        pl_meter_unwait(meter_of(ctx, pool), ctx->now, since);
        record_wait(ctx, pool, ctx->now - since);
        if (taken == 1) {
            pl_ctx_ready(ctx, frame);
        }
    }
}

/* ---- Release
 * ---------------------------------------------------------------------------------------- */

static bool leaks(struct pl_ctx *ctx, const struct pl_pool_state *pool, uint32_t frame)
{
    double share = knob(ctx, pool, PL_POOL_LEAK_ON_ERROR);
    uint64_t key = pl_random_child(ctx->frames[frame].key, PL_DRAW_LEAK);
    return share > 0.0 && pl_random_unit(pl_random_bits(key, 0)) < share;
}

void pl_pool_release(struct pl_ctx *ctx, uint32_t frame, bool failed)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    pl_pool_leave(ctx, frame);
    if (f->conn == 0) {
        return;
    }
    struct pl_pool_state *pool = &ctx->pools[f->pool - 1];
    uint32_t index = f->conn - 1;
    struct pl_conn *conn = &ctx->conns[pool->conn0 + index];
    PL_CHECK(conn->frame == frame && conn->state == PL_CONN_USED);
    if (pl_ctx_observed(ctx)) {
        pl_record_db_time(pl_record_pool_use(ctx->record, pool->pool, f->route),
                          ctx->now - f->hold_ns);
    }
    f->conn = 0;
    f->pool = 0;
    f->flags &= ~(uint32_t)PL_FRAME_AUTO;
    bool lost = (f->flags & PL_FRAME_CONN_LOST) != 0;
    f->flags &= ~(uint32_t)PL_FRAME_CONN_LOST;
    if (failed && !lost && leaks(ctx, pool, frame)) {
        /* Nobody will ever give it back; it stays counted as in use. */
        set_state(ctx, pool, index, PL_CONN_LEAKED);
        conn->frame = 0;
        pool->leaked++;
        pl_meter_leave(meter_of(ctx, pool), ctx->now, f->hold_ns);
        return;
    }
    pl_meter_leave(meter_of(ctx, pool), ctx->now, f->hold_ns);
    pool->in_use--;
    set_state(ctx, pool, index, PL_CONN_IDLE);
    conn->frame = 0;
    conn->since_ns = ctx->now;
    conn->transaction_ns = -1;
    if (lost || too_old(ctx, pool, conn) || (double)pool->open > knob(ctx, pool, PL_POOL_SIZE)) {
        close_conn(ctx, pool, index);
    }
    serve(ctx, pool);
}

/* ---- Whole pools
 * -------------------------------------------------------------------------------------- */

void pl_pool_fill(struct pl_ctx *ctx, uint32_t pod)
{
    uint32_t service = ctx->pods[pod].service;
    for (uint32_t p = 0; p < ctx->world->pool_count; p++) {
        uint32_t index;
        if (ctx->world->pools[p].service != service) {
            continue;
        }
        struct pl_pool_state *pool = pl_pool_state_of(ctx, pod, p);
        while ((double)pool->open < knob(ctx, pool, PL_POOL_SIZE) && open_conn(ctx, pool, &index)) {
            /* At the start of a run the connections are of all ages. */
            if (ctx->now == 0) {
                double age = knob(ctx, pool, PL_POOL_MAX_LIFETIME) * (double)index /
                             knob(ctx, pool, PL_POOL_SIZE);
                ctx->conns[pool->conn0 + index].created_ns -= pl_clock_ns(age);
            }
        }
    }
}

void pl_pool_clear(struct pl_ctx *ctx, uint32_t pod)
{
    uint32_t service = ctx->pods[pod].service;
    for (uint32_t p = 0; p < ctx->world->pool_count; p++) {
        if (ctx->world->pools[p].service != service) {
            continue;
        }
        struct pl_pool_state *pool = pl_pool_state_of(ctx, pod, p);
        PL_CHECK(pool->queue.count == 0);
        for (uint32_t i = 0; i < ctx->world->pools[p].size_max; i++) {
            struct pl_conn *conn = &ctx->conns[pool->conn0 + i];
            PL_CHECK(conn->state != PL_CONN_USED);
            if (conn->state != PL_CONN_CLOSED) {
                close_conn(ctx, pool, i);
            }
        }
        pool->in_use = 0;
        pool->leaked = 0;
    }
}

/* Terminate one session. Its user, if any, notices at the next statement. */
static void terminate(struct pl_ctx *ctx, struct pl_pool_state *pool, uint32_t index)
{
    struct pl_conn *conn = &ctx->conns[pool->conn0 + index];
    pl_record_event(ctx, PL_LOG_CONN_KILLED, pool->pod, pool->pool, 0, 0);
    if (conn->state == PL_CONN_USED) {
        ctx->frames[conn->frame].flags |= PL_FRAME_CONN_LOST;
        conn->transaction_ns = -1;
        return;
    }
    if (conn->state == PL_CONN_LEAKED) {
        pool->leaked--;
        pool->in_use--;
    }
    close_conn(ctx, pool, index);
}

void pl_pool_kill_idle(struct pl_ctx *ctx, uint32_t database, int64_t age_ns)
{
    uint32_t count = pl_pool_state_count(ctx->world);
    for (uint32_t s = 0; s < count; s++) {
        struct pl_pool_state *pool = &ctx->pools[s];
        const struct pl_pool *def = &ctx->world->pools[pool->pool];
        if (def->database != database) {
            continue;
        }
        for (uint32_t i = 0; i < def->size_max; i++) {
            const struct pl_conn *conn = &ctx->conns[pool->conn0 + i];
            bool working =
                conn->state == PL_CONN_USED && (ctx->frames[conn->frame].state == PL_FRAME_QUERY ||
                                                ctx->frames[conn->frame].state == PL_FRAME_DISK ||
                                                ctx->frames[conn->frame].state == PL_FRAME_LOCK);
            if ((conn->state == PL_CONN_USED || conn->state == PL_CONN_LEAKED) && !working &&
                conn->transaction_ns >= 0 && ctx->now - conn->since_ns >= age_ns) {
                terminate(ctx, pool, i);
            }
        }
        serve(ctx, pool);
    }
}

void pl_pool_serve_all(struct pl_ctx *ctx, uint32_t database)
{
    uint32_t count = pl_pool_state_count(ctx->world);
    for (uint32_t s = 0; s < count; s++) {
        struct pl_pool_state *pool = &ctx->pools[s];
        if (ctx->world->pools[pool->pool].database == database) {
            serve(ctx, pool);
        }
    }
}

void pl_pool_kill_all(struct pl_ctx *ctx, uint32_t database)
{
    uint32_t count = pl_pool_state_count(ctx->world);
    for (uint32_t s = 0; s < count; s++) {
        struct pl_pool_state *pool = &ctx->pools[s];
        const struct pl_pool *def = &ctx->world->pools[pool->pool];
        for (uint32_t i = 0; def->database == database && i < def->size_max; i++) {
            if (ctx->conns[pool->conn0 + i].state != PL_CONN_CLOSED) {
                terminate(ctx, pool, i);
            }
        }
    }
}

void pl_pool_changed(struct pl_ctx *ctx, uint32_t pool_index, enum pl_pool_knob changed)
{
    uint32_t service = ctx->world->pools[pool_index].service;
    const struct pl_pool *def = &ctx->world->pools[pool_index];
    for (uint32_t i = 0; i < ctx->world->services[service].pods_max; i++) {
        struct pl_pool_state *pool =
            pl_pool_state_of(ctx, ctx->world->pod0[service] + i, pool_index);
        if (ctx->pods[pool->pod].phase == PL_POD_ABSENT ||
            ctx->pods[pool->pod].phase == PL_POD_BOOTING) {
            continue;
        }
        for (uint32_t c = 0; c < def->size_max; c++) {
            const struct pl_conn *conn = &ctx->conns[pool->conn0 + c];
            bool surplus = (double)pool->open > knob(ctx, pool, PL_POOL_SIZE);
            bool recycle = changed == PL_POOL_RECYCLE;
            if (conn->state == PL_CONN_IDLE && (surplus || recycle)) {
                close_conn(ctx, pool, c);
            } else if (conn->state == PL_CONN_LEAKED && recycle) {
                terminate(ctx, pool, c);
            }
        }
        serve(ctx, pool);
    }
}
