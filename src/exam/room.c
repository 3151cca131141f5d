// SPDX-License-Identifier: Apache-2.0
#include "exam/room.h"

#include "base/check.h"
#include "os/pages.h"
#include "session/session_types.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_SIZE = 8 * 1024 * 1024, WINDOW_SIZE = 32, PANEL_WORDS_SIZE = 2200 };

#define COMMAND_MARK "\"command\":"
#define ANSWER_MARK  ",\"answer\":\""

pl_status pl_desk_init(struct pl_desk *desk, pl_error *err)
{
    PL_CHECK(desk != NULL);
    memset(desk, 0, sizeof *desk);
    char *answer = malloc(PL_ANSWER_SIZE_MAX);
    char *entry = malloc(PL_ENTRY_SIZE_MAX);
    char *out = malloc(OUT_SIZE);
    if (answer == NULL || entry == NULL || out == NULL) {
        free(answer);
        free(entry);
        free(out);
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for sessions.");
    }
    pl_buf_init(&desk->answer, answer, PL_ANSWER_SIZE_MAX);
    pl_buf_init(&desk->entry, entry, PL_ENTRY_SIZE_MAX);
    pl_buf_init(&desk->out, out, OUT_SIZE);
    return PL_OK;
}

void pl_desk_free(struct pl_desk *desk)
{
    PL_CHECK(desk != NULL);
    free(desk->answer.data);
    free(desk->entry.data);
    free(desk->out.data);
    pl_pages_release(desk->scratch, desk->scratch_size);
    memset(desk, 0, sizeof *desk);
}

pl_status pl_room_open(struct pl_room **room_out, const struct pl_room_def *def, pl_error *err)
{
    PL_CHECK(room_out != NULL && def != NULL && def->content != NULL);
    *room_out = NULL;
    struct pl_session_def session = {.world = def->content->world,
                                     .scenario = def->content->scenario,
                                     .seed = def->seed,
                                     .clock = def->clock,
                                     .cause = PL_NONE};
    struct pl_room *room = calloc(1, sizeof *room);
    if (room == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a session.");
    }
    room->content = def->content;
    room->clock = def->clock;
    room->forms = def->forms;
    pl_status status = pl_forms_take(def->forms, &session, &room->seat, err);
    room->session = room->seat.session;
    if (status == PL_OK) {
        status = pl_transcript_open(&room->transcript, def->directory, def->writer, err);
    }
    if (status != PL_OK) {
        pl_room_close(room);
        return status;
    }
    pl_pace_set(&room->pace, pl_session_now(room->session), def->speed);
    *room_out = room;
    return PL_OK;
}

void pl_room_close(struct pl_room *room)
{
    if (room != NULL) {
        pl_transcript_close(room->transcript);
        pl_refusals_fini(&room->refusals);
        pl_forms_leave(room->forms, &room->seat);
        free(room);
    }
}

void pl_room_lend(struct pl_room *room, struct pl_desk *desk)
{
    PL_CHECK(room != NULL && desk != NULL);
    size_t size = pl_session_scratch_size(&room->session->def);
    if (size > desk->scratch_size) {
        pl_pages_release(desk->scratch, desk->scratch_size);
        desk->scratch_size = pl_pages_reserve(size, &desk->scratch, NULL) == PL_OK ? size : 0;
    }
    pl_session_lend(room->session, desk->scratch); /* NULL: it uses its own */
}

int64_t pl_room_present(const struct pl_room *room, int64_t real_ns)
{
    PL_CHECK(room != NULL);
    int64_t now_ns = pl_session_now(room->session);
    if (room->clock != PL_CLOCK_LIVE) {
        return now_ns;
    }
    int64_t live_ns = pl_pace_now(&room->pace, real_ns);
    return live_ns > now_ns ? live_ns : now_ns;
}

