// SPDX-License-Identifier: Apache-2.0
#include "exam/host_whatif.h"

#include "base/check.h"
#include "exam/logbook.h"
#include "session/look.h"
#include "session/session_types.h"
#include "session/truth.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMANDS_MAX = 32, PANELS_MAX = 8, COMMAND_SIZE = 160 };

#define HORIZON_S_MAX 7200.0
#define WAIT_NS_MAX   (3600 * PL_NS_PER_S)

/* One question. */
struct whatif {
    struct pl_slot *slot;
    struct pl_ask *ask;
    const struct pl_content *content;
    struct pl_logbook logbook;
    json_t *wish;
    struct pl_room *played;
    struct pl_room *tried;
    int64_t at_ns; /* where the futures part */
    int64_t until_ns;
};

static bool is_live(const struct whatif *whatif)
{
    return strcmp(whatif->logbook.header.clock, "live") == 0;
}

static pl_status open_room(struct whatif *whatif, struct pl_room **room, pl_error *err)
{
    const struct pl_store_session *header = &whatif->logbook.header;
    struct pl_room_def def = {.content = whatif->content,
                              .forms = whatif->slot->host->forms,
                              .directory = whatif->slot->host->data,
                              .writer = whatif->slot->host->spooler,
                              .seed = (uint64_t)header->seed,
                              .clock = is_live(whatif) ? PL_CLOCK_LIVE : PL_CLOCK_TURN,
                              .speed = 1.0};
    return pl_room_open(room, &def, err);
}

static pl_status apply(struct pl_room *room,
                       int64_t now_ns,
                       const char *command,
                       struct pl_desk *desk,
                       struct pl_room_step *step,
                       pl_error *err)
{
    int64_t present_ns = pl_session_now(room->session);
    return pl_room_apply(room,
                         now_ns > present_ns ? now_ns : present_ns,
                         pl_slice_of(command),
                         (pl_slice){NULL, 0},
                         desk,
                         step,
                         err);
}

/* Let time pass without doing anything. */
static pl_status pass(struct whatif *whatif,
                      struct pl_room *room,
                      int64_t until_ns,
                      struct pl_desk *desk,
                      pl_error *err)
{
    struct pl_session *session = room->session;
    pl_status status = PL_OK;
    if (is_live(whatif)) {
        if (until_ns > pl_session_now(session)) {
            (void)pl_session_advance(session, until_ns);
        }
        return PL_OK;
    }
    while (status == PL_OK && !pl_session_done(session) &&
           until_ns - pl_session_now(session) >= PL_NS_PER_S) {
        char command[COMMAND_SIZE];
        struct pl_room_step step;
        int64_t left_ns = until_ns - pl_session_now(session);
        left_ns = left_ns < WAIT_NS_MAX ? left_ns : WAIT_NS_MAX;
        snprintf(command, sizeof command, "{\"do\":\"wait\",\"for\":%.3f}", (double)left_ns / 1e9);
        status = apply(room, 0, command, desk, &step, err);
        if (status == PL_OK && step.seq == 0) {
            return pl_fail(err, PL_LIMIT, NULL, "The session takes no more entries.");
        }
    }
    return status;
}

/* Repeat what was played from..until; the player's close is left out, the futures go on. */
static pl_status repeat(struct whatif *whatif,
                        struct pl_room *room,
                        uint32_t *next,
                        int64_t until_ns,
                        struct pl_desk *desk,
                        pl_error *err)
{
    pl_status status = PL_OK;
    const struct pl_logbook *logbook = &whatif->logbook;
    while (status == PL_OK && *next < logbook->count &&
           logbook->entries[*next].after_ns <= until_ns) {
        const struct pl_logbook_entry *entry = &logbook->entries[(*next)++];
        struct pl_room_step step;
        if (strcmp(entry->kind, "close") != 0) {
            status = apply(room, entry->before_ns, entry->command, desk, &step, err);
        }
    }
    return status;
}

/* ---- The answer ----------------------------------------------------------------------------- */

static double share(const struct pl_room *room, uint32_t sample)
{
    const struct pl_session *session = room->session;
    double budget = pl_truth_budget(room->content->world);
    uint32_t opening = (uint32_t)(pl_session_opens(session) / PL_TRUTH_STEP_NS);
    double lost = session->truth.samples[sample].damage - session->truth.samples[opening].damage;
    return budget > 0.0 ? lost / budget : 0.0;
}

