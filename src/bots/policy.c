// SPDX-License-Identifier: Apache-2.0
#include "bots/policy.h"

#include "base/check.h"
#include "base/fmath.h"
#include "bots/habit.h"
#include "scenario/scenario.h"

#include <string.h>

enum { TUNNEL_LOOKS = 3, SPAM_LOOKS = 12, SUPPORT_LOOKS = 8 };

#define IDLE_S        120.0
#define TOURIST_SHARE 0.6 /* of the time: then even a tourist acts */
#define DITHER_SHARE  0.8 /* of the time: then even a ditherer acts */
#define LUCKY_RIGHT   0.6 /* how often the private guess is right */
#define LUCK_BELOW    0.5 /* what a harmful move may leave where it happens to help */
#define CERTAIN       0.97
#define OVERDUE_S     30.0 /* an answer that should be there comes soon */
#define COVERED       0.8  /* share of belief that blind moves have to cure */
#define TEMPERATURE   0.08 /* of the ladder's choice, times s, on the log of the damage */

/* ---- Belief --------------------------------------------------------------------------------- */

static void believe_mostly(struct pl_bot *bot, uint32_t cause, double p)
{
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        bot->belief[c] = (1.0 - p) * knowledge->causes[c].prior + (c == cause ? p : 0.0);
    }
}

void pl_policy_believe(struct pl_bot *bot)
{
    PL_CHECK(bot != NULL && bot->setup.knowledge != NULL);
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    if (bot->setup.def->policy == PL_BOT_ORACLE) {
        believe_mostly(bot, bot->setup.cause, CERTAIN);
        return;
    }
    if (bot->setup.def->policy == PL_BOT_LUCKY && bot->favourite != PL_NONE) {
        believe_mostly(bot, bot->favourite, 0.8);
        return;
    }
    pl_filter_posterior(&bot->filter, bot->belief);
    if (bot->setup.def->noise > 0.0) {
        for (uint32_t c = 0; c < knowledge->cause_count; c++) {
            double p = bot->belief[c] > 1e-9 ? bot->belief[c] : 1e-9;
            bot->belief[c] = pl_log(p) + bot->distortion[c];
        }
        pl_filter_normalise(bot->belief, knowledge->cause_count);
    }
}

/* How much of a cause is still believed in: what was cured blindly is not looked for again. */
static double open_belief(const struct pl_bot *bot, uint32_t cause)
{
    double relieved = pl_bot_is_blind(bot) ? pl_bot_relieved(bot, cause) : 0.0;
    return bot->belief[cause] * (1.0 - relieved);
}

static uint32_t likeliest(const struct pl_bot *bot)
{
    uint32_t best = 0;
    for (uint32_t c = 1; c < bot->setup.knowledge->cause_count; c++) {
        best = open_belief(bot, c) > open_belief(bot, best) ? c : best;
    }
    return best;
}

void pl_policy_look(struct pl_bot *bot, uint32_t look, const uint8_t *levels)
{
    PL_CHECK(bot != NULL && levels != NULL);
    uint32_t time = pl_knowledge_time(bot->t_s);
    if (bot->setup.def->policy == PL_BOT_CHECKLIST) {
        if (bot->list_count < PL_BOT_NAMES_MAX) {
            bot->list_looks[bot->list_count] = look;
            memcpy(bot->list_levels[bot->list_count++], levels, PL_KNOWN_TRAITS_MAX);
        }
        return;
    }
    if (bot->setup.def->policy == PL_BOT_TUNNEL && bot->favourite != PL_NONE) {
        /* What speaks against the favourite is not seen. */
        double likelihood[PL_KNOWN_CAUSES_MAX];
        double mixed = 0.0;
        pl_filter_likelihood(&bot->filter, look, time, levels, likelihood);
        for (uint32_t c = 0; c < bot->setup.knowledge->cause_count; c++) {
            mixed += bot->belief[c] * pl_exp(likelihood[c] - likelihood[bot->favourite]);
        }
        if (mixed > 1.0) {
            return;
        }
    }
    pl_filter_look(&bot->filter, look, time, levels);
    pl_policy_believe(bot);
}

void pl_policy_failed(struct pl_bot *bot)
{
    PL_CHECK(bot != NULL);
    if (bot->setup.knowledge == NULL) {
        return;
    }
    if (bot->remedy < PL_KNOWN_REMEDIES_MAX) {
        pl_filter_move(&bot->filter, bot->remedy, 0);
    }
    if (bot->setup.def->policy == PL_BOT_GREEDY || bot->setup.def->policy == PL_BOT_PLANNER) {
        /* The world has changed: what was seen may be seen anew; people would say the same. */
        bot->looked &= bot->questions;
    }
    if (bot->setup.def->policy == PL_BOT_LUCKY) {
        bot->favourite = PL_NONE;
    }
    if (bot->setup.def->policy != PL_BOT_CHECKLIST) {
        pl_policy_believe(bot);
    }
}

