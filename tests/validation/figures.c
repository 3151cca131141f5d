// SPDX-License-Identifier: Apache-2.0
//
// The acceptance figures of the judge, numbered as in docs/validation/REPORT.md. A figure is met or
// missed when its whole 95 % interval is on one side of the target, and open in between. Seeds of
// the interval's samples are forms; forms are shared by all bots, so two-way designs are complete.
#include "validation/proof.h"

#include "base/check.h"
#include "judge/audit.h"
#include "judge/score.h"
#include "model/world.h"
#include "stats/rank.h"
#include "stats/reliability.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCORES_MAX = PL_PROOF_ROWS_MAX, GROUP = 3, ORDERS_MIN = 8 };

#define DECISION offsetof(struct pl_proof_row, decision)
#define SCORE    offsetof(struct pl_proof_row, score)
#define DAMAGE   offsetof(struct pl_proof_row, damage)
#define LUCK     offsetof(struct pl_proof_row, luck)

/* ---- Rows ----------------------------------------------------------------------------------- */

static const struct pl_bot_def *def_of(const struct pl_proof_stand *stand, uint32_t bot)
{
    return pl_roster_at(stand->bots[bot]);
}

static double number(const struct pl_proof_row *row, size_t offset)
{
    double value;
    memcpy(&value, (const char *)row + offset, sizeof value);
    return value;
}

static double at(const struct pl_proof_stand *stand, uint32_t bot, uint32_t form, size_t offset)
{
    return number(&stand->rows[form * stand->bot_count + bot], offset);
}

bool pl_proof_informed(const struct pl_proof_stand *stand, uint32_t bot)
{
    return def_of(stand, bot)->needs_cause != 0;
}

struct pl_moments pl_proof_over(const struct pl_proof_stand *stand, uint32_t bot, size_t offset)
{
    struct pl_moments moments = {0};
    for (uint32_t f = 0; f < stand->form_count; f++) {
        double value = at(stand, bot, f, offset);
        if (!isnan(value)) {
            pl_moments_add(&moments, value);
        }
    }
    return moments;
}

struct pl_moments pl_proof_luck(const struct pl_proof_stand *stand)
{
    struct pl_moments by_form = {0};
    for (uint32_t f = 0; f < stand->form_count; f++) {
        struct pl_moments one = {0};
        for (uint32_t b = 0; b < stand->bot_count; b++) {
            if (!pl_proof_informed(stand, b)) {
                pl_moments_add(&one, at(stand, b, f, LUCK));
            }
        }
        if (one.count > 0) {
            pl_moments_add(&by_form, one.mean);
        }
    }
    return by_form;
}

/* ---- Figures -------------------------------------------------------------------------------- */

static struct pl_proof_figure *
add(struct pl_proof_list *list, const char *id, const char *target, uint32_t count)
{
    PL_CHECK(list->count < PL_PROOF_FIGURES_MAX);
    struct pl_proof_figure *figure = &list->items[list->count++];
    memset(figure, 0, sizeof *figure);
    snprintf(figure->id, sizeof figure->id, "%s", id);
    snprintf(figure->target, sizeof figure->target, "%s", target);
    figure->count = count;
    figure->low = 1.0;
    figure->high = 0.0;
    figure->verdict = PL_PROOF_REPORTED;
    return figure;
}

static void set(struct pl_proof_figure *figure, double value, double low, double high)
{
    figure->value = value;
    figure->low = low;
    figure->high = high;
}

static void set_mean(struct pl_proof_figure *figure, const struct pl_moments *moments)
{
    figure->value = moments->mean;
    figure->count = (uint32_t)moments->count;
    if (moments->count >= 2) {
        pl_interval interval = pl_interval_of_mean(moments, 0.95);
        set(figure, interval.estimate, interval.low, interval.high);
    }
}

static bool bounded(const struct pl_proof_figure *figure)
{
    return figure->low <= figure->high;
}

static void at_least(struct pl_proof_figure *figure, double target)
{
    double low = bounded(figure) ? figure->low : figure->value;
    double high = bounded(figure) ? figure->high : figure->value;
    figure->verdict = low >= target    ? PL_PROOF_MET
                      : high >= target ? PL_PROOF_OPEN
                                       : PL_PROOF_MISSED;
}

