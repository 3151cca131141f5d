// SPDX-License-Identifier: Apache-2.0
#include "judge/temper.h"

#include "base/check.h"
#include "base/fmath.h"
#include "judge/belief_math.h"
#include "stats/calibration.h"

static const double eta_low = 0.4;
static const double eta_high = 1.3;
static const double eta_step = 0.005;

static void begin(const struct pl_belief_def *def, double *log_belief)
{
    double total = 0.0;
    for (uint32_t h = 0; h < def->cause_count; h++) {
        total += def->prior[h];
    }
    for (uint32_t h = 0; h < def->cause_count; h++) {
        log_belief[h] = pl_belief_log_of((1.0 - def->other) * def->prior[h] / total);
    }
    log_belief[def->cause_count] = pl_belief_log_of(def->other);
}

double pl_temper_score(const struct pl_temper_def *def, double eta)
{
    struct pl_belief_def rule = def->belief;
    double log_belief[PL_CAUSES_MAX + 1];
    double sum = 0.0;
    double sessions = 0.0;
    PL_CHECK(def->count >= 1 && eta > 0.0);
    for (uint32_t i = 0; i < def->count; i++) {
        const struct pl_temper_look *look = &def->looks[i];
        PL_CHECK(look->truth < rule.cause_count && look->fresh > 0.0);
        rule.eta = eta * look->fresh;
        if (i == 0 || look->session != def->looks[i - 1].session) {
            begin(&rule, log_belief);
        }
        pl_belief_apply(&rule, look->live, look->log_likelihood, log_belief, log_belief);
        if (i + 1 == def->count || def->looks[i + 1].session != look->session) {
            sum += log_belief[look->truth] * PL_BELIEF_BITS_PER_NAT;
            sessions += 1.0;
        }
    }
    return sum / sessions;
}

static double score_of(void *context, double eta)
{
    return pl_temper_score(context, eta);
}

struct pl_temper pl_temper_fit(const struct pl_temper_def *def)
{
    struct pl_temper_def copy = *def;
    struct pl_temper fit = {.eta = pl_golden_maximum(score_of, &copy, eta_low, eta_high, eta_step)};
    fit.score = pl_temper_score(def, fit.eta);
    fit.score_at_1 = pl_temper_score(def, 1.0);
    for (uint32_t i = 0; i < def->count; i++) {
        fit.sessions += i == 0 || def->looks[i].session != def->looks[i - 1].session ? 1 : 0;
    }
    return fit;
}
