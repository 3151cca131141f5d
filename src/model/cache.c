// SPDX-License-Identifier: Apache-2.0
//
// A look-aside cache: tracked keys with Zipf popularity, each with a moment of expiry. The hit
// ratio is not a setting, it follows from keys, TTL, capacity, nodes and traffic.
//
// A key lives on node (key mod the configured nodes). A node that is gone takes its keys along;
// they miss until it is back, or move to the nodes that are left when the cache rehashes. With a
// capacity each node drops the key that was not used for longest (lru.h), expired or not.
//
// Invariant: a key is in the order of use of its node exactly when its expiry is not 0.
#include "model/cache.h"

#include "base/fmath.h"
#include "model/lru.h"

static double knob(const struct pl_ctx *ctx, uint32_t cache, enum pl_cache_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->caches[cache].param0 + (uint32_t)knob);
}

uint32_t pl_cache_node(const struct pl_ctx *ctx, uint32_t cache, uint32_t key)
{
    const struct pl_cache *def = &ctx->world->caches[cache];
    uint32_t up = ctx->caches[cache].nodes;
    uint32_t home = key % def->nodes;
    if (home < up) {
        return home;
    }
    return def->rehash && up > 0 ? (uint32_t)(pl_random_mix(key) % up) : PL_NONE;
}

static bool is_ordered(const struct pl_ctx *ctx, uint32_t cache)
{
    return ctx->world->caches[cache].capacity > 0.0;
}

static struct pl_lru *order_of(struct pl_ctx *ctx, uint32_t cache, uint32_t node)
{
    return &ctx->cache_nodes[ctx->caches[cache].node0 + node];
}

static struct pl_lru_link *links_of(struct pl_ctx *ctx, uint32_t cache)
{
    return &ctx->cache_links[ctx->caches[cache].link0];
}

static int64_t *expiry_of(struct pl_ctx *ctx, uint32_t cache, uint32_t key)
{
    return &ctx->cache_keys[ctx->caches[cache].key0 + key];
}

/* Forget a key that lives on this node. */
static void drop(struct pl_ctx *ctx, uint32_t cache, uint32_t node, uint32_t key)
{
    int64_t *expiry = expiry_of(ctx, cache, key);
    if (*expiry != 0 && node != PL_NONE && is_ordered(ctx, cache)) {
        pl_lru_remove(order_of(ctx, cache, node), links_of(ctx, cache), key);
    }
    *expiry = 0;
}

/* Let the least recently used keys go until the node is within its capacity. */
static void shrink(struct pl_ctx *ctx, uint32_t cache, uint32_t node)
{
    struct pl_lru *order = order_of(ctx, cache, node);
    double capacity = knob(ctx, cache, PL_CACHE_CAPACITY);
    while ((double)order->count > capacity) {
        drop(ctx, cache, node, order->oldest - 1);
    }
}

static uint32_t draw_key(const struct pl_ctx *ctx, uint32_t cache, double unit)
{
    const double *cdf = ctx->world->cache_cdf[cache];
    const uint16_t *guide = &ctx->world->cache_guide[cache][(uint32_t)(unit * PL_GUIDE_STEPS)];
    uint32_t low = guide[0];
    uint32_t high = guide[1];
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
    uint32_t node = pl_cache_node(ctx, cache, index);
    bool hit = node != PL_NONE && *expiry_of(ctx, cache, index) > ctx->now;
    if (hit && is_ordered(ctx, cache)) {
        pl_lru_touch(order_of(ctx, cache, node), links_of(ctx, cache), index);
    }
    f->cache_key = index + 1;
    if (pl_ctx_observed(ctx)) {
        ctx->record->cache_hits[cache] += hit ? 1 : 0;
        ctx->record->cache_misses[cache] += hit ? 0 : 1;
    }
    return hit;
}

void pl_cache_put(struct pl_ctx *ctx, uint32_t frame, uint32_t cache)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    if (f->cache_key == 0 || f->cache_key > ctx->world->caches[cache].keys) {
        return;
    }
    uint32_t index = f->cache_key - 1;
    uint32_t node = pl_cache_node(ctx, cache, index);
    if (node == PL_NONE) {
        return;
    }
    double ttl = knob(ctx, cache, PL_CACHE_TTL);
    uint64_t key = pl_random_child(f->key, PL_DRAW_CACHE);
    double unit = pl_random_unit(pl_random_bits(key, UINT64_MAX));
    ttl *= 1.0 - ctx->world->caches[cache].jitter * unit;
    int64_t *expiry = expiry_of(ctx, cache, index);
    if (is_ordered(ctx, cache)) {
        if (*expiry != 0) {
            pl_lru_touch(order_of(ctx, cache, node), links_of(ctx, cache), index);
        } else {
            pl_lru_add(order_of(ctx, cache, node), links_of(ctx, cache), index);
        }
    }
    *expiry = ctx->now + pl_clock_ns(ttl);
    if (is_ordered(ctx, cache)) {
        *expiry += *expiry == 0 ? 1 : 0; /* 0 says that the key is not there */
        shrink(ctx, cache, node);
    }
}

uint32_t pl_cache_resident(const struct pl_ctx *ctx, uint32_t cache)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < ctx->world->caches[cache].keys; i++) {
        if (pl_cache_node(ctx, cache, i) != PL_NONE &&
            ctx->cache_keys[ctx->caches[cache].key0 + i] > ctx->now) {
            count++;
        }
    }
    return count;
}

void pl_cache_start(struct pl_ctx *ctx, uint32_t cache)
{
    /* Every key is resident with a random rest of its life, or as many of the most popular ones as
     * there is room for; the warm-up brings the true mix. */
    uint64_t key = pl_random_child(pl_random_child(ctx->state->seed, PL_DRAW_CACHE), cache);
    double ttl = knob(ctx, cache, PL_CACHE_TTL);
    double capacity = knob(ctx, cache, PL_CACHE_CAPACITY);
    for (uint32_t i = 0; i < ctx->world->caches[cache].keys; i++) {
        int64_t *expiry = expiry_of(ctx, cache, i);
        *expiry = pl_clock_ns(ttl * pl_random_unit(pl_random_bits(key, i)));
        if (!is_ordered(ctx, cache)) {
            continue;
        }
        struct pl_lru *order = order_of(ctx, cache, pl_cache_node(ctx, cache, i));
        if ((double)order->count < capacity) {
            *expiry += *expiry == 0 ? 1 : 0;
            pl_lru_add_oldest(order, links_of(ctx, cache), i);
        } else {
            *expiry = 0;
        }
    }
}

void pl_cache_changed(struct pl_ctx *ctx, uint32_t cache, enum pl_cache_knob changed)
{
    const struct pl_cache *def = &ctx->world->caches[cache];
    struct pl_cache_state *state = &ctx->caches[cache];
    uint32_t before = state->nodes;
    uint32_t after =
        changed == PL_CACHE_NODES ? (uint32_t)(knob(ctx, cache, PL_CACHE_NODES) + 0.5) : before;
    bool flush = changed == PL_CACHE_FLUSH && knob(ctx, cache, PL_CACHE_FLUSH) > 0.0;
    for (uint32_t i = 0; i < def->keys; i++) {
        state->nodes = before;
        uint32_t old = pl_cache_node(ctx, cache, i);
        state->nodes = after;
        if (flush || old != pl_cache_node(ctx, cache, i)) {
            drop(ctx, cache, old, i);
        }
    }
    for (uint32_t node = 0; is_ordered(ctx, cache) && node < def->nodes; node++) {
        shrink(ctx, cache, node);
    }
}
