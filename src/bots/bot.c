// SPDX-License-Identifier: Apache-2.0
//
//   answer -> sense -> (queue empty: talk if an update is due, else phase or policy) -> command
//
// Phases:  WORK -> act -> SETTLE -> CHECK -> WELL -> CLOSED
//            ^                       |  users are not well
//            +-----------------------+
#include "bots/bot.h"

#include "base/check.h"
#include "base/random.h"
#include "bots/bot_types.h"
#include "bots/health.h"
#include "bots/policy.h"
#include "scenario/scenario.h"
#include "text/json_in.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHECKS_MAX = 2 };

#define SETTLE_S       150.0 /* after an act has taken effect, before the first check */
#define RECHECK_S      120.0 /* before the second */
#define WATCH_S        240.0 /* users have to stay well for so long */
#define UPDATE_EARLY_S 40.0  /* updates are posted this much before they are due */
#define ANSWER_WAIT_S  300.0 /* then it is thought about again */
#define BETTER         0.8   /* badness after per badness before: something moves */

size_t pl_bot_size(void)
{
    return sizeof(struct pl_bot);
}

struct pl_bot *pl_bot_init(const struct pl_bot_setup *setup, void *memory)
{
    PL_CHECK(setup != NULL && setup->def != NULL && memory != NULL);
    PL_CHECK(setup->knowledge != NULL || setup->def->needs_lesson == 0);
    PL_CHECK(setup->cause != PL_NONE || setup->def->needs_cause == 0);
    struct pl_bot *bot = memory;
    memset(bot, 0, sizeof *bot);
    bot->setup = *setup;
    bot->setup.cause = setup->def->needs_cause != 0 ? setup->cause : PL_NONE;
    bot->remedy = PL_KNOWN_REMEDIES_MAX;
    bot->favourite = PL_NONE;
    bot->asked_s = -1.0;
    bot->next_update_s = 1e9;
    for (uint32_t i = 0; setup->knowledge != NULL && i < setup->knowledge->look_count; i++) {
        bool question = setup->knowledge->looks[i].person[0] != '\0';
        bot->questions |= question ? UINT64_C(1) << i : 0;
    }
    if (setup->knowledge != NULL) {
        uint32_t kind = setup->def->policy == PL_BOT_PLANNER ? PL_FILTER_KERNEL : PL_FILTER_CLASSES;
        pl_filter_init(&bot->filter, setup->knowledge, kind);
        bot->next_update_s = setup->knowledge->updates_first_s;
        for (uint32_t c = 0; c < setup->knowledge->cause_count; c++) {
            uint64_t bits = pl_random_bits(setup->seed, bot->draw++);
            bot->distortion[c] = 0.6 * setup->def->noise * pl_random_normal(bits);
        }
        pl_policy_believe(bot);
    }
    return bot;
}

double pl_bot_draw(struct pl_bot *bot)
{
    PL_CHECK(bot != NULL);
    return pl_random_unit(pl_random_bits(bot->setup.seed, bot->draw++));
}

/* ---- Queue ---------------------------------------------------------------------------------- */

struct pl_bot_intent *pl_bot_push(struct pl_bot *bot, uint32_t expect, struct pl_buf *out)
{
    PL_CHECK(bot->queue_count < PL_BOT_QUEUE_MAX);
    struct pl_bot_intent *intent =
        &bot->queue[(bot->queue_first + bot->queue_count++) % PL_BOT_QUEUE_MAX];
    intent->expect = expect;
    intent->look = 0;
    pl_buf_init(out, intent->command, sizeof intent->command);
    return intent;
}

void pl_bot_push_look(struct pl_bot *bot, uint32_t look)
{
    PL_CHECK(bot->setup.knowledge != NULL && look < bot->setup.knowledge->look_count);
    struct pl_buf out;
    struct pl_bot_intent *intent = pl_bot_push(bot, PL_EXPECT_LOOK, &out);
    intent->look = look;
    pl_buf_puts(&out, bot->setup.knowledge->looks[look].command);
    bot->looked |= UINT64_C(1) << look;
    bot->look_count++;
}

