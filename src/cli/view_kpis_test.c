// SPDX-License-Identifier: Apache-2.0
#include "cli/view_kpis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_kpis kpis = {
    .world = "small",
    .at_s = 39600.0,
    .warmup_s = 600.0,
    .for_s = 7200.0,
    .count = 2,
    .items = {{.name = "good", .title = "Good calls", .unit = "ratio", .low = 0.999, .high = 1.0},
              {.name = "mean", .title = "Mean time", .unit = "s", .high = 0.2}}};

static struct pl_kpi_plan plan_of(void)
{
    return (struct pl_kpi_plan){.kpis = &kpis, .seeds = 2, .for_s = 7200.0};
}

static struct pl_kpi_result result_of(void)
{
    struct pl_kpi_result result = {.state_size = 2048, .cpu_s = 0.25};
    pl_moments_add(&result.seen[0].points, 0.9995);
    result.seen[0].least = 0.9995;
    result.seen[0].most = 0.9995;
    pl_moments_add(&result.seen[1].points, 0.25);
    result.seen[1].least = 0.25;
    result.seen[1].most = 0.25;
    result.seen[1].outside = 1;
    return result;
}

static void values_are_shown_in_their_unit_with_a_verdict(void **unused)
{
    (void)unused;
    char text[4096];
    struct pl_buf out;
    struct pl_kpi_plan plan = plan_of();
    struct pl_kpi_result result = result_of();
    pl_buf_init(&out, text, sizeof text);
    pl_view_kpis(&plan, &result, &out);
    assert_false(out.overflow);
    assert_non_null(strstr(text, "small, 11:00 to 13:00, 2 runs\n"));
    assert_non_null(strstr(text, "99.95 %  holds\n"));
    assert_non_null(strstr(text, "250 ms  OUTSIDE\n"));
    assert_non_null(strstr(text, "0 pages, 0 of 2 runs met the limit"));
    assert_non_null(strstr(text, "the state has 2 KiB"));
}

static void a_table_marks_what_does_not_hold(void **unused)
{
    (void)unused;
    char text[4096];
    struct pl_buf out;
    struct pl_kpi_plan plan = plan_of();
    struct pl_kpi_result result = result_of();
    pl_buf_init(&out, text, sizeof text);
    pl_view_kpis_markdown(&plan, &result, &out);
    assert_false(out.overflow);
    assert_non_null(
        strstr(text, "| Good calls | 99.9 % to 100 % | 99.95 % | 99.95 % | 99.95 % | holds |\n"));
    assert_non_null(
        strstr(text, "| Mean time | 0 ms to 200 ms | 250 ms | 250 ms | 250 ms | **OUTSIDE** |\n"));
}

static void a_program_gets_the_same(void **unused)
{
    (void)unused;
    char text[4096];
    struct pl_buf out;
    struct pl_json_out json;
    struct pl_kpi_plan plan = plan_of();
    struct pl_kpi_result result = result_of();
    pl_buf_init(&out, text, sizeof text);
    pl_json_out_begin(&json, &out);
    pl_view_kpis_json(&plan, &result, &json);
    pl_json_out_end(&json);
    assert_non_null(strstr(text, "\"world\":\"small\",\"held\":false"));
    assert_non_null(strstr(text, "\"name\":\"mean\""));
    assert_non_null(strstr(text, "\"outside\":1,\"held\":false"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_shown_in_their_unit_with_a_verdict),
        cmocka_unit_test(a_table_marks_what_does_not_hold),
        cmocka_unit_test(a_program_gets_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
