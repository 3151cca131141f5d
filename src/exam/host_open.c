// SPDX-License-Identifier: Apache-2.0
#include "exam/host_open.h"

#include "base/check.h"
#include "exam/episode.h"
#include "exam/host_play.h"
#include "exam/host_shown.h"
#include "os/directory.h"
#include "os/now.h"
#include "text/json_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

/* ---- Slots ---------------------------------------------------------------------------------- */

struct pl_slot *pl_host_open_slot(struct pl_host *host)
{
    struct pl_slot *slot = calloc(1, sizeof *slot);
    if (slot == NULL) {
        return NULL;
    }
    slot->host = host;
    slot->lane = pl_lane_open(host->crew);
    slot->tag.speed = 1.0;
    slot->tag.running = true;
    atomic_store(&slot->used_ns, pl_now_monotonic_ns());
    if (slot->lane == NULL) {
        free(slot);
        return NULL;
    }
    return slot;
}

bool pl_host_open_list(struct pl_slot *slot)
{
    struct pl_host *host = slot->host;
    pl_mutex_lock(host->mutex);
    if (host->slot_count == host->slot_room) {
        uint32_t room = host->slot_room == 0 ? FIRST_ROOM : host->slot_room * 2;
        struct pl_slot **slots = realloc(host->slots, room * sizeof(struct pl_slot *));
        if (slots != NULL) {
            host->slots = slots;
            host->slot_room = room;
        }
    }
    bool listed = host->slot_count < host->slot_room;
    if (listed) {
        host->slots[host->slot_count++] = slot;
    }
    pl_mutex_unlock(host->mutex);
    return listed;
}

void pl_host_open_wait(struct pl_slot *slot, struct pl_ask *ask)
{
    ask->next = NULL;
    if (slot->waiting_last != NULL) {
        slot->waiting_last->next = ask;
    } else {
        slot->waiting = ask;
    }
    slot->waiting_last = ask;
}

void pl_host_open_drain(struct pl_slot *slot, struct pl_desk *desk)
{
    struct pl_ask *ask = slot->waiting;
    slot->waiting = NULL;
    slot->waiting_last = NULL;
    while (ask != NULL) {
        struct pl_ask *next = ask->next;
        pl_host_play_serve(slot, ask, desk);
        ask = next;
    }
}

static void fail_waiting(struct pl_slot *slot, const pl_error *err)
{
    struct pl_ask *ask = slot->waiting;
    slot->waiting = NULL;
    slot->waiting_last = NULL;
    while (ask != NULL) {
        struct pl_ask *next = ask->next;
        pl_ask_error(ask, err);
        atomic_fetch_sub(&slot->host->asks, 1);
        ask = next;
    }
}

static void set_resident(struct pl_slot *slot, bool resident)
{
    pl_mutex_lock(slot->host->mutex);
    slot->resident = resident;
    slot->live_running = slot->live_running && resident;
    pl_mutex_unlock(slot->host->mutex);
}

/* ---- Writes that are no entries -------------------------------------------------------------- */

static void forget_write(struct pl_store_write *write)
{
    struct pl_host_write *own = write->context;
    atomic_fetch_sub(&own->slot->host->writes, 1);
    free(own);
}

static void put_write(struct pl_slot *slot,
                      uint32_t verb,
                      struct pl_ask *ask,
                      void (*done)(struct pl_store_write *))
{
    struct pl_host_write *write = calloc(1, sizeof *write);
    PL_CHECK(write != NULL);
    write->slot = slot;
    write->ask = ask;
    write->write = (struct pl_store_write){
        .verb = verb, .log = slot->log, .session = slot->header, .done = done, .context = write};
    atomic_fetch_add(&slot->host->writes, 1);
    pl_store_writer_put(slot->host->writer, &write->write);
}

void pl_host_open_drop(struct pl_slot *slot)
{
    if (slot->log != NULL) {
        put_write(slot, PL_STORE_CLOSE, NULL, forget_write);
        slot->log = NULL;
    }
    pl_room_close(slot->room);
    slot->room = NULL;
    slot->broken = false;
    set_resident(slot, false);
    pl_host_play_tell(slot, "resync", NULL, pl_slice_of("{}"));
}