static void at_most(struct pl_proof_figure *figure, double target)
{
    double low = bounded(figure) ? figure->low : figure->value;
    double high = bounded(figure) ? figure->high : figure->value;
    figure->verdict = high <= target  ? PL_PROOF_MET
                      : low <= target ? PL_PROOF_OPEN
                                      : PL_PROOF_MISSED;
}

/* Met when nothing speaks against 0 and the interval is within the limit, where there is one. */
static void around_zero(struct pl_proof_figure *figure)
{
    bool holds = bounded(figure) && figure->low <= 0.0 && figure->high >= 0.0;
    figure->verdict = holds ? PL_PROOF_MET : PL_PROOF_MISSED;
}

static void absent(struct pl_proof_list *list, const char *id, const char *what, const char *why)
{
    struct pl_proof_figure *figure = add(list, id, "", 0);
    snprintf(figure->what, sizeof figure->what, "%s", what);
    snprintf(figure->note, sizeof figure->note, "%s", why);
    figure->verdict = PL_PROOF_ABSENT;
}

/* ---- A1: tiers ------------------------------------------------------------------------------ */

/* Scores of a tier: means over `group` forms in a row. */
static uint32_t
tier_scores(const struct pl_proof_stand *stand, const char *tier, uint32_t group, double *scores)
{
    uint32_t count = 0;
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        if (strcmp(def_of(stand, b)->tier, tier) != 0) {
            continue;
        }
        for (uint32_t f = 0; f + group <= stand->form_count; f += group) {
            double sum = 0.0;
            for (uint32_t i = 0; i < group; i++) {
                sum += at(stand, b, f + i, DECISION);
            }
            if (!isnan(sum) && count < SCORES_MAX) {
                scores[count++] = sum / group;
            }
        }
    }
    return count;
}

static void tier_pair(const struct pl_proof_stand *stand,
                      const char *low,
                      const char *high,
                      uint32_t group,
                      double target,
                      struct pl_proof_list *list)
{
    static double above[SCORES_MAX];
    static double below[SCORES_MAX];
    uint32_t above_count = tier_scores(stand, high, group, above);
    uint32_t below_count = tier_scores(stand, low, group, below);
    char text[32];
    snprintf(text, sizeof text, ">= %.2f", target);
    struct pl_proof_figure *figure = add(list, "A1", text, above_count + below_count);
    snprintf(figure->what,
             sizeof figure->what,
             "AUC of S_dec, %s above %s, %s",
             high,
             low,
             group == 1 ? "one incident" : "mean of three");
    if (above_count < 2 || below_count < 2) {
        figure->verdict = PL_PROOF_ABSENT;
        snprintf(figure->note, sizeof figure->note, "too few sessions");
        return;
    }
    pl_interval auc = pl_auc(above, above_count, below, below_count, 0.95);
    set(figure, auc.estimate, auc.low, auc.high);
    at_least(figure, target);
    struct pl_moments a = {0};
    struct pl_moments b = {0};
    for (uint32_t i = 0; i < above_count; i++) {
        pl_moments_add(&a, above[i]);
    }
    for (uint32_t i = 0; i < below_count; i++) {
        pl_moments_add(&b, below[i]);
    }
    double sd = sqrt(0.5 * (pl_moments_variance(&a) + pl_moments_variance(&b)));
    snprintf(figure->note,
             sizeof figure->note,
             "means %.0f and %.0f, d' %.1f",
             a.mean,
             b.mean,
             sd > 0.0 ? (a.mean - b.mean) / sd : 0.0);
}

static void tiers(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    static const char *const names[] = {"T0", "T1", "T2", "T3", "T4"};
    for (uint32_t i = 0; i + 1 < sizeof names / sizeof names[0]; i++) {
        tier_pair(stand, names[i], names[i + 1], 1, 0.75, list);
        tier_pair(stand, names[i], names[i + 1], GROUP, 0.90, list);
    }
    tier_pair(stand, "T1", "T4", GROUP, 0.97, list);
}

/* ---- A2, A3: the ladder --------------------------------------------------------------------- */

/* Positions of the ladder's rungs that play, most skilled first. */
static uint32_t rungs_of(const struct pl_proof_stand *stand, uint32_t *rungs)
{
    uint32_t count = 0;
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        if (strcmp(def_of(stand, b)->tier, "ladder") == 0) {
            rungs[count++] = b;
        }
    }
    return count;
}

