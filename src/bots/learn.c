// SPDX-License-Identifier: Apache-2.0
#include "bots/learn.h"

#include "base/check.h"
#include "base/random.h"
#include "bots/reading.h"
#include "model/model.h"
#include "scenario/action.h"
#include "session/session.h"
#include "sim/clock.h"
#include "text/json_in.h"

#include <stdio.h>
#include <string.h>

enum { PURPOSE_LOOKS = 1, PURPOSE_MOVES = 2, CLAIM_WORDS = 3 };

#define PAGE_CHECK_S 0.0   /* the page has to stand at this time after the opening */
#define MOVE_AT_S    180.0 /* moves are decided then */
#define SETTLE_S     240.0 /* and measured this much later */
#define MEASURE_S    240.0 /* for so long */
#define HELPS_BELOW  0.6   /* a move that leaves less of the damage helps */
#define HARMS_ABOVE  1.2

/* ---- What is published ---------------------------------------------------------------------- */

/* The first words of a list that are no prefixes. */
static void copy_words(const char *list, uint32_t words, char *text, size_t size)
{
    struct pl_buf buf;
    pl_buf_init(&buf, text, size);
    for (const char *at = list; *at != '\0' && words > 0; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (at[length - 1] != '*') {
            pl_buf_puts(&buf, buf.size > 0 ? " " : "");
            pl_buf_put(&buf, at, length);
            words--;
        }
        at += length;
    }
}

void pl_learn_begin(const struct pl_learn_def *def, struct pl_knowledge *knowledge)
{
    PL_CHECK(def != NULL && knowledge != NULL);
    const struct pl_scenario *scenario = def->scenario;
    double sum = 0.0;
    memset(knowledge, 0, sizeof *knowledge);
    snprintf(knowledge->scenario, sizeof knowledge->scenario, "%.63s", scenario->name);
    knowledge->updates_first_s = scenario->updates_first_s;
    knowledge->updates_every_s = scenario->updates_every_s;
    knowledge->cause_count = scenario->cause_count;
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        sum += scenario->causes[i].prior;
    }
    for (uint32_t i = 0; i < scenario->cause_count; i++) {
        const struct pl_cause *from = &scenario->causes[i];
        struct pl_known_cause *cause = &knowledge->causes[i];
        snprintf(cause->name, sizeof cause->name, "%.63s", from->name);
        copy_words(from->components, 1, cause->component, sizeof cause->component);
        copy_words(from->mechanisms, CLAIM_WORDS, cause->mechanism, sizeof cause->mechanism);
        copy_words(from->triggers, CLAIM_WORDS, cause->trigger, sizeof cause->trigger);
        cause->prior = from->prior / sum;
        cause->rate = 1.0;
    }
    knowledge->look_count = pl_catalogue_looks(def->world, scenario, knowledge->looks);
}

static uint64_t seed_of(const struct pl_learn_def *def, uint32_t purpose, uint32_t a, uint32_t b)
{
    uint64_t key = pl_random_child(pl_random_child(def->seed, purpose), a);
    return pl_random_bits(key, b) >> 1; /* seeds of sessions are below 2^63 */
}

/* ---- Looks of a form ------------------------------------------------------------------------ */

/* Send a command at a moment; a new reference to the answer, or NULL. */
static json_t *
ask(struct pl_session *session, struct pl_learn_desk *desk, double t_s, const char *command)
{
    json_t *json = NULL;
    int64_t at_ns = pl_session_opens(session) + pl_clock_ns(t_s);
    pl_buf_clear(&desk->answer);
    pl_buf_clear(&desk->entry);
    (void)pl_session_apply(session, at_ns, pl_slice_of(command), &desk->answer, &desk->entry);
    pl_slice text = {desk->answer.data, desk->answer.size};
    return pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &json, NULL) == PL_OK ? json : NULL;
}

