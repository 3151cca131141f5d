// SPDX-License-Identifier: Apache-2.0
//
// Layout, start, fork and hash of the state block.
#include "model/state.h"

#include "model/broker.h"
#include "model/cache.h"
#include "model/database.h"
#include "model/effect.h"
#include "model/group.h"
#include "model/job.h"
#include "model/keepalive.h"
#include "model/neutral.h"
#include "model/pool.h"
#include "model/service.h"
#include "model/traffic.h"

#include <string.h>

enum {
    PL_ALIGN = 16,
    PL_FRAME_LEAVES_FIRST = 64 /* leaves of the frames' tree at the start */
};

static uint64_t place(uint64_t *at, uint64_t size)
{
    uint64_t offset = *at;
    *at = (offset + size + PL_ALIGN - 1) / PL_ALIGN * PL_ALIGN;
    return offset;
}

static uint32_t conn_count(const struct pl_world *world)
{
    uint32_t count = 0;
    for (uint32_t p = 0; p < world->pool_count; p++) {
        count += world->pools[p].size_max * world->services[world->pools[p].service].pods_max;
    }
    return count;
}

static uint32_t cpu_capacity(const struct pl_world *world, uint32_t service)
{
    uint32_t workers = world->services[service].workers;
    uint32_t capacity = workers == 0 ? world->frames_max : 4 * workers + 16;
    return capacity < world->frames_max ? capacity : world->frames_max;
}

static uint32_t database_capacity(const struct pl_world *world, uint32_t database)
{
    uint32_t capacity = 16;
    for (uint32_t p = 0; p < world->pool_count; p++) {
        const struct pl_pool *pool = &world->pools[p];
        if (pool->database == database) {
            capacity += pool->size_max * world->services[pool->service].pods_max;
        }
    }
    return capacity;
}

/* Places in the arrays of jobs. */
struct jobs {
    uint32_t jobs;
    uint32_t groups;
};

/* Add places for so many stations of one capacity. */
static void add_jobs(struct jobs *all, uint32_t stations, uint32_t capacity)
{
    all->jobs += stations * pl_least_values(capacity);
    all->groups += stations * pl_least_groups(capacity);
}

static struct jobs station_jobs(const struct pl_world *world)
{
    struct jobs all = {0, 0};
    for (uint32_t s = 0; s < world->service_count; s++) {
        add_jobs(&all, world->services[s].pods_max, cpu_capacity(world, s));
    }
    for (uint32_t d = 0; d < world->database_count; d++) {
        add_jobs(&all, 1 + world->databases[d].replicas, database_capacity(world, d));
    }
    return all;
}

static uint32_t cache_keys(const struct pl_world *world)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->cache_count; i++) {
        count += world->caches[i].keys;
    }
    return count;
}

/* Keys, or nodes, of the caches with a capacity. */
static uint32_t cache_ordered(const struct pl_world *world, bool nodes)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->cache_count; i++) {
        const struct pl_cache *cache = &world->caches[i];
        count += cache->capacity > 0.0 ? (nodes ? cache->nodes : cache->keys) : 0;
    }
    return count;
}

static uint32_t messages(const struct pl_world *world)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->topic_count; i++) {
        count += world->topics[i].depth_max;
    }
    return count;
}

/* Slots in order of priority within one moment: timeline, traffic, jobs, services, pods, databases,
 * deadlines; then frames, which have a tree of their own, so that the few entities stay shallow. */
static uint32_t layout_slots(const struct pl_world *world, struct pl_state *state)
{
    uint32_t slot = 1;
    state->slot_source = slot;
    slot += world->source_count;
    state->slot_job = slot;
    slot += world->job_count;
    state->slot_service = slot;
    slot += world->service_count * PL_SERVICE_SLOTS;
    state->slot_pod = slot;
    slot += world->pod_count * PL_POD_SLOTS;
    state->slot_database = slot;
    slot += world->database_count * (2 + PL_REPLICAS_MAX);
    state->slot_deadline = slot;
    slot += world->edge_count + world->source_count + pl_group_slots(world);
    state->slot_frame = slot;
    return slot;
}

/* Where the parts of links, effects and the broker lie, from the first of them on. */
struct extras {
    uint64_t slots;
    uint64_t effects;
    uint64_t counts;
    uint64_t wishes;
    uint64_t broker;
    uint64_t end;
};

