// SPDX-License-Identifier: Apache-2.0
#include "judge/verdict.h"

#include "base/check.h"
#include "judge/audit.h"
#include "judge/course.h"
#include "judge/outcome.h"
#include "judge/profile.h"
#include "judge/weigh.h"
#include "session/truth.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define BRIEF_S 60.0

/* ---- Rows of the report --------------------------------------------------------------------- */

static double share(const struct pl_report *report, double damage)
{
    return report->requests_per_budget > 0.0 ? damage / report->requests_per_budget : damage;
}

/* Error of a sum of two independent numbers. */
static double both(double a, double b)
{
    return sqrt(a * a + b * b);
}

static struct pl_figure shared(const struct pl_report *report, struct pl_estimate estimate)
{
    return pl_figure_of(share(report, estimate.value), share(report, estimate.se));
}

static void format_option(const struct pl_judge *judge,
                          const struct pl_epoch *epoch,
                          uint32_t option,
                          char *text,
                          size_t size)
{
    struct pl_buf out;
    const struct pl_segment *segment = &judge->stretches[epoch->segment].segment;
    pl_buf_init(&out, text, size);
    pl_option_format(judge->def.scenario, &segment->options.items[option], &out);
}

/* To whoever knows the cause every look is a loss, so only acts and waits can be unlucky. */
static uint32_t label_of(const struct pl_worth *worth, bool acts, double d_noop)
{
    if (worth->truth_known && acts) {
        return pl_audit_label(worth->regret, worth->regret_true, d_noop);
    }
    return pl_audit_small(worth->regret, d_noop) ? PL_LABEL_SOUND : PL_LABEL_ERROR;
}

/* The row of an entry; time that passed in pieces stands in one row. */
static struct pl_report_move *row_of(struct pl_report *report, const struct pl_epoch *epoch)
{
    static const char *const kinds[] = {"look", "act", "say", "wait", "close"};
    struct pl_report_move *last =
        report->move_count > 0 ? &report->moves[report->move_count - 1] : NULL;
    if (epoch->kind == PL_EPOCH_WAIT && last != NULL && last->seq == epoch->seq &&
        strcmp(last->kind, "wait") == 0) {
        return last;
    }
    if (report->move_count == PL_REPORT_MOVES_MAX) {
        return NULL;
    }
    struct pl_report_move *row = &report->moves[report->move_count++];
    memset(row, 0, sizeof *row);
    row->seq = epoch->seq;
    snprintf(row->kind, sizeof row->kind, "%s", kinds[epoch->kind]);
    snprintf(row->text, sizeof row->text, "%s", epoch->text);
    return row;
}

static void
write_look(const struct pl_judge *judge, const struct pl_epoch *epoch, struct pl_report_move *row)
{
    row->bits = pl_figure_exact(epoch->bits);
    if (epoch->draws == PL_NONE) {
        return;
    }
    row->bits_expected = pl_figure_of(epoch->expected.mix, epoch->expected.se);
    if (epoch->swept != 0) {
        row->bits_best = pl_figure_of(epoch->best_expected.mix, epoch->best_expected.se);
    }
    row->rate_share = epoch->rate_share;
    if (epoch->best != PL_NONE && epoch->rate_share < 0.5 && epoch->best_expected.mix > 0.2) {
        struct pl_buf text;
        pl_buf_init(&text, row->better_look, sizeof row->better_look);
        pl_look_format(pl_look_list_call(judge->looks, epoch->best), &text);
    }
}

static void write_row(const struct pl_judge *judge,
                      struct pl_report *report,
                      const struct pl_epoch *epoch,
                      const struct pl_worth *worth)
{
    struct pl_report_move *row = row_of(report, epoch);
    if (row == NULL) {
        return;
    }
    bool first = !row->value.given;
    if (first) {
        row->t_s = pl_seconds(epoch->t_ns - judge->opens_ns);
    }
    row->value = shared(report, worth->value);
    if (epoch->kind == PL_EPOCH_LOOK) {
        write_look(judge, epoch, row);
    }
    if (epoch->kind == PL_EPOCH_SAY || epoch->kind == PL_EPOCH_CLOSE) {
        return;
    }
    struct pl_figure regret = shared(report, worth->regret);
    row->regret = pl_figure_of(regret.value + row->regret.value, both(regret.se, row->regret.se));
    if (worth->truth_known) {
        struct pl_figure truth = shared(report, worth->regret_true);
        row->regret_true =
            pl_figure_of(truth.value + row->regret_true.value, both(truth.se, row->regret_true.se));
    }
    row->label = first ? label_of(worth, epoch->kind != PL_EPOCH_LOOK, judge->constants->d_noop)
                       : row->label;
    if (!pl_audit_small(worth->regret, judge->constants->d_noop) && row->better[0] == '\0') {
        format_option(judge, epoch, worth->best, row->better, sizeof row->better);
        double stake = worth->v_perceived + worth->regret.value;
        row->saving = stake > 0.0 ? worth->regret.value / stake : 0.0;
    }
}

