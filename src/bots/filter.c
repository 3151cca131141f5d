// SPDX-License-Identifier: Apache-2.0
#include "bots/filter.h"

#include "base/check.h"
#include "base/fmath.h"

#include <math.h>
#include <string.h>

#define LEVEL_ERROR   2.5  /* levels that a reading may be off */
#define SHARED        0.3  /* share of the variance that comes from all causes together */
#define TEMPER        0.7  /* of each look: traits are not independent */
#define MISREAD       0.02 /* share of looks that say nothing */
#define SQUARES_MAX   16.0 /* a trait can count against a cause by this much at most */
#define FORM_SHARE    0.5  /* of a cause's variance: the width of a form's kernel */
#define MOVE_HELPS    0.6  /* a move that leaves less than this is expected to help */
#define MOVE_SURPRISE 0.12 /* chance that a move does not do what was learned */

/* ---- Laws ----------------------------------------------------------------------------------- */

static void fill_trait(const struct pl_knowledge *knowledge,
                       const struct pl_known_look *look,
                       uint32_t time,
                       uint32_t trait,
                       struct pl_filter_laws *laws)
{
    double sums[PL_KNOWN_CAUSES_MAX] = {0};
    double squares[PL_KNOWN_CAUSES_MAX] = {0};
    double counts[PL_KNOWN_CAUSES_MAX] = {0};
    double pooled = 0.0;
    for (uint32_t i = 0; i < knowledge->form_count; i++) {
        double level = (double)look->levels[time][i][trait];
        uint32_t cause = knowledge->form_causes[i];
        sums[cause] += level;
        squares[cause] += level * level;
        counts[cause] += 1.0;
    }
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        double n = counts[c] > 0.0 ? counts[c] : 1.0;
        double mean = sums[c] / n;
        double variance = squares[c] / n - mean * mean;
        laws->means[c][trait] = mean;
        laws->variances[c][trait] = variance > 0.0 ? variance : 0.0;
        pooled += laws->variances[c][trait] / (double)knowledge->cause_count;
    }
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        laws->variances[c][trait] = (1.0 - SHARED) * laws->variances[c][trait] + SHARED * pooled +
                                    LEVEL_ERROR * LEVEL_ERROR;
        laws->norms[c] += 0.5 * pl_log(laws->variances[c][trait]);
    }
}

void pl_filter_init(struct pl_filter *filter, const struct pl_knowledge *knowledge, uint32_t kind)
{
    PL_CHECK(filter != NULL && knowledge != NULL);
    PL_CHECK(kind <= PL_FILTER_KERNEL);
    memset(filter, 0, sizeof *filter);
    filter->knowledge = knowledge;
    filter->kind = kind;
    for (uint32_t look = 0; look < knowledge->look_count; look++) {
        for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
            for (uint32_t k = 0; k < knowledge->looks[look].trait_count; k++) {
                fill_trait(knowledge, &knowledge->looks[look], t, k, &filter->laws[t][look]);
            }
        }
    }
}

void pl_filter_reset(struct pl_filter *filter)
{
    PL_CHECK(filter != NULL);
    memset(filter->evidence, 0, sizeof filter->evidence);
    memset(filter->weights, 0, sizeof filter->weights);
}

/* ---- Evidence ------------------------------------------------------------------------------- */

void pl_filter_levels(const struct pl_known_look *look,
                      const struct pl_reading *reading,
                      uint8_t *levels)
{
    PL_CHECK(look != NULL && reading != NULL && levels != NULL);
    memset(levels, 0, PL_KNOWN_TRAITS_MAX);
    for (uint32_t k = 0; k < look->trait_count; k++) {
        const struct pl_reading_item *item = pl_reading_find(reading, look->traits[k].key);
        if (item != NULL) {
            levels[k] = pl_knowledge_level(&look->traits[k], item->value);
        }
    }
}

void pl_filter_likelihood(const struct pl_filter *filter,
                          uint32_t look,
                          uint32_t time,
                          const uint8_t *levels,
                          double *out)
{
    PL_CHECK(look < filter->knowledge->look_count && time < PL_KNOWN_TIMES);
    const struct pl_filter_laws *laws = &filter->laws[time][look];
    for (uint32_t c = 0; c < filter->knowledge->cause_count; c++) {
        double sum = -laws->norms[c];
        for (uint32_t k = 0; k < filter->knowledge->looks[look].trait_count; k++) {
            double d = (double)levels[k] - laws->means[c][k];
            double square = d * d / laws->variances[c][k];
            sum -= 0.5 * (square < SQUARES_MAX ? square : SQUARES_MAX);
        }
        out[c] = TEMPER * sum;
    }
}

/* Add log likelihoods to the evidence, with a share for looks that say nothing. */
static void add_evidence(struct pl_filter *filter, const double *likelihood)
{
    double most = likelihood[0];
    for (uint32_t c = 1; c < filter->knowledge->cause_count; c++) {
        most = likelihood[c] > most ? likelihood[c] : most;
    }
    for (uint32_t c = 0; c < filter->knowledge->cause_count; c++) {
        double part = pl_exp(likelihood[c] - most);
        filter->evidence[c] += pl_log((1.0 - MISREAD) * part + MISREAD);
    }
}

/* Nearness of a form to the levels seen. */
static double nearness(const struct pl_filter *filter,
                       uint32_t look,
                       uint32_t time,
                       uint32_t form,
                       const uint8_t *levels)
{
    const struct pl_known_look *known = &filter->knowledge->looks[look];
    const struct pl_filter_laws *laws = &filter->laws[time][look];
    uint32_t cause = filter->knowledge->form_causes[form];
    double sum = 0.0;
    for (uint32_t k = 0; k < known->trait_count; k++) {
        double d = (double)levels[k] - (double)known->levels[time][form][k];
        double width = FORM_SHARE * laws->variances[cause][k] + LEVEL_ERROR * LEVEL_ERROR;
        double square = d * d / width;
        sum -= 0.5 * (square < SQUARES_MAX ? square : SQUARES_MAX) + 0.5 * pl_log(width);
    }
    return TEMPER * sum;
}

