// SPDX-License-Identifier: Apache-2.0
//
// The value of beliefs, and the falsifiers of JUDGE.md section 0 on the toy incident: adjusted
// damage is unbiased, luck is not a skill, and who knows more than the evidence shows is lucky.
#include "judge/value.h"

#include "base/fmath.h"
#include "base/random.h"
#include "stats/interval.h"
#include "support/toy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PERSONS = 160, INCIDENTS = 6 };

/** How somebody plays. */
struct player {
    double noise;     /* of the belief, 0: none */
    double threshold; /* acts from this probability of a class on */
    uint32_t blind;   /* 1: takes any look */
    uint32_t oracle;  /* 1: knows the cause */
};

static double likely_class(const struct toy *toy, const double *belief, uint32_t *best)
{
    double classes[TOY_CLASSES] = {0};
    double total = 0.0;
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        classes[toy->class_of[h]] += belief[h];
        total += belief[h];
    }
    *best = 0;
    for (uint32_t c = 1; c < TOY_CLASSES; c++) {
        *best = classes[c] > classes[*best] ? c : *best;
    }
    return classes[*best] / total;
}

static uint32_t choose_look(struct toy *toy, struct toy_play *play, const struct player *player)
{
    uint32_t best = (uint32_t)(toy_unit(play) * TOY_LOOKS);
    if (player->blind != 0) {
        return best;
    }
    double most = -1.0;
    for (uint32_t x = 0; x < TOY_LOOKS; x++) {
        double bits = toy_bits(toy, play->belief, x) * (1.0 + player->noise * toy_unit(play));
        best = bits > most ? x : best;
        most = bits > most ? bits : most;
    }
    return best;
}

/* One incident from opening to end. */
static void play(struct toy *toy, const struct player *player, uint64_t key, struct toy_play *out)
{
    double bent[TOY_CAUSES];
    uint32_t class = 0;
    bool cured = false;
    toy_begin(toy, key, out);
    while (!cured && out->t_ns < 50 * TOY_MINUTE_NS) {
        for (uint32_t h = 0; h < TOY_CAUSES; h++) {
            double z = pl_random_normal(pl_random_bits(key ^ 0x5a5a, h));
            bent[h] = out->belief[h] * pl_exp(0.6 * player->noise * z);
        }
        double sure = likely_class(toy, bent, &class);
        if (player->oracle != 0) {
            cured = toy_act(toy, out, 1 + toy->class_of[out->cause]);
        } else if (sure >= player->threshold) {
            cured = toy_act(toy, out, 1 + class);
        } else {
            toy_look(toy, out, choose_look(toy, out, player));
        }
    }
    toy_finish(toy, out);
}

/* Reliability of one value per person and incident: one-way intraclass correlation. */
static double icc(double values[PERSONS][INCIDENTS])
{
    struct pl_moments between = {0};
    double within = 0.0;
    for (uint32_t p = 0; p < PERSONS; p++) {
        struct pl_moments own = {0};
        for (uint32_t i = 0; i < INCIDENTS; i++) {
            pl_moments_add(&own, values[p][i]);
        }
        pl_moments_add(&between, own.mean);
        within += pl_moments_variance(&own) / PERSONS;
    }
    double over = INCIDENTS * pl_moments_variance(&between);
    return (over - within) / (over + (INCIDENTS - 1) * within);
}

/* A ladder of persons: from careful and clear to hasty and confused. */
static struct player person(uint32_t p)
{
    double slip = pl_exp(0.9 * pl_random_normal(pl_random_bits(991, p)));
    struct player player = {.noise = slip, .threshold = 0.95 / (1.0 + 0.3 * slip)};
    player.blind = slip > 1.2 ? 1 : 0;
    return player;
}

static void adjusted_damage_is_unbiased_and_luck_is_no_skill(void **state)
{
    (void)state;
    static struct toy toy;
    static double luck[PERSONS][INCIDENTS];
    static double crooked[PERSONS][INCIDENTS];
    static double damage[PERSONS][INCIDENTS];
    static double adjusted[PERSONS][INCIDENTS];
    struct pl_moments all = {0};
    struct pl_moments raw = {0};
    toy_init(&toy, 3);
    for (uint32_t p = 0; p < PERSONS; p++) {
        struct player player = person(p);
        for (uint32_t i = 0; i < INCIDENTS; i++) {
            struct toy_play out;
            play(&toy, &player, pl_random_child(pl_random_child(17, p), i), &out);
            damage[p][i] = out.damage;
            adjusted[p][i] = pl_adjusted_damage(&out.adjusted).value;
            luck[p][i] = pl_adjusted_luck(&out.adjusted, out.damage).value;
            crooked[p][i] = out.damage - out.adjusted.opening - out.other_sum;
            pl_moments_add(&all, luck[p][i]);
            pl_moments_add(&raw, out.damage);
        }
    }
    double z = all.mean / pl_moments_standard_error(&all);
    print_message("damage %.2f, luck %.3f (z %.2f); reliability of one incident: damage %.2f, "
                  "adjusted %.2f, luck %.3f, luck with another V in Q %.2f\n",
                  raw.mean,
                  all.mean,
                  z,
                  icc(damage),
                  icc(adjusted),
                  icc(luck),
                  icc(crooked));
    assert_true(fabs(z) < 3.0);
    assert_true(fabs(all.mean) < 0.03 * raw.mean);
    assert_true(fabs(icc(luck)) < 0.05);
    assert_true(icc(crooked) > 0.1);
    assert_true(icc(adjusted) > icc(damage) + 0.1);
}

