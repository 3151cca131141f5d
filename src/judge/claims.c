// SPDX-License-Identifier: Apache-2.0
#include "judge/claims.h"

#include "base/check.h"
#include "base/fmath.h"

#include <string.h>

enum { FIT_PLACE = 1, FIT_NEAR = 2, FIT_FULL = 3 };

#define MISREAD 0.02

/* How well a claim fits a cause; a fitting trigger decides between equals. */
static uint32_t fit_of(const struct pl_cause *cause, const struct pl_claim_said *claim)
{
    struct pl_claim_match match =
        pl_cause_match(cause, claim->component, claim->mechanism, claim->trigger);
    uint32_t fit = 0;
    if (match.component != 0 && match.mechanism != 0) {
        fit = FIT_FULL;
    } else if (match.trigger != 0 && (match.component != 0 || match.mechanism != 0)) {
        fit = FIT_NEAR;
    } else if (match.component != 0) {
        fit = FIT_PLACE;
    }
    return fit == 0 ? 0 : 2 * fit + match.trigger;
}

/* Classes of the causes that fit best, as shares that sum to 1; false: none fits. */
static bool shares_of(const struct pl_scenario *scenario,
                      const uint32_t *class_of,
                      const struct pl_claim_said *claim,
                      double shares[PL_CAUSES_MAX])
{
    uint32_t best = 0;
    uint32_t classes = 0;
    memset(shares, 0, PL_CAUSES_MAX * sizeof *shares);
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        uint32_t fit = fit_of(&scenario->causes[i], claim);
        best = fit > best ? fit : best;
    }
    for (uint32_t i = 0; i < scenario->cause_count && best > 0; i++) {
        if (fit_of(&scenario->causes[i], claim) == best) {
            PL_CHECK(class_of[i] < PL_CAUSES_MAX);
            classes += shares[class_of[i]] > 0.0 ? 0 : 1;
            shares[class_of[i]] = 1.0;
        }
    }
    /* A place alone names a remedy only when there is but one. */
    if (classes == 0 || (best / 2 == FIT_PLACE && classes > 1)) {
        return false;
    }
    for (uint32_t c = 0; c < PL_CAUSES_MAX; c++) {
        shares[c] /= (double)classes;
    }
    return true;
}

uint32_t pl_claims_class(const struct pl_scenario *scenario,
                         const uint32_t *class_of,
                         const struct pl_claim_said *claim)
{
    PL_CHECK(scenario != NULL && class_of != NULL);
    PL_CHECK(claim != NULL);
    double shares[PL_CAUSES_MAX];
    if (!shares_of(scenario, class_of, claim, shares)) {
        return PL_NONE;
    }
    for (uint32_t c = 0; c < PL_CAUSES_MAX; c++) {
        if (shares[c] > 0.999) {
            return c;
        }
    }
    return PL_NONE;
}

void pl_claims_map(const struct pl_scenario *scenario,
                   const uint32_t *class_of,
                   const struct pl_claim_said *claims,
                   uint32_t count,
                   struct pl_stated *stated)
{
    PL_CHECK(scenario != NULL && class_of != NULL);
    PL_CHECK(stated != NULL && (claims != NULL || count == 0));
    double total = 0.0;
    double said = 0.0;
    memset(stated, 0, sizeof *stated);
    for (uint32_t i = 0; i < count; i++) {
        total += claims[i].p;
    }
    double scale = total > 1.0 ? 1.0 / total : 1.0;
    for (uint32_t i = 0; i < count; i++) {
        double shares[PL_CAUSES_MAX];
        if (!shares_of(scenario, class_of, &claims[i], shares)) {
            stated->unmapped++;
            continue;
        }
        stated->mapped++;
        for (uint32_t c = 0; c < PL_CAUSES_MAX; c++) {
            stated->classes[c] += scale * claims[i].p * shares[c];
            said += scale * claims[i].p * shares[c];
        }
    }
    stated->other = said < 1.0 ? 1.0 - said : 0.0;
}

void pl_claims_spread(const struct pl_stated *stated,
                      const uint32_t *class_of,
                      const double *belief,
                      uint32_t cause_count,
                      double *causes)
{
    PL_CHECK(stated != NULL && class_of != NULL);
    PL_CHECK(belief != NULL && causes != NULL);
    PL_CHECK(cause_count >= 1 && cause_count <= PL_CAUSES_MAX);
    double believed[PL_CAUSES_MAX] = {0};
    uint32_t members[PL_CAUSES_MAX] = {0};
    double total = 0.0;
    for (uint32_t i = 0; i < cause_count; i++) {
        believed[class_of[i]] += belief[i];
        members[class_of[i]]++;
        total += belief[i];
    }
    for (uint32_t i = 0; i < cause_count; i++) {
        uint32_t c = class_of[i];
        double inside = believed[c] > 0.0 ? belief[i] / believed[c] : 1.0 / (double)members[c];
        double outside = total > 0.0 ? belief[i] / total : 1.0 / (double)cause_count;
        causes[i] = stated->classes[c] * inside + stated->other * outside;
    }
}

void pl_claims_add(struct pl_claims_account *calibration,
                   double seconds,
                   const struct pl_stated *stated,
                   const double *classes,
                   uint32_t class_count,
                   uint32_t true_class)
{
    PL_CHECK(calibration != NULL && stated != NULL);
    PL_CHECK(classes != NULL && seconds >= 0.0);
    PL_CHECK(class_count >= 1 && class_count <= PL_CAUSES_MAX);
    double brier = stated->other * stated->other;
    double truth = stated->other * stated->other;
    double divergence = 0.0;
    for (uint32_t c = 0; c < class_count; c++) {
        double q = stated->classes[c];
        double near = (1.0 - MISREAD) * q + MISREAD / ((double)class_count + 1.0);
        double hit = c == true_class ? 1.0 : 0.0;
        brier += (q - classes[c]) * (q - classes[c]);
        truth += (q - hit) * (q - hit);
        divergence += classes[c] > 0.0 ? classes[c] * pl_log(classes[c] / near) / pl_log(2.0) : 0.0;
    }
    calibration->seconds += seconds;
    calibration->brier += seconds * brier;
    calibration->truth += seconds * truth;
    calibration->log += seconds * divergence;
}

static double over_time(const struct pl_claims_account *calibration, double integral)
{
    return calibration->seconds > 0.0 ? integral / calibration->seconds : 0.0;
}

double pl_claims_score(const struct pl_claims_account *calibration)
{
    PL_CHECK(calibration != NULL);
    if (!(calibration->seconds > 0.0)) {
        return 0.0;
    }
    return 100.0 * (1.0 - 0.5 * over_time(calibration, calibration->brier));
}

double pl_claims_log(const struct pl_claims_account *calibration)
{
    PL_CHECK(calibration != NULL);
    return over_time(calibration, calibration->log);
}

double pl_claims_truth(const struct pl_claims_account *calibration)
{
    PL_CHECK(calibration != NULL);
    return over_time(calibration, calibration->truth);
}
