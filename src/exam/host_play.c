// SPDX-License-Identifier: Apache-2.0
#include "exam/host_play.h"

#include "base/check.h"
#include "exam/host_open.h"
#include "exam/host_review.h"
#include "exam/host_shown.h"
#include "exam/host_view.h"
#include "exam/host_whatif.h"
#include "os/now.h"
#include "session/look.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_NS   (30 * PL_NS_PER_S)  /* a live session has an entry this often */
#define GLANCE_NS (120 * PL_NS_PER_S) /* what was on the screen so long counts as seen again */

enum {
    ENTRIES_MAX = 500, /* entries of one answer */
    PANELS_MAX = 16,   /* panels of one answer */
    PANEL_ROOM = 1024  /* bytes that stay free behind a panel, for the rest of the answer */
};

static bool is_live(const struct pl_slot *slot)
{
    return slot->room->clock == PL_CLOCK_LIVE;
}

static int64_t present(const struct pl_slot *slot)
{
    return pl_room_present(slot->room, pl_now_monotonic_ns());
}

void pl_host_play_tell(struct pl_slot *slot, const char *event, const uint64_t *id, pl_slice json)
{
    if (slot->watchers != NULL) {
        slot->watchers->send(slot->watchers, event, id, json);
    }
}

/* Task: the tag as it is now. One that cannot be written is written after the next replay: it
 * follows from the log. */
static void save_tag(void *context, void *item, uint32_t worker)
{
    (void)item;
    (void)worker;
    struct pl_slot *slot = context;
    pl_mutex_lock(slot->host->mutex);
    struct pl_tag tag = slot->tag;
    pl_mutex_unlock(slot->host->mutex);
    (void)!pl_tag_save(&tag, slot->host->data, slot->header.id, NULL);
}

void pl_host_play_note(struct pl_slot *slot)
{
    struct pl_host *host = slot->host;
    const struct pl_session *session = slot->room->session;
    bool done = pl_session_done(session);
    int64_t now_ns = pl_session_now(session);
    pl_mutex_lock(host->mutex);
    slot->t_s = (double)(now_ns - pl_session_opens(session)) / 1e9;
    slot->live_running = is_live(slot) && slot->room->pace.running && !done;
    bool news = done && !slot->tag.done;
    if (news) {
        slot->tag.done = true;
        slot->tag.done_s = slot->t_s;
    }
    pl_mutex_unlock(host->mutex);
    if (news) {
        /* Not here: a thread of the clocks would wait for the disk. */
        (void)pl_lane_post(slot->lane, PL_HOST_SPARE, save_tag, slot, NULL);
        pl_host_review_start(slot);
    }
}

void pl_host_play_wake(struct pl_slot *slot)
{
    struct pl_pace *pace = &slot->room->pace;
    if (is_live(slot) && !pace->running && slot->tag.running &&
        !pl_session_done(slot->room->session)) {
        pl_pace_change(pace, pl_now_monotonic_ns(), true, slot->tag.speed);
        pl_host_play_note(slot);
    }
}

/* ---- Writing -------------------------------------------------------------------------------- */

/* Answer a command with its entry as it was shown. */
static void
answer_entry(struct pl_slot *slot, int64_t seq, struct pl_ask *ask, struct pl_desk *desk)
{
    pl_error err = {0};
    struct pl_buf *out = &desk->out;
    pl_buf_clear(out);
    pl_buf_printf(out, "{\"seq\":%lld,\"answer\":", (long long)seq);
    pl_status status = pl_transcript_answer(slot->room->transcript, seq, out, &err);
    pl_buf_puts(out, "}");
    if (status != PL_OK) {
        pl_ask_error(ask, &err);
        return;
    }
    PL_CHECK(!out->overflow);
    pl_ask_reply(ask, PL_REPLY_OK, (pl_slice){out->data, out->size});
}

