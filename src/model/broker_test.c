// SPDX-License-Identifier: Apache-2.0
//
// A small pipeline, driven by changes.
#include "model/broker.h"

#include "model/stream_view.h"
#include "support/streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static double fill(const struct pl_driven *line, uint32_t stream, uint32_t partition)
{
    return (double)pl_model_stream_end(line->world, line->state, stream, partition);
}

static double sum(const struct pl_driven *line, uint32_t stream)
{
    double all = 0.0;
    for (uint32_t p = 0; p < 8; p++) {
        all += fill(line, stream, p);
    }
    return all;
}

static void every_record_is_in_one_partition(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    double records = 10.0 * (double)line->record->routes[0].completed;
    double found = sum(line, PL_TEST_RAW);
    assert_true(found > records - 1.0 && found < records + 50.0);
    assert_true(sum(line, PL_TEST_SIDE) < 0.5);
}

static void a_heavy_tenant_fills_its_partition(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    double usual = fill(line, PL_TEST_RAW, 3);
    pl_driven_set(line, "tenant.big.weight", 10.0);
    pl_driven_run_to(line, 120.0);
    double heavy = fill(line, PL_TEST_RAW, 3) - usual;
    double all = sum(line, PL_TEST_RAW);
    assert_true(heavy > 2.0 * usual);
    assert_true(all > 110000.0 && all < 130000.0); /* the load is the same, its shares are not */
}

static void redirected_imports_leave_the_partition_of_their_tenant(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "step.intake.run.import.share", 0.2);
    pl_driven_run_to(line, 60.0);
    assert_true(sum(line, PL_TEST_SIDE) < 0.5);
    double usual = fill(line, PL_TEST_RAW, 3);
    pl_driven_set(line, "tenant.big.side", 1.0);
    pl_driven_run_to(line, 120.0);
    double side = sum(line, PL_TEST_SIDE);
    assert_true(side > 10500.0 && side < 13500.0); /* a fifth of 60,000 */
    assert_true(fill(line, PL_TEST_SIDE, 3) > side - 0.5);
    assert_true(fill(line, PL_TEST_RAW, 3) < usual + 0.6 * usual); /* its own events stay */
}

static void a_limit_refuses_imports_only(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "tenant.big.import_limit", 100.0);
    pl_driven_run_to(line, 30.0);
    assert_int_equal(line->record->routes[0].failed, 0);
    pl_driven_set(line, "step.intake.run.import.share", 1.0);
    pl_driven_run_to(line, 90.0);
    double refused = (double)line->record->routes[0].failed;
    assert_true(refused > 5000.0 && refused < 5600.0); /* 6,000 but 10 a second */
}

static void what_is_too_old_is_deleted_and_lost(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "group.enrich.paused", 1.0);
    pl_driven_set(line, "stream.raw.retention", 30.0);
    pl_driven_run_to(line, 120.0);
    struct pl_group_view view = pl_model_group(line->world, line->state, PL_TEST_ENRICH);
    assert_true(view.lag > 25000.0 && view.lag < 36000.0);
    assert_true(view.lost > 80000.0 && view.lost < 95000.0);
    assert_true(pl_model_group(line->world, line->state, PL_TEST_WATCH).lost < 0.5);
}

static void a_long_backlog_keeps_its_age(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    pl_driven_set(line, "group.enrich.paused", 1.0);
    pl_driven_run_to(line, 60.0 + 2400.0);
    struct pl_lane_view lane = pl_model_lane(line->world, line->state, PL_TEST_ENRICH, 2);
    assert_true(lane.oldest_s > 2395.0 && lane.oldest_s < 2405.0);
    assert_true(lane.end - lane.committed > 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_record_is_in_one_partition, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_heavy_tenant_fills_its_partition, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(redirected_imports_leave_the_partition_of_their_tenant,
                                        pl_streams_setup,
                                        pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_limit_refuses_imports_only, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            what_is_too_old_is_deleted_and_lost, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_long_backlog_keeps_its_age, pl_streams_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
