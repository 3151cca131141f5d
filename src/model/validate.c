// SPDX-License-Identifier: Apache-2.0
//
// Whole-state checks. For every resource Little's law holds to the nanosecond at every moment:
//   integral of the number present = time of those that left + time so far of those present,
// once for being served and once for waiting.
#include "model/cache.h"
#include "model/effect.h"
#include "model/neutral.h"
#include "model/pool.h"
#include "model/service.h"

/* Counts and times of those present, collected from the frames. */
struct present {
    int64_t service_ns;
    int64_t waiting_ns;
    uint32_t in_service;
    uint32_t waiting;
};

static void check_meter(const struct pl_meter *meter, const struct present *found, int64_t now)
{
    PL_CHECK(meter->in_service == found->in_service);
    PL_CHECK(meter->waiting == found->waiting);
    PL_CHECK(pl_meter_service_area(meter, now) == meter->sums.service_sum_ns + found->service_ns);
    PL_CHECK(pl_meter_waiting_area(meter, now) == meter->sums.waiting_sum_ns + found->waiting_ns);
}

static void serve(struct present *found, int64_t for_ns)
{
    found->in_service++;
    found->service_ns += for_ns;
}

static void wait(struct present *found, int64_t for_ns)
{
    found->waiting++;
    found->waiting_ns += for_ns;
}

/* A station works as its mode says, and what is whole in that mode is. */
static void check_station(const struct pl_station *station)
{
    bool own = station->mode == PL_STATION_OWN;
    PL_CHECK(station->count <= station->capacity && station->room <= station->capacity);
    PL_CHECK((station->mode == PL_STATION_SPECIAL) == (station->room == 0));
    PL_CHECK(!own || (station->count <= station->room && (double)station->room <= station->cores &&
                      !(station->load > 0.0)));
    PL_CHECK(!own ||
             (pl_station_is_whole(station->virtual_ns) && pl_station_is_whole(station->busy_ns)));
}

/* The queue of a pod: linked both ways, its members wait there, classes in order. */
static void check_queue(const struct pl_ctx *ctx, const struct pl_pod *pod)
{
    uint32_t count = 0;
    uint32_t previous = 0;
    uint32_t lowest = 0;
    for (uint32_t id = pod->queue.head; id != 0; id = ctx->frames[id].queue_next) {
        const struct pl_frame *f = &ctx->frames[id];
        uint32_t priority = ctx->world->routes[f->route].priority;
        PL_CHECK(f->state == PL_FRAME_QUEUED && f->queue_previous == previous);
        PL_CHECK(!(f->flags & PL_FRAME_ORPHAN) || !ctx->world->services[pod->service].queue_drop);
        PL_CHECK(priority >= lowest || !ctx->world->services[pod->service].queue_classes);
        lowest = priority;
        previous = id;
        count++;
        PL_CHECK(count <= pod->queue.count);
    }
    PL_CHECK(count == pod->queue.count && pod->queue.tail == previous);
}

static void check_services(const struct pl_ctx *ctx)
{
    for (uint32_t s = 0; s < ctx->world->service_count; s++) {
        struct present workers = {0};
        struct present cpu = {0};
        uint32_t busy = 0;
        for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
            const struct pl_frame *f = &ctx->frames[id];
            if (f->state == PL_FRAME_FREE || f->pod == PL_NONE || ctx->pods[f->pod].service != s) {
                continue;
            }
            if (f->flags & PL_FRAME_WORKER) {
                serve(&workers, ctx->now - f->worker_ns);
            }
            if (f->state == PL_FRAME_QUEUED) {
                wait(&workers, ctx->now - f->since_ns);
            }
            if (f->state == PL_FRAME_CPU) {
                serve(&cpu, ctx->now - f->since_ns);
            }
        }
        for (uint32_t i = 0; i < ctx->world->services[s].pods_max; i++) {
            const struct pl_pod *pod = &ctx->pods[ctx->world->pod0[s] + i];
            busy += pod->busy;
            check_station(&pod->cpu);
            PL_CHECK(pod->phase == PL_POD_ABSENT || i < ctx->services[s].positions);
            check_queue(ctx, pod);
            PL_CHECK(pod->phase != PL_POD_ABSENT || (pod->busy == 0 && pod->queue.count == 0));
        }
        PL_CHECK(busy == workers.in_service);
        struct pl_meter serving = pl_service_meter(ctx, s, false);
        struct pl_meter working = pl_service_meter(ctx, s, true);
        check_meter(&serving, &workers, ctx->now);
        check_meter(&working, &cpu, ctx->now);
    }
}

