// SPDX-License-Identifier: Apache-2.0
#include "judge/eig.h"

#include "base/check.h"
#include "base/fmath.h"
#include "base/random.h"
#include "judge/belief_math.h"
#include "judge/likelihood.h"

#include <math.h>
#include <string.h>

enum { DRAWS_MAX = 16, N = PL_CAUSES_MAX + 1 };

static const double skip_belief = 0.002; /* causes that are not worth sampling from */
static const double skip_weight = 1e-6;
static const double in_share = 0.6;

/** What a reading does, under one way to fit. */
enum measure { REMEDY, CAUSE, GAIN, MEASURE_COUNT };
enum fit { IN, LOO, FIT_COUNT };

/** Sums over readings. */
struct sums {
    double value[FIT_COUNT][MEASURE_COUNT];
};

/** Weighted mean and its variance over the particles of a cause. */
struct cause_sums {
    struct sums mean;
    double square[MEASURE_COUNT]; /* weighted mean of squares of the mix */
    double weights_squared;
    double kept; /* weight of the particles that were asked */
};

/** Working memory. */
struct scratch {
    struct pl_likelihood likelihood;
    struct pl_likelihood apart;        /* without one position */
    struct pl_likelihood_part without; /* without one particle */
    struct cause_sums sums[PL_CAUSES_MAX];
};

/** Everything that stays the same for one look. */
struct look {
    const struct pl_belief_def *def;
    const struct pl_evidence *evidence;
    const struct pl_eig_def *eig;
    const double *log_belief;
    const double *weight;
    struct pl_belief_view view;
    struct pl_likelihood_def likelihood_def;
    struct scratch *scratch;
    uint32_t draws;
    double top; /* largest class probability now */
    double eta; /* learning rate, less what earlier looks told already */
};

size_t pl_eig_scratch_size(const struct pl_belief_def *def)
{
    (void)def;
    return sizeof(struct scratch);
}

static double top_class(const struct pl_belief_view *view, uint32_t class_count)
{
    double top = view->other;
    for (uint32_t c = 0; c < class_count; c++) {
        top = view->remedy[c] > top ? view->remedy[c] : top;
    }
    return top;
}

static struct look begin(const struct pl_belief *belief,
                         const struct pl_evidence *evidence,
                         const struct pl_eig_def *def,
                         void *scratch)
{
    PL_CHECK(def->draws >= 1 && def->draws <= DRAWS_MAX);
    PL_CHECK(def->stream < PL_BELIEF_STREAM_COUNT);
    bool perceived = def->stream == PL_BELIEF_PERCEIVED;
    struct look look = {
        .def = pl_belief_definition(belief),
        .evidence = evidence,
        .eig = def,
        .log_belief = pl_belief_log(belief, def->stream),
        .weight = pl_belief_weights(belief, def->stream),
        .scratch = scratch,
        .draws = perceived ? def->draws : 1, // without perception all draws are the same
    };
    PL_CHECK(evidence->cause_count == look.def->cause_count);
    PL_CHECK(evidence->particles == look.def->particles);
    look.likelihood_def = (struct pl_likelihood_def){
        .weight = look.weight,
        .kappa = look.def->kappa,
        .discrepancy = look.def->discrepancy,
        .perception = perceived ? 1.0 : 0.0,
    };
    pl_belief_read(belief, def->stream, &look.view);
    look.top = top_class(&look.view, look.def->class_count);
    look.eta = look.def->eta * pl_belief_fresh(belief, evidence, def->stream);
    pl_likelihood_fit(&look.likelihood_def, evidence, &look.scratch->likelihood);
    return look;
}

/** What the look would show in a particle, as a player would read it. The same draws for all
 *  causes: differences between causes are then not those of the draws. */
static void draw_reading(
    const struct look *look, uint32_t cause, uint32_t k, uint32_t draw, struct pl_reading *reading)
{
    const struct pl_evidence *evidence = look->evidence;
    size_t row = (size_t)cause * evidence->particles + k;
    uint64_t key = pl_random_child(pl_random_child(look->eig->key, k), draw);
    for (uint32_t i = 0; i < evidence->dims; i++) {
        double value = (double)evidence->value[row * evidence->dims + i];
        if (look->likelihood_def.perception > 0.0 && isfinite(value)) {
            value += evidence->sd[i] * pl_random_normal(pl_random_bits(key, i));
        }
        reading->value[i] = value;
    }
    reading->pattern = evidence->pattern[row];
}

/** [(1 - misread) p(y|h) + misread p(y|other)]^eta up to a common factor, as pl_belief_apply. */
static double tempered(const struct look *look, double log_likelihood, double floor, double top)
{
    double distance = log_likelihood - top;
    double p = (1.0 - look->def->misread) * (distance > -60.0 ? pl_exp(distance) : 0.0) + floor;
    return fabs(look->eta - 1.0) < 1e-12 ? p : pl_pow(p + 1e-300, look->eta);
}

/** Beliefs after a reading, before they are scaled to their sum. */
struct after {
    double cause[PL_CAUSES_MAX];
    double other;
    double sum;  /* of live causes and other */
    double mass; /* what they have to sum to */
};