static void who_knows_more_than_the_evidence_is_lucky(void **state)
{
    (void)state;
    static struct toy toy;
    const struct player oracle = {.threshold = 0.9, .oracle = 1};
    struct pl_moments luck = {0};
    double damage = 0.0;
    double adjusted = 0.0;
    toy_init(&toy, 3);
    for (uint32_t i = 0; i < 60; i++) {
        struct toy_play out;
        play(&toy, &oracle, pl_random_child(29, i), &out);
        pl_moments_add(&luck, pl_adjusted_luck(&out.adjusted, out.damage).value);
        damage += out.damage / 60.0;
        adjusted += pl_adjusted_damage(&out.adjusted).value / 60.0;
    }
    print_message("oracle: damage %.2f, adjusted %.2f\n", damage, adjusted);
    assert_true(luck.mean < -3.0 * pl_moments_standard_error(&luck));
    assert_true(adjusted > 3.0 * damage);
}

/* What a certain belief is worth is what the best option costs; doubt can only cost more. */
static void doubt_costs(void **state)
{
    (void)state;
    static struct toy toy;
    uint32_t best = 0;
    double sure[TOY_CAUSES] = {0};
    toy_init(&toy, 3);
    sure[4] = 1.0;
    double known = pl_value_of(&toy.model, sure, 0, &best);
    assert_int_equal(best, 1 + toy.class_of[4]);
    assert_true(fabs(known - toy.rate[4]) < 1e-9);
    assert_true(pl_value_entropy(&toy.model, sure) < 1e-12);
    assert_true(pl_value_of(&toy.model, toy.prior, 0, NULL) > 2.0 * known);
    assert_true(pl_value_of(&toy.model, toy.prior, TOY_END_NS, NULL) < 1e-9);
    uint32_t wrong = 1 + toy.class_of[5];
    struct pl_estimate regret = pl_value_regret(&toy.model, sure, 0, wrong, &best);
    assert_int_equal(best, 1 + toy.class_of[4]);
    assert_true(regret.value > 5.0 * toy.rate[4]);
    assert_true(pl_value_regret(&toy.model, sure, 0, best, NULL).value < 1e-12);
}

/* Waiting costs what passes and never less than knowing what to do would save. */
static void waiting_is_worth_what_follows_it(void **state)
{
    (void)state;
    static struct toy toy;
    double sure[TOY_CAUSES] = {0};
    toy_init(&toy, 3);
    sure[4] = 1.0;
    double q = pl_value_wait(&toy.model, sure, 0, 2 * TOY_MINUTE_NS);
    assert_true(fabs(q - (2.0 + 1.0) * toy.rate[4]) < 1e-9);
}

/* Two options whose halves of the futures contradict each other: picking the lower mean is luck,
 * which is taken out of the regret. Finding out takes longer than is left. */
static void the_luck_of_picking_the_lowest_is_taken_out(void **state)
{
    (void)state;
    static const uint32_t class_of[1] = {0};
    static const double belief[1] = {1.0};
    struct pl_node node = {.t_ns = 0};
    node.cells[0][0] = (struct pl_cell){.mean = 100.0, .half = {100.0, 100.0}, .count = 4};
    node.cells[0][1] = (struct pl_cell){.mean = 40.0, .half = {10.0, 70.0}, .count = 4};
    node.cells[0][2] = (struct pl_cell){.mean = 44.0, .half = {74.0, 14.0}, .count = 4};
    node.cells[0][3] = (struct pl_cell){.mean = 80.0, .half = {80.0, 80.0}, .count = 4};
    struct pl_segment segment = {
        .cause_count = 1, .causes = 1, .node_count = 1, .ends_ns = PL_NS_PER_S, .nodes = &node};
    segment.options.count = 4;
    const struct pl_value_model model = {
        .segment = &segment, .class_of = class_of, .search_floor_s = 10.0};
    uint32_t best = 0;
    struct pl_estimate regret = pl_value_regret(&model, belief, 0, 3, &best);
    assert_int_equal(best, 1);
    /* Two parts 40, one part the other half's 70 and 74. */
    assert_true(fabs(regret.value - (80.0 - (2.0 * 40.0 + 72.0) / 3.0)) < 1e-9);
    assert_true(pl_value_regret(&model, belief, 0, 1, NULL).value < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_luck_of_picking_the_lowest_is_taken_out),
        cmocka_unit_test(doubt_costs),
        cmocka_unit_test(waiting_is_worth_what_follows_it),
        cmocka_unit_test(adjusted_damage_is_unbiased_and_luck_is_no_skill),
        cmocka_unit_test(who_knows_more_than_the_evidence_is_lucky),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