void pl_host_open_rest(void *context, void *item, uint32_t worker)
{
    struct pl_slot *slot = context;
    bool forced = item != NULL;
    bool busy = slot->watchers != NULL || atomic_load(&slot->unwritten) > 0;
    if (slot->opening || (busy && !forced)) {
        return;
    }
    if (slot->room == NULL) {
        pl_host_shown_drop(slot);
        set_resident(slot, false);
        return;
    }
    if (slot->log != NULL && !slot->broken && pl_session_done(slot->room->session)) {
        put_write(slot, PL_STORE_FINISH, NULL, forget_write);
        pl_mutex_lock(slot->host->mutex);
        slot->header.state = PL_STORE_SESSION_CLOSED;
        pl_mutex_unlock(slot->host->mutex);
        /* At the end of the server only what is kept already, and may be older, is made new. */
        if (!forced || pl_shown_exists(slot->host->data, slot->header.id)) {
            pl_host_shown_keep(slot, pl_host_desk(slot->host, worker));
        }
    }
    pl_host_open_drop(slot);
}

/* ---- From the log --------------------------------------------------------------------------- */

/* A replay of a log into a room. */
struct replay {
    struct pl_slot *slot;
    struct pl_desk *desk;
    int64_t until_ns; /* entries that end later are left out */
    bool copy;        /* the entries are another session's: they become this one's */
};

static pl_status visit(void *context, const struct pl_store_entry *entry, pl_error *err)
{
    struct replay *replay = context;
    struct pl_room_step step;
    if (entry->t_ns > replay->until_ns) {
        return PL_OK;
    }
    pl_status status =
        pl_room_repeat(replay->slot->room, entry, !replay->copy, replay->desk, &step, err);
    if (status == PL_OK && replay->copy && step.seq > 0) {
        pl_host_play_keep(replay->slot, &step, NULL, replay->desk);
    }
    return status;
}

static pl_status read_log(struct replay *replay, const char *id, pl_error *err)
{
    struct pl_store *store = NULL;
    pl_status status = pl_store_open(&store, replay->slot->host->data, err);
    if (status == PL_OK) {
        status = pl_store_read(store, id, visit, replay, err);
    }
    pl_store_close(store);
    return status;
}

/* Warm up the session of a slot's header. */
static pl_status open_room(struct pl_slot *slot, pl_error *err)
{
    const struct pl_store_session *header = &slot->header;
    const struct pl_content *content = pl_library_get(slot->host->library, header->scenario, err);
    if (content == NULL) {
        return err->status;
    }
    if (header->pack_hash[0] != '\0' && strcmp(header->pack_hash, content->hash) != 0) {
        return pl_fail(err,
                       PL_CONFLICT,
                       NULL,
                       "The session was played with other content: the files of `%s` or of its "
                       "world have changed since.",
                       header->scenario);
    }
    struct pl_room_def def = {.content = content,
                              .forms = slot->host->forms,
                              .directory = slot->host->data,
                              .writer = slot->host->spooler,
                              .seed = (uint64_t)header->seed,
                              .clock = strcmp(header->clock, "live") == 0 ? PL_CLOCK_LIVE
                                                                          : PL_CLOCK_TURN,
                              .speed = slot->tag.speed};
    return pl_room_open(&slot->room, &def, err);
}

