// SPDX-License-Identifier: Apache-2.0
#include "exam/host_view.h"

#include "base/check.h"
#include "observe/burn.h"
#include "observe/observe.h"
#include "observe/panel_table.h"
#include "os/now.h"
#include "session/act.h"
#include "session/look.h"
#include "session/say.h"
#include "session/session_types.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <string.h>

enum { MAP_COLUMNS = 3 /* of the topology's tables: what is drawn, without figures */ };

/* ---- Lists ---------------------------------------------------------------------------------- */

/* What an owner has made of a scenario. */
struct record {
    uint32_t plays;
    bool judged;
    double best;
};

static bool may_see(const struct pl_slot *slot, const char *owner)
{
    return slot->tag.sample || strcmp(slot->tag.owner, owner) == 0;
}

static const char *state_of(const struct pl_slot *slot)
{
    if (slot->tag.done || slot->header.state == PL_STORE_SESSION_CLOSED) {
        return "closed";
    }
    bool waits = strcmp(slot->header.clock, "live") == 0 && !slot->live_running;
    return waits ? "paused" : "live";
}

/* A live incident that nobody has taken yet: its clock runs from the first moment of its player. */
static bool is_waiting(const struct pl_slot *slot)
{
    return strcmp(state_of(slot), "paused") == 0 && slot->header.entry_count == 0 &&
           slot->durable_seq == 0 && !(slot->t_s > 0.0);
}

static struct record find_record(struct pl_host *host, const char *owner, const char *scenario)
{
    struct record record = {0};
    pl_mutex_lock(host->mutex);
    for (uint32_t i = 0; i < host->slot_count; i++) {
        const struct pl_slot *slot = host->slots[i];
        if (slot->tag.sample || is_waiting(slot) || strcmp(slot->tag.owner, owner) != 0 ||
            strcmp(slot->header.scenario, scenario) != 0) {
            continue;
        }
        record.plays++;
        if (slot->tag.judged && (!record.judged || slot->tag.score > record.best)) {
            record.judged = true;
            record.best = slot->tag.score;
        }
    }
    pl_mutex_unlock(host->mutex);
    return record;
}

/* The parts of a text between commas, without the spaces around them. */
static void put_parts(struct pl_json_out *json, const char *text)
{
    while (*text != '\0') {
        text += strspn(text, ", ");
        size_t size = strcspn(text, ",");
        while (size > 0 && text[size - 1] == ' ') {
            size--;
        }
        if (size > 0) {
            pl_json_out_slice(json, (pl_slice){text, size});
        }
        text += strcspn(text, ",");
    }
}

/* As its author says, else by what its player has to do and can do. */
static void put_trains(struct pl_json_out *json, const struct pl_scenario *scenario)
{
    pl_json_out_key(json, "trains");
    pl_json_out_array_begin(json);
    if (scenario->trains[0] != '\0') {
        put_parts(json, scenario->trains);
        pl_json_out_array_end(json);
        return;
    }
    pl_json_out_string(json, "narrowing down");
    if (scenario->setting.action_count > 0) {
        pl_json_out_string(json, "choosing a mitigation");
    }
    if (scenario->updates_every_s > 0.0) {
        pl_json_out_string(json, "status updates");
    }
    if (scenario->red_herring_count > 0) {
        pl_json_out_string(json, "ignoring red herrings");
    }
    pl_json_out_array_end(json);
}

static void
put_scenario(struct pl_json_out *json, const struct pl_content *content, struct record record)
{
    const struct pl_scenario *scenario = content->scenario;
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "name", scenario->name);
    pl_json_out_member_string(json, "title", scenario->title);
    pl_json_out_member_string(json, "summary", scenario->summary);
    pl_json_out_member_string(json, "severity", scenario->severity);
    pl_json_out_member_string(json, "opens_at_alert", scenario->page_alert);
    pl_json_out_member_number(json, "minutes", scenario->horizon_s / 60.0);
    pl_json_out_member_integer(json, "difficulty", scenario->difficulty);
    put_trains(json, scenario);
    pl_json_out_member_string(json, "world", content->world->name);
    pl_json_out_member_integer(json, "plays", record.plays);
    pl_json_out_key(json, "best");
    if (record.judged) {
        pl_json_out_number(json, record.best);
    } else {
        pl_json_out_null(json);
    }
    pl_json_out_object_end(json);
}