bool pl_room_is_key(pl_slice key)
{
    if (key.size > PL_TRANSCRIPT_KEY_MAX) {
        return false;
    }
    for (size_t i = 0; i < key.size; i++) {
        char c = key.data[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '.';
        if (!good) {
            return false;
        }
    }
    return true;
}

/* ---- Panels that were seen ------------------------------------------------------------------ */

uint64_t pl_room_panel(const char *service, const char *panel, const char *by, const char *window)
{
    char words[PANEL_WORDS_SIZE];
    snprintf(words,
             sizeof words,
             "%s|%s|%s|%s",
             service != NULL ? service : "",
             panel != NULL ? panel : "",
             by != NULL ? by : "",
             window != NULL ? window : "");
    return pl_hash_name(words);
}

/* Position of a panel; seen_count when it was never looked at. */
static uint32_t find_seen(const struct pl_room *room, uint64_t panel)
{
    uint32_t i = 0;
    while (i < room->seen_count && room->seen[i].panel != panel) {
        i++;
    }
    return i;
}

int64_t pl_room_seen(const struct pl_room *room, uint64_t panel)
{
    PL_CHECK(room != NULL);
    uint32_t i = find_seen(room, panel);
    return i < room->seen_count ? room->seen[i].seen_ns : -1;
}

static void remember_panel(struct pl_room *room, pl_slice command, int64_t now_ns)
{
    json_t *json = NULL;
    if (pl_json_in_load(command, PL_COMMAND_SIZE_MAX, NULL, &json, NULL) != PL_OK) {
        return;
    }
    const char *what = json_string_value(json_object_get(json, "what"));
    if (what != NULL && strcmp(what, "panel") == 0) {
        const json_t *wide = json_object_get(json, "window");
        char number[WINDOW_SIZE];
        snprintf(number, sizeof number, "%g", json_number_value(wide));
        const char *window = json_is_number(wide) ? number : json_string_value(wide);
        uint64_t panel = pl_room_panel(json_string_value(json_object_get(json, "service")),
                                       json_string_value(json_object_get(json, "panel")),
                                       json_string_value(json_object_get(json, "by")),
                                       window);
        uint32_t i = find_seen(room, panel);
        if (i < PL_ROOM_SEEN_MAX) {
            room->seen_count += i == room->seen_count ? 1 : 0;
            room->seen[i] = (struct pl_seen){.panel = panel, .seen_ns = now_ns};
        }
    }
    json_decref(json);
}

/* ---- Commands ------------------------------------------------------------------------------- */

/* The command as the entry has it: between its own mark and the answer's hash at the end. */
static pl_slice command_of(const struct pl_buf *entry)
{
    const char *mark = strstr(entry->data, COMMAND_MARK);
    PL_CHECK(mark != NULL);
    const char *from = mark + sizeof COMMAND_MARK - 1;
    size_t tail = sizeof ANSWER_MARK - 1 + PL_HASH_TEXT_SIZE - 1 + 2; /* the hash, `"` and `}` */
    size_t at = (size_t)(from - entry->data);
    PL_CHECK(entry->size > at + tail);
    return (pl_slice){from, entry->size - at - tail};
}

pl_status pl_room_apply(struct pl_room *room,
                        int64_t now_ns,
                        pl_slice command,
                        pl_slice key,
                        struct pl_desk *desk,
                        struct pl_room_step *step,
                        pl_error *err)
{
    PL_CHECK(room != NULL && desk != NULL && step != NULL);
    PL_CHECK(pl_room_is_key(key));
    struct pl_session *session = room->session;
    pl_buf_clear(&desk->answer);
    pl_buf_clear(&desk->entry);
    pl_room_lend(room, desk);
    step->outcome = pl_session_apply(session, now_ns, command, &desk->answer, &desk->entry);
    step->seq = 0;
    if (!step->outcome.kept) {
        return PL_OK;
    }
    int64_t seq = pl_transcript_count(room->transcript) + 1;
    int64_t since_ns = step->outcome.after_ns - pl_session_opens(session);
    struct pl_transcript_line line = {.seq = seq,
                                      .t_s = (double)since_ns / 1e9,
                                      .kind = step->outcome.kind,
                                      .command = command_of(&desk->entry),
                                      .answer = {desk->answer.data, desk->answer.size},
                                      .key = key};
    pl_status status = pl_transcript_put(room->transcript, &line, err);
    if (status != PL_OK) {
        return status;
    }
    if (strcmp(step->outcome.kind, "look") == 0) {
        remember_panel(room, line.command, step->outcome.after_ns);
    }
    if (key.size > 0) {
        desk->entry.size--; /* the closing brace */
        pl_buf_puts(&desk->entry, ",\"key\":");
        pl_json_out_put_string(&desk->entry, key);
        pl_buf_puts(&desk->entry, "}");
        PL_CHECK(!desk->entry.overflow);
    }
    step->seq = seq;
    return PL_OK;
}

/* Apply what a log has and compare the answer's hash. */
static pl_status repeat(struct pl_room *room,
                        const struct pl_store_entry *entry,
                        const json_t *body,
                        bool keep,
                        struct pl_desk *desk,
                        struct pl_room_step *step,
                        pl_error *err)
{
    char hash[PL_HASH_TEXT_SIZE];
    json_int_t before_ns = json_integer_value(json_object_get(body, "before_ns"));
    const char *wanted = json_string_value(json_object_get(body, "answer"));
    const char *key = json_string_value(json_object_get(body, "key"));
    char *command = json_dumps(json_object_get(body, "command"), JSON_COMPACT);
    pl_slice name = pl_slice_of(keep && key != NULL ? key : "");
    bool good = command != NULL && wanted != NULL && pl_room_is_key(name) &&
                before_ns >= pl_session_now(room->session);
    pl_status status = PL_OK;
    if (good) {
        status = pl_room_apply(room, before_ns, pl_slice_of(command), name, desk, step, err);
        pl_hash_format(step->outcome.answer_hash, hash);
        good = status != PL_OK || (step->outcome.kept && strcmp(hash, wanted) == 0 &&
                                   step->outcome.after_ns == entry->t_ns);
    }
    free(command);
    return good ? status
                : pl_fail(err,
                          PL_CORRUPT,
                          NULL,
                          "Entry %lld gives another answer than when it was played.",
                          (long long)entry->seq);
}

pl_status pl_room_repeat(struct pl_room *room,
                         const struct pl_store_entry *entry,
                         bool keep,
                         struct pl_desk *desk,
                         struct pl_room_step *step,
                         pl_error *err)
{
    PL_CHECK(room != NULL && entry != NULL && desk != NULL && step != NULL);
    memset(step, 0, sizeof *step);
    if (pl_slice_equal(entry->kind, pl_slice_of("fork"))) {
        return PL_OK; /* what happened in copies is no part of the main line */
    }
    json_t *body = NULL;
    pl_status status = pl_json_in_load(entry->body, PL_JSON_IN_TEXT_MAX, NULL, &body, err);
    if (status == PL_OK) {
        status = repeat(room, entry, body, keep, desk, step, err);
    }
    json_decref(body);
    if (status == PL_OK) {
        pl_pace_set(&room->pace, pl_session_now(room->session), room->pace.speed);
    }
    return status;
}
