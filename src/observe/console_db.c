// SPDX-License-Identifier: Apache-2.0
#include "observe/console_db.h"

#include "base/check.h"
#include "observe/db_sessions.h"
#include "observe/display.h"
#include "observe/observe_block_types.h"
#include "text/suggest.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define STATEMENTS_WINDOW_NS (INT64_C(300) * 1000000000)

enum { ROWS_MAX = 40, TEXT_SIZE = 48, QUERY_MAX = 120, TITLE_MAX = 160 };

static const char *const views[] = {
    "activity", "sessions", "locks", "statements", "plan", "replication", "connections", NULL};

/* A view being written. */
struct console {
    const struct pl_scene *at;
    const struct pl_world *world;
    const struct pl_database *def;
    struct pl_json_out json;
    uint32_t database;
};

const char *const *pl_console_db_views(void)
{
    return views;
}

static void title_of(const struct console *console, const char *view, char *title)
{
    snprintf(title, TITLE_MAX, "%s, %s", console->def->name, view);
}

/* A query on one line, cut. */
static void put_query(struct pl_json_out *json, const char *query)
{
    char text[QUERY_MAX + 4];
    size_t size = 0;
    for (const char *c = query; *c != '\0' && size < QUERY_MAX; c++) {
        bool space = *c == '\n' || *c == '\t' || *c == ' ';
        if (!(space && size > 0 && text[size - 1] == ' ')) {
            text[size++] = space ? ' ' : *c;
        }
    }
    text[size] = '\0';
    pl_json_out_string(json, text);
}

static void put_interval(struct pl_json_out *json, int64_t ns)
{
    char text[TEXT_SIZE];
    if (ns < 0) {
        pl_json_out_null(json);
        return;
    }
    pl_display_interval(ns, text, sizeof(text));
    pl_json_out_string(json, text);
}

/* Busy share of the primary over the last scrape interval, NaN when unknown. */
static double load_of(const struct console *console)
{
    const struct pl_tracks *tracks = console->at->observe->tracks;
    struct pl_track db = pl_tracks_find(tracks, PL_TRACK_DATABASE, console->database, 0, 0);
    uint32_t count = pl_tracks_count(tracks);
    if (db.counts == NULL || count < 2 || count - 1 <= db.first) {
        return (double)NAN;
    }
    uint32_t back = count - 1 - db.first < 4 ? count - 1 - db.first : 4;
    double after_s = *pl_track_value(&db, PL_DB_CPU_S, count - 1);
    double before_s = *pl_track_value(&db, PL_DB_CPU_S, count - 1 - back);
    double cores = *pl_track_value(&db, PL_DB_CORES, count - 1);
    double seconds =
        pl_clock_s(pl_tracks_time(tracks, count - 1) - pl_tracks_time(tracks, count - 1 - back));
    return cores > 0.0 ? (after_s - before_s) / seconds / cores : (double)NAN;
}

/* ---- Activity ---- */

struct state_row {
    uint32_t count;
    int64_t oldest_ns;
};

static void put_state_row(struct console *console,
                          const char *state,
                          const struct state_row *row,
                          const char *wait)
{
    if (row->count == 0) {
        return;
    }
    pl_json_out_array_begin(&console->json);
    pl_json_out_string(&console->json, state);
    pl_json_out_integer(&console->json, row->count);
    put_interval(&console->json, row->oldest_ns);
    pl_json_out_string(&console->json, wait);
    pl_json_out_array_end(&console->json);
}

