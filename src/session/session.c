// SPDX-License-Identifier: Apache-2.0
//
// Memory of a session, in this order, each part aligned to 16 bytes:
//
//     struct pl_session | state | start | spare | record | instruments
//
// Time moves in advance() only. It stops at every moment at which something wants to see the model;
// these moments do not depend on how the way there is cut into commands, so a session that was
// played live in small steps is the same as one replayed in large ones.
#include "session/session.h"

#include "base/check.h"
#include "base/random.h"
#include "session/act.h"
#include "session/command.h"
#include "session/debrief.h"
#include "session/look.h"
#include "session/notice.h"
#include "session/say.h"
#include "session/session_types.h"
#include "session/truth.h"
#include "text/quantity.h"

#include <stdio.h>
#include <string.h>

#define WAIT_MAX_NS   (60 * 60 * PL_NS_PER_S)
#define PAGE_SLACK_NS (60 * PL_NS_PER_S) /* a page may come this much after the opening */

enum { ALIGNMENT = 16, MOVE_SIZE = 1024, FORM_DRAWS_MAX = 12 };

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

int64_t pl_session_history(const struct pl_scenario *scenario)
{
    PL_CHECK(scenario != NULL);
    return pl_clock_ns(scenario->warmup_s + scenario->horizon_s + 60.0);
}

bool pl_session_pages(const struct pl_scenario *scenario,
                      const struct pl_opening *opening,
                      const struct pl_observe *observe)
{
    PL_CHECK(scenario != NULL && opening != NULL);
    const char *page = scenario->page_alert;
    return page[0] == '\0' || pl_observe_page_by(observe, page, opening->opens_ns + PAGE_SLACK_NS);
}

bool pl_session_opening_page(const struct pl_scenario *scenario,
                             const struct pl_observe_event *event)
{
    PL_CHECK(scenario != NULL && event != NULL);
    return event->kind == PL_EVENT_PAGE && scenario->page_alert[0] != '\0' &&
           strstr(event->title, scenario->page_alert) != NULL &&
           strstr(event->title, scenario->page_service) != NULL;
}

/* The instruments' memory depends on the length of their history, which the scenario fixes. */
static struct pl_observe_def sizing_def(const struct pl_scenario *scenario)
{
    struct pl_observe_def def = {0};
    def.history_ns = pl_session_history(scenario);
    return def;
}

struct pl_record_def pl_session_record_def(void)
{
    return (struct pl_record_def){.trace_share = 0.02, .spans = 16384, .logs = 16384};
}

size_t pl_session_size(const struct pl_session_def *def)
{
    PL_CHECK(def != NULL);
    PL_CHECK(def->world != NULL && def->scenario != NULL);
    struct pl_observe_def observe = sizing_def(def->scenario);
    struct pl_record_def record = pl_session_record_def();
    return aligned(sizeof(struct pl_session)) + 3 * aligned(pl_model_size(def->world)) +
           aligned(pl_record_size_of(def->world, &record)) +
           aligned(pl_observe_size(def->world, &observe));
}

int64_t pl_session_now(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    return session->now_ns;
}

uint32_t pl_session_cause(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    return session->opening.cause;
}

int64_t pl_session_opens(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    return session->opening.opens_ns;
}

int64_t pl_session_ends(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    return session->opening.ends_ns;
}