pl_status
pl_host_view_scenarios(struct pl_host *host, const char *owner, struct pl_buf *out, pl_error *err)
{
    struct pl_json_out json;
    pl_buf_clear(out);
    pl_json_out_begin(&json, out);
    pl_json_out_array_begin(&json);
    for (uint32_t i = 0; i < pl_library_count(host->library); i++) {
        const char *name = pl_library_name(host->library, i);
        const struct pl_content *content = pl_library_get(host->library, name, err);
        if (content == NULL) {
            return err->status;
        }
        put_scenario(&json, content, find_record(host, owner, name));
    }
    pl_json_out_array_end(&json);
    pl_json_out_end(&json);
    return PL_OK;
}

static const char *title_of(struct pl_host *host, const char *scenario)
{
    const struct pl_content *content = pl_library_get(host->library, scenario, NULL);
    return content != NULL ? content->scenario->title : scenario;
}

static void put_slot(struct pl_json_out *json, const struct pl_slot *slot)
{
    const struct pl_tag *tag = &slot->tag;
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "id", slot->header.id);
    pl_json_out_member_string(json, "scenario", slot->header.scenario);
    pl_json_out_member_string(json, "title", title_of(slot->host, slot->header.scenario));
    pl_json_out_member_string(json, "clock", slot->header.clock);
    pl_json_out_member_string(json, "state", state_of(slot));
    pl_json_out_member_bool(json, "waiting", is_waiting(slot));
    pl_json_out_member_number(json, "t_s", slot->resident || !tag->done ? slot->t_s : tag->done_s);
    pl_json_out_member_string(json, "created_at", slot->header.created_at);
    pl_json_out_member_bool(json, "sample", tag->sample);
    pl_json_out_member_bool(json, "judged", tag->judged);
    if (tag->judged) {
        pl_json_out_member_number(json, "damage", tag->damage);
        pl_json_out_member_number(json, "score", tag->score);
    }
    if (tag->from[0] != '\0') {
        pl_json_out_member_string(json, "from", tag->from);
        pl_json_out_member_number(json, "from_s", tag->from_s);
    }
    pl_json_out_object_end(json);
}

void pl_host_view_sessions(struct pl_host *host, const char *owner, struct pl_buf *out)
{
    struct pl_json_out json;
    pl_buf_clear(out);
    pl_json_out_begin(&json, out);
    pl_json_out_array_begin(&json);
    pl_mutex_lock(host->mutex);
    for (uint32_t i = host->slot_count; i > 0 && out->capacity - out->size > 4096; i--) {
        if (may_see(host->slots[i - 1], owner)) {
            put_slot(&json, host->slots[i - 1]);
        }
    }
    pl_mutex_unlock(host->mutex);
    pl_json_out_array_end(&json);
    pl_json_out_end(&json);
}

/* ---- Lexicon -------------------------------------------------------------------------------- */

static void put_target(struct pl_json_out *json, const char *name, const char *kind)
{
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "name", name);
    pl_json_out_member_string(json, "kind", kind);
    pl_json_out_object_end(json);
}

static void put_services(struct pl_json_out *json, const struct pl_world *world)
{
    pl_json_out_key(json, "services");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < world->service_count; i++) {
        bool pools = false;
        for (uint32_t p = 0; p < world->pool_count; p++) {
            pools = pools || world->pools[p].service == i;
        }
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "name", world->services[i].name);
        pl_json_out_member_string(json, "kind", "service");
        pl_json_out_member_bool(json, "pools", pools);
        pl_json_out_object_end(json);
    }
    for (uint32_t i = 0; i < world->database_count; i++) {
        put_target(json, world->databases[i].name, "database");
    }
    for (uint32_t i = 0; i < world->cache_count; i++) {
        put_target(json, world->caches[i].name, "cache");
    }
    for (uint32_t i = 0; i < world->topic_count; i++) {
        put_target(json, world->topics[i].name, "topic");
    }
    for (uint32_t i = 0; i < world->streams.stream_count; i++) {
        put_target(json, world->streams.streams[i].name, "stream");
    }
    for (uint32_t i = 0; i < world->streams.volume_count; i++) {
        put_target(json, world->streams.volumes[i].name, "volume");
    }
    pl_json_out_array_end(json);
}

static void put_panels(struct pl_json_out *json)
{
    static const char *const kinds[] = {
        "service", "database", "cache", "topic", "stream", "volume", "users"};
    pl_json_out_key(json, "panels");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        const struct pl_panel_def *panel = pl_panel_at(i);
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "panel", panel->name);
        pl_json_out_member_string(json, "by", panel->by);
        pl_json_out_member_string(json, "title", panel->title);
        pl_json_out_member_string(json, "unit", panel->unit);
        pl_json_out_member_string(json, "of", kinds[panel->of]);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