static void state_table(struct console *console, const struct pl_db_sessions *sessions)
{
    static const char *const names[] = {"state", "count", "oldest", "wait"};
    static const char *const units[] = {"", "", "", ""};
    struct state_row rows[PL_SESSION_LOCK_WAIT + 1] = {{0, 0}};
    for (uint32_t i = 0; i < sessions->count; i++) {
        const struct pl_db_session *session = &sessions->rows[i];
        struct state_row *row = &rows[session->view.state];
        bool in_transaction =
            session->view.state != PL_SESSION_IDLE && session->transaction_ns >= 0;
        int64_t age_ns = in_transaction ? session->transaction_ns : session->state_ns;
        row->count += 1;
        row->oldest_ns = age_ns > row->oldest_ns ? age_ns : row->oldest_ns;
    }
    rows[PL_SESSION_IDLE].count += sessions->other;
    char title[TITLE_MAX];
    title_of(console, "activity", title);
    pl_display_table_begin(&console->json, title, names, units, 4);
    put_state_row(
        console, "idle in transaction", &rows[PL_SESSION_IDLE_IN_TRANSACTION], "Client:ClientRead");
    put_state_row(console, "active", &rows[PL_SESSION_LOCK_WAIT], "Lock:transactionid");
    put_state_row(console, "active", &rows[PL_SESSION_ACTIVE], "-");
    put_state_row(console, "idle", &rows[PL_SESSION_IDLE], "-");
    pl_display_rows_end(&console->json);
    pl_json_out_object_end(&console->json);
}

static void session_table(struct console *console,
                          const struct pl_db_sessions *sessions,
                          const char *title,
                          uint32_t limit)
{
    static const char *const names[] = {
        "pid", "application_name", "state", "wait", "xact_age", "query"};
    static const char *const units[] = {"", "", "", "", "", ""};
    pl_display_table_begin(&console->json, title, names, units, 6);
    for (uint32_t i = 0; i < sessions->count && i < limit; i++) {
        const struct pl_db_session *row = &sessions->rows[i];
        pl_json_out_array_begin(&console->json);
        pl_json_out_integer(&console->json, row->pid);
        pl_json_out_string(&console->json, pl_db_session_application(console->world, row));
        pl_json_out_string(&console->json, pl_db_session_state(row));
        pl_json_out_string(&console->json, pl_db_session_wait(row));
        put_interval(&console->json, row->transaction_ns);
        put_query(&console->json, pl_db_session_query(console->world, row));
        pl_json_out_array_end(&console->json);
    }
    pl_display_rows_end(&console->json);
    if (sessions->count > limit) {
        char note[TITLE_MAX];
        snprintf(note,
                 sizeof(note),
                 "%u more sessions; those with the oldest transactions are shown.",
                 (unsigned)(sessions->count - limit));
        pl_json_out_key(&console->json, "notes");
        pl_json_out_array_begin(&console->json);
        pl_json_out_string(&console->json, note);
        pl_json_out_array_end(&console->json);
    }
    pl_json_out_object_end(&console->json);
}

static void activity_view(struct console *console)
{
    struct pl_db_sessions sessions;
    pl_db_sessions_list(console->at, console->database, &sessions);
    pl_json_out_object_begin(&console->json);
    pl_json_out_member_string(&console->json, "type", "parts");
    pl_json_out_key(&console->json, "parts");
    pl_json_out_array_begin(&console->json);
    state_table(console, &sessions);
    char text[TITLE_MAX];
    double load = load_of(console);
    struct pl_database_view view =
        pl_model_database(console->world, console->at->state, console->database);
    if (view.down != 0) {
        snprintf(text, sizeof(text), "The server does not accept connections.");
    } else if (isnan(load)) {
        snprintf(text,
                 sizeof(text),
                 "connections %u of %u",
                 (unsigned)(sessions.count + sessions.other),
                 (unsigned)sessions.limit);
    } else {
        snprintf(text,
                 sizeof(text),
                 "connections %u of %u, load %.0f %%",
                 (unsigned)(sessions.count + sessions.other),
                 (unsigned)sessions.limit,
                 load * 100.0);
    }
    pl_display_text(&console->json, "", text);
    session_table(console, &sessions, "oldest transactions", 8);
    pl_json_out_array_end(&console->json);
    pl_json_out_object_end(&console->json);
}

static void sessions_view(struct console *console)
{
    struct pl_db_sessions sessions;
    char title[TITLE_MAX];
    pl_db_sessions_list(console->at, console->database, &sessions);
    title_of(console, "sessions", title);
    session_table(console, &sessions, title, ROWS_MAX);
}

/* ---- Locks ---- */

/* The session that blocks another one: of the blocking pod with the oldest transaction, or the job.
 */
