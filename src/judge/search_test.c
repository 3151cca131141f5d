// SPDX-License-Identifier: Apache-2.0
#include "judge/search.h"

#include "base/fmath.h"
#include "support/toy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/** The toy with densities: sixteen draws per cause, as many of an answer as its sixteenths. */
struct bench {
    struct toy toy;
    struct pl_predictive predictive;
    double cost_s[TOY_LOOKS];
    float log_density[TOY_LOOKS][TOY_CAUSES][TOY_PARTS][TOY_CAUSES];
};

static struct bench *bench_of(double cost_s)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    toy_init(&bench->toy, 3);
    for (uint32_t x = 0; x < TOY_LOOKS; x++) {
        bench->cost_s[x] = cost_s;
        for (uint32_t h = 0; h < TOY_CAUSES; h++) {
            uint32_t answer = 0;
            uint32_t left = bench->toy.parts[x][h][0];
            for (uint32_t d = 0; d < TOY_PARTS; d++) {
                while (left == 0) {
                    left = bench->toy.parts[x][h][++answer];
                }
                left--;
                for (uint32_t g = 0; g < TOY_CAUSES; g++) {
                    double p = (double)bench->toy.parts[x][g][answer] / TOY_PARTS;
                    bench->log_density[x][h][d][g] = (float)pl_log(p);
                }
            }
        }
    }
    bench->predictive = (struct pl_predictive){.look_count = TOY_LOOKS,
                                               .cause_count = TOY_CAUSES,
                                               .draw_count = TOY_PARTS,
                                               .eta = 1.0,
                                               .cost_s = bench->cost_s,
                                               .log_density = &bench->log_density[0][0][0][0]};
    return bench;
}

static void bits_are_those_computed_by_hand(void **state)
{
    (void)state;
    struct bench *bench = bench_of(60.0);
    for (uint32_t x = 0; x < 6; x++) {
        double bits =
            pl_predictive_bits(&bench->predictive, bench->toy.class_of, x, bench->toy.prior);
        assert_true(fabs(bits - toy_bits(&bench->toy, bench->toy.prior, x)) < 1e-6);
        assert_true(bits > -1e-9);
    }
    free(bench);
}

/* Who misses a tenth of what is shown believes so much of what was believed before. */
static void what_goes_unnoticed_leaves_the_belief_as_it_was(void **state)
{
    (void)state;
    struct bench *bench = bench_of(60.0);
    double all[TOY_CAUSES];
    double some[TOY_CAUSES];
    pl_predictive_next(&bench->predictive, 1, 2, 3, bench->toy.prior, all);
    bench->predictive.missed = 0.1;
    pl_predictive_next(&bench->predictive, 1, 2, 3, bench->toy.prior, some);
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        assert_true(fabs(some[h] - (0.9 * all[h] + 0.1 * bench->toy.prior[h])) < 1e-12);
    }
    free(bench);
}

/* Draws carry the belief: their mean is the belief before the look. */
static void draws_average_to_the_belief(void **state)
{
    (void)state;
    struct bench *bench = bench_of(60.0);
    static double weights[TOY_CAUSES * TOY_PARTS];
    static double beliefs[TOY_CAUSES * TOY_PARTS][TOY_CAUSES];
    struct pl_draws draws;
    double belief[TOY_CAUSES] = {0.5, 0.25, 0.125, 0.125};
    pl_predictive_draws(&bench->predictive, 1, belief, weights, beliefs[0], &draws);
    assert_int_equal(draws.count, 4 * TOY_PARTS);
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        double mean = 0.0;
        for (uint32_t i = 0; i < draws.count; i++) {
            mean += weights[i] * beliefs[i][h];
        }
        assert_true(fabs(mean - belief[h]) < 1e-6);
    }
    free(bench);
}

/* Looking first beats acting on the prior, and pays less when looks take longer. */
static void investigating_pays_when_looks_are_cheap(void **state)
{
    (void)state;
    struct bench *cheap = bench_of(30.0);
    struct bench *dear = bench_of(600.0);
    struct pl_search quick;
    struct pl_search slow;
    struct pl_search again;
    pl_search_run(&cheap->toy.model, &cheap->predictive, cheap->toy.prior, 0, 128, 7, &quick);
    pl_search_run(&cheap->toy.model, &cheap->predictive, cheap->toy.prior, 0, 128, 7, &again);
    pl_search_run(&dear->toy.model, &dear->predictive, dear->toy.prior, 0, 64, 7, &slow);
    assert_memory_equal(&quick, &again, sizeof quick);
    double noop = 0.0;
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        noop += cheap->toy.prior[h] * cheap->toy.nodes[0].cells[h][0].mean;
    }
    print_message("investigating costs %.2f +- %.2f of %.2f (tau %.2f, %.1f looks, %.0f %% right), "
                  "with slow looks %.2f\n",
                  quick.cost.value,
                  quick.cost.se,
                  noop,
                  quick.tau,
                  quick.looks,
                  100.0 * quick.right,
                  slow.cost.value);
    assert_true(quick.cost.value < 0.7 * noop);
    assert_true(quick.right > 0.5);
    assert_true(slow.cost.value > quick.cost.value + 2.0 * quick.cost.se);
    free(cheap);
    free(dear);
}

/* After the fit the cheap value of going on to look is the dear one. */
static void the_cheap_value_is_fitted_to_the_dear_one(void **state)
{
    (void)state;
    struct bench *bench = bench_of(60.0);
    struct pl_search search;
    pl_search_run(&bench->toy.model, &bench->predictive, bench->toy.prior, 0, 64, 7, &search);
    pl_search_fit(&bench->toy.model, bench->toy.prior, 0, search.cost.value);
    double cheap = pl_value_option(&bench->toy.model, bench->toy.prior, 0, 0).value;
    assert_true(fabs(cheap - search.cost.value) < 1e-3);
    assert_true(bench->toy.model.search_s_per_bit > 10.0);
    assert_true(bench->toy.model.search_s_per_bit < 600.0);
    free(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_those_computed_by_hand),
        cmocka_unit_test(what_goes_unnoticed_leaves_the_belief_as_it_was),
        cmocka_unit_test(draws_average_to_the_belief),
        cmocka_unit_test(investigating_pays_when_looks_are_cheap),
        cmocka_unit_test(the_cheap_value_is_fitted_to_the_dear_one),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