static void push_wait(struct pl_bot *bot, double seconds, bool wake)
{
    struct pl_buf out;
    double until_update = bot->next_update_s - UPDATE_EARLY_S - bot->t_s;
    if (until_update > 0.0 && until_update < seconds) {
        seconds = until_update;
    }
    (void)pl_bot_push(bot, PL_EXPECT_NOTHING, &out);
    pl_speech_wait(&out, ceil(seconds), wake);
}

void pl_bot_push_wait(struct pl_bot *bot, double seconds)
{
    push_wait(bot, seconds, false);
}

void pl_bot_push_wait_answer(struct pl_bot *bot)
{
    PL_CHECK(bot->pending != 0);
    push_wait(bot, ANSWER_WAIT_S, true);
}

uint64_t pl_bot_busy(const struct pl_bot *bot)
{
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    uint64_t busy = 0;
    for (uint32_t i = 0; bot->pending != 0 && i < knowledge->look_count; i++) {
        for (uint32_t k = 0; k < knowledge->look_count; k++) {
            bool same = (bot->pending >> k & 1) != 0 && knowledge->looks[i].person[0] != '\0' &&
                        strcmp(knowledge->looks[i].person, knowledge->looks[k].person) == 0;
            busy |= same ? UINT64_C(1) << i : 0;
        }
    }
    return busy;
}

bool pl_bot_can_look(const struct pl_bot *bot, uint32_t look)
{
    return ((bot->looked | pl_bot_busy(bot)) >> look & 1) == 0;
}

bool pl_bot_is_blind(const struct pl_bot *bot)
{
    return bot->setup.knowledge != NULL && bot->setup.knowledge->unseen != 0 &&
           bot->setup.def->policy >= PL_BOT_CHECKLIST;
}

double pl_bot_relieved(const struct pl_bot *bot, uint32_t cause)
{
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    double kept = 1.0;
    for (uint32_t i = 0; knowledge != NULL && i < knowledge->remedy_count; i++) {
        double left = knowledge->remedies[i].left[cause];
        kept *= (bot->done >> i & 1) != 0 && left < 1.0 ? left : 1.0;
    }
    return 1.0 - kept;
}

void pl_bot_push_belief(struct pl_bot *bot)
{
    struct pl_buf out;
    struct pl_speech_claim claims[PL_SPEECH_CLAIMS_MAX];
    static const double hedge[] = {0.4, 0.3, 0.3};
    uint32_t count = 0;
    if (bot->setup.def->trick == PL_BOT_AVOIDS) {
        return;
    }
    if (bot->has_claim != 0) {
        claims[count++] = (struct pl_speech_claim){.component = bot->claim.target,
                                                   .mechanism = "change",
                                                   .trigger = bot->claim.text,
                                                   .p = 0.5};
    } else if (bot->setup.knowledge != NULL) {
        double belief[PL_KNOWN_CAUSES_MAX];
        memcpy(belief, bot->belief, sizeof belief);
        if (bot->setup.def->trick == PL_BOT_HEDGES) {
            /* Flattened, so that there are always enough claims to share 40/30/30 among. */
            for (uint32_t c = 0; c < bot->setup.knowledge->cause_count; c++) {
                belief[c] = 0.5 * belief[c] + 0.5 * (bot->setup.knowledge->causes[c].prior + 0.1);
            }
        }
        count = pl_speech_claims(bot->setup.knowledge, belief, claims);
    }
    if (bot->setup.def->trick == PL_BOT_HEDGES) {
        count = count < 3 ? count : 3;
        for (uint32_t i = 0; i < count; i++) {
            claims[i].p = hedge[i];
        }
    }
    if (count > 0) {
        (void)pl_bot_push(bot, PL_EXPECT_NOTHING, &out);
        pl_speech_believe(&out, claims, count);
    }
}

