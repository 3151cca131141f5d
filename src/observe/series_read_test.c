// SPDX-License-Identifier: Apache-2.0
#include "observe/series_read.h"

#include "observe/observe_block_types.h"
#include "support/observed.h"
#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLES = 41 };

static const struct pl_observe_def def = {.seed = 4, .scrape_loss = -1.0};
static struct pl_test_observed run;
static double sums[SAMPLES];
static double highest[SAMPLES];
static double lowest[SAMPLES];

static int start(void **test_state)
{
    (void)test_state;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 600.0);
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    pl_test_observed_end(&run);
    return 0;
}

static bool add(void *context, const struct pl_labels *labels, const struct pl_series_ref *ref)
{
    double column[SAMPLES];
    (void)labels;
    pl_series_read(context, ref, 0, SAMPLES, column);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double value = isnan(column[i]) ? 0.0 : column[i];
        sums[i] += value;
        highest[i] = value > highest[i] ? value : highest[i];
        lowest[i] = value < lowest[i] ? value : lowest[i];
    }
    return true;
}

static void sum_of(uint32_t family, uint32_t part, enum pl_series_grain grain)
{
    struct pl_family_name name = {family, part};
    for (uint32_t i = 0; i < SAMPLES; i++) {
        sums[i] = 0.0;
        highest[i] = 0.0;
        lowest[i] = 1e300;
    }
    pl_series_visit(&run.observe->series, name, grain, add, &run.observe->series);
}

/* Answers that the record has of one pod and route. */
static uint64_t answers_of(uint32_t pod, uint32_t route)
{
    uint64_t answered = 0;
    for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
        const struct pl_http_cell *cell =
            pl_record_server(run.record, pod, route, (enum pl_code)code);
        for (uint32_t bucket = 0; bucket < PL_HTTP_BUCKETS; bucket++) {
            answered += cell->count[bucket];
        }
    }
    return answered;
}

static void counters_of_twins_sum_to_the_scaled_total(void **test_state)
{
    (void)test_state;
    uint64_t answered = 0;
    for (uint32_t route = 0; route < run.world->route_count; route++) {
        uint32_t service = run.world->routes[route].service;
        for (uint32_t i = 0; i < run.world->services[service].pods_max; i++) {
            answered += answers_of(pl_model_pod0(run.world, service) + i, route);
        }
    }
    sum_of(PL_M_SERVER_DURATION, PL_PART_COUNT, PL_GRAIN_PODS);
    double fleet = sums[SAMPLES - 1];
    /* Each of the series is rounded to a whole number. */
    assert_true(fabs(fleet - (double)answered * 4.0) <= 60.0);
    sum_of(PL_M_SERVER_DURATION, PL_PART_COUNT, PL_GRAIN_SLICES);
    assert_true(fabs(sums[SAMPLES - 1] - (double)answered * 4.0) <= 1e-6);
    for (uint32_t i = 1; i < SAMPLES; i++) {
        assert_true(sums[i] >= sums[i - 1]);
    }
}

static void twins_are_not_identical(void **test_state)
{
    (void)test_state;
    sum_of(PL_M_CPU, PL_PART_WHOLE, PL_GRAIN_PODS);
    assert_true(highest[SAMPLES - 1] > lowest[SAMPLES - 1] * 1.001);
    sum_of(PL_M_MEMORY, PL_PART_WHOLE, PL_GRAIN_PODS);
    assert_true(highest[5] > lowest[5] && highest[5] < lowest[5] * 1.1);
}

/* What is read does not depend on the window that it is read through. */
static bool compare(void *context, const struct pl_labels *labels, const struct pl_series_ref *ref)
{
    double all[SAMPLES];
    double part[10];
    (void)labels;
    pl_series_read(context, ref, 0, SAMPLES, all);
    pl_series_read(context, ref, 23, 10, part);
    for (uint32_t i = 0; i < 10; i++) {
        bool nan = isnan(all[23 + i]) && isnan(part[i]);
        if (!nan && !(fabs(all[23 + i] - part[i]) <= 1e-9 * fabs(part[i]))) {
            fail_msg(
                "%s: %.17g is not %.17g", pl_family_def(ref->family)->name, part[i], all[23 + i]);
        }
    }
    return true;
}

static void a_window_shows_what_the_whole_shows(void **test_state)
{
    (void)test_state;
    for (uint32_t family = 0; family < PL_FAMILY_COUNT; family++) {
        uint32_t type = pl_family_def(family)->type;
        uint32_t part = type == PL_METRIC_HISTOGRAM ? PL_PART_BUCKET : PL_PART_WHOLE;
        part = type == PL_METRIC_SUMMARY ? PL_PART_SUM : part;
        struct pl_family_name name = {family, part};
        pl_series_visit(&run.observe->series, name, PL_GRAIN_PODS, compare, &run.observe->series);
        if (type == PL_METRIC_HISTOGRAM) {
            name.part = PL_PART_COUNT;
            pl_series_visit(
                &run.observe->series, name, PL_GRAIN_SLICES, compare, &run.observe->series);
        }
    }
}

static void gauges_are_those_of_the_fleet(void **test_state)
{
    (void)test_state;
    sum_of(PL_M_AVAILABLE, PL_PART_WHOLE, PL_GRAIN_PODS);
    assert_true(fabs(sums[10] - 24.0) < 1e-9);
    sum_of(PL_M_PG_MAX, PL_PART_WHOLE, PL_GRAIN_PODS);
    assert_true(fabs(sums[10] - 240.0) < 1e-9);
    sum_of(PL_M_UP, PL_PART_WHOLE, PL_GRAIN_PODS);
    assert_true(fabs(sums[10] - 26.0) < 1e-9); /* 24 pods, a database, a cache */
    sum_of(PL_M_NODE_CPU, PL_PART_WHOLE, PL_GRAIN_PODS);
    assert_true(highest[10] > 0.0 && highest[10] < 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_of_twins_sum_to_the_scaled_total),
        cmocka_unit_test(twins_are_not_identical),
        cmocka_unit_test(a_window_shows_what_the_whole_shows),
        cmocka_unit_test(gauges_are_those_of_the_fleet),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