/* Task: replay, then serve those that wait. */
static void bring_back(void *context, void *item, uint32_t worker)
{
    struct pl_slot *slot = context;
    struct pl_host_write *write = item; /* of the log's opening; NULL: the session is closed */
    struct pl_desk *desk = pl_host_desk(slot->host, worker);
    pl_error err = {0};
    pl_status status = PL_OK;
    if (write != NULL) {
        status = write->write.status;
        err = write->write.error;
        slot->log = status == PL_OK ? write->write.log : NULL;
        atomic_fetch_sub(&slot->host->writes, 1);
        free(write);
    }
    if (status == PL_OK) {
        status = open_room(slot, &err);
    }
    if (status == PL_OK) {
        struct replay replay = {.slot = slot, .desk = desk, .until_ns = INT64_MAX};
        status = read_log(&replay, slot->header.id, &err);
    }
    slot->opening = false;
    if (status != PL_OK) {
        pl_host_open_drop(slot);
        fail_waiting(slot, &err);
        return;
    }
    slot->durable_seq = pl_transcript_count(slot->room->transcript);
    atomic_store(&slot->kept_seq, slot->durable_seq);
    slot->ticked_ns = pl_session_now(slot->room->session);
    set_resident(slot, true);
    pl_host_play_note(slot);
    pl_host_shown_drop(slot);
    if (!pl_shown_exists(slot->host->data, slot->header.id)) {
        pl_host_shown_keep(slot, desk);
    }
    pl_host_open_drain(slot, desk);
}

void pl_host_open_keep(void *context, void *item, uint32_t worker)
{
    (void)item;
    struct pl_slot *slot = context;
    struct pl_desk *desk = pl_host_desk(slot->host, worker);
    struct replay replay = {.slot = slot, .desk = desk, .until_ns = INT64_MAX};
    if (slot->room != NULL || slot->opening || atomic_load(&slot->host->ending) ||
        pl_shown_exists(slot->host->data, slot->header.id)) {
        return;
    }
    if (open_room(slot, NULL) == PL_OK && read_log(&replay, slot->header.id, NULL) == PL_OK) {
        slot->durable_seq = pl_transcript_count(slot->room->transcript);
        pl_host_shown_keep(slot, desk);
    }
    pl_room_close(slot->room);
    slot->room = NULL;
}

static void log_opened(struct pl_store_write *write)
{
    struct pl_host_write *own = write->context;
    bool posted = pl_lane_post(own->slot->lane, PL_HOST_HEAVY, bring_back, own->slot, own);
    PL_CHECK(posted);
}

bool pl_host_open_ready(struct pl_slot *slot, struct pl_ask *ask)
{
    if (slot->room != NULL && !slot->opening) {
        return true;
    }
    pl_host_open_wait(slot, ask);
    if (slot->opening) {
        return false;
    }
    slot->opening = true;
    if (slot->header.state == PL_STORE_SESSION_OPEN) {
        put_write(slot, PL_STORE_RESUME, NULL, log_opened);
    } else {
        bool posted = pl_lane_post(slot->lane, PL_HOST_HEAVY, bring_back, slot, NULL);
        PL_CHECK(posted);
    }
    return false;
}

/* ---- New ------------------------------------------------------------------------------------ */

/* What a new session goes on from. */
struct past {
    char id[PL_STORE_ID_SIZE];
    double at_s;
};

static struct pl_slot *find_past(struct pl_host *host, const char *id, const char *owner)
{
    struct pl_slot *found = NULL;
    pl_mutex_lock(host->mutex);
    for (uint32_t i = 0; i < host->slot_count && found == NULL; i++) {
        struct pl_slot *slot = host->slots[i];
        bool own = strcmp(slot->tag.owner, owner) == 0 || slot->tag.sample;
        found = own && strcmp(slot->header.id, id) == 0 ? slot : NULL;
    }
    pl_mutex_unlock(host->mutex);
    return found;
}

static pl_status read_past(
    struct pl_slot *slot, const json_t *from, const char *owner, struct past *past, pl_error *err)
{
    const char *id = json_string_value(json_object_get(from, "session"));
    const json_t *at = json_object_get(from, "at_s");
    if (id == NULL || !json_is_number(at) || json_number_value(at) < 0.0) {
        return pl_fail(
            err, PL_BAD_INPUT, NULL, "`from` is {\"session\": id, \"at_s\": seconds from 0}.");
    }
    struct pl_slot *other = find_past(slot->host, id, owner);
    if (other == NULL) {
        return pl_fail(err, PL_NOT_FOUND, NULL, "There is no such session to go on from.");
    }
    pl_mutex_lock(slot->host->mutex);
    struct pl_store_session header = other->header;
    bool done = other->tag.done;
    pl_mutex_unlock(slot->host->mutex);
    if (!done) {
        return pl_fail(err, PL_CONFLICT, NULL, "The session to go on from has not ended.");
    }
    snprintf(past->id, sizeof past->id, "%s", header.id);
    past->at_s = json_number_value(at);
    snprintf(slot->tag.from, sizeof slot->tag.from, "%s", header.id);
    slot->tag.from_s = past->at_s;
    snprintf(slot->header.scenario, sizeof slot->header.scenario, "%s", header.scenario);
    snprintf(slot->header.clock, sizeof slot->header.clock, "%s", header.clock);
    slot->header.seed = header.seed;
    return PL_OK;
}