static struct extras layout_extras(const struct pl_world *world, uint64_t at)
{
    struct extras extras;
    uint64_t counts = (uint64_t)world->effect_count * (world->vendor_count + 1);
    extras.slots = place(&at, pl_keepalive_slot_count(world) * sizeof(struct pl_link_slot));
    extras.effects = place(&at, world->effect_count * sizeof(struct pl_effect_state));
    extras.counts = place(&at, counts * sizeof(struct pl_effect_count));
    extras.wishes = place(&at, pl_effect_wish_count(world) * sizeof(struct pl_wish));
    extras.broker = place(&at, pl_broker_size(world));
    extras.end = at;
    return extras;
}

/* Entities that have events all the time: sources, processors, databases. */
static uint32_t often_count(const struct pl_world *world)
{
    return world->source_count + world->pod_count + world->database_count * (1 + PL_REPLICAS_MAX);
}

void pl_state_layout(const struct pl_world *world, struct pl_state *state)
{
    uint64_t at = 0;
    memset(state, 0, sizeof *state);
    state->version = PL_STATE_VERSION;
    uint32_t slots = layout_slots(world, state);
    state->leaf_count = pl_queue_leaves(often_count(world) + 1);
    state->rare_count = pl_queue_leaves(slots - often_count(world));
    state->frame_leaf_count =
        pl_queue_leaves(world->frames_max + 1 < PL_FRAME_LEAVES_FIRST ? world->frames_max + 1
                                                                      : PL_FRAME_LEAVES_FIRST);
    uint32_t frame_leaves = pl_queue_leaves(world->frames_max + 1); /* at most */
    state->frames_max = world->frames_max;
    state->param_count = world->param_count;
    place(&at, sizeof *state);
    state->at_params = place(&at, 2 * (world->param_count + 1) * sizeof(double));
    state->at_gated = place(&at, world->param_count + 1);
    state->at_step_flags = place(&at, world->step_count * sizeof(uint16_t));
    state->at_route_knobs = place(&at, world->route_count * sizeof(uint16_t));
    state->at_edge_knobs = place(&at, world->edge_count * sizeof(uint16_t));
    state->at_changes = place(&at, PL_CHANGES_MAX * sizeof(struct pl_change_state));
    state->at_slots = place(&at, slots * sizeof(struct pl_slot));
    state->at_tree = place(&at, pl_queue_words(state->leaf_count) * sizeof(uint64_t));
    state->at_rare_tree = place(&at, pl_queue_words(state->rare_count) * sizeof(uint64_t));
    state->at_frame_tree = place(&at, pl_queue_words(frame_leaves) * sizeof(uint64_t));
    state->at_services = place(&at, world->service_count * sizeof(struct pl_service_state));
    state->at_pods = place(&at, world->pod_count * sizeof(struct pl_pod));
    state->at_pod_routes = place(&at, world->pod_count * world->route_count * sizeof(uint32_t));
    state->at_edges =
        place(&at, world->pod_count * world->edge_count * sizeof(struct pl_edge_state));
    state->at_pools = place(&at, pl_pool_state_count(world) * sizeof(struct pl_pool_state));
    state->at_pool_meters = place(&at, world->pool_count * sizeof(struct pl_meter));
    state->at_conns = place(&at, conn_count(world) * sizeof(struct pl_conn));
    state->at_databases = place(&at, world->database_count * sizeof(struct pl_database_state));
    state->at_locks = place(&at, world->lock_count * sizeof(struct pl_lock_state));
    state->at_lock_keys =
        place(&at, world->lock_count * PL_LOCK_KEYS_MAX * sizeof(struct pl_lock_key));
    state->at_jobs = place(&at, world->job_count * sizeof(struct pl_job_state));
    state->at_vendors = place(&at, world->vendor_count * sizeof(struct pl_vendor_state));
    state->at_caches = place(&at, world->cache_count * sizeof(struct pl_cache_state));
    state->at_cache_keys = place(&at, cache_keys(world) * sizeof(int64_t));
    state->at_cache_links = place(&at, cache_ordered(world, false) * sizeof(struct pl_lru_link));
    state->at_cache_nodes = place(&at, cache_ordered(world, true) * sizeof(struct pl_lru));
    state->at_topics = place(&at, world->topic_count * sizeof(struct pl_topic_state));
    state->at_messages = place(&at, messages(world) * sizeof(struct pl_message));
    state->at_sources = place(&at, world->source_count * sizeof(struct pl_source_state));
    state->at_deadlines =
        place(&at, (world->edge_count + world->source_count) * sizeof(struct pl_list));
    struct jobs jobs = station_jobs(world);
    state->at_job_finish = place(&at, jobs.jobs * sizeof(double));
    state->at_job_least = place(&at, jobs.groups * sizeof(double));
    state->at_job_frame = place(&at, jobs.jobs * sizeof(uint32_t));
    if (world->link_count + world->effect_count > 0 || pl_broker_size(world) > 0) {
        state->extras = (uint32_t)(at / PL_ALIGN);
        at = layout_extras(world, at).end;
    }
    state->at_frames = place(&at, (world->frames_max + 1) * sizeof(struct pl_frame));
    state->at_ready = place(&at, (world->frames_max + 1) * sizeof(uint32_t));
    state->size = at;
}

