// SPDX-License-Identifier: Apache-2.0
#include "judge/gate_paths.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CAUSES = 4, LOOKS = 3, DRAWS = 2, OPTIONS = CAUSES + 1 };

#define SURE  0.0f
#define NEVER (-20.0f)

/** Four causes of even odds, each with its own remedy. Look 0 tells the upper from the lower two,
 *  look 1 the even from the odd ones, look 2 nothing. */
struct puzzle {
    float density[LOOKS][CAUSES][DRAWS][CAUSES];
    double cost_s[LOOKS];
    double belief[CAUSES];
    uint32_t class_of[CAUSES];
    struct pl_node nodes[1];
    struct pl_segment segment;
    struct pl_value_model model;
    struct pl_predictive predictive;
    struct pl_gate_paths_def def;
};

static void fill_table(struct puzzle *puzzle)
{
    for (uint32_t h = 0; h < CAUSES; h++) {
        for (uint32_t a = 0; a < OPTIONS; a++) {
            double mean = a == h + 1 ? 10.0 : 100.0;
            puzzle->nodes[0].cells[h][a] = (struct pl_cell){.mean = mean, .count = 4};
        }
    }
    puzzle->segment = (struct pl_segment){.cause_count = CAUSES,
                                          .causes = (1U << CAUSES) - 1,
                                          .node_count = 1,
                                          .ends_ns = 3600 * PL_NS_PER_S,
                                          .nodes = puzzle->nodes};
    puzzle->segment.options.count = OPTIONS;
    puzzle->segment.options.items[0].noop = 1;
}

static struct puzzle *puzzle_of(void)
{
    struct puzzle *puzzle = calloc(1, sizeof *puzzle);
    assert_non_null(puzzle);
    for (uint32_t h = 0; h < CAUSES; h++) {
        puzzle->belief[h] = 1.0 / CAUSES;
        puzzle->class_of[h] = h;
        for (uint32_t d = 0; d < DRAWS; d++) {
            for (uint32_t g = 0; g < CAUSES; g++) {
                puzzle->density[0][h][d][g] = h / 2 == g / 2 ? SURE : NEVER;
                puzzle->density[1][h][d][g] = h % 2 == g % 2 ? SURE : NEVER;
            }
        }
    }
    for (uint32_t i = 0; i < LOOKS; i++) {
        puzzle->cost_s[i] = 60.0;
    }
    fill_table(puzzle);
    puzzle->model = (struct pl_value_model){.segment = &puzzle->segment,
                                            .class_of = puzzle->class_of,
                                            .search_floor_s = 60.0,
                                            .search_s_per_bit = 60.0};
    puzzle->predictive = (struct pl_predictive){.look_count = LOOKS,
                                                .cause_count = CAUSES,
                                                .draw_count = DRAWS,
                                                .eta = 1.0,
                                                .cost_s = puzzle->cost_s,
                                                .log_density = &puzzle->density[0][0][0][0]};
    puzzle->def = (struct pl_gate_paths_def){.model = &puzzle->model,
                                             .predictive = &puzzle->predictive,
                                             .belief = puzzle->belief,
                                             .limit_s = 600.0,
                                             .enough = 0.8,
                                             .sure = 0.95,
                                             .stake = 1.0,
                                             .draws = DRAWS};
    return puzzle;
}

static void two_halving_looks_find_one_of_four(void **state)
{
    (void)state;
    struct puzzle *puzzle = puzzle_of();
    struct pl_gate_paths paths;
    pl_gate_paths_walk(&puzzle->def, &paths);
    for (uint32_t h = 0; h < CAUSES; h++) {
        assert_true(fabs(paths.solved[h] - 1.0) < 1e-9);
    }
    assert_true(fabs(paths.bits - 2.0) < 1e-4);
    assert_true(fabs(paths.top_share - 0.5) < 1e-3);
    assert_true(fabs(paths.looks - 2.0) < 1e-9);
    assert_true(fabs(paths.seconds - 120.0) < 1e-9);
    assert_true(fabs(paths.staked - 3.0) < 1e-9); /* the page and both answers */
    free(puzzle);
}

static void without_time_nothing_is_found(void **state)
{
    (void)state;
    struct puzzle *puzzle = puzzle_of();
    struct pl_gate_paths paths;
    puzzle->def.limit_s = 100.0;
    puzzle->def.stake = 1e6;
    pl_gate_paths_walk(&puzzle->def, &paths);
    assert_true(paths.solved[0] < 1e-9);
    assert_true(fabs(paths.looks - 1.0) < 1e-9);
    assert_true(fabs(paths.top_share - 1.0) < 1e-9);
    assert_true(paths.staked < 1e-9);
    free(puzzle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_halving_looks_find_one_of_four),
        cmocka_unit_test(without_time_nothing_is_found),
    };
    return cmocka_run_group_tests_name("gate_paths", tests, NULL, NULL);
}