static const struct pl_db_session *blocker_of(const struct pl_db_sessions *sessions,
                                              const struct pl_db_session *blocked)
{
    for (uint32_t i = 0; i < sessions->count; i++) {
        const struct pl_db_session *row = &sessions->rows[i];
        bool job =
            blocked->view.blocker_job != PL_NONE && row->view.job == blocked->view.blocker_job;
        bool pod = blocked->view.blocker_pod != PL_NONE &&
                   row->view.pod == blocked->view.blocker_pod && row->twin == blocked->twin &&
                   row->view.state != PL_SESSION_IDLE && row->view.state != PL_SESSION_LOCK_WAIT;
        if (job || pod) {
            return row;
        }
    }
    return NULL;
}

static void put_lock_row(struct console *console,
                         const struct pl_db_session *blocked,
                         const struct pl_db_session *blocker)
{
    const struct pl_world *world = console->world;
    struct pl_json_out *json = &console->json;
    const struct pl_lock *lock = &world->locks[blocked->view.lock];
    char relation[PL_NAME_MAX + 24];
    const char *table = lock->table[0] != '\0' ? lock->table : lock->name;
    snprintf(relation, sizeof(relation), "%s key %u", table, (unsigned)blocked->view.key);
    pl_json_out_array_begin(json);
    pl_json_out_integer(json, blocked->pid);
    pl_json_out_string(json, pl_db_session_application(world, blocked));
    put_interval(json, blocked->state_ns);
    pl_json_out_string(json, relation);
    if (blocker == NULL) {
        pl_json_out_null(json);
        pl_json_out_null(json);
        pl_json_out_null(json);
        pl_json_out_string(json, "gone by now");
    } else {
        pl_json_out_integer(json, blocker->pid);
        pl_json_out_string(json, pl_db_session_application(world, blocker));
        put_interval(json, blocker->transaction_ns);
        put_query(json, pl_db_session_query(world, blocker));
    }
    pl_json_out_array_end(json);
}

static void locks_view(struct console *console)
{
    static const char *const names[] = {"blocked pid",
                                        "application",
                                        "waits",
                                        "row",
                                        "blocking pid",
                                        "blocker",
                                        "xact_age",
                                        "query of the blocker"};
    static const char *const units[] = {"", "", "", "", "", "", "", ""};
    struct pl_db_sessions sessions;
    char title[TITLE_MAX];
    uint32_t shown = 0;
    uint32_t all = 0;
    pl_db_sessions_list(console->at, console->database, &sessions);
    title_of(console, "locks", title);
    pl_display_table_begin(&console->json, title, names, units, 8);
    for (uint32_t i = 0; i < sessions.count; i++) {
        const struct pl_db_session *row = &sessions.rows[i];
        if (row->view.state != PL_SESSION_LOCK_WAIT ||
            row->view.lock >= console->world->lock_count) {
            continue;
        }
        all++;
        if (shown < ROWS_MAX) {
            put_lock_row(console, row, blocker_of(&sessions, row));
            shown++;
        }
    }
    pl_display_rows_end(&console->json);
    pl_json_out_key(&console->json, "notes");
    pl_json_out_array_begin(&console->json);
    char note[TITLE_MAX];
    snprintf(note, sizeof(note), "%u transactions wait for a row lock.", (unsigned)all);
    pl_json_out_string(&console->json, note);
    pl_json_out_array_end(&console->json);
    pl_json_out_object_end(&console->json);
}

/* ---- Statements ---- */

/* What a statement did in a window. */
struct statement_row {
    uint32_t statement;
    double calls;
    double total_s;
};

static struct statement_row
statement_row(const struct console *console, uint32_t statement, uint32_t from, uint32_t last)
{
    const struct pl_tracks *tracks = console->at->observe->tracks;
    struct pl_track track = pl_tracks_find(tracks, PL_TRACK_STATEMENT, statement, 0, 0);
    struct statement_row row = {statement, 0.0, 0.0};
    if (track.counts != NULL && from >= track.first) {
        double scale = pl_fleet_scale(console->world);
        uint32_t calls = *pl_track_count(&track, 0, last) - *pl_track_count(&track, 0, from);
        double total_s = *pl_track_value(&track, 0, last) - *pl_track_value(&track, 0, from);
        row.calls = (double)calls * scale;
        row.total_s = total_s * scale;
    }
    return row;
}

