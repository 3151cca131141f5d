// SPDX-License-Identifier: Apache-2.0
//
// Views: facts copied out of the state for instruments and tests.
#include "model/cache.h"
#include "model/database.h"
#include "model/edge.h"
#include "model/pool.h"
#include "model/state.h"
#include "model/station.h"

#include <stdio.h>
#include <string.h>

/* A context for reading; nothing below writes through it except to local copies. */
static struct pl_ctx reader(const struct pl_world *world, const struct pl_state *state)
{
    struct pl_ctx ctx;
    union {
        const struct pl_state *borrowed;
        struct pl_state *open;
    } alias = {state};
    pl_state_context(&ctx, world, alias.open, NULL);
    return ctx;
}

/* The station as it stands now, its sums brought up to date. */
static struct pl_station station_now(struct pl_ctx *ctx, const struct pl_station *station)
{
    struct pl_station copy = *station;
    pl_station_touch(ctx, &copy);
    return copy;
}

struct pl_outcome_view pl_model_outcome(const struct pl_state *state, uint32_t source)
{
    const struct pl_source_state *sources =
        (const struct pl_source_state *)(const void *)((const char *)state + state->at_sources);
    const struct pl_source_state *s = &sources[source];
    return (struct pl_outcome_view){
        .offered = s->ok + s->slow + s->failed + s->left + s->in_flight,
        .ok = s->ok,
        .slow = s->slow,
        .failed = s->failed,
        .left = s->left,
        .in_flight = s->in_flight,
        .damage = s->damage,
    };
}

uint32_t pl_model_pod_count(const struct pl_world *world)
{
    return world->pod_count;
}

uint32_t pl_model_pod0(const struct pl_world *world, uint32_t service)
{
    PL_CHECK(service < world->service_count);
    return world->pod0[service];
}

struct pl_pod_view
pl_model_pod(const struct pl_world *world, const struct pl_state *state, uint32_t pod)
{
    struct pl_ctx ctx = reader(world, state);
    PL_CHECK(pod < world->pod_count);
    const struct pl_pod *p = &ctx.pods[pod];
    const struct pl_service *def = &world->services[p->service];
    struct pl_station cpu = station_now(&ctx, &p->cpu);
    double up_s = pl_clock_s(ctx.now - p->started_ns);
    return (struct pl_pod_view){
        .service = p->service,
        .phase = p->phase,
        .ejected = p->ejected,
        .release = p->release,
        .generation = p->generation,
        .busy = p->busy,
        .queued = p->queue.count,
        .cpu_jobs = cpu.count,
        .paused = cpu.paused,
        .throttled = cpu.throttled,
        .started_ns = p->started_ns,
        .cpu_s = cpu.busy_ns * 1e-9,
        .cpu_cores = cpu.cores,
        .cpu_quota = cpu.quota,
        .periods = cpu.periods,
        .throttled_periods = cpu.throttled_periods,
        .throttled_s = cpu.throttled_ns * 1e-9,
        .memory_mb = def->memory_base_mb +
                     pl_ctx_param_on(&ctx, def->param0 + PL_SERVICE_LEAK_RATE, pod) * up_s +
                     pl_ctx_param_on(&ctx, def->param0 + PL_SERVICE_LEAK_PER_REQUEST, pod) *
                         (double)pl_pod_served(p),
    };
}

struct pl_pool_view pl_model_pool(const struct pl_world *world,
                                  const struct pl_state *state,
                                  uint32_t pod,
                                  uint32_t pool)
{
    struct pl_ctx ctx = reader(world, state);
    const struct pl_pool_state *p = pl_pool_state_of(&ctx, pod, pool);
    return (struct pl_pool_view){
        .size = (uint32_t)pl_ctx_param_on(&ctx, world->pools[pool].param0 + PL_POOL_SIZE, pod),
        .open = p->open,
        .in_use = p->in_use,
        .leaked = p->leaked,
        .pending = p->queue.count,
    };
}

/* ---- Sessions -----------------------------------------------------------------------------------
 */

