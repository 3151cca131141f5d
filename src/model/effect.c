// SPDX-License-Identifier: Apache-2.0
//
// The table of wishes is sets of few places; a wish lies in the set of its trace, and the oldest
// one there makes room. It has to remember for seconds (retries, late answers), not for ever.
#include "model/effect.h"

#include "model/database.h"

enum { WISH_SETS = 512, WISH_WAYS = 8, CHAIN_MAX = 8 };

static double knob(const struct pl_ctx *ctx, uint32_t effect, enum pl_effect_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->effects[effect].param0 + (uint32_t)knob);
}

uint32_t pl_effect_wish_count(const struct pl_world *world)
{
    return world->effect_count > 0 ? WISH_SETS * WISH_WAYS : 0;
}

/* ---- Wishes ---------------------------------------------------------------------------------- */

static struct pl_wish *set_of(const struct pl_ctx *ctx, uint64_t trace)
{
    return &ctx->wishes[(pl_random_mix(trace) % WISH_SETS) * WISH_WAYS];
}

static struct pl_wish *find(const struct pl_ctx *ctx, uint64_t trace, uint32_t effect)
{
    struct pl_wish *set = set_of(ctx, trace);
    for (uint32_t i = 0; i < WISH_WAYS; i++) {
        if (set[i].trace == trace && set[i].effect == effect) {
            return &set[i];
        }
    }
    return NULL;
}

static struct pl_wish *note(struct pl_ctx *ctx, uint64_t trace, uint32_t effect, uint32_t source)
{
    struct pl_wish *set = set_of(ctx, trace);
    struct pl_wish *oldest = set;
    for (uint32_t i = 1; i < WISH_WAYS && oldest->trace != 0; i++) {
        if (set[i].trace == 0 || set[i].since_ns < oldest->since_ns) {
            oldest = &set[i];
        }
    }
    *oldest = (struct pl_wish){
        .trace = trace, .since_ns = ctx->now, .effect = (uint16_t)effect, .source = source};
    return oldest;
}

/* Source of the users that this frame works for; the first one when they have left. */
static uint32_t source_of(const struct pl_ctx *ctx, uint32_t frame)
{
    uint32_t at = frame;
    for (uint32_t i = 0; i < CHAIN_MAX && ctx->frames[at].parent != 0; i++) {
        at = ctx->frames[at].parent;
    }
    return ctx->frames[at].source != PL_NONE ? ctx->frames[at].source : 0;
}

/* The client's key: the same for everything that it sends again, of one step of its program. */
static uint64_t client_key(const struct pl_ctx *ctx, uint32_t frame)
{
    const struct pl_frame *f = &ctx->frames[frame];
    if (f->parent == 0) {
        return f->key;
    }
    const struct pl_frame *p = &ctx->frames[f->parent];
    return pl_random_child(p->key, p->pc + 1);
}

static double visible_after_s(struct pl_ctx *ctx, uint32_t effect)
{
    uint32_t database = ctx->world->effects[effect].database;
    if (database == PL_NONE) {
        return 0.0;
    }
    pl_database_apply(ctx, database);
    return pl_database_lag_s(ctx, database, 0);
}

bool pl_effect_intend(struct pl_ctx *ctx, uint32_t frame, uint32_t effect)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    uint64_t client = client_key(ctx, frame);
    struct pl_wish *wish = find(ctx, f->trace, effect);
    if (wish == NULL) {
        wish = note(ctx, f->trace, effect, source_of(ctx, frame));
        wish->client = client;
        wish->stray = ctx->world->sources[wish->source].replays != 0;
        ctx->effects[effect].intents += wish->stray ? 0 : 1;
        return true;
    }
    double age_s = pl_clock_s(ctx->now - wish->since_ns);
    uint64_t key = pl_random_child(f->key, PL_DRAW_EFFECT);
    if (wish->client != client || wish->effects == 0 || age_s < visible_after_s(ctx, effect) ||
        pl_random_unit(pl_random_bits(key, 0)) < knob(ctx, effect, PL_EFFECT_UNSEEN)) {
        return true;
    }
    ctx->effects[effect].answered_again++;
    return false;
}

/* ---- Effects --------------------------------------------------------------------------------- */

/* Count one effect for a wish; harm when it is one more than wished. */
static void add(struct pl_ctx *ctx, struct pl_wish *wish, uint32_t vendor)
{
    uint32_t effect = wish->effect;
    const struct pl_effect_def *def = &ctx->world->effects[effect];
    struct pl_effect_state *state = &ctx->effects[effect];
    struct pl_effect_count *count =
        &ctx->effect_counts[effect * (ctx->world->vendor_count + 1) +
                            (vendor == PL_NONE ? ctx->world->vendor_count : vendor)];
    wish->effects++;
    state->effects++;
    count->effects++;
    if (wish->stray || wish->effects > def->wanted) {
        state->duplicates++;
        count->duplicates++;
        ctx->sources[wish->source].damage += def->worth_twice;
    }
}

static struct pl_wish *wish_of(struct pl_ctx *ctx, uint32_t frame, uint32_t effect)
{
    uint64_t trace = ctx->frames[frame].trace;
    struct pl_wish *wish = find(ctx, trace, effect);
    return wish != NULL ? wish : note(ctx, trace, effect, source_of(ctx, frame));
}

