// SPDX-License-Identifier: Apache-2.0
#include "bots/interview.h"

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "bots/reading.h"
#include "session/session.h"
#include "text/json_in.h"

#include <string.h>

enum { WAITS_MAX = 200 /* in one incident */ };

#define LATE 0.65 /* of the time: what is asked later may not be answered */

/* An incident in which people are asked: who has been asked what, and when. */
struct talk {
    const struct pl_learn_looks *looks;
    struct pl_session *session;
    struct pl_learn_desk *desk;
    struct pl_interview *interview;
    double t_s;
    uint32_t open; /* questions without an answer */
    uint32_t reserved;
    double asked_s[PL_CATALOGUE_LOOKS_MAX]; /* negative: not open */
};

/* The open question to a person; PL_CATALOGUE_LOOKS_MAX when there is none. */
static uint32_t open_to(const struct talk *talk, const char *person)
{
    for (uint32_t i = 0; i < talk->looks->count; i++) {
        if (talk->asked_s[i] >= 0.0 && strcmp(talk->looks->items[i].person, person) == 0) {
            return i;
        }
    }
    return PL_CATALOGUE_LOOKS_MAX;
}

static void hear(struct talk *talk, const json_t *event)
{
    struct pl_reading reading;
    const char *kind = json_string_value(json_object_get(event, "kind"));
    const char *from = json_string_value(json_object_get(event, "from"));
    const char *text = json_string_value(json_object_get(event, "text"));
    if (kind == NULL || from == NULL || text == NULL || strcmp(kind, "answer") != 0) {
        return;
    }
    uint32_t look = open_to(talk, from);
    if (look == PL_CATALOGUE_LOOKS_MAX) {
        return;
    }
    pl_reading_hear(text, &reading);
    for (uint32_t i = 0; i < PL_READING_SLOTS; i++) {
        if (reading.slots[i].key != 0) {
            talk->interview->keys[look] = reading.slots[i].key;
            talk->interview->values[look] = reading.slots[i].value;
        }
    }
    talk->interview->delays_s[look] =
        json_number_value(json_object_get(event, "t_s")) - talk->asked_s[look];
    talk->interview->answered++;
    talk->asked_s[look] = -1.0;
    talk->open--;
}

/* Send a command and hear what is told with its answer; false when the incident is over. */
static bool send(struct talk *talk, const char *command)
{
    json_t *json = NULL;
    struct pl_learn_desk *desk = talk->desk;
    pl_buf_clear(&desk->answer);
    pl_buf_clear(&desk->entry);
    (void)pl_session_apply(talk->session, 0, pl_slice_of(command), &desk->answer, &desk->entry);
    pl_slice text = {desk->answer.data, desk->answer.size};
    if (pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &json, NULL) != PL_OK) {
        return false;
    }
    const json_t *events = json_object_get(json, "events");
    talk->t_s = json_number_value(json_object_get(json, "t_s"));
    for (size_t i = 0; i < json_array_size(events); i++) {
        hear(talk, json_array_get(events, i));
    }
    bool over = json_is_true(json_object_get(json, "done"));
    json_decref(json);
    return !over;
}

/* Ask each person who owes no answer one question that has not been asked yet. */
static void ask_all(struct talk *talk, bool *asked)
{
    for (uint32_t i = 0; i < talk->looks->count; i++) {
        const struct pl_known_look *look = &talk->looks->items[i];
        if (look->person[0] == '\0' || asked[i] ||
            open_to(talk, look->person) < PL_CATALOGUE_LOOKS_MAX) {
            continue;
        }
        asked[i] = true;
        talk->interview->asked++;
        if (!send(talk, look->command)) {
            return;
        }
        talk->asked_s[i] = talk->t_s;
        talk->open++;
    }
}

static void forget_open(struct talk *talk)
{
    talk->open = 0;
    for (uint32_t i = 0; i < PL_CATALOGUE_LOOKS_MAX; i++) {
        talk->asked_s[i] = -1.0;
    }
}

