// SPDX-License-Identifier: Apache-2.0
#include "observe/panel.h"

#include "observe/panel_table.h"
#include "support/observed.h"
#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_hole holes[] = {
    {.what = "gc",
     .target = "checkout",
     .text = "Nobody collects it.",
     .kind = PL_OBSERVE_HOLE_ABSENT},
    {.what = "memory", .text = "Only the sum is kept.", .kind = PL_OBSERVE_HOLE_NO_LABEL},
    {.what = "redis_db_keys", .text = "The exporter is too old.", .kind = PL_OBSERVE_HOLE_ABSENT},
};
static const struct pl_observe_indicator indicators[] = {
    {"orders",
     "Orders per minute",
     "60 * sum(rate(http_server_request_duration_seconds_count{http_route=\"/orders\"}[1m]))",
     "/min"},
    {"good", "Good visits", "sum(rate(rum_requests_total{outcome=\"ok\"}[1m]))", "/s"}};
static const struct pl_observe_def def = {
    .seed = 4, .holes = holes, .hole_count = 3, .indicators = indicators, .indicator_count = 2};
static const struct pl_observe_def plain_def = {.seed = 4};
static struct pl_test_observed run;
static struct pl_test_observed pipeline;

static int start(void **test_state)
{
    (void)test_state;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 602.0);
    pl_test_observed_pipeline(&pipeline, &plain_def, 3);
    pl_test_observed_run(&pipeline, 602.0);
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    pl_test_observed_end(&run);
    pl_test_observed_end(&pipeline);
    return 0;
}

static void look(const char *service, const char *panel, const char *by)
{
    struct pl_panel_look wanted = {service, panel, by, 0};
    pl_test_observed_clear(&run);
    if (pl_panel_look(run.observe, &wanted, &run.out, &run.err) != PL_OK) {
        fail_msg("%s", run.err.message);
    }
    assert_true(pl_test_observed_is_json(&run));
}

static void draw(const struct pl_panel_def *panel, int64_t window_ns)
{
    static const char *const targets[] = {
        "checkout", "orders-db", "catalogue", "orders", "raw", "disk", "users"};
    bool streams = panel->of == PL_PANEL_OF_STREAM || panel->of == PL_PANEL_OF_VOLUME;
    struct pl_test_observed *at = streams ? &pipeline : &run;
    struct pl_panel_look wanted = {targets[panel->of], panel->name, panel->by, window_ns};
    pl_test_observed_clear(at);
    if (pl_panel_look(at->observe, &wanted, &at->out, &at->err) != PL_OK) {
        fail_msg("%s by `%s`: %s", panel->name, panel->by, at->err.message);
    }
    assert_true(pl_test_observed_is_json(at));
    assert_true(!streams || pl_test_observed_has(at, "\"points\":["));
}

/* Every query behind every panel compiles and runs, with every window. */
static void every_panel_can_be_drawn(void **test_state)
{
    (void)test_state;
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        draw(pl_panel_at(i), 0);
        draw(pl_panel_at(i), INT64_C(60000000000));
        draw(pl_panel_at(i), INT64_C(7200000000000));
    }
}

static void series_are_named_for_their_panel(void **test_state)
{
    (void)test_state;
    look("checkout", "latency", "route");
    assert_true(pl_test_observed_has(&run, "\"name\":\"POST /orders\""));
    assert_true(
        pl_test_observed_has(&run, "\"unit\":\"s\",\"start_s\":0,\"start_clock\":\"10:00:00\""));
    assert_true(pl_test_observed_has(&run, "\"step_s\":15,"));
    assert_true(pl_test_observed_has(&run, "Metrics are kept from 10:00:00 on."));
    assert_true(pl_test_observed_has(&run, "\"objective\":1,")); /* the shop's p99 */
    look("checkout", "latency", "pod");
    assert_int_equal(pl_test_observed_count(&run, "\"name\":\"checkout-"), 8);
    look("checkout", "pool", "");
    assert_true(pl_test_observed_has(&run, "\"name\":\"used\""));
    assert_true(pl_test_observed_has(&run, "\"name\":\"pending\""));
    look("orders-db", "connections", "");
    assert_true(pl_test_observed_has(&run, "\"name\":\"idle\""));
}

