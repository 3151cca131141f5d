// SPDX-License-Identifier: Apache-2.0
//
// params[] holds effective values, plain[] the values without gated changes. A param with gated
// changes has gated[param] = 1, so that everybody else pays one byte load.
#include "model/change.h"

#include "base/check.h"
#include "model/cache.h"
#include "model/database.h"
#include "model/group.h"
#include "model/job.h"
#include "model/keepalive.h"
#include "model/neutral.h"
#include "model/pool.h"
#include "model/service.h"
#include "model/topic.h"
#include "model/traffic.h"
#include "model/volume.h"

/* Service whose release the param is, or PL_NONE. */
static uint32_t release_service(const struct pl_ctx *ctx, uint32_t param)
{
    const struct pl_param_def *def = &ctx->world->params[param];
    return def->scope == PL_SCOPE_SERVICE && def->knob == PL_SERVICE_RELEASE ? def->entity
                                                                             : PL_NONE;
}

static bool gate_holds(const struct pl_ctx *ctx, const struct pl_change *change, uint32_t pod)
{
    uint32_t service = release_service(ctx, change->gate_param);
    double value = ctx->params[change->gate_param];
    if (service != PL_NONE && pod != PL_NONE && ctx->pods[pod].service == service) {
        value = (double)ctx->pods[pod].release;
    }
    return value >= change->gate_value - 1e-9 && value <= change->gate_value + 1e-9;
}

/* What a gated change makes of its param now, its ramp included. */
static double gated_value(const struct pl_ctx *ctx, const struct pl_change_state *entry)
{
    const struct pl_change *change = &entry->change;
    int64_t since = ctx->now - change->t_ns;
    if (since >= change->ramp_ns) {
        return change->value;
    }
    double part = (double)since / (double)change->ramp_ns;
    return entry->start_value + (change->value - entry->start_value) * part;
}

double pl_change_param_on(const struct pl_ctx *ctx, uint32_t param, uint32_t pod)
{
    double value = ctx->plain[param];
    for (uint32_t i = 0; i < ctx->state->change_count; i++) {
        const struct pl_change_state *entry = &ctx->changes[i];
        if (entry->change.param == param && entry->change.gate_param != 0 && entry->started &&
            gate_holds(ctx, &entry->change, pod)) {
            value = gated_value(ctx, entry);
        }
    }
    return value;
}

/* Tell the owner of a param that its effective value is new. */
static void notify(struct pl_ctx *ctx, uint32_t param)
{
    const struct pl_param_def *def = &ctx->world->params[param];
    switch ((enum pl_scope)def->scope) {
    case PL_SCOPE_SERVICE:
        pl_service_changed(ctx, def->entity, (enum pl_service_knob)def->knob);
        break;
    case PL_SCOPE_POOL:
        pl_pool_changed(ctx, def->entity, (enum pl_pool_knob)def->knob);
        break;
    case PL_SCOPE_DATABASE:
        pl_database_changed(ctx, def->entity, (enum pl_database_knob)def->knob);
        break;
    case PL_SCOPE_JOB:
        pl_job_changed(ctx, def->entity, (enum pl_job_knob)def->knob);
        break;
    case PL_SCOPE_CACHE:
        pl_cache_changed(ctx, def->entity, (enum pl_cache_knob)def->knob);
        break;
    case PL_SCOPE_TOPIC:
        pl_topic_pump(ctx, def->entity);
        break;
    case PL_SCOPE_SOURCE:
        pl_traffic_changed(ctx, def->entity);
        break;
    case PL_SCOPE_LINK:
        pl_keepalive_changed(ctx, def->entity, (enum pl_link_knob)def->knob);
        break;
    case PL_SCOPE_GROUP:
        pl_group_changed(ctx, def->entity, (enum pl_group_knob)def->knob);
        break;
    case PL_SCOPE_VOLUME:
        pl_volume_changed(ctx, def->entity, (enum pl_volume_knob)def->knob);
        break;
    case PL_SCOPE_STREAM:
    case PL_SCOPE_TENANT:
    case PL_SCOPE_STEP:
    case PL_SCOPE_NONE:
    case PL_SCOPE_ROUTE:
    case PL_SCOPE_EDGE:
    case PL_SCOPE_STATEMENT:
    case PL_SCOPE_VENDOR:
    case PL_SCOPE_FLAG:
    case PL_SCOPE_EFFECT:
        break; /* read at the moment of use */
    }
}

/* Recompute the effective value and pass it on when it is new. */
static void refresh(struct pl_ctx *ctx, uint32_t param)
{
    double value = ctx->gated[param] ? pl_change_param_on(ctx, param, PL_NONE) : ctx->plain[param];
    if (value < ctx->params[param] || value > ctx->params[param]) {
        ctx->params[param] = value;
        pl_neutral_changed(ctx, param);
        notify(ctx, param);
    }
}

/* A param that stands for something that happens: it goes back to 0 at once. */
static bool is_pulse(const struct pl_world *world, uint32_t param)
{
    const struct pl_param_def *def = &world->params[param];
    return def->unit[0] == 'p' && def->unit[1] == 'u';
}

