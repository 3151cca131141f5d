// SPDX-License-Identifier: Apache-2.0
//
// A small pipeline, driven by changes.
#include "model/group.h"

#include "model/stream_view.h"
#include "support/streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_group_view view_of(const struct pl_driven *line, uint32_t group)
{
    return pl_model_group(line->world, line->state, group);
}

static double damage(const struct pl_driven *line)
{
    return pl_model_outcome(line->state, 0).damage;
}

static void a_healthy_pipeline_is_fresh_and_harms_nobody(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 300.0);
    assert_true(pl_streams_lag(line, PL_TEST_ENRICH) < 3000.0);
    assert_true(pl_streams_lag(line, PL_TEST_WRITER) < 3000.0);
    assert_true(pl_model_freshness(line->world, line->state, PL_TEST_WRITER, 0.95) < 5.0);
    assert_true(damage(line) < 0.001);
    uint64_t in = view_of(line, PL_TEST_ENRICH).consumed;
    uint64_t out = view_of(line, PL_TEST_WRITER).consumed;
    assert_true(in > 295000 && out > 294000 && out <= in);
}

static void a_batch_costs_what_its_records_cost(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 300.0);
    double cores = 0.0;
    for (uint32_t i = 0; i < 4; i++) {
        cores += pl_model_pod(line->world, line->state, line->world->pod0[1] + i).cpu_s / 300.0;
    }
    assert_true(cores > 1.9 && cores < 2.1); /* 1,000 records/s of 2 ms */
}

static void an_overloaded_partition_lags_alone(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "tenant.big.weight", 30.0);
    pl_driven_run_to(line, 300.0);
    for (uint32_t p = 0; p < 8; p++) {
        struct pl_lane_view lane = pl_model_lane(line->world, line->state, PL_TEST_ENRICH, p);
        double lag = (double)(lane.end - lane.committed);
        assert_true(p == 3 ? lag > 20000.0 : lag < 2000.0 || p == 2); /* 2 has the same owner */
    }
    double old = pl_model_freshness(line->world, line->state, PL_TEST_WRITER, 0.95);
    double usual = pl_model_freshness(line->world, line->state, PL_TEST_WRITER, 0.2);
    assert_true(old > 30.0 && usual < 10.0);
    assert_true(damage(line) > 1000.0);
}

static void members_beyond_the_partitions_are_idle(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "step.enrich.run.work.factor", 3.0); /* 6 cores are wanted, 4 are there */
    pl_driven_set(line, "service.enrich.pods", 8.0);
    pl_driven_run_to(line, 60.0);
    assert_int_equal(view_of(line, PL_TEST_ENRICH).members, 8);
    double before = pl_streams_lag(line, PL_TEST_ENRICH);
    pl_driven_run_to(line, 240.0);
    assert_true(pl_streams_lag(line, PL_TEST_ENRICH) < before + 5000.0); /* 8 pods are enough */
    for (uint32_t p = 0; p < 8; p++) {
        uint32_t owner = pl_model_lane(line->world, line->state, PL_TEST_ENRICH, p).owner;
        assert_int_equal(owner, line->world->pod0[1] + p);
    }
}

static void a_rebalance_pauses_the_group(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    pl_driven_set(line, "group.enrich.rebalance", 30.0);
    pl_driven_set(line, "service.enrich.pods", 5.0); /* ready after 5 s */
    pl_driven_run_to(line, 80.0);
    assert_int_equal(view_of(line, PL_TEST_ENRICH).rebalancing, 1);
    assert_true(pl_streams_lag(line, PL_TEST_ENRICH) > 12000.0);
    pl_driven_run_to(line, 120.0);
    assert_int_equal(view_of(line, PL_TEST_ENRICH).members, 5);
    assert_int_equal(view_of(line, PL_TEST_ENRICH).rebalances, 1);
}

static void a_member_that_polls_too_late_is_thrown_out_and_repeats(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    assert_int_equal(view_of(line, PL_TEST_ENRICH).evictions, 0);
    pl_driven_set(line, "group.enrich.max_records", 5000.0);
    pl_driven_set(line, "group.enrich.poll_interval", 3.0);
    pl_driven_set(line, "group.enrich.paused", 1.0);
    pl_driven_run_to(line, 90.0);
    pl_driven_set(line, "group.enrich.paused", 0.0); /* a backlog makes the batches long */
    pl_driven_run_to(line, 240.0);
    struct pl_group_view view = view_of(line, PL_TEST_ENRICH);
    assert_true(view.evictions > 10 && view.rebalances > 5);
    assert_true(view.duplicates > 1000.0);
    assert_true(pl_driven_logged(line, 1, PL_LOG_POLL_TIMEOUT) == view.evictions);
    pl_driven_set(line, "group.enrich.poll_interval", 120.0);
    pl_driven_run_to(line, 600.0);
    uint64_t evictions = view_of(line, PL_TEST_ENRICH).evictions;
    pl_driven_run_to(line, 700.0);
    assert_int_equal(view_of(line, PL_TEST_ENRICH).evictions, evictions);
    assert_true(pl_streams_lag(line, PL_TEST_ENRICH) < 5000.0);
}

