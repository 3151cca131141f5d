// SPDX-License-Identifier: Apache-2.0
#include "judge/search.h"

#include "base/check.h"
#include "base/fmath.h"
#include "base/random.h"
#include "stats/interval.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const double taus[PL_SEARCH_TAUS] = {0.5, 0.65, 0.8, 0.9};

enum { DRAWS_RANKED = 12 /* draws per cause that looks are ranked by inside a run */ };

#define BITS_LEAST   0.01  /* a look that promises less is not worth its time */
#define BELIEF_LEAST 0.002 /* causes below it no longer count in a run */

/* ---- Densities ------------------------------------------------------------------------------ */

static const float *
densities(const struct pl_predictive *predictive, uint32_t look, uint32_t cause, uint32_t draw)
{
    size_t row = ((size_t)look * predictive->cause_count + cause) * predictive->draw_count + draw;
    return &predictive->log_density[row * predictive->cause_count];
}

void pl_predictive_next(const struct pl_predictive *predictive,
                        uint32_t look,
                        uint32_t cause,
                        uint32_t draw,
                        const double *belief,
                        double *next)
{
    PL_CHECK(predictive != NULL && look < predictive->look_count);
    PL_CHECK(cause < predictive->cause_count && draw < predictive->draw_count);
    const float *row = densities(predictive, look, cause, draw);
    double top = -HUGE_VAL;
    double total = 0.0;
    for (uint32_t i = 0; i < predictive->cause_count; i++) {
        if (belief[i] > 0.0 && (double)row[i] > top) {
            top = (double)row[i];
        }
    }
    for (uint32_t i = 0; i < predictive->cause_count; i++) {
        next[i] =
            belief[i] > 0.0 ? belief[i] * pl_exp(predictive->eta * ((double)row[i] - top)) : 0.0;
        total += next[i];
    }
    for (uint32_t i = 0; i < predictive->cause_count; i++) {
        next[i] = total > 0.0 ? next[i] / total : belief[i];
        next[i] += predictive->missed * (belief[i] - next[i]);
    }
}

static double class_entropy(const uint32_t *class_of, const double *belief, uint32_t count)
{
    double classes[PL_CAUSES_MAX] = {0};
    double bits = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        classes[class_of[i]] += belief[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        bits -= classes[i] > 0.0 ? classes[i] * pl_log(classes[i]) : 0.0;
    }
    return bits / pl_log(2.0);
}

/* Expected bits of a look from at most `most` draws per cause, spread over all. */
static double bits_of(const struct pl_predictive *predictive,
                      const uint32_t *class_of,
                      uint32_t look,
                      const double *belief,
                      uint32_t most)
{
    double next[PL_CAUSES_MAX];
    double after = 0.0;
    double before = class_entropy(class_of, belief, predictive->cause_count);
    uint32_t count = predictive->draw_count < most ? predictive->draw_count : most;
    for (uint32_t cause = 0; cause < predictive->cause_count; cause++) {
        for (uint32_t i = 0; belief[cause] > 0.0 && i < count; i++) {
            uint32_t draw = i * predictive->draw_count / count;
            pl_predictive_next(predictive, look, cause, draw, belief, next);
            after += belief[cause] * class_entropy(class_of, next, predictive->cause_count) /
                     (double)count;
        }
    }
    return before - after;
}

double pl_predictive_bits(const struct pl_predictive *predictive,
                          const uint32_t *class_of,
                          uint32_t look,
                          const double *belief)
{
    PL_CHECK(predictive != NULL && class_of != NULL);
    PL_CHECK(predictive->cause_count <= PL_CAUSES_MAX);
    return bits_of(predictive, class_of, look, belief, predictive->draw_count);
}

void pl_predictive_draws(const struct pl_predictive *predictive,
                         uint32_t look,
                         const double *belief,
                         double *weights,
                         double *beliefs,
                         struct pl_draws *draws)
{
    PL_CHECK(predictive != NULL && weights != NULL);
    PL_CHECK(beliefs != NULL && draws != NULL);
    uint32_t count = 0;
    for (uint32_t cause = 0; cause < predictive->cause_count; cause++) {
        for (uint32_t draw = 0; belief[cause] > 0.0 && draw < predictive->draw_count; draw++) {
            weights[count] = belief[cause] / (double)predictive->draw_count;
            pl_predictive_next(predictive,
                               look,
                               cause,
                               draw,
                               belief,
                               &beliefs[(size_t)count * predictive->cause_count]);
            count++;
        }
    }
    *draws = (struct pl_draws){.count = count,
                               .cause_count = predictive->cause_count,
                               .weights = weights,
                               .beliefs = beliefs};
}

