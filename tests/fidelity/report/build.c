// SPDX-License-Identifier: Apache-2.0
#include "fidelity/report/build.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pl_world *pl_build_begin(uint32_t frames_max)
{
    struct pl_world *world = malloc(sizeof *world);
    PL_CHECK(world != NULL);
    pl_world_init(world);
    world->frames_max = frames_max;
    return world;
}

struct pl_service *
pl_build_service(struct pl_world *world, const char *name, uint32_t workers, double cores)
{
    struct pl_service *service = &world->services[world->service_count++];
    *service = pl_service_default();
    snprintf(service->name, sizeof service->name, "%s", name);
    service->workers = workers;
    service->cpu_cores = cores;
    return service;
}

uint32_t pl_build_route(struct pl_world *world, const char *name)
{
    struct pl_route *route = &world->routes[world->route_count];
    snprintf(route->name, sizeof route->name, "%s", name);
    route->service = world->service_count - 1;
    route->step0 = world->step_count;
    return world->route_count++;
}

struct pl_step *pl_build_step(struct pl_world *world, enum pl_op op)
{
    struct pl_step *step = &world->steps[world->step_count++];
    *step = pl_step_default();
    step->op = op;
    step->route = world->route_count - 1;
    world->routes[step->route].step_count++;
    return step;
}

struct pl_step *pl_build_cpu(struct pl_world *world, pl_law law)
{
    struct pl_step *step = pl_build_step(world, PL_OP_CPU);
    step->law = law;
    return step;
}

struct pl_step *pl_build_call(struct pl_world *world, uint32_t edge, uint32_t route)
{
    struct pl_step *step = pl_build_step(world, PL_OP_CALL);
    step->edge = edge;
    step->target = route;
    return step;
}

struct pl_edge *pl_build_edge(struct pl_world *world, uint32_t from, uint32_t to)
{
    struct pl_edge *edge = &world->edges[world->edge_count++];
    *edge = pl_edge_default();
    edge->service = from;
    edge->to_service = to;
    memcpy(edge->target_name, world->services[to].name, sizeof edge->target_name);
    return edge;
}

struct pl_source *pl_build_source(struct pl_world *world, double rate)
{
    struct pl_source *source = &world->sources[0];
    world->source_count = 1;
    *source = pl_source_default();
    snprintf(source->name, sizeof source->name, "%s", "users");
    source->rate = rate;
    source->mix_count = 1;
    source->mix_share[0] = 1.0;
    return source;
}

const struct pl_world *pl_build_seal(struct pl_world *world)
{
    pl_error err = {0};
    if (pl_world_seal(world, &err) != PL_OK) {
        pl_check_failed(__FILE__, __LINE__, err.message);
    }
    return world;
}

const struct pl_world *
pl_build_queue(double rate, pl_law law, uint32_t workers, double cores, uint32_t frames_max)
{
    struct pl_world *world = pl_build_begin(frames_max);
    pl_build_service(world, "server", workers, cores);
    pl_build_route(world, "work");
    pl_build_cpu(world, law);
    pl_build_source(world, rate);
    return pl_build_seal(world);
}