static void put_statement(struct console *console,
                          const struct statement_row *row,
                          double seconds,
                          double all_s)
{
    const struct pl_statement *def = &console->world->statements[row->statement];
    struct pl_json_out *json = &console->json;
    bool bad = pl_model_param(console->at->state, def->param0 + PL_STATEMENT_PLAN) > 0.5;
    double blocks = def->blocks * (bad && def->plan_bad_factor > 1.0 ? def->plan_bad_factor : 1.0);
    pl_json_out_array_begin(json);
    pl_json_out_string(json, def->name);
    pl_display_number(json, row->calls / seconds);
    pl_display_number(json, row->calls > 0.0 ? row->total_s / row->calls : (double)NAN);
    pl_display_number(json, all_s > 0.0 ? row->total_s / all_s : (double)NAN);
    pl_display_number(json, blocks);
    put_query(json, def->text[0] != '\0' ? def->text : def->summary);
    pl_json_out_array_end(json);
}

static void statements_view(struct console *console, int64_t window_ns)
{
    static const char *const names[] = {
        "name", "calls", "mean_exec_time", "share of time", "blocks per call", "query"};
    static const char *const units[] = {"", "/s", "s", "ratio", "", ""};
    const struct pl_tracks *tracks = console->at->observe->tracks;
    struct statement_row rows[PL_STATEMENTS_MAX];
    uint32_t count = 0;
    double all_s = 0.0;
    uint32_t samples = pl_tracks_count(tracks);
    uint32_t last = samples > 0 ? samples - 1 : 0;
    int64_t wanted_ns = window_ns > 0 ? window_ns : STATEMENTS_WINDOW_NS;
    int64_t back = wanted_ns / console->at->observe->scrape.interval_ns;
    uint32_t from = back < last ? last - (uint32_t)back : 0;
    for (uint32_t i = 0; i < console->world->statement_count && last > from; i++) {
        if (console->world->statements[i].database != console->database) {
            continue;
        }
        struct statement_row row = statement_row(console, i, from, last);
        uint32_t at = count++;
        all_s += row.total_s;
        while (at > 0 && rows[at - 1].total_s < row.total_s) {
            rows[at] = rows[at - 1];
            at--;
        }
        rows[at] = row;
    }
    double seconds =
        last > from ? pl_clock_s(pl_tracks_time(tracks, last) - pl_tracks_time(tracks, from)) : 1.0;
    char title[TITLE_MAX];
    snprintf(title,
             sizeof(title),
             "%s, pg_stat_statements over the last %.0f s",
             console->def->name,
             seconds);
    pl_display_table_begin(&console->json, title, names, units, 6);
    for (uint32_t i = 0; i < count; i++) {
        put_statement(console, &rows[i], seconds, all_s);
    }
    pl_display_rows_end(&console->json);
    pl_json_out_object_end(&console->json);
}

/* ---- Plans ---- */

/* A plan for a statement whose author wrote none. */
static void plain_plan(const struct pl_statement *def, bool bad, struct pl_buf *out)
{
    const char *table = def->table[0] != '\0' ? def->table : "orders";
    if (bad) {
        pl_buf_printf(out,
                      "Seq Scan on %s  (cost=0.00..%.2f rows=%.0f width=212)\n"
                      "  Filter: (id = $1)",
                      table,
                      def->blocks * def->plan_bad_factor,
                      def->rows > 1.0 ? def->rows : 1.0);
    } else {
        pl_buf_printf(out,
                      "Index Scan using %s_pkey on %s  (cost=0.43..%.2f rows=%.0f width=212)\n"
                      "  Index Cond: (id = $1)",
                      table,
                      table,
                      0.43 + def->blocks,
                      def->rows > 1.0 ? def->rows : 1.0);
    }
}

