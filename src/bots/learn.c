// SPDX-License-Identifier: Apache-2.0
#include "bots/learn.h"

#include "base/check.h"
#include "base/random.h"
#include "bots/health.h"
#include "bots/reading.h"
#include "bots/speech.h"
#include "model/model.h"
#include "scenario/action.h"
#include "session/session.h"
#include "sim/clock.h"
#include "text/json_in.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { PURPOSE_LOOKS = 1, PURPOSE_MOVES = 2, CLAIM_WORDS = 3, LEADS_MAX = 8 };

#define PAGE_CHECK_S 0.0   /* the page has to stand at this time after the opening */
#define MOVE_AT_S    180.0 /* moves are decided then */
#define SETTLE_S     240.0 /* and measured this much later, or */
#define TAKES_S      180.0 /* so long after their lead when that is more */
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
    if (scenario->page_alert[0] == '\0') {
        snprintf(knowledge->service, sizeof knowledge->service, "%.63s", scenario->page_service);
    }
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
    form->count[time][look] = 0;
    for (uint32_t i = 0; i < PL_READING_SLOTS; i++) {
        if (reading->slots[i].key != 0) {
            pl_learn_add(form, time, look, reading->slots[i].key, reading->slots[i].value);
        }
    }
}

void pl_learn_add(
    struct pl_learn_form *form, uint32_t time, uint32_t look, uint64_t key, double value)
{
    PL_CHECK(form != NULL && time < PL_KNOWN_TIMES && look < PL_CATALOGUE_LOOKS_MAX);
    if (form->item_count == PL_LEARN_ITEMS_MAX) {
        return;
    }
    if (form->count[time][look] == 0) {
        form->first[time][look] = form->item_count;
    }
    PL_CHECK(form->first[time][look] + form->count[time][look] == form->item_count);
    form->items[form->item_count++] = (struct pl_learn_item){key, value};
    form->count[time][look]++;
}

/* What the bots look at to see whether users are well (bot.c), with their thresholds. */
static bool
looks_well(struct pl_session *session, const struct pl_learn_def *def, struct pl_learn_desk *desk)
{
    double values[2] = {0.0, 0.0};
    static const char *const panels[] = {"latency", "errors"};
    double objective = 1.0;
    for (uint32_t i = 0; i < 2; i++) {
        char command[PL_KNOWN_TEXT_MAX];
        struct pl_buf buf;
        pl_buf_init(&buf, command, sizeof command);
        pl_speech_panel(&buf, def->scenario->page_service, panels[i]);
        json_t *answer = ask(session, desk, pl_known_times_s[0], command);
        const json_t *shown = json_object_get(answer, "observation");
        double wanted = json_number_value(json_object_get(shown, "objective"));
        values[i] = pl_health_now(shown);
        objective = i == 0 && wanted > 0.0 ? wanted : objective;
        json_decref(answer);
    }
    return pl_health_is_well(values[0], objective, values[1]);
}

pl_status pl_learn_form(const struct pl_learn_def *def,
                        const struct pl_learn_looks *looks,
                        uint32_t cause,
                        uint32_t index,
                        struct pl_learn_desk *desk,
                        struct pl_learn_form *form,
                        pl_error *err)
{
    PL_CHECK(def != NULL && looks != NULL && desk != NULL && form != NULL);
    struct pl_reading reading;
    struct pl_session *session = NULL;
    memset(form, 0, offsetof(struct pl_learn_form, items));
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
        if (time == 0) {
            form->well = looks_well(session, def, desk) ? 1 : 0;
        }
        for (uint32_t look = 0; look < looks->count; look++) {
            const struct pl_known_look *known = &looks->items[look];
            if (known->person[0] == '\0') {
                json_t *answer = ask(session, desk, pl_known_times_s[time], known->command);
                take_down(answer, &reading, time, look, form);
                json_decref(answer);
            }
        }
    }
    return PL_OK;
}

/* How much a look is needed: by its worth, and above all panels what only people can say. */
static double need_of(double worth, const struct pl_known_look *look)
{
    return look->person[0] != '\0' && worth > 0.0 ? 1e6 + worth : worth;
}

