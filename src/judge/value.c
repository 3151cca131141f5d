// SPDX-License-Identifier: Apache-2.0
#include "judge/value.h"

#include "base/check.h"
#include "base/fmath.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/** Which samples of a cell speak. */
enum view { VIEW_ALL, VIEW_EVEN, VIEW_ODD };

/** All that Q needs at one moment under one belief. */
struct outlook {
    uint32_t cause_count;
    uint32_t option_count;
    double weight[PL_CAUSES_MAX]; /* belief over the causes that the table knows */
    double level[PL_CAUSES_MAX][PL_OPTIONS_MAX];
    double least[PL_CAUSES_MAX];  /* of the cause's best option */
    double search[PL_CAUSES_MAX]; /* I_h */
    double se[PL_CAUSES_MAX][PL_OPTIONS_MAX];
    double se_noop[PL_CAUSES_MAX][PL_OPTIONS_MAX];
};

double pl_value_entropy(const struct pl_value_model *model, const double *belief)
{
    PL_CHECK(model != NULL && belief != NULL);
    double classes[PL_CAUSES_MAX] = {0};
    double total = 0.0;
    for (uint32_t i = 0; i < model->segment->cause_count; i++) {
        PL_CHECK(model->class_of[i] < PL_CAUSES_MAX);
        classes[model->class_of[i]] += belief[i];
        total += belief[i];
    }
    double bits = 0.0;
    for (uint32_t i = 0; i < PL_CAUSES_MAX; i++) {
        if (classes[i] > 0.0) {
            double p = classes[i] / total;
            bits -= p * pl_log(p);
        }
    }
    return bits / pl_log(2.0);
}

/* ---- The outlook ---------------------------------------------------------------------------- */

static void fill_weights(const struct pl_segment *segment, const double *belief, double *weight)
{
    double total = 0.0;
    uint32_t known = 0;
    for (uint32_t i = 0; i < segment->cause_count; i++) {
        bool in = (segment->causes >> i & 1) != 0;
        weight[i] = in ? belief[i] : 0.0;
        total += weight[i];
        known += in ? 1 : 0;
    }
    PL_CHECK(known > 0);
    for (uint32_t i = 0; i < segment->cause_count; i++) {
        bool in = (segment->causes >> i & 1) != 0;
        weight[i] = total > 0.0 ? weight[i] / total : in ? 1.0 / (double)known : 0.0;
    }
}

static double viewed(const struct pl_cell *cell, enum view view)
{
    return view == VIEW_ALL ? cell->mean : view == VIEW_EVEN ? cell->half[0] : cell->half[1];
}

/* Levels of one cause; an option that was never rolled out is worth what doing nothing is. */
static uint32_t fill_cause(const struct pl_segment *segment,
                           int64_t t_ns,
                           uint32_t cause,
                           enum view view,
                           struct outlook *outlook)
{
    uint32_t best = 0;
    double best_mean = 0.0;
    for (uint32_t a = 0; a < segment->options.count; a++) {
        struct pl_cell cell = pl_segment_cell(segment, t_ns, cause, a);
        bool empty = cell.count == 0;
        outlook->level[cause][a] = empty ? outlook->level[cause][0] : viewed(&cell, view);
        outlook->se[cause][a] = empty ? outlook->se[cause][0] : cell.se;
        outlook->se_noop[cause][a] = cell.se_noop;
        if (a == 0 || (!empty && cell.mean < best_mean)) {
            best = a;
            best_mean = cell.mean;
        }
    }
    return best;
}

static void look_out(const struct pl_value_model *model,
                     const double *belief,
                     int64_t t_ns,
                     enum view view,
                     struct outlook *outlook)
{
    const struct pl_segment *segment = model->segment;
    PL_CHECK(segment != NULL && segment->cause_count <= PL_CAUSES_MAX);
    double search_s =
        model->search_floor_s + model->search_s_per_bit * pl_value_entropy(model, belief);
    int64_t found_ns = t_ns + pl_clock_ns(search_s);
    found_ns = found_ns < segment->ends_ns ? found_ns : segment->ends_ns;
    found_ns = found_ns > t_ns ? found_ns : t_ns;
    memset(outlook, 0, sizeof *outlook);
    outlook->cause_count = segment->cause_count;
    outlook->option_count = segment->options.count;
    fill_weights(segment, belief, outlook->weight);
    for (uint32_t i = 0; i < segment->cause_count; i++) {
        if (outlook->weight[i] > 0.0) {
            uint32_t best = fill_cause(segment, t_ns, i, view, outlook);
            struct pl_cell later = pl_segment_cell(segment, found_ns, i, best);
            outlook->least[i] = outlook->level[i][best];
            outlook->search[i] =
                pl_segment_passed(segment, i, t_ns, found_ns) + viewed(&later, view);
        }
    }
}

/* Q_h(a): see the head of value.h. */
static double level_of(const struct outlook *outlook, uint32_t cause, uint32_t option)
{
    double level = outlook->level[cause][option];
    double noop = outlook->level[cause][0];
    double search = outlook->search[cause];
    double beside = search + level - noop;
    if (level < noop) {
        double scaled = search * level / noop;
        beside = scaled > outlook->least[cause] ? scaled : outlook->least[cause];
    }
    return beside < level ? beside : level;
}

static double q_of(const struct outlook *outlook, uint32_t option)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < outlook->cause_count; i++) {
        if (outlook->weight[i] > 0.0) {
            sum += outlook->weight[i] * level_of(outlook, i, option);
        }
    }
    return sum;
}

/* ---- V and Q -------------------------------------------------------------------------------- */

