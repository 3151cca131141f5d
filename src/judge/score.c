// SPDX-License-Identifier: Apache-2.0
#include "judge/score.h"

#include "base/check.h"
#include "stats/interval.h"

#include <math.h>
#include <stddef.h>

static const double weights[PL_SCORE_PARTS] = {0.55, 0.15, 0.15, 0.15};

double pl_score_weight(uint32_t part)
{
    PL_CHECK(part < PL_SCORE_PARTS);
    return weights[part];
}

struct pl_estimate
pl_score_decisions(double d_noop, struct pl_estimate d_ref, struct pl_estimate adjusted)
{
    PL_CHECK(d_noop > d_ref.value);
    double range = d_noop - d_ref.value;
    double value = 100.0 * (d_noop - adjusted.value) / range;
    double own = 100.0 * adjusted.se / range;
    double reference = value * d_ref.se / range;
    return (struct pl_estimate){.value = value, .se = sqrt(own * own + reference * reference)};
}

void pl_efficiency_add(struct pl_efficiency *efficiency,
                       struct pl_estimate bits,
                       double cost_s,
                       double best_rate)
{
    PL_CHECK(efficiency != NULL);
    PL_CHECK(cost_s > 0.0 && best_rate >= 0.0);
    double value = bits.value > 0.0 ? bits.value : 0.0;
    double most = best_rate * cost_s;
    efficiency->looks++;
    efficiency->bits += value < most ? value : most;
    efficiency->bits_best += most;
    efficiency->variance += bits.se * bits.se;
}

struct pl_figure pl_efficiency_score(const struct pl_efficiency *efficiency)
{
    PL_CHECK(efficiency != NULL);
    if (efficiency->looks == 0 || !(efficiency->bits_best > 0.0)) {
        return (struct pl_figure){.given = false};
    }
    return pl_figure_of(100.0 * efficiency->bits / efficiency->bits_best,
                        100.0 * sqrt(efficiency->variance) / efficiency->bits_best);
}

static double deviation(const double *values, uint32_t count)
{
    struct pl_moments moments = {0};
    for (uint32_t i = 0; i < count; i++) {
        pl_moments_add(&moments, values[i]);
    }
    return sqrt(pl_moments_variance(&moments));
}

struct pl_figure pl_score_composite(const struct pl_figure *parts,
                                    const double *variants,
                                    uint32_t variant_count,
                                    double incident,
                                    struct pl_score_error *error)
{
    PL_CHECK(parts != NULL && incident >= 0.0);
    PL_CHECK(variants != NULL || variant_count == 0);
    PL_CHECK(variant_count <= PL_SCORE_VARIANTS_MAX);
    double weight = 0.0;
    double sum = 0.0;
    double variance = 0.0;
    for (uint32_t i = 0; i < PL_SCORE_PARTS; i++) {
        if (parts[i].given) {
            double se = parts[i].se > 0.0 ? parts[i].se : 0.0;
            weight += weights[i];
            sum += weights[i] * parts[i].value;
            variance += weights[i] * weights[i] * se * se;
        }
    }
    if (!(weight > 0.0)) {
        return (struct pl_figure){.given = false};
    }
    struct pl_score_error own = {.incident = incident,
                                 .simulation = sqrt(variance) / weight,
                                 .prior = deviation(variants, variant_count)};
    if (error != NULL) {
        *error = own;
    }
    return pl_figure_of(sum / weight,
                        sqrt(own.incident * own.incident + own.simulation * own.simulation +
                             own.prior * own.prior));
}

struct pl_score_mean pl_score_shrink(const struct pl_figure *scores,
                                     uint32_t count,
                                     double population,
                                     double reliability)
{
    PL_CHECK(scores != NULL && count >= 1);
    PL_CHECK(reliability >= 0.0 && reliability <= 1.0);
    double sum = 0.0;
    double variance = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        PL_CHECK(scores[i].given);
        double se = scores[i].se > 0.0 ? scores[i].se : 0.0;
        sum += scores[i].value;
        variance += se * se;
    }
    struct pl_score_mean mean;
    mean.raw.value = sum / (double)count;
    mean.raw.se = sqrt(variance) / (double)count;
    mean.shrunk.value = population + reliability * (mean.raw.value - population);
    mean.shrunk.se = sqrt(reliability) * mean.raw.se;
    mean.low68 = mean.shrunk.value - mean.shrunk.se;
    mean.high68 = mean.shrunk.value + mean.shrunk.se;
    mean.low95 = mean.shrunk.value - 1.96 * mean.shrunk.se;
    mean.high95 = mean.shrunk.value + 1.96 * mean.shrunk.se;
    return mean;
}

double pl_score_accuracy(double best, double chosen, double d_noop)
{
    PL_CHECK(d_noop > 0.0);
    double floor = 0.01 * d_noop;
    double least = best > 0.0 ? best : 0.0;
    double had = chosen > least ? chosen : least;
    return 100.0 * (least + floor) / (had + floor);
}

bool pl_score_stake(const double *q, uint32_t count, double d_noop)
{
    PL_CHECK(q != NULL && d_noop > 0.0);
    return deviation(q, count) > 0.02 * d_noop;
}