static pl_status plan_view(struct console *console, const char *name, pl_error *err)
{
    const struct pl_world *world = console->world;
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, pl_slice_of(name));
    uint32_t found = PL_NONE;
    for (uint32_t i = 0; i < world->statement_count; i++) {
        if (world->statements[i].database == console->database) {
            pl_suggest_offer(&suggest, pl_slice_of(world->statements[i].name));
            found = strcmp(world->statements[i].name, name) == 0 ? i : found;
        }
    }
    if (found == PL_NONE) {
        pl_slice best = pl_suggest_best(&suggest);
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "%s has no statement `%.48s`%s%.*s%s",
                       console->def->name,
                       name,
                       best.data != NULL ? "; did you mean `" : "; `statements` lists them",
                       (int)best.size,
                       best.data != NULL ? best.data : "",
                       best.data != NULL ? "`?" : ".");
    }
    const struct pl_statement *def = &world->statements[found];
    bool bad = pl_model_param(console->at->state, def->param0 + PL_STATEMENT_PLAN) > 0.5;
    char text[PL_TEXT_MAX * 3];
    char title[TITLE_MAX];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof(text));
    pl_buf_printf(&out, "%s\n\n", def->text[0] != '\0' ? def->text : def->summary);
    const char *plan = bad ? def->plan_bad : def->plan_good;
    if (plan[0] != '\0') {
        pl_buf_puts(&out, plan);
    } else {
        plain_plan(def, bad, &out);
    }
    snprintf(title, sizeof(title), "%s, EXPLAIN %s", console->def->name, def->name);
    pl_display_text(&console->json, title, text);
    return PL_OK;
}

/* ---- Replication and connections ---- */

static void replication_view(struct console *console)
{
    static const char *const names[] = {"replica", "state", "replay lag"};
    static const char *const units[] = {"", "", "s"};
    struct pl_database_view view =
        pl_model_database(console->world, console->at->state, console->database);
    char title[TITLE_MAX];
    title_of(console, "replication", title);
    pl_display_table_begin(&console->json, title, names, units, 3);
    for (uint32_t i = 0; i < console->def->replicas; i++) {
        char host[TEXT_SIZE + PL_NAME_MAX];
        pl_series_host(console->world, console->database, i + 1, host, sizeof(host));
        pl_json_out_array_begin(&console->json);
        pl_json_out_string(&console->json, host);
        pl_json_out_string(&console->json, view.replica_lag_s[i] > 30.0 ? "catchup" : "streaming");
        pl_display_number(&console->json, view.replica_lag_s[i]);
        pl_json_out_array_end(&console->json);
    }
    pl_display_rows_end(&console->json);
    pl_json_out_object_end(&console->json);
}

static void
put_client(struct console *console, const struct pl_db_sessions *sessions, const char *application)
{
    uint32_t states[PL_SESSION_LOCK_WAIT + 1] = {0};
    uint32_t all = 0;
    for (uint32_t i = 0; i < sessions->count; i++) {
        const struct pl_db_session *row = &sessions->rows[i];
        if (strcmp(pl_db_session_application(console->world, row), application) == 0) {
            states[row->view.state] += 1;
            all += 1;
        }
    }
    if (all == 0) {
        return;
    }
    pl_json_out_array_begin(&console->json);
    pl_json_out_string(&console->json, application);
    pl_json_out_integer(&console->json, all);
    pl_json_out_integer(&console->json, states[PL_SESSION_ACTIVE] + states[PL_SESSION_LOCK_WAIT]);
    pl_json_out_integer(&console->json, states[PL_SESSION_IDLE_IN_TRANSACTION]);
    pl_json_out_integer(&console->json, states[PL_SESSION_IDLE]);
    pl_json_out_array_end(&console->json);
}