static void fill_after(const struct look *look,
                       const double *log_likelihood,
                       double top,
                       double floor,
                       struct after *after)
{
    uint32_t count = look->def->cause_count;
    double other = pl_exp(log_likelihood[count] - top);
    after->other = look->view.other *
                   (fabs(look->eta - 1.0) < 1e-12 ? other : pl_pow(other + 1e-300, look->eta));
    after->sum = after->other;
    after->mass = look->view.other;
    for (uint32_t h = 0; h < count; h++) {
        after->cause[h] = 0.0;
        if ((look->evidence->live >> h & 1) != 0) {
            after->cause[h] = look->view.cause[h] * tempered(look, log_likelihood[h], floor, top);
            after->sum += after->cause[h];
            after->mass += look->view.cause[h];
        }
    }
}

static void
add_reading(const struct look *look, uint32_t cause, const struct after *after, double *sums)
{
    double remedy[PL_CAUSES_MAX] = {0};
    double scale = after->mass / after->sum;
    double top = after->other * scale;
    for (uint32_t h = 0; h < look->def->cause_count; h++) {
        bool live = (look->evidence->live >> h & 1) != 0;
        remedy[look->def->class_of[h]] += live ? after->cause[h] * scale : look->view.cause[h];
    }
    for (uint32_t c = 0; c < look->def->class_count; c++) {
        top = remedy[c] > top ? remedy[c] : top;
    }
    uint32_t own = look->def->class_of[cause];
    double of_cause = after->cause[cause] * scale;
    sums[REMEDY] +=
        pl_log((remedy[own] + 1e-300) / look->view.remedy[own]) * PL_BELIEF_BITS_PER_NAT;
    sums[CAUSE] += pl_log((of_cause + 1e-300) / look->view.cause[cause]) * PL_BELIEF_BITS_PER_NAT;
    sums[GAIN] += top - look->top;
}

static void log_likelihoods(const struct look *look,
                            const struct pl_likelihood *likelihood,
                            const struct pl_reading *reading,
                            double *log_likelihood)
{
    for (uint32_t h = 0; h <= look->def->cause_count; h++) {
        log_likelihood[h] = pl_likelihood_log(likelihood, h, reading);
    }
}

/** The scale that densities of a reading are told in. */
static double top_of(const struct look *look, const double *log_likelihood)
{
    uint32_t count = look->def->cause_count;
    double top = log_likelihood[count];
    for (uint32_t h = 0; h < count; h++) {
        bool counts = (look->evidence->live >> h & 1) != 0 && log_likelihood[h] > top;
        top = counts ? log_likelihood[h] : top;
    }
    return top;
}

/** A reading under both fits, which differ in the cause's own density only. */
static void add_both(const struct look *look,
                     uint32_t cause,
                     const struct pl_reading *reading,
                     const double *log_likelihood,
                     struct sums *sums)
{
    double without = pl_likelihood_part_log(&look->scratch->without, look->evidence->dims, reading);
    double top = top_of(look, log_likelihood);
    top = without > top ? without : top;
    double floor = look->def->misread * pl_exp(log_likelihood[look->def->cause_count] - top);
    struct after after;
    fill_after(look, log_likelihood, top, floor, &after);
    add_reading(look, cause, &after, sums->value[IN]);
    double own = look->view.cause[cause] * tempered(look, without, floor, top);
    after.sum += own - after.cause[cause];
    after.cause[cause] = own;
    add_reading(look, cause, &after, sums->value[LOO]);
}

/** A reading under one fit of all causes. */
static void
add_one(const struct look *look, uint32_t cause, const double *log_likelihood, double *sums)
{
    double top = top_of(look, log_likelihood);
    double floor = look->def->misread * pl_exp(log_likelihood[look->def->cause_count] - top);
    struct after after;
    fill_after(look, log_likelihood, top, floor, &after);
    add_reading(look, cause, &after, sums);
}

/** Mean over readings of one particle, with it and without it in the fit. */
static struct sums value_particle(const struct look *look, uint32_t cause, uint32_t k)
{
    struct sums sums = {0};
    for (uint32_t draw = 0; draw < look->draws; draw++) {
        double log_likelihood[N];
        struct pl_reading reading;
        draw_reading(look, cause, k, draw, &reading);
        log_likelihoods(look, &look->scratch->likelihood, &reading, log_likelihood);
        if (look->eig->apart) {
            add_one(look, cause, log_likelihood, sums.value[IN]);
            log_likelihoods(look, &look->scratch->apart, &reading, log_likelihood);
            add_one(look, cause, log_likelihood, sums.value[LOO]);
        } else {
            add_both(look, cause, &reading, log_likelihood, &sums);
        }
    }
    for (uint32_t f = 0; f < FIT_COUNT; f++) {
        for (uint32_t m = 0; m < MEASURE_COUNT; m++) {
            sums.value[f][m] /= (double)look->draws;
        }
    }
    return sums;
}

static double mixed(const struct sums *sums, uint32_t measure)
{
    return in_share * sums->value[IN][measure] + (1.0 - in_share) * sums->value[LOO][measure];
}