/* What the frame that holds a connection does, as the server sees it. */
static enum pl_session_state session_state(const struct pl_frame *f)
{
    switch ((enum pl_frame_state)f->state) {
    case PL_FRAME_QUERY:
    case PL_FRAME_DISK:
        return PL_SESSION_ACTIVE;
    case PL_FRAME_LOCK:
        return PL_SESSION_LOCK_WAIT;
    case PL_FRAME_FREE:
    case PL_FRAME_READY:
    case PL_FRAME_ARRIVING:
    case PL_FRAME_QUEUED:
    case PL_FRAME_CPU:
    case PL_FRAME_SLEEP:
    case PL_FRAME_CALL:
    case PL_FRAME_BACKOFF:
    case PL_FRAME_JOIN:
    case PL_FRAME_ACQUIRE:
    case PL_FRAME_CONNECT:
    case PL_FRAME_AWAIT:
    case PL_FRAME_VENDOR:
    case PL_FRAME_USER:
        break;
    }
    return PL_SESSION_IDLE_IN_TRANSACTION;
}

static void
fill_lock(const struct pl_ctx *ctx, const struct pl_frame *f, struct pl_session_view *view)
{
    uint32_t group = (f->lock_wait - 1) / PL_LOCK_KEYS_MAX;
    uint32_t key = (f->lock_wait - 1) % PL_LOCK_KEYS_MAX;
    uint32_t holder = ctx->lock_keys[f->lock_wait - 1].holder;
    view->lock = group;
    view->key = key;
    if (holder != 0) {
        view->blocker_pod = ctx->frames[holder].pod;
    } else if (ctx->locks[group].job != 0) {
        view->blocker_job = ctx->locks[group].job - 1;
    }
}

static struct pl_session_view blank_session(void)
{
    return (struct pl_session_view){
        .pool = PL_NONE,
        .pod = PL_NONE,
        .job = PL_NONE,
        .statement = PL_NONE,
        .lock = PL_NONE,
        .blocker_pod = PL_NONE,
        .blocker_job = PL_NONE,
        .route = PL_NONE,
        .transaction_since_ns = -1,
    };
}

static struct pl_session_view
conn_session(const struct pl_ctx *ctx, const struct pl_pool_state *pool, const struct pl_conn *conn)
{
    struct pl_session_view view = blank_session();
    view.pool = pool->pool;
    view.pod = pool->pod;
    view.statement = conn->statement;
    view.state_since_ns = conn->since_ns;
    view.transaction_since_ns = conn->transaction_ns;
    if (conn->state == 1) {
        view.state = PL_SESSION_IDLE;
        return view;
    }
    view.route = conn->route;
    if (conn->state == 3) {
        view.leaked = 1;
        view.state = PL_SESSION_IDLE_IN_TRANSACTION;
        return view;
    }
    const struct pl_frame *f = &ctx->frames[conn->frame];
    view.state = session_state(f);
    if (view.state == PL_SESSION_LOCK_WAIT) {
        fill_lock(ctx, f, &view);
    }
    return view;
}

/* How many of a job's sessions work now: those that keep cores busy, and the one with the locks. */
static uint32_t working_sessions(const struct pl_ctx *ctx, uint32_t job)
{
    double load = pl_ctx_param(ctx, ctx->world->jobs[job].param0 + PL_JOB_LOAD);
    uint32_t busy = (uint32_t)load;
    busy += (double)busy < load ? 1 : 0;
    return busy + ctx->jobs[job].holding;
}

/* Session `i` of a job. A batch job works in short transactions; the first one has the locks. */
static struct pl_session_view
job_session(const struct pl_ctx *ctx, uint32_t job, uint32_t i, uint32_t working)
{
    struct pl_session_view view = blank_session();
    uint32_t lock = ctx->world->jobs[job].lock;
    uint64_t key = pl_random_child(ctx->state->seed, job);
    double unit = pl_random_unit(pl_random_bits(key, (uint64_t)ctx->now / PL_NS_PER_S + i));
    int64_t age = pl_clock_ns(unit * (i < working ? 0.4 : 8.0));
    view.job = job;
    view.state = i < working ? PL_SESSION_ACTIVE : PL_SESSION_IDLE;
    view.state_since_ns = ctx->now > age ? ctx->now - age : 0;
    view.transaction_since_ns = i < working ? view.state_since_ns : -1;
    if (i == 0 && ctx->jobs[job].holding && lock != PL_NONE && ctx->locks[lock].job == job + 1) {
        view.state_since_ns = ctx->locks[lock].job_since_ns;
        view.transaction_since_ns = ctx->locks[lock].job_since_ns;
    }
    return view;
}

