// SPDX-License-Identifier: Apache-2.0
#include "session/look.h"

#include "base/check.h"
#include "session/command.h"
#include "session/say.h"
#include "text/excerpt.h"
#include "text/suggest.h"

#include <string.h>

enum { TEXT_MAX = 500, MEMBERS_MAX = 8 };

enum look_kind {
    LOOK_PANEL,
    LOOK_QUERY,
    LOOK_METRICS,
    LOOK_LOGS,
    LOOK_TRACES,
    LOOK_TRACE,
    LOOK_CHANGES,
    LOOK_DB,
    LOOK_ALERTS,
    LOOK_TOPOLOGY,
    LOOK_RUNBOOK,
    LOOK_ASK,
    LOOK_STATUS,
    LOOK_PODS,
    LOOK_EDGES,
    LOOK_FLAGS,
    LOOK_PEOPLE,
    LOOK_COUNT
};

static const char *const look_names[LOOK_COUNT + 1] = {"panel",
                                                       "query",
                                                       "metrics",
                                                       "logs",
                                                       "traces",
                                                       "trace",
                                                       "changes",
                                                       "db",
                                                       "alerts",
                                                       "topology",
                                                       "runbook",
                                                       "ask",
                                                       "status",
                                                       "pods",
                                                       "edges",
                                                       "flags",
                                                       "people",
                                                       NULL};

/* Members that each kind of look has. */
static const char *const look_members[LOOK_COUNT][MEMBERS_MAX] = {
    [LOOK_PANEL] = {"service", "panel", "by", "window"},
    [LOOK_QUERY] = {"expr", "window"},
    [LOOK_METRICS] = {"filter"},
    [LOOK_LOGS] = {"service", "filter", "level", "window", "limit", "oldest_first"},
    [LOOK_TRACES] = {"service", "route", "min_ms", "window", "errors", "limit"},
    [LOOK_TRACE] = {"id"},
    [LOOK_CHANGES] = {"window"},
    [LOOK_DB] = {"db", "view", "name", "window"},
    [LOOK_RUNBOOK] = {"page"},
    [LOOK_ASK] = {"person", "question", "topic"},
    [LOOK_PODS] = {"service"},
    [LOOK_EDGES] = {"service"},
};

const char *const *pl_look_names(void)
{
    return look_names;
}

static bool same_letters(const char *a, const char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        int x = a[i] >= 'A' && a[i] <= 'Z' ? a[i] - 'A' + 'a' : a[i];
        int y = b[i] >= 'A' && b[i] <= 'Z' ? b[i] - 'A' + 'a' : b[i];
        if (x != y) {
            return false;
        }
    }
    return true;
}

uint32_t pl_look_person(const struct pl_scenario *scenario, const char *name)
{
    PL_CHECK(scenario != NULL);
    PL_CHECK(name != NULL);
    const struct pl_setting *setting = &scenario->setting;
    size_t size = strlen(name);
    for (uint32_t i = 0; i < setting->person_count; i++) {
        const struct pl_person *person = &setting->people[i];
        bool is_id = strlen(person->id) == size && same_letters(person->id, name, size);
        bool is_name = strlen(person->name) == size && same_letters(person->name, name, size);
        if (is_id || is_name) {
            return i;
        }
    }
    return PL_NONE;
}

bool pl_look_acts(const struct pl_look_call *call)
{
    PL_CHECK(call != NULL);
    return call->kind == LOOK_ASK;
}

bool pl_look_of_world(const struct pl_look_call *call)
{
    PL_CHECK(call != NULL);
    return call->kind != LOOK_STATUS;
}

static pl_status read_texts(const json_t *command, struct pl_look_call *call, pl_error *err)
{
    const struct {
        const char *key;
        const char **text;
    } members[] = {
        {"service", &call->service},
        {"panel", &call->panel},
        {"by", &call->by},
        {"db", &call->db},
        {"view", &call->view},
        {"filter", &call->filter},
        {"level", &call->level},
        {"route", &call->route},
        {"person", &call->person},
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        pl_status status = pl_command_text(command, members[i].key, TEXT_MAX, members[i].text, err);
        if (status != PL_OK) {
            return status;
        }
    }
    static const char *const names[] = {"expr", "id", "name", "page", "question", "topic", NULL};
    call->name = "";
    for (size_t i = 0; names[i] != NULL && call->name[0] == '\0'; i++) {
        pl_status status = pl_command_text(command, names[i], TEXT_MAX, &call->name, err);
        if (status != PL_OK) {
            return status;
        }
    }
    return PL_OK;
}

static pl_status read_numbers(const json_t *command, struct pl_look_call *call, pl_error *err)
{
    pl_status status = pl_command_duration(command, "window", &call->window_ns, err);
    status =
        status == PL_OK ? pl_command_number(command, "limit", 0, 200, &call->limit, err) : status;
    status =
        status == PL_OK ? pl_command_number(command, "min_ms", 0, 1e9, &call->min_ms, err) : status;
    status = status == PL_OK ? pl_command_bool(command, "errors", &call->errors, err) : status;
    return status == PL_OK ? pl_command_bool(command, "oldest_first", &call->oldest_first, err)
                           : status;
}

