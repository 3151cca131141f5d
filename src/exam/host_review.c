// SPDX-License-Identifier: Apache-2.0
#include "exam/host_review.h"

#include "base/check.h"
#include "exam/analysis.h"
#include "exam/host_play.h"
#include "exam/logbook.h"
#include "judge/report.h"
#include "os/directory.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPORT_SIZE = PL_JSON_IN_TEXT_MAX, FILE_MAX = 3 * PL_JSON_IN_TEXT_MAX, PROGRESS_MS = 500 };

#define OBSERVATION_MARK "\"observation\":"
#define EVENTS_END       ",\"events\":[]}"

/* What one analysis works with. */
struct review {
    struct pl_slot *slot;
    const struct pl_content *content;
    struct pl_logbook logbook;
    struct pl_analysis *analysis;
    struct pl_room *room; /* for the debrief */
    struct pl_buf text;   /* the file */
};

static void put_path(char path[PL_FILE_PATH_MAX], const struct pl_slot *slot)
{
    snprintf(path, PL_FILE_PATH_MAX, "%.3900s/analyses/%s.json", slot->host->data, slot->header.id);
}

/* ---- Progress ------------------------------------------------------------------------------- */

static void put_progress(const struct pl_review_state *state, struct pl_buf *out)
{
    static const char *const phases[] = {"waiting", "waiting", "judging", "done", "failed"};
    struct pl_json_out json;
    pl_buf_clear(out);
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_integer(&json, "done", state->done);
    pl_json_out_member_integer(&json, "total", state->total);
    pl_json_out_member_string(&json, "phase", phases[state->phase]);
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
    put_progress(&state, out);
    pl_host_play_tell(slot, "analysis", NULL, (pl_slice){out->data, out->size});
}

static void
set_state(struct pl_slot *slot, enum pl_review_phase phase, uint32_t done, uint32_t total)
{
    pl_mutex_lock(slot->host->mutex);
    slot->review.phase = phase;
    slot->review.done = done;
    slot->review.total = total;
    pl_mutex_unlock(slot->host->mutex);
    if (!atomic_load(&slot->host->ending)) {
        (void)pl_lane_post(slot->lane, PL_HOST_QUICK, tell, slot, NULL);
    }
}

static void set_failed(struct pl_slot *slot, const pl_error *err)
{
    pl_mutex_lock(slot->host->mutex);
    snprintf(slot->review.message, sizeof slot->review.message, "%s", err->message);
    pl_mutex_unlock(slot->host->mutex);
    set_state(slot, PL_REVIEW_FAILED, 0, 0);
}

/* ---- The analysis --------------------------------------------------------------------------- */

static uint32_t clock_of(const struct pl_store_session *header)
{
    return strcmp(header->clock, "live") == 0 ? PL_CLOCK_LIVE : PL_CLOCK_TURN;
}

static pl_status ending(pl_error *err)
{
    return pl_fail(err, PL_CONFLICT, NULL, "The server ended before the analysis was ready.");
}

/* Begin to use files of the data directory. At the end of the host this is over before the
 * directory is given back, and refused from then on; judging itself may go on without effect. */
static pl_status begin_filing(struct pl_host *host, pl_error *err)
{
    atomic_store(&host->filing, true);
    return atomic_load(&host->ending) ? ending(err) : PL_OK;
}

static void end_filing(struct pl_host *host)
{
    atomic_store(&host->filing, false);
}

/* Judge all entries; waits for the judge's own threads. */
static pl_status judge(struct review *review, pl_error *err)
{
    struct pl_slot *slot = review->slot;
    struct pl_host *host = slot->host;
    const struct pl_store_session *header = &review->logbook.header;
    struct pl_analysis_def def = {.content = review->content,
                                  .directory = pl_library_directory(host->library),
                                  .seed = (uint64_t)header->seed,
                                  .clock = clock_of(header),
                                  .particles = host->particles};
    pl_status status = pl_analysis_begin(&review->analysis, &def, err);
    for (uint32_t i = 0; i < review->logbook.count && status == PL_OK; i++) {
        const struct pl_logbook_entry *entry = &review->logbook.entries[i];
        if (!pl_analysis_put(review->analysis,
                             entry->seq,
                             entry->before_ns,
                             pl_slice_of(entry->command),
                             entry->answer)) {
            status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
        }
    }
    bool over = false;
    while (status == PL_OK && !over) {
        struct pl_analysis_progress progress;
        over = pl_analysis_wait(review->analysis, PROGRESS_MS, &progress);
        set_state(slot, PL_REVIEW_WORKS, progress.taken, progress.put + 1);
        status = atomic_load(&host->ending) ? ending(err) : PL_OK;
    }
    if (status != PL_OK) {
        return status;
    }
    const struct pl_report *report = pl_analysis_report(review->analysis, err);
    if (report == NULL) {
        return err->status;
    }
    pl_report_json(report, &review->text);
    return review->text.overflow ? pl_fail(err, PL_LIMIT, NULL, "The analysis is too long.")
                                 : PL_OK;
}

/* ---- The debrief ---------------------------------------------------------------------------- */

static pl_status repeat_all(struct review *review, struct pl_desk *desk, pl_error *err)
{
    struct pl_room_step step;
    pl_status status = PL_OK;
    for (uint32_t i = 0; i < review->logbook.count && status == PL_OK; i++) {
        const struct pl_logbook_entry *entry = &review->logbook.entries[i];
        status = pl_room_apply(review->room,
                               entry->before_ns,
                               pl_slice_of(entry->command),
                               (pl_slice){NULL, 0},
                               desk,
                               &step,
                               err);
    }
    return status;
}