struct pl_estimate pl_value_option(const struct pl_value_model *model,
                                   const double *belief,
                                   int64_t t_ns,
                                   uint32_t option)
{
    struct outlook outlook;
    double variance = 0.0;
    PL_CHECK(model != NULL && belief != NULL);
    PL_CHECK(option < model->segment->options.count);
    look_out(model, belief, t_ns, VIEW_ALL, &outlook);
    for (uint32_t i = 0; i < outlook.cause_count; i++) {
        double error = outlook.weight[i] * outlook.se[i][option];
        variance += error * error;
    }
    return (struct pl_estimate){.value = q_of(&outlook, option), .se = sqrt(variance)};
}

double
pl_value_of(const struct pl_value_model *model, const double *belief, int64_t t_ns, uint32_t *best)
{
    struct outlook outlook;
    PL_CHECK(model != NULL && belief != NULL);
    look_out(model, belief, t_ns, VIEW_ALL, &outlook);
    uint32_t lowest = 0;
    double value = q_of(&outlook, 0);
    for (uint32_t a = 1; a < outlook.option_count; a++) {
        double q = q_of(&outlook, a);
        if (q < value) {
            value = q;
            lowest = a;
        }
    }
    if (best != NULL) {
        *best = lowest;
    }
    return value;
}

/* Standard error of the difference of two options: both share their futures with doing nothing. */
static double regret_error(const struct outlook *outlook, uint32_t a, uint32_t b)
{
    double variance = 0.0;
    for (uint32_t i = 0; i < outlook->cause_count && a != b; i++) {
        double one = outlook->weight[i] * outlook->se_noop[i][a];
        double other = outlook->weight[i] * outlook->se_noop[i][b];
        variance += one * one + other * other;
    }
    return sqrt(variance);
}

struct pl_estimate pl_value_regret(const struct pl_value_model *model,
                                   const double *belief,
                                   int64_t t_ns,
                                   uint32_t option,
                                   uint32_t *best)
{
    struct outlook outlooks[3];
    double q[3][PL_OPTIONS_MAX];
    PL_CHECK(model != NULL && belief != NULL);
    PL_CHECK(option < model->segment->options.count);
    for (uint32_t view = 0; view < 3; view++) {
        look_out(model, belief, t_ns, (enum view)view, &outlooks[view]);
        for (uint32_t a = 0; a < outlooks[view].option_count; a++) {
            q[view][a] = q_of(&outlooks[view], a);
        }
    }
    struct pl_least least = pl_node_least(q[0], q[1], q[2], outlooks[0].option_count);
    double regret = q[0][option] - least.debiased;
    if (best != NULL) {
        *best = least.index;
    }
    return (struct pl_estimate){.value = option != least.index && regret > 0.0 ? regret : 0.0,
                                .se = regret_error(&outlooks[0], option, least.index)};
}

double pl_value_wait(const struct pl_value_model *model,
                     const double *belief,
                     int64_t t_ns,
                     int64_t until_ns)
{
    PL_CHECK(model != NULL && belief != NULL);
    static const double certain = 1.0;
    const struct pl_draws draws = {.count = 1,
                                   .cause_count = model->segment->cause_count,
                                   .weights = &certain,
                                   .beliefs = belief};
    return pl_value_look(model, belief, t_ns, until_ns, &draws).value;
}

struct pl_estimate pl_value_look(const struct pl_value_model *model,
                                 const double *belief,
                                 int64_t t_ns,
                                 int64_t until_ns,
                                 const struct pl_draws *draws)
{
    PL_CHECK(model != NULL && belief != NULL);
    PL_CHECK(draws != NULL && draws->count >= 1);
    PL_CHECK(until_ns >= t_ns && draws->cause_count == model->segment->cause_count);
    const struct pl_segment *segment = model->segment;
    double weight[PL_CAUSES_MAX] = {0};
    double passed = 0.0;
    double mean = 0.0;
    double square = 0.0;
    double weight_square = 0.0;
    fill_weights(segment, belief, weight);
    for (uint32_t i = 0; i < segment->cause_count; i++) {
        passed += weight[i] * pl_segment_passed(segment, i, t_ns, until_ns);
    }
    for (uint32_t i = 0; i < draws->count; i++) {
        const double *next = &draws->beliefs[(size_t)i * draws->cause_count];
        double value = pl_value_of(model, next, until_ns, NULL);
        mean += draws->weights[i] * value;
        square += draws->weights[i] * value * value;
        weight_square += draws->weights[i] * draws->weights[i];
    }
    double variance = square - mean * mean;
    return (struct pl_estimate){
        .value = passed + mean,
        .se = draws->count > 1 && variance > 0.0 ? sqrt(variance * weight_square) : 0.0};
}

/* ---- Luck ----------------------------------------------------------------------------------- */

void pl_adjusted_begin(struct pl_adjusted *adjusted, struct pl_estimate opening)
{
    PL_CHECK(adjusted != NULL);
    memset(adjusted, 0, sizeof *adjusted);
    adjusted->opening = opening.value;
    adjusted->variance = opening.se * opening.se;
}

void pl_adjusted_add(struct pl_adjusted *adjusted, double v, struct pl_estimate q)
{
    PL_CHECK(adjusted != NULL);
    adjusted->moves++;
    adjusted->sum += q.value - v;
    adjusted->variance += q.se * q.se;
}

struct pl_estimate pl_adjusted_damage(const struct pl_adjusted *adjusted)
{
    PL_CHECK(adjusted != NULL);
    return (struct pl_estimate){.value = adjusted->opening + adjusted->sum,
                                .se = sqrt(adjusted->variance)};
}

struct pl_estimate pl_adjusted_luck(const struct pl_adjusted *adjusted, double realised)
{
    struct pl_estimate damage = pl_adjusted_damage(adjusted);
    return (struct pl_estimate){.value = realised - damage.value, .se = damage.se};
}