static void tell_entry(struct pl_slot *slot, int64_t seq, struct pl_desk *desk)
{
    uint64_t id = (uint64_t)seq;
    if (slot->watchers == NULL) {
        return;
    }
    pl_buf_clear(&desk->out);
    if (pl_transcript_get(slot->room->transcript, seq, &desk->out, NULL) == PL_OK) {
        pl_host_play_tell(slot, "entry", &id, (pl_slice){desk->out.data, desk->out.size});
    }
}

static void tell_clock(struct pl_slot *slot, int64_t due_ns, struct pl_desk *desk)
{
    if (slot->watchers != NULL) {
        pl_host_view_clock(slot, due_ns, &desk->out);
        pl_host_play_tell(slot, "clock", NULL, (pl_slice){desk->out.data, desk->out.size});
    }
}

/* Nothing is on its way to the disk. */
static void settle(struct pl_slot *slot, struct pl_desk *desk)
{
    if (slot->broken) {
        pl_host_open_drop(slot); /* the log is the truth: the next ask begins from it */
    } else if (slot->room != NULL) {
        pl_host_play_note(slot);
        if (!is_live(slot)) {
            /* A live clock is told every second anyway. */
            tell_clock(slot, pl_now_monotonic_ns(), desk);
        }
    }
    pl_host_open_drain(slot, desk);
}

/* Task: the entry is on disk, or it will never be. */
static void written(void *context, void *item, uint32_t worker)
{
    struct pl_slot *slot = context;
    struct pl_host_write *write = item;
    struct pl_desk *desk = pl_host_desk(slot->host, worker);
    struct pl_ask *ask = write->ask;
    if (write->write.status != PL_OK || slot->room == NULL || slot->broken) {
        slot->broken = true;
        if (ask != NULL) {
            pl_ask_fail(ask,
                        PL_REPLY_INTERNAL,
                        write->write.status != PL_OK ? write->write.error.message
                                                     : "An earlier entry could not be written.");
            atomic_fetch_sub(&slot->host->asks, 1);
        }
    } else {
        slot->durable_seq = write->seq;
        atomic_store(&slot->kept_seq, write->seq);
        if (atomic_load(&slot->unwritten) == 1 && pl_session_done(slot->room->session)) {
            pl_host_play_note(slot); /* who hears of the end may ask for what follows at once */
        }
        if (ask != NULL) {
            answer_entry(slot, write->seq, ask, desk);
            atomic_fetch_sub(&slot->host->asks, 1);
        }
        tell_entry(slot, write->seq, desk);
    }
    free(write);
    if (atomic_fetch_sub(&slot->unwritten, 1) == 1) {
        settle(slot, desk);
    }
    atomic_fetch_sub(&slot->host->writes, 1);
}

static void wrote(struct pl_store_write *write)
{
    struct pl_host_write *own = write->context;
    bool posted = pl_lane_post(own->slot->lane, PL_HOST_QUICK, written, own->slot, own);
    PL_CHECK(posted); /* without memory for a task an acknowledgement would be lost */
}

void pl_host_play_keep(struct pl_slot *slot,
                       const struct pl_room_step *step,
                       struct pl_ask *ask,
                       struct pl_desk *desk)
{
    PL_CHECK(slot->log != NULL && step->seq > 0);
    struct pl_host_write *write = calloc(1, sizeof *write + desk->entry.size + 1);
    PL_CHECK(write != NULL); /* the session is ahead of its log already */
    memcpy(write->body, desk->entry.data, desk->entry.size);
    snprintf(write->kind, sizeof write->kind, "%s", step->outcome.kind);
    write->slot = slot;
    write->ask = ask;
    write->seq = step->seq;
    write->write = (struct pl_store_write){.verb = PL_STORE_ENTRY,
                                           .log = slot->log,
                                           .t_ns = step->outcome.after_ns,
                                           .kind = write->kind,
                                           .body = {write->body, desk->entry.size},
                                           .done = wrote,
                                           .context = write};
    slot->ticked_ns = step->outcome.after_ns;
    atomic_fetch_add(&slot->unwritten, 1);
    atomic_fetch_add(&slot->host->writes, 1);
    pl_store_writer_put(slot->host->writer, &write->write);
}