/* Append `,"debrief":{...}` to the analysis. */
static pl_status debrief(struct review *review, struct pl_desk *desk, pl_error *err)
{
    const struct pl_store_session *header = &review->logbook.header;
    struct pl_room_step step;
    struct pl_room_def def = {.content = review->content,
                              .directory = review->slot->host->data,
                              .seed = (uint64_t)header->seed,
                              .clock = clock_of(header),
                              .speed = 1.0};
    pl_status status = pl_room_open(&review->room, &def, err);
    status = status == PL_OK ? repeat_all(review, desk, err) : status;
    if (status == PL_OK) {
        status = pl_room_apply(review->room,
                               pl_session_now(review->room->session),
                               pl_slice_of("{\"do\":\"debrief\"}"),
                               (pl_slice){NULL, 0},
                               desk,
                               &step,
                               err);
    }
    if (status != PL_OK) {
        return status;
    }
    const char *mark = strstr(desk->answer.data, OBSERVATION_MARK);
    if (step.outcome.status != PL_OK || mark == NULL) {
        return pl_fail(err, PL_CONFLICT, NULL, "The session has no debrief.");
    }
    const char *from = mark + sizeof OBSERVATION_MARK - 1;
    size_t size = desk->answer.size - (size_t)(from - desk->answer.data);
    PL_CHECK(size > sizeof EVENTS_END - 1 && review->text.size > 0);
    review->text.size--; /* the closing brace */
    pl_buf_puts(&review->text, ",\"debrief\":");
    pl_buf_put(&review->text, from, size - (sizeof EVENTS_END - 1));
    pl_buf_puts(&review->text, "}");
    return review->text.overflow ? pl_fail(err, PL_LIMIT, NULL, "The debrief is too long.") : PL_OK;
}

/* ---- Keeping -------------------------------------------------------------------------------- */

static double figure_of(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);
    return json_number_value(json_is_object(value) ? json_object_get(value, "value") : value);
}

/* The main figures go into the tag, for lists. */
static pl_status keep(struct review *review, pl_error *err)
{
    struct pl_slot *slot = review->slot;
    char path[PL_FILE_PATH_MAX];
    json_t *json = NULL;
    pl_slice text = {review->text.data, review->text.size};
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

/* Task: analyse one session. */
static void work(void *context, void *item, uint32_t worker)
{
    (void)item;
    struct review review = {.slot = context};
    struct pl_slot *slot = context;
    struct pl_host *host = slot->host;
    pl_error err = {0};
    char *memory = malloc(REPORT_SIZE);
    pl_status status =
        memory != NULL ? PL_OK : pl_fail(&err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    set_state(slot, PL_REVIEW_WORKS, 0, 1);
    status = status == PL_OK ? begin_filing(host, &err) : status;
    if (status == PL_OK) {
        pl_buf_init(&review.text, memory, REPORT_SIZE);
        status = pl_logbook_load(&review.logbook, host->data, slot->header.id, 0, &err);
    }
    end_filing(host);
    if (status == PL_OK) {
        review.content = pl_library_get(host->library, review.logbook.header.scenario, &err);
        status = review.content != NULL ? PL_OK : err.status;
    }
    status = status == PL_OK ? judge(&review, &err) : status;
    status = status == PL_OK ? begin_filing(host, &err) : status;
    status = status == PL_OK ? debrief(&review, pl_host_desk(host, worker), &err) : status;
    status = status == PL_OK ? keep(&review, &err) : status;
    end_filing(host);
    pl_analysis_end(review.analysis);
    pl_room_close(review.room);
    pl_logbook_free(&review.logbook);
    free(memory);
    if (status == PL_OK) {
        set_state(slot, PL_REVIEW_DONE, 1, 1);
    } else {
        set_failed(slot, &err);
    }
}

void pl_host_review_start(struct pl_slot *slot)
{
    struct pl_host *host = slot->host;
    char path[PL_FILE_PATH_MAX];
    put_path(path, slot);
    bool made = pl_file_exists(path);
    pl_mutex_lock(host->mutex);
    bool wanted = slot->review.phase == PL_REVIEW_NONE || slot->review.phase == PL_REVIEW_FAILED;
    wanted = wanted && !made && !atomic_load(&host->ending);
    if (wanted) {
        slot->review = (struct pl_review_state){.phase = PL_REVIEW_WAITS};
    } else if (made) {
        slot->review.phase = PL_REVIEW_DONE;
    }
    pl_mutex_unlock(host->mutex);
    if (wanted && !pl_lane_post(host->judge_lane, PL_HOST_SLOW, work, slot, NULL)) {
        pl_mutex_lock(host->mutex);
        slot->review.phase = PL_REVIEW_NONE;
        pl_mutex_unlock(host->mutex);
    }
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
    if (!pl_session_done(slot->room->session)) {
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
    struct pl_review_state state = slot->review;
    pl_mutex_unlock(host->mutex);
    if (state.phase == PL_REVIEW_DONE) {
        answer_file(slot, ask);
    } else if (state.phase == PL_REVIEW_FAILED) {
        pl_ask_fail(ask, PL_REPLY_INTERNAL, state.message);
    } else {
        put_progress(&state, &desk->out);
        pl_ask_reply(ask, PL_REPLY_WORKING, (pl_slice){desk->out.data, desk->out.size});
    }
    atomic_fetch_sub(&host->asks, 1);
}