static void rate(const struct pl_proof_stand *stand,
                 const uint32_t *rungs,
                 uint32_t count,
                 struct pl_proof_list *list)
{
    double noise[PL_PROOF_BOTS_MAX];
    double fitted[PL_PROOF_BOTS_MAX];
    double ranks[2 * PL_PROOF_BOTS_MAX];
    uint32_t rated = 0;
    struct pl_rating_choice *own = calloc(stand->choice_count + 1, sizeof *own);
    PL_CHECK(own != NULL);
    for (uint32_t r = 0; r < count; r++) {
        uint32_t choices = 0;
        for (uint32_t i = 0; i < stand->choice_count; i++) {
            bool whole = stand->choices[i].incident < stand->form_count;
            if (whole && stand->choice_bots[i] == rungs[r]) {
                own[choices++] = stand->choices[i];
            }
        }
        uint32_t incidents = stand->form_count < PL_RATING_INCIDENTS_MAX ? stand->form_count
                                                                         : PL_RATING_INCIDENTS_MAX;
        struct pl_rating rating = {0};
        if (incidents > 0) {
            rating = pl_rating_fit(own, choices, incidents);
        }
        if (rating.given) {
            noise[rated] = def_of(stand, rungs[r])->noise;
            fitted[rated++] = rating.temperature;
        }
    }
    free(own);
    if (rated < 3) {
        absent(list, "A2", "intrinsic rating of the ladder", "fewer than three rungs can be rated");
        return;
    }
    struct pl_proof_figure *figure = add(list, "A2", "", rated);
    snprintf(figure->what,
             sizeof figure->what,
             "Spearman of the ladder's s and the temperature fitted to its choices");
    figure->value = pl_spearman(noise, fitted, rated, ranks);
    snprintf(figure->note,
             sizeof figure->note,
             "fitted %.3f at s = %.2f, %.3f at s = %.2f",
             fitted[0],
             noise[0],
             fitted[rated - 1],
             noise[rated - 1]);
}

static void ladder(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    uint32_t rungs[PL_PROOF_BOTS_MAX];
    uint32_t count = rungs_of(stand, rungs);
    double noise[PL_PROOF_BOTS_MAX];
    double means[PL_PROOF_BOTS_MAX];
    double ranks[2 * PL_PROOF_BOTS_MAX];
    if (count < 4 || stand->form_count < 2) {
        absent(list, "A2", "ladder of twelve rungs", "fewer than four rungs or two forms played");
        return;
    }
    for (uint32_t r = 0; r < count; r++) {
        noise[r] = -def_of(stand, rungs[r])->noise;
        means[r] = pl_proof_over(stand, rungs[r], DECISION).mean;
    }
    struct pl_proof_figure *figure = add(list, "A2", ">= .95 on 40 forms", stand->form_count);
    snprintf(figure->what, sizeof figure->what, "Spearman of skill (1/s) and mean S_dec");
    figure->value = pl_spearman(noise, means, count, ranks);
    at_least(figure, 0.95);
    snprintf(figure->note,
             sizeof figure->note,
             "%u rungs; mean S_dec %.0f at s = %.2f, %.0f at s = %.2f",
             count,
             means[0],
             -noise[0],
             means[count - 1],
             -noise[count - 1]);
    rate(stand, rungs, count, list);
}

/* Scores of bots by forms, complete and row-major; bots with a gap are left out. */
static uint32_t
design(const struct pl_proof_stand *stand, bool ladder_only, size_t offset, double *score)
{
    uint32_t persons = 0;
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        bool rung = strcmp(def_of(stand, b)->tier, "ladder") == 0;
        bool whole = !pl_proof_informed(stand, b) && (rung || !ladder_only);
        for (uint32_t f = 0; f < stand->form_count && whole; f++) {
            whole = !isnan(at(stand, b, f, offset));
        }
        for (uint32_t f = 0; f < stand->form_count && whole; f++) {
            score[persons * stand->form_count + f] = at(stand, b, f, offset);
        }
        persons += whole ? 1 : 0;
    }
    return persons;
}