/* The key that a vendor sees: of the operation, and of the attempt where retries make new keys. */
static uint64_t
operation_key(const struct pl_ctx *ctx, uint32_t frame, uint32_t caller, uint32_t effect)
{
    uint32_t route = ctx->world->effects[effect].route;
    uint32_t attempts = ctx->frames[frame].attempt;
    uint32_t at = caller;
    for (uint32_t i = 0; i < CHAIN_MAX && ctx->frames[at].route != route; i++) {
        if (ctx->frames[at].parent == 0) {
            break;
        }
        attempts += ctx->frames[at].attempt;
        at = ctx->frames[at].parent;
    }
    const struct pl_frame *maker = &ctx->frames[at];
    uint64_t key = pl_random_child(maker->key, ((uint64_t)maker->pc << 16) | maker->times);
    uint64_t draw = pl_random_child(key, PL_DRAW_EFFECT);
    bool fresh = attempts > 0 && pl_random_unit(pl_random_bits(draw, attempts)) <
                                     knob(ctx, effect, PL_EFFECT_FRESH_KEY);
    return fresh ? pl_random_child(key, attempts) : key;
}

/* True when the vendor has this key already; else it is remembered. */
static bool seen(struct pl_wish *wish, uint64_t key)
{
    if (wish->keys[0] == key || wish->keys[1] == key) {
        return true;
    }
    wish->keys[1] = wish->keys[0];
    wish->keys[0] = key;
    return false;
}

void pl_effect_at_vendor(struct pl_ctx *ctx, uint32_t frame, uint32_t caller)
{
    const struct pl_frame *c = pl_frame_of(ctx, caller);
    uint32_t effect = ctx->world->step_effect[c->step0 + c->pc];
    if (effect == 0) {
        return;
    }
    effect--;
    uint32_t vendor = ctx->frames[frame].vendor;
    struct pl_wish *wish = wish_of(ctx, caller, effect);
    uint64_t key = operation_key(ctx, frame, caller, effect);
    /* Vendors do not know each other's keys. */
    if (seen(wish, pl_random_child(key, vendor + 1))) {
        return;
    }
    add(ctx, wish, vendor);
    const struct pl_effect_def *def = &ctx->world->effects[effect];
    bool may_double = def->doubles_at == PL_NONE || def->doubles_at == vendor;
    uint64_t draw = pl_random_child(ctx->frames[frame].key, PL_DRAW_EFFECT);
    if (may_double &&
        pl_random_unit(pl_random_bits(draw, 1)) < knob(ctx, effect, PL_EFFECT_DOUBLED)) {
        add(ctx, wish, vendor);
    }
}

void pl_effect_here(struct pl_ctx *ctx, uint32_t frame, uint32_t effect)
{
    struct pl_wish *wish = wish_of(ctx, frame, effect);
    uint64_t draw = pl_random_child(ctx->frames[frame].key, PL_DRAW_EFFECT);
    add(ctx, wish, PL_NONE);
    if (pl_random_unit(pl_random_bits(draw, 1)) < knob(ctx, effect, PL_EFFECT_DOUBLED)) {
        add(ctx, wish, PL_NONE);
    }
}

void pl_effect_settled(struct pl_ctx *ctx, uint64_t trace, uint32_t source, bool done)
{
    const struct pl_wish *set = set_of(ctx, trace);
    for (uint32_t i = 0; i < WISH_WAYS; i++) {
        const struct pl_wish *wish = &set[i];
        const struct pl_effect_def *def = &ctx->world->effects[wish->effect];
        if (wish->trace != trace || def->wanted == 0 || wish->stray) {
            continue;
        }
        struct pl_effect_state *state = &ctx->effects[wish->effect];
        if (!done && wish->effects > 0) {
            state->unknown++;
            ctx->sources[source].damage += def->worth_unknown;
        } else if (done && wish->effects < def->wanted) {
            state->lost++;
            ctx->sources[source].damage += def->worth_lost;
        }
    }
}

void pl_effect_validate(const struct pl_ctx *ctx)
{
    for (uint32_t i = 0; i < pl_effect_wish_count(ctx->world); i++) {
        const struct pl_wish *wish = &ctx->wishes[i];
        if (wish->trace != 0) {
            PL_CHECK(wish->effect < ctx->world->effect_count && wish->since_ns <= ctx->now);
            PL_CHECK(set_of(ctx, wish->trace) == &ctx->wishes[i / WISH_WAYS * WISH_WAYS]);
        }
    }
    for (uint32_t e = 0; e < ctx->world->effect_count; e++) {
        uint64_t effects = 0;
        uint64_t duplicates = 0;
        for (uint32_t v = 0; v <= ctx->world->vendor_count; v++) {
            effects += ctx->effect_counts[e * (ctx->world->vendor_count + 1) + v].effects;
            duplicates += ctx->effect_counts[e * (ctx->world->vendor_count + 1) + v].duplicates;
        }
        PL_CHECK(effects == ctx->effects[e].effects && duplicates == ctx->effects[e].duplicates);
    }
}
