// SPDX-License-Identifier: Apache-2.0
#include "judge/gates.h"

#include "base/check.h"
#include "judge/look_power.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH_DRAWS = 8, SEARCH_RUNS = 256, TAU_AT = 2 /* tau .8 of pl_search */ };

#define PATH_LIMIT_S   600.0
#define PATH_ENOUGH    0.8
#define PATH_SURE      0.95
#define STAKE_SHARE    0.02 /* of the damage of doing nothing: options differ */
#define SAME_SHARE     0.02 /* of it: no difference */
#define EQUIVALENT     0.1  /* bits that tell two causes apart */
#define BASE_RATE_ROOM 0.02 /* chance in what a move wins */

/** What the gates share. */
struct table {
    const struct pl_gates_def *def;
    uint32_t causes;
    uint32_t options;
    double d_noop;
    double damage[PL_CAUSES_MAX][PL_OPTIONS_MAX]; /* at the opening */
    double least[PL_CAUSES_MAX];
    struct pl_gates *gates;
};

const char *pl_gate_title(uint32_t index)
{
    static const char *const titles[PL_GATES] = {"the page leaves it open",
                                                 "it can be solved",
                                                 "thinking pays",
                                                 "no move fits all",
                                                 "no look tells all",
                                                 "causes can be told apart",
                                                 "moves differ in risk",
                                                 "beliefs are calibrated",
                                                 "something is at stake",
                                                 "suspects are not given away"};
    PL_CHECK(index < PL_GATES);
    return titles[index];
}

bool pl_gate_met(const struct pl_gate *gate)
{
    PL_CHECK(gate != NULL);
    bool met = gate->figure_count > 0;
    for (uint32_t i = 0; i < gate->figure_count; i++) {
        met = met && gate->figures[i].met != 0;
    }
    return met;
}

/** Which side of the limit is right. */
enum side { AT_MOST, AT_LEAST };

static void add(struct pl_gate *gate, const char *what, double value, enum side side, double limit)
{
    PL_CHECK(gate->figure_count < PL_GATE_FIGURES_MAX);
    struct pl_gate_figure *figure = &gate->figures[gate->figure_count++];
    snprintf(figure->what, sizeof figure->what, "%s", what);
    figure->value = value;
    figure->limit = limit;
    figure->at_least = side == AT_LEAST ? 1 : 0;
    figure->met = (side == AT_LEAST ? value >= limit : value <= limit) ? 1 : 0;
}

static void advise(struct pl_gate *gate, const char *advice)
{
    snprintf(gate->advice, sizeof gate->advice, "%s", advice);
}

static const char *cause_name(const struct table *table, uint32_t cause)
{
    return table->def->scenario->causes[cause].name;
}

static void option_name(const struct table *table, uint32_t option, char *text, size_t size)
{
    struct pl_buf out;
    pl_buf_init(&out, text, size);
    pl_option_format(
        table->def->scenario, &table->def->constants->trunk.options.items[option], &out);
}

static void look_name(const struct table *table, uint32_t look, char *text, size_t size)
{
    struct pl_buf out;
    pl_buf_init(&out, text, size);
    pl_look_format(pl_look_list_call(table->def->looks, table->def->look_of[look]), &out);
}

static void fill_table(struct table *table)
{
    const struct pl_segment *trunk = &table->def->constants->trunk;
    for (uint32_t h = 0; h < table->causes; h++) {
        table->least[h] = HUGE_VAL;
        for (uint32_t a = 0; a < table->options; a++) {
            struct pl_cell cell = pl_segment_cell(trunk, table->def->opens_ns, h, a);
            cell = cell.count > 0 ? cell : pl_segment_cell(trunk, table->def->opens_ns, h, 0);
            table->damage[h][a] = cell.mean;
            table->least[h] = cell.mean < table->least[h] ? cell.mean : table->least[h];
        }
    }
}

static struct pl_value_model model_of(const struct pl_constants *constants)
{
    return (struct pl_value_model){.segment = &constants->trunk,
                                   .class_of = constants->class_of,
                                   .search_floor_s = constants->search_floor_s,
                                   .search_s_per_bit = constants->search_s_per_bit};
}

/* ---- Q1, Q5: the opening -------------------------------------------------------------------- */