static void reliability(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    static double score[PL_PROOF_ROWS_MAX];
    uint32_t forms = stand->form_count;
    uint32_t persons = forms >= 2 ? design(stand, true, DECISION, score) : 0;
    if (persons < 2) {
        absent(list, "A3", "reliability of S_dec", "fewer than two rungs or forms");
        return;
    }
    struct pl_components ladder_parts = pl_components_of(score, persons, forms);
    pl_interval single = pl_icc_two_way(score, persons, forms, 0.95);
    struct pl_proof_figure *figure = add(list, "A3", ">= .80", persons * forms);
    snprintf(figure->what,
             sizeof figure->what,
             "reliability of three incidents, wide ladder, parallel forms of one family");
    figure->value = pl_generalisability(&ladder_parts, GROUP);
    figure->low = GROUP * single.low / (1.0 + (GROUP - 1) * single.low);
    figure->high = GROUP * single.high / (1.0 + (GROUP - 1) * single.high);
    at_least(figure, 0.80);
    snprintf(figure->note,
             sizeof figure->note,
             "one incident: %.2f [%.2f, %.2f]",
             single.estimate,
             single.low,
             single.high);
    uint32_t count = 0;
    double sd = pl_proof_incident_sd(stand, &count);
    figure = add(list, "A3", "<= 6 on three incidents", count);
    snprintf(figure->what, sizeof figure->what, "SEM of the score over three incidents, points");
    figure->value = sd / sqrt((double)GROUP);
    at_most(figure, 6.0);
    snprintf(figure->note,
             sizeof figure->note,
             "standard deviation of one player over incidents %.1f points",
             sd);
}

double pl_proof_incident_sd(const struct pl_proof_stand *stand, uint32_t *count)
{
    struct pl_moments variance = {0};
    *count = 0;
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        struct pl_moments score = pl_proof_over(stand, b, SCORE);
        if (!pl_proof_informed(stand, b) && score.count >= 2) {
            pl_moments_add(&variance, pl_moments_variance(&score));
            *count += (uint32_t)score.count;
        }
    }
    return sqrt(variance.mean);
}

/* ---- A4, A5: luck --------------------------------------------------------------------------- */

static void luck(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    static double score[PL_PROOF_ROWS_MAX];
    uint32_t persons = stand->form_count >= 2 ? design(stand, false, LUCK, score) : 0;
    if (persons < 2) {
        absent(list, "A4", "reliability of luck", "fewer than two bots or forms");
        return;
    }
    pl_interval icc = pl_icc_two_way(score, persons, stand->form_count, 0.95);
    struct pl_proof_figure *figure = add(list, "A4", "<= .05", persons * stand->form_count);
    snprintf(figure->what, sizeof figure->what, "reliability of luck, one incident");
    set(figure, icc.estimate, icc.low, icc.high);
    at_most(figure, 0.05);
    struct pl_moments all = pl_proof_luck(stand);
    figure = add(list, "A4", "0 within 2 SE", 0);
    snprintf(figure->what, sizeof figure->what, "mean luck over forms, share of D_noop");
    set_mean(figure, &all);
    around_zero(figure);
    uint32_t off = 0;
    uint32_t bots = 0;
    double worst = 0.0;
    uint32_t worst_bot = 0;
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        if (pl_proof_informed(stand, b)) {
            continue;
        }
        struct pl_moments own = pl_proof_over(stand, b, LUCK);
        double error = pl_moments_standard_error(&own);
        double z = error > 0.0 ? own.mean / error : 0.0;
        off += fabs(z) > 2.0 ? 1 : 0;
        bots++;
        if (fabs(z) > fabs(worst)) {
            worst = z;
            worst_bot = b;
        }
    }
    figure = add(list, "A4", "each bot within 2 SE", bots);
    snprintf(figure->what, sizeof figure->what, "bots whose mean luck is beyond 2 SE");
    figure->value = off;
    figure->verdict = off <= (bots + 19) / 20 ? PL_PROOF_MET : PL_PROOF_MISSED;
    snprintf(figure->note,
             sizeof figure->note,
             "largest z %.1f (%s); chance alone gives %.1f of %u",
             worst,
             def_of(stand, worst_bot)->name,
             0.05 * bots,
             bots);
}