static uint32_t job_sessions(const struct pl_ctx *ctx,
                             uint32_t database,
                             struct pl_session_view *out,
                             uint32_t count,
                             uint32_t max)
{
    for (uint32_t j = 0; j < ctx->world->job_count; j++) {
        if (ctx->world->jobs[j].database != database) {
            continue;
        }
        uint32_t working = working_sessions(ctx, j);
        for (uint32_t i = 0; i < ctx->jobs[j].connections; i++, count++) {
            if (count < max) {
                out[count] = job_session(ctx, j, i, working);
            }
        }
    }
    return count;
}

uint32_t pl_model_sessions(const struct pl_world *world,
                           const struct pl_state *state,
                           uint32_t database,
                           struct pl_session_view *out,
                           uint32_t max)
{
    struct pl_ctx ctx = reader(world, state);
    uint32_t count = 0;
    uint32_t pools = pl_pool_state_count(world);
    for (uint32_t p = 0; p < pools; p++) {
        const struct pl_pool_state *pool = &ctx.pools[p];
        if (world->pools[pool->pool].database != database) {
            continue;
        }
        for (uint32_t c = 0; c < world->pools[pool->pool].size_max; c++) {
            const struct pl_conn *conn = &ctx.conns[pool->conn0 + c];
            if (conn->state == 0) {
                continue;
            }
            if (count < max) {
                out[count] = conn_session(&ctx, pool, conn);
            }
            count++;
        }
    }
    return job_sessions(&ctx, database, out, count, max);
}

struct pl_database_view
pl_model_database(const struct pl_world *world, const struct pl_state *state, uint32_t database)
{
    struct pl_ctx ctx = reader(world, state);
    const struct pl_database *def = &world->databases[database];
    struct pl_database_state copy = ctx.databases[database];
    struct pl_station primary = station_now(&ctx, &copy.primary);
    struct pl_database_view view = {
        .max_connections = (uint32_t)pl_ctx_param(&ctx, def->param0 + PL_DATABASE_MAX_CONNECTIONS),
        .down = copy.down_until_ns > ctx.now ? 1 : 0,
        .cpu_s = primary.busy_ns * 1e-9,
        .cores = primary.cores,
    };
    view.connections = copy.connections + copy.job_connections +
                       (uint32_t)pl_ctx_param(&ctx, def->param0 + PL_DATABASE_OTHER_CONNECTIONS);
    for (uint32_t i = 0; i < def->replicas; i++) {
        struct pl_station replica = station_now(&ctx, &copy.replicas[i]);
        view.replica_cpu_s[i] = replica.busy_ns * 1e-9;
        view.replica_lag_s[i] = pl_database_lag_s(&ctx, database, i);
    }
    struct pl_session_view one[1024];
    uint32_t count = pl_model_sessions(world, state, database, one, 1024);
    for (uint32_t i = 0; i < count && i < 1024; i++) {
        view.active += one[i].state == PL_SESSION_ACTIVE ? 1 : 0;
        view.idle_in_transaction += one[i].state == PL_SESSION_IDLE_IN_TRANSACTION ? 1 : 0;
        view.lock_waiting += one[i].state == PL_SESSION_LOCK_WAIT ? 1 : 0;
        if (one[i].transaction_since_ns >= 0 &&
            ctx.now - one[i].transaction_since_ns > view.oldest_transaction_ns) {
            view.oldest_transaction_ns = ctx.now - one[i].transaction_since_ns;
        }
    }
    return view;
}

/* ---- The rest
 * ------------------------------------------------------------------------------------ */

struct pl_topic_view pl_model_topic(const struct pl_state *state, uint32_t topic)
{
    const char *block = (const char *)state;
    const struct pl_topic_state *topics = (const void *)(block + state->at_topics);
    const struct pl_message *messages = (const void *)(block + state->at_messages);
    const struct pl_topic_state *t = &topics[topic];
    return (struct pl_topic_view){
        .depth = t->count,
        .working = t->working,
        .oldest_ns = t->count > 0 ? state->now_ns - messages[t->ring0 + t->head].t_ns : 0,
        .dropped = t->dropped,
    };
}