static struct pl_plan plan_of(const struct pl_bot *bot)
{
    struct pl_plan plan = {.filter = &bot->filter,
                           .t_s = bot->t_s,
                           .left_s = bot->ends_s - bot->t_s,
                           .looked = bot->looked,
                           .tried = bot->tried};
    memcpy(plan.posterior, bot->belief, sizeof plan.posterior);
    plan.busy = pl_bot_busy(bot);
    plan.pending = bot->pending;
    for (uint32_t i = 0; i < PL_KNOWN_LOOKS_MAX; i++) {
        double wait_s = bot->due_s[i] - bot->t_s;
        plan.waits_s[i] = wait_s > OVERDUE_S ? wait_s : OVERDUE_S;
    }
    for (uint32_t c = 0; pl_bot_is_blind(bot) && c < bot->setup.knowledge->cause_count; c++) {
        plan.relieved[c] = pl_bot_relieved(bot, c);
    }
    plan.may_rest = pl_bot_is_blind(bot) && bot->act_count > 0;
    return plan;
}

/* ---- Moves ---------------------------------------------------------------------------------- */

/* Act against a cause; when nothing is left against it, whatever costs least. */
static void act_against(struct pl_bot *bot, uint32_t cause)
{
    struct pl_plan plan = plan_of(bot);
    double cost = 0.0;
    uint32_t move = pl_plan_move_against(&plan, cause);
    move = move < PL_KNOWN_REMEDIES_MAX ? move : pl_plan_best_move(&plan, bot->belief, &cost);
    if (bot->setup.def->trick == PL_BOT_WAITS || move == PL_KNOWN_REMEDIES_MAX) {
        pl_bot_push_wait(bot, IDLE_S);
        return;
    }
    if (bot->setup.def->trick == PL_BOT_SPAMS_LOOKS && bot->act_count == 0) {
        static const char *const cheap[] = {"people", "status", "alerts", "topology"};
        for (uint32_t i = 0; i < SPAM_LOOKS; i++) {
            struct pl_buf out;
            (void)pl_bot_push(bot, PL_EXPECT_NOTHING, &out);
            pl_speech_look(&out, cheap[i % (sizeof cheap / sizeof cheap[0])]);
        }
    }
    pl_bot_push_remedy(bot, move);
}

/* Take a look, or wait for its answer when it is a question that was asked. */
static void take(struct pl_bot *bot, uint32_t look)
{
    if ((bot->pending >> look & 1) != 0) {
        pl_bot_push_wait_answer(bot);
    } else {
        pl_bot_push_look(bot, look);
    }
}

/* Look at the best, or act when sure enough or nothing is left to see. */
static void greedy_step(struct pl_bot *bot)
{
    struct pl_plan plan = plan_of(bot);
    struct pl_plan_look best;
    uint32_t top = likeliest(bot);
    double threshold = bot->setup.def->threshold;
    bool late = bot->t_s > DITHER_SHARE * bot->ends_s;
    if (bot->belief[top] < threshold && !late && pl_plan_rank(&plan, &best, 1) == 1) {
        take(bot, best.look);
        return;
    }
    act_against(bot, top);
}

/* ---- Planner and ladder --------------------------------------------------------------------- */

enum option_kind { OPTION_MOVE, OPTION_LOOK, OPTION_REST };

struct option {
    uint32_t kind; /* enum option_kind */
    uint32_t index;
    double cost;
};

/* The cheapest, or on the ladder one by chance: the dearer the rarer. */
static uint32_t choose(struct pl_bot *bot, const struct option *options, uint32_t count)
{
    double s = bot->setup.def->noise;
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++) {
        best = options[i].cost < options[best].cost ? i : best;
    }
    if (s <= 0.0) {
        return best;
    }
    double shares[PL_KNOWN_REMEDIES_MAX + PL_PLAN_LOOKS_MAX + 1];
    for (uint32_t i = 0; i < count; i++) {
        double cost = options[i].cost > 1e-6 ? options[i].cost : 1e-6;
        shares[i] = -pl_log(cost) / (TEMPERATURE * s);
    }
    pl_filter_normalise(shares, count);
    double draw = pl_bot_draw(bot);
    for (uint32_t i = 0; i < count; i++) {
        draw -= shares[i];
        if (draw < 0.0) {
            return i;
        }
    }
    return best;
}

