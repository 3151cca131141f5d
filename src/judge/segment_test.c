// SPDX-License-Identifier: Apache-2.0
#include "judge/segment.h"

#include "base/random.h"
#include "stats/interval.h"
#include "support/judged.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct pl_state *same_state(const void *context, uint32_t cause, uint32_t k)
{
    const struct test_judged *judged = context;
    (void)cause;
    (void)k;
    return judged->state;
}

/* A node of slow-till: nothing, the flag, and the flag a second time; of these only `wanted`. */
static int64_t compute_wanted(struct test_judged *judged,
                              uint32_t seeds,
                              uint32_t seeds_min,
                              uint32_t wanted,
                              struct pl_node *node)
{
    static const double belief[1] = {1.0};
    struct pl_rollout_def rollout;
    struct pl_option_set options;
    pl_rollout_def_init(judged->world, judged->scenario, judged->opening->ends_ns, &rollout);
    rollout.hurt_rate[0] = 1.0;
    rollout.quiet_rate = 0.05;
    pl_option_set_build(judged->scenario, 1, PL_OPTIONS_MAX, &options);
    assert_int_equal(options.count, 2);
    options.items[options.count++] = options.items[1];
    struct pl_node_def def = {.rollout = &rollout,
                              .options = &options,
                              .context = judged,
                              .state = same_state,
                              .cause_count = 1,
                              .causes = 1,
                              .particles = 1,
                              .seeds = seeds,
                              .seeds_min = seeds_min,
                              .belief = belief,
                              .seed = 5,
                              .wanted = {wanted}};
    size_t size = (pl_node_scratch(&def) + 63) / 64 * 64;
    void *scratch = aligned_alloc(64, size);
    assert_non_null(scratch);
    int64_t simulated_ns = pl_node_compute(&def, scratch, size, node);
    free(scratch);
    return simulated_ns;
}

static int64_t
compute(struct test_judged *judged, uint32_t seeds, uint32_t seeds_min, struct pl_node *node)
{
    return compute_wanted(judged, seeds, seeds_min, 0, node);
}

/* The paired error is far below the error of each mean: both options meet the same users. */
static void options_share_their_futures(void **state)
{
    (void)state;
    struct test_judged *judged = test_judged_open(1, 60.0);
    struct pl_node *node = calloc(2, sizeof *node);
    assert_non_null(node);
    assert_true(compute(judged, 8, 4, &node[0]) > 0);
    const struct pl_cell *nothing = &node->cells[0][0];
    const struct pl_cell *flag = &node->cells[0][1];
    assert_int_equal(node->t_ns, pl_model_now(judged->state));
    assert_int_equal(nothing->count, 8);
    assert_int_equal(flag->count, 8);
    assert_true(flag->mean < 0.5 * nothing->mean);
    assert_true(flag->se_noop < 1.1 * nothing->se);
    assert_true(fabs(0.5 * (flag->half[0] + flag->half[1]) - flag->mean) < 1e-6 * flag->mean);
    (void)compute(judged, 8, 4, &node[1]);
    assert_memory_equal(&node[0], &node[1], sizeof node[0]);
    (void)compute(judged, 4, 4, &node[1]);
    assert_true(test_judged_same(node[1].cells[0][1].mean, node[1].cells[0][2].mean));
    (void)compute(judged, 1, 1, &node[1]);
    assert_int_equal(node[1].cells[0][1].count, 1);
    assert_true(node[1].cells[0][1].se > 0.0);
    free(node);
    test_judged_close(judged);
}

/* Cells that nobody wants stay empty, and do not pass for the best option. */
static void only_what_is_wanted_is_simulated(void **state)
{
    (void)state;
    struct test_judged *judged = test_judged_open(1, 60.0);
    struct pl_node *node = calloc(2, sizeof *node);
    assert_non_null(node);
    int64_t all_ns = compute_wanted(judged, 4, 4, 0, &node[0]);
    int64_t some_ns = compute_wanted(judged, 4, 4, 2, &node[1]);
    assert_true(some_ns < all_ns);
    assert_int_equal(node[1].cells[0][2].count, 0);
    assert_memory_equal(&node[1].cells[0][0], &node[0].cells[0][0], sizeof node[0].cells[0][0]);
    assert_memory_equal(&node[1].cells[0][1], &node[0].cells[0][1], sizeof node[0].cells[0][1]);
    free(node);
    test_judged_close(judged);
}