struct pl_cache_view
pl_model_cache(const struct pl_world *world, const struct pl_state *state, uint32_t cache)
{
    struct pl_ctx ctx = reader(world, state);
    return (struct pl_cache_view){
        .resident = pl_cache_resident(&ctx, cache),
        .keys = world->caches[cache].keys,
        .nodes = ctx.caches[cache].nodes,
    };
}

struct pl_edge_view pl_model_edge(const struct pl_world *world,
                                  const struct pl_state *state,
                                  uint32_t pod,
                                  uint32_t edge)
{
    struct pl_ctx ctx = reader(world, state);
    const struct pl_edge_state *e = pl_edge_state_of(&ctx, pod, edge);
    double mode = pl_ctx_param_on(&ctx, world->edges[edge].param0 + PL_EDGE_BREAKER, pod);
    return (struct pl_edge_view){
        .in_flight = e->in_flight,
        .breaker_open = mode >= 1.5 ? 1 : e->breaker,
    };
}

/* ---- Resources
 * ------------------------------------------------------------------------------------- */

static void fill_meter(struct pl_resource_view *view, const struct pl_meter *meter, int64_t now)
{
    view->served = meter->sums.served;
    view->waited = meter->sums.waited;
    view->refused = meter->refused;
    view->in_service = meter->in_service;
    view->waiting = meter->waiting;
    view->service_area_ns = pl_meter_service_area(meter, now);
    view->waiting_area_ns = pl_meter_waiting_area(meter, now);
    view->service_sum_ns = meter->sums.service_sum_ns;
    view->waiting_sum_ns = meter->sums.waiting_sum_ns;
}

static void fill_service(struct pl_ctx *ctx, struct pl_resource_view *view, uint32_t service)
{
    const struct pl_service *def = &ctx->world->services[service];
    bool cpu = view->kind == PL_RESOURCE_CPU;
    uint32_t pods = 0;
    snprintf(view->name, sizeof view->name, "%s %s", def->name, cpu ? "cpu" : "workers");
    struct pl_meter meter = pl_service_meter(ctx, service, cpu);
    fill_meter(view, &meter, ctx->now);
    for (uint32_t i = 0; i < def->pods_max; i++) {
        const struct pl_pod *pod = &ctx->pods[ctx->world->pod0[service] + i];
        struct pl_station station = station_now(ctx, &pod->cpu);
        pods += pod->phase == PL_POD_READY ? 1 : 0;
        view->busy_s += cpu ? station.busy_ns * 1e-9 : 0.0;
    }
    double workers = pl_ctx_param(ctx, def->param0 + PL_SERVICE_WORKERS);
    view->servers = cpu ? (uint32_t)(def->cpu_cores * (double)pods + 0.5)
                        : (uint32_t)(workers * (double)pods + 0.5);
}

static void fill_pool(struct pl_ctx *ctx, struct pl_resource_view *view, uint32_t pool)
{
    const struct pl_pool *def = &ctx->world->pools[pool];
    const struct pl_service *service = &ctx->world->services[def->service];
    uint32_t pods = 0;
    for (uint32_t i = 0; i < service->pods_max; i++) {
        pods += ctx->pods[ctx->world->pod0[def->service] + i].phase == PL_POD_READY ? 1 : 0;
    }
    snprintf(view->name,
             sizeof view->name,
             "%.44s pool %.44s",
             service->name,
             ctx->world->databases[def->database].name);
    fill_meter(view, &ctx->pool_meters[pool], ctx->now);
    view->servers = (uint32_t)(pl_ctx_param(ctx, def->param0 + PL_POOL_SIZE) + 0.5) * pods;
}