/* ---- Policies ------------------------------------------------------------------------------- */

/** One run in the space of beliefs. */
struct walk {
    const struct pl_value_model *model;
    const struct pl_predictive *predictive;
    double belief[PL_CAUSES_MAX];
    uint8_t used[PL_PREDICTIVE_LOOKS_MAX];
    int64_t begin_ns;
    int64_t t_ns;
    uint32_t cause; /* the true one of this run */
    uint32_t looks;
    uint32_t first_look; /* the same for all runs, ranked once */
};

static double most_likely_class(const struct walk *walk)
{
    double classes[PL_CAUSES_MAX] = {0};
    double most = 0.0;
    for (uint32_t i = 0; i < walk->predictive->cause_count; i++) {
        double *sum = &classes[walk->model->class_of[i]];
        *sum += walk->belief[i];
        most = *sum > most ? *sum : most;
    }
    return most;
}

/* The look with the best rate that this run has not taken, or PL_NONE. */
static uint32_t best_look(const struct walk *walk)
{
    uint32_t best = PL_NONE;
    double best_rate = 0.0;
    for (uint32_t look = 0; look < walk->predictive->look_count; look++) {
        if (walk->used[look] != 0) {
            continue;
        }
        double bits =
            bits_of(walk->predictive, walk->model->class_of, look, walk->belief, DRAWS_RANKED);
        double cost_s = walk->predictive->cost_s[look];
        double rate = bits / (cost_s > 1.0 ? cost_s : 1.0);
        if (bits > BITS_LEAST && rate > best_rate) {
            best_rate = rate;
            best = look;
        }
    }
    return best;
}

/* Damage of the run when it acts now; `right` set when that is what its cause needs. */
static double act_now(const struct walk *walk, bool *right)
{
    const struct pl_segment *segment = walk->model->segment;
    uint32_t best = 0;
    uint32_t needed = 0;
    double least = HUGE_VAL;
    double own[PL_OPTIONS_MAX] = {0};
    for (uint32_t a = 0; a < segment->options.count; a++) {
        double mean = 0.0;
        for (uint32_t i = 0; i < segment->cause_count; i++) {
            struct pl_cell cell = pl_segment_cell(segment, walk->t_ns, i, a);
            cell = cell.count > 0 ? cell : pl_segment_cell(segment, walk->t_ns, i, 0);
            mean += walk->belief[i] * cell.mean;
            own[a] = i == walk->cause ? cell.mean : own[a];
        }
        best = mean < least ? a : best;
        least = mean < least ? mean : least;
        needed = own[a] < own[needed] ? a : needed;
    }
    *right = own[best] <= 1.1 * own[needed];
    return pl_segment_passed(segment, walk->cause, walk->begin_ns, walk->t_ns) + own[best];
}

/* Drop causes that have become unlikely. */
static void prune(double *belief, uint32_t count)
{
    double total = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        belief[i] = belief[i] >= BELIEF_LEAST ? belief[i] : 0.0;
        total += belief[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        belief[i] /= total;
    }
}

/* Take a look; false when there is none left, or no time. */
static bool take_look(struct walk *walk, uint64_t key)
{
    const struct pl_predictive *predictive = walk->predictive;
    uint32_t look = walk->first_look;
    if (walk->looks > 0) {
        look = walk->looks < PL_SEARCH_LOOKS_MAX ? best_look(walk) : PL_NONE;
    }
    if (look == PL_NONE || walk->t_ns >= walk->model->segment->ends_ns) {
        return false;
    }
    double unit = pl_random_unit(pl_random_bits(key, walk->looks));
    uint32_t draw = (uint32_t)(unit * (double)predictive->draw_count);
    double next[PL_CAUSES_MAX] = {0};
    pl_predictive_next(predictive, look, walk->cause, draw, walk->belief, next);
    memcpy(walk->belief, next, sizeof next);
    prune(walk->belief, predictive->cause_count);
    walk->used[look] = 1;
    walk->looks++;
    walk->t_ns += pl_clock_ns(predictive->cost_s[look]);
    int64_t ends_ns = walk->model->segment->ends_ns;
    walk->t_ns = walk->t_ns < ends_ns ? walk->t_ns : ends_ns;
    return true;
}

