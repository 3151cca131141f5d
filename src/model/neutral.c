// SPDX-License-Identifier: Apache-2.0
#include "model/neutral.h"

static uint16_t step_word(const struct pl_ctx *ctx, uint32_t step)
{
    const struct pl_step *def = &ctx->world->steps[step];
    double knobs[PL_STEP_KNOB_COUNT];
    bool gated = false;
    for (uint32_t k = 0; k < PL_STEP_KNOB_COUNT; k++) {
        knobs[k] = pl_step_base(def, (enum pl_step_knob)k);
        if (def->param0 != 0) {
            knobs[k] = ctx->params[def->param0 + k];
            gated = gated || ctx->gated[def->param0 + k] != 0;
        }
    }
    bool once = !gated && def->flag == PL_NONE && def->shards == 0 &&
                pl_neutral_is(knobs[PL_STEP_TIMES], 1.0) && knobs[PL_STEP_SHARE] >= 1.0;
    bool neutral = once && def->per_record == 0 && pl_neutral_is(knobs[PL_STEP_SHARE], 1.0) &&
                   pl_neutral_is(knobs[PL_STEP_FACTOR], 1.0) &&
                   pl_neutral_is(knobs[PL_STEP_ERROR], 0.0);
    return (uint16_t)((once ? PL_STEP_RUNS_ONCE : 0) | (neutral ? PL_STEP_IS_NEUTRAL : 0));
}

/* Bits of `count` knobs, at most 16, all of which do nothing at 0. */
static uint16_t word_of(const struct pl_ctx *ctx, uint32_t param0, uint32_t count)
{
    uint32_t bits = 0;
    for (uint32_t k = 0; k < count; k++) {
        bool matters = ctx->gated[param0 + k] != 0 || !pl_neutral_is(ctx->params[param0 + k], 0.0);
        bits |= matters ? pl_neutral_bit(k) : 0;
    }
    return (uint16_t)bits;
}

static uint16_t edge_word(const struct pl_ctx *ctx, uint32_t edge)
{
    return word_of(ctx, ctx->world->edges[edge].param0, PL_EDGE_KNOB_COUNT);
}

/* May the memory of a pod pass its limit? Not when it has none or does not grow. */
static bool fills(const struct pl_ctx *ctx, uint32_t service, uint32_t bits)
{
    const uint32_t grows =
        pl_neutral_bit(PL_SERVICE_LEAK_RATE) | pl_neutral_bit(PL_SERVICE_LEAK_PER_REQUEST);
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t limit = def->param0 + PL_SERVICE_MEMORY_LIMIT;
    if (!(bits & pl_neutral_bit(PL_SERVICE_MEMORY_LIMIT))) {
        return false;
    }
    return (bits & grows) || ctx->gated[limit] || def->memory_base_mb > ctx->params[limit];
}

/* Is the head of a queue always the next, however long it waits? */
static bool is_orderly(const struct pl_service *def)
{
    return !def->queue_lifo && !def->queue_classes && !(def->queue_wait.mean_s > 0.0);
}

static uint32_t service_word(const struct pl_ctx *ctx, uint32_t service)
{
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t bits = 0;
    for (uint32_t k = 0; k < PL_SERVICE_KNOB_COUNT; k++) {
        double neutral = k == PL_SERVICE_CPU_FACTOR ? 1.0 : 0.0;
        bool matters =
            ctx->gated[def->param0 + k] != 0 ||
            (k != PL_SERVICE_WORKERS && !pl_neutral_is(ctx->params[def->param0 + k], neutral));
        bits |= matters ? pl_neutral_bit(k) : 0;
    }
    bits |= def->gc_garbage_mb > 0.0 ? PL_POD_ALLOCATES : 0;
    bits |= is_orderly(def) ? PL_POD_ORDERLY : 0;
    bits |= fills(ctx, service, bits) ? PL_POD_FILLS : 0;
    return bits;
}

static uint16_t route_word(const struct pl_ctx *ctx, uint32_t route)
{
    const struct pl_route *def = &ctx->world->routes[route];
    uint32_t service = service_word(ctx, def->service);
    uint32_t bits = word_of(ctx, def->param0, PL_ROUTE_KNOB_COUNT);
    const uint32_t asked =
        pl_neutral_bit(PL_SERVICE_WORKERS) | (uint32_t)PL_POD_ALLOCATES | (uint32_t)PL_POD_FILLS;
    bool plain = bits == 0 && (service & asked) == 0;
    bool works = def->step_count > 0 && ctx->world->steps[def->step0].op == PL_OP_CPU &&
                 (step_word(ctx, def->step0) & PL_STEP_IS_NEUTRAL) != 0 &&
                 (service & pl_neutral_bit(PL_SERVICE_CPU_FACTOR)) == 0;
    bool leaf = plain && works && def->step_count == 1 &&
                (service & pl_neutral_bit(PL_SERVICE_ERROR_RATE)) == 0;
    return (uint16_t)(bits | (plain ? PL_ROUTE_PLAIN : 0) | (works ? PL_ROUTE_WORKS : 0) |
                      (leaf ? PL_ROUTE_LEAF : 0));
}