/* ---- Commands ------------------------------------------------------------------------------- */

static void finish(struct pl_slot *slot)
{
    atomic_fetch_sub(&slot->host->asks, 1);
}

/* A closed log takes nothing: only what leaves no entry can be asked. */
static bool is_mute(const struct pl_ask *ask)
{
    json_t *json = NULL;
    pl_slice text = {ask->body, ask->body_size};
    bool mute = true;
    if (pl_json_in_load(text, PL_COMMAND_SIZE_MAX, NULL, &json, NULL) == PL_OK) {
        const char *verb = json_string_value(json_object_get(json, "do"));
        mute = verb == NULL || strcmp(verb, "say") != 0;
    }
    json_decref(json);
    return mute;
}

/* The same key again: the first answer again, a refusal too, once its entry is on disk. */
static bool repeat_answer(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    pl_slice refused;
    if (pl_refusals_find(&slot->room->refusals, pl_slice_of(ask->key), &refused)) {
        pl_ask_reply(ask, PL_REPLY_REFUSED, refused);
        finish(slot);
        return true;
    }
    int64_t seq = pl_transcript_find(slot->room->transcript, pl_slice_of(ask->key));
    if (seq == 0) {
        return false;
    }
    if (seq > slot->durable_seq) {
        /* Its first answer is on its way to the disk; this one follows the write. */
        pl_host_open_wait(slot, ask);
        return true;
    }
    answer_entry(slot, seq, ask, desk);
    finish(slot);
    return true;
}

static void answer_now(struct pl_slot *slot,
                       const struct pl_room_step *step,
                       struct pl_ask *ask,
                       struct pl_desk *desk)
{
    pl_slice answer = {desk->answer.data, desk->answer.size};
    if (step->outcome.status != PL_OK) {
        if (ask->key[0] != '\0') {
            pl_refusals_keep(&slot->room->refusals, pl_slice_of(ask->key), answer);
        }
        pl_ask_reply(ask, PL_REPLY_REFUSED, answer);
        return;
    }
    pl_buf_clear(&desk->out);
    pl_buf_puts(&desk->out, "{\"seq\":null,\"answer\":");
    pl_buf_put(&desk->out, answer.data, answer.size);
    pl_buf_puts(&desk->out, "}");
    pl_ask_reply(ask, PL_REPLY_OK, (pl_slice){desk->out.data, desk->out.size});
}

void pl_host_play_command(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    struct pl_room_step step;
    pl_error err = {0};
    if (repeat_answer(slot, ask, desk)) {
        return;
    }
    if (slot->log == NULL && !is_mute(ask)) {
        pl_ask_fail(ask, PL_REPLY_SESSION_CLOSED, "The session is closed for ever.");
        finish(slot);
        return;
    }
    pl_host_play_wake(slot);
    pl_slice command = {ask->body, ask->body_size};
    pl_status status =
        pl_room_apply(slot->room, present(slot), command, pl_slice_of(ask->key), desk, &step, &err);
    if (status != PL_OK) {
        slot->broken = true;
        pl_ask_error(ask, &err);
        finish(slot);
        if (atomic_load(&slot->unwritten) == 0) {
            settle(slot, desk);
        }
        return;
    }
    if (step.seq == 0) {
        answer_now(slot, &step, ask, desk);
        finish(slot);
        return;
    }
    pl_host_play_keep(slot, &step, ask, desk);
}

/* ---- Live clock ----------------------------------------------------------------------------- */

