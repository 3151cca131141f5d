// SPDX-License-Identifier: Apache-2.0
#include "bots/habit.h"

#include "base/check.h"
#include "bots/policy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RESTARTS_MAX = 5, RANDOM_ACTS_MAX = 6 };

#define IDLE_S    120.0 /* a wait of bots that have nothing to do */
#define AGAIN_S   180.0 /* between two reflexes */
#define MORE_PODS 2.5   /* times as many */
#define RULE_MIN  1.5   /* spreads that a rule's number has to lie apart */

/* ---- Changes -------------------------------------------------------------------------------- */

bool pl_habit_undo(const struct pl_bot_change *change, const char **action, char *value)
{
    PL_CHECK(change != NULL && action != NULL && value != NULL);
    value[0] = '\0';
    if (strcmp(change->kind, "deploy") == 0) {
        *action = "rollback";
        return true;
    }
    if (strcmp(change->kind, "cron") == 0) {
        *action = "stop-job";
        return true;
    }
    if (strcmp(change->kind, "flag") == 0) {
        /* `40 % -> 80 %` goes back to 40%; what cannot be read goes back to nothing. */
        size_t digits = strspn(change->text, "0123456789");
        *action = "flag";
        snprintf(value,
                 PL_BOT_NAME_SIZE,
                 "%.*s%%",
                 digits > 0 && digits <= 3 ? (int)digits : 1,
                 digits > 0 && digits <= 3 ? change->text : "0");
        return true;
    }
    return false;
}

static void rollback_step(struct pl_bot *bot)
{
    if (bot->step == 0) {
        struct pl_buf out;
        (void)pl_bot_push(bot, PL_EXPECT_CHANGES, &out);
        pl_speech_look(&out, "changes");
        bot->step = 1;
        return;
    }
    while (bot->step - 1 < bot->change_count) {
        const struct pl_bot_change *change = &bot->changes[bot->step++ - 1];
        const char *action = NULL;
        char value[PL_BOT_NAME_SIZE];
        if (pl_habit_undo(change, &action, value)) {
            bot->claim = *change;
            bot->has_claim = 1;
            pl_bot_push_act(bot, action, change->target, value[0] != '\0' ? value : NULL, 30.0);
            return;
        }
    }
    pl_bot_push_wait(bot, IDLE_S);
}

/* ---- Reflexes ------------------------------------------------------------------------------- */

static void restart_step(struct pl_bot *bot)
{
    if (bot->act_count >= RESTARTS_MAX) {
        pl_bot_push_wait(bot, IDLE_S);
    } else if (bot->step == 1) {
        bot->step = 0;
        pl_bot_push_wait(bot, AGAIN_S);
    } else {
        bot->step = 1;
        pl_bot_push_act(bot, "restart", bot->service, NULL, 30.0);
    }
}

static void scale_step(struct pl_bot *bot)
{
    struct pl_buf out;
    char pods[32];
    if (bot->service_count == 0 && bot->step == 0) {
        bot->step = 1;
        (void)pl_bot_push(bot, PL_EXPECT_TOPOLOGY, &out);
        pl_speech_look(&out, "topology");
        return;
    }
    /* Step 1 is the paged service, the others follow in their order. */
    while (bot->step <= bot->service_count) {
        uint32_t paged = 0;
        for (uint32_t i = 0; i < bot->service_count; i++) {
            paged = strcmp(bot->services[i], bot->service) == 0 ? i : paged;
        }
        uint32_t place = bot->step++ - 1;
        uint32_t service = place == 0 ? paged : place - 1 + (place - 1 >= paged ? 1U : 0U);
        if (bot->pods[service] >= 1.0) {
            snprintf(pods, sizeof pods, "%.0f", ceil(bot->pods[service] * MORE_PODS));
            pl_bot_push_act(bot, "scale", bot->services[service], pods, 45.0);
            return;
        }
    }
    pl_bot_push_wait(bot, IDLE_S);
}

static void random_step(struct pl_bot *bot)
{
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    double what = pl_bot_draw(bot);
    if (what < 0.55) {
        double pick = pl_bot_draw(bot) * (double)knowledge->look_count;
        pl_bot_push_look(bot, (uint32_t)pick);
    } else if (what < 0.70 && bot->act_count < RANDOM_ACTS_MAX && knowledge->remedy_count > 0) {
        double pick = pl_bot_draw(bot) * (double)knowledge->remedy_count;
        pl_bot_push_remedy(bot, (uint32_t)pick);
        bot->phase = PL_PHASE_WORK; /* it does not look whether that helped */
    } else {
        pl_bot_push_wait(bot, 60.0 + 120.0 * pl_bot_draw(bot));
    }
}

/* ---- Checklist ------------------------------------------------------------------------------ */