static void unbiased(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    uint32_t missed = 0;
    uint32_t met = 0;
    uint32_t bots = 0;
    char names[PL_PROOF_TEXT_MAX] = "";
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        struct pl_moments own = pl_proof_over(stand, b, LUCK);
        struct pl_moments damage = pl_proof_over(stand, b, DAMAGE);
        if (pl_proof_informed(stand, b) || own.count < 2) {
            continue;
        }
        pl_interval interval = pl_interval_of_mean(&own, 0.95);
        double limit = 0.03 * damage.mean;
        bots++;
        met += interval.low >= -limit && interval.high <= limit ? 1 : 0;
        if (interval.low > limit || interval.high < -limit) {
            missed++;
            size_t size = strlen(names);
            snprintf(names + size,
                     sizeof names - size,
                     "%s%s %+.0f %%",
                     size > 0 ? ", " : "",
                     def_of(stand, b)->name,
                     -100.0 * own.mean / damage.mean);
        }
    }
    if (bots == 0) {
        absent(list, "A5", "adjusted damage of each bot", "no bot has played two forms");
        return;
    }
    struct pl_proof_figure *figure = add(list, "A5", "0", bots);
    snprintf(figure->what,
             sizeof figure->what,
             "bots whose mean adjusted damage is surely off by more than 3 %%");
    figure->value = missed;
    figure->verdict = missed > 0 ? PL_PROOF_MISSED : met == bots ? PL_PROOF_MET : PL_PROOF_OPEN;
    snprintf(figure->note,
             sizeof figure->note,
             "%u of %u surely within 3 %%%s%.200s",
             met,
             bots,
             missed > 0 ? "; off: " : "",
             names);
}

/* Knowledge from elsewhere has to show as luck. */
static void informed(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    static const char *const names[] = {"oracle", "lucky-prior"};
    static double values[PL_PROOF_ROWS_MAX];
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint32_t b = pl_proof_bot(stand, names[i]);
        if (b == PL_NONE || stand->form_count < 2) {
            continue;
        }
        double se = 0.0;
        for (uint32_t f = 0; f < stand->form_count; f++) {
            const struct pl_proof_row *row = &stand->rows[f * stand->bot_count + b];
            values[f] = row->luck;
            se += row->luck_se / stand->form_count;
        }
        struct pl_proof_figure *figure = add(list, "A5", "< -3", stand->form_count);
        snprintf(figure->what, sizeof figure->what, "z of the luck of %s, which knows", names[i]);
        figure->value = pl_audit_private(values, stand->form_count, se);
        figure->verdict = figure->value < -3.0 ? PL_PROOF_MET : PL_PROOF_MISSED;
    }
}

/* ---- A6: what the score is good for --------------------------------------------------------- */

static void criterion(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    static double decision[PL_PROOF_ROWS_MAX];
    static double outcome[PL_PROOF_ROWS_MAX];
    static double others[PL_PROOF_ROWS_MAX];
    double means[PL_PROOF_BOTS_MAX];
    double worth[PL_PROOF_BOTS_MAX];
    uint32_t bots = 0;
    uint32_t pairs = 0;
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        struct pl_moments own = pl_proof_over(stand, b, DECISION);
        struct pl_moments damage = pl_proof_over(stand, b, DAMAGE);
        if (pl_proof_informed(stand, b) || own.count < 2) {
            continue;
        }
        means[bots] = own.mean;
        worth[bots++] = -stand->fresh[b];
        for (uint32_t f = 0; f < stand->form_count; f++) {
            double one = at(stand, b, f, DECISION);
            double suffered = at(stand, b, f, DAMAGE);
            if (!isnan(one)) {
                double count = (double)damage.count;
                decision[pairs] = one;
                outcome[pairs] = -suffered;
                others[pairs++] = -(damage.mean * count - suffered) / (count - 1.0);
            }
        }
    }
    if (bots < 3 || stand->fresh_count == 0) {
        absent(list, "A6", "criterion", "fewer than three bots with two forms, or no fresh forms");
        return;
    }
    struct pl_proof_figure *figure = add(list, "A6", ">= .95", bots);
    snprintf(figure->what,
             sizeof figure->what,
             "correlation over bots of mean S_dec and worth of the policy on fresh forms");
    figure->value = pl_correlation(means, worth, bots);
    at_least(figure, 0.95);
    figure = add(list, "A6", "> the outcome's", pairs);
    snprintf(figure->what,
             sizeof figure->what,
             "correlation of one incident's S_dec with the policy's damage on other forms");
    figure->value = pl_correlation(decision, others, pairs);
    double realised = pl_correlation(outcome, others, pairs);
    figure->verdict = figure->value > realised ? PL_PROOF_MET : PL_PROOF_MISSED;
    snprintf(figure->note, sizeof figure->note, "of the realised damage: %.2f", realised);
}

/* ---- A7: gamers ----------------------------------------------------------------------------- */

