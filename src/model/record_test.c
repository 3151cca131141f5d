// SPDX-License-Identifier: Apache-2.0
#include "model/record.h"

#include "model/model.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_world *world;

static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    free(world);
    return 0;
}

static void an_observed_run_reaches_the_same_state_as_a_silent_one(void **unused)
{
    (void)unused;
    struct pl_state *silent = pl_test_start(world, 4);
    struct pl_state *observed = pl_test_start(world, 4);
    struct pl_record *record = pl_test_record(world);
    pl_test_change(world, silent, "flag.inline", 0.7, 10.0);
    pl_test_change(world, observed, "flag.inline", 0.7, 10.0);
    pl_model_run(world, silent, NULL, pl_clock_ns(60.0));
    pl_model_run(world, observed, record, pl_clock_ns(60.0));
    assert_memory_equal(silent, observed, pl_model_used(silent));
    assert_true(record->span_count > 100);
    free(record);
    free(observed);
    free(silent);
}

static void a_record_remembers_as_much_as_it_is_told(void **unused)
{
    (void)unused;
    struct pl_record_def def = {.trace_share = 1.0, .spans = 256, .logs = 64};
    struct pl_state *state = pl_test_start(world, 4);
    void *memory = malloc(pl_record_size_of(world, &def));
    void *copy_memory = malloc(pl_record_size_of(world, &def));
    assert_true(memory != NULL && copy_memory != NULL);
    assert_true(pl_record_size_of(world, &def) < pl_record_size(world));
    struct pl_record *record = pl_record_open(world, &def, memory);
    struct pl_record *all = pl_test_record(world);
    struct pl_state *other = pl_test_start(world, 4);
    pl_record_sample(all, 1.0);
    pl_model_run(world, state, record, pl_clock_ns(20.0));
    pl_model_run(world, other, all, pl_clock_ns(20.0));
    /* The same spans were written; the small ring kept the newest. */
    assert_true(record->span_count > 256);
    assert_int_equal(record->span_count, all->span_count);
    for (uint64_t i = record->span_count - 256; i < record->span_count; i++) {
        assert_memory_equal(
            &record->spans[i % 256], &all->spans[i % PL_SPANS_MAX], sizeof(struct pl_span));
    }
    /* A fork goes on by itself, in the same way. */
    struct pl_record *copy = pl_record_fork(record, copy_memory);
    assert_memory_equal(copy->spans, record->spans, 256 * sizeof(struct pl_span));
    pl_model_run(world, state, copy, pl_clock_ns(30.0));
    assert_int_equal(record->span_count, all->span_count);
    pl_model_run(world, other, all, pl_clock_ns(30.0));
    assert_int_equal(copy->span_count, all->span_count);
    assert_memory_equal(copy->sources, all->sources, sizeof copy->sources);
    free(copy_memory);
    free(memory);
    free(all);
    free(other);
    free(state);
}

/* Requests in all histograms of one route. */
static uint64_t histogram_count(const struct pl_record *record, uint32_t route)
{
    uint64_t count = 0;
    uint32_t service = world->routes[route].service;
    for (uint32_t i = 0; i < world->services[service].pods_max * PL_CODE_COUNT; i++) {
        uint32_t pod = pl_model_pod0(world, service) + i / PL_CODE_COUNT;
        enum pl_code code = (enum pl_code)(i % PL_CODE_COUNT);
        const struct pl_http_cell *cell = pl_record_server(record, pod, route, code);
        for (uint32_t b = 0; b < PL_HTTP_BUCKETS; b++) {
            count += cell->count[b];
        }
    }
    return count;
}