/** What the runs of one threshold add up to. */
struct tally {
    struct pl_moments cost;
    double seconds;
    double looks;
    double right;
};

static void walk_on(struct walk *walk, uint64_t key, struct tally *tallies)
{
    uint32_t at = 0;
    bool more = true;
    while (at < PL_SEARCH_TAUS) {
        if (!more || most_likely_class(walk) >= taus[at]) {
            bool right = false;
            pl_moments_add(&tallies[at].cost, act_now(walk, &right));
            tallies[at].seconds += pl_clock_s(walk->t_ns - walk->begin_ns);
            tallies[at].looks += (double)walk->looks;
            tallies[at].right += right ? 1.0 : 0.0;
            at++;
        } else {
            more = take_look(walk, key);
        }
    }
}

/* The cause of run `i` of `runs`, spread evenly over the belief. */
static uint32_t pick_cause(const double *belief, uint32_t count, double unit)
{
    uint32_t last = 0;
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        if (belief[i] > 0.0) {
            last = i;
            sum += belief[i];
            if (unit < sum) {
                return i;
            }
        }
    }
    return last;
}

void pl_search_run(const struct pl_value_model *model,
                   const struct pl_predictive *predictive,
                   const double *belief,
                   int64_t t_ns,
                   uint32_t runs,
                   uint64_t seed,
                   struct pl_search *search)
{
    PL_CHECK(model != NULL && predictive != NULL);
    PL_CHECK(belief != NULL && search != NULL);
    PL_CHECK(runs >= 2 && predictive->look_count <= PL_PREDICTIVE_LOOKS_MAX);
    PL_CHECK(predictive->cause_count == model->segment->cause_count);
    struct tally tallies[PL_SEARCH_TAUS];
    memset(tallies, 0, sizeof tallies);
    memset(search, 0, sizeof *search);
    struct walk first = {.model = model, .predictive = predictive};
    memcpy(first.belief, belief, predictive->cause_count * sizeof *belief);
    uint32_t first_look = best_look(&first);
    for (uint32_t run = 0; run < runs; run++) {
        uint64_t key = pl_random_child(seed, run);
        double offset = pl_random_unit(pl_random_bits(seed, 0));
        struct walk walk = {.model = model,
                            .predictive = predictive,
                            .begin_ns = t_ns,
                            .t_ns = t_ns,
                            .first_look = first_look};
        memcpy(walk.belief, belief, predictive->cause_count * sizeof *belief);
        walk.cause =
            pick_cause(belief, predictive->cause_count, ((double)run + offset) / (double)runs);
        walk_on(&walk, key, tallies);
    }
    uint32_t best = 0;
    for (uint32_t i = 0; i < PL_SEARCH_TAUS; i++) {
        search->by_tau[i].value = tallies[i].cost.mean;
        search->by_tau[i].se = pl_moments_standard_error(&tallies[i].cost);
        best = tallies[i].cost.mean < tallies[best].cost.mean ? i : best;
    }
    search->cost = search->by_tau[best];
    search->tau = taus[best];
    search->seconds = tallies[best].seconds / (double)runs;
    search->looks = tallies[best].looks / (double)runs;
    search->right = tallies[best].right / (double)runs;
}

void pl_search_fit(struct pl_value_model *model, const double *belief, int64_t t_ns, double target)
{
    PL_CHECK(model != NULL && belief != NULL);
    double low = 0.0;
    double high = 1200.0;
    for (uint32_t i = 0; i < 40; i++) {
        model->search_s_per_bit = 0.5 * (low + high);
        double value = pl_value_option(model, belief, t_ns, 0).value;
        if (value < target) {
            low = model->search_s_per_bit;
        } else {
            high = model->search_s_per_bit;
        }
    }
    model->search_s_per_bit = 0.5 * (low + high);
}