/* Damage since the opening, from the parting on; returns the last. */
static double
put_damage(const struct whatif *whatif, const struct pl_room *room, struct pl_json_out *json)
{
    const struct pl_truth *truth = &room->session->truth;
    int64_t opens_ns = pl_session_opens(room->session);
    double last = 0.0;
    pl_json_out_key(json, "damage");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < truth->count; i++) {
        int64_t t_ns = (int64_t)i * PL_TRUTH_STEP_NS;
        if (t_ns < opens_ns || t_ns > whatif->until_ns) {
            continue;
        }
        last = share(room, i);
        pl_json_out_array_begin(json);
        pl_json_out_number(json, (double)(t_ns - opens_ns) / 1e9);
        pl_json_out_number(json, last);
        pl_json_out_array_end(json);
    }
    pl_json_out_array_end(json);
    return last;
}

/* What the wanted panels show at the end. */
static void put_panels(const struct whatif *whatif,
                       struct pl_room *room,
                       struct pl_json_out *json,
                       struct pl_desk *desk)
{
    const json_t *panels = json_object_get(whatif->wish, "panels");
    pl_json_out_key(json, "panels");
    pl_json_out_array_begin(json);
    for (size_t i = 0; i < json_array_size(panels) && i < PANELS_MAX; i++) {
        struct pl_look_call call;
        pl_error err = {0};
        json_t *look = json_deep_copy(json_array_get(panels, i));
        json_object_set_new(look, "do", json_string("look"));
        json_object_set_new(look, "what", json_string("panel"));
        pl_buf_clear(&desk->answer);
        pl_status status = pl_look_read(room->content->scenario, look, &call, &err);
        status = status == PL_OK ? pl_look_do(room->session, &call, &desk->answer, &err) : status;
        if (status == PL_OK) {
            pl_json_out_raw(json, (pl_slice){desk->answer.data, desk->answer.size});
        } else {
            pl_json_out_object_begin(json);
            pl_json_out_member_string(json, "type", "error");
            pl_json_out_member_string(json, "text", err.message);
            pl_json_out_object_end(json);
        }
        json_decref(look);
    }
    pl_json_out_array_end(json);
}

static double put_future(const struct whatif *whatif,
                         struct pl_room *room,
                         const char *key,
                         struct pl_json_out *json,
                         struct pl_desk *desk)
{
    pl_json_out_key(json, key);
    pl_json_out_object_begin(json);
    double damage = put_damage(whatif, room, json);
    put_panels(whatif, room, json, desk);
    pl_json_out_object_end(json);
    return damage;
}

/* Do what should be tried; each answer goes into the JSON. */
static pl_status
try_commands(struct whatif *whatif, struct pl_json_out *json, struct pl_desk *desk, pl_error *err)
{
    const json_t *commands = json_object_get(whatif->wish, "commands");
    pl_status status = PL_OK;
    pl_json_out_key(json, "answers");
    pl_json_out_array_begin(json);
    for (size_t i = 0; i < json_array_size(commands) && i < COMMANDS_MAX && status == PL_OK; i++) {
        struct pl_room_step step;
        json_t *command = json_deep_copy(json_array_get(commands, i));
        const char *verb = json_string_value(json_object_get(command, "do"));
        if (verb != NULL && strcmp(verb, "act") == 0) {
            json_object_set_new(command, "confirm", json_true());
        }
        char *text = json_dumps(command, JSON_COMPACT);
        json_decref(command);
        if (text == NULL) {
            return pl_fail(err, PL_BAD_INPUT, NULL, "`commands` is a list of commands.");
        }
        status = apply(whatif->tried, whatif->at_ns, text, desk, &step, err);
        free(text);
        pl_json_out_raw(json, (pl_slice){desk->answer.data, desk->answer.size});
    }
    pl_json_out_array_end(json);
    return status;
}

static pl_status run(struct whatif *whatif, struct pl_desk *desk, pl_error *err)
{
    struct pl_json_out json;
    uint32_t next_played = 0;
    uint32_t next_tried = 0;
    pl_status status = repeat(whatif, whatif->tried, &next_tried, whatif->at_ns, desk, err);
    status = status == PL_OK ? pass(whatif, whatif->tried, whatif->at_ns, desk, err) : status;
    pl_buf_clear(&desk->out);
    pl_json_out_begin(&json, &desk->out);
    pl_json_out_object_begin(&json);
    status = status == PL_OK ? try_commands(whatif, &json, desk, err) : status;
    status = status == PL_OK ? pass(whatif, whatif->tried, whatif->until_ns, desk, err) : status;
    if (status == PL_OK) {
        status = repeat(whatif, whatif->played, &next_played, whatif->until_ns, desk, err);
    }
    status = status == PL_OK ? pass(whatif, whatif->played, whatif->until_ns, desk, err) : status;
    if (status != PL_OK) {
        return status;
    }
    int64_t opens_ns = pl_session_opens(whatif->tried->session);
    pl_json_out_member_number(&json, "at_s", (double)(whatif->at_ns - opens_ns) / 1e9);
    pl_json_out_member_number(&json, "until_s", (double)(whatif->until_ns - opens_ns) / 1e9);
    double played = put_future(whatif, whatif->played, "played", &json, desk);
    double tried = put_future(whatif, whatif->tried, "tried", &json, desk);
    pl_json_out_member_number(&json, "damage_played", played);
    pl_json_out_member_number(&json, "damage_tried", tried);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    return desk->out.overflow ? pl_fail(err, PL_LIMIT, NULL, "The answer is too long.") : PL_OK;
}