void pl_host_play_tick(void *context, void *item, uint32_t worker)
{
    (void)item;
    struct pl_slot *slot = context;
    struct pl_desk *desk = pl_host_desk(slot->host, worker);
    struct pl_room_step step;
    int64_t due_ns = atomic_load(&slot->due_ns);
    atomic_store(&slot->ticking, false);
    if (slot->room == NULL || slot->broken || slot->log == NULL || !is_live(slot) ||
        !slot->room->pace.running || pl_session_done(slot->room->session)) {
        return;
    }
    int64_t now_ns = present(slot);
    pl_room_lend(slot->room, desk);
    bool news = pl_session_advance(slot->room->session, now_ns);
    if (news || now_ns - slot->ticked_ns >= TICK_NS || pl_session_done(slot->room->session)) {
        pl_status status = pl_room_apply(slot->room,
                                         now_ns,
                                         pl_slice_of("{\"do\":\"tick\"}"),
                                         (pl_slice){NULL, 0},
                                         desk,
                                         &step,
                                         NULL);
        slot->broken = slot->broken || status != PL_OK;
        if (status == PL_OK && step.seq > 0) {
            pl_host_play_keep(slot, &step, NULL, desk);
        }
    }
    tell_clock(slot, due_ns, desk);
}

void pl_host_play_clock(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    json_t *json = NULL;
    pl_error err = {0};
    pl_slice text = {ask->body, ask->body_size};
    struct pl_host *host = slot->host;
    pl_status status = pl_json_in_load(text, PL_COMMAND_SIZE_MAX, NULL, &json, &err);
    const json_t *running = json_object_get(json, "running");
    const json_t *speed = json_object_get(json, "speed");
    double wanted = speed != NULL ? json_number_value(speed) : slot->tag.speed;
    if (status == PL_OK && !is_live(slot)) {
        status = pl_fail(&err, PL_CONFLICT, NULL, "The session is played in turns.");
    } else if (status == PL_OK && pl_session_done(slot->room->session)) {
        status = pl_fail(&err, PL_CONFLICT, NULL, "The incident is over: its clock stands.");
    } else if (status == PL_OK && ((running != NULL && !json_is_boolean(running)) ||
                                   !(wanted >= 1.0 && wanted <= PL_PACE_SPEED_MAX))) {
        status = pl_fail(&err,
                         PL_BAD_INPUT,
                         NULL,
                         "`running` is true or false, `speed` a number from 1 to %d.",
                         PL_PACE_SPEED_MAX);
    }
    if (status != PL_OK) {
        pl_ask_error(ask, &err);
        finish(slot);
        json_decref(json);
        return;
    }
    pl_mutex_lock(host->mutex);
    slot->tag.running = running != NULL ? json_is_true(running) : slot->tag.running;
    slot->tag.speed = wanted;
    struct pl_tag tag = slot->tag;
    pl_mutex_unlock(host->mutex);
    json_decref(json);
    pl_pace_change(&slot->room->pace, pl_now_monotonic_ns(), tag.running, tag.speed);
    (void)!pl_tag_save(&tag, host->data, slot->header.id, NULL);
    pl_host_play_note(slot);
    pl_host_view_clock(slot, pl_now_monotonic_ns(), &desk->out);
    pl_slice clock = {desk->out.data, desk->out.size};
    pl_host_play_tell(slot, "clock", NULL, clock);
    pl_ask_reply(ask, PL_REPLY_OK, clock);
    finish(slot);
}

/* ---- Panels --------------------------------------------------------------------------------- */

/* Read an instrument without an entry. */
static void
glance(struct pl_slot *slot, const json_t *command, struct pl_ask *ask, struct pl_desk *desk)
{
    struct pl_look_call call;
    pl_error err = {0};
    struct pl_buf *out = &desk->out;
    pl_buf_clear(out);
    pl_buf_printf(out, "{\"seq\":null,\"observation\":");
    pl_status status = pl_look_read(slot->room->content->scenario, command, &call, &err);
    if (status == PL_OK) {
        status = pl_look_do(slot->room->session, &call, out, &err);
    }
    pl_buf_puts(out, "}");
    if (status != PL_OK) {
        pl_ask_error(ask, &err);
    } else {
        pl_ask_reply(ask, PL_REPLY_OK, (pl_slice){out->data, out->size});
    }
    finish(slot);
}