static void pair(const struct pl_proof_stand *stand,
                 const char *low,
                 const char *high,
                 double margin,
                 struct pl_proof_list *list)
{
    uint32_t a = pl_proof_bot(stand, low);
    uint32_t b = pl_proof_bot(stand, high);
    struct pl_moments gap = {0};
    if (a == PL_NONE || b == PL_NONE) {
        return;
    }
    for (uint32_t f = 0; f < stand->form_count; f++) {
        double difference = at(stand, a, f, SCORE) - at(stand, b, f, SCORE);
        if (!isnan(difference)) {
            pl_moments_add(&gap, difference);
        }
    }
    char target[48];
    char what[PL_PROOF_TEXT_MAX];
    snprintf(target, sizeof target, "<= %.1f points", margin);
    snprintf(what, sizeof what, "score of %s above that of %s", low, high);
    if (gap.count < 2) {
        absent(list, "A7", what, "fewer than two forms that both have played");
        return;
    }
    struct pl_proof_figure *figure = add(list, "A7", target, 0);
    memcpy(figure->what, what, sizeof figure->what);
    set_mean(figure, &gap);
    at_most(figure, margin);
}

static void gaming(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    uint32_t count = 0;
    double margin = 0.2 * pl_proof_incident_sd(stand, &count) / sqrt((double)GROUP);
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        if (def_of(stand, b)->twin != NULL) {
            pair(stand, def_of(stand, b)->name, def_of(stand, b)->twin, margin, list);
        }
    }
    pair(stand, "metric-tourist", "greedy-info", 0.0, list);
    uint32_t lucky = pl_proof_bot(stand, "lucky-prior");
    uint32_t acts = 0;
    uint32_t bare = 0;
    for (uint32_t i = 0; i < stand->row_count && lucky != PL_NONE; i++) {
        acts += stand->rows[i].bot == lucky && stand->rows[i].acts > 0 ? 1 : 0;
        bare += stand->rows[i].bot == lucky && stand->rows[i].unsupported > 0 ? 1 : 0;
    }
    if (acts > 0) {
        pl_interval share = pl_interval_of_proportion(bare, acts, 0.95);
        struct pl_proof_figure *figure = add(list, "A7", ">= .80", acts);
        snprintf(figure->what,
                 sizeof figure->what,
                 "sessions of lucky-prior with an act that is called unsupported");
        set(figure, share.estimate, share.low, share.high);
        at_least(figure, 0.80);
    }
}

/* ---- A8, A9, A12: the same sessions otherwise ----------------------------------------------- */

static void over_banks(const struct pl_proof_stand *stand,
                       const struct pl_proof_sturdy *sturdy,
                       struct pl_proof_list *list)
{
    uint32_t count = 0;
    double sd = pl_proof_incident_sd(stand, &count);
    if (sturdy->banks == 0 || !(sd > 0.0)) {
        absent(list,
               "A8",
               "Monte-Carlo error of the score over banks",
               sturdy->banks == 0 ? "no time was left for another bank" : "one form says no SEM");
        return;
    }
    struct pl_proof_figure *figure = add(list, "A8", "<= .25", sturdy->sessions);
    snprintf(figure->what,
             sizeof figure->what,
             "Monte-Carlo error of the score over banks, as a share of the SEM of one incident");
    figure->value = sturdy->score_sd / sd;
    at_most(figure, 0.25);
    snprintf(figure->note,
             sizeof figure->note,
             "%u banks; %.1f points of %.1f; of S_dec alone %.1f",
             sturdy->banks + 1,
             sturdy->score_sd,
             sd,
             sturdy->bank_sd);
}