static void planner_step(struct pl_bot *bot)
{
    struct pl_plan plan = plan_of(bot);
    struct pl_plan_look looks[PL_PLAN_LOOKS_MAX];
    struct option options[PL_KNOWN_REMEDIES_MAX + PL_PLAN_LOOKS_MAX + 1];
    uint32_t count = 0;
    for (uint32_t i = 0; i < bot->setup.knowledge->remedy_count; i++) {
        if ((bot->tried >> i & 1) == 0) {
            options[count++] =
                (struct option){OPTION_MOVE, i, pl_plan_move(&plan, plan.posterior, i)};
        }
    }
    uint32_t look_count = pl_plan_looks(&plan, looks);
    for (uint32_t i = 0; i < look_count; i++) {
        options[count++] = (struct option){OPTION_LOOK, looks[i].look, looks[i].cost};
    }
    if (plan.may_rest) {
        options[count++] = (struct option){OPTION_REST, 0, pl_plan_rest(&plan, plan.posterior)};
    }
    if (count == 0) {
        pl_bot_push_wait(bot, IDLE_S);
        return;
    }
    const struct option *chosen = &options[choose(bot, options, count)];
    if (chosen->kind == OPTION_LOOK) {
        take(bot, chosen->index);
    } else if (chosen->kind == OPTION_MOVE) {
        pl_bot_push_remedy(bot, chosen->index);
    } else {
        pl_bot_push_well(bot);
    }
}

/* ---- Biased policies ------------------------------------------------------------------------ */

static void tourist_step(struct pl_bot *bot)
{
    for (uint32_t i = 0; i < bot->setup.knowledge->look_count; i++) {
        bool late = bot->t_s > TOURIST_SHARE * bot->ends_s;
        if (bot->act_count == 0 && !late && pl_bot_can_look(bot, i)) {
            pl_bot_push_look(bot, i);
            return;
        }
    }
    if (bot->act_count == 0 && bot->pending != 0 && bot->t_s <= TOURIST_SHARE * bot->ends_s) {
        pl_bot_push_wait_answer(bot); /* somebody still owes an answer */
        return;
    }
    act_against(bot, likeliest(bot));
}

/* A cause drawn from a belief, `but` left out (PL_NONE: none is). */
static uint32_t draw_cause(struct pl_bot *bot, const double *belief, uint32_t but)
{
    uint32_t count = bot->setup.knowledge->cause_count;
    double sum = 0.0;
    for (uint32_t c = 0; c < count; c++) {
        sum += c != but ? belief[c] : 0.0;
    }
    double draw = pl_bot_draw(bot) * sum;
    uint32_t last = 0;
    for (uint32_t c = 0; c < count; c++) {
        if (c == but || belief[c] <= 0.0) {
            continue;
        }
        last = c;
        draw -= belief[c];
        if (draw < 0.0) {
            return c;
        }
    }
    return last;
}

/* The look that would speak for a cause most clearly if it were the one. */
static uint32_t supporting_look(const struct pl_bot *bot, uint32_t cause)
{
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    uint32_t time = pl_knowledge_time(bot->t_s);
    uint32_t best = PL_KNOWN_LOOKS_MAX;
    double most = 0.0;
    for (uint32_t i = 0; i < knowledge->look_count; i++) {
        double support = 0.0;
        uint32_t used = 0;
        if (!pl_bot_can_look(bot, i) || knowledge->looks[i].trait_count == 0) {
            continue;
        }
        for (uint32_t f = 0; f < knowledge->form_count && used < SUPPORT_LOOKS; f++) {
            double likelihood[PL_KNOWN_CAUSES_MAX];
            if (knowledge->form_causes[f] != cause) {
                continue;
            }
            pl_filter_likelihood(
                &bot->filter, i, time, knowledge->looks[i].levels[time][f], likelihood);
            for (uint32_t c = 0; c < knowledge->cause_count; c++) {
                support += likelihood[cause] - likelihood[c];
            }
            used++;
        }
        support /= used > 0 ? (double)used : 1.0;
        if (best == PL_KNOWN_LOOKS_MAX || support > most) {
            best = i;
            most = support;
        }
    }
    return best;
}