/* The kept look that is needed least; PL_CATALOGUE_LOOKS_MAX when all have to stay. */
static uint32_t least_of(const double *worth, const struct pl_learn_looks *looks, const bool *kept)
{
    uint32_t least = PL_CATALOGUE_LOOKS_MAX;
    for (uint32_t i = 0; i < looks->count; i++) {
        bool free = kept[i] && looks->items[i].checklist == 0;
        if (free &&
            (least == PL_CATALOGUE_LOOKS_MAX ||
             need_of(worth[i], &looks->items[i]) <= need_of(worth[least], &looks->items[least]))) {
            least = i;
        }
    }
    return least;
}

void pl_learn_keep(const double *worth,
                   struct pl_learn_looks *looks,
                   struct pl_learn_form *forms,
                   uint32_t form_count,
                   uint32_t *places)
{
    PL_CHECK(worth != NULL && looks != NULL && places != NULL);
    bool kept[PL_CATALOGUE_LOOKS_MAX];
    uint32_t left = looks->count;
    for (uint32_t i = 0; i < looks->count; i++) {
        kept[i] = true;
    }
    while (left > PL_LEARN_LOOKS_MAX) {
        uint32_t least = least_of(worth, looks, kept);
        PL_CHECK(least < PL_CATALOGUE_LOOKS_MAX);
        kept[least] = false;
        left--;
    }
    uint32_t to = 0;
    for (uint32_t from = 0; from < looks->count; from++) {
        if (!kept[from]) {
            continue;
        }
        places[to] = from;
        looks->items[to] = looks->items[from];
        for (uint32_t f = 0; f < form_count; f++) {
            for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
                forms[f].first[t][to] = forms[f].first[t][from];
                forms[f].count[t][to] = forms[f].count[t][from];
            }
        }
        to++;
    }
    looks->count = to;
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

/* Damage without any move, some time later. */
struct none {
    double settle_s;
    double before; /* until then */
    double rate;   /* per minute from then on */
};

static double run_on(const struct pl_learn_def *def, struct pl_state *state, double seconds)
{
    pl_model_run(def->world, state, NULL, pl_model_now(state) + pl_clock_ns(seconds));
    return damage_of(def->world, state);
}

static void measure_none(const struct pl_learn_def *def,
                         const struct pl_state *state,
                         struct pl_learn_desk *desk,
                         struct none *none)
{
    struct pl_state *fork = pl_model_fork(desk->states[1], desk->state_size, state);
    none->before = run_on(def, fork, none->settle_s);
    none->rate = (run_on(def, fork, MEASURE_S) - none->before) / (MEASURE_S / 60.0);
}

/* Make the changes of a call; false when it is refused. `idle`: they leave everything as it is. */
static bool make_changes(const struct pl_learn_def *def,
                         const struct pl_call *call,
                         struct pl_state *fork,
                         bool *idle)
{
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t count = 0;
    if (pl_action_changes(def->world, def->scenario, fork, call, changes, &count, NULL) != PL_OK) {
        return false;
    }
    *idle = true;
    for (uint32_t i = 0; i < count; i++) {
        *idle = *idle && pl_model_change_is_idle(def->world, fork, &changes[i]);
    }
    for (uint32_t i = 0; i < count && !*idle; i++) {
        if (pl_model_change(def->world, fork, &changes[i], NULL) != PL_OK) {
            return false;
        }
    }
    return true;
}

/* Damage per minute some time after a call; negative: it was refused. What has changed nothing for
 * any user by then, to the bit, is taken to change nothing. */
static double measure(const struct pl_learn_def *def,
                      const struct pl_call *call,
                      const struct none *none,
                      const struct pl_state *state,
                      struct pl_learn_desk *desk)
{
    struct pl_state *fork = pl_model_fork(desk->states[1], desk->state_size, state);
    bool idle = false;
    if (!make_changes(def, call, fork, &idle)) {
        return -1.0;
    }
    double before = idle ? none->before : run_on(def, fork, none->settle_s);
    if (!(before < none->before) && !(before > none->before)) {
        return none->rate;
    }
    return (run_on(def, fork, MEASURE_S) - before) / (MEASURE_S / 60.0);
}

