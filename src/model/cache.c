// SPDX-License-Identifier: Apache-2.0
//
// A look-aside cache: tracked keys with Zipf popularity, each with a moment of expiry. The hit
// ratio is not a setting, it follows from keys, TTL, nodes and traffic. A key lives on node (key
// mod the configured nodes); a node that is gone takes its keys along.
#include "model/cache.h"

#include "base/fmath.h"

static double knob(const struct pl_ctx *ctx, uint32_t cache, enum pl_cache_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->caches[cache].param0 + (uint32_t)knob);
}

static bool node_is_up(const struct pl_ctx *ctx, uint32_t cache, uint32_t key)
{
    return key % ctx->world->caches[cache].nodes < ctx->caches[cache].nodes;
}

static uint32_t draw_key(const struct pl_ctx *ctx, uint32_t cache, double unit)
{
    const double *cdf = ctx->world->cache_cdf[cache];
    uint32_t low = 0;
    uint32_t high = ctx->world->caches[cache].keys - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (unit < cdf[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

bool pl_cache_get(struct pl_ctx *ctx, uint32_t frame, uint32_t cache)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint64_t key = pl_random_child(f->key, PL_DRAW_CACHE);
    uint64_t bits = pl_random_bits(key, ((uint64_t)f->pc << 8) | f->times);
    uint32_t index = draw_key(ctx, cache, pl_random_unit(bits));
    bool hit = node_is_up(ctx, cache, index) &&
               ctx->cache_keys[ctx->caches[cache].key0 + index] > ctx->now;
    f->cache_key = index + 1;
    if (ctx->record != NULL) {
        ctx->record->cache_hits[cache] += hit ? 1 : 0;
        ctx->record->cache_misses[cache] += hit ? 0 : 1;
    }
    return hit;
}

void pl_cache_put(struct pl_ctx *ctx, uint32_t frame, uint32_t cache)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->cache_key == 0 || f->cache_key > ctx->world->caches[cache].keys ||
        !node_is_up(ctx, cache, f->cache_key - 1)) {
        return;
    }
    double ttl = knob(ctx, cache, PL_CACHE_TTL);
    uint64_t key = pl_random_child(f->key, PL_DRAW_CACHE);
    double unit = pl_random_unit(pl_random_bits(key, UINT64_MAX));
    ttl *= 1.0 - ctx->world->caches[cache].jitter * unit;
    ctx->cache_keys[ctx->caches[cache].key0 + f->cache_key - 1] = ctx->now + pl_clock_ns(ttl);
}

uint32_t pl_cache_resident(const struct pl_ctx *ctx, uint32_t cache)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < ctx->world->caches[cache].keys; i++) {
        if (node_is_up(ctx, cache, i) && ctx->cache_keys[ctx->caches[cache].key0 + i] > ctx->now) {
            count++;
        }
    }
    return count;
}

void pl_cache_start(struct pl_ctx *ctx, uint32_t cache)
{
    /* Every key is resident with a random rest of its life; the warm-up brings the true mix. */
    uint64_t key = pl_random_child(pl_random_child(ctx->state->seed, PL_DRAW_CACHE), cache);
    double ttl = knob(ctx, cache, PL_CACHE_TTL);
    for (uint32_t i = 0; i < ctx->world->caches[cache].keys; i++) {
        ctx->cache_keys[ctx->caches[cache].key0 + i] =
            pl_clock_ns(ttl * pl_random_unit(pl_random_bits(key, i)));
    }
}

void pl_cache_changed(struct pl_ctx *ctx, uint32_t cache, enum pl_cache_knob changed)
{
    const struct pl_cache *def = &ctx->world->caches[cache];
    struct pl_cache_state *state = &ctx->caches[cache];
    uint32_t nodes = (uint32_t)(knob(ctx, cache, PL_CACHE_NODES) + 0.5);
    bool flush = changed == PL_CACHE_FLUSH && knob(ctx, cache, PL_CACHE_FLUSH) > 0.0;
    if (changed == PL_CACHE_NODES) {
        state->nodes = nodes;
    }
    for (uint32_t i = 0; i < def->keys; i++) {
        if (flush || !node_is_up(ctx, cache, i)) {
            ctx->cache_keys[state->key0 + i] = 0;
        }
    }
}
