// SPDX-License-Identifier: Apache-2.0
#include "observe/burn.h"

#include "observe/observe_block_types.h"
#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STEP_NS (INT64_C(15) * 1000000000)

enum { SAMPLES = 64, FAST = 0, SLOW = PL_HTTP_BUCKETS - 1 };

static struct pl_world world;
static struct pl_observe *observe;
static uint32_t called; /* a route that users call */
static uint32_t inner;  /* one that they do not */
static uint32_t counts[PL_CODE_COUNT][PL_HTTP_BUCKETS];

static bool users_call(uint32_t route)
{
    for (uint32_t mix = 0; mix < world.sources[0].mix_count; mix++) {
        if (world.sources[0].mix_route[mix] == route) {
            return true;
        }
    }
    return false;
}

static int start(void **test_state)
{
    (void)test_state;
    pl_test_shop_world(&world);
    world.objectives = (struct pl_objectives){
        .latency_p99_s = 1.5, .availability = 0.999, .monthly_requests = 1e6};
    called = world.sources[0].mix_route[0];
    world.routes[called].slo_s = 0.0;
    for (inner = 0; users_call(inner); inner++) {
    }
    assert_true(inner < world.route_count);
    observe = calloc(1, sizeof *observe);
    size_t size = pl_tracks_size(&world, SAMPLES);
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16);
    assert_true(observe != NULL && memory != NULL);
    observe->world = &world;
    observe->tracks = pl_tracks_init(&world, memory, size, SAMPLES);
    memset(counts, 0, sizeof counts);
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    free(observe->tracks);
    free(observe);
    return 0;
}

/* Scrape what was counted so far on a route. */
static void scrape(uint32_t route)
{
    uint32_t pod = pl_tracks_pod0(observe->tracks, world.routes[route].service);
    assert_true(
        pl_tracks_begin(observe->tracks, (int64_t)pl_tracks_count(observe->tracks) * STEP_NS));
    for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
        struct pl_track track = pl_tracks_open(observe->tracks, PL_TRACK_SERVER, pod, route, code);
        for (uint32_t bucket = 0; bucket < PL_HTTP_BUCKETS; bucket++) {
            *pl_track_count(&track, bucket, pl_tracks_open_sample(observe->tracks)) =
                counts[code][bucket];
        }
    }
    pl_tracks_end(observe->tracks);
}

static void failures_and_slow_answers_use_the_budget(void **test_state)
{
    (void)test_state;
    struct pl_burn burn;
    counts[PL_CODE_ERROR][FAST] = 500; /* before the moment that is asked for */
    scrape(called);
    counts[PL_CODE_OK][FAST] += 900;
    counts[PL_CODE_NOT_FOUND][FAST] += 40; /* an answer */
    counts[PL_CODE_ERROR][FAST] += 20;
    counts[PL_CODE_TIMEOUT][SLOW] += 10;
    counts[PL_CODE_OK][SLOW] += 30;
    scrape(called);
    assert_true(pl_burn_read(observe, 0, &burn));
    assert_true(fabs(burn.used - (60.0 / 1000.0)) < 1e-12); /* of 0.001 of a million */
    assert_true(fabs(burn.rate - (60.0 / 1000.0 / 0.001)) < 1e-9);
}

static void a_bucket_around_the_objective_counts_in_part(void **test_state)
{
    (void)test_state;
    struct pl_burn burn;
    uint32_t around = 0;
    while (pl_http_bounds[around] < 1.5) {
        around++;
    }
    double low = pl_http_bounds[around - 1];
    double high = pl_http_bounds[around];
    scrape(called);
    counts[PL_CODE_OK][around] = 1000;
    counts[PL_CODE_OK][around - 1] = 1000;
    scrape(called);
    assert_true(pl_burn_read(observe, 0, &burn));
    assert_true(fabs(burn.used - ((high - 1.5) / (high - low))) < 1e-12);
    world.routes[called].slo_s = high; /* its own objective counts before the world's */
    assert_true(pl_burn_read(observe, 0, &burn));
    assert_true(fabs(burn.used - (0.0)) < 1e-12);
}

static void the_rate_forgets_what_is_older_than_five_minutes(void **test_state)
{
    (void)test_state;
    struct pl_burn burn;
    scrape(called);
    counts[PL_CODE_ERROR][FAST] = 100;
    for (int i = 0; i < 40; i++) {
        counts[PL_CODE_OK][FAST] += 10;
        scrape(called);
    }
    assert_true(pl_burn_read(observe, 0, &burn));
    assert_true(fabs(burn.used - (0.1)) < 1e-12);
    assert_true(fabs(burn.rate - (0.0)) < 1e-12);
}

static void what_users_do_not_call_counts_nothing(void **test_state)
{
    (void)test_state;
    struct pl_burn burn;
    scrape(inner);
    counts[PL_CODE_ERROR][FAST] = 100;
    scrape(inner);
    assert_true(pl_burn_read(observe, 0, &burn));
    assert_true(fabs(burn.used - (0.0)) < 1e-12);
    assert_true(fabs(burn.rate - (0.0)) < 1e-12);
}

static void without_objectives_or_samples_there_is_no_burn(void **test_state)
{
    (void)test_state;
    struct pl_burn burn;
    assert_false(pl_burn_read(observe, 0, &burn));
    scrape(called);
    assert_false(pl_burn_read(observe, 0, &burn));
    scrape(called);
    assert_true(pl_burn_read(observe, 0, &burn));
    assert_false(pl_burn_read(observe, 2 * STEP_NS, &burn));
    world.objectives.availability = 0.0;
    assert_false(pl_burn_read(observe, 0, &burn));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(failures_and_slow_answers_use_the_budget, start, stop),
        cmocka_unit_test_setup_teardown(a_bucket_around_the_objective_counts_in_part, start, stop),
        cmocka_unit_test_setup_teardown(
            the_rate_forgets_what_is_older_than_five_minutes, start, stop),
        cmocka_unit_test_setup_teardown(what_users_do_not_call_counts_nothing, start, stop),
        cmocka_unit_test_setup_teardown(
            without_objectives_or_samples_there_is_no_burn, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