static void fill_database(struct pl_ctx *ctx, struct pl_resource_view *view, uint32_t database)
{
    const struct pl_database *def = &ctx->world->databases[database];
    const struct pl_database_state *state = &ctx->databases[database];
    bool replica = view->kind == PL_RESOURCE_REPLICA;
    snprintf(view->name, sizeof view->name, "%s%s", def->name, replica ? " replicas" : "");
    fill_meter(view, replica ? &state->replica_meter : &state->meter, ctx->now);
    if (!replica) {
        struct pl_station station = station_now(ctx, &state->primary);
        view->busy_s = station.busy_ns * 1e-9;
        view->servers = (uint32_t)(def->cores + 0.5);
        return;
    }
    for (uint32_t i = 0; i < def->replicas; i++) {
        struct pl_station station = station_now(ctx, &state->replicas[i]);
        view->busy_s += station.busy_ns * 1e-9;
    }
    view->servers = (uint32_t)(def->replica_cores * (double)def->replicas + 0.5);
}

uint32_t pl_model_resource_count(const struct pl_world *world)
{
    return 2 * world->service_count + world->pool_count + 2 * world->database_count +
           world->lock_count + world->vendor_count + world->topic_count;
}

struct pl_resource_view
pl_model_resource(const struct pl_world *world, const struct pl_state *state, uint32_t resource)
{
    struct pl_ctx ctx = reader(world, state);
    struct pl_resource_view view;
    memset(&view, 0, sizeof view);
    PL_CHECK(resource < pl_model_resource_count(world));
    if (resource < 2 * world->service_count) {
        view.kind = resource % 2 == 0 ? PL_RESOURCE_WORKERS : PL_RESOURCE_CPU;
        fill_service(&ctx, &view, resource / 2);
        return view;
    }
    resource -= 2 * world->service_count;
    if (resource < world->pool_count) {
        view.kind = PL_RESOURCE_POOL;
        fill_pool(&ctx, &view, resource);
        return view;
    }
    resource -= world->pool_count;
    if (resource < 2 * world->database_count) {
        view.kind = resource % 2 == 0 ? PL_RESOURCE_DATABASE : PL_RESOURCE_REPLICA;
        fill_database(&ctx, &view, resource / 2);
        return view;
    }
    resource -= 2 * world->database_count;
    if (resource < world->lock_count) {
        view.kind = PL_RESOURCE_LOCK;
        snprintf(view.name, sizeof view.name, "lock %s", world->locks[resource].name);
        fill_meter(&view, &ctx.locks[resource].meter, ctx.now);
        return view;
    }
    resource -= world->lock_count;
    if (resource < world->vendor_count) {
        view.kind = PL_RESOURCE_VENDOR;
        snprintf(view.name, sizeof view.name, "vendor %s", world->vendors[resource].name);
        fill_meter(&view, &ctx.vendors[resource].meter, ctx.now);
        return view;
    }
    resource -= world->vendor_count;
    view.kind = PL_RESOURCE_TOPIC;
    snprintf(view.name, sizeof view.name, "topic %s", world->topics[resource].name);
    fill_meter(&view, &ctx.topics[resource].meter, ctx.now);
    view.servers =
        (uint32_t)pl_ctx_param(&ctx, world->topics[resource].param0 + PL_TOPIC_CONSUMERS);
    return view;
}

/* ---- Effects --------------------------------------------------------------------------------- */

struct pl_effect_view
pl_model_effect(const struct pl_world *world, const struct pl_state *state, uint32_t effect)
{
    struct pl_ctx ctx = reader(world, state);
    PL_CHECK(effect < world->effect_count);
    const struct pl_effect_state *e = &ctx.effects[effect];
    return (struct pl_effect_view){
        .intents = e->intents,
        .effects = e->effects,
        .duplicates = e->duplicates,
        .lost = e->lost,
        .unknown = e->unknown,
        .answered_again = e->answered_again,
    };
}

struct pl_effect_view pl_model_effect_by(const struct pl_world *world,
                                         const struct pl_state *state,
                                         uint32_t effect,
                                         uint32_t vendor)
{
    struct pl_ctx ctx = reader(world, state);
    PL_CHECK(effect < world->effect_count && vendor <= world->vendor_count);
    const struct pl_effect_count *count =
        &ctx.effect_counts[effect * (world->vendor_count + 1) + vendor];
    return (struct pl_effect_view){.effects = count->effects, .duplicates = count->duplicates};
}
