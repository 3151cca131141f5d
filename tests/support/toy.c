// SPDX-License-Identifier: Apache-2.0
#include "support/toy.h"

#include "base/fmath.h"
#include "base/random.h"

#include <string.h>

#define HARM_SHARE 0.45 /* of wrong remedies */
#define HARM_COST  12.0 /* minutes of damage */
#define SLOW_MIN   17.0 /* a responder without help needs as long */

double toy_unit(struct toy_play *play)
{
    return pl_random_unit(pl_random_bits(play->key, play->counter++));
}

void toy_init(struct toy *toy, uint64_t seed)
{
    memset(toy, 0, sizeof *toy);
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        toy->class_of[h] = h % TOY_CLASSES;
        toy->prior[h] = 1.0 / TOY_CAUSES;
        toy->rate[h] = 0.6 + 0.05 * (double)h;
        for (uint32_t x = 0; x < TOY_LOOKS; x++) {
            uint64_t bits = pl_random_bits(pl_random_child(seed, h), x);
            bool telling = (pl_random_bits(seed, x) + h) % 3 == 0;
            uint32_t usual = telling ? (uint32_t)(bits % TOY_ANSWERS) : x % TOY_ANSWERS;
            for (uint32_t v = 0; v < TOY_ANSWERS; v++) {
                toy->parts[x][h][v] = v == usual ? 10 : 2;
            }
        }
    }
    toy->segment = (struct pl_segment){.cause_count = TOY_CAUSES,
                                       .causes = (UINT32_C(1) << TOY_CAUSES) - 1,
                                       .node_count = TOY_NODES,
                                       .ends_ns = TOY_END_NS,
                                       .nodes = toy->nodes};
    toy->segment.options.count = TOY_OPTIONS;
    toy->model = (struct pl_value_model){.segment = &toy->segment,
                                         .class_of = toy->class_of,
                                         .search_floor_s = 60.0,
                                         .search_s_per_bit = 180.0};
    toy_table(toy, 0, 0);
}

/* Damage per minute of a cause after what was done. */
static double rate_of(const struct toy *toy, uint32_t cause, uint32_t tried, uint32_t halved)
{
    bool cured = (tried >> toy->class_of[cause] & 1) != 0;
    return cured ? 0.0 : toy->rate[cause] * (halved != 0 ? 0.5 : 1.0);
}

void toy_table(struct toy *toy, uint32_t tried, uint32_t halved)
{
    for (uint32_t n = 0; n < TOY_NODES; n++) {
        struct pl_node *node = &toy->nodes[n];
        double minute = 60.0 * (double)n / (TOY_NODES - 1);
        double left = 60.0 - minute;
        double slow = left < SLOW_MIN ? left : SLOW_MIN;
        node->t_ns = (int64_t)(minute * (double)TOY_MINUTE_NS);
        for (uint32_t h = 0; h < TOY_CAUSES; h++) {
            double rate = rate_of(toy, h, tried, halved);
            node->passed[h] = rate * minute;
            for (uint32_t a = 0; a < TOY_OPTIONS; a++) {
                struct pl_cell *cell = &node->cells[h][a];
                bool remedy = a >= 1 && a <= TOY_CLASSES;
                bool right = remedy && toy->class_of[h] == a - 1;
                double level = rate * slow;
                level = right ? rate * (left < 1.0 ? left : 1.0) : level;
                level = a == TOY_CLASSES + 1 ? rate * 0.5 * slow : level;
                level += remedy && !right ? HARM_SHARE * HARM_COST * toy->rate[h] : 0.0;
                *cell = (struct pl_cell){.mean = level, .count = 16, .half = {level, level}};
            }
        }
    }
}

void toy_begin(struct toy *toy, uint64_t key, struct toy_play *play)
{
    memset(play, 0, sizeof *play);
    play->key = key;
    memcpy(play->belief, toy->prior, sizeof play->belief);
    play->cause = (uint32_t)(toy_unit(play) * TOY_CAUSES);
    toy_table(toy, 0, 0);
    pl_adjusted_begin(
        &play->adjusted,
        (struct pl_estimate){.value = pl_value_of(&toy->model, play->belief, 0, NULL)});
}

/* Belief after an answer, and its probability. */
static double
answered(const struct toy *toy, const double *belief, uint32_t look, uint32_t answer, double *next)
{
    double total = 0.0;
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        next[h] = belief[h] * (double)toy->parts[look][h][answer] / TOY_PARTS;
        total += next[h];
    }
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        next[h] /= total;
    }
    return total;
}

double toy_bits(const struct toy *toy, const double *belief, uint32_t look)
{
    double bits = pl_value_entropy(&toy->model, belief);
    for (uint32_t v = 0; v < TOY_ANSWERS; v++) {
        double next[TOY_CAUSES];
        double p = answered(toy, belief, look, v, next);
        bits -= p * pl_value_entropy(&toy->model, next);
    }
    return bits;
}