static void connections_view(struct console *console)
{
    static const char *const names[] = {
        "application_name", "connections", "active", "idle in transaction", "idle"};
    static const char *const units[] = {"", "", "", "", ""};
    struct pl_db_sessions sessions;
    char title[TITLE_MAX];
    pl_db_sessions_list(console->at, console->database, &sessions);
    title_of(console, "connections", title);
    pl_display_table_begin(&console->json, title, names, units, 5);
    for (uint32_t i = 0; i < console->world->service_count; i++) {
        put_client(console, &sessions, console->world->services[i].name);
    }
    for (uint32_t i = 0; i < console->world->job_count; i++) {
        put_client(console, &sessions, console->world->jobs[i].name);
    }
    if (sessions.other > 0) {
        pl_json_out_array_begin(&console->json);
        pl_json_out_string(&console->json, "others");
        pl_json_out_integer(&console->json, sessions.other);
        pl_json_out_integer(&console->json, 0);
        pl_json_out_integer(&console->json, 0);
        pl_json_out_integer(&console->json, sessions.other);
        pl_json_out_array_end(&console->json);
    }
    pl_display_rows_end(&console->json);
    char note[TITLE_MAX];
    snprintf(note,
             sizeof(note),
             "%u of max_connections %u, %u of them reserved for superusers.",
             (unsigned)(sessions.count + sessions.other),
             (unsigned)sessions.limit,
             (unsigned)console->def->reserved_connections);
    pl_json_out_key(&console->json, "notes");
    pl_json_out_array_begin(&console->json);
    pl_json_out_string(&console->json, note);
    pl_json_out_array_end(&console->json);
    pl_json_out_object_end(&console->json);
}

/* ---- Choosing ---- */

static pl_status unknown_database(const struct pl_world *world, const char *name, pl_error *err)
{
    struct pl_suggest suggest;
    char list[200];
    struct pl_buf all;
    pl_buf_init(&all, list, sizeof(list));
    pl_suggest_begin(&suggest, pl_slice_of(name));
    for (uint32_t i = 0; i < world->database_count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(world->databases[i].name));
        pl_buf_printf(&all, "%s%s", i > 0 ? ", " : "", world->databases[i].name);
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "There is no database `%.48s`; did you mean `%.*s`?",
                       name,
                       (int)best.size,
                       best.data);
    }
    return pl_fail(
        err, PL_NOT_FOUND, NULL, "There is no database `%.48s`; there are %s.", name, list);
}

static pl_status
write_view(struct console *console, const struct pl_db_look *look, uint32_t view, pl_error *err)
{
    switch (view) {
    case 0:
        activity_view(console);
        return PL_OK;
    case 1:
        sessions_view(console);
        return PL_OK;
    case 2:
        locks_view(console);
        return PL_OK;
    case 3:
        statements_view(console, look->window_ns);
        return PL_OK;
    case 4:
        return plan_view(console, look->name != NULL ? look->name : "", err);
    case 5:
        replication_view(console);
        return PL_OK;
    default:
        connections_view(console);
        return PL_OK;
    }
}

pl_status pl_console_db(const struct pl_scene *at,
                        const struct pl_db_look *look,
                        struct pl_buf *out,
                        pl_error *err)
{
    PL_CHECK(at != NULL && look != NULL && out != NULL);
    const struct pl_world *world = at->observe->world;
    struct console console = {.at = at, .world = world, .database = PL_NONE};
    const char *name = look->database != NULL ? look->database : "";
    if (name[0] == '\0' && world->database_count == 1) {
        console.database = 0;
    }
    for (uint32_t i = 0; i < world->database_count; i++) {
        console.database = strcmp(world->databases[i].name, name) == 0 ? i : console.database;
    }
    if (console.database == PL_NONE) {
        return unknown_database(world, name, err);
    }
    const char *wanted = look->view != NULL && look->view[0] != '\0' ? look->view : views[0];
    uint32_t view = 0;
    while (views[view] != NULL && strcmp(views[view], wanted) != 0) {
        view++;
    }
    if (views[view] == NULL) {
        const char *best = pl_suggest_name(pl_slice_of(wanted), views, view);
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "There is no database view `%.48s`; %s%s.",
                       wanted,
                       best != NULL ? "did you mean "
                                    : "there are activity, sessions, locks, "
                                      "statements, plan, replication and ",
                       best != NULL ? best : "connections");
    }
    console.def = &world->databases[console.database];
    pl_json_out_begin(&console.json, out);
    pl_status status = write_view(&console, look, view, err);
    if (status == PL_OK) {
        pl_json_out_end(&console.json);
    }
    return status;
}
