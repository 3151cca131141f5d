// SPDX-License-Identifier: Apache-2.0
#include "judge/look_power.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CAUSES = 4, LOOKS = 3, DRAWS = 2 };

#define SURE  0.0f
#define NEVER (-20.0f)

/** Look 0 tells nothing, look 1 every cause, look 2 the upper from the lower two. */
struct puzzle {
    float density[LOOKS][CAUSES][DRAWS][CAUSES];
    double cost_s[LOOKS];
    double belief[CAUSES];
    uint32_t look_of[LOOKS];
    struct pl_eig_value bits[LOOKS];
    struct pl_predictive predictive;
    struct pl_gates_def def;
};

static void fill(struct puzzle *puzzle)
{
    static const double bits[LOOKS] = {0.0, 2.0, 1.0};
    for (uint32_t h = 0; h < CAUSES; h++) {
        puzzle->belief[h] = 1.0 / CAUSES;
        for (uint32_t d = 0; d < DRAWS; d++) {
            for (uint32_t g = 0; g < CAUSES; g++) {
                puzzle->density[0][h][d][g] = SURE;
                puzzle->density[1][h][d][g] = h == g ? SURE : NEVER;
                puzzle->density[2][h][d][g] = h / 2 == g / 2 ? SURE : NEVER;
            }
        }
    }
    for (uint32_t i = 0; i < LOOKS; i++) {
        puzzle->cost_s[i] = 10.0 + i;
        puzzle->look_of[i] = 5 + i;
        puzzle->bits[i].mix = bits[i];
    }
    puzzle->predictive = (struct pl_predictive){.look_count = LOOKS,
                                                .cause_count = CAUSES,
                                                .draw_count = DRAWS,
                                                .eta = 1.0,
                                                .cost_s = puzzle->cost_s,
                                                .log_density = &puzzle->density[0][0][0][0]};
    puzzle->def = (struct pl_gates_def){.predictive = &puzzle->predictive,
                                        .look_of = puzzle->look_of,
                                        .bits = puzzle->bits,
                                        .belief = puzzle->belief};
}

static void two_causes_are_told_apart_or_not(void **state)
{
    (void)state;
    static struct puzzle puzzle;
    fill(&puzzle);
    assert_float_equal(pl_look_pair_bits(&puzzle.predictive, 0, 0, 1), 0.0, 1e-9);
    assert_float_equal(pl_look_pair_bits(&puzzle.predictive, 1, 0, 1), 1.0, 1e-6);
    assert_float_equal(pl_look_pair_bits(&puzzle.predictive, 2, 0, 1), 0.0, 1e-9);
    assert_float_equal(pl_look_pair_bits(&puzzle.predictive, 2, 1, 2), 1.0, 1e-6);
}

static void looks_come_by_their_bits_with_the_causes_they_leave_together(void **state)
{
    (void)state;
    static struct puzzle puzzle;
    struct pl_look_power powers[LOOKS];
    fill(&puzzle);
    pl_look_powers(&puzzle.def, powers);
    assert_int_equal(powers[0].look, 6);
    assert_int_equal(powers[0].groups, CAUSES);
    assert_float_equal(powers[0].cost_s, 11.0, 0.0);
    assert_int_equal(powers[1].look, 7);
    assert_int_equal(powers[1].groups, 2);
    assert_int_equal(powers[1].group_of[1], 0);
    assert_int_equal(powers[1].group_of[2], 1);
    assert_int_equal(powers[1].group_of[3], 1);
    assert_int_equal(powers[2].look, 5);
    assert_int_equal(powers[2].groups, 1);
}

/* One that looks like both joins two that look unlike each other. */
static void a_third_cause_joins_two(void **state)
{
    (void)state;
    static struct puzzle puzzle;
    struct pl_look_power powers[LOOKS];
    fill(&puzzle);
    for (uint32_t d = 0; d < DRAWS; d++) {
        puzzle.density[2][1][d][2] = SURE;
        puzzle.density[2][2][d][1] = SURE;
    }
    pl_look_powers(&puzzle.def, powers);
    assert_int_equal(powers[1].look, 7);
    assert_int_equal(powers[1].groups, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_causes_are_told_apart_or_not),
        cmocka_unit_test(looks_come_by_their_bits_with_the_causes_they_leave_together),
        cmocka_unit_test(a_third_cause_joins_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