static void tunnel_step(struct pl_bot *bot)
{
    if (bot->step == 0) {
        bot->step = 1;
        pl_bot_push_look(bot, 0);
        return;
    }
    if (bot->favourite == PL_NONE) {
        bot->favourite = draw_cause(bot, bot->belief, PL_NONE);
        bot->look_count = 0;
    }
    uint32_t look = supporting_look(bot, bot->favourite);
    if (bot->look_count < TUNNEL_LOOKS && look < PL_KNOWN_LOOKS_MAX) {
        pl_bot_push_look(bot, look);
        return;
    }
    struct pl_plan plan = plan_of(bot);
    if (pl_plan_move_against(&plan, bot->favourite) < PL_KNOWN_REMEDIES_MAX) {
        act_against(bot, bot->favourite);
        return;
    }
    /* Everything against the favourite has been tried: another one. */
    bot->favourite = draw_cause(bot, bot->belief, bot->favourite);
    bot->look_count = 0;
    pl_bot_push_wait(bot, IDLE_S / 2.0);
}

/* One look at the panel of the page, then the likeliest; one more after each failure. */
static void premature_step(struct pl_bot *bot)
{
    uint32_t look = 1 + bot->act_count;
    if (bot->look_count == 0 && look < bot->setup.knowledge->look_count) {
        pl_bot_push_look(bot, look);
        return;
    }
    act_against(bot, likeliest(bot));
}

static void lucky_step(struct pl_bot *bot)
{
    if (bot->favourite == PL_NONE) {
        double prior[PL_KNOWN_CAUSES_MAX];
        for (uint32_t c = 0; c < bot->setup.knowledge->cause_count; c++) {
            prior[c] = bot->setup.knowledge->causes[c].prior;
        }
        bot->favourite = pl_bot_draw(bot) < LUCKY_RIGHT ? bot->setup.cause
                                                        : draw_cause(bot, prior, bot->setup.cause);
        pl_policy_believe(bot);
    }
    act_against(bot, bot->favourite);
}

/* Of the moves that happen to help, the one that harms most on average. */
static void harmful_step(struct pl_bot *bot)
{
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    uint32_t worst = PL_KNOWN_REMEDIES_MAX;
    double most = 0.0;
    for (uint32_t i = 0; i < knowledge->remedy_count; i++) {
        double harm = 0.0;
        for (uint32_t c = 0; c < knowledge->cause_count; c++) {
            harm += knowledge->causes[c].prior * knowledge->remedies[i].left[c];
        }
        if ((bot->tried >> i & 1) == 0 &&
            knowledge->remedies[i].left[bot->setup.cause] < LUCK_BELOW &&
            (worst == PL_KNOWN_REMEDIES_MAX || harm > most)) {
            worst = i;
            most = harm;
        }
    }
    if (worst < PL_KNOWN_REMEDIES_MAX) {
        pl_bot_push_remedy(bot, worst);
    } else {
        pl_bot_push_wait(bot, IDLE_S);
    }
}

/* Nothing shows whether users are well: a bot is done when it has acted against what it believes,
 * the planner when nothing more pays. */
static bool is_done(const struct pl_bot *bot)
{
    double covered = 0.0;
    for (uint32_t c = 0; c < bot->setup.knowledge->cause_count; c++) {
        covered += bot->belief[c] - open_belief(bot, c);
    }
    switch (bot->setup.def->policy) {
    case PL_BOT_PLANNER:
        return false;
    case PL_BOT_TOURIST:
    case PL_BOT_GREEDY:
        return bot->done != 0 && covered >= COVERED;
    default:
        return bot->done != 0;
    }
}

/* Bots of few looks want to hear an answer before they go on. */
static bool waits_for_answers(const struct pl_bot *bot)
{
    uint32_t policy = bot->setup.def->policy;
    return policy == PL_BOT_TUNNEL || policy == PL_BOT_PREMATURE || policy == PL_BOT_CHECKLIST;
}

void pl_policy_step(struct pl_bot *bot)
{
    PL_CHECK(bot != NULL);
    if (pl_bot_is_blind(bot) && is_done(bot)) {
        pl_bot_push_well(bot);
        return;
    }
    if (waits_for_answers(bot) && bot->pending != 0) {
        pl_bot_push_wait_answer(bot);
        return;
    }
    switch (bot->setup.def->policy) {
    case PL_BOT_TOURIST:
        tourist_step(bot);
        return;
    case PL_BOT_TUNNEL:
        tunnel_step(bot);
        return;
    case PL_BOT_PREMATURE:
        premature_step(bot);
        return;
    case PL_BOT_GREEDY:
        greedy_step(bot);
        return;
    case PL_BOT_PLANNER:
        planner_step(bot);
        return;
    case PL_BOT_ORACLE:
        act_against(bot, bot->setup.cause);
        return;
    case PL_BOT_LUCKY:
        lucky_step(bot);
        return;
    case PL_BOT_HARMFUL:
        harmful_step(bot);
        return;
    default:
        pl_habit_step(bot);
        return;
    }
}
