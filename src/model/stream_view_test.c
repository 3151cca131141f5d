// SPDX-License-Identifier: Apache-2.0
//
// Views leave the state as it is.
#include "model/stream_view.h"

#include "support/streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_look_changes_nothing(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 47.3);
    pl_hash128 before = pl_model_hash(line->state);
    (void)pl_model_volume(line->world, line->state, 0);
    (void)pl_model_group(line->world, line->state, PL_TEST_WRITER);
    (void)pl_model_lane(line->world, line->state, PL_TEST_ENRICH, 5);
    (void)pl_model_freshness(line->world, line->state, PL_TEST_WRITER, 0.95);
    pl_hash128 after = pl_model_hash(line->state);
    assert_memory_equal(&before, &after, sizeof before);
}

static void a_fork_goes_the_same_way(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    pl_driven_set(line, "group.writer.stuck", 0.5);
    pl_driven_run_to(line, 63.0);
    struct pl_state *fork = pl_test_fork(line->world, line->state);
    pl_model_run(line->world, fork, NULL, pl_clock_ns(180.0));
    pl_driven_run_to(line, 180.0);
    pl_hash128 one = pl_model_hash(line->state);
    pl_hash128 other = pl_model_hash(fork);
    assert_memory_equal(&one, &other, sizeof one);
    free(fork);
}

static void skewed_clocks_are_in_the_number_that_is_shown(void **fixture)
{
    struct pl_driven *line = *fixture;
    pl_driven_run_to(line, 60.0);
    double before = pl_model_freshness(line->world, line->state, PL_TEST_WRITER, 0.5);
    pl_driven_set(line, "stream.raw.skew", 70.0);
    pl_driven_run_to(line, 60.001);
    double after = pl_model_freshness(line->world, line->state, PL_TEST_WRITER, 0.5);
    assert_true(after > before + 69.9 && after < before + 70.1);
    assert_true(pl_model_outcome(line->state, 0).damage < 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_look_changes_nothing, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_fork_goes_the_same_way, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            skewed_clocks_are_in_the_number_that_is_shown, pl_streams_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
