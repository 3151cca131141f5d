// SPDX-License-Identifier: Apache-2.0
#include "exam/host_review.h"

#include "base/check.h"
#include "exam/host_play.h"
#include "os/directory.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 3 * PL_JSON_IN_TEXT_MAX };

static void put_path(char path[PL_FILE_PATH_MAX], const struct pl_slot *slot)
{
    snprintf(path, PL_FILE_PATH_MAX, "%.3900s/analyses/%s.json", slot->host->data, slot->header.id);
}

/* ---- Progress ------------------------------------------------------------------------------- */

/* Analyses that are made before this one. */
static uint32_t count_ahead(const struct pl_slot *slot, const struct pl_review_state *state)
{
    struct pl_host *host = slot->host;
    uint32_t ahead = 0;
    pl_mutex_lock(host->mutex);
    for (uint32_t i = 0; i < host->slot_count; i++) {
        const struct pl_review_state *other = &host->slots[i]->review;
        bool waits = other->phase == PL_REVIEW_WAITS && other->ticket < state->ticket;
        ahead += waits || pl_host_review_works(other->phase) ? 1 : 0;
    }
    pl_mutex_unlock(host->mutex);
    return ahead;
}

static void
put_progress(const struct pl_slot *slot, const struct pl_review_state *state, struct pl_buf *out)
{
    static const char *const phases[] = {"not asked for",
                                         "waiting",
                                         "setting up worlds",
                                         "hearing entries",
                                         "comparing moves",
                                         "done",
                                         "failed"};
    struct pl_json_out json;
    pl_buf_clear(out);
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_integer(&json, "done", state->done);
    pl_json_out_member_integer(&json, "total", state->total);
    pl_json_out_member_string(&json, "phase", phases[state->phase]);
    pl_json_out_member_integer(&json, "particles", slot->host->particles);
    if (state->phase == PL_REVIEW_WAITS) {
        pl_json_out_member_integer(&json, "ahead", count_ahead(slot, state));
    }
    if (state->message[0] != '\0') {
        pl_json_out_member_string(&json, "message", state->message);
    }
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

/* Task of the session's lane: tell its watchers. */
static void tell(void *context, void *item, uint32_t worker)
{
    (void)item;
    struct pl_slot *slot = context;
    struct pl_buf *out = &pl_host_desk(slot->host, worker)->out;
    pl_mutex_lock(slot->host->mutex);
    struct pl_review_state state = slot->review;
    pl_mutex_unlock(slot->host->mutex);
    put_progress(slot, &state, out);
    pl_host_play_tell(slot, "analysis", NULL, (pl_slice){out->data, out->size});
}

static void tell_later(struct pl_slot *slot)
{
    if (!atomic_load(&slot->host->ending)) {
        (void)pl_lane_post(slot->lane, PL_HOST_QUICK, tell, slot, NULL);
    }
}

bool pl_host_review_works(uint32_t phase)
{
    return phase == PL_REVIEW_OPENS || phase == PL_REVIEW_HEARS || phase == PL_REVIEW_COMPARES;
}

bool pl_host_review_waits(uint32_t phase)
{
    return phase == PL_REVIEW_WAITS || pl_host_review_works(phase);
}

void pl_host_review_set(struct pl_slot *slot,
                        enum pl_review_phase phase,
                        uint32_t done,
                        uint32_t total)
{
    PL_CHECK(slot != NULL);
    pl_mutex_lock(slot->host->mutex);
    bool wanted = pl_host_review_waits(slot->review.phase);
    if (wanted) {
        slot->review.phase = phase;
        slot->review.done = done;
        slot->review.total = total;
    }
    pl_mutex_unlock(slot->host->mutex);
    if (wanted) {
        tell_later(slot);
    }
}

void pl_host_review_fail(struct pl_slot *slot, const char *message)
{
    PL_CHECK(slot != NULL && message != NULL);
    pl_mutex_lock(slot->host->mutex);
    snprintf(slot->review.message, sizeof slot->review.message, "%s", message);
    pl_mutex_unlock(slot->host->mutex);
    pl_host_review_set(slot, PL_REVIEW_FAILED, 0, 0);
}

/* ---- Keeping -------------------------------------------------------------------------------- */

static double figure_of(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);
    return json_number_value(json_is_object(value) ? json_object_get(value, "value") : value);
}