static pl_status read_own(struct pl_slot *slot, const json_t *json, pl_error *err)
{
    struct pl_store_session *header = &slot->header;
    const char *scenario = json_string_value(json_object_get(json, "scenario"));
    const char *clock = json_string_value(json_object_get(json, "clock"));
    const json_t *seed = json_object_get(json, "seed");
    if (scenario == NULL || strlen(scenario) >= sizeof header->scenario) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`scenario` is the name of a scenario.");
    }
    if (clock != NULL && strcmp(clock, "turn") != 0 && strcmp(clock, "live") != 0) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`clock` is `turn` or `live`.");
    }
    if (seed != NULL && (!json_is_integer(seed) || json_integer_value(seed) < 0)) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`seed` is a whole number from 0.");
    }
    snprintf(header->scenario, sizeof header->scenario, "%s", scenario);
    snprintf(header->clock, sizeof header->clock, "%s", clock != NULL ? clock : "turn");
    header->seed = seed != NULL ? json_integer_value(seed) : (int64_t)pl_episode_draw_seed();
    return PL_OK;
}

static pl_status
read_wish(struct pl_slot *slot, const struct pl_ask *ask, struct past *past, pl_error *err)
{
    json_t *json = NULL;
    pl_slice text = {ask->body, ask->body_size};
    pl_status status = pl_json_in_load(text, PL_COMMAND_SIZE_MAX, NULL, &json, err);
    const json_t *from = json_object_get(json, "from");
    const json_t *speed = json_object_get(json, "speed");
    if (status == PL_OK) {
        status =
            from != NULL ? read_past(slot, from, ask->owner, past, err) : read_own(slot, json, err);
    }
    if (status == PL_OK && speed != NULL) {
        slot->tag.speed = json_number_value(speed);
        if (!(slot->tag.speed >= 1.0 && slot->tag.speed <= PL_PACE_SPEED_MAX)) {
            status = pl_fail(
                err, PL_BAD_INPUT, NULL, "`speed` is a number from 1 to %d.", PL_PACE_SPEED_MAX);
        }
    }
    json_decref(json);
    return status;
}

/* A slot that never came into the list. */
static void discard(struct pl_slot *slot, struct pl_ask *ask, const pl_error *err)
{
    struct pl_host *host = slot->host;
    pl_room_close(slot->room);
    pl_lane_close(slot->lane);
    free(slot);
    pl_ask_error(ask, err);
    atomic_fetch_sub(&host->asks, 1);
}

/* Task: the session is in the log. */
static void created(void *context, void *item, uint32_t worker)
{
    struct pl_slot *slot = context;
    struct pl_host_write *write = item;
    struct pl_desk *desk = pl_host_desk(slot->host, worker);
    struct pl_ask *ask = write->ask;
    pl_error err = write->write.error;
    pl_status status = write->write.status;
    slot->log = write->write.log;
    slot->header = write->write.session;
    free(write);
    atomic_fetch_sub(&slot->host->writes, 1);
    if (status == PL_OK) {
        status = pl_tag_save(&slot->tag, slot->host->data, slot->header.id, &err);
    }
    if (status == PL_OK && !pl_host_open_list(slot)) {
        status = pl_fail(&err, PL_NO_MEMORY, NULL, "There is not enough memory for a session.");
    }
    if (status != PL_OK) {
        if (slot->log != NULL) {
            put_write(slot, PL_STORE_CLOSE, NULL, forget_write);
        }
        discard(slot, ask, &err);
        return;
    }
    set_resident(slot, true);
    if (slot->tag.from[0] != '\0') {
        int64_t until_ns =
            pl_session_opens(slot->room->session) + (int64_t)(slot->tag.from_s * 1e9);
        struct replay replay = {.slot = slot, .desk = desk, .until_ns = until_ns, .copy = true};
        (void)!read_log(&replay, slot->tag.from, &err); /* what could be copied is the past */
    }
    slot->ticked_ns = pl_session_now(slot->room->session);
    if (atomic_load(&slot->unwritten) > 0) {
        pl_host_open_wait(slot, ask); /* until the copied past is on disk */
    } else {
        pl_host_play_serve(slot, ask, desk);
    }
}

