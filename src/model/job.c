// SPDX-License-Identifier: Apache-2.0
//
// Background jobs on a database: connections, foreign load, and a lock on a share of a group's rows
// in batches: hold for lock_hold, breathe for lock_gap, again.
#include "model/job.h"

#include "model/database.h"
#include "model/lock.h"

static double knob(const struct pl_ctx *ctx, uint32_t job, enum pl_job_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->jobs[job].param0 + (uint32_t)knob);
}

static void set_holding(struct pl_ctx *ctx, uint32_t job, uint32_t holding)
{
    struct pl_job_state *state = &ctx->jobs[job];
    uint32_t lock = ctx->world->jobs[job].lock;
    if (state->holding != holding && lock != PL_NONE) {
        state->holding = holding;
        pl_lock_job(ctx, lock, job, holding != 0);
    }
}

void pl_job_fire(struct pl_ctx *ctx, uint32_t job)
{
    struct pl_job_state *state = &ctx->jobs[job];
    uint32_t slot = ctx->state->slot_job + job;
    pl_ctx_cancel(ctx, slot);
    if (knob(ctx, job, PL_JOB_RUNNING) < 0.5 || !(knob(ctx, job, PL_JOB_LOCK_SHARE) > 0.0) ||
        ctx->world->jobs[job].lock == PL_NONE) {
        set_holding(ctx, job, 0);
        return;
    }
    double gap = knob(ctx, job, PL_JOB_LOCK_GAP);
    if (state->holding && gap > 0.0) {
        set_holding(ctx, job, 0);
        pl_ctx_schedule(ctx, slot, ctx->now + pl_clock_ns(gap));
        return;
    }
    set_holding(ctx, job, 1);
    if (gap > 0.0) {
        pl_ctx_schedule(ctx, slot, ctx->now + pl_clock_ns(knob(ctx, job, PL_JOB_LOCK_HOLD)));
    }
}

/* A job takes the connections that it can get. */
static void connect_job(struct pl_ctx *ctx, uint32_t job)
{
    struct pl_job_state *state = &ctx->jobs[job];
    uint32_t database = ctx->world->jobs[job].database;
    double wanted = knob(ctx, job, PL_JOB_RUNNING) > 0.5 ? knob(ctx, job, PL_JOB_CONNECTIONS) : 0.0;
    while ((double)state->connections > wanted) {
        state->connections--;
        ctx->databases[database].job_connections--;
    }
    while ((double)state->connections + 1.0 <= wanted && pl_database_accepts(ctx, database)) {
        state->connections++;
        ctx->databases[database].job_connections++;
    }
}

void pl_job_changed(struct pl_ctx *ctx, uint32_t job, enum pl_job_knob changed)
{
    struct pl_job_state *state = &ctx->jobs[job];
    if (changed == PL_JOB_RUNNING) {
        state->started_ns = ctx->now;
    }
    connect_job(ctx, job);
    pl_database_load(ctx, ctx->world->jobs[job].database);
    if (changed == PL_JOB_RUNNING || changed == PL_JOB_LOCK_SHARE) {
        set_holding(ctx, job, 0);
        pl_job_fire(ctx, job);
    }
}