/* The main figures go into the tag, for lists. */
static pl_status keep(struct pl_slot *slot, pl_slice text, pl_error *err)
{
    char path[PL_FILE_PATH_MAX];
    json_t *json = NULL;
    snprintf(path, sizeof path, "%.3900s/analyses", slot->host->data);
    pl_status status = pl_directory_make(path, err);
    if (status == PL_OK) {
        put_path(path, slot);
        status = pl_file_save(path, text, err);
    }
    if (status == PL_OK) {
        status = pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &json, err);
    }
    if (status == PL_OK) {
        pl_mutex_lock(slot->host->mutex);
        slot->tag.judged = true;
        slot->tag.damage = figure_of(json, "damage");
        slot->tag.score = figure_of(json, "score");
        struct pl_tag tag = slot->tag;
        pl_mutex_unlock(slot->host->mutex);
        status = pl_tag_save(&tag, slot->host->data, slot->header.id, err);
    }
    json_decref(json);
    return status;
}

void pl_host_review_keep(struct pl_slot *slot, pl_slice text)
{
    PL_CHECK(slot != NULL);
    pl_error err = {0};
    if (keep(slot, text, &err) == PL_OK) {
        pl_host_review_set(slot, PL_REVIEW_DONE, 1, 1);
    } else {
        pl_host_review_fail(slot, err.message);
    }
}

/* ---- Asks ----------------------------------------------------------------------------------- */

void pl_host_review_start(struct pl_slot *slot)
{
    struct pl_host *host = slot->host;
    char path[PL_FILE_PATH_MAX];
    put_path(path, slot);
    bool made = pl_file_exists(path);
    pl_mutex_lock(host->mutex);
    struct pl_review_state *review = &slot->review;
    bool idle = review->phase == PL_REVIEW_NONE || review->phase == PL_REVIEW_FAILED;
    if (made && idle) {
        review->phase = PL_REVIEW_DONE;
    } else if (idle) {
        *review = (struct pl_review_state){.phase = PL_REVIEW_WAITS, .ticket = host->tickets++};
    }
    pl_mutex_unlock(host->mutex);
}

void pl_host_review_stop(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    struct pl_host *host = slot->host;
    pl_mutex_lock(host->mutex);
    if (pl_host_review_waits(slot->review.phase)) {
        slot->review = (struct pl_review_state){0};
    }
    struct pl_review_state state = slot->review;
    pl_mutex_unlock(host->mutex);
    put_progress(slot, &state, &desk->out);
    pl_ask_reply(ask, PL_REPLY_OK, (pl_slice){desk->out.data, desk->out.size});
    atomic_fetch_sub(&host->asks, 1);
}

static void answer_file(struct pl_slot *slot, struct pl_ask *ask)
{
    char path[PL_FILE_PATH_MAX];
    pl_slice text = {NULL, 0};
    pl_error err = {0};
    put_path(path, slot);
    if (pl_file_load(path, FILE_MAX, &text, &err) != PL_OK) {
        pl_ask_error(ask, &err);
        return;
    }
    pl_ask_reply(ask, PL_REPLY_OK, text);
    union {
        const char *view;
        char *memory;
    } bytes = {.view = text.data};
    free(bytes.memory);
}

void pl_host_review_answer(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    struct pl_host *host = slot->host;
    if (slot->room != NULL && !pl_session_done(slot->room->session)) {
        pl_ask_fail(ask, PL_REPLY_SESSION_OPEN, "The analysis follows when the incident is over.");
        atomic_fetch_sub(&host->asks, 1);
        return;
    }
    pl_mutex_lock(host->mutex);
    bool fresh = slot->review.phase == PL_REVIEW_NONE;
    pl_mutex_unlock(host->mutex);
    if (fresh) {
        pl_host_review_start(slot);
    }
    pl_mutex_lock(host->mutex);
    slot->review.asked = true;
    struct pl_review_state state = slot->review;
    pl_mutex_unlock(host->mutex);
    if (state.phase == PL_REVIEW_DONE) {
        answer_file(slot, ask);
    } else if (state.phase == PL_REVIEW_FAILED) {
        pl_ask_fail(ask, PL_REPLY_INTERNAL, state.message);
    } else {
        put_progress(slot, &state, &desk->out);
        pl_ask_reply(ask, PL_REPLY_WORKING, (pl_slice){desk->out.data, desk->out.size});
    }
    atomic_fetch_sub(&host->asks, 1);
}
