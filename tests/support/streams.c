// SPDX-License-Identifier: Apache-2.0
#include "support/streams.h"

#include "base/check.h"
#include "model/stream_view.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t add_service(struct pl_world *world, const char *name, uint32_t pods)
{
    struct pl_service *service = &world->services[world->service_count++];
    *service = pl_service_default();
    snprintf(service->name, sizeof service->name, "%s", name);
    service->pods = pods;
    service->pods_max = 2 * pods;
    service->boot_s = 5.0;
    service->rollout_step_s = 5.0;
    struct pl_route *route = &world->routes[world->route_count++];
    snprintf(route->name, sizeof route->name, "%s", "run");
    snprintf(route->method, sizeof route->method, "%s", "POST");
    snprintf(route->path, sizeof route->path, "/%s", name);
    route->service = world->service_count - 1;
    route->step0 = world->step_count;
    return world->route_count - 1;
}

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

static void add_work(struct pl_world *world, double seconds)
{
    struct pl_step *step = add_step(world, PL_OP_CPU, "work");
    step->law = pl_law_constant(seconds);
    step->per_record = 1;
}

static struct pl_stream *add_stream(struct pl_world *world, const char *name)
{
    struct pl_stream *stream = &world->streams.streams[world->streams.stream_count++];
    *stream = pl_stream_default();
    snprintf(stream->name, sizeof stream->name, "%s", name);
    stream->partitions = 8;
    stream->batch_mean = 10.0;
    stream->keys = 200;
    stream->source = 0;
    return stream;
}

static struct pl_group_def *add_group(struct pl_world *world, const char *name, uint32_t route)
{
    struct pl_group_def *group = &world->streams.groups[world->streams.group_count++];
    *group = pl_group_default();
    snprintf(group->name, sizeof group->name, "%s", name);
    group->stream = PL_TEST_RAW;
    group->route = route;
    group->poll_interval_s = 20.0;
    group->rebalance_s = 2.0;
    return group;
}

static void add_producers(struct pl_world *world)
{
    add_service(world, "intake", 2);
    add_step(world, PL_OP_CPU, "accept")->law = pl_law_constant(0.001);
    struct pl_step *import = add_step(world, PL_OP_PUBLISH, "import");
    import->target = PL_TOPICS_MAX + PL_TEST_RAW;
    import->tenant = 0;
    import->share = 0.0;
    add_step(world, PL_OP_PUBLISH, "publish")->target = PL_TOPICS_MAX + PL_TEST_RAW;
    world->source_count = 1;
    world->sources[0] = pl_source_default();
    snprintf(world->sources[0].name, sizeof world->sources[0].name, "%s", "sdk");
    world->sources[0].rate = 100.0;
    world->sources[0].mix_count = 1;
    world->sources[0].mix_share[0] = 1.0;
    world->sources[0].mix_worth[0] = 1.0;
    world->streams.tenant_count = 1;
    world->streams.tenants[0].share = 0.05;
    world->streams.tenants[0].partition = 3;
    snprintf(world->streams.tenants[0].name, PL_STREAM_NAME_MAX, "%s", "big");
}

void pl_test_stream_world(struct pl_world *world)
{
    pl_error err = {0};
    pl_world_init(world);
    snprintf(world->name, sizeof world->name, "%s", "pipeline");
    world->streams.volume_count = 1;
    world->streams.volumes[0] = pl_volume_default();
    snprintf(world->streams.volumes[0].name, PL_STREAM_NAME_MAX, "%s", "disk");
    world->streams.volumes[0].credits_max_mb = 1000.0;
    add_stream(world, "raw")->side = PL_TEST_SIDE;
    add_stream(world, "rich");
    add_stream(world, "side");
    add_producers(world);
    add_group(world, "enrich", add_service(world, "enrich", 4));
    add_work(world, 0.002);
    add_step(world, PL_OP_PUBLISH, "")->target = PL_TOPICS_MAX + PL_TEST_RICH;
    struct pl_group_def *writer = add_group(world, "writer", add_service(world, "writer", 4));
    add_work(world, 0.0005);
    struct pl_step *write = add_step(world, PL_OP_WRITE, "");
    write->target = 0;
    write->amount_kb = 1.0;
    write->per_record = 1;
    writer->stream = PL_TEST_RICH;
    writer->upstream = PL_TEST_ENRICH;
    writer->fresh_s = 10.0;
    writer->worth = 1.0;
    writer->lost_worth = 2.0;
    add_group(world, "watch", add_service(world, "watch", 2))->cached = 1;
    add_work(world, 0.0002);
    if (pl_world_seal(world, &err) != PL_OK) {
        pl_check_failed(__FILE__, __LINE__, err.message);
    }
}

int pl_streams_setup(void **fixture)
{
    struct pl_driven *line = malloc(sizeof *line);
    PL_CHECK(line != NULL);
    line->world = malloc(sizeof *line->world);
    PL_CHECK(line->world != NULL);
    pl_test_stream_world(line->world);
    line->state = pl_test_start(line->world, 5);
    line->record = pl_test_record(line->world);
    *fixture = line;
    return 0;
}

double pl_streams_lag(const struct pl_driven *line, uint32_t group)
{
    return pl_model_group(line->world, line->state, group).lag;
}
