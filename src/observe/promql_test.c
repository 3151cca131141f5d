// SPDX-License-Identifier: Apache-2.0
//
// Queries over hand-filled tracks, so that every number can be worked out on paper: a slice of a
// quarter, two simulated checkout pods (positions 4 and 5), 20 samples 15 s apart.
#include "observe/promql.h"

#include "model/model.h"
#include "observe/promql_parse.h"
#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLES = 40 };

static struct pl_world world;
static struct pl_intern intern;
static struct pl_fleet fleet;
static struct pl_series series;
static struct pl_promql program;
static struct pl_promql_work work;
static struct pl_promql_result result;
static pl_error err;

/* Pod 4 answers 60 requests a sample below 0.1 s, pod 5 answers 30 between 0.25 and 0.5 s and
 * fails 10 more; pod 5 goes away after `until`. */
static void fill_pod(struct pl_tracks *tracks, uint32_t pod, uint32_t now, bool lives)
{
    struct pl_track self = pl_tracks_open(tracks, PL_TRACK_POD, pod, 0, 0);
    *pl_track_count(&self, PL_POD_PHASE, now) = lives ? PL_POD_READY : PL_POD_ABSENT;
    *pl_track_count(&self, PL_POD_GENERATION, now) = pod - 3;
    *pl_track_count(&self, PL_POD_RELEASE, now) = 0;
    *pl_track_count(&self, PL_POD_RESTARTS, now) = 0;
    *pl_track_count(&self, PL_POD_BUSY, now) = pod == 4 ? 6 : 2;
    *pl_track_count(&self, PL_POD_WORKERS, now) = pod == 4 ? 6 : 2; /* full: no noise */
    for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
        bool fine = code == PL_CODE_OK;
        bool fails = code == PL_CODE_ERROR && pod == 5;
        if (!fine && !fails) {
            continue;
        }
        struct pl_track track = pl_tracks_open(tracks, PL_TRACK_SERVER, pod, 2, code);
        for (uint32_t bucket = 0; bucket < PL_HTTP_BUCKETS; bucket++) {
            uint32_t each = 0;
            each = fine && pod == 4 && bucket == 5 ? 60 : each;
            each = fine && pod == 5 && bucket == 7 ? 30 : each;
            each = fails && bucket == 7 ? 10 : each;
            *pl_track_count(&track, bucket, now) = each * now;
        }
        *pl_track_value(&track, 0, now) = (double)now;
    }
}

static int start(void **test_state)
{
    pl_test_shop_world(&world);
    world.slice_of = 4;
    for (uint32_t i = 0; i < world.service_count; i++) {
        world.services[i].fleet = 8;
    }
    size_t size = pl_tracks_size(&world, SAMPLES);
    struct pl_tracks *tracks =
        pl_tracks_init(&world, aligned_alloc(16, (size + 15) / 16 * 16), size, SAMPLES);
    memset(&intern, 0, sizeof(intern));
    pl_fleet_init(&fleet, &world, 5, 0.0);
    series = (struct pl_series){.world = &world,
                                .tracks = tracks,
                                .fleet = &fleet,
                                .intern = &intern,
                                .interval_ns = INT64_C(15) * 1000000000};
    pl_series_init(&series);
    for (uint32_t now = 0; now < 30; now++) {
        assert_true(pl_tracks_begin(tracks, (int64_t)now * series.interval_ns));
        if (now >= 12 && now < 14) {
            pl_tracks_set_target(tracks, 1, PL_SCRAPE_LOST);
        }
        fill_pod(tracks, 4, now, true);
        fill_pod(tracks, 5, now, now < 25);
        pl_tracks_end(tracks);
        pl_fleet_update(&fleet, tracks, &intern);
    }
    pl_promql_work_init(&work, aligned_alloc(16, pl_promql_work_size(SAMPLES)), SAMPLES);
    *test_state = tracks;
    return 0;
}

static int stop(void **test_state)
{
    free(work.labels);
    free(*test_state);
    return 0;
}

static pl_status eval(const char *text, uint32_t first, uint32_t count)
{
    struct pl_promql_grid grid = {first, 1, count};
    memset(&err, 0, sizeof(err));
    pl_status status = pl_promql_parse(&program, text, &err);
    if (status == PL_OK) {
        status = pl_promql_eval(&series, &program, &grid, &work, &result, &err);
    }
    return status;
}