/* The pool of one pod: its connections and its queue, added to what was found in the others. */
static void check_pool(struct pl_ctx *ctx, const struct pl_pool_state *pool, struct present *found)
{
    uint32_t open = 0;
    uint32_t used = 0;
    for (uint32_t c = 0; c < ctx->world->pools[pool->pool].size_max; c++) {
        const struct pl_conn *conn = &ctx->conns[pool->conn0 + c];
        open += conn->state != 0 ? 1 : 0;
        PL_CHECK((conn->state == 1) == ((pool->idle[c / 64] >> (c % 64)) & 1u));
        used += conn->state >= 2 ? 1 : 0;
        if (conn->state == 2) {
            PL_CHECK(ctx->frames[conn->frame].conn == c + 1);
            serve(found, ctx->now - ctx->frames[conn->frame].hold_ns);
        }
    }
    PL_CHECK(open == pool->open && used == pool->in_use);
    for (uint32_t id = pool->queue.head; id != 0; id = ctx->frames[id].queue_next) {
        PL_CHECK(ctx->frames[id].state == PL_FRAME_ACQUIRE);
        wait(found, ctx->now - ctx->frames[id].since_ns);
    }
}

static void check_pools(struct pl_ctx *ctx)
{
    uint32_t states = pl_pool_state_count(ctx->world);
    for (uint32_t p = 0; p < ctx->world->pool_count; p++) {
        struct present found = {0};
        for (uint32_t s = 0; s < states; s++) {
            if (ctx->pools[s].pool == p) {
                check_pool(ctx, &ctx->pools[s], &found);
            }
        }
        check_meter(&ctx->pool_meters[p], &found, ctx->now);
    }
}

/* Connections of a database are those of its pools, of booting pods and of jobs. */
static void check_connections(const struct pl_ctx *ctx, uint32_t database)
{
    uint32_t open = 0;
    uint32_t jobs = 0;
    uint32_t states = pl_pool_state_count(ctx->world);
    for (uint32_t s = 0; s < states; s++) {
        if (ctx->world->pools[ctx->pools[s].pool].database == database) {
            open += ctx->pools[s].open;
        }
    }
    for (uint32_t i = 0; i < ctx->world->pod_count; i++) {
        open += (ctx->pods[i].boot_open >> (8 * database)) & 255u;
    }
    for (uint32_t j = 0; j < ctx->world->job_count; j++) {
        jobs += ctx->world->jobs[j].database == database ? ctx->jobs[j].connections : 0;
    }
    PL_CHECK(ctx->databases[database].connections == open);
    PL_CHECK(ctx->databases[database].job_connections == jobs);
}

static void check_databases(const struct pl_ctx *ctx)
{
    for (uint32_t d = 0; d < ctx->world->database_count; d++) {
        struct present primary = {0};
        struct present replicas = {0};
        for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
            const struct pl_frame *f = &ctx->frames[id];
            if (f->state != PL_FRAME_QUERY || (f->database - 1u) / 4 != d) {
                continue;
            }
            serve((f->database - 1u) % 4 == 0 ? &primary : &replicas, ctx->now - f->since_ns);
        }
        check_meter(&ctx->databases[d].meter, &primary, ctx->now);
        check_meter(&ctx->databases[d].replica_meter, &replicas, ctx->now);
        check_connections(ctx, d);
    }
    for (uint32_t g = 0; g < ctx->world->lock_count; g++) {
        struct present found = {0};
        for (uint32_t k = 0; k < PL_LOCK_KEYS_MAX; k++) {
            const struct pl_lock_key *key = &ctx->lock_keys[g * PL_LOCK_KEYS_MAX + k];
            if (key->holder != 0) {
                PL_CHECK(ctx->frames[key->holder].state != PL_FRAME_FREE);
                serve(&found, ctx->now - key->since_ns);
            }
        }
        for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
            const struct pl_frame *f = &ctx->frames[id];
            if (f->state == PL_FRAME_LOCK && (f->lock_wait - 1) / PL_LOCK_KEYS_MAX == g) {
                wait(&found, ctx->now - f->since_ns);
            }
        }
        check_meter(&ctx->locks[g].meter, &found, ctx->now);
    }
}

static void check_outside(const struct pl_ctx *ctx)
{
    for (uint32_t v = 0; v < ctx->world->vendor_count; v++) {
        struct present found = {0};
        for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
            const struct pl_frame *f = &ctx->frames[id];
            if (f->state == PL_FRAME_VENDOR && f->vendor == v) {
                serve(&found, ctx->now - f->since_ns);
            }
        }
        check_meter(&ctx->vendors[v].meter, &found, ctx->now);
    }
    for (uint32_t t = 0; t < ctx->world->topic_count; t++) {
        const struct pl_topic_state *topic = &ctx->topics[t];
        struct present found = {0};
        for (uint32_t i = 0; i < topic->count; i++) {
            uint32_t at = (topic->head + i) % ctx->world->topics[t].depth_max;
            wait(&found, ctx->now - ctx->messages[topic->ring0 + at].t_ns);
        }
        for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
            const struct pl_frame *f = &ctx->frames[id];
            if (f->state != PL_FRAME_FREE && f->topic == t) {
                serve(&found, ctx->now - f->start_ns);
            }
        }
        PL_CHECK(found.in_service == topic->working);
        check_meter(&topic->meter, &found, ctx->now);
    }
}