static void push_update(struct pl_bot *bot, const char *status)
{
    char memory[600];
    struct pl_buf text;
    struct pl_buf out;
    struct pl_speech_claim claims[PL_SPEECH_CLAIMS_MAX];
    uint32_t count = bot->setup.knowledge != NULL
                         ? pl_speech_claims(bot->setup.knowledge, bot->belief, claims)
                         : 0;
    pl_buf_init(&text, memory, sizeof memory);
    if (strcmp(status, "monitoring") == 0 || strcmp(status, "resolved") == 0) {
        pl_buf_printf(&text, "%.60s is well again for customers.", bot->service);
    } else {
        pl_buf_printf(
            &text, "Requests to %.60s are slow or fail; customers feel it.", bot->service);
    }
    if (count > 0 && bot->setup.def->trick != PL_BOT_AVOIDS) {
        pl_buf_printf(&text,
                      " We suspect %.60s: %.100s (%.0f %%).",
                      claims[0].component,
                      claims[0].mechanism,
                      claims[0].p * 100.0);
    }
    if (bot->last_act[0] != '\0') {
        pl_buf_printf(&text, " Done so far: %.60s.", bot->last_act);
    }
    pl_buf_puts(&text,
                strcmp(status, "resolved") == 0 ? " This is the last update."
                                                : " We go on and write again at the next update.");
    (void)pl_bot_push(bot, PL_EXPECT_NOTHING, &out);
    pl_speech_update(&out, status, memory);
}

/* An act leads to SETTLE; the first one is preceded by what is believed. */
static void note_act(struct pl_bot *bot, const char *text, double lead_s)
{
    snprintf(bot->last_act, sizeof bot->last_act, "%.63s", text);
    bot->act_count++;
    bot->checks = 0;
    bot->look_count = 0;
    bot->act_refused = false;
    bot->phase = PL_PHASE_SETTLE;
    bot->lead_s = lead_s;
    bot->before_badness = (double)INFINITY;
}

void pl_bot_push_remedy(struct pl_bot *bot, uint32_t remedy)
{
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    PL_CHECK(knowledge != NULL && remedy < knowledge->remedy_count);
    struct pl_buf out;
    if (bot->act_count == 0) {
        pl_bot_push_belief(bot);
    }
    (void)pl_bot_push(bot, PL_EXPECT_ACT, &out);
    pl_buf_puts(&out, knowledge->remedies[remedy].command);
    bot->remedy = remedy;
    bot->tried |= UINT64_C(1) << remedy;
    note_act(bot, knowledge->remedies[remedy].text, knowledge->remedies[remedy].lead_s);
}

void pl_bot_push_act(
    struct pl_bot *bot, const char *action, const char *target, const char *value, double lead_s)
{
    char text[PL_BOT_NAME_SIZE];
    struct pl_buf out;
    if (bot->act_count == 0) {
        pl_bot_push_belief(bot);
    }
    (void)pl_bot_push(bot, PL_EXPECT_ACT, &out);
    pl_speech_act(&out, action, target, value);
    snprintf(text, sizeof text, "%.15s %.40s", action, target);
    bot->remedy = PL_KNOWN_REMEDIES_MAX;
    note_act(bot, text, lead_s);
}

void pl_bot_push_check(struct pl_bot *bot)
{
    struct pl_buf out;
    (void)pl_bot_push(bot, PL_EXPECT_LATENCY, &out);
    pl_speech_panel(&out, bot->service, "latency");
    (void)pl_bot_push(bot, PL_EXPECT_ERRORS, &out);
    pl_speech_panel(&out, bot->service, "errors");
    bot->phase = PL_PHASE_CHECK;
    bot->p99_s = (double)INFINITY;
    bot->errors = (double)INFINITY;
}

/* ---- Phases --------------------------------------------------------------------------------- */

static bool is_well(const struct pl_bot *bot)
{
    return pl_health_is_well(bot->p99_s, bot->objective_s, bot->errors);
}

