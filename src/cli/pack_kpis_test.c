// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_kpis.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CALLS "sum(rate(http_server_request_duration_seconds_count[5m]))"

static struct pl_kpi_result result;

static void run(const struct pl_kpis *kpis)
{
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    struct pl_kpi_plan plan = {.kpis = kpis,
                               .world = pl_test_loaded.world,
                               .setting = &pl_test_loaded.scenario->setting,
                               .seeds = 1,
                               .for_s = 600.0};
    pl_error err = {0};
    if (pl_pack_kpis_run(&plan, &result, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
}

static void a_number_holds_when_all_of_its_points_do(void **unused)
{
    (void)unused;
    const struct pl_kpis kpis = {
        .world = "small",
        .at_s = 39600.0,
        .warmup_s = 600.0,
        .for_s = 600.0,
        .count = 3,
        .items = {{.query = CALLS, .low = 0.1, .high = 1e6},
                  {.query = CALLS, .low = 0.0, .high = 0.1},
                  {.query = "sum(kafka_consumergroup_lag{service=\"nobody\"})"}}};
    run(&kpis);
    assert_true(pl_kpi_held(&result.seen[0]));
    assert_true(result.seen[0].points.count >= 20);
    assert_true(result.seen[0].least <= result.seen[0].points.mean);
    assert_true(result.seen[0].most >= result.seen[0].points.mean);
    assert_int_equal(result.seen[1].outside, result.seen[1].points.count);
    assert_false(pl_kpi_held(&result.seen[1]));
    /* A query that shows nothing holds nothing. */
    assert_false(pl_kpi_held(&result.seen[2]));
    assert_true(pl_kpis_held(&result, 1));
    assert_false(pl_kpis_held(&result, 2));
    assert_true(result.state_size > 0 && result.cpu_s > 0.0);
}

static void a_page_is_no_healthy_day(void **unused)
{
    (void)unused;
    const struct pl_kpis kpis = {
        .world = "small", .at_s = 39600.0, .warmup_s = 300.0, .for_s = 900.0, .count = 0};
    run(&kpis);
    assert_true(pl_kpis_held(&result, 0));
    result.pages = 1;
    assert_false(pl_kpis_held(&result, 0));
    result.pages = 0;
    result.overflowed = 1;
    assert_false(pl_kpis_held(&result, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_number_holds_when_all_of_its_points_do,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            a_page_is_no_healthy_day, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