size_t pl_model_size(const struct pl_world *world)
{
    struct pl_state header;
    PL_CHECK(world->sealed);
    pl_state_layout(world, &header);
    return (size_t)header.size;
}

/* Arrays inside the block; the caller guarantees that the block is aligned. */
static void *at(struct pl_state *state, uint64_t offset)
{
    return (char *)state + offset;
}

void pl_state_context(struct pl_ctx *ctx,
                      const struct pl_world *world,
                      struct pl_state *state,
                      struct pl_record *record)
{
    PL_CHECK(state->version == PL_STATE_VERSION && state->param_count == world->param_count);
    *ctx = (struct pl_ctx){
        .world = world,
        .state = state,
        .record = record,
        .now = state->now_ns,
        .params = at(state, state->at_params),
        .gated = at(state, state->at_gated),
        .step_flags = at(state, state->at_step_flags),
        .route_knobs = at(state, state->at_route_knobs),
        .edge_knobs = at(state, state->at_edge_knobs),
        .changes = at(state, state->at_changes),
        .slots = at(state, state->at_slots),
        .tree = at(state, state->at_tree),
        .rare_tree = at(state, state->at_rare_tree),
        .frame_tree = at(state, state->at_frame_tree),
        .leaf_count = state->leaf_count,
        .rare_count = state->rare_count,
        .frame_leaf_count = state->frame_leaf_count,
        .ready_limit = state->frames_max + 1,
        .ready = at(state, state->at_ready),
        .services = at(state, state->at_services),
        .pods = at(state, state->at_pods),
        .pod_routes = at(state, state->at_pod_routes),
        .edges = at(state, state->at_edges),
        .pools = at(state, state->at_pools),
        .pool_meters = at(state, state->at_pool_meters),
        .conns = at(state, state->at_conns),
        .databases = at(state, state->at_databases),
        .locks = at(state, state->at_locks),
        .lock_keys = at(state, state->at_lock_keys),
        .jobs = at(state, state->at_jobs),
        .vendors = at(state, state->at_vendors),
        .caches = at(state, state->at_caches),
        .cache_keys = at(state, state->at_cache_keys),
        .cache_links = at(state, state->at_cache_links),
        .cache_nodes = at(state, state->at_cache_nodes),
        .topics = at(state, state->at_topics),
        .messages = at(state, state->at_messages),
        .sources = at(state, state->at_sources),
        .deadlines = at(state, state->at_deadlines),
        .job_finish = at(state, state->at_job_finish),
        .job_least = at(state, state->at_job_least),
        .job_frame = at(state, state->at_job_frame),
        .frames = at(state, state->at_frames),
    };
    ctx->plain = ctx->params + world->param_count + 1;
    for (uint32_t i = 0; i < world->source_count; i++) {
        ctx->forecasts[i].at_ns = -1;
    }
    if (state->extras != 0) {
        struct extras extras = layout_extras(world, (uint64_t)state->extras * PL_ALIGN);
        ctx->link_slots = at(state, extras.slots);
        ctx->effects = at(state, extras.effects);
        ctx->effect_counts = at(state, extras.counts);
        ctx->wishes = at(state, extras.wishes);
        if (pl_broker_size(world) > 0) {
            pl_broker_context(ctx, at(state, extras.broker));
        }
    }
}

/* Give a station its slot and its part of the arrays of jobs. */
static void start_station(struct pl_ctx *ctx,
                          struct pl_station *station,
                          struct jobs *at,
                          uint32_t slot,
                          uint32_t capacity)
{
    station->job0 = at->jobs;
    station->least0 = at->groups;
    station->capacity = capacity;
    station->slot = slot;
    station->first_finish = PL_LEAST_NONE;
    add_jobs(at, 1, capacity);
    pl_least_clear(pl_station_ends(ctx, station), capacity);
    pl_station_settle(ctx, station);
}

