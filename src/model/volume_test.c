// SPDX-License-Identifier: Apache-2.0
//
// A small pipeline, driven by changes.
#include "model/volume.h"

#include "model/stream_view.h"
#include "support/streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void it_counts_what_was_moved(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 100.0);
    double rows = (double)pl_model_group(line->world, line->state, PL_TEST_WRITER).consumed;
    struct pl_volume_view disk = pl_model_volume(line->world, line->state, 0);
    assert_true(disk.moved_mb > 0.98 * rows / 1024.0 && disk.moved_mb < 1.05 * rows / 1024.0);
    assert_true(disk.busy_s > 0.5 && disk.busy_s < 1.5); /* 1 of 100 MB/s */
}

static void credits_end_and_the_baseline_is_left(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "volume.disk.baseline", 0.5);
    pl_driven_set(line, "volume.disk.credits", 20.0); /* half a megabyte a second too much */
    pl_driven_run_to(line, 30.0);
    assert_true(pl_streams_lag(line, PL_TEST_WRITER) < 3000.0);
    pl_driven_run_to(line, 240.0);
    struct pl_volume_view disk = pl_model_volume(line->world, line->state, 0);
    assert_true(disk.credits_mb < 0.001);
    assert_true(pl_streams_lag(line, PL_TEST_WRITER) > 30000.0);
    double before = (double)pl_model_group(line->world, line->state, PL_TEST_WRITER).consumed;
    pl_driven_run_to(line, 340.0);
    double rate =
        ((double)pl_model_group(line->world, line->state, PL_TEST_WRITER).consumed - before) /
        100.0;
    assert_true(rate > 400.0 && rate < 620.0); /* 0.5 MB/s of 1 KB */
}

static void foreign_load_takes_its_part_first(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_set(line, "volume.disk.load", 99.5);
    pl_driven_run_to(line, 120.0);
    assert_true(pl_streams_lag(line, PL_TEST_WRITER) < 3000.0); /* two of a hundred are kept */
    pl_driven_set(line, "volume.disk.burst", 20.0);
    pl_driven_set(line, "volume.disk.baseline", 20.0);
    pl_driven_run_to(line, 240.0);
    assert_true(pl_streams_lag(line, PL_TEST_WRITER) > 30000.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            it_counts_what_was_moved, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            credits_end_and_the_baseline_is_left, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            foreign_load_takes_its_part_first, pl_streams_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
