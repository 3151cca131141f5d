// SPDX-License-Identifier: Apache-2.0
#include "judge/profile.h"

#include "base/check.h"

#include <stdio.h>
#include <string.h>

#define SUFFICIENT 0.8 /* of one class: the evidence is enough */
#define SAID       0.5 /* of the right class: it was said */
#define ELSEWHERE  0.5 /* rate below this share of the best: the best look was another */

void pl_profile_begin(struct pl_profile *profile, const struct pl_judge *judge, double d_noop)
{
    PL_CHECK(profile != NULL && judge != NULL);
    PL_CHECK(d_noop > 0.0);
    memset(profile, 0, sizeof *profile);
    profile->judge = judge;
    profile->d_noop = d_noop;
    profile->favourite = PL_NONE;
    profile->sufficient_ns = -1;
    profile->stated_ns = -1;
    profile->stated.other = 1.0;
    pl_audit_begin(&profile->audit, d_noop);
}

static uint32_t highest(const double *values, uint32_t count)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++) {
        best = values[i] > values[best] ? i : best;
    }
    return best;
}

/* Take in what the player said to believe. */
static void add_statement(struct pl_profile *profile, const struct pl_epoch *epoch)
{
    const struct pl_judge *judge = profile->judge;
    const struct pl_stated_belief *said = &judge->session->beliefs[epoch->statement];
    struct pl_claim_said claims[PL_CLAIMS_MAX];
    char mechanisms[PL_CLAIMS_MAX][2 * PL_CLAIM_TEXT_MAX];
    for (uint32_t i = 0; i < said->claim_count; i++) {
        const struct pl_claim *claim = &said->claims[i];
        snprintf(mechanisms[i], sizeof mechanisms[i], "%s %s", claim->mechanism, claim->detail);
        claims[i] = (struct pl_claim_said){.component = claim->component,
                                           .mechanism = mechanisms[i],
                                           .trigger = claim->trigger,
                                           .p = claim->p};
    }
    pl_claims_map(
        judge->def.scenario, judge->classes.class_of, claims, said->claim_count, &profile->stated);
    profile->statements++;
    uint32_t best = highest(profile->stated.classes, judge->classes.count);
    if (profile->favourite == PL_NONE && profile->stated.classes[best] > 0.0) {
        profile->favourite = best;
    }
    uint32_t right = judge->classes.class_of[judge->cause];
    if (profile->stated_ns < 0 && profile->stated.classes[right] >= SAID) {
        profile->stated_ns = epoch->t_ns;
    }
}

/* True when a look is about a component that the favourite's causes are known by. */
static bool is_about(const struct pl_profile *profile, const char *about)
{
    const struct pl_judge *judge = profile->judge;
    uint32_t favourite = highest(profile->stated.classes, judge->classes.count);
    for (uint32_t h = 0; h < judge->def.scenario->cause_count && about[0] != '\0'; h++) {
        if (judge->classes.class_of[h] == favourite &&
            pl_cause_match(&judge->def.scenario->causes[h], about, "", "").component != 0) {
            return true;
        }
    }
    return false;
}

static void
add_look(struct pl_profile *profile, const struct pl_epoch *epoch, const struct pl_worth *worth)
{
    const struct pl_epoch_belief *belief = &epoch->belief[PL_BELIEF_PERCEIVED];
    uint32_t classes = profile->judge->classes.count;
    profile->look_count++;
    if (epoch->draws == PL_NONE) {
        return;
    }
    struct pl_look_grade grade = {.eig_bits = epoch->expected.mix,
                                  .cost_s = epoch->cost_s > 1.0 ? epoch->cost_s : 1.0,
                                  .best_rate = epoch->best_rate,
                                  .best_eig_bits = epoch->best_expected.mix,
                                  .top_class = belief->remedy[highest(belief->remedy, classes)],
                                  .verifies = epoch->verifies != 0};
    uint32_t counted = profile->looks.counted;
    pl_look_account_add(&profile->looks, &grade);
    if (profile->looks.counted > counted) {
        struct pl_estimate bits = {.value = epoch->expected.mix, .se = epoch->expected.se};
        pl_efficiency_add(&profile->efficiency, bits, grade.cost_s, grade.best_rate);
    }
    pl_audit_look(&profile->audit, worth->chosen, worth->best_act);
    if (profile->statements > 0) {
        pl_audit_attention(&profile->audit,
                           grade.cost_s,
                           is_about(profile, epoch->about),
                           epoch->rate_share < ELSEWHERE);
    }
    /* Where one class is sure nothing is left to be destroyed, and nothing was looked for. */
    if (profile->unchecked != NULL && profile->unchecked->swept != 0 && epoch->swept != 0) {
        pl_audit_evidence(&profile->audit,
                          profile->unchecked->best_expected.mix,
                          epoch->best_expected.mix,
                          profile->unchecked_cost);
    }
    profile->unchecked = NULL;
}