void pl_host_play_panel(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    json_t *json = NULL;
    pl_slice text = {ask->body, ask->body_size};
    if (pl_json_in_load(text, PL_COMMAND_SIZE_MAX, NULL, &json, NULL) != PL_OK) {
        pl_ask_fail(ask, PL_REPLY_BAD_INPUT, "The panel cannot be read.");
        finish(slot);
        return;
    }
    uint64_t panel = pl_room_panel(json_string_value(json_object_get(json, "service")),
                                   json_string_value(json_object_get(json, "panel")),
                                   json_string_value(json_object_get(json, "by")),
                                   json_string_value(json_object_get(json, "window")));
    int64_t seen_ns = pl_room_seen(slot->room, panel);
    if (!is_live(slot) || pl_session_done(slot->room->session)) {
        pl_ask_fail(ask, PL_REPLY_CONFLICT, "Panels refresh by themselves with a live clock only.");
        finish(slot);
    } else if (seen_ns < 0) {
        pl_ask_fail(ask, PL_REPLY_NOT_SEEN, "Look at this panel first.");
        finish(slot);
    } else if (present(slot) - seen_ns >= GLANCE_NS) {
        pl_host_play_command(slot, ask, desk); /* what was on the screen counts as seen */
    } else {
        int64_t now_ns = present(slot);
        (void)pl_session_advance(slot->room->session, now_ns);
        glance(slot, json, ask, desk);
    }
    json_decref(json);
}

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/*
 * One of several panels: `due` has to be asked for by itself, because that look enters the log, or
 * because it fails or does not fit here; `unseen` was never looked at.
 */
static void put_panel(struct pl_slot *slot, json_t *wish, struct pl_buf *out)
{
    uint64_t panel = pl_room_panel(
        member(wish, "service"), member(wish, "panel"), member(wish, "by"), member(wish, "window"));
    int64_t seen_ns = pl_room_seen(slot->room, panel);
    size_t before = out->size;
    struct pl_look_call call;
    pl_error err = {0};
    bool due = present(slot) - seen_ns >= GLANCE_NS || out->capacity - out->size < PANEL_ROOM;
    if (seen_ns < 0) {
        pl_buf_puts(out, "{\"unseen\":true}");
        return;
    }
    if (!due) {
        json_object_set_new(wish, "do", json_string("look"));
        json_object_set_new(wish, "what", json_string("panel"));
        pl_buf_puts(out, "{\"observation\":");
        pl_status status = pl_look_read(slot->room->content->scenario, wish, &call, &err);
        status = status == PL_OK ? pl_look_do(slot->room->session, &call, out, &err) : status;
        pl_buf_puts(out, "}");
        due = status != PL_OK || out->overflow || out->capacity - out->size < PANEL_ROOM;
    }
    if (due) {
        out->size = before;
        out->overflow = false;
        pl_buf_puts(out, "{\"due\":true}");
    }
}

void pl_host_play_panels(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    json_t *json = NULL;
    struct pl_buf *out = &desk->out;
    pl_slice text = {ask->body, ask->body_size};
    bool good = pl_json_in_load(text, PL_COMMAND_SIZE_MAX, NULL, &json, NULL) == PL_OK;
    const json_t *panels = json_object_get(json, "panels");
    if (!good || !json_is_array(panels) || json_array_size(panels) > PANELS_MAX) {
        pl_ask_fail(ask, PL_REPLY_BAD_INPUT, "`panels` is a list of up to 16 panels.");
    } else if (!is_live(slot) || pl_session_done(slot->room->session)) {
        pl_ask_fail(ask, PL_REPLY_CONFLICT, "Panels refresh by themselves with a live clock only.");
    } else {
        (void)pl_session_advance(slot->room->session, present(slot));
        pl_buf_clear(out);
        pl_buf_puts(out, "{\"panels\":[");
        for (size_t i = 0; i < json_array_size(panels); i++) {
            pl_buf_puts(out, i == 0 ? "" : ",");
            put_panel(slot, json_array_get(panels, i), out);
        }
        pl_buf_puts(out, "]}");
        pl_ask_reply(ask, PL_REPLY_OK, (pl_slice){out->data, out->size});
    }
    finish(slot);
    json_decref(json);
}

