// SPDX-License-Identifier: Apache-2.0
//
// The plain way and the general one, side by side: the same state to the bit, the same record.
#include "model/plain.h"

#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SLICES = 40 };

/** One run of a world on each way. */
struct pair {
    struct pl_world *world;
    struct pl_state *plain;
    struct pl_state *general;
    struct pl_record *of_plain;
    struct pl_record *of_general;
};

static void open_pair(struct pair *pair, uint64_t seed)
{
    pair->plain = pl_test_start(pair->world, seed);
    pair->general = pl_test_start(pair->world, seed);
    pair->of_plain = pl_test_record(pair->world);
    pair->of_general = pl_test_record(pair->world);
}

static void close_pair(struct pair *pair)
{
    free(pair->plain);
    free(pair->general);
    free(pair->of_plain);
    free(pair->of_general);
}

static void change_both(const struct pair *pair, const char *path, double value, double at_s)
{
    pl_test_change(pair->world, pair->plain, path, value, at_s);
    pl_test_change(pair->world, pair->general, path, value, at_s);
}

/* Run both so far, in slices, and compare after each. */
static void run_both(const struct pair *pair, double until_s)
{
    double from = pl_clock_s(pl_model_now(pair->plain));
    for (uint32_t i = 1; i <= SLICES; i++) {
        int64_t t = pl_clock_ns(from + (until_s - from) * i / SLICES);
        pl_model_run(pair->world, pair->plain, pair->of_plain, t);
        pl_plain_run_general(pair->world, pair->general, pair->of_general, t);
        pl_model_validate(pair->world, pair->plain);
        pl_hash128 one = pl_model_hash(pair->plain);
        pl_hash128 other = pl_model_hash(pair->general);
        assert_memory_equal(&one, &other, sizeof one);
    }
    assert_int_equal(pl_model_events(pair->plain), pl_model_events(pair->general));
    assert_memory_equal(
        pair->of_plain->routes, pair->of_general->routes, sizeof pair->of_plain->routes);
    assert_memory_equal(
        pair->of_plain->sources, pair->of_general->sources, sizeof pair->of_plain->sources);
    assert_int_equal(pair->of_plain->span_count, pair->of_general->span_count);
    assert_int_equal(pair->of_plain->log_count, pair->of_general->log_count);
}

static int setup(void **fixture)
{
    struct pair *pair = calloc(1, sizeof *pair);
    assert_non_null(pair);
    pair->world = malloc(sizeof *pair->world);
    assert_non_null(pair->world);
    *fixture = pair;
    return 0;
}

static int teardown(void **fixture)
{
    struct pair *pair = *fixture;
    free(pair->world);
    free(pair);
    return 0;
}

/* A queue that is often full of waiting requests, and often empty. */
static void a_plain_queue(void **fixture)
{
    struct pair *pair = *fixture;
    struct pl_test_queue queue = {
        .rate = 170.0, .service = pl_law_exponential(0.01), .workers = 2, .cores = 2.0};
    pl_test_queue_world(pair->world, &queue);
    open_pair(pair, 1);
    change_both(pair, "traffic.users.rate", 1.3, 20.0);
    change_both(pair, "traffic.users.rate", 0.5, 40.0);
    run_both(pair, 80.0);
    assert_true(pl_model_outcome(pair->plain, 0).ok > 5000);
    close_pair(pair);
}

/* Requests share fewer cores than there are workers, and the queue has a limit. */
static void a_queue_that_shares_and_refuses(void **fixture)
{
    struct pair *pair = *fixture;
    struct pl_test_queue queue = {.rate = 260.0,
                                  .service = pl_law_exponential(0.01),
                                  .workers = 8,
                                  .queue_limit = 3,
                                  .cores = 2.0};
    pl_test_queue_world(pair->world, &queue);
    open_pair(pair, 2);
    run_both(pair, 40.0);
    assert_true(pl_model_outcome(pair->plain, 0).failed > 100);
    close_pair(pair);
}

static void a_shop_at_peace(void **fixture)
{
    struct pair *pair = *fixture;
    pl_test_shop_world(pair->world);
    open_pair(pair, 3);
    run_both(pair, 60.0);
    close_pair(pair);
}

/* Every few moments another tunable gets another value, ramps and gates included. */
static void trouble(const struct pair *pair, uint64_t seed)
{
    for (uint64_t i = 0; i < 60; i++) {
        uint64_t bits = pl_random_bits(seed, i);
        uint32_t param = 1 + (uint32_t)(bits % pair->world->param_count);
        const struct pl_param_def *def = &pair->world->params[param];
        double reach = def->base > 0.0 ? 4.0 * def->base : 2.0;
        double high = def->high < reach ? def->high : reach;
        double low = (bits >> 40) % 4 == 0 ? def->low : def->base / 4.0;
        low = low > def->low ? low : def->low;
        pl_error err = {0};
        struct pl_change change = {
            .t_ns = pl_clock_ns(1.0 * (double)i),
            .ramp_ns = (bits >> 32) % 3 == 0 ? 5 * PL_NS_PER_S : 0,
            .param = param,
            .value = low + (high - low) * pl_random_unit(pl_random_mix(bits)),
        };
        assert_int_equal(pl_model_change(pair->world, pair->plain, &change, &err), PL_OK);
        assert_int_equal(pl_model_change(pair->world, pair->general, &change, &err), PL_OK);
    }
}

static void a_shop_in_trouble(void **fixture)
{
    struct pair *pair = *fixture;
    pl_test_shop_world(pair->world);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        open_pair(pair, seed);
        trouble(pair, seed);
        run_both(pair, 90.0);
        close_pair(pair);
    }
}

/* The cap on a route counts from the moment it is set, whoever is in flight. */
static void a_cap_counts_those_who_are_there(void **fixture)
{
    struct pair *pair = *fixture;
    struct pl_test_queue queue = {
        .rate = 400.0, .service = pl_law_exponential(0.05), .workers = 0, .cores = 64.0};
    char path[2 * PL_LABEL_MAX];
    pl_test_queue_world(pair->world, &queue);
    snprintf(path,
             sizeof path,
             "route.%s.%s.concurrency",
             pair->world->services[0].name,
             pair->world->routes[0].name);
    open_pair(pair, 4);
    change_both(pair, path, 10.0, 20.0);
    change_both(pair, path, 0.0, 30.0);
    change_both(pair, path, 5.0, 40.0);
    run_both(pair, 25.0);
    assert_true(pl_model_pod(pair->world, pair->plain, 0).busy <= 10);
    run_both(pair, 35.0);
    assert_true(pl_model_pod(pair->world, pair->plain, 0).busy > 10);
    run_both(pair, 50.0);
    assert_true(pl_model_pod(pair->world, pair->plain, 0).busy <= 5);
    close_pair(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_plain_queue, setup, teardown),
        cmocka_unit_test_setup_teardown(a_queue_that_shares_and_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(a_shop_at_peace, setup, teardown),
        cmocka_unit_test_setup_teardown(a_shop_in_trouble, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cap_counts_those_who_are_there, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