static void
add_act(struct pl_profile *profile, const struct pl_epoch *epoch, const struct pl_worth *worth)
{
    const struct pl_scenario *scenario = profile->judge->def.scenario;
    if (worth->searched) {
        pl_audit_act(&profile->audit, worth->chosen, worth->v_inv);
    }
    if (worth->truth_known) {
        pl_audit_harm(&profile->audit,
                      worth->harm_true,
                      worth->harm,
                      scenario->setting.actions[epoch->call.action].reversible != 0);
    }
    profile->unchecked = epoch;
    profile->unchecked_cost = worth->capture_cost;
}

void pl_profile_add(struct pl_profile *profile,
                    const struct pl_epoch *epoch,
                    const struct pl_worth *worth,
                    int64_t next_ns)
{
    PL_CHECK(profile != NULL && epoch != NULL && worth != NULL);
    const struct pl_judge *judge = profile->judge;
    const struct pl_epoch_belief *belief = &epoch->belief[PL_BELIEF_PERCEIVED];
    uint32_t count = judge->classes.count;
    if (profile->sufficient_ns < 0 &&
        belief->remedy[highest(belief->remedy, count)] >= SUFFICIENT) {
        profile->sufficient_ns = epoch->t_ns;
    }
    if (epoch->kind == PL_EPOCH_SAY && epoch->statement != PL_NONE) {
        add_statement(profile, epoch);
    } else if (epoch->kind == PL_EPOCH_LOOK) {
        add_look(profile, epoch, worth);
    } else if (epoch->kind == PL_EPOCH_ACT) {
        add_act(profile, epoch, worth);
    }
    if (profile->statements > 0 && next_ns > epoch->t_ns) {
        double classes[PL_CAUSES_MAX];
        for (uint32_t c = 0; c < count; c++) {
            classes[c] = belief->other < 1.0 ? belief->remedy[c] / (1.0 - belief->other) : 0.0;
        }
        pl_claims_add(&profile->calibration,
                      pl_seconds(next_ns - epoch->t_ns),
                      &profile->stated,
                      classes,
                      count,
                      judge->classes.class_of[judge->cause]);
    }
    if (profile->favourite != PL_NONE && profile->moment_count < PL_EPOCHS_MAX) {
        profile->moments[profile->moment_count++] =
            (struct pl_audit_moment){.t_s = pl_seconds(epoch->t_ns - judge->opens_ns),
                                     .claimed = profile->stated.classes[profile->favourite],
                                     .believed = belief->remedy[profile->favourite]};
    }
}

static struct pl_figure figure(struct pl_estimate estimate)
{
    return pl_figure_of(estimate.value, estimate.se);
}

static struct pl_figure moment(const struct pl_judge *judge, int64_t t_ns)
{
    struct pl_figure none = {0};
    return t_ns >= 0 ? pl_figure_exact(pl_seconds(t_ns - judge->opens_ns)) : none;
}

void pl_profile_write(const struct pl_profile *profile, struct pl_report *report)
{
    PL_CHECK(profile != NULL && report != NULL);
    struct pl_report_profile *to = &report->profile;
    to->premature = figure(pl_audit_share(&profile->audit.premature));
    to->dithering = figure(pl_audit_share(&profile->audit.dithering));
    to->harm = figure(pl_audit_share(&profile->audit.harm));
    to->harm_foreseeable = figure(pl_audit_share(&profile->audit.foreseeable));
    to->evidence_destroyed_bits = pl_figure_exact(profile->audit.evidence_bits);
    to->sufficient_s = moment(profile->judge, profile->sufficient_ns);
    to->stated_s = moment(profile->judge, profile->stated_ns);
    if (profile->looks.counted > 0) {
        to->efficiency = pl_efficiency_score(&profile->efficiency);
    } else {
        pl_report_note(report,
                       profile->look_count == 0
                           ? "There was no look, so nothing is said about looking."
                           : "No look was of a kind that is graded: there was nothing to learn, or "
                             "it only checked whether an act had worked.");
    }
    if (profile->statements > 0) {
        to->calibration = pl_figure_exact(pl_claims_score(&profile->calibration));
        double lag_s = pl_audit_contradiction(profile->moments, profile->moment_count);
        if (lag_s >= 0.0) {
            to->contradiction_lag_s = pl_figure_exact(lag_s);
        }
        to->lock_in = pl_figure_exact(pl_audit_lock_in(&profile->audit));
    } else {
        pl_report_note(report,
                       "Nothing was said about the cause (`believe`), so nothing is said about "
                       "calibration.");
    }
    if (profile->audit.irreversible > 0) {
        pl_report_note(report,
                       "%u act%s that the evidence warned of did harm that can't be taken back.",
                       profile->audit.irreversible,
                       profile->audit.irreversible > 1 ? "s" : "");
    }
}