/* Each move beside nothing at the same time, which is measured once for each lead. */
static void measure_moves(const struct pl_learn_def *def,
                          const struct pl_catalogue_move *moves,
                          const struct pl_state *state,
                          struct pl_learn_trial *trial,
                          struct pl_learn_desk *desk)
{
    struct none nones[LEADS_MAX] = {{.settle_s = SETTLE_S}};
    uint32_t known = 1;
    measure_none(def, state, desk, &nones[0]);
    trial->none = nones[0].rate;
    for (uint32_t i = 0; i < trial->move_count; i++) {
        double late_s = moves[i].lead_s + TAKES_S;
        double settle_s = late_s > SETTLE_S ? late_s : SETTLE_S;
        uint32_t at = 0;
        trial->damage[i] = -1.0;
        if (trial->skip[i] != 0) {
            continue;
        }
        while (at < known && fabs(nones[at].settle_s - settle_s) > 1e-9) {
            at++;
        }
        if (at == known) {
            at = known < LEADS_MAX ? known++ : LEADS_MAX - 1;
            nones[at].settle_s = settle_s;
            measure_none(def, state, desk, &nones[at]);
        }
        trial->without[i] = nones[at].rate;
        trial->damage[i] = measure(def, &moves[i].call, &nones[at], state, desk);
    }
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
    measure_moves(def, moves, state, trial, desk);
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
            without += trials[i].without[move];
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

/* Fill what a move leaves by cause; false when it does nothing worth knowing. */
static bool fill_remedy(const struct pl_catalogue_move *moves,
                        const struct pl_learn_trial *trials,
                        uint32_t trial_count,
                        uint32_t move,
                        const struct pl_knowledge *knowledge,
                        struct pl_known_remedy *remedy)
{
    double least = 1.0;
    double most = 1.0;
    bool measured = true;
    memset(remedy, 0, sizeof *remedy);
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        measured = left_of(trials, trial_count, move, c, &remedy->left[c]) && measured;
        least = remedy->left[c] < least ? remedy->left[c] : least;
        most = remedy->left[c] > most ? remedy->left[c] : most;
    }
    snprintf(remedy->text, sizeof remedy->text, "%s", moves[move].text);
    snprintf(remedy->command, sizeof remedy->command, "%s", moves[move].command);
    remedy->lead_s = moves[move].lead_s;
    return measured && (least < HELPS_BELOW || most > HARMS_ABOVE);
}

/* What would be missed most without a move: how far it helps, first where it helps best. */
static double merit(const struct pl_known_remedy *remedy, const double *best, uint32_t causes)
{
    double merit = 0.0;
    for (uint32_t c = 0; c < causes; c++) {
        double help = remedy->left[c] < 1.0 ? 1.0 - remedy->left[c] : 0.0;
        help += remedy->left[c] <= best[c] && help > 1.0 - HELPS_BELOW ? 10.0 : 0.0;
        merit = help > merit ? help : merit;
    }
    return merit;
}

/* Forget the remedy that is missed least; its place is free afterwards. */
static void forget_one(struct pl_knowledge *knowledge)
{
    double best[PL_KNOWN_CAUSES_MAX];
    uint32_t least = 0;
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        best[c] = 1.0;
        for (uint32_t i = 0; i < knowledge->remedy_count; i++) {
            double left = knowledge->remedies[i].left[c];
            best[c] = left < best[c] ? left : best[c];
        }
    }
    for (uint32_t i = 1; i < knowledge->remedy_count; i++) {
        double here = merit(&knowledge->remedies[i], best, knowledge->cause_count);
        double there = merit(&knowledge->remedies[least], best, knowledge->cause_count);
        least = here <= there ? i : least;
    }
    knowledge->remedy_count--;
    memmove(&knowledge->remedies[least],
            &knowledge->remedies[least + 1],
            (knowledge->remedy_count - least) * sizeof knowledge->remedies[0]);
}

void pl_learn_remedies(const struct pl_catalogue_move *moves,
                       const struct pl_learn_trial *trials,
                       uint32_t trial_count,
                       struct pl_knowledge *knowledge)
{
    PL_CHECK(moves != NULL && trials != NULL && knowledge != NULL);
    PL_CHECK(trial_count > 0);
    struct pl_known_remedy remedy;
    fill_rates(trials, trial_count, knowledge);
    knowledge->remedy_count = 0;
    for (uint32_t m = 0; m < trials[0].move_count; m++) {
        if (fill_remedy(moves, trials, trial_count, m, knowledge, &remedy)) {
            if (knowledge->remedy_count == PL_KNOWN_REMEDIES_MAX) {
                forget_one(knowledge);
            }
            knowledge->remedies[knowledge->remedy_count++] = remedy;
        }
    }
}