/* True when the row of the opening's alert stands in the list of alerts. */
static bool
pages(struct pl_session *session, const struct pl_learn_def *def, struct pl_learn_desk *desk)
{
    json_t *json = ask(session, desk, PAGE_CHECK_S, "{\"do\":\"look\",\"what\":\"alerts\"}");
    const json_t *rows = json_object_get(json_object_get(json, "observation"), "rows");
    bool found = def->scenario->page_alert[0] == '\0';
    for (size_t i = 0; i < json_array_size(rows) && !found; i++) {
        const json_t *row = json_array_get(rows, i);
        const char *state = json_string_value(json_array_get(row, 0));
        const char *alert = json_string_value(json_array_get(row, 2));
        const char *service = json_string_value(json_array_get(row, 3));
        found = state != NULL && alert != NULL && service != NULL && strcmp(state, "firing") == 0 &&
                strcmp(alert, def->scenario->page_alert) == 0 &&
                strcmp(service, def->scenario->page_service) == 0;
    }
    json_decref(json);
    return found;
}

static void take_down(const json_t *answer,
                      struct pl_reading *reading,
                      uint32_t time,
                      uint32_t look,
                      struct pl_learn_form *form)
{
    pl_reading_take(json_object_get(answer, "observation"), reading);
    form->first[time][look] = form->item_count;
    for (uint32_t i = 0; i < PL_READING_SLOTS && form->item_count < PL_LEARN_ITEMS_MAX; i++) {
        if (reading->slots[i].key != 0) {
            struct pl_learn_item *item = &form->items[form->item_count++];
            item->key = reading->slots[i].key;
            item->value = reading->slots[i].value;
        }
    }
    form->count[time][look] = form->item_count - form->first[time][look];
}

pl_status pl_learn_form(const struct pl_learn_def *def,
                        const struct pl_knowledge *knowledge,
                        uint32_t cause,
                        uint32_t index,
                        struct pl_learn_desk *desk,
                        struct pl_learn_form *form,
                        pl_error *err)
{
    PL_CHECK(def != NULL && knowledge != NULL && desk != NULL && form != NULL);
    struct pl_reading reading;
    struct pl_session *session = NULL;
    memset(form, 0, sizeof *form);
    form->cause = cause;
    while (form->accepted == 0 && form->tries < PL_LEARN_TRIES_MAX) {
        struct pl_session_def play = {
            .world = def->world,
            .scenario = def->scenario,
            .seed = seed_of(def, PURPOSE_LOOKS, index, cause * PL_LEARN_TRIES_MAX + form->tries),
            .clock = PL_CLOCK_LIVE,
            .cause = cause};
        pl_status status = pl_session_open(&play, desk->session, desk->session_size, &session, err);
        if (status != PL_OK) {
            return status;
        }
        form->tries++;
        form->accepted = pages(session, def, desk) ? 1 : 0;
    }
    for (uint32_t time = 0; time < PL_KNOWN_TIMES && form->accepted != 0; time++) {
        for (uint32_t look = 0; look < knowledge->look_count; look++) {
            json_t *answer =
                ask(session, desk, pl_known_times_s[time], knowledge->looks[look].command);
            take_down(answer, &reading, time, look, form);
            json_decref(answer);
        }
    }
    return PL_OK;
}

/* ---- Moves on a form ------------------------------------------------------------------------ */

static double damage_of(const struct pl_world *world, const struct pl_state *state)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < world->source_count; i++) {
        sum += pl_model_outcome(state, i).damage;
    }
    return sum * (double)world->slice_of;
}

/* Damage per minute some time after a call (NULL: after nothing); negative: it was refused. */
static double measure(const struct pl_learn_def *def,
                      const struct pl_call *call,
                      const struct pl_state *state,
                      struct pl_learn_desk *desk)
{
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    struct pl_state *fork = pl_model_fork(desk->states[1], desk->state_size, state);
    uint32_t count = 0;
    if (call != NULL &&
        pl_action_changes(def->world, def->scenario, fork, call, changes, &count, NULL) != PL_OK) {
        return -1.0;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (pl_model_change(def->world, fork, &changes[i], NULL) != PL_OK) {
            return -1.0;
        }
    }
    int64_t start_ns = pl_model_now(state) + pl_clock_ns(SETTLE_S);
    pl_model_run(def->world, fork, NULL, start_ns);
    double before = damage_of(def->world, fork);
    pl_model_run(def->world, fork, NULL, start_ns + pl_clock_ns(MEASURE_S));
    return (damage_of(def->world, fork) - before) / (MEASURE_S / 60.0);
}