/* What cannot be left out. */
static pl_status
check_needed(const struct pl_scenario *scenario, const struct pl_look_call *call, pl_error *err)
{
    if (call->kind == LOOK_ASK) {
        if (call->person[0] == '\0' || call->name[0] == '\0') {
            return pl_fail(err, PL_BAD_INPUT, NULL, "`ask` needs a `person` and a `question`.");
        }
        if (pl_look_person(scenario, call->person) == PL_NONE) {
            return pl_fail(err,
                           PL_NOT_FOUND,
                           NULL,
                           "There is nobody called `%s` here; `people` lists who can be asked.",
                           pl_excerpt_of(pl_slice_of(call->person)).text);
        }
    }
    if (call->kind == LOOK_QUERY && call->name[0] == '\0') {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`query` needs an `expr`.");
    }
    if (call->kind == LOOK_TRACE && call->name[0] == '\0') {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`trace` needs an `id`; `traces` lists some.");
    }
    return PL_OK;
}

pl_status pl_look_read(const struct pl_scenario *scenario,
                       const json_t *command,
                       struct pl_look_call *call,
                       pl_error *err)
{
    PL_CHECK(scenario != NULL);
    PL_CHECK(call != NULL);
    const char *what = "";
    memset(call, 0, sizeof *call);
    pl_status status = pl_command_text_needed(command, "what", 32, &what, err);
    status =
        status == PL_OK ? pl_command_choice("look", what, look_names, &call->kind, err) : status;
    if (status != PL_OK) {
        return status;
    }
    const char *known[MEMBERS_MAX + 1] = {NULL};
    memcpy(known, look_members[call->kind], sizeof look_members[0]);
    status = pl_command_members(command, known, err);
    status = status == PL_OK ? read_texts(command, call, err) : status;
    status = status == PL_OK ? read_numbers(command, call, err) : status;
    status = status == PL_OK ? check_needed(scenario, call, err) : status;
    call->cost_ns = pl_clock_ns(pl_scenario_look_cost(scenario, what));
    return status;
}

static void put_text(struct pl_buf *out, const char *title, const char *text)
{
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "text");
    pl_json_out_member_string(&json, "title", title);
    pl_json_out_member_string(&json, "text", text);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

static void put_column(struct pl_json_out *json, const char *name)
{
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "name", name);
    pl_json_out_member_string(json, "unit", "");
    pl_json_out_object_end(json);
}

static void begin_table(struct pl_json_out *json,
                        struct pl_buf *out,
                        const char *title,
                        const char *const *columns)
{
    pl_json_out_begin(json, out);
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "type", "table");
    pl_json_out_member_string(json, "title", title);
    pl_json_out_key(json, "columns");
    pl_json_out_array_begin(json);
    for (; *columns != NULL; columns++) {
        put_column(json, *columns);
    }
    pl_json_out_array_end(json);
    pl_json_out_key(json, "rows");
    pl_json_out_array_begin(json);
}

static pl_status look_runbook(const struct pl_scenario *scenario,
                              const char *name,
                              struct pl_buf *out,
                              pl_error *err)
{
    const struct pl_setting *setting = &scenario->setting;
    const char *names[PL_PAGES_MAX];
    for (uint32_t i = 0; i < setting->page_count; i++) {
        const struct pl_page *page = &setting->pages[i];
        names[i] = page->name;
        if (strcmp(page->name, name) == 0) {
            put_text(out, page->title, page->text);
            return PL_OK;
        }
    }
    if (name[0] != '\0') {
        const char *near = pl_suggest_name(pl_slice_of(name), names, setting->page_count);
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "The runbook has no page `%s`%s%s; `runbook` alone lists the pages.",
                       pl_excerpt_of(pl_slice_of(name)).text,
                       near != NULL ? "; did you mean " : "",
                       near != NULL ? near : "");
    }
    static const char *const columns[] = {"page", "title", NULL};
    struct pl_json_out json;
    begin_table(&json, out, "Runbook", columns);
    for (uint32_t i = 0; i < setting->page_count; i++) {
        pl_json_out_array_begin(&json);
        pl_json_out_string(&json, setting->pages[i].name);
        pl_json_out_string(&json, setting->pages[i].title);
        pl_json_out_array_end(&json);
    }
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    return PL_OK;
}