static void judge_opening(struct table *table)
{
    struct pl_gate *gate = &table->gates->gates[0];
    const struct pl_constants *constants = table->def->constants;
    struct pl_value_model model = model_of(constants);
    double classes[PL_CAUSES_MAX] = {0};
    uint32_t rarest = 0;
    uint32_t most = 0;
    for (uint32_t h = 0; h < table->causes; h++) {
        classes[constants->class_of[h]] += table->def->belief[h];
        rarest = constants->acceptance[h] < constants->acceptance[rarest] ? h : rarest;
    }
    for (uint32_t c = 0; c < table->causes; c++) {
        most = classes[c] > classes[most] ? c : most;
    }
    add(gate,
        "forms that page, least of all causes",
        constants->acceptance[rarest],
        AT_LEAST,
        0.005);
    add(gate, "belief in the likeliest class at the page", classes[most], AT_MOST, 0.45);
    add(gate, "bits open at the page", pl_value_entropy(&model, table->def->belief), AT_LEAST, 1.5);
    snprintf(gate->detail, sizeof gate->detail, "fewest pages: %s", cause_name(table, rarest));
    advise(gate,
           "Move the change nearer to the opening or make it stronger until the alert fires in "
           "its window; even out the priors.");
}

static void judge_oracle(struct table *table, const struct pl_gate_paths *paths)
{
    struct pl_gate *gate = &table->gates->gates[4];
    struct pl_value_model model = model_of(table->def->constants);
    char best_text[PL_GATE_WHAT_MAX];
    char top_text[PL_GATE_WHAT_MAX];
    double open = pl_value_entropy(&model, table->def->belief);
    uint32_t best = 0;
    for (uint32_t i = 1; i < table->def->predictive->look_count; i++) {
        best = table->def->bits[i].mix > table->def->bits[best].mix ? i : best;
    }
    double share = open > 0.0 ? table->def->bits[best].mix / open : 0.0;
    add(gate, "share of the open bits that the best look tells", share, AT_MOST, 0.6);
    add(gate, "share of a good path's bits from one look", paths->top_share, AT_MOST, 0.4);
    look_name(table, best, best_text, sizeof best_text);
    look_name(table, paths->top_look, top_text, sizeof top_text);
    snprintf(gate->detail,
             sizeof gate->detail,
             "best look: %s, %.2f of %.2f bits; path: %s",
             best_text,
             table->def->bits[best].mix,
             open,
             top_text);
    advise(gate,
           "Let severity and onset of the causes vary more, so that their curves overlap in this "
           "look, or give causes a common symptom.");
}

/* ---- Q2, Q3, Q9: paths ---------------------------------------------------------------------- */

static void judge_paths(struct table *table, struct pl_gate_paths *paths)
{
    const struct pl_gates_def *def = table->def;
    struct pl_value_model model = model_of(def->constants);
    uint32_t draws = def->predictive->draw_count;
    struct pl_gate_paths_def walk = {.model = &model,
                                     .predictive = def->predictive,
                                     .belief = def->belief,
                                     .opens_ns = def->opens_ns,
                                     .limit_s = PATH_LIMIT_S,
                                     .enough = PATH_ENOUGH,
                                     .sure = PATH_SURE,
                                     .stake = STAKE_SHARE * table->d_noop,
                                     .draws = draws < PATH_DRAWS ? draws : PATH_DRAWS};
    pl_gate_paths_walk(&walk, paths);
    uint32_t hardest = 0;
    for (uint32_t h = 1; h < table->causes; h++) {
        hardest = paths->solved[h] < paths->solved[hardest] ? h : hardest;
    }
    struct pl_gate *solvable = &table->gates->gates[1];
    add(solvable,
        "worlds found in ten minutes, least of all causes",
        paths->solved[hardest],
        AT_LEAST,
        0.8);
    snprintf(solvable->detail,
             sizeof solvable->detail,
             "hardest: %s; a path has %.1f looks and takes %.0f s",
             cause_name(table, hardest),
             paths->looks,
             paths->seconds);
    advise(solvable, "Give the hardest cause a trace that no other cause leaves.");
    struct pl_gate *stake = &table->gates->gates[8];
    add(stake, "moments of a path at which moves differ by 2 %", paths->staked, AT_LEAST, 4.0);
    snprintf(stake->detail, sizeof stake->detail, "paths end after %.1f looks", paths->looks);
    advise(stake, "Spread what tells the causes apart over more looks; let wrong moves cost more.");
}

static void judge_thinking(struct table *table)
{
    const struct pl_gates_def *def = table->def;
    struct pl_gate *gate = &table->gates->gates[2];
    struct pl_value_model model = model_of(def->constants);
    struct pl_search search;
    char name[PL_GATE_WHAT_MAX];
    double least = HUGE_VAL;
    uint32_t best = 0;
    for (uint32_t a = 0; a < table->options; a++) {
        double mean = 0.0;
        for (uint32_t h = 0; h < table->causes; h++) {
            mean += def->belief[h] * table->damage[h][a];
        }
        best = mean < least ? a : best;
        least = mean < least ? mean : least;
    }
    pl_search_run(
        &model, def->predictive, def->belief, def->opens_ns, SEARCH_RUNS, def->seed, &search);
    double think = search.by_tau[TAU_AT].value;
    add(gate,
        "damage saved by looking first, of doing nothing",
        (least - think) / table->d_noop,
        AT_LEAST,
        0.15);
    option_name(table, best, name, sizeof name);
    snprintf(gate->detail,
             sizeof gate->detail,
             "at once: %s, %.0f %%; after looking %.0f %% of doing nothing",
             name,
             100.0 * least / table->d_noop,
             100.0 * think / table->d_noop);
    advise(gate, "Let wrong moves cost time or harm, or flatten the priors.");
}

