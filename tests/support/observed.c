// SPDX-License-Identifier: Apache-2.0
#include "support/observed.h"

#include "base/check.h"
#include "support/streams.h"
#include "support/worlds.h"
#include "text/json_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *heap(size_t size)
{
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16);
    PL_CHECK(memory != NULL);
    return memory;
}

static void dress(struct pl_world *world)
{
    static const char *const runtimes[] = {"node", "jvm", "go"};
    static const char *const paths[] = {"/", "/buy", "/orders", "/orders/{id}", ""};
    world->slice_of = 4;
    world->start_clock_s = 10.0 * 3600.0;
    uint32_t services = world->service_count;
    PL_CHECK(services <= sizeof runtimes / sizeof runtimes[0]);
    for (uint32_t i = 0; i < services; i++) {
        world->services[i].fleet = 8;
        snprintf(world->services[i].runtime, sizeof(world->services[i].runtime), "%s", runtimes[i]);
        snprintf(world->services[i].release, sizeof(world->services[i].release), "2026.11.2");
    }
    uint32_t routes = world->route_count;
    PL_CHECK(routes <= sizeof paths / sizeof paths[0]);
    for (uint32_t i = 0; i < routes; i++) {
        snprintf(world->routes[i].path, sizeof(world->routes[i].path), "%s", paths[i]);
    }
}

static void begin(struct pl_test_observed *run, const struct pl_observe_def *def, uint64_t seed)
{
    run->state = pl_test_start(run->world, seed);
    run->record = pl_test_record(run->world);
    size_t size = pl_observe_size(run->world, def);
    run->memory = heap(size);
    /* Nothing may depend on what memory held before: each run finds something else there. */
    static unsigned char fill = 0x5a;
    memset(run->memory, fill, size);
    fill = (unsigned char)(fill ^ 0xff);
    run->observe = pl_observe_init(run->world, def, run->memory, size);
    run->scene = (struct pl_scene){run->observe, run->state, run->record};
    pl_buf_init(&run->out, heap(PL_TEST_OUT_SIZE), PL_TEST_OUT_SIZE);
}

void pl_test_observed_start(struct pl_test_observed *run,
                            const struct pl_observe_def *def,
                            uint64_t seed)
{
    memset(run, 0, sizeof(*run));
    run->world = heap(sizeof(*run->world));
    pl_test_shop_world(run->world);
    dress(run->world);
    begin(run, def, seed);
}

void pl_test_observed_pipeline(struct pl_test_observed *run,
                               const struct pl_observe_def *def,
                               uint64_t seed)
{
    memset(run, 0, sizeof(*run));
    run->world = heap(sizeof(*run->world));
    pl_test_stream_world(run->world);
    begin(run, def, seed);
}

void pl_test_observed_run(struct pl_test_observed *run, double until_s)
{
    int64_t until_ns = pl_clock_ns(until_s);
    while (pl_model_now(run->state) < until_ns) {
        int64_t next_ns = pl_observe_next(run->observe);
        pl_model_run(run->world, run->state, run->record, next_ns < until_ns ? next_ns : until_ns);
        pl_observe_advance(run->observe, run->state, run->record);
    }
}

void pl_test_observed_end(struct pl_test_observed *run)
{
    free(run->out.data);
    free(run->memory);
    free(run->record);
    free(run->state);
    free(run->world);
}

void pl_test_observed_clear(struct pl_test_observed *run)
{
    pl_buf_clear(&run->out);
    memset(&run->err, 0, sizeof(run->err));
}

bool pl_test_observed_is_json(const struct pl_test_observed *run)
{
    json_t *json = NULL;
    pl_error err = {0};
    pl_slice text = {run->out.data, run->out.size};
    bool fine = pl_json_in_load(text, PL_TEST_OUT_SIZE, NULL, &json, &err) == PL_OK;
    json_decref(json);
    return fine;
}

bool pl_test_observed_has(const struct pl_test_observed *run, const char *text)
{
    return strstr(run->out.data, text) != NULL;
}

uint32_t pl_test_observed_count(const struct pl_test_observed *run, const char *text)
{
    uint32_t count = 0;
    for (const char *at = strstr(run->out.data, text); at != NULL; at = strstr(at + 1, text)) {
        count++;
    }
    return count;
}