static void sturdiness(const struct pl_proof_stand *stand,
                       const struct pl_proof_sturdy *sturdy,
                       struct pl_proof_list *list)
{
    if (sturdy == NULL || sturdy->sessions == 0) {
        absent(list, "A8", "other banks, constants and encodings", "no session was judged again");
        return;
    }
    struct pl_proof_figure *figure = add(list, "A8", "all", sturdy->compared);
    snprintf(figure->what, sizeof figure->what, "sessions that give the same bytes again");
    figure->value = sturdy->same;
    figure->verdict = sturdy->same == sturdy->compared ? PL_PROOF_MET : PL_PROOF_MISSED;
    over_banks(stand, sturdy, list);
    for (uint32_t w = 0; w < sturdy->way_count; w++) {
        figure = add(list, "A9", "tau >= .9, flips <= 5 %", sturdy->sessions);
        snprintf(figure->what,
                 sizeof figure->what,
                 "Kendall's tau of S_dec over sessions, %s",
                 sturdy->ways[w].name);
        figure->value = sturdy->tau[w];
        bool holds = sturdy->tau[w] >= 0.9 && sturdy->flips[w] <= 0.05;
        /* An order of few sessions is kept by chance. */
        figure->verdict = !holds                          ? PL_PROOF_MISSED
                          : sturdy->sessions < ORDERS_MIN ? PL_PROOF_OPEN
                                                          : PL_PROOF_MET;
        snprintf(figure->note,
                 sizeof figure->note,
                 "support of %.0f %% of %u acts changes",
                 100.0 * sturdy->flips[w],
                 sturdy->acts);
    }
    figure = add(list, "A12", "all", sturdy->compared);
    snprintf(figure->what,
             sizeof figure->what,
             "sessions whose commands are written another way and give the same bytes");
    figure->value = sturdy->recoded;
    figure->verdict = sturdy->recoded == sturdy->compared ? PL_PROOF_MET : PL_PROOF_MISSED;
}

/* ---- Beliefs -------------------------------------------------------------------------------- */

static void add_ece(struct pl_proof_list *list, const struct pl_ece *ece, const char *of)
{
    double count = 0.0;
    for (uint32_t i = 0; i < PL_ECE_BINS; i++) {
        count += ece->count[i];
    }
    if (!(count > 0.0)) {
        return;
    }
    struct pl_proof_figure *figure = add(list, "ECE", "<= .03", (uint32_t)count);
    snprintf(figure->what, sizeof figure->what, "calibration error of beliefs, %s", of);
    figure->value = pl_ece_error(ece);
    double chance = pl_ece_chance(ece);
    figure->verdict = figure->value <= 0.03            ? PL_PROOF_MET
                      : figure->value - chance <= 0.03 ? PL_PROOF_OPEN
                                                       : PL_PROOF_MISSED;
    snprintf(figure->note, sizeof figure->note, "chance alone gives %.3f", chance);
}

static void beliefs(const struct pl_proof_stand *stand,
                    const struct pl_proof_held *held,
                    struct pl_proof_list *list)
{
    struct pl_moments gap = {0};
    for (uint32_t f = 0; f < stand->form_count; f++) {
        double sum = 0.0;
        for (uint32_t b = 0; b < stand->bot_count; b++) {
            const struct pl_proof_row *row = &stand->rows[f * stand->bot_count + b];
            sum += (row->truth_bits - row->expected_loo) / stand->bot_count;
        }
        pl_moments_add(&gap, sum);
    }
    if (gap.count >= 2) {
        struct pl_proof_figure *figure = add(list, "LED", "0 within 2 SE", 0);
        snprintf(figure->what,
                 sizeof figure->what,
                 "ledger over sessions: bits for the truth minus expected bits");
        set_mean(figure, &gap);
        around_zero(figure);
        add_ece(list, &stand->ece, "classes at the end of sessions");
    }
    if (held == NULL || held->sessions == 0) {
        return;
    }
    struct pl_proof_figure *figure = add(list, "LED", "0 within 2 SE", 0);
    snprintf(figure->what,
             sizeof figure->what,
             "ledger over held-out worlds, six random looks, full stream");
    set_mean(figure, &held->gap);
    around_zero(figure);
    snprintf(figure->note,
             sizeof figure->note,
             "%u sessions; against the mixture %.2f; perceived stream %.2f",
             held->sessions,
             held->gap_mix.mean,
             held->gap_perceived.mean);
    add_ece(list, &held->ece, "classes, held-out worlds");
    add_ece(list, &held->top, "leading class, held-out worlds");
    figure = add(list, "Q8", "< .05", held->looks);
    snprintf(figure->what, sizeof figure->what, "looks after which the belief is called unstable");
    pl_interval share = pl_interval_of_proportion(held->unstable, held->looks, 0.95);
    set(figure, share.estimate, share.low, share.high);
    at_most(figure, 0.05);
    figure = add(list, "ETA", "", held->eta_sessions);
    snprintf(figure->what, sizeof figure->what, "learning rate that suits held-out worlds best");
    figure->value = held->eta;
    snprintf(figure->note,
             sizeof figure->note,
             "mean log2 of the truth's probability %.2f with it, %.2f with 1",
             held->score_eta,
             held->score_one);
}