void pl_bot_push_well(struct pl_bot *bot)
{
    double takes_s = pl_bot_is_blind(bot) && bot->act_count > 0 ? bot->lead_s : 0.0;
    bot->before_badness = -1.0;
    bot->phase = PL_PHASE_WELL;
    bot->check_at_s = bot->t_s + takes_s + WATCH_S;
    pl_bot_push_belief(bot);
    push_update(bot, "monitoring");
}

static void push_close(struct pl_bot *bot)
{
    struct pl_buf out;
    pl_bot_push_belief(bot);
    push_update(bot, "resolved");
    (void)pl_bot_push(bot, PL_EXPECT_NOTHING, &out);
    pl_speech_close(&out);
    bot->phase = PL_PHASE_CLOSED;
}

static void after_check(struct pl_bot *bot)
{
    bot->checks++;
    if (is_well(bot)) {
        if (bot->checks > 1 && bot->before_badness < 0.0) {
            push_close(bot); /* it was well before, too */
            return;
        }
        pl_bot_push_well(bot);
        return;
    }
    double now = pl_health_badness(bot->p99_s, bot->objective_s, bot->errors);
    bool moves = bot->checks == 1 || now < BETTER * bot->before_badness;
    if (bot->act_count > 0 && !bot->act_refused && moves && bot->checks <= CHECKS_MAX &&
        bot->before_badness >= 0.0) {
        bot->before_badness = now;
        bot->phase = PL_PHASE_SETTLE;
        bot->check_at_s = bot->t_s + RECHECK_S;
        pl_bot_push_wait(bot, RECHECK_S);
        return;
    }
    bot->resolved = false;
    bot->phase = PL_PHASE_WORK;
    pl_policy_failed(bot);
    pl_policy_step(bot);
}

static void talk(struct pl_bot *bot)
{
    double every = bot->setup.knowledge != NULL ? bot->setup.knowledge->updates_every_s : 1200.0;
    const char *status = bot->before_badness < 0.0 ? "monitoring"
                         : bot->act_count > 0      ? "identified"
                                                   : "investigating";
    pl_bot_push_belief(bot);
    push_update(bot, status);
    bot->next_update_s = bot->t_s + every;
    bot->asked_s = -1.0;
}

static void think(struct pl_bot *bot)
{
    if (bot->t_s >= bot->next_update_s - UPDATE_EARLY_S || bot->asked_s >= 0.0) {
        talk(bot);
        return;
    }
    bool blind = pl_bot_is_blind(bot);
    if (blind && bot->phase == PL_PHASE_SETTLE) {
        bot->phase = PL_PHASE_WORK; /* nothing would show whether it helps */
    }
    switch ((enum pl_bot_phase)bot->phase) {
    case PL_PHASE_SETTLE:
    case PL_PHASE_WELL:
        if (blind && bot->t_s + 1.0 >= bot->check_at_s) {
            push_close(bot);
            return;
        }
        if (bot->t_s + 1.0 >= bot->check_at_s) {
            pl_bot_push_check(bot);
        } else {
            pl_bot_push_wait(bot, bot->check_at_s - bot->t_s);
        }
        return;
    case PL_PHASE_CHECK:
        after_check(bot);
        return;
    case PL_PHASE_WORK:
        if (bot->resolved && blind) {
            pl_bot_push_well(bot);
            return;
        }
        if (bot->resolved) {
            bot->before_badness = (double)INFINITY;
            bot->checks = 0;
            pl_bot_push_check(bot);
            return;
        }
        pl_policy_step(bot);
        if (bot->setup.def->trick == PL_BOT_SPAMS_UPDATES) {
            push_update(bot, bot->act_count > 0 ? "identified" : "investigating");
        }
        return;
    case PL_PHASE_CLOSED:
    default:
        pl_bot_push_wait(bot, 60.0); /* refused to close: time goes on */
        return;
    }
}

/* ---- Senses --------------------------------------------------------------------------------- */

static void copy(char *text, size_t size, const char *from)
{
    snprintf(text, size, "%.*s", (int)(size - 1), from != NULL ? from : "");
}

