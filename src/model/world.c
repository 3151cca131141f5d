// SPDX-License-Identifier: Apache-2.0
//
// Defaults and sealing of a world: checks what the model relies on, registers the params and
// computes the derived tables.
#include "model/world.h"

#include "base/check.h"
#include "base/fmath.h"
#include "model/database.h"
#include "model/edge.h"
#include "model/pool.h"
#include "model/service.h"
#include "model/vendor.h"

#include <stdio.h>
#include <string.h>

struct pl_knob {
    const char *name;
    double low;
    double high;
    const char *unit;
};

#define PL_KNOB_ROW(constant, name, low, high, unit) {name, low, high, unit},
static const struct pl_knob service_knobs[] = {PL_SERVICE_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob route_knobs[] = {PL_ROUTE_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob step_knobs[] = {PL_STEP_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob edge_knobs[] = {PL_EDGE_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob pool_knobs[] = {PL_POOL_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob database_knobs[] = {PL_DATABASE_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob statement_knobs[] = {PL_STATEMENT_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob job_knobs[] = {PL_JOB_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob vendor_knobs[] = {PL_VENDOR_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob cache_knobs[] = {PL_CACHE_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob topic_knobs[] = {PL_TOPIC_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob source_knobs[] = {PL_SOURCE_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob flag_knobs[] = {PL_FLAG_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob link_knobs[] = {PL_LINK_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob effect_knobs[] = {PL_EFFECT_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob stream_knobs[] = {PL_STREAM_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob group_knobs[] = {PL_GROUP_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob tenant_knobs[] = {PL_TENANT_KNOBS(PL_KNOB_ROW)};
static const struct pl_knob volume_knobs[] = {PL_VOLUME_KNOBS(PL_KNOB_ROW)};

void pl_world_init(struct pl_world *world)
{
    memset(world, 0, sizeof *world);
    world->slice_of = 1;
    world->frames_max = 4096;
}

struct pl_service pl_service_default(void)
{
    struct pl_service service;
    memset(&service, 0, sizeof service);
    service.pods = 1;
    service.pods_max = 1;
    service.fleet = 1;
    service.balance = PL_BALANCE_LEAST;
    service.balance_choices = 2;
    service.health_threshold = 0;
    service.autoscale_min = 1;
    service.autoscale_max = 1;
    service.autoscale_cpu = 0.6;
    service.autoscale_interval_s = 15.0;
    service.cpu_cores = 1.0;
    service.cpu_quota_pods = 1.0;
    service.boot_s = 30.0;
    service.warmup_factor = 1.0;
    service.rollout_step_s = 20.0;
    service.health_interval_s = 10.0;
    service.health_timeout_s = 1.0;
    return service;
}

struct pl_edge pl_edge_default(void)
{
    struct pl_edge edge;
    memset(&edge, 0, sizeof edge);
    edge.to_service = PL_NONE;
    edge.to_vendor = PL_NONE;
    edge.backoff_s = 0.1;
    edge.jitter = 0.5;
    edge.breaker_ratio = 0.5;
    edge.breaker_open_s = 10.0;
    return edge;
}

struct pl_pool pl_pool_default(void)
{
    struct pl_pool pool;
    memset(&pool, 0, sizeof pool);
    pool.size_max = 64;
    pool.size = 10.0;
    pool.acquire_timeout_s = 30.0;
    pool.max_lifetime_s = 1800.0;
    pool.connect_s = 0.02;
    return pool;
}

struct pl_database pl_database_default(void)
{
    struct pl_database database;
    memset(&database, 0, sizeof database);
    snprintf(database.system, sizeof database.system, "postgresql");
    database.reserved_connections = 3;
    database.cores = 4.0;
    database.replica_cores = 4.0;
    database.max_connections = 100.0;
    database.replica_apply_s = 0.0005;
    database.replica_reads = 1.0;
    database.deadlock_timeout_s = 1.0;
    database.slow_query_s = 0.25;
    return database;
}

struct pl_statement pl_statement_default(void)
{
    struct pl_statement statement;
    memset(&statement, 0, sizeof statement);
    statement.plan_bad_factor = 100.0;
    statement.cost = 1.0;
    statement.rows = 1.0;
    statement.blocks = 4.0;
    return statement;
}

struct pl_step pl_step_default(void)
{
    struct pl_step step;
    memset(&step, 0, sizeof step);
    step.target = PL_NONE;
    step.vendor = PL_NONE;
    step.edge = PL_NONE;
    step.flag = PL_NONE;
    step.tenant = PL_NONE;
    step.times = 1.0;
    step.share = 1.0;
    step.factor = 1.0;
    return step;
}

struct pl_source pl_source_default(void)
{
    struct pl_source source;
    memset(&source, 0, sizeof source);
    source.arrivals = PL_ARRIVALS_POISSON;
    source.retry_after_s = 1.0;
    source.burst = 1.0;
    source.burst_high_s = 10.0;
    source.burst_low_s = 50.0;
    for (uint32_t i = 0; i < PL_MIX_MAX; i++) {
        source.mix_worth[i] = 1.0;
    }
    return source;
}

struct pl_vendor pl_vendor_default(void)
{
    struct pl_vendor vendor;
    memset(&vendor, 0, sizeof vendor);
    vendor.slow_share = 1.0;
    return vendor;
}

struct pl_link pl_link_default(void)
{
    struct pl_link link;
    memset(&link, 0, sizeof link);
    link.edge = PL_NONE;
    link.connections = 16;
    link.lifetime_s = 1800.0;
    link.handshake_s = 0.03;
    return link;
}

struct pl_effect_def pl_effect_default(void)
{
    struct pl_effect_def effect;
    memset(&effect, 0, sizeof effect);
    effect.route = PL_NONE;
    effect.database = PL_NONE;
    effect.doubles_at = PL_NONE;
    effect.wanted = 1;
    effect.worth_twice = 50.0;
    return effect;
}

/* ---- Params ---------------------------------------------------------------------------------- */

struct pl_registrar {
    struct pl_world *world;
    pl_error *err;
    pl_status status;
};

/* Register the knobs of one entity; `bases` has one value per knob. Returns the first param. */
static uint32_t add_params(struct pl_registrar *registrar,
                           enum pl_scope scope,
                           uint32_t entity,
                           const char *prefix,
                           const struct pl_knob *knobs,
                           const double *bases,
                           uint32_t count)
{
    struct pl_world *world = registrar->world;
    uint32_t first = world->param_count + 1;
    if (registrar->status != PL_OK) {
        return 0;
    }
    if (first + count >= PL_PARAMS_MAX) {
        registrar->status = pl_fail(registrar->err,
                                    PL_LIMIT,
                                    NULL,
                                    "The world has more than %d tunables; label fewer steps.",
                                    PL_PARAMS_MAX - 1);
        return 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct pl_param_def *def = &world->params[first + i];
        int size = scope == PL_SCOPE_FLAG
                       ? snprintf(def->path, sizeof def->path, "%s", prefix)
                       : snprintf(def->path, sizeof def->path, "%s.%s", prefix, knobs[i].name);
        PL_CHECK(size > 0 && (size_t)size < sizeof def->path);
        def->scope = scope;
        def->knob = i;
        def->entity = entity;
        def->base = bases[i];
        def->low = knobs[i].low;
        def->high = knobs[i].high;
        snprintf(def->unit, sizeof def->unit, "%s", knobs[i].unit);
        if (!(def->base >= def->low && def->base <= def->high)) {
            registrar->status = pl_fail(registrar->err,
                                        PL_BAD_INPUT,
                                        NULL,
                                        "%s is %g; it must be between %g and %g.",
                                        def->path,
                                        def->base,
                                        def->low,
                                        def->high);
            return 0;
        }
    }
    world->param_count += count;
    return first;
}

static void add_service_params(struct pl_registrar *registrar, uint32_t index)
{
    struct pl_service *s = &registrar->world->services[index];
    char prefix[PL_LABEL_MAX];
    snprintf(prefix, sizeof prefix, "service.%s", s->name);
    const double bases[PL_SERVICE_KNOB_COUNT] = {
        [PL_SERVICE_PODS] = s->pods,
        [PL_SERVICE_WORKERS] = s->workers,
        [PL_SERVICE_QUEUE_LIMIT] = s->queue_limit,
        [PL_SERVICE_CPU_FACTOR] = 1.0,
        [PL_SERVICE_CPU_QUOTA] = s->cpu_quota,
        [PL_SERVICE_CPU_QUOTA_PODS] = s->cpu_quota_pods,
        [PL_SERVICE_GC_INTERVAL] = s->gc_interval_s,
        [PL_SERVICE_GC_PAUSE] = s->gc_pause_s,
        [PL_SERVICE_LEAK_RATE] = s->leak_rate_mb,
        [PL_SERVICE_LEAK_PER_REQUEST] = s->leak_request_mb,
        [PL_SERVICE_MEMORY_LIMIT] = s->memory_limit_mb,
        [PL_SERVICE_ERROR_RATE] = s->error_rate,
        [PL_SERVICE_RESTART] = 0.0,
        [PL_SERVICE_RELEASE] = 0.0,
        [PL_SERVICE_AUTOSCALE] = s->autoscale,
        [PL_SERVICE_AUTOSCALE_MIN] = s->autoscale_min,
        [PL_SERVICE_AUTOSCALE_MAX] = s->autoscale_max,
        [PL_SERVICE_HEALTH_DEEP] = s->health_deep,
        [PL_SERVICE_GC_HEAP] = s->gc_heap_mb,
    };
    s->param0 = add_params(
        registrar, PL_SCOPE_SERVICE, index, prefix, service_knobs, bases, PL_SERVICE_KNOB_COUNT);
    if (registrar->status == PL_OK) {
        struct pl_param_def *pods = &registrar->world->params[s->param0 + PL_SERVICE_PODS];
        pods->high = s->pods_max;
        registrar->world->params[s->param0 + PL_SERVICE_WORKERS].high =
            s->workers == 0 ? 0.0 : 4.0 * s->workers;
    }
}

static void add_edge_params(struct pl_registrar *registrar, uint32_t index)
{
    struct pl_world *world = registrar->world;
    struct pl_edge *e = &world->edges[index];
    char prefix[PL_LABEL_MAX * 2];
    snprintf(prefix, sizeof prefix, "call.%s.%s", world->services[e->service].name, e->target_name);
    const double bases[PL_EDGE_KNOB_COUNT] = {
        [PL_EDGE_TIMEOUT] = e->timeout_s,
        [PL_EDGE_RETRIES] = e->retries,
        [PL_EDGE_BACKOFF] = e->backoff_s,
        [PL_EDGE_JITTER] = e->jitter,
        [PL_EDGE_BUDGET] = e->budget,
        [PL_EDGE_BREAKER] = e->breaker,
        [PL_EDGE_BULKHEAD] = e->bulkhead,
        [PL_EDGE_FALLBACK] = e->fallback,
        [PL_EDGE_LATENCY] = e->latency_s,
        [PL_EDGE_LOSS] = e->loss,
        [PL_EDGE_HEDGE] = e->hedge_s,
    };
    e->param0 =
        add_params(registrar, PL_SCOPE_EDGE, index, prefix, edge_knobs, bases, PL_EDGE_KNOB_COUNT);
}

static void add_data_params(struct pl_registrar *registrar)
{
    struct pl_world *world = registrar->world;
    char prefix[PL_LABEL_MAX * 2];
    for (uint32_t i = 0; i < world->pool_count; i++) {
        struct pl_pool *p = &world->pools[i];
        const double bases[PL_POOL_KNOB_COUNT] = {
            p->size, p->acquire_timeout_s, p->max_lifetime_s, p->leak_on_error, 0.0};
        snprintf(prefix,
                 sizeof prefix,
                 "pool.%s.%s",
                 world->services[p->service].name,
                 world->databases[p->database].name);
        p->param0 =
            add_params(registrar, PL_SCOPE_POOL, i, prefix, pool_knobs, bases, PL_POOL_KNOB_COUNT);
        if (registrar->status == PL_OK) {
            world->params[p->param0 + PL_POOL_SIZE].high = p->size_max;
        }
    }
    for (uint32_t i = 0; i < world->database_count; i++) {
        struct pl_database *d = &world->databases[i];
        const double bases[PL_DATABASE_KNOB_COUNT] = {d->max_connections,
                                                      1.0,
                                                      d->load,
                                                      d->other_connections,
                                                      1.0,
                                                      0.0,
                                                      d->replica_reads,
                                                      0.0,
                                                      0.0};
        snprintf(prefix, sizeof prefix, "db.%s", d->name);
        d->param0 = add_params(
            registrar, PL_SCOPE_DATABASE, i, prefix, database_knobs, bases, PL_DATABASE_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < world->statement_count; i++) {
        struct pl_statement *s = &world->statements[i];
        const double bases[PL_STATEMENT_KNOB_COUNT] = {s->cost, 0.0};
        snprintf(
            prefix, sizeof prefix, "statement.%s.%s", world->databases[s->database].name, s->name);
        s->param0 = add_params(registrar,
                               PL_SCOPE_STATEMENT,
                               i,
                               prefix,
                               statement_knobs,
                               bases,
                               PL_STATEMENT_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < world->job_count; i++) {
        struct pl_job *j = &world->jobs[i];
        const double bases[PL_JOB_KNOB_COUNT] = {
            j->running, j->connections, j->load, j->lock_share, j->lock_hold_s, j->lock_gap_s};
        snprintf(prefix, sizeof prefix, "job.%s", j->name);
        j->param0 =
            add_params(registrar, PL_SCOPE_JOB, i, prefix, job_knobs, bases, PL_JOB_KNOB_COUNT);
    }
}

static void add_outer_params(struct pl_registrar *registrar)
{
    struct pl_world *world = registrar->world;
    char prefix[PL_LABEL_MAX * 2];
    for (uint32_t i = 0; i < world->vendor_count; i++) {
        struct pl_vendor *v = &world->vendors[i];
        const double bases[PL_VENDOR_KNOB_COUNT] = {1.0, v->error_rate, v->quota, v->slow_share};
        snprintf(prefix, sizeof prefix, "vendor.%s", v->name);
        v->param0 = add_params(
            registrar, PL_SCOPE_VENDOR, i, prefix, vendor_knobs, bases, PL_VENDOR_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < world->cache_count; i++) {
        struct pl_cache *c = &world->caches[i];
        const double bases[PL_CACHE_KNOB_COUNT] = {c->ttl_s, c->nodes, 0.0, c->capacity};
        snprintf(prefix, sizeof prefix, "cache.%s", c->name);
        c->param0 = add_params(
            registrar, PL_SCOPE_CACHE, i, prefix, cache_knobs, bases, PL_CACHE_KNOB_COUNT);
        if (registrar->status == PL_OK && !(c->capacity > 0.0)) {
            /* Its state has no order of use. */
            world->params[c->param0 + PL_CACHE_CAPACITY].high = 0.0;
        }
    }
    for (uint32_t i = 0; i < world->topic_count; i++) {
        struct pl_topic *t = &world->topics[i];
        const double bases[PL_TOPIC_KNOB_COUNT] = {t->consumers, t->paused};
        snprintf(prefix, sizeof prefix, "topic.%s", t->name);
        t->param0 = add_params(
            registrar, PL_SCOPE_TOPIC, i, prefix, topic_knobs, bases, PL_TOPIC_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < world->source_count; i++) {
        struct pl_source *s = &world->sources[i];
        const double bases[PL_SOURCE_KNOB_COUNT] = {1.0, s->retries, s->burst};
        snprintf(prefix, sizeof prefix, "traffic.%s", s->name);
        s->param0 = add_params(
            registrar, PL_SCOPE_SOURCE, i, prefix, source_knobs, bases, PL_SOURCE_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < world->flag_count; i++) {
        struct pl_flag *f = &world->flags[i];
        const double bases[PL_FLAG_KNOB_COUNT] = {f->value};
        snprintf(prefix, sizeof prefix, "flag.%s", f->name);
        f->param0 =
            add_params(registrar, PL_SCOPE_FLAG, i, prefix, flag_knobs, bases, PL_FLAG_KNOB_COUNT);
    }
}

/* Last of all, so that worlds without them number their params as ever. */
static void add_ledger_params(struct pl_registrar *registrar)
{
    struct pl_world *world = registrar->world;
    char prefix[PL_LABEL_MAX];
    for (uint32_t i = 0; i < world->link_count; i++) {
        struct pl_link *l = &world->links[i];
        const double bases[PL_LINK_KNOB_COUNT] = {
            [PL_LINK_LIFETIME] = l->lifetime_s,
            [PL_LINK_REFUSED_PODS] = 1.0,
            [PL_LINK_REFUSED_CONNECTIONS] = 1.0,
            [PL_LINK_REFUSED_AFTER] = l->handshake_s,
        };
        snprintf(prefix, sizeof prefix, "link.%s", l->name);
        l->param0 =
            add_params(registrar, PL_SCOPE_LINK, i, prefix, link_knobs, bases, PL_LINK_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < world->effect_count; i++) {
        struct pl_effect_def *e = &world->effects[i];
        const double bases[PL_EFFECT_KNOB_COUNT] = {0.0, 0.0, 0.0};
        snprintf(prefix, sizeof prefix, "effect.%s", e->name);
        e->param0 = add_params(
            registrar, PL_SCOPE_EFFECT, i, prefix, effect_knobs, bases, PL_EFFECT_KNOB_COUNT);
    }
}

static void add_group_params(struct pl_registrar *registrar, uint32_t index)
{
    struct pl_group_def *g = &registrar->world->streams.groups[index];
    char prefix[PL_LABEL_MAX];
    const double bases[PL_GROUP_KNOB_COUNT] = {
        [PL_GROUP_MAX_RECORDS] = g->max_records,
        [PL_GROUP_LINGER] = g->linger_s,
        [PL_GROUP_POLL_INTERVAL] = g->poll_interval_s,
        [PL_GROUP_REBALANCE] = g->rebalance_s,
        [PL_GROUP_DELIVERIES] = g->deliveries,
    };
    snprintf(prefix, sizeof prefix, "group.%s", g->name);
    g->param0 = add_params(
        registrar, PL_SCOPE_GROUP, index, prefix, group_knobs, bases, PL_GROUP_KNOB_COUNT);
}

static void add_stream_params(struct pl_registrar *registrar)
{
    struct pl_streams *all = &registrar->world->streams;
    char prefix[PL_LABEL_MAX];
    for (uint32_t i = 0; i < all->stream_count; i++) {
        struct pl_stream *s = &all->streams[i];
        const double bases[PL_STREAM_KNOB_COUNT] = {s->retention_s, 0.0, 0.0};
        snprintf(prefix, sizeof prefix, "stream.%s", s->name);
        s->param0 = add_params(
            registrar, PL_SCOPE_STREAM, i, prefix, stream_knobs, bases, PL_STREAM_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < all->group_count; i++) {
        add_group_params(registrar, i);
    }
    for (uint32_t i = 0; i < all->tenant_count; i++) {
        struct pl_tenant *t = &all->tenants[i];
        const double bases[PL_TENANT_KNOB_COUNT] = {1.0, 0.0, 0.0};
        snprintf(prefix, sizeof prefix, "tenant.%s", t->name);
        t->param0 = add_params(
            registrar, PL_SCOPE_TENANT, i, prefix, tenant_knobs, bases, PL_TENANT_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < all->volume_count; i++) {
        struct pl_volume *v = &all->volumes[i];
        const double bases[PL_VOLUME_KNOB_COUNT] = {
            v->baseline_mb, v->burst_mb, v->load_mb, v->credits_mb};
        snprintf(prefix, sizeof prefix, "volume.%s", v->name);
        v->param0 = add_params(
            registrar, PL_SCOPE_VOLUME, i, prefix, volume_knobs, bases, PL_VOLUME_KNOB_COUNT);
    }
}

static void add_program_params(struct pl_registrar *registrar)
{
    struct pl_world *world = registrar->world;
    char prefix[PL_LABEL_MAX * 2];
    for (uint32_t i = 0; i < world->route_count; i++) {
        struct pl_route *r = &world->routes[i];
        const double bases[PL_ROUTE_KNOB_COUNT] = {0.0, 0.0};
        snprintf(prefix, sizeof prefix, "route.%s.%s", world->services[r->service].name, r->name);
        r->param0 = add_params(
            registrar, PL_SCOPE_ROUTE, i, prefix, route_knobs, bases, PL_ROUTE_KNOB_COUNT);
    }
    for (uint32_t i = 0; i < world->step_count; i++) {
        struct pl_step *s = &world->steps[i];
        const double bases[PL_STEP_KNOB_COUNT] = {s->times, s->share, s->factor, s->error};
        s->param0 = 0;
        if (s->label[0] == '\0') {
            continue;
        }
        snprintf(prefix,
                 sizeof prefix,
                 "step.%s.%s.%s",
                 world->services[world->routes[s->route].service].name,
                 world->routes[s->route].name,
                 s->label);
        s->param0 =
            add_params(registrar, PL_SCOPE_STEP, i, prefix, step_knobs, bases, PL_STEP_KNOB_COUNT);
    }
}

/* ---- Checks and derived tables ----------------------------------------------------------------
 */

static pl_status check_counts(const struct pl_world *world, pl_error *err)
{
    const struct {
        const char *what;
        uint32_t count;
        uint32_t limit;
    } rows[] = {
        {"services", world->service_count, PL_SERVICES_MAX},
        {"routes", world->route_count, PL_ROUTES_MAX},
        {"steps", world->step_count, PL_STEPS_MAX},
        {"calls", world->edge_count, PL_EDGES_MAX},
        {"pools", world->pool_count, PL_POOLS_MAX},
        {"databases", world->database_count, PL_DATABASES_MAX},
        {"statements", world->statement_count, PL_STATEMENTS_MAX},
        {"locks", world->lock_count, PL_LOCKS_MAX},
        {"jobs", world->job_count, PL_JOBS_MAX},
        {"vendors", world->vendor_count, PL_VENDORS_MAX},
        {"caches", world->cache_count, PL_CACHES_MAX},
        {"topics", world->topic_count, PL_TOPICS_MAX},
        {"flags", world->flag_count, PL_FLAGS_MAX},
        {"sources", world->source_count, PL_SOURCES_MAX},
        {"links", world->link_count, PL_LINKS_MAX},
        {"effects", world->effect_count, PL_EFFECTS_MAX},
        {"streams", world->streams.stream_count, PL_STREAMS_MAX},
        {"groups", world->streams.group_count, PL_GROUPS_MAX},
        {"tenants", world->streams.tenant_count, PL_TENANTS_MAX},
        {"volumes", world->streams.volume_count, PL_VOLUMES_MAX},
        {"frames", world->frames_max, PL_FRAMES_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].count > rows[i].limit) {
            return pl_fail(err,
                           PL_LIMIT,
                           NULL,
                           "The world has %u %s; at most %u are allowed.",
                           rows[i].count,
                           rows[i].what,
                           rows[i].limit);
        }
    }
    if (world->frames_max < 16 || world->slice_of < 1) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "The world needs at least 16 frames and slice 1.");
    }
    return PL_OK;
}

static pl_status check_service(const struct pl_service *service, pl_error *err)
{
    if (service->pods_max < service->pods || service->workers > PL_WORKERS_MAX ||
        !(service->cpu_cores > 0.0)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "service %s needs pods <= pods_max, workers <= %d and cores above 0.",
                       service->name,
                       PL_WORKERS_MAX);
    }
    if (service->balance == PL_BALANCE_SAMPLED &&
        (service->balance_choices < 1 || service->balance_choices > PL_CHOICES_MAX)) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "service %s samples %u pods; 1 to %d are allowed.",
                       service->name,
                       service->balance_choices,
                       PL_CHOICES_MAX);
    }
    return PL_OK;
}

/* Routes of a service are adjacent; it needs classes when they differ in priority. */
static pl_status derive_routes(struct pl_world *world, pl_error *err)
{
    for (uint32_t r = 0; r < world->route_count; r++) {
        struct pl_route *route = &world->routes[r];
        uint32_t s = route->service;
        if (s >= world->service_count) {
            return pl_fail(err, PL_BAD_INPUT, NULL, "route %s has no service.", route->name);
        }
        if (world->route0[s] == PL_NONE) {
            world->route0[s] = r;
        }
        if (r != world->route0[s] + world->route_counts[s]) {
            return pl_fail(err,
                           PL_BAD_INPUT,
                           NULL,
                           "The routes of service %s are not adjacent.",
                           world->services[s].name);
        }
        if (route->priority > PL_PRIORITY_MAX) {
            return pl_fail(err,
                           PL_BAD_INPUT,
                           NULL,
                           "route %s has priority %u; 0 to %d are allowed.",
                           route->name,
                           route->priority,
                           PL_PRIORITY_MAX);
        }
        double slo = route->slo_s > 0.0 ? route->slo_s : world->objectives.latency_p99_s;
        route->only_pod = world->services[s].pods_max == 1 ? world->pod0[s] : PL_NONE;
        route->slow_ns = slo > 0.0 ? pl_clock_ns(slo) : INT64_MAX;
        world->route_counts[s]++;
        if (route->priority != world->routes[world->route0[s]].priority) {
            world->services[s].queue_classes = 1;
        }
    }
    return PL_OK;
}

/* Lay out pod positions, routes and pools. */
static pl_status derive_services(struct pl_world *world, pl_error *err)
{
    pl_status status;
    world->pod_count = 0;
    for (uint32_t s = 0; s < world->service_count; s++) {
        struct pl_service *service = &world->services[s];
        if ((status = check_service(service, err)) != PL_OK) {
            return status;
        }
        service->queue_classes = 0;
        world->pod0[s] = world->pod_count;
        world->pod_count += service->pods_max;
        world->route0[s] = PL_NONE;
        world->route_counts[s] = 0;
        for (uint32_t d = 0; d < PL_DATABASES_MAX; d++) {
            world->pool_of[s][d] = PL_NONE;
        }
    }
    if (world->pod_count > PL_PODS_MAX) {
        return pl_fail(err,
                       PL_LIMIT,
                       NULL,
                       "The world can have %u pods; at most %d are allowed.",
                       world->pod_count,
                       PL_PODS_MAX);
    }
    if ((status = derive_routes(world, err)) != PL_OK) {
        return status;
    }
    uint32_t pool_states = 0;
    for (uint32_t p = 0; p < world->pool_count; p++) {
        struct pl_pool *pool = &world->pools[p];
        if (pool->service >= world->service_count || pool->database >= world->database_count ||
            pool->size_max > PL_POOL_SIZE_MAX || pool->size > pool->size_max) {
            return pl_fail(err, PL_BAD_INPUT, NULL, "pool %u has no owner or a bad size.", p);
        }
        world->pool_of[pool->service][pool->database] = p;
        pool->state0 = pool_states;
        pool_states += world->services[pool->service].pods_max;
    }
    return PL_OK;
}

/* True when the step's references exist and fit its operation. */
static bool step_is_sound(const struct pl_world *world, const struct pl_step *step)
{
    const struct pl_route *route = &world->routes[step->route];
    uint32_t service = route->service;
    if (step->flag != PL_NONE && step->flag >= world->flag_count) {
        return false;
    }
    if (step->shards > PL_SHARDS_MAX || (step->shards != 0 && step->shard >= step->shards)) {
        return false;
    }
    switch ((enum pl_op)step->op) {
    case PL_OP_CPU:
    case PL_OP_SLEEP:
        return true;
    case PL_OP_CALL:
        if (step->edge >= world->edge_count || world->edges[step->edge].service != service) {
            return false;
        }
        return step->vendor != PL_NONE ? step->vendor < world->vendor_count
                                       : step->target < world->route_count;
    case PL_OP_QUERY:
        return step->target < world->statement_count &&
               world->pool_of[service][world->statements[step->target].database] != PL_NONE;
    case PL_OP_ACQUIRE:
    case PL_OP_RELEASE:
        return step->target < world->pool_count && world->pools[step->target].service == service;
    case PL_OP_LOCK:
        return step->target < world->lock_count;
    case PL_OP_GET:
        return step->target < world->cache_count && step->skip_to <= route->step_count;
    case PL_OP_PUT:
        return step->target < world->cache_count;
    case PL_OP_PUBLISH:
        return step->target < world->topic_count ||
               (step->target >= PL_TOPICS_MAX &&
                step->target - PL_TOPICS_MAX < world->streams.stream_count);
    case PL_OP_WRITE:
        return step->target < world->streams.volume_count;
    case PL_OP_AWAIT:
        return step->target < world->database_count && world->databases[step->target].replicas > 0;
    case PL_OP_SKIP:
        return step->skip_to <= route->step_count;
    case PL_OP_PARALLEL:
        return step->span >= 1 && step->span < route->step_count;
    case PL_OP_INTEND:
    case PL_OP_EFFECT:
        return step->target < world->effect_count;
    }
    return false;
}

/* What a call brings into the keys of its attempts, which nearly all ask for, and the work that a
 * route begins with. */
static void derive_steps(struct pl_world *world)
{
    for (uint32_t i = 0; i < world->step_count; i++) {
        uint32_t first = world->routes[world->steps[i].route].step0;
        world->steps[i].call_mix = pl_edge_call_mix(i - first);
    }
    for (uint32_t i = 0; i < world->route_count; i++) {
        struct pl_route *route = &world->routes[i];
        const struct pl_step *first = &world->steps[route->step0];
        route->works = route->step_count > 0 && first->op == PL_OP_CPU ? 1 : 0;
        route->first = route->works ? first->law : pl_law_constant(0.0);
    }
}

static pl_status check_programs(const struct pl_world *world, pl_error *err)
{
    for (uint32_t r = 0; r < world->route_count; r++) {
        const struct pl_route *route = &world->routes[r];
        if (route->step0 + route->step_count > world->step_count) {
            return pl_fail(err, PL_BAD_INPUT, NULL, "route %s has no steps.", route->name);
        }
        for (uint32_t i = 0; i < route->step_count; i++) {
            const struct pl_step *step = &world->steps[route->step0 + i];
            if (step->route != r || !step_is_sound(world, step)) {
                return pl_fail(err,
                               PL_BAD_INPUT,
                               NULL,
                               "step %u of route %s refers to something that does not exist.",
                               i + 1,
                               route->name);
            }
        }
    }
    for (uint32_t s = 0; s < world->source_count; s++) {
        const struct pl_source *source = &world->sources[s];
        double sum = 0.0;
        for (uint32_t i = 0; i < source->mix_count; i++) {
            sum += source->mix_share[i];
            if (source->mix_route[i] >= world->route_count) {
                sum = -1.0;
                break;
            }
        }
        if (source->mix_count == 0 || sum < 0.999999 || sum > 1.000001) {
            return pl_fail(err,
                           PL_BAD_INPUT,
                           NULL,
                           "The mix of traffic %s must name routes and sum to 100 %%.",
                           source->name);
        }
    }
    return PL_OK;
}

static pl_status derive_links(struct pl_world *world, pl_error *err)
{
    uint32_t slots = 0;
    for (uint32_t i = 0; i < PL_EDGES_MAX; i++) {
        world->link_of[i] = PL_NONE;
    }
    for (uint32_t i = 0; i < world->link_count; i++) {
        struct pl_link *link = &world->links[i];
        if (link->edge >= world->edge_count || world->edges[link->edge].to_vendor == PL_NONE ||
            link->connections < 1 || link->connections > PL_LINK_CONNECTIONS_MAX ||
            !(link->lifetime_s >= 1.0)) {
            return pl_fail(err,
                           PL_BAD_INPUT,
                           NULL,
                           "link %s needs a call to a vendor, 1 to %d connections and a lifetime.",
                           link->name,
                           PL_LINK_CONNECTIONS_MAX);
        }
        link->slot0 = slots;
        slots += link->connections * world->services[world->edges[link->edge].service].pods_max;
        world->link_of[link->edge] = i;
    }
    for (uint32_t i = 0; i < world->effect_count; i++) {
        const struct pl_effect_def *effect = &world->effects[i];
        if (effect->route >= world->route_count ||
            (effect->database != PL_NONE && (effect->database >= world->database_count ||
                                             world->databases[effect->database].replicas == 0))) {
            return pl_fail(err,
                           PL_BAD_INPUT,
                           NULL,
                           "effect %s needs a route, and a database with a replica if any.",
                           effect->name);
        }
    }
    return PL_OK;
}

/* cdf[i] = share of the population's accesses that go to the i + 1 most popular keys. */
static void zipf_table(double *cdf, uint32_t keys, double population, double exponent)
{
    double total = 0.0;
    double sum = 0.0;
    uint32_t exact = population < 100000.0 ? (uint32_t)population : 100000;
    for (uint32_t i = 1; i <= exact; i++) {
        total += pl_pow((double)i, -exponent);
    }
    /* The tail beyond the exact part as an integral; it carries no tracked key. */
    if (population > (double)exact) {
        double low = (double)exact + 0.5;
        double high = population + 0.5;
        double power = 1.0 - exponent;
        total += power > -1e-9 && power < 1e-9 ? pl_log(high / low)
                                               : (pl_pow(high, power) - pl_pow(low, power)) / power;
    }
    for (uint32_t i = 0; i < keys; i++) {
        sum += pl_pow((double)(i + 1), -exponent);
        cdf[i] = sum / total;
    }
}

/* For each 1024th of probability the first key whose cumulative share is above it. */
static void guide_table(uint16_t *guide, const double *cdf, uint32_t keys)
{
    uint32_t key = 0;
    for (uint32_t i = 0; i <= PL_GUIDE_STEPS; i++) {
        while (key + 1 < keys && (double)i / PL_GUIDE_STEPS >= cdf[key]) {
            key++;
        }
        guide[i] = (uint16_t)key;
    }
}

static pl_status derive_tables(struct pl_world *world, pl_error *err)
{
    for (uint32_t i = 0; i < world->lock_count; i++) {
        const struct pl_lock *lock = &world->locks[i];
        if (lock->keys < 1 || lock->keys >= PL_LOCK_KEYS_MAX || lock->population < lock->keys) {
            return pl_fail(
                err, PL_BAD_INPUT, NULL, "lock %s has a bad number of keys.", lock->name);
        }
        zipf_table(world->lock_cdf[i], lock->keys, lock->population, lock->zipf);
    }
    for (uint32_t i = 0; i < world->cache_count; i++) {
        const struct pl_cache *cache = &world->caches[i];
        if (cache->keys < 1 || cache->keys > PL_CACHE_KEYS_MAX || cache->nodes < 1 ||
            cache->nodes > PL_CACHE_NODES_MAX) {
            return pl_fail(err, PL_BAD_INPUT, NULL, "cache %s needs keys and nodes.", cache->name);
        }
        zipf_table(world->cache_cdf[i], cache->keys, cache->keys, cache->zipf);
        guide_table(world->cache_guide[i], world->cache_cdf[i], cache->keys);
    }
    return PL_OK;
}

pl_status pl_world_seal(struct pl_world *world, pl_error *err)
{
    struct pl_registrar registrar = {world, err, PL_OK};
    pl_status status;
    PL_CHECK(!world->sealed);
    world->param_count = 0;
    if ((status = check_counts(world, err)) != PL_OK ||
        (status = derive_services(world, err)) != PL_OK ||
        (status = pl_streams_derive(world, err)) != PL_OK ||
        (status = check_programs(world, err)) != PL_OK ||
        (status = derive_links(world, err)) != PL_OK ||
        (status = derive_tables(world, err)) != PL_OK) {
        return status;
    }
    derive_steps(world);
    for (uint32_t i = 0; i < world->service_count; i++) {
        add_service_params(&registrar, i);
    }
    add_program_params(&registrar);
    for (uint32_t i = 0; i < world->edge_count; i++) {
        add_edge_params(&registrar, i);
    }
    add_data_params(&registrar);
    add_outer_params(&registrar);
    add_ledger_params(&registrar);
    add_stream_params(&registrar);
    if (registrar.status == PL_OK) {
        world->sealed = 1;
    }
    return registrar.status;
}

uint32_t pl_world_param(const struct pl_world *world, const char *path)
{
    for (uint32_t i = 1; i <= world->param_count; i++) {
        if (strcmp(world->params[i].path, path) == 0) {
            return i;
        }
    }
    return 0;
}
