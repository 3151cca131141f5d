// SPDX-License-Identifier: Apache-2.0
//
// Databases: statements on a shared processor, then a wait for disk; replicas that apply what the
// primary writes; failover.
//
// A statement's work = law * cost * (bad plan? factor) * cpu_factor * factor of the step. Replicas
// are positions in the stream of written transactions; a replica applies 1 / (apply_s * factor)
// transactions per second, less when its processor is overloaded. Lag in seconds is the backlog
// divided by the smoothed rate of writes.
#include "model/database.h"

#include "base/fmath.h"
#include "model/frame.h"
#include "model/pool.h"
#include "model/station.h"

static const double write_rate_window_s = 5.0;

static double knob(const struct pl_ctx *ctx, uint32_t database, enum pl_database_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->databases[database].param0 + (uint32_t)knob);
}

void pl_database_start(struct pl_ctx *ctx, uint32_t database)
{
    const struct pl_database *def = &ctx->world->databases[database];
    struct pl_database_state *state = &ctx->databases[database];
    state->primary.cores = def->cores;
    for (uint32_t i = 0; i < PL_REPLICAS_MAX; i++) {
        state->replicas[i].cores = def->replica_cores;
    }
    pl_database_load(ctx, database);
}

bool pl_database_accepts(const struct pl_ctx *ctx, uint32_t database)
{
    const struct pl_database_state *state = &ctx->databases[database];
    double used = (double)state->connections + (double)state->job_connections +
                  knob(ctx, database, PL_DATABASE_OTHER_CONNECTIONS);
    double usable = knob(ctx, database, PL_DATABASE_MAX_CONNECTIONS) -
                    (double)ctx->world->databases[database].reserved_connections;
    return used + 1.0 <= usable;
}

/* ---- Statements
 * ------------------------------------------------------------------------------------ */

static struct pl_station *station_of(struct pl_ctx *ctx, uint32_t where)
{
    struct pl_database_state *state = &ctx->databases[(where - 1) / 4];
    uint32_t replica = (where - 1) % 4;
    return replica == 0 ? &state->primary : &state->replicas[replica - 1];
}

static struct pl_meter *meter_of(struct pl_ctx *ctx, uint32_t where)
{
    struct pl_database_state *state = &ctx->databases[(where - 1) / 4];
    return (where - 1) % 4 == 0 ? &state->meter : &state->replica_meter;
}

/* Where the statement runs: database * 4 + 1, plus 1 + replica when on a replica. */
static uint16_t choose_place(struct pl_ctx *ctx, uint32_t frame, const struct pl_statement *def)
{
    const struct pl_database *database = &ctx->world->databases[def->database];
    uint32_t place = def->database * 4 + 1;
    if (!def->replica || database->replicas == 0) {
        return (uint16_t)place;
    }
    uint64_t key = pl_random_child(ctx->frames[frame].key, PL_DRAW_REPLICA);
    uint64_t bits = pl_random_bits(key, ctx->frames[frame].pc);
    if (pl_random_unit(bits) < knob(ctx, def->database, PL_DATABASE_REPLICA_READS)) {
        place += 1 + (uint32_t)(((bits & 0xffffffffu) * database->replicas) >> 32);
    }
    return (uint16_t)place;
}