bool pl_session_done(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    return session->closed != 0 || session->over != 0;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t pl_session_next(const struct pl_session *session)
{
    PL_CHECK(session != NULL);
    int64_t next = least(pl_observe_next(session->observe), session->update_due_ns);
    if (session->notice_cursor < session->notice_count) {
        next = least(next, session->notices[session->notice_cursor].t_ns);
    }
    return least(next, session->opening.ends_ns);
}

void pl_session_clock(const struct pl_session *session, int64_t t_ns, char *text, size_t size)
{
    PL_CHECK(session != NULL);
    PL_CHECK(text != NULL && size >= 9);
    double opens_s = session->def.scenario->opens_clock_s;
    /* Whole weeks are added so that moments before midnight of the first day stay positive. */
    int64_t seconds = (int64_t)(opens_s + 0.5) + INT64_C(7) * 86400;
    int64_t since = t_ns - session->opening.opens_ns;
    seconds += since >= 0 ? since / PL_NS_PER_S : -((-since + PL_NS_PER_S - 1) / PL_NS_PER_S);
    uint32_t day = (uint32_t)(seconds % 86400);
    snprintf(text, size, "%02u:%02u:%02u", day / 3600 % 24, day / 60 % 60, day % 60);
}

/* Let time pass to `until_ns`, stopping wherever something wants to look. */
static void advance(struct pl_session *session, int64_t until_ns)
{
    while (session->now_ns < until_ns) {
        int64_t observe_ns = pl_observe_next(session->observe);
        int64_t next_ns = least(least(observe_ns, session->truth_next_ns), until_ns);
        next_ns = session->update_due_ns > session->now_ns ? least(next_ns, session->update_due_ns)
                                                           : next_ns;
        pl_model_run(session->def.world, session->state, session->record, next_ns);
        session->now_ns = next_ns;
        if (next_ns == observe_ns) {
            pl_observe_advance(session->observe, session->state, session->record);
        }
        if (next_ns == session->truth_next_ns) {
            pl_truth_sample(session);
        }
        if (next_ns == session->update_due_ns) {
            pl_notice_ask_for_update(session);
        }
    }
    if (session->now_ns >= session->opening.ends_ns && !pl_session_done(session)) {
        session->over = 1;
        session->done_ns = session->now_ns;
    }
}

static pl_status apply_timeline(struct pl_session *session, pl_error *err)
{
    for (uint32_t i = 0; i < session->opening.change_count; i++) {
        pl_status status =
            pl_model_change(session->def.world, session->state, &session->opening.changes[i], err);
        if (status != PL_OK) {
            return status;
        }
    }
    return PL_OK;
}

/* Divide the caller's memory. */
static void lay_out(struct pl_session *session, const struct pl_session_def *def, char *memory)
{
    size_t state_size = pl_model_size(def->world);
    session->state_size = state_size;
    char *at = memory + aligned(sizeof *session);
    session->state = (struct pl_state *)(void *)at;
    at += aligned(state_size);
    session->start = (struct pl_state *)(void *)at;
    at += aligned(state_size);
    session->spare = (struct pl_state *)(void *)at;
    at += aligned(state_size);
    struct pl_record_def record = pl_session_record_def();
    session->record = (struct pl_record *)(void *)at;
    at += aligned(pl_record_size_of(def->world, &record));
    session->observe = (struct pl_observe *)(void *)at;
}

/* Set up what stands in that memory. */
static void fill_parts(struct pl_session *session, const struct pl_session_def *def, uint64_t seed)
{
    struct pl_record_def record = pl_session_record_def();
    size_t observe_size = pl_observe_size(def->world, &session->instruments.def);
    (void)pl_model_init(def->world, session->state, session->state_size, seed);
    (void)pl_record_open(def->world, &record, session->record);
    (void)pl_observe_init(def->world, &session->instruments.def, session->observe, observe_size);
}

static void fill_instruments(struct pl_session *session)
{
    const struct pl_scenario *scenario = session->def.scenario;
    pl_instruments_fill(scenario, &session->opening, &session->instruments);
    session->instruments.def.history_ns = sizing_def(scenario).history_ns;
}

/* Draw one form and run it to the opening. */
static pl_status open_form(struct pl_session *session,
                           const struct pl_session_def *def,
                           uint64_t seed,
                           void *memory,
                           pl_error *err)
{
    memset(session, 0, sizeof *session);
    session->def = *def;
    pl_status status =
        pl_scenario_open(def->world, def->scenario, seed, def->cause, &session->opening, err);
    if (status != PL_OK) {
        return status;
    }
    fill_instruments(session);
    lay_out(session, def, memory);
    fill_parts(session, def, seed);
    status = apply_timeline(session, err);
    if (status != PL_OK) {
        return status;
    }
    session->update_due_ns = PL_NOTICE_NEVER;
    pl_truth_sample(session);
    advance(session, session->opening.opens_ns);
    return PL_OK;
}

/* The cause is drawn among those that reproduce the page: a form that would not page at its opening
 * is drawn again. A cause that the caller chose is taken as it is. */
static pl_status
draw_form(struct pl_session *session, const struct pl_session_def *def, void *memory, pl_error *err)
{
    const char *page = def->scenario->page_alert;
    for (uint64_t draw = 0; draw < FORM_DRAWS_MAX; draw++) {
        uint64_t seed = draw == 0 ? def->seed : pl_random_child(def->seed, draw);
        pl_status status = open_form(session, def, seed, memory, err);
        if (status != PL_OK) {
            return status;
        }
        if (def->cause != PL_NONE ||
            pl_session_pages(def->scenario, &session->opening, session->observe)) {
            return PL_OK;
        }
    }
    return pl_fail(err,
                   PL_BAD_INPUT,
                   NULL,
                   "None of %d forms drawn for `%s` sends its page %s at the opening; `plumb pack "
                   "test %s` shows which causes do.",
                   FORM_DRAWS_MAX,
                   def->scenario->name,
                   page,
                   def->scenario->name);
}

pl_status pl_session_open(const struct pl_session_def *def,
                          void *memory,
                          size_t size,
                          struct pl_session **session_out,
                          pl_error *err)
{
    PL_CHECK(def != NULL);
    PL_CHECK(memory != NULL && size >= pl_session_size(def));
    PL_CHECK(session_out != NULL);
    struct pl_session *session = memory;
    pl_status status = draw_form(session, def, memory, err);
    if (status != PL_OK) {
        return status;
    }
    (void)pl_model_fork(session->start, session->state_size, session->state);
    pl_notice_start(session);
    session->update_due_ns = pl_notice_first_due(session);
    *session_out = session;
    return PL_OK;
}

static void *own_scratch(const struct pl_session *session)
{
    const struct pl_observe_def *def = &session->instruments.def;
    return (char *)session->observe + pl_observe_own_size(session->def.world, def);
}

struct pl_session *pl_session_settle(const struct pl_session_def *def, void *memory)
{
    PL_CHECK(def != NULL && memory != NULL);
    struct pl_session *session = memory;
    PL_CHECK(session->now_ns == session->opening.opens_ns && session->move_count == 0);
    session->def = *def;
    fill_instruments(session);
    lay_out(session, def, memory);
    pl_record_settle(session->record);
    pl_observe_settle(session->observe, &session->instruments.def, own_scratch(session));
    return session;
}

size_t pl_session_scratch_size(const struct pl_session_def *def)
{
    PL_CHECK(def != NULL && def->scenario != NULL);
    struct pl_observe_def sizing = sizing_def(def->scenario);
    return pl_observe_scratch_size(def->world, &sizing);
}

void pl_session_lend(struct pl_session *session, void *scratch)
{
    PL_CHECK(session != NULL);
    pl_observe_lend(session->observe, scratch != NULL ? scratch : own_scratch(session));
}

/* What a handler leaves behind. */
struct result {
    pl_status status;
    bool kept;
    const char *kind;
    struct pl_buf move; /* text of the move; empty: no move */
    char move_memory[MOVE_SIZE];
};

static void remember_move(struct pl_session *session, const struct result *result, int64_t t_ns)
{
    if (result->move.size == 0 || session->move_count == PL_MOVES_MAX) {
        return;
    }
    struct pl_move *move = &session->moves[session->move_count++];
    memset(move, 0, sizeof *move);
    move->t_ns = t_ns;
    snprintf(move->kind, sizeof move->kind, "%s", result->kind);
    /* Cut between characters: the text goes into JSON later. */
    size_t size = result->move.size;
    if (size >= sizeof move->text) {
        size = sizeof move->text - 1;
        while (size > 0 && ((unsigned char)result->move.data[size] & 0xc0u) == 0x80u) {
            size--;
        }
    }
    memcpy(move->text, result->move.data, size);
}

static pl_status refuse_when_done(const struct pl_session *session, pl_error *err)
{
    if (!pl_session_done(session)) {
        return PL_OK;
    }
    return pl_fail(err,
                   PL_CONFLICT,
                   NULL,
                   "The incident is closed; what is left is `debrief` and the postmortem.");
}

/*
 * Look at the end of the time that the look costs. The instrument is asked once before, so that a
 * look that it refuses costs nothing; a look that acts (`ask`) is checked when it is read.
 */
static void do_look(struct pl_session *session,
                    const json_t *command,
                    struct pl_buf *out,
                    struct result *result,
                    pl_error *err)
{
    struct pl_look_call call;
    result->kind = "look";
    result->status = refuse_when_done(session, err);
    if (result->status == PL_OK) {
        result->status = pl_look_read(session->def.scenario, command, &call, err);
    }
    if (result->status != PL_OK) {
        return;
    }
    size_t before = out->size;
    bool turn = session->def.clock == PL_CLOCK_TURN;
    if (!pl_look_acts(&call)) {
        result->status = pl_look_do(session, &call, out, err);
        if (result->status != PL_OK || !turn || call.cost_ns == 0) {
            result->kept = result->status == PL_OK;
            pl_look_format(&call, &result->move);
            return;
        }
        out->size = before;
        out->data[before] = '\0';
    }
    int64_t until_ns = session->now_ns + (turn ? call.cost_ns : 0);
    advance(session, least(until_ns, session->opening.ends_ns));
    result->status = pl_look_do(session, &call, out, err);
    result->kept = true;
    pl_look_format(&call, &result->move);
}

static void do_act(struct pl_session *session,
                   const json_t *command,
                   struct pl_buf *out,
                   struct result *result,
                   pl_error *err)
{
    bool confirmed = false;
    result->kind = "act";
    result->status = refuse_when_done(session, err);
    if (result->status == PL_OK) {
        result->status = pl_act(session, command, out, &result->move, &confirmed, err);
    }
    result->kept = confirmed;
    if (!confirmed) {
        pl_buf_clear(&result->move);
    }
}

static void do_say(struct pl_session *session,
                   const json_t *command,
                   struct pl_buf *out,
                   struct result *result,
                   pl_error *err)
{
    const char *what = json_string_value(json_object_get(command, "what"));
    result->kind = "say";
    if (what == NULL || strcmp(what, "postmortem") != 0) {
        result->status = refuse_when_done(session, err);
    }
    if (result->status == PL_OK) {
        result->status = pl_say(session, command, out, &result->move, err);
    }
    /* `believe` without claims asks what was said last and says nothing. */
    bool asks =
        what != NULL && strcmp(what, "believe") == 0 && json_object_get(command, "claims") == NULL;
    result->kept = result->status == PL_OK && !asks;
}

static void put_type(struct pl_buf *out, const char *type)
{
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", type);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

/* With `wake` a wait ends as soon as there is something to tell. */
static void do_wait(struct pl_session *session,
                    const json_t *command,
                    struct pl_buf *out,
                    struct result *result,
                    pl_error *err)
{
    static const char *const known[] = {"for", "wake", NULL};
    int64_t duration_ns = 60 * PL_NS_PER_S;
    bool wake = false;
    result->kind = "wait";
    pl_status status = refuse_when_done(session, err);
    status = status == PL_OK ? pl_command_members(command, known, err) : status;
    status = status == PL_OK ? pl_command_duration(command, "for", &duration_ns, err) : status;
    status = status == PL_OK ? pl_command_bool(command, "wake", &wake, err) : status;
    if (status == PL_OK && session->def.clock == PL_CLOCK_LIVE) {
        status = pl_fail(err, PL_CONFLICT, NULL, "The clock is live: time passes by itself.");
    }
    if (status == PL_OK && (duration_ns < PL_NS_PER_S || duration_ns > WAIT_MAX_NS)) {
        status = pl_fail(err, PL_BAD_INPUT, NULL, "A wait lasts from 1 s to 1 h.");
    }
    result->status = status;
    if (status != PL_OK) {
        return;
    }
    int64_t before_ns = session->now_ns;
    int64_t until_ns = least(session->now_ns + duration_ns, session->opening.ends_ns);
    while (session->now_ns < until_ns && !(wake && pl_notice_pending(session))) {
        int64_t next_ns = wake ? pl_session_next(session) : until_ns;
        next_ns = next_ns > session->now_ns ? next_ns : session->now_ns + PL_NS_PER_S;
        advance(session, least(next_ns, until_ns));
    }
    result->kept = true;
    pl_buf_puts(&result->move, "wait ");
    pl_quantity_put_duration(&result->move, session->now_ns - before_ns);
    put_type(out, "wait");
}

static void
do_close(struct pl_session *session, struct pl_buf *out, struct result *result, pl_error *err)
{
    result->kind = "close";
    result->status = refuse_when_done(session, err);
    if (result->status != PL_OK) {
        return;
    }
    session->closed = 1;
    session->done_ns = session->now_ns;
    result->kept = true;
    pl_debrief(session, out);
}

static void
do_debrief(struct pl_session *session, struct pl_buf *out, struct result *result, pl_error *err)
{
    result->kind = "debrief";
    if (!pl_session_done(session)) {
        result->status =
            pl_fail(err, PL_CONFLICT, NULL, "The debrief follows when the incident is closed.");
        return;
    }
    pl_debrief(session, out);
}

static void obey(struct pl_session *session,
                 const json_t *command,
                 struct pl_buf *out,
                 struct result *result,
                 pl_error *err)
{
    static const char *const verbs[] = {
        "look", "act", "say", "wait", "actions", "close", "debrief", "tick", NULL};
    const char *verb = "";
    uint32_t index = 0;
    result->status = pl_command_text_needed(command, "do", 32, &verb, err);
    if (result->status == PL_OK) {
        result->status = pl_command_choice("command", verb, verbs, &index, err);
    }
    if (result->status != PL_OK) {
        return;
    }
    if (index == 0) {
        do_look(session, command, out, result, err);
    } else if (index == 1) {
        do_act(session, command, out, result, err);
    } else if (index == 2) {
        do_say(session, command, out, result, err);
    } else if (index == 3) {
        do_wait(session, command, out, result, err);
    } else if (index == 4) {
        result->kind = "actions";
        pl_act_list(session, out);
    } else if (index == 5) {
        do_close(session, out, result, err);
    } else if (index == 6) {
        do_debrief(session, out, result, err);
    } else {
        result->kind = "tick";
        result->kept = true;
        put_type(out, "tick");
    }
}

static void put_head(const struct pl_session *session,
                     struct pl_json_out *json,
                     double cost_s,
                     const char *kind)
{
    char clock[16];
    pl_session_clock(session, session->now_ns, clock, sizeof clock);
    pl_json_out_object_begin(json);
    pl_json_out_member_number(json, "t_s", pl_seconds(session->now_ns - session->opening.opens_ns));
    pl_json_out_member_string(json, "clock", clock);
    pl_json_out_member_number(json, "cost_s", cost_s);
    pl_json_out_member_bool(json, "done", pl_session_done(session));
    pl_json_out_member_string(json, "kind", kind);
}

static void put_error(struct pl_json_out *json, const pl_error *err)
{
    pl_json_out_key(json, "error");
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "code", pl_status_name(err->status));
    pl_json_out_member_string(json, "message", err->message);
    pl_json_out_object_end(json);
}

/*
 * The observation is written into the answer's buffer behind the place where it belongs in the end,
 * so that no second large buffer is needed: handlers come first, the head is known after them.
 */
static void put_answer(struct pl_session *session,
                       struct pl_buf *answer,
                       size_t observation_at,
                       const struct result *result,
                       int64_t before_ns,
                       const pl_error *err)
{
    struct pl_json_out json;
    struct pl_buf tail;
    size_t size = answer->size - observation_at;
    size_t room = answer->capacity - answer->size;
    pl_buf_init(&tail, answer->data + answer->size, room > 0 ? room : 1);
    pl_json_out_begin(&json, &tail);
    put_head(session, &json, pl_seconds(session->now_ns - before_ns), result->kind);
    if (result->status != PL_OK) {
        put_error(&json, err);
    } else {
        pl_slice observation = {answer->data + observation_at, size};
        pl_json_out_key(&json, "observation");
        pl_json_out_raw(&json, observation);
    }
    pl_json_out_key(&json, "events");
    if (result->kept) {
        pl_notice_tell(session, &json);
    } else {
        pl_json_out_array_begin(&json);
        pl_json_out_array_end(&json);
    }
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    PL_CHECK(!tail.overflow);
    memmove(answer->data + observation_at, tail.data, tail.size + 1);
    answer->size = observation_at + tail.size;
}

/* A command as compact JSON: blanks between its tokens are dropped, a raw DEL is escaped. */
static void put_compact(pl_slice command, struct pl_buf *out)
{
    bool in_text = false;
    for (size_t i = 0; i < command.size; i++) {
        char c = command.data[i];
        if (c == '\x7f') {
            pl_buf_puts(out, "\\u007f");
        } else if (in_text || (c != ' ' && c != '\t' && c != '\n' && c != '\r')) {
            pl_buf_put(out, &c, 1);
        }
        if (in_text && c == '\\' && i + 1 < command.size) {
            i++;
            pl_buf_put(out, &command.data[i], 1);
        } else if (c == '"') {
            in_text = !in_text;
        }
    }
}

static void put_entry(const struct pl_outcome *outcome, pl_slice command, struct pl_buf *entry)
{
    char hash[PL_HASH_TEXT_SIZE];
    pl_hash_format(outcome->answer_hash, hash);
    pl_buf_printf(entry,
                  "{\"before_ns\":%lld,\"after_ns\":%lld,\"command\":",
                  (long long)outcome->before_ns,
                  (long long)outcome->after_ns);
    put_compact(command, entry);
    pl_buf_printf(entry, ",\"answer\":\"%s\"}", hash);
}

bool pl_session_advance(struct pl_session *session, int64_t now_ns)
{
    PL_CHECK(session != NULL);
    PL_CHECK(session->def.clock == PL_CLOCK_LIVE);
    if (!pl_session_done(session)) {
        PL_CHECK(now_ns >= session->now_ns);
        advance(session, least(now_ns, session->opening.ends_ns));
    }
    return pl_notice_pending(session);
}

struct pl_outcome pl_session_apply(struct pl_session *session,
                                   int64_t now_ns,
                                   pl_slice command,
                                   struct pl_buf *answer,
                                   struct pl_buf *entry)
{
    PL_CHECK(session != NULL);
    PL_CHECK(answer != NULL && answer->capacity - answer->size >= PL_ANSWER_SIZE_MAX - 1);
    PL_CHECK(entry != NULL && entry->capacity - entry->size >= PL_ENTRY_SIZE_MAX - 1);
    pl_error err = {0};
    json_t *json = NULL;
    struct result result = {.kind = "error"};
    struct pl_outcome outcome = {0};
    size_t at = answer->size;
    pl_buf_init(&result.move, result.move_memory, sizeof result.move_memory);
    if (session->def.clock == PL_CLOCK_LIVE && !pl_session_done(session)) {
        PL_CHECK(now_ns >= session->now_ns);
        advance(session, least(now_ns, session->opening.ends_ns));
    }
    outcome.before_ns = session->now_ns;
    result.status = pl_json_in_load(command, PL_COMMAND_SIZE_MAX, NULL, &json, &err);
    if (result.status == PL_OK && !json_is_object(json)) {
        result.status = pl_fail(&err, PL_BAD_INPUT, NULL, "A command is one JSON object.");
    }
    if (result.status == PL_OK) {
        obey(session, json, answer, &result, &err);
    }
    json_decref(json);
    if (result.status != PL_OK) {
        answer->size = at;
        result.kind = result.kept ? result.kind : "error";
    }
    if (answer->overflow || answer->size - at > PL_OBSERVATION_SIZE_MAX) {
        answer->overflow = false;
        answer->size = at;
        result.status = pl_fail(&err, PL_LIMIT, NULL, "The answer is too large; ask for less.");
    }
    remember_move(session, &result, outcome.before_ns);
    put_answer(session, answer, at, &result, outcome.before_ns, &err);
    outcome.status = result.status;
    outcome.kept = result.kept;
    outcome.after_ns = session->now_ns;
    outcome.answer_hash = pl_hash_bytes(answer->data + at, answer->size - at, 0);
    snprintf(outcome.kind, sizeof outcome.kind, "%s", result.kind);
    if (outcome.kept) {
        put_entry(&outcome, command, entry);
    }
    return outcome;
}

void pl_session_opening(const struct pl_session *session, struct pl_buf *answer)
{
    PL_CHECK(session != NULL);
    const struct pl_scenario *scenario = session->def.scenario;
    struct pl_json_out json;
    char clock[16];
    pl_session_clock(session, session->opening.opens_ns, clock, sizeof clock);
    pl_json_out_begin(&json, answer);
    pl_json_out_object_begin(&json);
    pl_json_out_member_number(&json, "t_s", 0.0);
    pl_json_out_member_string(&json, "clock", clock);
    pl_json_out_member_number(&json, "cost_s", 0.0);
    pl_json_out_member_bool(&json, "done", false);
    pl_json_out_member_string(&json, "kind", "open");
    pl_json_out_key(&json, "observation");
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "opening");
    pl_json_out_member_string(&json, "scenario", scenario->name);
    pl_json_out_member_string(&json, "world", session->def.world->name);
    pl_json_out_member_string(&json, "title", scenario->title);
    pl_json_out_member_string(&json, "severity", scenario->severity);
    pl_json_out_member_string(&json, "text", scenario->briefing);
    pl_json_out_member_string(
        &json, "clock", session->def.clock == PL_CLOCK_LIVE ? "live" : "turn");
    pl_json_out_member_number(
        &json, "ends_s", pl_seconds(session->opening.ends_ns - session->opening.opens_ns));
    pl_json_out_member_number(&json, "opens_s", pl_seconds(session->opening.opens_ns));
    pl_json_out_key(&json, "costs_s");
    pl_json_out_object_begin(&json);
    for (const char *const *name = pl_look_names(); *name != NULL; name++) {
        pl_json_out_member_number(
            &json, *name, pl_seconds(pl_clock_ns(pl_scenario_look_cost(scenario, *name))));
    }
    pl_json_out_object_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_key(&json, "events");
    pl_json_out_array_begin(&json);
    pl_notice_page(session, &json);
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}
