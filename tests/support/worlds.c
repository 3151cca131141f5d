// SPDX-License-Identifier: Apache-2.0
#include "support/worlds.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

static void seal(struct pl_world *world)
{
    pl_error err = {0};
    pl_status status = pl_world_seal(world, &err);
    if (status != PL_OK) {
        char text[512];
        pl_error_format(&err, text, sizeof text);
        pl_check_failed(__FILE__, __LINE__, text);
    }
}

/* Add a step to the route that was added last. */
static struct pl_step *add_step(struct pl_world *world, enum pl_op op, const char *label)
{
    struct pl_step *step = &world->steps[world->step_count++];
    *step = pl_step_default();
    step->op = op;
    step->route = world->route_count - 1;
    snprintf(step->label, sizeof step->label, "%s", label);
    world->routes[world->route_count - 1].step_count++;
    return step;
}

static uint32_t add_route(struct pl_world *world, uint32_t service, const char *name)
{
    struct pl_route *route = &world->routes[world->route_count++];
    snprintf(route->name, sizeof route->name, "%s", name);
    snprintf(route->method, sizeof route->method, "%s", "POST");
    snprintf(route->path, sizeof route->path, "%s", "/x");
    route->service = service;
    route->step0 = world->step_count;
    return world->route_count - 1;
}

static struct pl_service *add_service(struct pl_world *world, const char *name)
{
    struct pl_service *service = &world->services[world->service_count++];
    *service = pl_service_default();
    snprintf(service->name, sizeof service->name, "%s", name);
    return service;
}

void pl_test_reseal(struct pl_world *world)
{
    world->sealed = 0;
    seal(world);
}

void pl_test_queue_world(struct pl_world *world, const struct pl_test_queue *queue)
{
    pl_world_init(world);
    snprintf(world->name, sizeof world->name, "%s", "queue");
    if (queue->frames_max > 0) {
        world->frames_max = queue->frames_max;
    }
    struct pl_service *service = add_service(world, "server");
    service->workers = queue->workers;
    service->queue_limit = queue->queue_limit;
    service->cpu_cores = queue->cores;
    add_route(world, 0, "work");
    add_step(world, PL_OP_CPU, "work")->law = queue->service;
    world->source_count = 1;
    world->sources[0] = pl_source_default();
    snprintf(world->sources[0].name, sizeof world->sources[0].name, "%s", "users");
    world->sources[0].rate = queue->rate;
    world->sources[0].mix_count = 1;
    world->sources[0].mix_share[0] = 1.0;
    seal(world);
}

static uint32_t add_statement(struct pl_world *world, const char *name, double cpu_s, bool writes)
{
    struct pl_statement *s = &world->statements[world->statement_count++];
    *s = pl_statement_default();
    snprintf(s->name, sizeof s->name, "%s", name);
    s->database = 0;
    s->writes = writes;
    s->replica = !writes;
    s->cpu = pl_law_exponential(cpu_s);
    s->wait = pl_law_constant(writes ? 0.001 : 0.0);
    return world->statement_count - 1;
}

static void add_data(struct pl_world *world)
{
    struct pl_database *db = &world->databases[world->database_count++];
    *db = pl_database_default();
    snprintf(db->name, sizeof db->name, "%s", "orders-db");
    db->cores = 2.0;
    db->replicas = 1;
    db->replica_cores = 2.0;
    db->max_connections = 60.0;
    db->other_connections = 10.0;
    add_statement(world, "get-order", 0.002, false);
    add_statement(world, "insert-order", 0.003, true);
    struct pl_lock *lock = &world->locks[world->lock_count++];
    snprintf(lock->name, sizeof lock->name, "%s", "stock");
    lock->keys = 64;
    lock->population = 1000.0;
    lock->zipf = 1.0;
    lock->timeout_s = 3.0;
    struct pl_job *job = &world->jobs[world->job_count++];
    snprintf(job->name, sizeof job->name, "%s", "import");
    job->lock = 0;
    job->connections = 4.0;
    job->load = 0.3;
    job->lock_share = 0.5;
    job->lock_hold_s = 2.0;
    job->lock_gap_s = 0.5;
    struct pl_cache *cache = &world->caches[world->cache_count++];
    snprintf(cache->name, sizeof cache->name, "%s", "catalogue");
    cache->keys = 500;
    cache->nodes = 2;
    cache->zipf = 0.9;
    cache->ttl_s = 60.0;
    cache->jitter = 0.1;
    cache->latency = pl_law_constant(0.0005);
    world->vendor_count = 1;
    world->vendors[0] = pl_vendor_default();
    snprintf(world->vendors[0].name, sizeof world->vendors[0].name, "%s", "payment");
    world->vendors[0].latency = pl_law_lognormal_quantiles(0.05, 0.3);
    world->vendors[0].error_rate = 0.001;
    world->flag_count = 1;
    snprintf(world->flags[0].name, sizeof world->flags[0].name, "%s", "inline");
}

