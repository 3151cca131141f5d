// SPDX-License-Identifier: Apache-2.0
//
// The engine against closed forms. Each case runs independent replications; it passes when the
// estimate lies within 4 standard errors of the truth and the standard error itself is below the
// stated share of the truth, so that a noisy run cannot pass by being vague.
// Formulas: Kleinrock, Queueing Systems vol. 1 (M/M/1, M/M/c, M/G/1, M/M/c/K, processor sharing).
#include "stats/interval.h"
#include "support/worlds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { REPLICATIONS = 24 };

/* What one replication measures, in seconds and shares. */
struct measured {
    double wait_s;    /* mean time in the queue over all that were admitted */
    double sojourn_s; /* mean time from arrival to answer */
    double refused;   /* share of arrivals */
};

static struct measured
replicate(const struct pl_world *world, uint64_t seed, double warm_s, double run_s)
{
    struct pl_state *state = pl_test_start(world, seed);
    pl_model_run(world, state, NULL, pl_clock_ns(warm_s));
    struct pl_resource_view before = pl_model_resource(world, state, 0);
    pl_model_run(world, state, NULL, pl_clock_ns(warm_s + run_s));
    struct pl_resource_view after = pl_model_resource(world, state, 0);
    pl_model_validate(world, state);
    double served = (double)(after.served - before.served);
    double refused = (double)(after.refused - before.refused);
    double waiting = (double)(after.waiting_area_ns - before.waiting_area_ns) * 1e-9;
    double service = (double)(after.service_area_ns - before.service_area_ns) * 1e-9;
    free(state);
    return (struct measured){
        .wait_s = waiting / served,
        .sojourn_s = (waiting + service) / served,
        .refused = refused / (served + refused),
    };
}

/* Offset of the measured field within struct measured. */
static void check(const struct pl_test_queue *queue, size_t field, double truth, double se_share)
{
    struct pl_world *world = malloc(sizeof *world);
    struct pl_moments moments = {0};
    assert_non_null(world);
    pl_test_queue_world(world, queue);
    /* About 40,000 arrivals per replication. */
    double run_s = 40000.0 / queue->rate;
    for (uint64_t seed = 1; seed <= REPLICATIONS; seed++) {
        struct measured m = replicate(world, seed, run_s / 10.0, run_s);
        pl_moments_add(&moments, *(const double *)(const void *)((const char *)&m + field));
    }
    double mean = moments.mean;
    double se = pl_moments_standard_error(&moments);
    if (fabs(mean - truth) > 4.0 * se || se > se_share * truth) {
        print_error("measured %.6g +- %.2g, truth %.6g\n", mean, se, truth);
    }
    assert_true(fabs(mean - truth) <= 4.0 * se);
    assert_true(se <= se_share * truth);
    free(world);
}

#define WAIT    offsetof(struct measured, wait_s)
#define SOJOURN offsetof(struct measured, sojourn_s)
#define REFUSED offsetof(struct measured, refused)

static void mm1_sojourn_is_1_over_mu_minus_lambda(void **unused)
{
    struct pl_test_queue q = {700.0, pl_law_exponential(0.001), 1, 0, 1.0, 0};
    (void)unused;
    check(&q, SOJOURN, 1.0 / 300.0, 0.01);
    q.rate = 500.0;
    check(&q, SOJOURN, 1.0 / 500.0, 0.005);
}

static void mmc_wait_follows_erlang_c(void **unused)
{
    /* rho 0.7 with 16 and 8 servers; waits for lambda = 1 from the Erlang-C recursion. */
    struct pl_test_queue q = {100.0, pl_law_exponential(0.112), 16, 0, 16.0, 0};
    (void)unused;
    check(&q, WAIT, 0.00302577, 0.05);
    q = (struct pl_test_queue){100.0, pl_law_exponential(0.056), 8, 0, 8.0, 0};
    check(&q, WAIT, 0.00631407, 0.04);
}

static void mg1_wait_follows_pollaczek_khinchine(void **unused)
{
    /* rho 0.7: E[S] * 0.7 (1 + scv) / 0.6. */
    struct pl_test_queue q = {700.0, pl_law_constant(0.001), 1, 0, 1.0, 0};
    (void)unused;
    check(&q, WAIT, 0.00116667, 0.01);
    q.service = pl_law_lognormal_scv(0.001, 4.0);
    check(&q, WAIT, 0.00583333, 0.06);
}

static void processor_sharing_is_insensitive_to_the_law(void **unused)
{
    struct pl_test_queue q = {700.0, pl_law_exponential(0.001), 0, 0, 1.0, 0};
    (void)unused;
    check(&q, SOJOURN, 0.001 / 0.3, 0.01);
    q.service = pl_law_lognormal_scv(0.001, 4.0);
    check(&q, SOJOURN, 0.001 / 0.3, 0.015);
    q.service = pl_law_constant(0.001);
    check(&q, SOJOURN, 0.001 / 0.3, 0.01);
}

/* Share of arrivals that find c + places in the system: birth-death chain. */
static double mmck_blocking(double load, uint32_t c, uint32_t places)
{
    double p = 1.0;
    double sum = 1.0;
    for (uint32_t n = 1; n <= c + places; n++) {
        p *= load / (double)(n < c ? n : c);
        sum += p;
    }
    return p / sum;
}

static void mmck_refuses_what_the_chain_says(void **unused)
{
    struct pl_test_queue q = {900.0, pl_law_exponential(0.002), 2, 3, 2.0, 0};
    (void)unused;
    check(&q, REFUSED, mmck_blocking(1.8, 2, 3), 0.01);
}

static void mm1_tail_is_exponential(void **unused)
{
    /* 99th percentile of the sojourn: ln 100 / (mu - lambda). */
    struct pl_test_queue q = {500.0, pl_law_exponential(0.001), 1, 0, 1.0, 0};
    struct pl_world *world = malloc(sizeof *world);
    struct pl_moments moments = {0};
    (void)unused;
    assert_non_null(world);
    pl_test_queue_world(world, &q);
    for (uint64_t seed = 1; seed <= REPLICATIONS; seed++) {
        struct pl_state *state = pl_test_start(world, seed);
        struct pl_record *record = pl_test_record(world);
        pl_model_run(world, state, NULL, pl_clock_ns(5.0));
        pl_model_run(world, state, record, pl_clock_ns(85.0));
        pl_moments_add(&moments,
                       (double)pl_histogram_quantile(&record->routes[0].latency, 0.99) * 1e-9);
        free(record);
        free(state);
    }
    double truth = 4.605170186 / 500.0;
    assert_true(fabs(moments.mean - truth) <
                4.0 * pl_moments_standard_error(&moments) + truth / 64.0);
    assert_true(pl_moments_standard_error(&moments) < 0.02 * truth);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mm1_sojourn_is_1_over_mu_minus_lambda),
        cmocka_unit_test(mmc_wait_follows_erlang_c),
        cmocka_unit_test(mg1_wait_follows_pollaczek_khinchine),
        cmocka_unit_test(processor_sharing_is_insensitive_to_the_law),
        cmocka_unit_test(mmck_refuses_what_the_chain_says),
        cmocka_unit_test(mm1_tail_is_exponential),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