/* ---- Q4, Q7, Q10: moves --------------------------------------------------------------------- */

static void judge_universal(struct table *table)
{
    struct pl_gate *gate = &table->gates->gates[3];
    char name[PL_GATE_WHAT_MAX];
    double least = HUGE_VAL;
    uint32_t best = 0;
    for (uint32_t a = 0; a < table->options; a++) {
        double regret = 0.0;
        for (uint32_t h = 0; h < table->causes; h++) {
            regret += table->def->belief[h] * (table->damage[h][a] - table->least[h]);
        }
        best = regret < least ? a : best;
        least = regret < least ? regret : least;
    }
    add(gate,
        "expected regret of the safest move, of doing nothing",
        least / table->d_noop,
        AT_LEAST,
        0.10);
    option_name(table, best, name, sizeof name);
    snprintf(gate->detail, sizeof gate->detail, "safest move: %s", name);
    advise(gate, "Take this move away from some causes, or let it do harm under some.");
}

static void judge_risk(struct table *table)
{
    struct pl_gate *gate = &table->gates->gates[6];
    const struct pl_scenario *scenario = table->def->scenario;
    const struct pl_segment *trunk = &table->def->constants->trunk;
    char name[PL_GATE_WHAT_MAX];
    uint32_t kinds[2] = {0, 0};
    uint32_t harmful = 0;
    uint32_t worst = 0;
    double most = 0.0;
    for (uint32_t a = 1; a < table->options; a++) {
        const struct pl_call *call = &trunk->options.items[a].call;
        bool harms = false;
        kinds[scenario->setting.actions[call->action].reversible != 0 ? 1 : 0] = 1;
        for (uint32_t h = 0; h < table->causes; h++) {
            struct pl_cell cell = pl_segment_cell(trunk, table->def->opens_ns, h, a);
            double harm = table->damage[h][a] - table->damage[h][0];
            harms = harms || (harm > 2.0 * cell.se_noop && harm > SAME_SHARE * table->d_noop);
            worst = harm > most ? a : worst;
            most = harm > most ? harm : most;
        }
        harmful += harms ? 1 : 0;
    }
    add(gate,
        "kinds of moves: those that can be taken back, and others",
        kinds[0] + kinds[1],
        AT_LEAST,
        2.0);
    add(gate, "moves that do harm under some cause", harmful, AT_LEAST, 1.0);
    option_name(table, worst, name, sizeof name);
    snprintf(gate->detail,
             sizeof gate->detail,
             "worst: %s, %.0f %% of doing nothing on top",
             name,
             100.0 * most / table->d_noop);
    advise(gate,
           "Offer a tempting move that makes some cause worse, and one that can't be undone.");
}

/*
 * A move is right when it is as good as the best; it is due when the cause's author says so. Where
 * doing nothing is right, every harmless move is: it wins nothing there.
 */
static void judge_suspects(struct table *table)
{
    struct pl_gate *gate = &table->gates->gates[9];
    const struct pl_scenario *scenario = table->def->scenario;
    char name[PL_GATE_WHAT_MAX];
    uint32_t herrings = 0;
    uint32_t worst = 0;
    double excess = -1.0;
    double idle = 0.0;
    for (uint32_t i = 0; i < scenario->red_herring_count; i++) {
        herrings += scenario->red_herrings[i].feed_count > 0 ? 1 : 0;
    }
    for (uint32_t a = 0; a < table->options; a++) {
        const struct pl_option *option = &table->def->constants->trunk.options.items[a];
        double wins = 0.0;
        double due = 0.0;
        for (uint32_t h = 0; h < table->causes; h++) {
            double same = SAME_SHARE * table->d_noop;
            bool heals = option->noop == 0 && table->damage[h][0] - table->least[h] < same;
            bool right = table->damage[h][a] - table->least[h] < same;
            wins += right && !heals ? table->def->belief[h] : 0.0;
            due += (option->helps_mask >> h & 1) != 0 ? table->def->belief[h] : 0.0;
        }
        idle = option->noop != 0 ? wins : idle;
        if (option->noop == 0 && wins - due > excess) {
            excess = wins - due;
            worst = a;
        }
    }
    add(gate, "red herrings in the feed", herrings, AT_LEAST, 1.0);
    add(gate, "wins of one move beyond what it is guilty of", excess, AT_MOST, BASE_RATE_ROOM);
    option_name(table, worst, name, sizeof name);
    snprintf(gate->detail,
             sizeof gate->detail,
             "most beyond its due: %s; doing nothing is best in %.0f %% of the forms",
             name,
             100.0 * idle);
    advise(gate,
           "Add a harmless change to the feed of every form; a cause that this move repairs too "
           "has to list it under `helps`.");
}