void pl_database_query(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    const struct pl_step *step = pl_frame_step(ctx, frame);
    const struct pl_statement *def = &ctx->world->statements[step->target];
    struct pl_database_state *state = &ctx->databases[def->database];
    if ((f->flags & PL_FRAME_CONN_LOST) || state->down_until_ns > ctx->now) {
        pl_frame_step_done(ctx, frame, PL_CODE_ERROR);
        return;
    }
    double work = pl_law_draw(&def->cpu, pl_frame_draw(ctx, frame, 2)) *
                  pl_frame_knob(ctx, frame, PL_STEP_FACTOR) *
                  pl_ctx_param_on(ctx, def->param0 + PL_STATEMENT_COST, f->pod) *
                  knob(ctx, def->database, PL_DATABASE_CPU_FACTOR);
    if (pl_ctx_param(ctx, def->param0 + PL_STATEMENT_PLAN) > 0.5) {
        work *= def->plan_bad_factor;
    }
    f->statement = step->target;
    f->database = choose_place(ctx, frame, def);
    if (!(f->flags & PL_FRAME_BLOCKED)) {
        f->step_ns = ctx->now;
    }
    f->flags &= ~(uint32_t)PL_FRAME_BLOCKED;
    f->since_ns = ctx->now;
    f->state = PL_FRAME_QUERY;
    pl_pool_mark(ctx, frame, step->target);
    if (!pl_station_join(ctx, station_of(ctx, f->database), frame, work * 1e9)) {
        f->database = 0;
        ctx->state->overflows++;
        pl_frame_step_done(ctx, frame, PL_CODE_ERROR);
        return;
    }
    pl_meter_enter(meter_of(ctx, f->database), ctx->now);
}

static void count_write(struct pl_ctx *ctx, uint32_t database)
{
    struct pl_database_state *state = &ctx->databases[database];
    pl_database_apply(ctx, database);
    double gap = pl_clock_s(ctx->now - state->write_ns);
    double keep = pl_exp(-gap / write_rate_window_s);
    state->write_rate = state->write_rate * keep + 1.0 / write_rate_window_s;
    state->write_ns = ctx->now;
    state->written += 1.0;
}

static void record_statement(struct pl_ctx *ctx, uint32_t frame)
{
    const struct pl_frame *f = &ctx->frames[frame];
    const struct pl_statement *def = &ctx->world->statements[f->statement];
    int64_t elapsed = ctx->now - f->step_ns;
    struct pl_statement_counters *counters = &ctx->record->statements[f->statement];
    double seconds = pl_clock_s(elapsed);
    counters->calls++;
    counters->total_s += seconds;
    counters->max_s = seconds > counters->max_s ? seconds : counters->max_s;
    pl_record_db_time(pl_record_db(ctx->record, f->pod, f->statement), elapsed);
    ctx->record->db_commits[def->database] += def->writes ? 1 : 0;
    if (seconds > ctx->world->databases[def->database].slow_query_s) {
        pl_record_frame_event(ctx, PL_LOG_SLOW_QUERY, frame, f->statement, 0, elapsed);
    }
    if (!pl_frame_sampled(ctx, f->trace)) {
        return;
    }
    struct pl_span span = {
        .trace = f->trace,
        .span = pl_random_bits(f->key, ((uint64_t)f->pc << 8) | f->times),
        .parent = pl_frame_span(ctx, frame),
        .start_ns = f->step_ns,
        .end_ns = ctx->now,
        .kind = PL_SPAN_DB,
        .service = ctx->pods[f->pod].service,
        .pod = f->pod,
        .a = f->statement,
        .code = PL_CODE_OK,
    };
    pl_frame_record_span(ctx, &span);
}

static void query_done(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    const struct pl_statement *def = &ctx->world->statements[f->statement];
    enum pl_code code = (f->flags & PL_FRAME_CONN_LOST) ? PL_CODE_ERROR : PL_CODE_OK;
    if (pl_ctx_observed(ctx)) {
        record_statement(ctx, frame);
    }
    if (def->writes && code == PL_CODE_OK) {
        count_write(ctx, def->database);
    }
    f->database = 0;
    pl_pool_mark(ctx, frame, PL_NONE);
    double error = pl_frame_knob(ctx, frame, PL_STEP_ERROR);
    if (code == PL_CODE_OK && error > 0.0 &&
        pl_random_unit(pl_frame_draw(ctx, frame, 253)) < error) {
        pl_record_frame_event(ctx, PL_LOG_INTERNAL_ERROR, frame, f->route, 1, 0);
        code = PL_CODE_ERROR;
    }
    if ((f->flags & PL_FRAME_AUTO) && f->times <= 1) {
        pl_pool_release(ctx, frame, code != PL_CODE_OK);
    }
    pl_frame_step_done(ctx, frame, code);
}

