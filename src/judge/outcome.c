// SPDX-License-Identifier: Apache-2.0
#include "judge/outcome.h"

#include "base/check.h"
#include "judge/course.h"
#include "judge/priors.h"
#include "judge/score.h"
#include "judge/updates.h"
#include "session/truth.h"

#include <string.h>

#define INCIDENT_SD 15.0 /* points, of one player over incidents, where it was not measured */

/* Highest probability that was stated for anything before a moment. */
static double claimed(const struct pl_session *session, int64_t t_ns)
{
    double highest = 0.0;
    for (uint32_t i = 0; i < session->belief_count; i++) {
        const struct pl_stated_belief *said = &session->beliefs[i];
        for (uint32_t k = 0; k < said->claim_count && said->t_ns <= t_ns; k++) {
            highest = said->claims[k].p > highest ? said->claims[k].p : highest;
        }
    }
    return highest;
}

static uint32_t acts_before(const struct pl_session *session, int64_t t_ns)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < session->act_count; i++) {
        count += session->acts[i].decided_ns <= t_ns ? 1 : 0;
    }
    return count;
}

/* Damage of the two minutes before a moment, as a share of the worst minute. */
static double damage_share(const struct pl_truth_course *course, int64_t t_ns)
{
    uint32_t minute = (uint32_t)(t_ns / (60 * PL_NS_PER_S));
    double peak = 0.0;
    for (uint32_t i = 0; i < course->minute_count; i++) {
        peak = course->damage[i] > peak ? course->damage[i] : peak;
    }
    uint32_t from = minute > 2 ? minute - 2 : 0;
    uint32_t until = minute < course->minute_count ? minute : course->minute_count;
    double recent = until > from ? pl_truth_sum(course, from, until) / (until - from) : 0.0;
    return peak > 0.0 ? recent / peak : 0.0;
}

static struct pl_figure communication(struct pl_judge *judge)
{
    struct pl_session *session = judge->session;
    struct pl_update_posted posted[PL_UPDATES_MAX];
    struct pl_truth_course course;
    pl_truth_course(session, &course);
    uint32_t late = 0;
    for (uint32_t i = 0; i < session->update_count; i++) {
        const struct pl_update *update = &session->updates[i];
        posted[i] = (struct pl_update_posted){.text = update->text,
                                              .status = update->status,
                                              .acts = acts_before(session, update->t_ns),
                                              .t_s = pl_seconds(update->t_ns - judge->opens_ns),
                                              .due_s = pl_seconds(update->due_ns - judge->opens_ns),
                                              .claimed = claimed(session, update->t_ns),
                                              .damage = damage_share(&course, update->t_ns)};
        late += update->t_ns > update->due_ns ? 1 : 0;
    }
    /* An update that came after somebody asked is late, one that never came is missed. */
    uint32_t asked = session->asked_count;
    return pl_update_score(
        judge->def.world, posted, session->update_count, asked > late ? asked - late : 0);
}

void pl_outcome_write(struct pl_judge *judge, struct pl_estimate adjusted, struct pl_report *report)
{
    PL_CHECK(judge != NULL && report != NULL);
    struct pl_report_profile *profile = &report->profile;
    const struct pl_constants *constants = judge->constants;
    struct pl_estimate reference = constants->d_ref;
    if (!(reference.value > 0.0)) {
        struct pl_value_model model = pl_course_model(judge, 0);
        struct pl_epoch_belief *first = &judge->epochs[0].belief[PL_BELIEF_FULL];
        reference =
            (struct pl_estimate){.value = pl_value_of(&model, first->cause, judge->opens_ns, NULL)};
        pl_report_note(report,
                       "No reference planner was measured for this scenario; the value of its "
                       "opening stands for one, so decisions are on a rougher scale.");
    }
    struct pl_priors priors;
    bool graded = reference.value > 0.0 && reference.value < constants->d_noop;
    if (graded) {
        struct pl_estimate decisions = pl_score_decisions(constants->d_noop, reference, adjusted);
        profile->decision = pl_figure_of(decisions.value, decisions.se);
    } else {
        pl_report_note(report,
                       "Doing nothing is as good as anything here: decisions are not graded.");
    }
    profile->communication = communication(judge);
    if (!profile->communication.given) {
        pl_report_note(report,
                       "No status update was due or posted, so nothing is said about telling.");
    }
    const struct pl_figure parts[PL_SCORE_PARTS] = {[PL_SCORE_DEC] = profile->decision,
                                                    [PL_SCORE_EFF] = profile->efficiency,
                                                    [PL_SCORE_CAL] = profile->calibration,
                                                    [PL_SCORE_COMM] = profile->communication};
    double variants[PL_PRIORS];
    uint32_t variant_count = 0;
    if (graded) {
        pl_priors_weigh(judge, reference.value, &priors);
        variant_count = PL_PRIORS;
        for (uint32_t i = 0; i < PL_PRIORS; i++) {
            struct pl_figure other[PL_SCORE_PARTS];
            memcpy(other, parts, sizeof other);
            other[PL_SCORE_DEC].value = priors.decision[i];
            variants[i] = pl_score_composite(other, NULL, 0, 0.0, NULL).value;
        }
    }
    double incident = constants->incident_sd > 0.0 ? constants->incident_sd : INCIDENT_SD;
    report->score = pl_score_composite(parts, variants, variant_count, incident, NULL);
}
