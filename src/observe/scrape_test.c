// SPDX-License-Identifier: Apache-2.0
#include "observe/scrape.h"

#include "observe/observe_block_types.h"
#include "support/observed.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)

static void samples_come_at_the_interval_of_the_scenario(void **test_state)
{
    (void)test_state;
    const struct pl_observe_def def = {.seed = 4, .scrape_interval_ns = 10 * SECOND};
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 95.0);
    assert_int_equal(pl_tracks_count(run.observe->tracks), 10);
    assert_true(pl_tracks_time(run.observe->tracks, 9) == 90 * SECOND);
    assert_true(run.observe->scrape.next_ns == 100 * SECOND);
    pl_test_observed_end(&run);
}

static void gaps_lose_or_freeze_their_target_alone(void **test_state)
{
    (void)test_state;
    static const struct pl_observe_gap gaps[] = {
        {.target = "checkout",
         .kind = PL_OBSERVE_GAP_LOST,
         .from_ns = 30 * SECOND,
         .until_ns = 60 * SECOND},
        {.target = "orders-db",
         .kind = PL_OBSERVE_GAP_FROZEN,
         .from_ns = 45 * SECOND,
         .until_ns = 90 * SECOND},
    };
    const struct pl_observe_def def = {.seed = 4, .gaps = gaps, .gap_count = 2};
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 120.0);
    const struct pl_tracks *tracks = run.observe->tracks;
    assert_int_equal(pl_tracks_target(tracks, 1, 1), PL_SCRAPE_OK);
    assert_int_equal(pl_tracks_target(tracks, 1, 2), PL_SCRAPE_LOST);
    assert_int_equal(pl_tracks_target(tracks, 1, 3), PL_SCRAPE_LOST);
    assert_int_equal(pl_tracks_target(tracks, 1, 4), PL_SCRAPE_OK); /* 60 s is not included */
    assert_int_equal(pl_tracks_target(tracks, 0, 2), PL_SCRAPE_OK);
    struct pl_track calls = pl_tracks_find(tracks, PL_TRACK_STATEMENT, 0, 0, 0);
    assert_int_equal(*pl_track_count(&calls, 0, 3), *pl_track_count(&calls, 0, 2));
    assert_int_equal(*pl_track_count(&calls, 0, 5), *pl_track_count(&calls, 0, 2));
    assert_true(*pl_track_count(&calls, 0, 6) > *pl_track_count(&calls, 0, 2));
    pl_test_observed_end(&run);
}

static void every_target_can_be_meant(void **test_state)
{
    (void)test_state;
    static const struct pl_observe_gap gap = {.target = "*",
                                              .kind = PL_OBSERVE_GAP_LOST,
                                              .from_ns = 15 * SECOND,
                                              .until_ns = 16 * SECOND};
    const struct pl_observe_def def = {.seed = 4, .gaps = &gap, .gap_count = 1};
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 20.0);
    for (uint32_t i = 0; i < pl_tracks_target_count(run.observe->tracks); i++) {
        assert_int_equal(pl_tracks_target(run.observe->tracks, i, 1), PL_SCRAPE_LOST);
    }
    pl_test_observed_end(&run);
}

/* A rollout makes new pods and no restarts; a container that runs out of memory restarts. */
static void restarts_are_those_of_containers(void **test_state)
{
    (void)test_state;
    const struct pl_observe_def def = {.seed = 4};
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    pl_test_change(run.world, run.state, "service.checkout.restart", 1.0, 20.0);
    pl_test_observed_run(&run, 300.0);
    uint32_t restarts = 0;
    for (uint32_t pod = 4; pod < 8; pod++) {
        restarts += run.observe->scrape.restarts[pod];
    }
    assert_int_equal(restarts, 0);
    assert_true(run.observe->fleet.count > 6); /* new pods with new names */
    pl_test_change(run.world, run.state, "service.checkout.leak_rate", 40.0, 301.0);
    pl_test_observed_run(&run, 400.0);
    for (uint32_t pod = 4; pod < 8; pod++) {
        restarts += run.observe->scrape.restarts[pod];
    }
    assert_true(restarts > 0);
    pl_test_observed_end(&run);
}

static void a_bad_plan_reads_more_buffers(void **test_state)
{
    (void)test_state;
    const struct pl_observe_def def = {.seed = 4};
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    run.world->statements[0].blocks = 8.0;
    run.world->statements[0].plan_bad_factor = 20.0;
    pl_test_change(run.world, run.state, "statement.orders-db.get-order.plan", 1.0, 61.0);
    pl_test_observed_run(&run, 60.0);
    double read = run.observe->scrape.blocks_read[0];
    double hit = run.observe->scrape.blocks_hit[0];
    assert_true(hit / (hit + read) > 0.98);
    pl_test_observed_run(&run, 120.0);
    double more_read = run.observe->scrape.blocks_read[0] - read;
    double more_hit = run.observe->scrape.blocks_hit[0] - hit;
    assert_true(more_hit / (more_hit + more_read) < 0.85);
    pl_test_observed_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_come_at_the_interval_of_the_scenario),
        cmocka_unit_test(gaps_lose_or_freeze_their_target_alone),
        cmocka_unit_test(every_target_can_be_meant),
        cmocka_unit_test(restarts_are_those_of_containers),
        cmocka_unit_test(a_bad_plan_reads_more_buffers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