static void add_edge(struct pl_world *world, uint32_t from, const char *name, uint32_t service)
{
    struct pl_edge *edge = &world->edges[world->edge_count++];
    *edge = pl_edge_default();
    edge->service = from;
    edge->to_service = service;
    edge->to_vendor = service == PL_NONE ? 0 : PL_NONE;
    edge->timeout_s = 2.0;
    edge->retries = 1.0;
    edge->latency_s = 0.0003;
    edge->breaker = 1.0;
    snprintf(edge->target_name, sizeof edge->target_name, "%s", name);
}

static void add_checkout_route(struct pl_world *world)
{
    add_route(world, 1, "place-order");
    add_step(world, PL_OP_CPU, "parse")->law = pl_law_lognormal(0.004, 0.02);
    add_step(world, PL_OP_ACQUIRE, "")->target = 1;
    add_step(world, PL_OP_LOCK, "")->target = 0;
    add_step(world, PL_OP_QUERY, "insert")->target = 1;
    struct pl_step *inline_call = add_step(world, PL_OP_CALL, "inline");
    inline_call->edge = 1;
    inline_call->vendor = 0;
    inline_call->flag = 0;
    inline_call->times = 2.0;
    add_step(world, PL_OP_RELEASE, "")->target = 1;
    struct pl_step *pay = add_step(world, PL_OP_CALL, "pay");
    pay->edge = 1;
    pay->vendor = 0;
    struct pl_step *publish = add_step(world, PL_OP_PUBLISH, "");
    publish->target = 0;
    publish->law = pl_law_constant(0.002);
    add_route(world, 1, "get-order");
    add_step(world, PL_OP_CPU, "parse")->law = pl_law_exponential(0.002);
    struct pl_step *await = add_step(world, PL_OP_AWAIT, "await");
    await->target = 0;
    await->times = 20.0;
    await->factor = 5.0;
    await->law = pl_law_constant(0.05);
    add_step(world, PL_OP_QUERY, "select")->target = 0;
}

static void add_programs(struct pl_world *world)
{
    add_route(world, 0, "browse");
    add_step(world, PL_OP_CPU, "render")->law = pl_law_exponential(0.003);
    struct pl_step *get = add_step(world, PL_OP_GET, "");
    get->target = 0;
    get->skip_to = 4;
    add_step(world, PL_OP_QUERY, "")->target = 0;
    add_step(world, PL_OP_PUT, "")->target = 0;
    add_route(world, 0, "buy");
    add_step(world, PL_OP_CPU, "render")->law = pl_law_exponential(0.003);
    struct pl_step *both = add_step(world, PL_OP_PARALLEL, "");
    both->span = 2;
    for (uint32_t i = 0; i < 2; i++) {
        struct pl_step *call = add_step(world, PL_OP_CALL, i == 0 ? "place" : "get");
        call->edge = 0;
        call->target = 2 + i;
    }
    add_checkout_route(world);
    add_route(world, 2, "fulfil");
    add_step(world, PL_OP_CPU, "work")->law = pl_law_exponential(0.01);
}