/* ---- The question --------------------------------------------------------------------------- */

static pl_status read_wish(struct whatif *whatif, pl_error *err)
{
    const struct pl_ask *ask = whatif->ask;
    pl_slice text = {ask->body, ask->body_size};
    pl_status status = pl_json_in_load(text, PL_COMMAND_SIZE_MAX, NULL, &whatif->wish, err);
    if (status != PL_OK) {
        return status;
    }
    const json_t *at = json_object_get(whatif->wish, "at_s");
    const json_t *horizon = json_object_get(whatif->wish, "horizon_s");
    double horizon_s = horizon != NULL ? json_number_value(horizon) : HORIZON_S_MAX;
    const json_t *commands = json_object_get(whatif->wish, "commands");
    const json_t *panels = json_object_get(whatif->wish, "panels");
    bool good = json_is_number(at) && json_number_value(at) >= 0.0 && horizon_s > 0.0 &&
                horizon_s <= HORIZON_S_MAX && (commands == NULL || json_is_array(commands)) &&
                json_array_size(commands) <= COMMANDS_MAX &&
                (panels == NULL || json_is_array(panels)) && json_array_size(panels) <= PANELS_MAX;
    if (!good) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "`at_s` is 0 or more, `horizon_s` up to %.0f, `commands` a list of up to %d "
                       "commands, `panels` a list of up to %d panels.",
                       HORIZON_S_MAX,
                       COMMANDS_MAX,
                       PANELS_MAX);
    }
    const struct pl_session *session = whatif->tried->session;
    int64_t ends_ns = pl_session_ends(session);
    whatif->at_ns = pl_session_opens(session) + pl_clock_ns(json_number_value(at));
    whatif->until_ns = whatif->at_ns + pl_clock_ns(horizon_s);
    whatif->until_ns = whatif->until_ns < ends_ns ? whatif->until_ns : ends_ns;
    return whatif->at_ns < ends_ns
               ? PL_OK
               : pl_fail(err, PL_BAD_INPUT, NULL, "`at_s` is after the end of the incident.");
}

/* Task: compute both futures. */
static void work(void *context, void *item, uint32_t worker)
{
    struct whatif whatif = {.slot = context, .ask = item};
    struct pl_host *host = whatif.slot->host;
    struct pl_desk *desk = pl_host_desk(host, worker);
    pl_error err = {0};
    pl_status status =
        pl_logbook_load(&whatif.logbook, host->data, whatif.slot->header.id, 0, &err);
    if (status == PL_OK) {
        whatif.content = pl_library_get(host->library, whatif.logbook.header.scenario, &err);
        status = whatif.content != NULL ? PL_OK : err.status;
    }
    status = status == PL_OK ? open_room(&whatif, &whatif.tried, &err) : status;
    status = status == PL_OK ? read_wish(&whatif, &err) : status;
    status = status == PL_OK ? open_room(&whatif, &whatif.played, &err) : status;
    status = status == PL_OK ? run(&whatif, desk, &err) : status;
    if (status == PL_OK) {
        pl_ask_reply(whatif.ask, PL_REPLY_OK, (pl_slice){desk->out.data, desk->out.size});
    } else {
        pl_ask_error(whatif.ask, &err);
    }
    json_decref(whatif.wish);
    pl_room_close(whatif.played);
    pl_room_close(whatif.tried);
    pl_logbook_free(&whatif.logbook);
    atomic_fetch_sub(&host->asks, 1);
}

void pl_host_whatif_answer(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    (void)desk;
    struct pl_host *host = slot->host;
    if (!pl_session_done(slot->room->session)) {
        pl_ask_fail(ask, PL_REPLY_SESSION_OPEN, "What-if follows when the incident is over.");
        atomic_fetch_sub(&host->asks, 1);
        return;
    }
    /* In a lane of its own: the session itself answers meanwhile. */
    struct pl_lane *lane = pl_lane_open(host->crew);
    if (lane == NULL || !pl_lane_post(lane, PL_HOST_HEAVY, work, slot, ask)) {
        pl_ask_fail(ask, PL_REPLY_BUSY, "There is not enough memory for another request.");
        atomic_fetch_sub(&host->asks, 1);
    }
    if (lane != NULL) {
        pl_lane_close(lane);
    }
}
