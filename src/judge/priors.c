// SPDX-License-Identifier: Apache-2.0
#include "judge/priors.h"

#include "base/check.h"
#include "judge/course.h"
#include "judge/score.h"
#include "judge/weigh.h"

/* Another prior over the given one. */
static void tilt_of(const struct pl_judge *judge, uint32_t prior, double *tilt)
{
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        double given = judge->def.scenario->causes[h].prior;
        tilt[h] = prior == 0 ? 1.0 : prior == 1 ? 1.0 / given : given;
    }
}

/* What nothing at all costs from the opening on, by the table. */
static double idle_cost(const struct pl_judge *judge, const double *tilt)
{
    const struct pl_segment *segment = &judge->stretches[0].segment;
    const double *belief = judge->epochs[0].belief[PL_BELIEF_FULL].cause;
    double sum = 0.0;
    double weight = 0.0;
    for (uint32_t h = 0; h < segment->cause_count; h++) {
        struct pl_cell cell = pl_segment_cell(segment, judge->opens_ns, h, 0);
        double w = cell.count > 0 ? belief[h] * tilt[h] : 0.0;
        sum += w * cell.mean;
        weight += w;
    }
    return weight > 0.0 ? sum / weight : 0.0;
}

static double adjusted_under(const struct pl_judge *judge, const double *tilt, double *opening)
{
    struct pl_adjusted adjusted;
    for (uint32_t i = 0; i < judge->epoch_count; i++) {
        double v = 0.0;
        double q = 0.0;
        pl_weigh_tilted(judge, &judge->epochs[i], tilt, &v, &q);
        if (i == 0) {
            *opening = v;
            pl_adjusted_begin(&adjusted, (struct pl_estimate){.value = v});
        }
        pl_adjusted_add(&adjusted, v, (struct pl_estimate){.value = q});
    }
    return pl_adjusted_damage(&adjusted).value;
}

void pl_priors_weigh(const struct pl_judge *judge, double reference, struct pl_priors *priors)
{
    PL_CHECK(judge != NULL && priors != NULL);
    PL_CHECK(judge->epoch_count > 0);
    PL_CHECK(reference > 0.0 && reference < judge->constants->d_noop);
    double idle[PL_PRIORS];
    double opening[PL_PRIORS] = {0.0};
    for (uint32_t prior = 0; prior < PL_PRIORS; prior++) {
        double tilt[PL_CAUSES_MAX];
        tilt_of(judge, prior, tilt);
        idle[prior] = idle_cost(judge, tilt);
        double adjusted = adjusted_under(judge, tilt, &opening[prior]);
        double scale = idle[0] > 0.0 ? idle[prior] / idle[0] : 1.0;
        double d_noop = judge->constants->d_noop * scale;
        double d_ref = opening[0] > 0.0 ? reference * opening[prior] / opening[0] : reference;
        struct pl_estimate decision = {.value = 0.0};
        if (d_ref < d_noop) {
            decision = pl_score_decisions(d_noop,
                                          (struct pl_estimate){.value = d_ref},
                                          (struct pl_estimate){.value = adjusted});
        }
        priors->decision[prior] = decision.value;
    }
}