void pl_database_fire(struct pl_ctx *ctx, uint32_t station)
{
    uint32_t frame = pl_station_fire(ctx, station_of(ctx, station + 1));
    if (frame == 0) {
        return;
    }
    struct pl_frame *f = pl_frame_of(ctx, frame);
    pl_meter_leave(meter_of(ctx, station + 1), ctx->now, f->since_ns);
    const struct pl_statement *def = &ctx->world->statements[f->statement];
    double wait =
        def->wait.mean_s > 0.0 ? pl_law_draw(&def->wait, pl_frame_draw(ctx, frame, 3)) : 0.0;
    if (wait > 0.0) {
        f->state = PL_FRAME_DISK;
        pl_ctx_timer(ctx, frame, pl_clock_ns(wait));
        return;
    }
    query_done(ctx, frame);
}

void pl_database_disk_done(struct pl_ctx *ctx, uint32_t frame)
{
    query_done(ctx, frame);
}

void pl_database_abort(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->database == 0) {
        return;
    }
    if (f->state == PL_FRAME_QUERY) {
        pl_station_remove(ctx, station_of(ctx, f->database), frame);
        pl_meter_leave(meter_of(ctx, f->database), ctx->now, f->since_ns);
    }
    f->database = 0;
}

/* ---- Replicas
 * -------------------------------------------------------------------------------------- */

void pl_database_apply(struct pl_ctx *ctx, uint32_t database)
{
    const struct pl_database *def = &ctx->world->databases[database];
    struct pl_database_state *state = &ctx->databases[database];
    double elapsed = pl_clock_s(ctx->now - state->applied_ns);
    double slower = knob(ctx, database, PL_DATABASE_REPLICA_APPLY);
    if (!(elapsed > 0.0)) {
        return;
    }
    for (uint32_t i = 0; i < def->replicas; i++) {
        const struct pl_station *station = &state->replicas[i];
        double wanted = (double)station->count + station->load + 1.0;
        double share = wanted > station->cores ? station->cores / wanted : 1.0;
        double rate = slower > 0.0 && def->replica_apply_s > 0.0
                          ? share / (def->replica_apply_s * slower)
                          : 1e12;
        double position = state->applied[i] + rate * elapsed;
        state->applied[i] = position < state->written ? position : state->written;
    }
    state->applied_ns = ctx->now;
}

double pl_database_lag_s(const struct pl_ctx *ctx, uint32_t database, uint32_t replica)
{
    const struct pl_database_state *state = &ctx->databases[database];
    double gap = pl_clock_s(ctx->now - state->write_ns);
    double rate = state->write_rate * pl_exp(-gap / write_rate_window_s);
    double behind = state->written - state->applied[replica];
    if (behind < 1.0) {
        return 0.0;
    }
    return behind / (rate > 0.1 ? rate : 0.1);
}

void pl_database_await(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    const struct pl_step *step = pl_frame_step(ctx, frame);
    const struct pl_database *def = &ctx->world->databases[step->target];
    uint64_t key = pl_random_child(f->key, PL_DRAW_REPLICA);
    uint64_t bits = pl_random_bits(key, f->pc);
    bool first = f->state != PL_FRAME_AWAIT;
    if (first) {
        f->since_ns = ctx->now;
    }
    if (pl_random_unit(bits) >= knob(ctx, step->target, PL_DATABASE_REPLICA_READS)) {
        f->times = 1;
        pl_frame_step_done(ctx, frame, PL_CODE_OK); /* read from the primary */
        return;
    }
    uint32_t replica = (uint32_t)(((bits & 0xffffffffu) * def->replicas) >> 32);
    pl_database_apply(ctx, step->target);
    double lag = pl_database_lag_s(ctx, step->target, replica);
    double age = pl_frame_knob(ctx, frame, PL_STEP_FACTOR) *
                     pl_random_exp(pl_random_bits(key, 1000 + f->pc)) +
                 pl_clock_s(ctx->now - f->since_ns);
    if (lag <= age) {
        f->times = 1;
        pl_frame_step_done(ctx, frame, PL_CODE_OK);
        return;
    }
    if (first) {
        pl_record_frame_event(
            ctx, PL_LOG_STALE_READ, frame, step->target, replica, pl_clock_ns(lag));
    }
    if (f->times <= 1) {
        pl_frame_step_done(ctx, frame, PL_CODE_NOT_FOUND);
        return;
    }
    f->times--;
    f->state = PL_FRAME_AWAIT;
    pl_ctx_timer(ctx, frame, pl_clock_ns(pl_law_draw(&step->law, pl_frame_draw(ctx, frame, 0))));
}