static void put_looks(struct pl_json_out *json, const struct pl_scenario *scenario)
{
    pl_json_out_key(json, "looks");
    pl_json_out_array_begin(json);
    for (const char *const *look = pl_look_names(); *look != NULL; look++) {
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "what", *look);
        pl_json_out_member_number(json, "cost_s", pl_scenario_look_cost(scenario, *look));
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

static void put_words(struct pl_json_out *json, const char *key, const char *const *words)
{
    pl_json_out_key(json, key);
    pl_json_out_array_begin(json);
    for (; *words != NULL; words++) {
        pl_json_out_string(json, *words);
    }
    pl_json_out_array_end(json);
}

static void put_setting(struct pl_json_out *json, const struct pl_setting *setting)
{
    pl_json_out_key(json, "people");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < setting->person_count; i++) {
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "id", setting->people[i].id);
        pl_json_out_member_string(json, "name", setting->people[i].name);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
    pl_json_out_key(json, "pages");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < setting->page_count; i++) {
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "name", setting->pages[i].name);
        pl_json_out_member_string(json, "title", setting->pages[i].title);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
    pl_json_out_key(json, "actions");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < setting->action_count; i++) {
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "name", setting->actions[i].name);
        pl_json_out_member_string(json, "title", setting->actions[i].title);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

pl_status
pl_host_view_lexicon(struct pl_host *host, const char *scenario, struct pl_buf *out, pl_error *err)
{
    struct pl_json_out json;
    if (scenario[0] == '\0' && pl_library_count(host->library) > 0) {
        scenario = pl_library_name(host->library, 0);
    }
    const struct pl_content *content = pl_library_get(host->library, scenario, err);
    if (content == NULL) {
        return err->status;
    }
    pl_buf_clear(out);
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "scenario", content->scenario->name);
    put_services(&json, content->world);
    put_panels(&json);
    put_looks(&json, content->scenario);
    put_words(&json, "db_views", pl_observe_db_views());
    put_words(&json, "statuses", pl_say_statuses());
    put_words(&json, "postmortem", pl_say_postmortem_fields());
    put_setting(&json, &content->scenario->setting);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    return PL_OK;
}

/* ---- One session ---------------------------------------------------------------------------- */

static void put_opening(const struct pl_slot *slot, struct pl_json_out *json, struct pl_desk *desk)
{
    pl_buf_clear(&desk->answer);
    pl_session_opening(slot->room->session, &desk->answer);
    pl_json_out_key(json, "opening");
    pl_json_out_raw(json, (pl_slice){desk->answer.data, desk->answer.size});
}

void pl_host_view_created(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    struct pl_json_out json;
    pl_buf_clear(&desk->out);
    pl_json_out_begin(&json, &desk->out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "id", slot->header.id);
    put_opening(slot, &json, desk);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    pl_ask_reply(ask, PL_REPLY_CREATED, (pl_slice){desk->out.data, desk->out.size});
    atomic_fetch_sub(&slot->host->asks, 1);
}

/* The first columns of a table's rows. */
static void put_rows(struct pl_json_out *json, const char *key, const json_t *table)
{
    const json_t *rows = json_object_get(table, "rows");
    pl_json_out_key(json, key);
    pl_json_out_array_begin(json);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        pl_json_out_array_begin(json);
        for (size_t k = 0; k < MAP_COLUMNS && k < json_array_size(row); k++) {
            const json_t *cell = json_array_get(row, k);
            if (json_is_string(cell)) {
                pl_json_out_string(json, json_string_value(cell));
            } else if (json_is_integer(cell)) {
                pl_json_out_integer(json, json_integer_value(cell));
            }
        }
        pl_json_out_array_end(json);
    }
    pl_json_out_array_end(json);
}

/* The map of the system without its figures, which cost a look. */
static void put_topology(const struct pl_slot *slot, struct pl_json_out *json, struct pl_desk *desk)
{
    struct pl_look_call call;
    json_t *command = json_pack("{s:s, s:s}", "do", "look", "what", "topology");
    json_t *map = NULL;
    pl_buf_clear(&desk->answer);
    bool shown = pl_look_read(slot->room->content->scenario, command, &call, NULL) == PL_OK &&
                 pl_look_do(slot->room->session, &call, &desk->answer, NULL) == PL_OK;
    pl_slice text = {desk->answer.data, desk->answer.size};
    if (shown && pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &map, NULL) != PL_OK) {
        map = NULL;
    }
    const json_t *parts = json_object_get(map, "parts");
    pl_json_out_key(json, "topology");
    pl_json_out_object_begin(json);
    put_rows(json, "services", json_array_get(parts, 0));
    put_rows(json, "links", json_array_get(parts, 1));
    pl_json_out_object_end(json);
    json_decref(map);
    json_decref(command);
}