static void assert_value(const char *text, uint32_t sample, double expected)
{
    if (eval(text, sample, 1) != PL_OK) {
        fail_msg("`%s`: %s", text, err.message);
    }
    if (result.row_count != 1 ||
        !(fabs(result.points[0] - expected) <= 1e-6 + fabs(expected) * 2e-3)) {
        fail_msg("`%s` has %u rows, %.9g, not %.9g",
                 text,
                 result.row_count,
                 result.row_count > 0 ? result.points[0] : (double)NAN,
                 expected);
    }
}

static void assert_rows(const char *text, uint32_t sample, uint32_t rows)
{
    if (eval(text, sample, 1) != PL_OK) {
        fail_msg("`%s`: %s", text, err.message);
    }
    if (result.row_count != rows) {
        fail_msg("`%s` has %u rows, not %u", text, result.row_count, rows);
    }
}

#define COUNT "http_server_request_duration_seconds_count"

static void rates_scale_to_the_fleet(void **test_state)
{
    (void)test_state;
    /* (60 + 30 + 10) a sample of 15 s, times 4. */
    assert_value("sum(rate(" COUNT "[1m]))", 10, 400.0 / 15.0);
    assert_value("sum(increase(" COUNT "[1m]))", 10, 1600.0);
    assert_value("sum(sum by (pod) (rate(" COUNT "[1m])))", 10, 400.0 / 15.0);
    assert_rows("sum by (pod) (rate(" COUNT "[1m]))", 10, 8);
    assert_value("count(sum by (pod) (rate(" COUNT "[1m])))", 10, 8.0);
    assert_value("sum(rate(" COUNT "{http_response_status_code=~\"5..\"}[1m])) / sum(rate(" COUNT
                 "[1m]))",
                 10,
                 0.1);
    assert_rows("rate(" COUNT "{http_response_status_code!~\"2..\"}[1m])", 10, 4);
    assert_rows("rate(" COUNT "{service=\"storefront\"}[1m])", 10, 0);
    assert_rows(
        "rate(" COUNT "{http_response_status_code!=\"200\", service=\"checkout\"}[1m])", 10, 4);
}

static void quantiles_interpolate_in_their_bucket(void **test_state)
{
    (void)test_state;
    /* 60 of 100 lie in (0.075, 0.1], 40 in (0.25, 0.5]. */
    const char *p50 = "histogram_quantile(0.5, sum by (le) "
                      "(rate(http_server_request_duration_seconds_bucket[1m])))";
    const char *p90 = "histogram_quantile(0.9, sum by (le) "
                      "(rate(http_server_request_duration_seconds_bucket[1m])))";
    assert_value(p50, 10, 0.075 + 0.025 * 50.0 / 60.0);
    assert_value(p90, 10, 0.25 + 0.25 * 30.0 / 40.0);
    const double bounds[] = {0.1, 10.0, (double)INFINITY};
    const double counts[] = {1.0, 2.0, 10.0};
    /* Most lie above the last bound: a quantile cannot exceed it. */
    assert_true(fabs(pl_promql_quantile(0.99, bounds, counts, 3) - 10.0) < 1e-12);
    const double none[] = {0.0, 0.0, 0.0};
    assert_true(isnan(pl_promql_quantile(0.99, bounds, none, 3)));
}

static void gaps_behave_as_in_prometheus(void **test_state)
{
    (void)test_state;
    /* Samples 12 and 13 are lost: instant selectors look back, rate works with what is there
     * and reaches half an interval beyond it. */
    assert_value("sum(http_server_active_requests)", 13, 4.0 * 8.0);
    assert_value("count(up == 0)", 13, 8.0);
    assert_rows("rate(" COUNT "[30s])", 13, 0);
    assert_value("sum(rate(" COUNT "[1m]))", 13, 400.0 / 15.0 * 37.5 / 60.0);
    /* Pod 5 goes after sample 24: its gauges end at once, its rates fade out. */
    assert_value("sum(http_server_active_requests)", 26, 4.0 * 6.0);
    assert_rows("rate(" COUNT "{http_response_status_code=\"500\"}[1m])", 26, 4);
    assert_rows("rate(" COUNT "{http_response_status_code=\"500\"}[1m])", 29, 0);
    /* One sample is no rate. */
    assert_rows("rate(" COUNT "[1m])", 0, 0);
}

static void offsets_look_back(void **test_state)
{
    (void)test_state;
    assert_value("sum(http_server_active_requests offset 1m)", 26, 4.0 * 8.0);
    assert_rows("sum(rate(" COUNT "[1m] offset 1w))", 26, 0);
    assert_value("sum(rate(" COUNT "[1m])) / sum(rate(" COUNT "[1m] offset 1m))", 24, 1.0);
}

