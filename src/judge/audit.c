// SPDX-License-Identifier: Apache-2.0
#include "judge/audit.h"

#include "base/check.h"
#include "stats/interval.h"

#include <math.h>
#include <string.h>

#define SMALL_SHARE   0.02 /* of D_noop */
#define CAPTURE_SHARE 0.01 /* evidence is free when keeping it costs less of D_noop */
#define CONTRADICTED  0.10
#define LOWERED       0.5

void pl_audit_begin(struct pl_audit *audit, double d_noop)
{
    PL_CHECK(audit != NULL);
    PL_CHECK(d_noop > 0.0);
    memset(audit, 0, sizeof *audit);
    audit->d_noop = d_noop;
}

bool pl_audit_small(struct pl_estimate regret, double d_noop)
{
    PL_CHECK(d_noop > 0.0);
    double limit = SMALL_SHARE * d_noop;
    limit = 2.0 * regret.se > limit ? 2.0 * regret.se : limit;
    return regret.value < limit;
}

uint32_t pl_audit_label(struct pl_estimate by_evidence, struct pl_estimate by_truth, double d_noop)
{
    bool supported = pl_audit_small(by_evidence, d_noop);
    bool good = pl_audit_small(by_truth, d_noop);
    if (supported) {
        return good ? PL_LABEL_SOUND : PL_LABEL_UNLUCKY;
    }
    return good ? PL_LABEL_LUCKY : PL_LABEL_ERROR;
}

/* Add the part above 0 of a - b. */
static void add(struct pl_audit_sum *sum, struct pl_estimate a, struct pl_estimate b, double d_noop)
{
    double excess = (a.value - b.value) / d_noop;
    double variance = (a.se * a.se + b.se * b.se) / (d_noop * d_noop);
    sum->count++;
    if (!(excess > 0.0)) {
        return;
    }
    sum->value += excess;
    sum->variance += variance;
    sum->flagged += excess > SMALL_SHARE && excess * excess > 4.0 * variance ? 1 : 0;
}

void pl_audit_act(struct pl_audit *audit, struct pl_estimate q, struct pl_estimate v_inv)
{
    PL_CHECK(audit != NULL && audit->d_noop > 0.0);
    add(&audit->premature, q, v_inv, audit->d_noop);
}

void pl_audit_look(struct pl_audit *audit, struct pl_estimate q, struct pl_estimate best_act)
{
    PL_CHECK(audit != NULL && audit->d_noop > 0.0);
    add(&audit->dithering, q, best_act, audit->d_noop);
}

void pl_audit_harm(struct pl_audit *audit,
                   struct pl_estimate by_truth,
                   struct pl_estimate by_evidence,
                   bool reversible)
{
    static const struct pl_estimate none = {0.0, 0.0};
    PL_CHECK(audit != NULL && audit->d_noop > 0.0);
    add(&audit->harm, by_truth, none, audit->d_noop);
    if (by_truth.value > 0.0 && !pl_audit_small(by_evidence, audit->d_noop)) {
        add(&audit->foreseeable, by_truth, none, audit->d_noop);
        audit->irreversible += reversible || pl_audit_small(by_truth, audit->d_noop) ? 0 : 1;
    }
}

void pl_audit_evidence(struct pl_audit *audit,
                       double bits_before,
                       double bits_after,
                       double capture_cost)
{
    PL_CHECK(audit != NULL && audit->d_noop > 0.0);
    if (bits_before > bits_after && capture_cost < CAPTURE_SHARE * audit->d_noop) {
        audit->evidence_bits += bits_before - bits_after;
    }
}

void pl_audit_attention(struct pl_audit *audit,
                        double seconds,
                        bool on_favourite,
                        bool best_elsewhere)
{
    PL_CHECK(audit != NULL);
    PL_CHECK(seconds >= 0.0);
    audit->look_s += seconds;
    audit->locked_s += on_favourite && best_elsewhere ? seconds : 0.0;
}

struct pl_estimate pl_audit_share(const struct pl_audit_sum *sum)
{
    PL_CHECK(sum != NULL);
    return (struct pl_estimate){.value = sum->value, .se = sqrt(sum->variance)};
}

double pl_audit_lock_in(const struct pl_audit *audit)
{
    PL_CHECK(audit != NULL);
    return audit->look_s > 0.0 ? audit->locked_s / audit->look_s : 0.0;
}

double pl_audit_contradiction(const struct pl_audit_moment *moments, uint32_t count)
{
    PL_CHECK(moments != NULL || count == 0);
    double since_s = -1.0;
    double claim = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        if (since_s < 0.0 && moments[i].claimed > 0.0 && moments[i].believed < CONTRADICTED) {
            since_s = moments[i].t_s;
            claim = moments[i].claimed;
        }
        if (since_s >= 0.0 && moments[i].claimed < LOWERED * claim) {
            return moments[i].t_s - since_s;
        }
    }
    return since_s < 0.0 ? -1.0 : moments[count - 1].t_s - since_s;
}

struct pl_audit_split pl_audit_split(const struct pl_value_model *model,
                                     const double *belief,
                                     const double *stated,
                                     int64_t t_ns,
                                     uint32_t option)
{
    PL_CHECK(model != NULL && belief != NULL);
    PL_CHECK(stated != NULL);
    struct pl_audit_split split = {.asked = 0};
    double best = pl_value_of(model, belief, t_ns, NULL);
    (void)pl_value_of(model, stated, t_ns, &split.asked);
    double asked = pl_value_option(model, belief, t_ns, split.asked).value;
    split.wrong_belief = asked - best;
    split.against_own = pl_value_option(model, belief, t_ns, option).value - asked;
    return split;
}

double pl_audit_private(const double *luck, uint32_t count, double se)
{
    PL_CHECK(luck != NULL && count >= 1);
    PL_CHECK(se >= 0.0);
    struct pl_moments moments = {0};
    for (uint32_t i = 0; i < count; i++) {
        pl_moments_add(&moments, luck[i]);
    }
    double error = count >= 3 ? pl_moments_standard_error(&moments) : 0.0;
    double own = se / sqrt((double)count);
    error = error > own ? error : own;
    return error > 0.0 ? moments.mean / error : 0.0;
}