/* The order of use of a cache's nodes holds the keys that are there, none twice, none too many. */
static void check_caches(const struct pl_ctx *ctx)
{
    for (uint32_t c = 0; c < ctx->world->cache_count; c++) {
        const struct pl_cache *def = &ctx->world->caches[c];
        const struct pl_cache_state *state = &ctx->caches[c];
        uint32_t present = 0;
        if (!(def->capacity > 0.0)) {
            continue;
        }
        for (uint32_t i = 0; i < def->keys; i++) {
            present += ctx->cache_keys[state->key0 + i] != 0 ? 1 : 0;
        }
        for (uint32_t n = 0; n < def->nodes; n++) {
            const struct pl_lru *lru = &ctx->cache_nodes[state->node0 + n];
            uint32_t newer = 0;
            PL_CHECK((double)lru->count <= pl_ctx_param(ctx, def->param0 + PL_CACHE_CAPACITY));
            PL_CHECK(lru->count <= present);
            for (uint32_t i = 0, at = lru->newest; i < lru->count; i++) {
                PL_CHECK(at != 0 && pl_cache_node(ctx, c, at - 1) == n);
                PL_CHECK(ctx->cache_keys[state->key0 + at - 1] != 0);
                PL_CHECK(ctx->cache_links[state->link0 + at - 1].newer == newer);
                newer = at;
                at = ctx->cache_links[state->link0 + at - 1].older;
            }
            PL_CHECK(lru->oldest == newer);
            present -= lru->count;
        }
        PL_CHECK(present == 0);
    }
}

/* Every frame is free or in use, lists have the length they say, calls have their callers. */
static void check_frames(const struct pl_ctx *ctx)
{
    uint32_t unused = 0;
    uint32_t listed = 0;
    uint32_t deadlines = 0;
    for (uint32_t id = ctx->state->frame_free; id != 0; id = ctx->frames[id].queue_next) {
        PL_CHECK(ctx->frames[id].state == PL_FRAME_FREE);
        listed++;
        PL_CHECK(listed <= ctx->state->frame_high);
    }
    for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
        const struct pl_frame *f = &ctx->frames[id];
        unused += f->state == PL_FRAME_FREE ? 1 : 0;
        deadlines += (f->flags & PL_FRAME_DEADLINE) ? 1 : 0;
        PL_CHECK(f->parent == 0 || ctx->frames[f->parent].pending > 0);
        PL_CHECK(f->state != PL_FRAME_READY); /* the moment is over */
        PL_CHECK(f->state == PL_FRAME_FREE || f->twin == 0 ||
                 (ctx->frames[f->twin].twin == id && ctx->frames[f->twin].parent == f->parent));
    }
    PL_CHECK(unused == listed);
    for (uint32_t i = 0; i < ctx->world->edge_count + ctx->world->source_count; i++) {
        uint32_t count = 0;
        int64_t last = 0;
        for (uint32_t id = ctx->deadlines[i].head; id != 0; id = ctx->frames[id].deadline_next) {
            PL_CHECK(ctx->frames[id].deadline_ns >= last);
            last = ctx->frames[id].deadline_ns;
            count++;
        }
        PL_CHECK(count == ctx->deadlines[i].count);
        deadlines -= count;
    }
    PL_CHECK(deadlines == 0);
}

void pl_model_validate(const struct pl_world *world, const struct pl_state *state)
{
    struct pl_ctx ctx;
    union {
        const struct pl_state *borrowed;
        struct pl_state *open;
    } alias = {state}; /* read only below */
    pl_state_context(&ctx, world, alias.open, NULL);
    pl_queue_validate(ctx.tree, ctx.leaf_count);
    pl_queue_validate(ctx.rare_tree, ctx.rare_count);
    PL_CHECK(pl_queue_leaf(ctx.tree, ctx.leaf_count - 1) == pl_queue_first(ctx.rare_tree));
    pl_queue_validate(ctx.frame_tree, ctx.frame_leaf_count);
    pl_neutral_validate(&ctx);
    check_frames(&ctx);
    check_services(&ctx);
    check_pools(&ctx);
    check_databases(&ctx);
    check_outside(&ctx);
    check_caches(&ctx);
    pl_effect_validate(&ctx);
}