pl_status pl_learn_moves(const struct pl_learn_def *def,
                         const struct pl_catalogue_move *moves,
                         struct pl_learn_trial *trial,
                         struct pl_learn_desk *desk,
                         pl_error *err)
{
    PL_CHECK(def != NULL && moves != NULL && trial != NULL && desk != NULL);
    PL_CHECK(trial->move_count <= PL_CATALOGUE_MOVES_MAX);
    /* The opening is large; it lies in the worker's session memory, which is free now. */
    struct pl_opening *opening = desk->session;
    PL_CHECK(desk->session_size >= sizeof *opening);
    uint64_t seed = seed_of(def, PURPOSE_MOVES, trial->cause, trial->index);
    pl_status status =
        pl_scenario_open(def->world, def->scenario, seed, trial->cause, opening, err);
    if (status != PL_OK) {
        return status;
    }
    struct pl_state *state = pl_model_init(def->world, desk->states[0], desk->state_size, seed);
    for (uint32_t i = 0; i < opening->change_count; i++) {
        status = pl_model_change(def->world, state, &opening->changes[i], err);
        if (status != PL_OK) {
            return status;
        }
    }
    pl_model_run(def->world, state, NULL, opening->opens_ns + pl_clock_ns(MOVE_AT_S));
    trial->none = measure(def, NULL, state, desk);
    for (uint32_t i = 0; i < trial->move_count; i++) {
        trial->damage[i] = trial->skip[i] == 0 ? measure(def, &moves[i].call, state, desk) : -1.0;
    }
    return PL_OK;
}

/* Mean share of the damage left by a move, by cause; false when it was never measured. */
static bool left_of(const struct pl_learn_trial *trials,
                    uint32_t count,
                    uint32_t move,
                    uint32_t cause,
                    double *left)
{
    double with = 0.0;
    double without = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        if (trials[i].cause == cause && trials[i].damage[move] >= 0.0) {
            with += trials[i].damage[move];
            without += trials[i].none;
        }
    }
    *left = without > 0.0 ? with / without : 1.0;
    return without > 0.0;
}

static void fill_rates(const struct pl_learn_trial *trials,
                       uint32_t trial_count,
                       struct pl_knowledge *knowledge)
{
    double rates[PL_KNOWN_CAUSES_MAX] = {0};
    double mean = 0.0;
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < trial_count; i++) {
            rates[c] += trials[i].cause == c ? trials[i].none : 0.0;
            count += trials[i].cause == c ? 1 : 0;
        }
        rates[c] /= count > 0 ? (double)count : 1.0;
        mean += rates[c] * knowledge->causes[c].prior;
    }
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        knowledge->causes[c].rate = mean > 0.0 ? rates[c] / mean : 1.0;
    }
}

void pl_learn_remedies(const struct pl_catalogue_move *moves,
                       const struct pl_learn_trial *trials,
                       uint32_t trial_count,
                       struct pl_knowledge *knowledge)
{
    PL_CHECK(moves != NULL && trials != NULL && knowledge != NULL);
    PL_CHECK(trial_count > 0);
    fill_rates(trials, trial_count, knowledge);
    knowledge->remedy_count = 0;
    for (uint32_t m = 0; m < trials[0].move_count; m++) {
        if (knowledge->remedy_count == PL_KNOWN_REMEDIES_MAX) {
            return;
        }
        struct pl_known_remedy *remedy = &knowledge->remedies[knowledge->remedy_count];
        double least = 1.0;
        double most = 1.0;
        bool measured = true;
        memset(remedy, 0, sizeof *remedy);
        for (uint32_t c = 0; c < knowledge->cause_count; c++) {
            measured = left_of(trials, trial_count, m, c, &remedy->left[c]) && measured;
            least = remedy->left[c] < least ? remedy->left[c] : least;
            most = remedy->left[c] > most ? remedy->left[c] : most;
        }
        if (measured && (least < HELPS_BELOW || most > HARMS_ABOVE)) {
            snprintf(remedy->text, sizeof remedy->text, "%s", moves[m].text);
            snprintf(remedy->command, sizeof remedy->command, "%s", moves[m].command);
            remedy->lead_s = moves[m].lead_s;
            knowledge->remedy_count++;
        }
    }
}