/* How far a cause's number lies from the mean of the others, in spreads; signed. */
static double apart(const struct pl_filter *filter,
                    uint32_t look,
                    uint32_t time,
                    uint32_t trait,
                    uint32_t cause,
                    double *border)
{
    const struct pl_filter_laws *laws = &filter->laws[time][look];
    uint32_t causes = filter->knowledge->cause_count;
    double others = 0.0;
    double spread = 0.0;
    for (uint32_t c = 0; c < causes; c++) {
        others += c != cause ? laws->means[c][trait] : 0.0;
        spread += laws->variances[c][trait];
    }
    others /= causes > 1 ? (double)(causes - 1) : 1.0;
    for (uint32_t c = 0; c < causes; c++) {
        double d = laws->means[c][trait] - others;
        spread += c != cause ? d * d : 0.0;
    }
    *border = 0.5 * (laws->means[cause][trait] + others);
    return (laws->means[cause][trait] - others) / sqrt(spread / (double)causes);
}

/* The trait that speaks most about a cause: how far it sets it apart, negative when it is against.
 */
struct sign {
    double strength;
    bool fires;
};

/* Read the traits of one look for a cause; the stronger of them and what was known stays. */
static void read_sign(const struct pl_filter *filter,
                      uint32_t look,
                      const uint8_t *levels,
                      uint32_t time,
                      uint32_t cause,
                      struct sign *sign)
{
    for (uint32_t k = 0; k < filter->knowledge->looks[look].trait_count; k++) {
        double border = 0.0;
        double d = apart(filter, look, time, k, cause, &border);
        if (fabs(d) > fabs(sign->strength)) {
            sign->strength = d;
            sign->fires = d > 0.0 ? (double)levels[k] > border : (double)levels[k] < border;
        }
    }
}

uint32_t pl_habit_rule(const struct pl_filter *filter,
                       const uint32_t *looks,
                       uint8_t (*levels)[PL_KNOWN_TRAITS_MAX],
                       uint32_t count,
                       uint32_t time,
                       const uint8_t *candidate)
{
    PL_CHECK(filter != NULL && looks != NULL && levels != NULL && candidate != NULL);
    uint32_t named = PL_KNOWN_CAUSES_MAX;
    double best = 0.0;
    for (uint32_t c = 0; c < filter->knowledge->cause_count; c++) {
        struct sign sign = {0.0, false};
        for (uint32_t i = 0; i < count && candidate[c] != 0; i++) {
            read_sign(filter, looks[i], levels[i], time, c, &sign);
        }
        if (sign.fires && fabs(sign.strength) > RULE_MIN && fabs(sign.strength) > best) {
            best = fabs(sign.strength);
            named = c;
        }
    }
    return named;
}

static void checklist_step(struct pl_bot *bot)
{
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    for (uint32_t i = 0; i < knowledge->look_count && bot->act_count == 0; i++) {
        if (knowledge->looks[i].checklist != 0 && (bot->looked >> i & 1) == 0) {
            pl_bot_push_look(bot, i);
            return;
        }
    }
    struct pl_plan plan = {
        .filter = &bot->filter, .left_s = bot->ends_s - bot->t_s, .tried = bot->tried};
    uint8_t candidate[PL_KNOWN_CAUSES_MAX];
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        candidate[c] = pl_plan_move_against(&plan, c) < PL_KNOWN_REMEDIES_MAX ? 1 : 0;
    }
    uint32_t cause = pl_habit_rule(&bot->filter,
                                   bot->list_looks,
                                   bot->list_levels,
                                   bot->list_count,
                                   pl_knowledge_time(bot->t_s),
                                   candidate);
    for (uint32_t c = 0; c < knowledge->cause_count && cause == PL_KNOWN_CAUSES_MAX; c++) {
        cause = candidate[c] != 0 ? c : cause; /* no rule: the first page of the book */
    }
    if (cause == PL_KNOWN_CAUSES_MAX) {
        pl_bot_push_wait(bot, IDLE_S);
        return;
    }
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        bot->belief[c] = 0.3 * knowledge->causes[c].prior + (c == cause ? 0.7 : 0.0);
    }
    pl_bot_push_remedy(bot, pl_plan_move_against(&plan, cause));
}

void pl_habit_step(struct pl_bot *bot)
{
    PL_CHECK(bot != NULL);
    switch (bot->setup.def->policy) {
    case PL_BOT_RANDOM:
        random_step(bot);
        return;
    case PL_BOT_RESTART:
        restart_step(bot);
        return;
    case PL_BOT_SCALE:
        scale_step(bot);
        return;
    case PL_BOT_ROLLBACK:
        rollback_step(bot);
        return;
    case PL_BOT_CHECKLIST:
        checklist_step(bot);
        return;
    default:
        pl_bot_push_wait(bot, IDLE_S);
        return;
    }
}