/* `[FIRING:1] HttpLatencyP99High eu1 checkout-api (prod critical checkout)` */
static void sense_page(struct pl_bot *bot, const char *title)
{
    char word[3][PL_BOT_NAME_SIZE] = {{0}};
    const char *at = strchr(title, ']');
    if (at == NULL) {
        /* Somebody tells, no alert fires: which service is meant has to be known. */
        bool known = bot->setup.knowledge != NULL && bot->alert[0] == '\0';
        copy(bot->service, sizeof bot->service, known ? bot->setup.knowledge->service : "");
        return;
    }
    at++;
    for (uint32_t i = 0; i < 3; i++) {
        at += strspn(at, " ");
        size_t size = strcspn(at, " ");
        snprintf(word[i], sizeof word[i], "%.*s", (int)(size < 63 ? size : 63), at);
        at += size;
    }
    if (bot->alert[0] == '\0') {
        copy(bot->alert, sizeof bot->alert, word[0]);
        copy(bot->service, sizeof bot->service, word[2]);
    }
}

/* What a person says goes to the question that this person was asked. */
static void hear(struct pl_bot *bot, const json_t *event)
{
    uint8_t levels[PL_KNOWN_TRAITS_MAX];
    const struct pl_knowledge *knowledge = bot->setup.knowledge;
    const char *from = json_string_value(json_object_get(event, "from"));
    const char *text = json_string_value(json_object_get(event, "text"));
    for (uint32_t i = 0; i < PL_KNOWN_LOOKS_MAX && from != NULL && text != NULL; i++) {
        if ((bot->pending >> i & 1) != 0 && strcmp(knowledge->looks[i].person, from) == 0) {
            bot->pending &= ~(UINT64_C(1) << i);
            pl_reading_hear(text, &bot->reading);
            pl_filter_levels(&knowledge->looks[i], &bot->reading, levels);
            pl_policy_look(bot, i, levels);
            return;
        }
    }
}

static void sense_events(struct pl_bot *bot, const json_t *events)
{
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        const char *kind = json_string_value(json_object_get(event, "kind"));
        const char *title = json_string_value(json_object_get(event, "title"));
        if (kind == NULL || title == NULL) {
            continue;
        }
        if (strcmp(kind, "page") == 0) {
            sense_page(bot, title);
        } else if (strcmp(kind, "answer") == 0) {
            hear(bot, event);
        } else if (strcmp(kind, "resolved") == 0) {
            bot->resolved =
                bot->resolved || (bot->alert[0] != '\0' && strstr(title, bot->alert) != NULL);
        } else if (strcmp(kind, "stakeholder") == 0) {
            bot->asked_s = bot->t_s;
        }
    }
}

static void sense_changes(struct pl_bot *bot, const json_t *observation)
{
    const json_t *rows = json_object_get(observation, "rows");
    bot->change_count = 0;
    for (size_t i = 0; i < json_array_size(rows) && i < PL_BOT_NAMES_MAX; i++) {
        const json_t *row = json_array_get(rows, i);
        struct pl_bot_change *change = &bot->changes[bot->change_count++];
        copy(change->kind, sizeof change->kind, json_string_value(json_array_get(row, 1)));
        copy(change->target, sizeof change->target, json_string_value(json_array_get(row, 2)));
        copy(change->text, sizeof change->text, json_string_value(json_array_get(row, 3)));
    }
}

static void sense_topology(struct pl_bot *bot, const json_t *observation)
{
    const json_t *part = json_array_get(json_object_get(observation, "parts"), 0);
    const json_t *rows = json_object_get(part != NULL ? part : observation, "rows");
    bot->service_count = 0;
    for (size_t i = 0; i < json_array_size(rows) && i < PL_BOT_NAMES_MAX; i++) {
        const json_t *row = json_array_get(rows, i);
        copy(bot->services[i], sizeof bot->services[i], json_string_value(json_array_get(row, 0)));
        bot->pods[i] = json_number_value(json_array_get(row, 2));
        bot->service_count++;
    }
}