/* ---- Load, failover
 * ---------------------------------------------------------------------------------- */

void pl_database_load(struct pl_ctx *ctx, uint32_t database)
{
    const struct pl_database *def = &ctx->world->databases[database];
    struct pl_database_state *state = &ctx->databases[database];
    double primary = knob(ctx, database, PL_DATABASE_LOAD);
    double replica = knob(ctx, database, PL_DATABASE_REPLICA_LOAD);
    for (uint32_t j = 0; j < ctx->world->job_count; j++) {
        const struct pl_job *job = &ctx->world->jobs[j];
        if (job->database == database && pl_ctx_param(ctx, job->param0 + PL_JOB_RUNNING) > 0.5) {
            double load = pl_ctx_param(ctx, job->param0 + PL_JOB_LOAD);
            primary += job->on_replica ? 0.0 : load;
            replica += job->on_replica ? load : 0.0;
        }
    }
    pl_station_touch(ctx, &state->primary);
    state->primary.load = primary;
    pl_station_rearm(ctx, &state->primary);
    for (uint32_t i = 0; i < def->replicas; i++) {
        pl_database_apply(ctx, database);
        pl_station_touch(ctx, &state->replicas[i]);
        state->replicas[i].load = replica;
        pl_station_rearm(ctx, &state->replicas[i]);
    }
}

void pl_database_up(struct pl_ctx *ctx, uint32_t database)
{
    ctx->databases[database].down_until_ns = 0;
    pl_ctx_cancel(ctx, ctx->databases[database].down_slot);
    pl_pool_serve_all(ctx, database);
}

void pl_database_changed(struct pl_ctx *ctx, uint32_t database, enum pl_database_knob changed)
{
    struct pl_database_state *state = &ctx->databases[database];
    switch (changed) {
    case PL_DATABASE_LOAD:
    case PL_DATABASE_REPLICA_LOAD:
        pl_database_load(ctx, database);
        break;
    case PL_DATABASE_REPLICA_APPLY:
        pl_database_apply(ctx, database);
        break;
    case PL_DATABASE_FAILOVER:
        if (knob(ctx, database, PL_DATABASE_FAILOVER) > 0.0) {
            state->down_until_ns =
                ctx->now + pl_clock_ns(knob(ctx, database, PL_DATABASE_FAILOVER));
            pl_ctx_schedule(ctx, state->down_slot, state->down_until_ns);
            pl_pool_kill_all(ctx, database);
        }
        break;
    case PL_DATABASE_KILL_IDLE:
        if (knob(ctx, database, PL_DATABASE_KILL_IDLE) > 0.0) {
            pl_pool_kill_idle(
                ctx, database, pl_clock_ns(knob(ctx, database, PL_DATABASE_KILL_IDLE)));
        }
        break;
    case PL_DATABASE_MAX_CONNECTIONS:
    case PL_DATABASE_CPU_FACTOR:
    case PL_DATABASE_OTHER_CONNECTIONS:
    case PL_DATABASE_REPLICA_READS:
    case PL_DATABASE_KNOB_COUNT:
        break; /* read at the moment of use */
    }
}