static void a_panel_and_its_query_agree(void **test_state)
{
    (void)test_state;
    look("checkout", "requests", "");
    char *points = strdup(strstr(run.out.data, "\"points\""));
    pl_test_observed_clear(&run);
    assert_int_equal(
        pl_panel_query(
            run.observe,
            "sum(rate(http_server_request_duration_seconds_count{service=\"checkout\"}[1m]))",
            0,
            &run.out,
            &run.err),
        PL_OK);
    assert_int_equal(strncmp(strstr(run.out.data, "\"points\""), points, strcspn(points, "]")), 0);
    free(points);
}

static void the_grid_covers_the_window_with_few_points(void **test_state)
{
    (void)test_state;
    struct pl_promql_grid grid = pl_panel_grid(run.observe, INT64_C(60000000000));
    assert_int_equal(grid.count, 5);
    assert_int_equal(grid.stride, 1);
    assert_int_equal(grid.first + grid.count - 1, 40);
    grid = pl_panel_grid(run.observe, INT64_C(86400000000000));
    assert_true(grid.count <= PL_PANEL_STEPS_MAX);
    assert_int_equal(grid.first + (grid.count - 1) * grid.stride, 40);
    grid = pl_panel_grid(run.observe, 1);
    assert_int_equal(grid.count, 1);
}

static void holes_say_what_is_missing(void **test_state)
{
    (void)test_state;
    look("checkout", "gc", "");
    assert_true(pl_test_observed_has(&run, "\"text\":\"Nobody collects it.\""));
    look("checkout", "memory", "");
    assert_true(pl_test_observed_has(&run, "\"series\":[{"));
    look("checkout", "memory", "pod");
    assert_true(pl_test_observed_has(&run, "Only the sum is kept."));
    look("catalogue", "keys", "");
    assert_true(pl_test_observed_has(&run, "\"series\":[]"));
    assert_true(pl_test_observed_has(&run, "The exporter is too old."));
    pl_test_observed_clear(&run);
    assert_int_equal(pl_panel_metrics(run.observe, "redis", &run.out, &run.err), PL_OK);
    assert_true(pl_test_observed_has(&run, "redis_keyspace_hits_total"));
    assert_false(pl_test_observed_has(&run, "redis_db_keys"));
}

static void indicators_have_a_dashboard(void **test_state)
{
    (void)test_state;
    look("", "kpi", "");
    assert_true(pl_test_observed_has(&run, "\"title\":\"Orders per minute\",\"unit\":\"/min\""));
    assert_true(pl_test_observed_has(&run, "\"title\":\"Good visits\""));
    assert_true(fabs(pl_panel_value(run.observe, indicators[0].expr)) > 100.0);
}

static void wrong_words_are_answered(void **test_state)
{
    (void)test_state;
    static const struct {
        struct pl_panel_look look;
        const char *message;
    } cases[] = {
        {{"chekout", "latency", "", 0}, "There is no `chekout`; did you mean `checkout`?"},
        {{"", "latency", "", 0}, "A panel is of something; there are storefront, checkout"},
        {{"checkout", "latncy", "", 0}, "checkout has no panel `latncy`; did you mean `latency`?"},
        {{"checkout", "load", "", 0}, "checkout has no panel `load`; there are latency, "},
        {{"checkout", "latency", "tenant", 0},
         "The panel `latency` of checkout cannot be split by `tenant`; possible: route, pod, code"},
    };
    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        pl_test_observed_clear(&run);
        assert_int_not_equal(pl_panel_look(run.observe, &cases[i].look, &run.out, &run.err), PL_OK);
        if (strncmp(run.err.message, cases[i].message, strlen(cases[i].message)) != 0) {
            fail_msg("%s", run.err.message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_panel_can_be_drawn),
        cmocka_unit_test(series_are_named_for_their_panel),
        cmocka_unit_test(a_panel_and_its_query_agree),
        cmocka_unit_test(the_grid_covers_the_window_with_few_points),
        cmocka_unit_test(holes_say_what_is_missing),
        cmocka_unit_test(indicators_have_a_dashboard),
        cmocka_unit_test(wrong_words_are_answered),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