static void poison_blocks_its_owner_until_it_is_parked(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    pl_driven_set(line, "group.enrich.poison", 4.0); /* partition 3 */
    pl_driven_run_to(line, 120.0);
    struct pl_lane_view stuck = pl_model_lane(line->world, line->state, PL_TEST_ENRICH, 3);
    pl_driven_run_to(line, 180.0);
    struct pl_lane_view later = pl_model_lane(line->world, line->state, PL_TEST_ENRICH, 3);
    assert_true(stuck.committed == later.committed && later.failures > stuck.failures);
    pl_driven_set(line, "group.enrich.deliveries", 3.0);
    pl_driven_run_to(line, 260.0);
    struct pl_group_view view = view_of(line, PL_TEST_ENRICH);
    assert_true(view.dead > 0.5 && view.dead < 1.5);
    assert_true(view.lag < 3000.0);
}

static void who_got_stuck_comes_back_with_a_restart(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    pl_driven_set(line, "group.watch.stuck", 1.0);
    pl_driven_run_to(line, 120.0);
    assert_int_equal(view_of(line, PL_TEST_WATCH).members, 0);
    assert_true(view_of(line, PL_TEST_WATCH).lag > 50000.0);
    pl_driven_set(line, "service.watch.restart", 1.0);
    pl_driven_run_to(line, 240.0);
    assert_int_equal(view_of(line, PL_TEST_WATCH).members, 2);
    assert_true(view_of(line, PL_TEST_WATCH).lag < 3000.0);
}

static void a_fetch_limit_slows_a_reader_that_catches_up(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "group.watch.paused", 1.0);
    pl_driven_run_to(line, 60.0);
    pl_driven_set(line, "group.watch.fetch", 1500.0);
    pl_driven_set(line, "group.watch.paused", 0.0);
    uint64_t before = view_of(line, PL_TEST_WATCH).consumed;
    pl_driven_run_to(line, 100.0);
    double rate = (double)(view_of(line, PL_TEST_WATCH).consumed - before) / 40.0;
    assert_true(rate > 1100.0 && rate < 1700.0);
}

static void a_reader_goes_on_when_its_limit_is_lifted(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 30.0);
    pl_driven_set(line, "group.watch.fetch", 2.0);
    pl_driven_run_to(line, 60.0);
    uint64_t before = view_of(line, PL_TEST_WATCH).consumed;
    pl_driven_run_to(line, 90.0); /* what it read before is paid for in half an hour */
    assert_int_equal(view_of(line, PL_TEST_WATCH).consumed, before);
    pl_driven_set(line, "group.watch.fetch", 0.0);
    pl_driven_run_to(line, 120.0);
    assert_true(view_of(line, PL_TEST_WATCH).lag < 3000.0);
}

static void rejected_records_are_dead_letters(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "group.enrich.reject", 0.5);
    pl_driven_run_to(line, 120.0);
    struct pl_group_view view = view_of(line, PL_TEST_ENRICH);
    assert_true(view.dead > 55000.0 && view.dead < 62000.0);
    assert_true(view_of(line, PL_TEST_WRITER).consumed < 62000);
    assert_true(damage(line) > 10000.0); /* lost ones count twice */
}

static void what_users_look_at_late_is_late(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    assert_true(damage(line) < 0.001);
    pl_driven_set(line, "stream.rich.view", 60.0);
    pl_driven_run_to(line, 120.0);
    double harm = damage(line);
    assert_true(harm > 5500.0 && harm < 6300.0); /* every request of a minute */
}

static void a_killed_pod_loses_its_partitions(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    pl_driven_set(line, "service.writer.memory_limit", 100.0);
    pl_driven_set(line, "service.writer.leak_per_request", 1.0);
    pl_driven_run_to(line, 300.0);
    assert_true(pl_driven_logged(line, 2, PL_LOG_OOM_KILLED) > 3);
    assert_true(view_of(line, PL_TEST_WRITER).rebalances > 3);
    assert_true(view_of(line, PL_TEST_WRITER).consumed > 150000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define LINE(test) cmocka_unit_test_setup_teardown(test, pl_streams_setup, pl_driven_teardown)
        LINE(a_healthy_pipeline_is_fresh_and_harms_nobody),
        LINE(a_batch_costs_what_its_records_cost),
        LINE(an_overloaded_partition_lags_alone),
        LINE(members_beyond_the_partitions_are_idle),
        LINE(a_rebalance_pauses_the_group),
        LINE(a_member_that_polls_too_late_is_thrown_out_and_repeats),
        LINE(poison_blocks_its_owner_until_it_is_parked),
        LINE(who_got_stuck_comes_back_with_a_restart),
        LINE(a_fetch_limit_slows_a_reader_that_catches_up),
        LINE(a_reader_goes_on_when_its_limit_is_lifted),
        LINE(rejected_records_are_dead_letters),
        LINE(what_users_look_at_late_is_late),
        LINE(a_killed_pod_loses_its_partitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