static void vectors_match_on_their_labels(void **test_state)
{
    (void)test_state;
    assert_rows("sum by (pod) (http_server_active_requests) / sum by (pod) "
                "(http_server_worker_limit)",
                10,
                8);
    assert_rows("http_server_active_requests / http_server_worker_limit", 10, 8);
    assert_rows("http_server_active_requests > 4", 10, 4);
    assert_value("count(http_server_active_requests > bool 4)", 10, 8.0);
    assert_value("sum(http_server_active_requests > bool 4)", 10, 4.0);
    assert_rows(
        "http_server_active_requests and on (pod) (http_server_active_requests > 4)", 10, 4);
    assert_rows("http_server_active_requests unless (http_server_active_requests > 4)", 10, 4);
    assert_value("sum(rate(up[1m])) or sum(up)", 10, 0.0);
    assert_value("absent(pg_up)", 10, 1.0);
    assert_rows("absent(up)", 10, 0);
    assert_int_equal(eval("up / on (service) up", 10, 1), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "service=\"checkout\""));
}

static void arithmetic_is_arithmetic(void **test_state)
{
    (void)test_state;
    assert_value("1 + 2 * 3", 5, 7.0);
    assert_value("2 ^ 3 ^ 2", 5, 512.0);
    assert_value("-2 ^ 2", 5, -4.0);
    assert_value("7 % 4", 5, 3.0);
    assert_value("1 > bool 2", 5, 0.0);
    assert_value("clamp_max(sum(up), 3)", 5, 3.0);
    assert_value("round(sum(up) / 3, 0.1)", 5, 3.3); /* 8 pods, a database, a cache */
    assert_value("avg(http_server_active_requests)", 10, 4.0);
    assert_value(
        "max(http_server_active_requests) - min(http_server_active_requests) < 9", 10, 4.0);
    assert_int_equal(eval("1 / 0", 5, 1), PL_OK);
    assert_true(isnan(result.points[0]));
    assert_rows("topk(1 / 0, up)", 5, 0);
    assert_rows("topk(3, http_server_active_requests)", 10, 3);
    assert_rows("bottomk(2, http_server_active_requests)", 10, 2);
    assert_rows("topk by (service) (2, http_server_active_requests)", 10, 2);
}

static void or_keeps_labels_unique(void **test_state)
{
    (void)test_state;
    /* Errors begin with the first sample that has two; before it the fallback fills the gap. */
    assert_int_equal(eval("sum(rate(" COUNT "{http_response_status_code=\"500\"}[1m])) or 0 * "
                          "sum(up)",
                          0,
                          10),
                     PL_OK);
    assert_int_equal(result.row_count, 1);
    assert_true(fabs(result.points[0]) < 1e-9);
    assert_true(result.points[9] > 2.0);
}

static void a_window_is_its_moments(void **test_state)
{
    (void)test_state;
    double alone[20];
    for (uint32_t i = 0; i < 20; i++) {
        assert_int_equal(eval("sum by (http_route) (rate(" COUNT "[1m]))", 5 + i, 1), PL_OK);
        alone[i] = result.row_count > 0 ? result.points[0] : (double)NAN;
    }
    assert_int_equal(eval("sum by (http_route) (rate(" COUNT "[1m]))", 5, 20), PL_OK);
    assert_int_equal(result.row_count, 1);
    for (uint32_t i = 0; i < 20; i++) {
        assert_true(fabs(alone[i] - result.points[i]) < 1e-9);
    }
}

static void many_selectors_share_the_scratch_memory(void **test_state)
{
    (void)test_state;
    static char text[PL_EXPR_MAX];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof(text));
    pl_buf_puts(&out, "count(up)");
    for (int i = 0; i < 11; i++) {
        pl_buf_puts(&out, "+count(up)");
    }
    assert_int_equal(eval(text, 0, 30), PL_OK);
    assert_true(result.points[10] > 90.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_scale_to_the_fleet),
        cmocka_unit_test(quantiles_interpolate_in_their_bucket),
        cmocka_unit_test(gaps_behave_as_in_prometheus),
        cmocka_unit_test(offsets_look_back),
        cmocka_unit_test(vectors_match_on_their_labels),
        cmocka_unit_test(arithmetic_is_arithmetic),
        cmocka_unit_test(or_keeps_labels_unique),
        cmocka_unit_test(a_window_is_its_moments),
        cmocka_unit_test(many_selectors_share_the_scratch_memory),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
