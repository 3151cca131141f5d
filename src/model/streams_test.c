// SPDX-License-Identifier: Apache-2.0
//
// Definitions that pl_world_seal checks and completes.
#include "model/streams.h"

#include "model/world.h"
#include "support/streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static pl_status reseal(struct pl_world *world)
{
    pl_error err = {0};
    world->sealed = 0;
    return pl_world_seal(world, &err);
}

static void tenants_without_a_name_fill_all_partitions(void **fixture)
{
    const struct pl_driven *line = *fixture;
    const double *cdf = line->world->streams.partition_cdf[PL_TEST_RAW];
    double before = 0.0;
    for (uint32_t p = 0; p < 8; p++) {
        assert_true(cdf[p] > before + 0.02);
        before = cdf[p];
    }
    assert_true(before > 0.999999 && before < 1.000001);
}

static void lanes_and_members_are_numbered_through(void **fixture)
{
    const struct pl_driven *line = *fixture;
    const struct pl_streams *all = &line->world->streams;
    assert_int_equal(all->lane_count, 24);
    assert_int_equal(all->groups[PL_TEST_WATCH].lane0, 16);
    assert_int_equal(all->groups[PL_TEST_WATCH].member0, 16);
    assert_int_equal(all->member_count, 20);
    assert_true(pl_world_param(line->world, "group.enrich.poll_interval") != 0);
    assert_true(pl_world_param(line->world, "tenant.big.import_limit") != 0);
    assert_true(pl_world_param(line->world, "volume.disk.credits") != 0);
}

static void nonsense_is_refused(void **fixture)
{
    struct pl_driven *line = *fixture;
    struct pl_world *copy = malloc(sizeof *copy);
    assert_non_null(copy);
    *copy = *line->world;
    copy->streams.streams[0].partitions = PL_PARTITIONS_MAX + 1;
    assert_int_equal(reseal(copy), PL_BAD_INPUT);
    *copy = *line->world;
    copy->streams.streams[0].batch_p99 = 1.0;
    assert_int_equal(reseal(copy), PL_BAD_INPUT);
    *copy = *line->world;
    copy->streams.groups[0].stream = PL_NONE;
    assert_int_equal(reseal(copy), PL_BAD_INPUT);
    *copy = *line->world;
    copy->streams.streams[PL_TEST_RICH].partitions = 4;
    assert_int_equal(reseal(copy), PL_BAD_INPUT);
    *copy = *line->world;
    copy->streams.tenants[0].partition = PL_PARTITIONS_MAX;
    assert_int_equal(reseal(copy), PL_BAD_INPUT);
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            tenants_without_a_name_fill_all_partitions, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            lanes_and_members_are_numbered_through, pl_streams_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(nonsense_is_refused, pl_streams_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