static void
write_belief(const struct pl_judge *judge, struct pl_report *report, const struct pl_epoch *epoch)
{
    if (report->belief_count == PL_REPORT_BELIEFS_MAX) {
        return;
    }
    struct pl_report_belief *row = &report->beliefs[report->belief_count++];
    const struct pl_epoch_belief *belief = &epoch->belief[PL_BELIEF_FULL];
    row->t_s = pl_seconds(epoch->t_ns - judge->opens_ns);
    row->entropy_bits = belief->entropy_bits;
    memcpy(row->classes, belief->remedy, sizeof row->classes);
}

/* ---- Sums ----------------------------------------------------------------------------------- */

/* Damage from the opening to the end of the incident's time, and had nobody acted. */
static void write_damage(struct pl_judge *judge, struct pl_report *report, double *realised)
{
    struct pl_session *session = judge->session;
    double budget = pl_truth_budget(judge->def.world);
    double rest_se = 0.0;
    report->requests_per_budget = budget;
    double before = pl_truth_damage(judge->def.world, session->state) - judge->damage_at_opening;
    double rest = pl_course_rest(judge, &rest_se);
    *realised = before + rest;
    report->damage = pl_figure_of(share(report, *realised), share(report, rest_se));
    struct pl_truth_course course;
    int64_t ends_ns = pl_session_ends(session);
    pl_truth_course_without(session, ends_ns, &course);
    double idle = pl_truth_sum(
        &course, (uint32_t)(judge->opens_ns / (60 * PL_NS_PER_S)), course.minute_count);
    report->damage_noop = pl_figure_exact(share(report, idle));
    if (budget <= 0.0) {
        pl_report_note(report,
                       "The world has no objective, so damage stands in requests instead of shares "
                       "of an error budget.");
    }
}

static struct pl_figure after_opening(const struct pl_judge *judge, int64_t t_ns)
{
    struct pl_figure none = {0};
    return t_ns >= 0 ? pl_figure_exact(pl_seconds(t_ns - judge->opens_ns)) : none;
}

static void write_head(const struct pl_judge *judge, struct pl_report *report)
{
    const struct pl_scenario *scenario = judge->def.scenario;
    snprintf(report->scenario, sizeof report->scenario, "%s", scenario->name);
    snprintf(report->cause, sizeof report->cause, "%s", scenario->causes[judge->cause].name);
    snprintf(report->clock,
             sizeof report->clock,
             "%s",
             judge->def.clock == PL_CLOCK_LIVE ? "live" : "turn");
    report->seed = judge->def.seed;
    report->particles = judge->def.particles;
    report->class_count = judge->classes.count;
    memcpy(report->class_of, judge->classes.class_of, sizeof report->class_of);
    for (uint32_t h = scenario->cause_count; h-- > 0;) {
        snprintf(report->classes[judge->classes.class_of[h]],
                 sizeof report->classes[0],
                 "%s",
                 scenario->causes[h].name);
    }
}

/* Times that users felt, from the true course. */
static void write_times(const struct pl_judge *judge, struct pl_report *report)
{
    struct pl_truth_course course;
    pl_truth_course(judge->session, &course);
    if (course.minute_count == 0) {
        return;
    }
    struct pl_truth_times times = pl_truth_times(judge->session, &course);
    report->profile.first_act_s = after_opening(judge, times.first_act_ns);
    report->profile.mitigated_s = after_opening(judge, times.mitigated_ns);
    report->profile.resolved_s = after_opening(judge, times.resolved_ns);
}

