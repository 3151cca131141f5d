// SPDX-License-Identifier: Apache-2.0
//
// Gates of torn-till (three faults) with looks whose densities are made by hand.
#include "judge/gates.h"

#include "support/trials.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAUSES = 3, LOOKS = 2, DRAWS = 4 };

#define NEVER (-20.0f)

/** A scenario with its constants; what looks tell is up to the test. */
struct desk {
    struct test_judge *judge;
    float density[LOOKS][CAUSES][DRAWS][CAUSES];
    double cost_s[LOOKS];
    double belief[CAUSES];
    uint32_t look_of[LOOKS];
    struct pl_eig_value bits[LOOKS];
    struct pl_predictive predictive;
    struct pl_gates_def def;
    struct pl_gates gates;
};

static struct desk *desk_of(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    assert_non_null(desk);
    desk->judge = test_judge_open(3, NULL);
    assert_int_equal(desk->judge->scenario->cause_count, CAUSES);
    for (uint32_t h = 0; h < CAUSES; h++) {
        desk->belief[h] = 1.0 / CAUSES;
    }
    for (uint32_t i = 0; i < LOOKS; i++) {
        desk->cost_s[i] = 30.0;
        desk->look_of[i] = i;
    }
    desk->predictive = (struct pl_predictive){.look_count = LOOKS,
                                              .cause_count = CAUSES,
                                              .draw_count = DRAWS,
                                              .eta = 1.0,
                                              .cost_s = desk->cost_s,
                                              .log_density = &desk->density[0][0][0][0]};
    desk->def = (struct pl_gates_def){.scenario = desk->judge->scenario,
                                      .constants = desk->judge->judge->constants,
                                      .looks = desk->judge->judge->looks,
                                      .predictive = &desk->predictive,
                                      .look_of = desk->look_of,
                                      .bits = desk->bits,
                                      .belief = desk->belief,
                                      .opens_ns = desk->judge->judge->opens_ns,
                                      .seed = 1};
    return desk;
}

static void desk_close(struct desk *desk)
{
    test_judge_close(desk->judge);
    free(desk);
}

/* Look `look` tells cause `own` from all others. */
static void tells(struct desk *desk, uint32_t look, uint32_t own)
{
    for (uint32_t h = 0; h < CAUSES; h++) {
        for (uint32_t d = 0; d < DRAWS; d++) {
            for (uint32_t g = 0; g < CAUSES; g++) {
                desk->density[look][h][d][g] = (h == own) == (g == own) ? 0.0f : NEVER;
            }
        }
    }
}

/* Goal: a scenario whose looks say nothing is not let through, with numbers that say so. */
static void looks_that_tell_nothing_miss_the_gates_of_evidence(void **state)
{
    (void)state;
    struct desk *desk = desk_of();
    pl_gates_judge(&desk->def, &desk->gates);
    const struct pl_gate *gates = desk->gates.gates;
    assert_false(pl_gate_met(&gates[1]));
    assert_true(gates[1].figures[0].value < 1e-9);
    assert_false(pl_gate_met(&gates[2]));
    assert_false(pl_gate_met(&gates[5]));
    assert_true(fabs(gates[5].figures[0].value) < 1e-6);
    assert_true(gates[1].advice[0] != '\0' && gates[5].detail[0] != '\0');
    desk_close(desk);
}

/* Goal: two looks that find each cause let it through, and one that says all does not. */
static void looks_that_find_every_cause_pass_them(void **state)
{
    (void)state;
    struct desk *desk = desk_of();
    tells(desk, 0, 0);
    tells(desk, 1, 1);
    desk->bits[0].mix = 0.6;
    desk->bits[1].mix = 0.9;
    pl_gates_judge(&desk->def, &desk->gates);
    const struct pl_gate *gates = desk->gates.gates;
    assert_true(gates[1].figures[0].met == 1 && gates[5].figures[0].met == 1);
    assert_true(gates[5].figures[0].value > 0.9);
    assert_true(gates[4].figures[0].value > 0.5 && gates[4].figures[0].value < 0.65);
    /* Three causes: ln 3 = 1.58 bits are open, and one look may not tell 60 % of them. */
    desk->bits[1].mix = 1.2;
    memset(&desk->gates, 0, sizeof desk->gates);
    pl_gates_judge(&desk->def, &desk->gates);
    assert_int_equal(desk->gates.gates[4].figures[0].met, 0);
    pl_gates_add_planner(&desk->gates, 0.2, 9);
    assert_true(pl_gate_met(&desk->gates.gates[1]));
    pl_gates_add_planner(&desk->gates, 0.5, 9);
    assert_false(pl_gate_met(&desk->gates.gates[1]));
    desk_close(desk);
}

/* Goal: what heals by itself makes no move look like a winner. Method: one cause heals. */
static void a_form_that_heals_is_won_by_no_move(void **state)
{
    (void)state;
    struct desk *desk = desk_of();
    struct pl_constants *constants = calloc(1, sizeof *constants);
    assert_non_null(constants);
    *constants = *desk->def.constants;
    constants->trunk.nodes = constants->nodes;
    desk->def.constants = constants;
    pl_gates_judge(&desk->def, &desk->gates);
    double before = desk->gates.gates[9].figures[1].value;
    for (uint32_t n = 0; n < constants->trunk.node_count; n++) {
        for (uint32_t a = 0; a < constants->trunk.options.count; a++) {
            constants->nodes[n].cells[2][a] = (struct pl_cell){.mean = 1.0, .count = 1};
        }
    }
    memset(&desk->gates, 0, sizeof desk->gates);
    pl_gates_judge(&desk->def, &desk->gates);
    assert_true(desk->gates.gates[9].figures[1].value <= before + 1e-9);
    free(constants);
    desk_close(desk);
}

static void beliefs_have_their_own_gate(void **state)
{
    (void)state;
    struct pl_gates gates = {0};
    struct pl_holdout holdout = {.sessions = 100, .looks = 500, .unstable = 40};
    for (uint32_t i = 0; i < 100; i++) {
        pl_ece_add(&holdout.top, 0.9, i % 10 == 0 ? 0 : 1);
    }
    pl_moments_add(&holdout.gap, 0.1);
    pl_moments_add(&holdout.gap, -0.1);
    assert_false(pl_gate_met(&gates.gates[7]));
    pl_gates_add_beliefs(&gates, &holdout, 1.0, 0.8);
    assert_int_equal(gates.gates[7].figures[0].met, 1);
    assert_int_equal(gates.gates[7].figures[1].met, 1);
    assert_int_equal(gates.gates[7].figures[2].met, 0);
    for (uint32_t i = 0; i < PL_GATES; i++) {
        assert_true(pl_gate_title(i)[0] != '\0');
    }
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_that_tell_nothing_miss_the_gates_of_evidence),
        cmocka_unit_test(looks_that_find_every_cause_pass_them),
        cmocka_unit_test(a_form_that_heals_is_won_by_no_move),
        cmocka_unit_test(beliefs_have_their_own_gate),
    };
    return cmocka_run_group_tests_name("gates", tests, NULL, NULL);
}