void pl_change_set(struct pl_ctx *ctx, uint32_t param, double value)
{
    ctx->plain[param] = value;
    refresh(ctx, param);
    if (is_pulse(ctx->world, param)) {
        ctx->plain[param] = 0.0;
        ctx->params[param] = 0.0;
        pl_neutral_changed(ctx, param);
    }
    for (uint32_t i = 0; i < ctx->state->change_count; i++) {
        const struct pl_change_state *entry = &ctx->changes[i];
        if (entry->change.gate_param == param && entry->started) {
            refresh(ctx, entry->change.param);
        }
    }
}

/*
 * A change without a gate is somebody's decision about the param itself: it ends the gated changes
 * that came before. Who sets the retries of a defective release to 0 has set them to 0.
 */
static void supersede(struct pl_ctx *ctx, const struct pl_change *decision)
{
    if (!ctx->gated[decision->param]) {
        return;
    }
    for (uint32_t i = 0; i < ctx->state->change_count; i++) {
        struct pl_change_state *entry = &ctx->changes[i];
        if (entry->change.param == decision->param && entry->change.gate_param != 0 &&
            entry->started && entry->change.t_ns <= decision->t_ns) {
            entry->started = 0;
            entry->next_ns = INT64_MAX;
        }
    }
}

static void apply(struct pl_ctx *ctx, struct pl_change_state *entry)
{
    const struct pl_change *change = &entry->change;
    int64_t end = change->t_ns + change->ramp_ns;
    bool over = ctx->now >= end;
    if (!entry->started) {
        entry->started = 1;
        entry->start_value = ctx->plain[change->param];
        if (change->gate_param == 0) {
            supersede(ctx, change);
        }
    }
    entry->next_ns = over ? INT64_MAX : ctx->now + PL_NS_PER_S;
    entry->next_ns = !over && entry->next_ns > end ? end : entry->next_ns;
    if (change->gate_param != 0) {
        ctx->gated[change->param] = 1;
        pl_neutral_changed(ctx, change->param);
        refresh(ctx, change->param);
        return;
    }
    if (over) {
        pl_change_set(ctx, change->param, change->value);
        return;
    }
    double part = (double)(ctx->now - change->t_ns) / (double)change->ramp_ns;
    pl_change_set(
        ctx, change->param, entry->start_value + (change->value - entry->start_value) * part);
}

static void arm(struct pl_ctx *ctx)
{
    int64_t next = INT64_MAX;
    for (uint32_t i = 0; i < ctx->state->change_count; i++) {
        next = ctx->changes[i].next_ns < next ? ctx->changes[i].next_ns : next;
    }
    pl_ctx_schedule(ctx, PL_CHANGE_SLOT, next);
}

void pl_change_fire(struct pl_ctx *ctx)
{
    for (uint32_t i = 0; i < ctx->state->change_count; i++) {
        if (ctx->changes[i].next_ns <= ctx->now) {
            apply(ctx, &ctx->changes[i]);
        }
    }
    arm(ctx);
}

pl_status pl_model_change(const struct pl_world *world,
                          struct pl_state *state,
                          const struct pl_change *change,
                          pl_error *err)
{
    struct pl_ctx ctx;
    if (change->param == 0 || change->param > world->param_count ||
        change->gate_param > world->param_count) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "The change names a tunable that does not exist.");
    }
    const struct pl_param_def *def = &world->params[change->param];
    if (!(change->value >= def->low && change->value <= def->high)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "%s cannot become %g; it must be between %g and %g.",
                       def->path,
                       change->value,
                       def->low,
                       def->high);
    }
    if (change->t_ns < state->now_ns || change->t_ns >= PL_TIME_MAX || change->ramp_ns < 0 ||
        change->ramp_ns >= PL_TIME_MAX - change->t_ns) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "The change of %s lies in the past or beyond the longest run.",
                       def->path);
    }
    if (state->change_count == PL_CHANGES_MAX) {
        return pl_fail(err,
                       PL_LIMIT,
                       NULL,
                       "A run can hold %d changes; there are no more left.",
                       PL_CHANGES_MAX);
    }
    pl_state_context(&ctx, world, state, NULL);
    struct pl_change_state *entry = &ctx.changes[state->change_count++];
    entry->change = *change;
    entry->next_ns = change->t_ns;
    entry->started = 0;
    arm(&ctx);
    return PL_OK;
}

bool pl_model_change_is_idle(const struct pl_world *world,
                             const struct pl_state *state,
                             const struct pl_change *change)
{
    PL_CHECK(world != NULL && state != NULL && change != NULL);
    PL_CHECK(change->param >= 1 && change->param <= world->param_count);
    if (change->ramp_ns != 0 || change->gate_param != 0 || is_pulse(world, change->param)) {
        return false;
    }
    /* A context has no const form; nothing is written through it. */
    struct pl_ctx ctx;
    pl_state_context(&ctx, world, (struct pl_state *)(uintptr_t)state, NULL);
    for (uint32_t i = 0; i < state->change_count; i++) {
        if (ctx.changes[i].change.param == change->param && ctx.changes[i].next_ns != INT64_MAX) {
            return false;
        }
    }
    return ctx.gated[change->param] == 0 &&
           pl_neutral_is(ctx.plain[change->param], change->value) &&
           pl_neutral_is(ctx.params[change->param], change->value);
}