void pl_test_shop_world(struct pl_world *world)
{
    pl_world_init(world);
    snprintf(world->name, sizeof world->name, "%s", "shop");
    world->frames_max = 2048;
    world->objectives.latency_p99_s = 1.0;
    const char *names[] = {"storefront", "checkout", "fulfilment"};
    for (uint32_t i = 0; i < 3; i++) {
        struct pl_service *service = add_service(world, names[i]);
        service->pods = 2;
        service->pods_max = 4;
        service->workers = 32;
        service->cpu_cores = 2.0;
        service->health_threshold = 3;
        service->boot_connections = 2;
        service->memory_base_mb = 200.0;
        service->memory_limit_mb = 1000.0;
    }
    add_data(world);
    world->pool_count = 2;
    for (uint32_t i = 0; i < 2; i++) {
        world->pools[i] = pl_pool_default();
        world->pools[i].service = i;
        world->pools[i].size = 6.0;
        world->pools[i].size_max = 16;
        world->pools[i].acquire_timeout_s = 1.0;
        world->pools[i].max_lifetime_s = 60.0;
    }
    add_edge(world, 0, "checkout", 1);
    add_edge(world, 1, "payment", PL_NONE);
    struct pl_topic *topic = &world->topics[world->topic_count++];
    snprintf(topic->name, sizeof topic->name, "%s", "orders");
    topic->partitions = 4;
    topic->consumer_route = 4;
    topic->depth_max = 1000;
    topic->consumers = 4.0;
    add_programs(world);
    world->source_count = 1;
    struct pl_source *users = &world->sources[0];
    *users = pl_source_default();
    snprintf(users->name, sizeof users->name, "%s", "users");
    users->arrivals = PL_ARRIVALS_MMPP;
    users->burst = 1.8;
    users->rate = 60.0;
    users->patience = pl_law_constant(3.0);
    users->retries = 1.0;
    users->mix_count = 2;
    users->mix_route[1] = 1;
    users->mix_share[0] = 0.6;
    users->mix_share[1] = 0.4;
    seal(world);
}

void pl_test_ledger_world(struct pl_world *world)
{
    pl_world_init(world);
    snprintf(world->name, sizeof world->name, "%s", "till");
    world->frames_max = 1024;
    world->objectives.latency_p99_s = 1.0;
    const char *names[] = {"front", "till"};
    for (uint32_t i = 0; i < 2; i++) {
        struct pl_service *service = add_service(world, names[i]);
        service->pods = 2;
        service->pods_max = 4;
        service->workers = 64;
        service->cpu_cores = 2.0;
        service->balance = PL_BALANCE_ROUND_ROBIN;
    }
    add_data(world);
    world->vendors[0].latency = pl_law_constant(0.1);
    world->vendors[0].error_rate = 0.0;
    add_edge(world, 0, "till", 1);
    add_edge(world, 1, "payment", PL_NONE);
    world->edges[0].breaker = 0.0;
    world->edges[1].breaker = 0.0;
    add_route(world, 0, "buy");
    struct pl_step *send = add_step(world, PL_OP_CALL, "send");
    send->edge = 0;
    send->target = 1;
    add_route(world, 1, "pay");
    add_step(world, PL_OP_INTEND, "")->target = 0;
    struct pl_step *pay = add_step(world, PL_OP_CALL, "pay");
    pay->edge = 1;
    pay->vendor = 0;
    world->step_effect[world->step_count - 1] = 1;
    world->link_count = 1;
    world->links[0] = pl_link_default();
    snprintf(world->links[0].name, sizeof world->links[0].name, "%s", "wire");
    world->links[0].edge = 1;
    world->links[0].connections = 16;
    world->links[0].lifetime_s = 600.0;
    world->effect_count = 1;
    world->effects[0] = pl_effect_default();
    snprintf(world->effects[0].name, sizeof world->effects[0].name, "%s", "charge");
    world->effects[0].route = 1;
    world->effects[0].database = 0;
    world->effects[0].worth_lost = 20.0;
    world->effects[0].worth_unknown = 10.0;
    world->source_count = 1;
    world->sources[0] = pl_source_default();
    snprintf(world->sources[0].name, sizeof world->sources[0].name, "%s", "users");
    world->sources[0].rate = 20.0;
    world->sources[0].mix_count = 1;
    world->sources[0].mix_share[0] = 1.0;
    seal(world);
}

static void *heap(size_t size)
{
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16);
    PL_CHECK(memory != NULL);
    return memory;
}

struct pl_state *pl_test_start(const struct pl_world *world, uint64_t seed)
{
    size_t size = pl_model_size(world);
    return pl_model_init(world, heap(size), size, seed);
}

struct pl_state *pl_test_fork(const struct pl_world *world, const struct pl_state *state)
{
    size_t size = pl_model_size(world);
    return pl_model_fork(heap(size), size, state);
}

struct pl_record *pl_test_record(const struct pl_world *world)
{
    return pl_record_init(world, heap(pl_record_size(world)), 0.05);
}

void pl_test_change(const struct pl_world *world,
                    struct pl_state *state,
                    const char *path,
                    double value,
                    double at_s)
{
    pl_error err = {0};
    struct pl_change change = {
        .t_ns = pl_clock_ns(at_s),
        .param = pl_world_param(world, path),
        .value = value,
    };
    if (pl_model_change(world, state, &change, &err) != PL_OK) {
        pl_check_failed(path, 0, err.message);
    }
}