/* A session in which next to nothing was done has figures, but they are not of a player. */
static void write_brevity(const struct pl_judge *judge, struct pl_report *report)
{
    bool moved = false;
    for (uint32_t i = 0; i < judge->epoch_count; i++) {
        uint32_t kind = judge->epochs[i].kind;
        moved = moved || kind == PL_EPOCH_LOOK || kind == PL_EPOCH_ACT;
    }
    double lasted_s = pl_seconds(judge->now_ns - judge->opens_ns);
    if (!moved) {
        pl_report_note(report,
                       "Nothing was looked at and nothing was done: the figures are those of "
                       "leaving the incident alone, and say nothing about a player.");
    } else if (lasted_s < BRIEF_S) {
        pl_report_note(report,
                       "The session lasted %.0f s; nearly all of its damage is what is expected "
                       "after it.",
                       lasted_s);
    }
}

/* What was not judged as thoroughly as it should be. */
static void write_limits(const struct pl_judge *judge, struct pl_report *report)
{
    if (judge->epoch_count == PL_EPOCHS_MAX) {
        pl_report_note(
            report,
            "The session has more than %d moments of choice; those after minute %.0f are "
            "not judged.",
            PL_EPOCHS_MAX,
            pl_seconds(judge->epochs[PL_EPOCHS_MAX - 1].t_ns - judge->opens_ns) / 60.0);
    }
    if (judge->joined > 0) {
        pl_report_note(report,
                       "There were more than %d acts; the last %u share one table of values, so "
                       "their regrets are rough.",
                       PL_SEGMENTS_MAX - 1,
                       judge->joined);
    }
    if (judge->unkept > 0) {
        pl_report_note(report,
                       "There were more than %d looks; %u of them are valued as waiting.",
                       PL_EPOCH_LOOKS_MAX,
                       judge->unkept);
    }
    if (judge->unstable_count > 0) {
        pl_report_note(
            report,
            "After %u look%s two ways to count the dependence of panels differed by more "
            "than half a bit; bits there are uncertain.",
            judge->unstable_count,
            judge->unstable_count > 1 ? "s" : "");
    }
    if (pl_belief_surprises(judge->belief) >= 2) {
        pl_report_note(report,
                       "%u looks showed what no cause on the list explains well: the scenario may "
                       "lack a cause, and beliefs after them mean little.",
                       pl_belief_surprises(judge->belief));
    }
    if (judge->closed == 0 && !pl_session_done(judge->session)) {
        pl_report_note(report, "The session was not closed; it is judged up to its last entry.");
    }
    write_brevity(judge, report);
}

void pl_verdict_write(struct pl_judge *judge, struct pl_report *report)
{
    PL_CHECK(judge != NULL && report != NULL);
    struct pl_adjusted adjusted;
    struct pl_profile *profile = judge->profile;
    double realised = 0.0;
    memset(report, 0, sizeof *report);
    write_head(judge, report);
    write_damage(judge, report, &realised);
    pl_profile_begin(profile, judge, judge->constants->d_noop);
    for (uint32_t i = 0; i < judge->epoch_count; i++) {
        const struct pl_epoch *epoch = &judge->epochs[i];
        struct pl_worth worth;
        pl_weigh_epoch(judge, epoch, &worth);
        if (i == 0) {
            pl_adjusted_begin(&adjusted, (struct pl_estimate){.value = worth.v});
        }
        pl_adjusted_add(&adjusted, worth.v, worth.value);
        int64_t next_ns = i + 1 < judge->epoch_count ? judge->epochs[i + 1].t_ns : judge->now_ns;
        pl_profile_add(profile, epoch, &worth, next_ns);
        if (epoch->kind != PL_EPOCH_NEWS) {
            write_row(judge, report, epoch, &worth);
        }
        write_belief(judge, report, epoch);
    }
    PL_CHECK(judge->epoch_count > 0);
    struct pl_estimate luck = pl_adjusted_luck(&adjusted, realised);
    report->damage_adjusted = shared(report, pl_adjusted_damage(&adjusted));
    report->luck = pl_figure_of(share(report, luck.value),
                                both(share(report, luck.se), fmax(report->damage.se, 0.0)));
    pl_profile_write(profile, report);
    write_times(judge, report);
    write_limits(judge, report);
    pl_outcome_write(judge, pl_adjusted_damage(&adjusted), report);
}
