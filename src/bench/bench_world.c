// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_world.h"

#include "base/check.h"

#include <stdio.h>

enum { TIERS = 3, FRAMES_MAX = 1024 };

static const uint32_t tier_workers[TIERS] = {16, 32, 8};
static const double load = 0.7; /* of each tier, at one arrival per unit */
static const double give_up = 200.0;

static struct pl_service *add_service(struct pl_world *world, const char *name, uint32_t workers)
{
    struct pl_service *service = &world->services[world->service_count++];
    struct pl_route *route = &world->routes[world->route_count++];
    *service = pl_service_default();
    (void)snprintf(service->name, sizeof service->name, "%s", name);
    service->workers = workers;
    service->cpu_cores = workers > 0 ? (double)workers : 1.0;
    (void)snprintf(route->name, sizeof route->name, "%s", "work");
    route->service = world->service_count - 1;
    route->step0 = world->step_count;
    return service;
}

/* To the route added last. */
static struct pl_step *add_step(struct pl_world *world, enum pl_op op)
{
    struct pl_step *step = &world->steps[world->step_count++];
    *step = pl_step_default();
    step->op = op;
    step->route = world->route_count - 1;
    world->routes[step->route].step_count++;
    return step;
}

static void add_work(struct pl_world *world, double mean)
{
    add_step(world, PL_OP_CPU)->law = pl_law_exponential(mean * PL_BENCH_UNIT_S);
}

static void add_tiers(struct pl_world *world)
{
    static const char *const names[TIERS] = {"front", "middle", "back"};
    add_service(world, "gateway", 0);
    for (uint32_t i = 0; i < TIERS; i++) {
        struct pl_step *call = add_step(world, PL_OP_CALL);
        call->edge = i;
        call->target = i + 1;
    }
    for (uint32_t i = 0; i < TIERS; i++) {
        struct pl_edge *edge = &world->edges[world->edge_count++];
        add_service(world, names[i], tier_workers[i]);
        add_work(world, load * (double)tier_workers[i]);
        *edge = pl_edge_default();
        edge->service = 0;
        edge->to_service = i + 1;
        (void)snprintf(edge->target_name, sizeof edge->target_name, "%s", names[i]);
    }
}

void pl_bench_world_fill(struct pl_world *world, enum pl_bench_model model)
{
    pl_world_init(world);
    (void)snprintf(world->name, sizeof world->name, "%s", model == PL_BENCH_MM1 ? "mm1" : "tandem");
    world->frames_max = FRAMES_MAX;
    if (model == PL_BENCH_MM1) {
        add_service(world, "server", 1);
        add_work(world, 1.0);
    } else {
        add_tiers(world);
    }
    struct pl_source *users = &world->sources[0];
    world->source_count = 1;
    *users = pl_source_default();
    (void)snprintf(users->name, sizeof users->name, "%s", "users");
    users->rate = pl_bench_world_rate(model) / PL_BENCH_UNIT_S;
    if (model == PL_BENCH_TANDEM_TIMEOUT) {
        users->patience = pl_law_constant(give_up * PL_BENCH_UNIT_S);
    }
    users->mix_count = 1;
    users->mix_share[0] = 1.0;
    pl_error err = {0};
    if (pl_world_seal(world, &err) != PL_OK) {
        pl_check_failed(__FILE__, __LINE__, err.message);
    }
}

double pl_bench_world_rate(enum pl_bench_model model)
{
    return model == PL_BENCH_MM1 ? 0.9 : 1.0;
}

/* Mean wait in M/M/c: Erlang B by its recursion, then Erlang C. */
static double mmc_wait(uint32_t workers, double rate, double service)
{
    double offered = rate * service;
    double c = (double)workers;
    double blocked = 1.0;
    for (uint32_t k = 1; k <= workers; k++) {
        blocked = offered * blocked / ((double)k + offered * blocked);
    }
    double waits = blocked / (1.0 - offered / c * (1.0 - blocked));
    return waits * service / (c - offered);
}

double pl_bench_world_sojourn(enum pl_bench_model model)
{
    double rate = pl_bench_world_rate(model);
    double sum = 0.0;
    if (model == PL_BENCH_MM1) {
        return 1.0 + mmc_wait(1, rate, 1.0);
    }
    for (uint32_t i = 0; i < TIERS; i++) {
        double service = load * (double)tier_workers[i];
        sum += service + mmc_wait(tier_workers[i], rate, service);
    }
    return sum;
}