static int ascending(const void *a, const void *b)
{
    double one;
    double other;
    memcpy(&one, a, sizeof one);
    memcpy(&other, b, sizeof other);
    return one < other ? -1 : one > other ? 1 : 0;
}

uint32_t pl_proof_search_s(const struct pl_proof_stand *stand, double *search_s)
{
    static double fitted[PL_PROOF_ROWS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < stand->row_count; i++) {
        if (!isnan(stand->rows[i].search_s)) {
            fitted[count++] = stand->rows[i].search_s;
        }
    }
    qsort(fitted, count, sizeof fitted[0], ascending);
    *search_s = count > 0 ? fitted[count / 2] : 0.0;
    return count;
}

/* What the sessions themselves would set the constants to. */
static void constants(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    double search_s = 0.0;
    uint32_t acts = pl_proof_search_s(stand, &search_s);
    if (stand->look_count > 0) {
        struct pl_temper_def def = {
            .belief = stand->belief_def, .looks = stand->looks, .count = stand->look_count};
        struct pl_temper temper = pl_temper_fit(&def);
        struct pl_proof_figure *figure = add(list, "ETA", "", temper.sessions);
        snprintf(figure->what, sizeof figure->what, "learning rate that suits the sessions best");
        figure->value = temper.eta;
        snprintf(figure->note,
                 sizeof figure->note,
                 "mean log2 of the truth's probability %.2f with it, %.2f with 1; in force %.2f",
                 temper.score,
                 temper.score_at_1,
                 stand->constants->eta);
    }
    if (acts > 0) {
        struct pl_proof_figure *figure = add(list, "INV", "", acts);
        snprintf(figure->what,
                 sizeof figure->what,
                 "seconds of looking per bit at which the cheap value equals the search, median");
        figure->value = search_s;
        snprintf(
            figure->note, sizeof figure->note, "in force %.0f", stand->constants->search_s_per_bit);
    }
}

/* Three incidents of a middling bot, as a person's report would show them. */
static void shrink(const struct pl_proof_stand *stand, struct pl_proof_list *list)
{
    static double score[PL_PROOF_ROWS_MAX];
    uint32_t b = pl_proof_bot(stand, "greedy-info");
    if (b == PL_NONE || stand->form_count < GROUP) {
        return;
    }
    uint32_t persons = design(stand, false, SCORE, score);
    if (persons < 2) {
        return;
    }
    struct pl_moments all = {0};
    for (uint32_t i = 0; i < persons * stand->form_count; i++) {
        pl_moments_add(&all, score[i]);
    }
    struct pl_components parts = pl_components_of(score, persons, stand->form_count);
    double reliable = pl_generalisability(&parts, GROUP);
    reliable = reliable < 0.0 ? 0.0 : reliable;
    struct pl_figure scores[GROUP];
    for (uint32_t f = 0; f < GROUP; f++) {
        const struct pl_proof_row *row = &stand->rows[f * stand->bot_count + b];
        if (isnan(row->score)) {
            return;
        }
        scores[f] = pl_figure_of(row->score, row->score_se);
    }
    struct pl_score_mean mean = pl_score_shrink(scores, GROUP, all.mean, reliable);
    struct pl_proof_figure *figure = add(list, "S", "", GROUP);
    snprintf(figure->what,
             sizeof figure->what,
             "greedy-info after three incidents, shrunk to the mean of all bots, points");
    set(figure, mean.shrunk.value, mean.low95, mean.high95);
    snprintf(figure->note,
             sizeof figure->note,
             "raw %.0f, mean of all %.0f, reliability %.2f",
             mean.raw.value,
             all.mean,
             reliable);
}

void pl_proof_figures(const struct pl_proof_stand *stand,
                      const struct pl_proof_held *held,
                      const struct pl_proof_sturdy *sturdy,
                      struct pl_proof_list *list)
{
    PL_CHECK(stand != NULL && list != NULL);
    list->count = 0;
    tiers(stand, list);
    ladder(stand, list);
    reliability(stand, list);
    luck(stand, list);
    unbiased(stand, list);
    informed(stand, list);
    criterion(stand, list);
    gaming(stand, list);
    sturdiness(stand, sturdy, list);
    beliefs(stand, held, list);
    constants(stand, list);
    shrink(stand, list);
}