/* Time passes up to `until_ns`. */
static void pass(const struct toy *toy, struct toy_play *play, int64_t until_ns)
{
    double minutes = (double)(until_ns - play->t_ns) / (double)TOY_MINUTE_NS;
    play->damage += minutes * rate_of(toy, play->cause, play->tried, play->halved);
    play->t_ns = until_ns;
}

/* Q and V of a move that takes until `until_ns` and leads to one of the draws. */
static void
account(struct toy *toy, struct toy_play *play, int64_t until_ns, const struct pl_draws *draws)
{
    struct pl_value_model other = toy->model;
    other.search_s_per_bit = 400.0;
    double v = pl_value_of(&toy->model, play->belief, play->t_ns, NULL);
    struct pl_estimate q = pl_value_look(&toy->model, play->belief, play->t_ns, until_ns, draws);
    struct pl_estimate q_other = pl_value_look(&other, play->belief, play->t_ns, until_ns, draws);
    pl_adjusted_add(&play->adjusted, v, (struct pl_estimate){.value = q.value});
    play->other_sum += q_other.value - v;
}

void toy_look(struct toy *toy, struct toy_play *play, uint32_t look)
{
    double weights[TOY_ANSWERS];
    double beliefs[TOY_ANSWERS][TOY_CAUSES];
    int64_t until_ns = play->t_ns + TOY_MINUTE_NS;
    for (uint32_t v = 0; v < TOY_ANSWERS; v++) {
        weights[v] = answered(toy, play->belief, look, v, beliefs[v]);
    }
    const struct pl_draws draws = {
        .count = TOY_ANSWERS, .cause_count = TOY_CAUSES, .weights = weights, .beliefs = beliefs[0]};
    toy_table(toy, play->tried, play->halved);
    account(toy, play, until_ns, &draws);
    double unit = toy_unit(play) * TOY_PARTS;
    uint32_t answer = 0;
    double sum = (double)toy->parts[look][play->cause][0];
    while (unit >= sum && answer + 1 < TOY_ANSWERS) {
        sum += (double)toy->parts[look][play->cause][++answer];
    }
    memcpy(play->belief, beliefs[answer], sizeof play->belief);
    pass(toy, play, until_ns);
}

/* After an act: a minute shows whether users still suffer. */
static bool see_effect(struct toy *toy, struct toy_play *play)
{
    double weights[2] = {0.0, 0.0};
    double beliefs[2][TOY_CAUSES];
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        bool cured = (play->tried >> toy->class_of[h] & 1) != 0;
        weights[cured ? 1 : 0] += play->belief[h];
        beliefs[cured ? 1 : 0][h] = play->belief[h];
        beliefs[cured ? 0 : 1][h] = 0.0;
    }
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        beliefs[0][h] /= weights[0] > 0.0 ? weights[0] : 1.0;
        beliefs[1][h] /= weights[1] > 0.0 ? weights[1] : 1.0;
    }
    const struct pl_draws draws = {
        .count = 2, .cause_count = TOY_CAUSES, .weights = weights, .beliefs = beliefs[0]};
    int64_t until_ns = play->t_ns + TOY_MINUTE_NS;
    bool cured = (play->tried >> toy->class_of[play->cause] & 1) != 0;
    account(toy, play, until_ns, &draws);
    memcpy(play->belief, beliefs[cured ? 1 : 0], sizeof play->belief);
    pass(toy, play, until_ns);
    return cured;
}

bool toy_act(struct toy *toy, struct toy_play *play, uint32_t option)
{
    bool remedy = option >= 1 && option <= TOY_CLASSES;
    double expected = 0.0;
    toy_table(toy, play->tried, play->halved);
    double v = pl_value_of(&toy->model, play->belief, play->t_ns, NULL);
    for (uint32_t h = 0; h < TOY_CAUSES; h++) {
        bool wrong = remedy && toy->class_of[h] != option - 1;
        expected += wrong ? play->belief[h] * HARM_SHARE * HARM_COST * toy->rate[h] : 0.0;
    }
    play->tried |= remedy ? UINT32_C(1) << (option - 1) : 0;
    play->halved = option == TOY_CLASSES + 1 ? 1 : play->halved;
    toy_table(toy, play->tried, play->halved);
    double q = expected + pl_value_of(&toy->model, play->belief, play->t_ns, NULL);
    pl_adjusted_add(&play->adjusted, v, (struct pl_estimate){.value = q});
    play->other_sum += q - v;
    if (remedy && toy->class_of[play->cause] != option - 1 && toy_unit(play) < HARM_SHARE) {
        play->damage += HARM_COST * toy->rate[play->cause];
    }
    return see_effect(toy, play);
}

void toy_finish(struct toy *toy, struct toy_play *play)
{
    static const double certain = 1.0;
    const struct pl_draws draws = {
        .count = 1, .cause_count = TOY_CAUSES, .weights = &certain, .beliefs = play->belief};
    toy_table(toy, play->tried, play->halved);
    account(toy, play, TOY_END_NS, &draws);
    pass(toy, play, TOY_END_NS);
}