/* What the incident uses of the error budget since the page, as the instruments show it. */
static void put_burn(const struct pl_session *session, struct pl_json_out *json)
{
    struct pl_burn burn;
    bool known = pl_burn_read(session->observe, pl_session_opens(session), &burn);
    pl_json_out_key(json, "budget");
    if (known) {
        pl_json_out_number(json, burn.used);
        pl_json_out_member_number(json, "burn_rate", burn.rate);
    } else {
        pl_json_out_null(json);
    }
}

/* The clock, as in the event and in the session. */
static void put_clock(const struct pl_slot *slot, struct pl_json_out *json, const char *name)
{
    char clock[16];
    const struct pl_session *session = slot->room->session;
    int64_t opens_ns = pl_session_opens(session);
    int64_t now_ns = pl_session_now(session);
    int64_t ends_ns = pl_session_ends(session);
    if (!pl_session_done(session)) {
        /* One that nobody watches is brought up to its present by the next command only. */
        int64_t present_ns = pl_room_present(slot->room, pl_now_monotonic_ns());
        now_ns = present_ns < ends_ns ? present_ns : ends_ns;
    }
    pl_session_clock(session, now_ns, clock, sizeof clock);
    pl_json_out_member_number(json, "t_s", (double)(now_ns - opens_ns) / 1e9);
    pl_json_out_member_string(json, name, clock);
    pl_json_out_member_bool(json, "running", slot->room->pace.running && !pl_session_done(session));
    pl_json_out_member_number(json, "speed", slot->tag.speed);
    pl_json_out_member_number(json, "ends_s", (double)(ends_ns - opens_ns) / 1e9);
    pl_json_out_key(json, "update_due_s");
    if (session->update_due_ns < ends_ns) {
        pl_json_out_number(json, (double)(session->update_due_ns - opens_ns) / 1e9);
    } else {
        pl_json_out_null(json);
    }
    put_burn(session, json);
}

void pl_host_view_clock(struct pl_slot *slot, int64_t due_ns, struct pl_buf *out)
{
    struct pl_json_out json;
    int64_t due_wall_ns = pl_now_wall_ns() - (pl_now_monotonic_ns() - due_ns);
    pl_buf_clear(out);
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    put_clock(slot, &json, "clock");
    pl_json_out_member_number(&json, "due_ms", (double)due_wall_ns / 1e6);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

void pl_host_view_put_session(struct pl_slot *slot, struct pl_desk *desk)
{
    struct pl_json_out json;
    const struct pl_room *room = slot->room;
    pl_buf_clear(&desk->out);
    pl_json_out_begin(&json, &desk->out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "id", slot->header.id);
    pl_json_out_member_string(&json, "scenario", slot->header.scenario);
    pl_json_out_member_string(&json, "title", room->content->scenario->title);
    pl_json_out_member_string(&json, "clock", slot->header.clock);
    pl_json_out_member_string(&json, "created_at", slot->header.created_at);
    pl_json_out_member_bool(&json, "sample", slot->tag.sample);
    pl_json_out_member_string(&json, "state", state_of(slot));
    put_clock(slot, &json, "clock_text");
    pl_json_out_member_integer(&json, "seq", slot->durable_seq);
    if (slot->tag.from[0] != '\0') {
        pl_json_out_member_string(&json, "from", slot->tag.from);
        pl_json_out_member_number(&json, "from_s", slot->tag.from_s);
    }
    put_opening(slot, &json, desk);
    pl_buf_clear(&desk->answer);
    pl_act_list(room->session, &desk->answer);
    pl_json_out_key(&json, "actions");
    pl_json_out_raw(&json, (pl_slice){desk->answer.data, desk->answer.size});
    put_topology(slot, &json, desk);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    PL_CHECK(!desk->out.overflow);
}

void pl_host_view_session(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk)
{
    pl_host_view_put_session(slot, desk);
    pl_ask_reply(ask, PL_REPLY_OK, (pl_slice){desk->out.data, desk->out.size});
    atomic_fetch_sub(&slot->host->asks, 1);
}