/* The kernel's likelihood of a cause is the weighted mean over its forms; then they are weighed. */
static void
look_by_kernel(struct pl_filter *filter, uint32_t look, uint32_t time, const uint8_t *levels)
{
    const struct pl_knowledge *knowledge = filter->knowledge;
    double likelihood[PL_KNOWN_CAUSES_MAX];
    double near[PL_KNOWN_FORMS_MAX];
    double most = 0.0;
    for (uint32_t i = 0; i < knowledge->form_count; i++) {
        near[i] = nearness(filter, look, time, i, levels);
        most = i == 0 || near[i] > most ? near[i] : most;
    }
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        double sum = 0.0;
        double weight = 0.0;
        for (uint32_t i = 0; i < knowledge->form_count; i++) {
            if (knowledge->form_causes[i] == c) {
                sum += pl_exp(filter->weights[i] + near[i] - most);
                weight += pl_exp(filter->weights[i]);
            }
        }
        likelihood[c] = sum > 0.0 && weight > 0.0 ? pl_log(sum / weight) : -700.0;
    }
    add_evidence(filter, likelihood);
    /* Half of the evidence stays in the weights: few forms must not carry everything. */
    for (uint32_t i = 0; i < knowledge->form_count; i++) {
        double w = filter->weights[i] + 0.5 * (near[i] - most);
        filter->weights[i] = w > -12.0 ? w : -12.0;
    }
}

void pl_filter_look(struct pl_filter *filter, uint32_t look, uint32_t time, const uint8_t *levels)
{
    PL_CHECK(filter != NULL && levels != NULL);
    PL_CHECK(look < filter->knowledge->look_count && time < PL_KNOWN_TIMES);
    if (filter->knowledge->looks[look].trait_count == 0) {
        return;
    }
    if (filter->kind == PL_FILTER_KERNEL) {
        look_by_kernel(filter, look, time, levels);
        return;
    }
    double likelihood[PL_KNOWN_CAUSES_MAX];
    pl_filter_likelihood(filter, look, time, levels, likelihood);
    add_evidence(filter, likelihood);
}

void pl_filter_move(struct pl_filter *filter, uint32_t remedy, uint32_t helped)
{
    PL_CHECK(filter != NULL && remedy < filter->knowledge->remedy_count);
    for (uint32_t c = 0; c < filter->knowledge->cause_count; c++) {
        bool expected = filter->knowledge->remedies[remedy].left[c] < MOVE_HELPS;
        bool as_expected = expected == (helped != 0);
        filter->evidence[c] += pl_log(as_expected ? 1.0 - MOVE_SURPRISE : MOVE_SURPRISE);
    }
}

/* ---- Belief --------------------------------------------------------------------------------- */

void pl_filter_normalise(double *values, uint32_t count)
{
    PL_CHECK(values != NULL && count > 0);
    double most = values[0];
    double sum = 0.0;
    for (uint32_t i = 1; i < count; i++) {
        most = values[i] > most ? values[i] : most;
    }
    for (uint32_t i = 0; i < count; i++) {
        values[i] = pl_exp(values[i] - most);
        sum += values[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        values[i] /= sum;
    }
}

void pl_filter_posterior(const struct pl_filter *filter, double *posterior)
{
    PL_CHECK(filter != NULL && posterior != NULL);
    for (uint32_t c = 0; c < filter->knowledge->cause_count; c++) {
        posterior[c] = pl_log(filter->knowledge->causes[c].prior) + filter->evidence[c];
    }
    pl_filter_normalise(posterior, filter->knowledge->cause_count);
}

double pl_filter_entropy(const double *probabilities, uint32_t count)
{
    PL_CHECK(probabilities != NULL);
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        if (probabilities[i] > 0.0) {
            sum -= probabilities[i] * pl_log(probabilities[i]);
        }
    }
    return sum / 0.69314718055994531;
}

double pl_filter_expected_bits(const struct pl_filter *filter,
                               const double *posterior,
                               uint32_t look,
                               uint32_t time)
{
    PL_CHECK(filter != NULL && posterior != NULL);
    const struct pl_knowledge *knowledge = filter->knowledge;
    uint32_t causes = knowledge->cause_count;
    double forms_of[PL_KNOWN_CAUSES_MAX] = {0};
    double after = 0.0;
    double weight = 0.0;
    if (knowledge->looks[look].trait_count == 0) {
        return 0.0;
    }
    for (uint32_t i = 0; i < knowledge->form_count; i++) {
        forms_of[knowledge->form_causes[i]] += 1.0;
    }
    for (uint32_t i = 0; i < knowledge->form_count; i++) {
        double belief[PL_KNOWN_CAUSES_MAX];
        uint32_t truth = knowledge->form_causes[i];
        double w = posterior[truth] / forms_of[truth];
        if (w < 1e-5) {
            continue; /* nobody believes that */
        }
        pl_filter_likelihood(filter, look, time, knowledge->looks[look].levels[time][i], belief);
        for (uint32_t c = 0; c < causes; c++) {
            belief[c] += pl_log(posterior[c] > 1e-12 ? posterior[c] : 1e-12);
        }
        pl_filter_normalise(belief, causes);
        after += w * pl_filter_entropy(belief, causes);
        weight += w;
    }
    double bits = pl_filter_entropy(posterior, causes) - (weight > 0.0 ? after / weight : 0.0);
    return bits > 0.0 ? bits : 0.0;
}