static void server_histograms_hold_every_request_once(void **unused)
{
    (void)unused;
    struct pl_state *state = pl_test_start(world, 4);
    struct pl_record *record = pl_test_record(world);
    pl_model_run(world, state, record, pl_clock_ns(60.0));
    for (uint32_t route = 0; route < world->route_count; route++) {
        uint64_t count = histogram_count(record, route);
        const struct pl_route_counters *counters = &record->routes[route];
        assert_int_equal(count, counters->completed + counters->failed);
        assert_true(counters->offered >= count && counters->offered - count < 50);
        assert_int_equal(counters->latency.count, counters->completed);
    }
    free(record);
    free(state);
}

static void durations_fall_into_the_bucket_of_their_upper_bound(void **unused)
{
    struct pl_http_cell cell = {{0}, 0.0};
    (void)unused;
    pl_record_http(&cell, 5 * PL_NS_PER_MS);       /* le 0.005 */
    pl_record_http(&cell, 5 * PL_NS_PER_MS + 1);   /* le 0.01 */
    pl_record_http(&cell, 10 * PL_NS_PER_S);       /* le 10 */
    pl_record_http(&cell, 10 * PL_NS_PER_S + 100); /* +Inf */
    assert_int_equal(cell.count[0], 1);
    assert_int_equal(cell.count[1], 1);
    assert_int_equal(cell.count[13], 1);
    assert_int_equal(cell.count[14], 1);
}

static void reset_forgets_counts_and_keeps_rings(void **unused)
{
    (void)unused;
    struct pl_state *state = pl_test_start(world, 4);
    struct pl_record *record = pl_test_record(world);
    pl_model_run(world, state, record, pl_clock_ns(30.0));
    uint64_t spans = record->span_count;
    pl_record_reset(record);
    assert_int_equal(record->sources[0].offered, 0);
    assert_int_equal(record->routes[0].latency.count, 0);
    assert_int_equal(record->span_count, spans);
    assert_non_null(record->logs);
    free(record);
    free(state);
}

static uint32_t count_below(const double *bounds, uint32_t count, double seconds)
{
    uint32_t below = 0;
    while (below < count && seconds > bounds[below]) {
        below++;
    }
    return below;
}

static void assert_buckets_at(double seconds)
{
    assert_int_equal(pl_record_bucket(&pl_http_rule, seconds),
                     count_below(pl_http_bounds, PL_HTTP_BUCKETS - 1, seconds));
    assert_int_equal(pl_record_bucket(&pl_db_rule, seconds),
                     count_below(pl_db_bounds, PL_DB_BUCKETS - 1, seconds));
}

/* The rule against counting: around every bound and over all sizes. */
static void the_bucket_rule_counts_the_bounds_below(void **unused)
{
    (void)unused;
    assert_buckets_at(0.0);
    for (uint32_t i = 0; i < PL_HTTP_BUCKETS - 1; i++) {
        assert_buckets_at(pl_http_bounds[i]);
        assert_buckets_at(pl_http_bounds[i] * (1.0 - 0x1p-53));
        assert_buckets_at(pl_http_bounds[i] * (1.0 + 0x1p-52));
    }
    for (uint32_t i = 0; i < PL_DB_BUCKETS - 1; i++) {
        assert_buckets_at(pl_db_bounds[i]);
        assert_buckets_at(pl_db_bounds[i] * (1.0 - 0x1p-53));
        assert_buckets_at(pl_db_bounds[i] * (1.0 + 0x1p-52));
    }
    for (uint64_t i = 0; i < 100000; i++) {
        uint64_t bits = pl_random_bits(5, i);
        assert_buckets_at(pl_clock_s((int64_t)(bits >> (20 + i % 44))));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_remembers_as_much_as_it_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_observed_run_reaches_the_same_state_as_a_silent_one, setup, teardown),
        cmocka_unit_test_setup_teardown(server_histograms_hold_every_request_once, setup, teardown),
        cmocka_unit_test(durations_fall_into_the_bucket_of_their_upper_bound),
        cmocka_unit_test_setup_teardown(reset_forgets_counts_and_keeps_rings, setup, teardown),
        cmocka_unit_test(the_bucket_rule_counts_the_bounds_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