/* ---- Entries and watchers ------------------------------------------------------------------- */

void pl_host_play_entries(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    struct pl_buf *out = &desk->out;
    pl_error err = {0};
    pl_status status = PL_OK;
    int64_t last = slot->durable_seq;
    int64_t seq = ask->after + 1;
    bool first = true;
    pl_buf_clear(out);
    pl_buf_puts(out, "{\"entries\":[");
    for (uint32_t i = 0; i < ENTRIES_MAX && seq <= last && status == PL_OK; i++, seq++) {
        size_t before = out->size;
        pl_buf_puts(out, first ? "" : ",");
        status = pl_transcript_get(slot->room->transcript, seq, out, &err);
        if (out->overflow || out->capacity - out->size < 64) {
            out->size = before;
            out->overflow = false;
            break;
        }
        first = false;
    }
    pl_buf_printf(out, "],\"next\":%lld,\"last\":%lld}", (long long)(seq - 1), (long long)last);
    if (status != PL_OK) {
        pl_ask_error(ask, &err);
    } else {
        pl_ask_reply(ask, PL_REPLY_OK, (pl_slice){out->data, out->size});
    }
    finish(slot);
}

void pl_host_play_watch(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    struct pl_watcher *watcher = ask->watcher;
    int64_t after = ask->after;
    pl_ask_reply(ask, PL_REPLY_OK, pl_slice_of("{}"));
    finish(slot);
    struct pl_watcher *others = slot->watchers;
    watcher->next = NULL;
    slot->watchers = watcher; /* alone for a moment: only it is told what it has missed */
    for (int64_t seq = after + 1; after >= 0 && seq <= slot->durable_seq; seq++) {
        tell_entry(slot, seq, desk);
    }
    pl_host_play_wake(slot);
    if (is_live(slot)) {
        pl_host_view_clock(slot, pl_now_monotonic_ns(), &desk->out);
        pl_host_play_tell(slot, "clock", NULL, (pl_slice){desk->out.data, desk->out.size});
    }
    watcher->next = others;
    atomic_fetch_add(&slot->watching, 1);
}

/* ---- All of it ------------------------------------------------------------------------------ */

void pl_host_play_serve(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    static void (*const handlers[])(struct pl_slot *, struct pl_ask *, struct pl_desk *) = {
        [PL_ASK_CREATE] = pl_host_view_created,
        [PL_ASK_DESCRIBE] = pl_host_view_session,
        [PL_ASK_COMMAND] = pl_host_play_command,
        [PL_ASK_ENTRIES] = pl_host_play_entries,
        [PL_ASK_CLOCK] = pl_host_play_clock,
        [PL_ASK_PANEL] = pl_host_play_panel,
        [PL_ASK_PANELS] = pl_host_play_panels,
        [PL_ASK_ANALYSIS] = pl_host_review_answer,
        [PL_ASK_ANALYSIS_STOP] = pl_host_review_stop,
        [PL_ASK_WHATIF] = pl_host_whatif_answer,
        [PL_ASK_WATCH] = pl_host_play_watch,
    };
    PL_CHECK(ask->verb < sizeof handlers / sizeof handlers[0] && handlers[ask->verb] != NULL);
    if (pl_host_shown_serve(slot, ask, desk) || !pl_host_open_ready(slot, ask)) {
        return;
    }
    pl_room_lend(slot->room, desk);
    if (slot->broken) {
        pl_ask_fail(ask, PL_REPLY_BUSY, "An entry could not be written; try again in a moment.");
        finish(slot);
        return;
    }
    handlers[ask->verb](slot, ask, desk);
}