static void start_stations(struct pl_ctx *ctx)
{
    const struct pl_world *world = ctx->world;
    struct jobs at = {0, 0};
    for (uint32_t s = 0; s < world->service_count; s++) {
        for (uint32_t i = world->pod0[s]; i < world->pod0[s] + world->services[s].pods_max; i++) {
            struct pl_pod *pod = &ctx->pods[i];
            uint32_t slot = ctx->state->slot_pod + i * PL_POD_SLOTS;
            pod->service = s;
            pod->cpu.cores = world->services[s].cpu_cores;
            start_station(ctx, &pod->cpu, &at, slot, cpu_capacity(world, s));
        }
    }
    for (uint32_t d = 0; d < world->database_count; d++) {
        struct pl_database_state *database = &ctx->databases[d];
        uint32_t slot = ctx->state->slot_database + d * (2 + PL_REPLICAS_MAX);
        uint32_t capacity = database_capacity(world, d);
        start_station(ctx, &database->primary, &at, slot, capacity);
        for (uint32_t i = 0; i < PL_REPLICAS_MAX; i++) {
            database->replicas[i].slot = slot + 1 + i;
            database->replicas[i].first_finish = PL_LEAST_NONE;
            if (i < world->databases[d].replicas) {
                start_station(ctx, &database->replicas[i], &at, slot + 1 + i, capacity);
            }
        }
        database->down_slot = slot + 1 + PL_REPLICAS_MAX;
    }
}

static void start_entities(struct pl_ctx *ctx)
{
    const struct pl_world *world = ctx->world;
    uint32_t key = 0;
    uint32_t link = 0;
    uint32_t node = 0;
    uint32_t message = 0;
    pl_pool_start(ctx);
    for (uint32_t i = 0; i < world->edge_count + world->source_count; i++) {
        ctx->deadlines[i].slot = ctx->state->slot_deadline + i;
    }
    for (uint32_t i = 0; i < world->database_count; i++) {
        pl_database_start(ctx, i);
    }
    for (uint32_t i = 0; i < world->cache_count; i++) {
        ctx->caches[i].key0 = key;
        ctx->caches[i].nodes = world->caches[i].nodes;
        ctx->caches[i].link0 = link;
        ctx->caches[i].node0 = node;
        key += world->caches[i].keys;
        link += world->caches[i].capacity > 0.0 ? world->caches[i].keys : 0;
        node += world->caches[i].capacity > 0.0 ? world->caches[i].nodes : 0;
        pl_cache_start(ctx, i);
    }
    for (uint32_t i = 0; i < world->topic_count; i++) {
        ctx->topics[i].ring0 = message;
        message += world->topics[i].depth_max;
    }
    for (uint32_t i = 0; i < world->vendor_count; i++) {
        ctx->vendors[i].tokens = world->vendors[i].quota;
    }
    for (uint32_t i = 0; i < world->service_count; i++) {
        pl_service_start(ctx, i);
    }
    pl_keepalive_start(ctx);
    if (ctx->broker != NULL) {
        pl_broker_start(ctx);
    }
    for (uint32_t i = 0; i < world->job_count; i++) {
        if (world->jobs[i].running > 0.5) {
            pl_job_changed(ctx, i, PL_JOB_RUNNING);
        }
    }
    for (uint32_t i = 0; i < world->source_count; i++) {
        pl_traffic_start(ctx, i);
    }
    PL_CHECK(ctx->ready_head == ctx->ready_tail);
}