static void between_nodes_everything_is_linear(void **state)
{
    (void)state;
    struct pl_node nodes[2] = {{.t_ns = 100}, {.t_ns = 200}};
    nodes[0].cells[0][0] = (struct pl_cell){.mean = 40.0, .se = 2.0, .count = 4};
    nodes[1].cells[0][0] = (struct pl_cell){.mean = 20.0, .se = 4.0, .count = 8};
    nodes[0].passed[0] = 5.0;
    nodes[1].passed[0] = 15.0;
    struct pl_segment segment = {
        .cause_count = 1, .causes = 1, .node_count = 2, .ends_ns = 300, .nodes = nodes};
    segment.options.count = 1;
    assert_true(fabs(pl_segment_cell(&segment, 150, 0, 0).mean - 30.0) < 1e-12);
    assert_true(fabs(pl_segment_cell(&segment, 150, 0, 0).se - 3.0) < 1e-12);
    assert_true(fabs(pl_segment_cell(&segment, 250, 0, 0).mean - 10.0) < 1e-12);
    assert_true(fabs(pl_segment_cell(&segment, 300, 0, 0).mean) < 1e-12);
    assert_true(fabs(pl_segment_cell(&segment, 50, 0, 0).mean - 40.0) < 1e-12);
    assert_true(fabs(pl_segment_passed(&segment, 0, 100, 150) - 5.0) < 1e-12);
    /* Past the last node what passes is what doing nothing still costs. */
    assert_true(fabs(pl_segment_passed(&segment, 0, 200, 300) - 20.0) < 1e-12);
    assert_true(fabs(pl_segment_passed(&segment, 0, 150, 250) - 15.0) < 1e-12);
}

/*
 * A cause that a look ruled out is not simulated at later nodes. What it would have cost up to that
 * look is still needed, and may not be read from a node that knows nothing of it.
 */
static void a_cause_that_was_ruled_out_keeps_what_is_known(void **state)
{
    (void)state;
    struct pl_node nodes[3] = {{.t_ns = 100}, {.t_ns = 200}, {.t_ns = 300}};
    nodes[0].cells[0][0] = (struct pl_cell){.mean = 40.0, .se = 2.0, .count = 4};
    nodes[0].passed[0] = 5.0;
    nodes[1].cells[0][0] = (struct pl_cell){.mean = 30.0, .se = 2.0, .count = 4};
    nodes[1].passed[0] = 15.0;
    nodes[2].cells[1][0] = (struct pl_cell){.mean = 7.0, .count = 4};
    nodes[2].passed[1] = 3.0;
    struct pl_segment segment = {
        .cause_count = 2, .causes = 3, .node_count = 3, .ends_ns = 400, .nodes = nodes};
    segment.options.count = 1;
    assert_true(fabs(pl_segment_passed(&segment, 0, 200, 300) - 15.0) < 1e-12);
    assert_true(fabs(pl_segment_passed(&segment, 0, 200, 400) - 30.0) < 1e-12);
    assert_true(fabs(pl_segment_cell(&segment, 300, 0, 0).mean - 15.0) < 1e-12);
    assert_true(fabs(pl_segment_cell(&segment, 400, 0, 0).mean) < 1e-12);
    assert_true(fabs(pl_segment_cell(&segment, 100, 1, 0).mean - 7.0) < 1e-12);
    assert_true(fabs(pl_segment_passed(&segment, 1, 100, 300)) < 1e-12);
    assert_int_equal(pl_segment_cell(&segment, 100, 1, 0).count, 4);
    /* Nothing known at all: an empty cell, as before. */
    nodes[2].cells[1][0].count = 0;
    assert_int_equal(pl_segment_cell(&segment, 100, 1, 0).count, 0);
}

/*
 * The minimum of noisy means is too low, a split-half one too high; the mixture is between. Twelve
 * options N(0, 1), sixteen samples each of noise 2: as in the regret toy of JUDGE.md section 14.
 */
static void the_lowest_of_noisy_means_is_debiased(void **state)
{
    (void)state;
    struct pl_moments naive = {0};
    struct pl_moments mixed = {0};
    for (uint64_t trial = 0; trial < 4000; trial++) {
        double truth[12];
        double means[12] = {0};
        double half[2][12] = {{0}};
        uint64_t key = pl_random_child(77, trial);
        for (uint32_t i = 0; i < 12; i++) {
            truth[i] = pl_random_normal(pl_random_bits(key, i));
            for (uint32_t m = 0; m < 16; m++) {
                double noise = pl_random_normal(pl_random_bits(key, 100 + i * 16 + m));
                double sample = truth[i] + 2.0 * noise;
                means[i] += sample / 16.0;
                half[m % 2][i] += sample / 8.0;
            }
        }
        struct pl_least least = pl_node_least(means, half[0], half[1], 12);
        double best = truth[0];
        for (uint32_t i = 1; i < 12; i++) {
            best = truth[i] < best ? truth[i] : best;
        }
        pl_moments_add(&naive, least.naive - best);
        pl_moments_add(&mixed, least.debiased - best);
    }
    print_message("bias of the lowest mean: naive %.3f, debiased %.3f +- %.3f of the spread\n",
                  naive.mean,
                  mixed.mean,
                  pl_moments_standard_error(&mixed));
    assert_true(naive.mean < -0.12);
    assert_true(fabs(mixed.mean) < 0.05);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judged_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_share_their_futures),
        cmocka_unit_test(only_what_is_wanted_is_simulated),
        cmocka_unit_test(between_nodes_everything_is_linear),
        cmocka_unit_test(a_cause_that_was_ruled_out_keeps_what_is_known),
        cmocka_unit_test(the_lowest_of_noisy_means_is_debiased),
    };
    return cmocka_run_group_tests_name("segment", tests, NULL, NULL);
}