static void sense_answer(struct pl_bot *bot, const json_t *observation)
{
    switch ((enum pl_bot_expect)bot->expect) {
    case PL_EXPECT_LOOK: {
        if ((bot->questions >> bot->look & 1) != 0) {
            break; /* sent; the answer is an event */
        }
        uint8_t levels[PL_KNOWN_TRAITS_MAX];
        const struct pl_known_look *look = &bot->setup.knowledge->looks[bot->look];
        pl_reading_take(observation, &bot->reading);
        pl_filter_levels(look, &bot->reading, levels);
        pl_policy_look(bot, bot->look, levels);
        break;
    }
    case PL_EXPECT_LATENCY:
        bot->p99_s = pl_health_now(observation);
        bot->objective_s = json_number_value(json_object_get(observation, "objective"));
        bot->objective_s = bot->objective_s > 0.0 ? bot->objective_s : 1.0;
        break;
    case PL_EXPECT_ERRORS:
        bot->errors = pl_health_now(observation);
        break;
    case PL_EXPECT_CHANGES:
        sense_changes(bot, observation);
        break;
    case PL_EXPECT_TOPOLOGY:
        sense_topology(bot, observation);
        break;
    case PL_EXPECT_ACT:
    case PL_EXPECT_NOTHING:
    default:
        break;
    }
}

static void sense(struct pl_bot *bot, const json_t *answer)
{
    const json_t *observation = json_object_get(answer, "observation");
    const char *kind = json_string_value(json_object_get(answer, "kind"));
    bool refused = kind == NULL || strcmp(kind, "error") == 0;
    if (json_is_number(json_object_get(answer, "t_s"))) {
        bot->t_s = json_number_value(json_object_get(answer, "t_s"));
    }
    bot->over = json_is_true(json_object_get(answer, "done"));
    if (kind != NULL && strcmp(kind, "open") == 0) {
        bot->ends_s = json_number_value(json_object_get(observation, "ends_s"));
    }
    sense_events(bot, json_object_get(answer, "events"));
    if (refused && bot->expect == PL_EXPECT_LOOK) {
        bot->pending &= ~(UINT64_C(1) << bot->look);
    }
    if (bot->expect == PL_EXPECT_ACT && !refused && bot->remedy < PL_KNOWN_REMEDIES_MAX) {
        bot->done |= UINT64_C(1) << bot->remedy;
    }
    if (bot->expect == PL_EXPECT_ACT) {
        bot->act_refused = refused; /* then there is nothing to wait for */
        bot->check_at_s = bot->t_s + (refused ? 0.0 : bot->lead_s + SETTLE_S);
    }
    if (!refused) {
        sense_answer(bot, observation);
    }
    bot->expect = PL_EXPECT_NOTHING;
}

bool pl_bot_next(struct pl_bot *bot, pl_slice answer, struct pl_buf *command)
{
    PL_CHECK(bot != NULL && command != NULL);
    json_t *json = NULL;
    pl_buf_clear(command);
    if (pl_json_in_load(answer, PL_JSON_IN_TEXT_MAX, NULL, &json, NULL) != PL_OK) {
        return false; /* whatever that is, it is no session */
    }
    sense(bot, json);
    json_decref(json);
    if (bot->over) {
        return false;
    }
    if (bot->queue_count == 0) {
        think(bot);
    }
    PL_CHECK(bot->queue_count > 0);
    const struct pl_bot_intent *intent = &bot->queue[bot->queue_first];
    bot->queue_first = (bot->queue_first + 1) % PL_BOT_QUEUE_MAX;
    bot->queue_count--;
    bot->expect = intent->expect;
    bot->look = intent->look;
    if (bot->expect == PL_EXPECT_LOOK && (bot->questions >> bot->look & 1) != 0) {
        const struct pl_known_look *look = &bot->setup.knowledge->looks[bot->look];
        bot->pending |= UINT64_C(1) << bot->look;
        bot->due_s[bot->look] = bot->t_s + look->cost_s + look->delay_s;
    }
    pl_buf_puts(command, intent->command);
    return true;
}