/* The word with what the words of the edge and of the called route make of it. */
static uint16_t call_word(const struct pl_ctx *ctx, uint32_t step)
{
    const uint32_t policy = 1u << PL_EDGE_BREAKER | 1u << PL_EDGE_BULKHEAD | 1u << PL_EDGE_BUDGET |
                            1u << PL_EDGE_HEDGE | 1u << PL_EDGE_LATENCY | 1u << PL_EDGE_LOSS;
    const struct pl_step *def = &ctx->world->steps[step];
    uint16_t word = step_word(ctx, step);
    bool plain = (word & PL_STEP_RUNS_ONCE) != 0 && def->op == PL_OP_CALL &&
                 def->vendor == PL_NONE && (ctx->edge_knobs[def->edge] & policy) == 0 &&
                 (ctx->route_knobs[def->target] & PL_ROUTE_PLAIN) != 0;
    return (uint16_t)(word | (plain ? PL_STEP_CALLS_PLAIN : 0));
}

/* How many requests a pod works on at once, unless gated: a whole number and never 0. */
static uint32_t workers_of(const struct pl_ctx *ctx, uint32_t service)
{
    double workers = ctx->params[ctx->world->services[service].param0 + PL_SERVICE_WORKERS];
    uint32_t whole = (uint32_t)workers;
    if (!(workers > 0.0)) {
        return UINT32_MAX;
    }
    return (double)whole < workers ? whole + 1 : whole;
}

/* Requests of a route on each pod are counted only while a knob may ask for their number. */
static void count_route(struct pl_ctx *ctx, uint32_t route)
{
    for (uint32_t i = 0; i < ctx->world->pod_count; i++) {
        ctx->pod_routes[i * ctx->world->route_count + route] = 0;
    }
    for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
        const struct pl_frame *f = &ctx->frames[id];
        if ((f->flags & PL_FRAME_ROUTED) && f->route == route) {
            ctx->pod_routes[f->pod * ctx->world->route_count + route]++;
        }
    }
}

static void keep_route(struct pl_ctx *ctx, uint32_t route)
{
    uint16_t before = ctx->route_knobs[route];
    ctx->route_knobs[route] = route_word(ctx, route);
    if (!(before & PL_ROUTE_KNOBS) && (ctx->route_knobs[route] & PL_ROUTE_KNOBS)) {
        count_route(ctx, route);
    }
}

static void keep_routes(struct pl_ctx *ctx, uint32_t service)
{
    uint32_t first = ctx->world->route0[service];
    for (uint32_t i = first; i < first + ctx->world->route_counts[service]; i++) {
        keep_route(ctx, i);
    }
}

static void keep_service(struct pl_ctx *ctx, uint32_t service)
{
    uint32_t first = ctx->world->pod0[service];
    uint32_t knobs = service_word(ctx, service);
    uint32_t workers = workers_of(ctx, service);
    for (uint32_t i = first; i < first + ctx->world->services[service].pods_max; i++) {
        ctx->pods[i].knobs = knobs;
        ctx->pods[i].workers = workers;
    }
}

/* Calls follow from the words of the others, which are kept. */
static void keep_calls(struct pl_ctx *ctx)
{
    for (uint32_t i = 0; i < ctx->world->step_count; i++) {
        if (ctx->world->steps[i].op == PL_OP_CALL) {
            ctx->step_flags[i] = call_word(ctx, i);
        }
    }
}

void pl_neutral_changed(struct pl_ctx *ctx, uint32_t param)
{
    const struct pl_param_def *def = &ctx->world->params[param];
    if (def->scope == PL_SCOPE_STEP) {
        ctx->step_flags[def->entity] = step_word(ctx, def->entity);
        keep_route(ctx, ctx->world->steps[def->entity].route);
    } else if (def->scope == PL_SCOPE_ROUTE) {
        keep_route(ctx, def->entity);
    } else if (def->scope == PL_SCOPE_EDGE) {
        ctx->edge_knobs[def->entity] = edge_word(ctx, def->entity);
    } else if (def->scope == PL_SCOPE_SERVICE) {
        keep_service(ctx, def->entity);
        keep_routes(ctx, def->entity);
    } else {
        return;
    }
    keep_calls(ctx);
}

void pl_neutral_start(struct pl_ctx *ctx)
{
    for (uint32_t i = 0; i < ctx->world->step_count; i++) {
        ctx->step_flags[i] = step_word(ctx, i);
    }
    for (uint32_t i = 0; i < ctx->world->route_count; i++) {
        ctx->route_knobs[i] = route_word(ctx, i);
    }
    for (uint32_t i = 0; i < ctx->world->edge_count; i++) {
        ctx->edge_knobs[i] = edge_word(ctx, i);
    }
    for (uint32_t i = 0; i < ctx->world->service_count; i++) {
        keep_service(ctx, i);
    }
    keep_calls(ctx);
}

void pl_neutral_validate(const struct pl_ctx *ctx)
{
    for (uint32_t i = 0; i < ctx->world->step_count; i++) {
        PL_CHECK(ctx->step_flags[i] == call_word(ctx, i));
    }
    for (uint32_t i = 0; i < ctx->world->route_count; i++) {
        PL_CHECK(ctx->route_knobs[i] == route_word(ctx, i));
    }
    for (uint32_t i = 0; i < ctx->world->edge_count; i++) {
        PL_CHECK(ctx->edge_knobs[i] == edge_word(ctx, i));
    }
    for (uint32_t i = 0; i < ctx->world->pod_count; i++) {
        const struct pl_pod *pod = &ctx->pods[i];
        PL_CHECK(pod->knobs == service_word(ctx, pod->service));
        PL_CHECK(pod->workers == workers_of(ctx, pod->service));
    }
}
