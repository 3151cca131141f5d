// SPDX-License-Identifier: Apache-2.0
#include "observe/fleet.h"

#include "model/model.h"
#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_world world;
static struct pl_fleet fleet;

static void start(void)
{
    pl_test_shop_world(&world);
    world.slice_of = 4;
    world.services[1].fleet = 8;
    pl_fleet_init(&fleet, &world, 42, 0.01);
}

static void shares_differ_and_sum_to_one(void **test_state)
{
    (void)test_state;
    start();
    bool differ = false;
    for (uint32_t sample = 0; sample < 200; sample++) {
        double amount = sample % 2 == 0 ? 3.0 : 4000.0;
        double sum = 0.0;
        for (uint32_t twin = 0; twin < 4; twin++) {
            double share = pl_fleet_share(99, sample, twin, 4, amount);
            assert_true(share > 0.0 && share < 1.0);
            /* Large amounts are dealt out evenly: a few of the root of their size. */
            assert_true(amount < 100.0 || fabs(share - 0.25) < 0.25 * 4.0 / sqrt(amount));
            differ = differ || fabs(share - 0.25) > 0.05;
            sum += share;
        }
        assert_true(fabs(sum - 1.0) < 1e-12);
    }
    assert_true(differ);
    assert_true(pl_fleet_share(99, 0, 0, 1, 5.0) >= 1.0);
}

static void gauges_stay_in_their_bounds_and_around_their_value(void **test_state)
{
    (void)test_state;
    for (int whole = 0; whole <= 8; whole++) {
        double value = (double)whole;
        double sum = 0.0;
        bool differ = false;
        for (uint32_t sample = 0; sample < 2000; sample++) {
            double own = pl_fleet_gauge(7, sample, 1 + sample % 3, value, 8.0);
            assert_true(own >= 0.0 && own <= 8.0);
            differ = differ || fabs(own - value) > 0.5;
            sum += own;
            double first = pl_fleet_gauge(7, sample, 0, value, 8.0);
            assert_true(fabs(first - value) < 1e-12);
        }
        bool edge = value < 0.5 || value > 7.5; /* nothing stays nothing, full stays full */
        assert_true(differ != edge);
        assert_true(fabs(sum / 2000.0 - value) < 0.15);
    }
}

static void names_look_like_pods_and_hang_on_what_they_should(void **test_state)
{
    (void)test_state;
    start();
    char one[PL_POD_NAME_MAX];
    char other[PL_POD_NAME_MAX];
    pl_fleet_pod_name(&fleet, 4, 0, 1, 0, one);
    assert_int_equal(strncmp(one, "checkout-", 9), 0);
    assert_int_equal(strlen(one), strlen("checkout-") + 9 + 1 + 5);
    pl_fleet_pod_name(&fleet, 4, 0, 1, 1, other);
    assert_string_not_equal(one, other);
    assert_memory_equal(one, other, strlen("checkout-") + 9); /* one replica set */
    pl_fleet_pod_name(&fleet, 4, 1, 1, 0, other);
    assert_memory_not_equal(one, other, strlen("checkout-") + 9);
    pl_fleet_pod_name(&fleet, 4, 0, 1, 0, other);
    assert_string_equal(one, other);
    assert_int_equal(pl_fleet_twins(&world, 1), 4);
}

static void losses_have_their_share(void **test_state)
{
    (void)test_state;
    start();
    int lost = 0;
    for (uint32_t sample = 0; sample < 20000; sample++) {
        lost += pl_fleet_lost(&fleet, 3, 1, sample) ? 1 : 0;
    }
    assert_in_range(lost, 140, 260);
    pl_fleet_init(&fleet, &world, 42, 0.0);
    assert_false(pl_fleet_lost(&fleet, 3, 1, 17));
}

/* Position 4 is written by hand: a process, a restart in place, a new release. */
static void sample(struct pl_tracks *tracks,
                   struct pl_intern *intern,
                   uint32_t generation,
                   uint32_t release,
                   uint32_t restarts)
{
    int64_t t_ns = (int64_t)pl_tracks_count(tracks) * 15;
    assert_true(pl_tracks_begin(tracks, t_ns));
    uint32_t now = pl_tracks_open_sample(tracks);
    for (uint32_t pod = 0; pod < pl_model_pod_count(&world); pod++) {
        struct pl_track track = pl_tracks_open(tracks, PL_TRACK_POD, pod, 0, 0);
        bool here = pod == 4 && generation > 0;
        *pl_track_count(&track, PL_POD_PHASE, now) = here ? PL_POD_READY : PL_POD_ABSENT;
        *pl_track_count(&track, PL_POD_GENERATION, now) = here ? generation : 0;
        *pl_track_count(&track, PL_POD_RELEASE, now) = here ? release : 0;
        *pl_track_count(&track, PL_POD_RESTARTS, now) = here ? restarts : 0;
    }
    pl_tracks_end(tracks);
    pl_fleet_update(&fleet, tracks, intern);
}

static void a_restart_keeps_the_pod_and_a_release_replaces_it(void **test_state)
{
    (void)test_state;
    start();
    size_t size = pl_tracks_size(&world, 16);
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16);
    struct pl_tracks *tracks = pl_tracks_init(&world, memory, size, 16);
    struct pl_intern *intern = calloc(1, sizeof(*intern));
    sample(tracks, intern, 1, 0, 0);
    sample(tracks, intern, 1, 0, 0);
    sample(tracks, intern, 2, 0, 1); /* killed for memory, started again */
    assert_int_equal(fleet.count, 1);
    sample(tracks, intern, 3, 1, 1); /* release 1 */
    assert_int_equal(fleet.count, 2);
    assert_int_equal(fleet.instances[0].first, 0);
    assert_int_equal(fleet.instances[0].last, 2);
    sample(tracks, intern, 0, 0, 0); /* scaled in */
    sample(tracks, intern, 4, 1, 1); /* and out again */
    assert_int_equal(fleet.count, 3);
    assert_int_equal(fleet.instances[1].last, 3);
    assert_int_not_equal(fleet.instances[1].names[0], fleet.instances[2].names[0]);
    free(intern);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_differ_and_sum_to_one),
        cmocka_unit_test(gauges_stay_in_their_bounds_and_around_their_value),
        cmocka_unit_test(names_look_like_pods_and_hang_on_what_they_should),
        cmocka_unit_test(losses_have_their_share),
        cmocka_unit_test(a_restart_keeps_the_pod_and_a_release_replaces_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