static void session_created(struct pl_store_write *write)
{
    struct pl_host_write *own = write->context;
    bool posted = pl_lane_post(own->slot->lane, PL_HOST_HEAVY, created, own->slot, own);
    PL_CHECK(posted);
}

/* Task: warm up a new session, then put it in the log. */
static void create(void *context, void *item, uint32_t worker)
{
    (void)worker;
    struct pl_slot *slot = context;
    struct pl_ask *ask = item;
    struct past past = {0};
    struct pl_store_session *header = &slot->header;
    struct pl_buf moment;
    pl_error err = {0};
    snprintf(slot->tag.owner, sizeof slot->tag.owner, "%s", ask->owner);
    pl_status status = read_wish(slot, ask, &past, &err);
    if (status == PL_OK) {
        status = open_room(slot, &err);
    }
    if (status != PL_OK) {
        discard(slot, ask, &err);
        return;
    }
    snprintf(header->pack_hash, sizeof header->pack_hash, "%s", slot->room->content->hash);
    pl_episode_put_engine(header->engine, sizeof header->engine);
    pl_buf_init(&moment, header->created_at, sizeof header->created_at);
    pl_now_put_utc(&moment, pl_now_wall_ns());
    put_write(slot, PL_STORE_CREATE, ask, session_created);
}

/* Sessions in play have the rest of the disk to themselves. */
static pl_status check_disk(const struct pl_host *host, pl_error *err)
{
    double share = pl_directory_free(host->data);
    if (share >= host->disk_share) {
        return PL_OK;
    }
    return pl_fail(err,
                   PL_LIMIT,
                   NULL,
                   "The disk of the evidence log has %.1f %% left: no new session begins before it "
                   "has %.0f %%. Sessions in play go on.",
                   share * 100.0,
                   host->disk_share * 100.0);
}

/* Each session in play takes memory and time: nobody has all of them. */
static pl_status check_owner(struct pl_host *host, const char *owner, pl_error *err)
{
    uint32_t count = 0;
    pl_mutex_lock(host->mutex);
    for (uint32_t i = 0; i < host->slot_count; i++) {
        const struct pl_slot *slot = host->slots[i];
        count += slot->resident && !slot->tag.done && strcmp(slot->tag.owner, owner) == 0;
    }
    pl_mutex_unlock(host->mutex);
    if (count < host->session_max) {
        return PL_OK;
    }
    return pl_fail(
        err,
        PL_LIMIT,
        NULL,
        "You have %u sessions in play, which is as many as one user may have; close one, "
        "or leave one alone for ten minutes.",
        count);
}

void pl_host_open_create(struct pl_host *host, struct pl_ask *ask)
{
    pl_error err = {0};
    if (check_disk(host, &err) != PL_OK || check_owner(host, ask->owner, &err) != PL_OK) {
        pl_ask_fail(ask, PL_REPLY_BUSY, err.message);
        atomic_fetch_sub(&host->asks, 1);
        return;
    }
    struct pl_slot *slot = pl_host_open_slot(host);
    if (slot == NULL || !pl_lane_post(slot->lane, PL_HOST_HEAVY, create, slot, ask)) {
        if (slot != NULL) {
            pl_lane_close(slot->lane);
        }
        free(slot);
        pl_ask_fail(ask, PL_REPLY_BUSY, "There is not enough memory for another session.");
        atomic_fetch_sub(&host->asks, 1);
    }
}