static bool is_left(const struct pl_learn_looks *looks, const bool *asked)
{
    for (uint32_t i = 0; i < looks->count; i++) {
        if (looks->items[i].person[0] != '\0' && !asked[i]) {
            return true;
        }
    }
    return false;
}

/* One incident: whoever is free is asked, until it is late; then answers are waited for. */
static void hold_one(struct talk *talk, double horizon_s, bool *asked)
{
    bool on = true;
    forget_open(talk);
    talk->t_s = 0.0;
    for (uint32_t i = 0; i < WAITS_MAX && on; i++) {
        if (talk->t_s < LATE * horizon_s) {
            ask_all(talk, asked);
        }
        on = talk->open > 0 && send(talk, "{\"do\":\"wait\",\"for\":300,\"wake\":true}");
    }
    forget_open(talk);
}

pl_status pl_interview_hold(const struct pl_learn_def *def,
                            const struct pl_learn_looks *looks,
                            uint32_t cause,
                            struct pl_learn_desk *desk,
                            struct pl_interview *interview,
                            pl_error *err)
{
    PL_CHECK(def != NULL && looks != NULL && desk != NULL && interview != NULL);
    bool asked[PL_CATALOGUE_LOOKS_MAX] = {false};
    struct talk talk = {.looks = looks, .desk = desk, .interview = interview};
    uint64_t seed = pl_random_child(def->seed, pl_hash_name("interview"));
    double horizon_s = def->scenario->horizon_s;
    memset(interview, 0, sizeof *interview);
    interview->cause = cause;
    for (uint32_t i = 0; i < looks->count && is_left(looks, asked); i++) {
        struct pl_session_def play = {.world = def->world,
                                      .scenario = def->scenario,
                                      .seed = pl_random_bits(seed, cause * looks->count + i) >> 1,
                                      .clock = PL_CLOCK_TURN,
                                      .cause = cause};
        pl_status status =
            pl_session_open(&play, desk->session, desk->session_size, &talk.session, err);
        if (status != PL_OK) {
            return status;
        }
        hold_one(&talk, horizon_s, asked);
    }
    return PL_OK;
}

void pl_interview_tell(const struct pl_interview *interview,
                       const struct pl_learn_looks *looks,
                       struct pl_learn_form *form)
{
    PL_CHECK(interview != NULL && looks != NULL && form != NULL);
    PL_CHECK(interview->cause == form->cause);
    for (uint32_t time = 0; time < PL_KNOWN_TIMES; time++) {
        for (uint32_t i = 0; i < looks->count; i++) {
            if (looks->items[i].person[0] != '\0' && interview->keys[i] != 0) {
                pl_learn_add(form, time, i, interview->keys[i], interview->values[i]);
            }
        }
    }
}

void pl_interview_keep(struct pl_interview *interview, const uint32_t *places, uint32_t count)
{
    PL_CHECK(interview != NULL && places != NULL && count <= PL_CATALOGUE_LOOKS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        PL_CHECK(places[i] >= i);
        interview->keys[i] = interview->keys[places[i]];
        interview->values[i] = interview->values[places[i]];
        interview->delays_s[i] = interview->delays_s[places[i]];
    }
}

void pl_interview_delays(const struct pl_interview *interviews,
                         uint32_t count,
                         struct pl_learn_looks *looks)
{
    PL_CHECK(interviews != NULL && looks != NULL && count > 0);
    for (uint32_t i = 0; i < looks->count; i++) {
        double sum = 0.0;
        uint32_t met = 0;
        for (uint32_t k = 0; k < count; k++) {
            sum += interviews[k].keys[i] != 0 ? interviews[k].delays_s[i] : 0.0;
            met += interviews[k].keys[i] != 0 ? 1 : 0;
        }
        looks->items[i].delay_s = met > 0 ? sum / (double)met : looks->items[i].delay_s;
    }
}