static void look_status(const struct pl_session *session, struct pl_buf *out)
{
    static const char *const columns[] = {"posted", "status", "text", NULL};
    struct pl_json_out json;
    char clock[16];
    begin_table(&json, out, "Status page", columns);
    for (uint32_t i = 0; i < session->update_count; i++) {
        const struct pl_update *update = &session->updates[i];
        pl_session_clock(session, update->t_ns, clock, sizeof clock);
        pl_json_out_array_begin(&json);
        pl_json_out_string(&json, clock);
        pl_json_out_string(&json, pl_say_statuses()[update->status]);
        pl_json_out_string(&json, update->text);
        pl_json_out_array_end(&json);
    }
    pl_json_out_array_end(&json);
    pl_json_out_key(&json, "notes");
    pl_json_out_array_begin(&json);
    if (session->update_count == 0) {
        pl_json_out_string(&json, "Nothing has been posted yet.");
    }
    if (session->update_due_ns != INT64_MAX) {
        char memory[64];
        struct pl_buf note;
        pl_buf_init(&note, memory, sizeof memory);
        pl_session_clock(session, session->update_due_ns, clock, sizeof clock);
        pl_buf_printf(&note, "The next update is due at %.5s.", clock);
        pl_json_out_string(&json, memory);
    }
    pl_json_out_array_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

static pl_status look_at_telemetry(const struct pl_scene *at,
                                   const struct pl_look_call *call,
                                   struct pl_buf *out,
                                   pl_error *err)
{
    if (call->kind == LOOK_PANEL) {
        struct pl_panel_look look = {call->service, call->panel, call->by, call->window_ns};
        return pl_observe_look_panel(at, &look, out, err);
    }
    if (call->kind == LOOK_QUERY) {
        return pl_observe_look_query(at, call->name, call->window_ns, out, err);
    }
    if (call->kind == LOOK_METRICS) {
        return pl_observe_look_metrics(at, call->filter, out, err);
    }
    if (call->kind == LOOK_LOGS) {
        struct pl_logs_look look = {.source = call->service,
                                    .filter = call->filter,
                                    .level = call->level,
                                    .window_ns = call->window_ns,
                                    .limit = (uint32_t)call->limit,
                                    .oldest_first = call->oldest_first};
        return pl_observe_look_logs(at, &look, out, err);
    }
    if (call->kind == LOOK_TRACES) {
        struct pl_traces_look look = {.service = call->service,
                                      .route = call->route,
                                      .min_ms = call->min_ms,
                                      .window_ns = call->window_ns,
                                      .errors = call->errors,
                                      .limit = (uint32_t)call->limit};
        return pl_observe_look_traces(at, &look, out, err);
    }
    PL_CHECK(call->kind == LOOK_TRACE);
    return pl_observe_look_trace(at, call->name, out, err);
}

static pl_status look_at_console(const struct pl_scene *at,
                                 const struct pl_look_call *call,
                                 struct pl_buf *out,
                                 pl_error *err)
{
    if (call->kind == LOOK_CHANGES) {
        return pl_observe_look_changes(at, call->window_ns, out, err);
    }
    if (call->kind == LOOK_DB) {
        struct pl_db_look look = {call->db, call->view, call->name, call->window_ns};
        return pl_observe_look_db(at, &look, out, err);
    }
    if (call->kind == LOOK_ALERTS) {
        return pl_observe_look_alerts(at, out, err);
    }
    if (call->kind == LOOK_TOPOLOGY) {
        return pl_observe_look_topology(at, out, err);
    }
    if (call->kind == LOOK_PODS) {
        return pl_observe_look_pods(at, call->service, out, err);
    }
    if (call->kind == LOOK_EDGES) {
        return pl_observe_look_edges(at, call->service, out, err);
    }
    if (call->kind == LOOK_FLAGS) {
        return pl_observe_look_flags(at, out, err);
    }
    PL_CHECK(call->kind == LOOK_PEOPLE);
    return pl_observe_look_people(at, out, err);
}

pl_status pl_look_at(const struct pl_scenario *scenario,
                     const struct pl_scene *at,
                     const struct pl_look_call *call,
                     struct pl_buf *out,
                     pl_error *err)
{
    PL_CHECK(scenario != NULL && at != NULL && call != NULL);
    PL_CHECK(pl_look_of_world(call));
    if (call->kind <= LOOK_TRACE) {
        return look_at_telemetry(at, call, out, err);
    }
    if (call->kind == LOOK_RUNBOOK) {
        return look_runbook(scenario, call->name, out, err);
    }
    if (call->kind == LOOK_ASK) {
        return pl_observe_ask(
            at->observe, pl_model_now(at->state), call->person, call->name, out, err);
    }
    return look_at_console(at, call, out, err);
}

pl_status pl_look_do(struct pl_session *session,
                     const struct pl_look_call *call,
                     struct pl_buf *out,
                     pl_error *err)
{
    PL_CHECK(session != NULL);
    struct pl_scene at = {session->observe, session->state, session->record};
    if (!pl_look_of_world(call)) {
        look_status(session, out);
        return PL_OK;
    }
    return pl_look_at(session->def.scenario, &at, call, out, err);
}

void pl_look_format(const struct pl_look_call *call, struct pl_buf *out)
{
    PL_CHECK(call != NULL);
    pl_buf_puts(out, look_names[call->kind]);
    const char *words[] = {call->service,
                           call->db,
                           call->panel,
                           call->view,
                           call->person,
                           call->route,
                           call->level,
                           call->filter,
                           call->name};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i] != NULL && words[i][0] != '\0') {
            pl_buf_printf(out, " %s", words[i]);
        }
    }
    if (call->by != NULL && call->by[0] != '\0') {
        pl_buf_printf(out, " by %s", call->by);
    }
}