/* ---- Q6: pairs ------------------------------------------------------------------------------ */

/* A move that is as good as the best under both causes. */
static bool serves_both(const struct table *table, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < table->options; i++) {
        double limit = SAME_SHARE * table->d_noop;
        if (table->damage[a][i] - table->least[a] < limit &&
            table->damage[b][i] - table->least[b] < limit) {
            return true;
        }
    }
    return false;
}

static void judge_pairs(struct table *table)
{
    struct pl_gate *gate = &table->gates->gates[5];
    const struct pl_constants *constants = table->def->constants;
    double least = 1.0;
    uint32_t pair[2] = {0, 0};
    uint32_t pairs = 0;
    for (uint32_t a = 0; a < table->causes; a++) {
        for (uint32_t b = a + 1; b < table->causes; b++) {
            double most = 0.0;
            if (constants->class_of[a] == constants->class_of[b] || serves_both(table, a, b)) {
                continue;
            }
            for (uint32_t i = 0; i < table->def->predictive->look_count; i++) {
                double bits = pl_look_pair_bits(table->def->predictive, i, a, b);
                most = bits > most ? bits : most;
            }
            pairs++;
            if (most < least) {
                least = most;
                pair[0] = a;
                pair[1] = b;
            }
        }
    }
    add(gate, "bits of the best look between the closest two causes", least, AT_LEAST, EQUIVALENT);
    snprintf(gate->detail,
             sizeof gate->detail,
             "%u causes in %u classes; closest of %u pairs: %s and %s",
             table->causes,
             constants->class_count,
             pairs,
             cause_name(table, pair[0]),
             cause_name(table, pair[1]));
    advise(gate, "Let these two differ in some look, or give them a move that repairs both.");
}

/* ---- All ------------------------------------------------------------------------------------ */

void pl_gates_judge(const struct pl_gates_def *def, struct pl_gates *gates)
{
    PL_CHECK(def != NULL && gates != NULL);
    PL_CHECK(def->constants->trunk.node_count > 0 && def->constants->d_noop > 0.0);
    PL_CHECK(def->predictive->look_count > 0);
    struct table table = {.def = def,
                          .causes = def->scenario->cause_count,
                          .options = def->constants->trunk.options.count,
                          .d_noop = def->constants->d_noop,
                          .gates = gates};
    struct pl_gate_paths paths;
    fill_table(&table);
    judge_opening(&table);
    judge_paths(&table, &paths);
    judge_thinking(&table);
    judge_universal(&table);
    judge_oracle(&table, &paths);
    judge_pairs(&table);
    judge_risk(&table);
    judge_suspects(&table);
}

void pl_gates_add_planner(struct pl_gates *gates, double median, uint32_t forms)
{
    PL_CHECK(gates != NULL);
    char what[PL_GATE_WHAT_MAX];
    snprintf(what, sizeof what, "the planner's damage of doing nothing, median of %u", forms);
    add(&gates->gates[1], what, median, AT_MOST, 0.35);
}

void pl_gates_add_beliefs(struct pl_gates *gates,
                          const struct pl_holdout *holdout,
                          double eta,
                          double suited)
{
    PL_CHECK(gates != NULL && holdout != NULL);
    PL_CHECK(holdout->sessions > 0 && holdout->looks > 0);
    struct pl_gate *gate = &gates->gates[7];
    double se = pl_moments_standard_error(&holdout->gap);
    double gap = fabs(holdout->gap.mean);
    add(gate, "calibration error of the leading class", pl_ece_error(&holdout->top), AT_MOST, 0.03);
    add(gate,
        "bits gained beyond those expected, in its errors",
        se > 0.0 ? gap / se : gap,
        AT_MOST,
        2.0);
    add(gate,
        "looks after which the belief is unstable",
        (double)holdout->unstable / holdout->looks,
        AT_MOST,
        0.05);
    snprintf(gate->detail,
             sizeof gate->detail,
             "%u sessions, %u looks; chance alone gives an error of %.3f; bits gained minus "
             "expected %+.2f +- %.2f (of a bank without end %+.2f); "
             "learning rate %.2f, %.2f would suit best",
             holdout->sessions,
             holdout->looks,
             pl_ece_chance(&holdout->top),
             holdout->gap.mean,
             se,
             holdout->gap_mix.mean,
             eta,
             suited);
    advise(gate,
           "More worlds per cause (--k) tell whether it is the judge; then its learning rate.");
}