/* Slots of entities that have events all the time get the first leaves, near the root. */
static void start_slots(const struct pl_world *world, struct pl_state *state)
{
    struct pl_slot *slots = at(state, state->at_slots);
    uint16_t often = 0;
    uint16_t rare = 0;
    memset(slots, 0xff, state->slot_frame * sizeof *slots);
    for (uint32_t i = 0; i < world->source_count; i++) {
        slots[state->slot_source + i] = (struct pl_slot){often++, PL_SLOT_SOURCE, (uint8_t)i};
    }
    for (uint32_t i = 0; i < world->pod_count; i++) {
        slots[state->slot_pod + i * PL_POD_SLOTS] =
            (struct pl_slot){often++, PL_SLOT_CPU, (uint8_t)i};
    }
    for (uint32_t i = 0; i < world->database_count * (2 + PL_REPLICAS_MAX); i++) {
        uint32_t part = i % (2 + PL_REPLICAS_MAX);
        if (part <= PL_REPLICAS_MAX) {
            uint32_t station = i / (2 + PL_REPLICAS_MAX) * (1 + PL_REPLICAS_MAX) + part;
            slots[state->slot_database + i] =
                (struct pl_slot){often++, PL_SLOT_DATABASE, (uint8_t)station};
        }
    }
    for (uint32_t i = 0; i < state->slot_frame; i++) {
        if (slots[i].leaf == UINT16_MAX) {
            uint16_t leaf = (uint16_t)(state->leaf_count + rare++);
            slots[i] = (struct pl_slot){leaf, PL_SLOT_REST, 0};
        }
    }
    PL_CHECK(often + 1u <= state->leaf_count && rare <= state->rare_count);
}

struct pl_state *
pl_model_init(const struct pl_world *world, void *memory, size_t size, uint64_t seed)
{
    struct pl_state *state = memory;
    struct pl_ctx ctx;
    PL_CHECK(world->sealed && ((uintptr_t)memory % PL_ALIGN) == 0);
    PL_CHECK(size >= pl_model_size(world));
    memset(memory, 0, pl_model_size(world));
    pl_state_layout(world, state);
    state->seed = pl_random_mix(seed + UINT64_C(0x706c756d62));
    pl_state_context(&ctx, world, state, NULL);
    start_slots(world, state);
    pl_queue_init(ctx.tree, ctx.leaf_count);
    pl_queue_init(ctx.rare_tree, ctx.rare_count);
    pl_queue_init(ctx.frame_tree, ctx.frame_leaf_count);
    for (uint32_t i = 1; i <= world->param_count; i++) {
        ctx.params[i] = world->params[i].base;
        ctx.plain[i] = world->params[i].base;
    }
    pl_neutral_start(&ctx);
    start_stations(&ctx);
    start_entities(&ctx);
    return state;
}

int64_t pl_model_now(const struct pl_state *state)
{
    return state->now_ns;
}

uint64_t pl_model_events(const struct pl_state *state)
{
    return state->events;
}

uint64_t pl_model_overflows(const struct pl_state *state)
{
    return state->overflows;
}

size_t pl_model_used(const struct pl_state *state)
{
    return (size_t)(state->at_frames + (state->frame_high + 1) * sizeof(struct pl_frame));
}

struct pl_state *pl_model_fork(void *target, size_t target_size, const struct pl_state *source)
{
    size_t used = pl_model_used(source);
    PL_CHECK(target_size >= used && ((uintptr_t)target % PL_ALIGN) == 0);
    memcpy(target, source, used);
    return target;
}

pl_hash128 pl_model_hash(const struct pl_state *state)
{
    return pl_hash_bytes(state, pl_model_used(state), PL_STATE_VERSION);
}

void pl_model_reseed(struct pl_state *state, uint64_t seed)
{
    struct pl_source_state *sources = at(state, state->at_sources);
    state->seed = pl_random_child(state->seed, seed);
    for (uint32_t i = 0; i < state->slot_job - state->slot_source; i++) {
        sources[i].key = pl_traffic_key(state->seed, i);
        sources[i].ahead = pl_traffic_ahead(&sources[i]);
    }
}

double pl_model_param(const struct pl_state *state, uint32_t param)
{
    const double *params = (const double *)(const void *)((const char *)state + state->at_params);
    PL_CHECK(param >= 1 && param <= state->param_count);
    return params[param];
}

void pl_ctx_pack_ready(struct pl_ctx *ctx)
{
    uint32_t count = ctx->ready_tail - ctx->ready_head;
    PL_CHECK(ctx->ready_head > 0);
    memmove(ctx->ready, &ctx->ready[ctx->ready_head], count * sizeof *ctx->ready);
    ctx->ready_head = 0;
    ctx->ready_tail = count;
}

void pl_list_insert(struct pl_ctx *ctx, struct pl_list *list, uint32_t after, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    f->queue_previous = after;
    f->queue_next = after == 0 ? list->head : ctx->frames[after].queue_next;
    if (f->queue_next != 0) {
        ctx->frames[f->queue_next].queue_previous = frame;
    } else {
        list->tail = frame;
    }
    if (after != 0) {
        ctx->frames[after].queue_next = frame;
    } else {
        list->head = frame;
    }
    list->count++;
}