static bool worth_sampling(const struct look *look, uint32_t cause)
{
    return (look->evidence->live >> cause & 1) != 0 && look->view.cause[cause] >= skip_belief;
}

/** Ask particle k of every cause. */
static void value_position(const struct look *look, uint32_t k)
{
    struct scratch *work = look->scratch;
    uint32_t count = look->evidence->cause_count;
    if (look->eig->apart) {
        pl_likelihood_fit_apart(&look->likelihood_def, look->evidence, k, &work->apart);
    }
    for (uint32_t h = 0; h < count; h++) {
        double weight = look->weight[(size_t)h * look->evidence->particles + k];
        if (!worth_sampling(look, h) || weight < skip_weight) {
            continue;
        }
        if (!look->eig->apart) {
            pl_likelihood_without(
                &work->likelihood, &look->likelihood_def, look->evidence, h, k, &work->without);
        }
        struct sums sums = value_particle(look, h, k);
        struct cause_sums *total = &work->sums[h];
        total->kept += weight;
        total->weights_squared += weight * weight;
        for (uint32_t m = 0; m < MEASURE_COUNT; m++) {
            double mix = mixed(&sums, m);
            total->square[m] += weight * mix * mix;
            total->mean.value[IN][m] += weight * sums.value[IN][m];
            total->mean.value[LOO][m] += weight * sums.value[LOO][m];
        }
    }
}

/** Add what a cause is worth, which has `share` of the belief. */
static void
add_cause(const struct cause_sums *sums, double share, struct pl_eig_value *const *values)
{
    double kept = sums->kept > 0.0 ? sums->kept : 1.0;
    for (uint32_t m = 0; m < MEASURE_COUNT; m++) {
        double in = sums->mean.value[IN][m] / kept;
        double loo = sums->mean.value[LOO][m] / kept;
        double mean = in_share * in + (1.0 - in_share) * loo;
        double variance = sums->square[m] / kept - mean * mean;
        values[m]->in += share * in;
        values[m]->loo += share * loo;
        values[m]->mix += share * mean;
        values[m]->se += share * share * (variance > 0.0 ? variance : 0.0) * sums->weights_squared;
    }
}

void pl_eig_look(const struct pl_belief *belief,
                 const struct pl_evidence *evidence,
                 const struct pl_eig_def *def,
                 void *scratch,
                 struct pl_eig *eig)
{
    struct look look = begin(belief, evidence, def, scratch);
    struct pl_eig_value *const values[MEASURE_COUNT] = {
        &eig->remedy, &eig->cause, &eig->probability_gain};
    double mass = 0.0;
    memset(eig, 0, sizeof *eig);
    if (evidence->dims == 0 && evidence->bits == 0) {
        return; // nothing in it differs between causes
    }
    for (uint32_t h = 0; h < evidence->cause_count; h++) {
        mass += worth_sampling(&look, h) ? look.view.cause[h] : 0.0;
        look.scratch->sums[h] = (struct cause_sums){.kept = 0.0};
    }
    for (uint32_t k = 0; k < evidence->particles; k++) {
        value_position(&look, k);
    }
    for (uint32_t h = 0; h < evidence->cause_count; h++) {
        if (worth_sampling(&look, h)) {
            add_cause(&look.scratch->sums[h], look.view.cause[h] / mass, values);
        }
    }
    for (uint32_t m = 0; m < MEASURE_COUNT; m++) {
        values[m]->mix = values[m]->mix > 0.0 ? values[m]->mix : 0.0;
        values[m]->se = sqrt(values[m]->se);
    }
}

void pl_eig_densities(const struct pl_belief *belief,
                      const struct pl_evidence *evidence,
                      const struct pl_eig_def *def,
                      void *scratch,
                      float *log_density)
{
    struct look look = begin(belief, evidence, def, scratch);
    uint32_t count = evidence->cause_count;
    struct pl_belief_def rule = *look.def;
    double even[N] = {0};
    rule.eta = look.eta;
    for (uint32_t h = 0; h < count; h++) {
        for (uint32_t k = 0; k < evidence->particles; k++) {
            float *row = log_density + ((size_t)h * evidence->particles + k) * (count + 1);
            double log_likelihood[N];
            double after[N];
            struct pl_reading reading;
            memset(row, 0, (count + 1) * sizeof *row);
            if ((evidence->live >> h & 1) == 0 || k >= pl_belief_worlds(belief, h)) {
                continue;
            }
            draw_reading(&look, h, k, 0, &reading);
            pl_likelihood_without(&look.scratch->likelihood,
                                  &look.likelihood_def,
                                  evidence,
                                  h,
                                  k,
                                  &look.scratch->without);
            log_likelihoods(&look, &look.scratch->likelihood, &reading, log_likelihood);
            log_likelihood[h] =
                pl_likelihood_part_log(&look.scratch->without, evidence->dims, &reading);
            // From even beliefs the change is the log density itself, up to a constant.
            pl_belief_apply(&rule, evidence->live, log_likelihood, even, after);
            for (uint32_t i = 0; i <= count; i++) {
                row[i] = (float)after[i];
            }
        }
    }
}
