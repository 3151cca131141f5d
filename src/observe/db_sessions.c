// SPDX-License-Identifier: Apache-2.0
#include "observe/db_sessions.h"

#include "base/check.h"
#include "base/random.h"

#include <string.h>

enum { PURPOSE_PID = 0x91d, PURPOSE_COUNT = 0xc07, VIEWS_MAX = 1024 };

/* Copies that the sessions of one state have together: not only multiples of the slice. */
static uint32_t fleet_count(const struct pl_scene *at, uint32_t state, uint32_t count)
{
    uint32_t scale = (uint32_t)pl_fleet_scale(at->observe->world);
    if (count == 0 || scale < 2) {
        return count * scale;
    }
    uint64_t key = pl_fleet_key(&at->observe->fleet, PURPOSE_COUNT, state, 0);
    uint64_t second = (uint64_t)(pl_model_now(at->state) / PL_NS_PER_S);
    uint32_t less = (uint32_t)(pl_random_bits(key, second) % scale);
    return count * scale - less;
}

static void add_copy(const struct pl_scene *at,
                     const struct pl_session_view *view,
                     uint32_t number,
                     uint32_t twin,
                     struct pl_db_sessions *out)
{
    if (out->count == PL_DB_SESSIONS_MAX) {
        out->other += 1;
        return;
    }
    struct pl_db_session *row = &out->rows[out->count];
    int64_t now_ns = pl_model_now(at->state);
    uint32_t owner = view->pod != PL_NONE ? view->pod : view->job + PL_PODS_MAX;
    uint64_t key = pl_fleet_key(&at->observe->fleet, PURPOSE_PID, owner, twin);
    row->view = *view;
    row->twin = twin;
    row->pid = 1200 + (uint32_t)(pl_random_bits(key, number) % 28000);
    /* Twins do the same a little earlier or later. */
    double factor =
        twin == 0 ? 1.0 : 0.6 + 0.8 * pl_random_unit(pl_random_bits(key, number + 7919));
    row->state_ns = (int64_t)((double)(now_ns - view->state_since_ns) * factor);
    row->transaction_ns = view->transaction_since_ns < 0
                              ? -1
                              : (int64_t)((double)(now_ns - view->transaction_since_ns) * factor);
    out->count += 1;
}

/* Oldest transaction first. Insertion keeps the order of equal ones; lists are short. */
static void sort_rows(struct pl_db_sessions *out)
{
    for (uint32_t i = 1; i < out->count; i++) {
        struct pl_db_session row = out->rows[i];
        uint32_t j = i;
        while (j > 0 && out->rows[j - 1].transaction_ns < row.transaction_ns) {
            out->rows[j] = out->rows[j - 1];
            j--;
        }
        out->rows[j] = row;
    }
}

/* Add the fleet's sessions of one state. */
static void add_state(const struct pl_scene *at,
                      const struct pl_session_view *views,
                      uint32_t count,
                      uint32_t state,
                      struct pl_db_sessions *out)
{
    uint32_t scale = (uint32_t)pl_fleet_scale(at->observe->world);
    uint32_t own = 0;
    for (uint32_t i = 0; i < count; i++) {
        own += views[i].state == state && views[i].job == PL_NONE;
    }
    uint32_t left = fleet_count(at, state, own);
    for (uint32_t i = 0; i < count; i++) {
        bool is_job = views[i].job != PL_NONE;
        for (uint32_t twin = 0; twin < scale && views[i].state == state; twin++) {
            if (is_job || left > 0) {
                add_copy(at, &views[i], i, twin, out);
                left -= is_job ? 0 : 1;
            }
        }
    }
}

void pl_db_sessions_list(const struct pl_scene *at, uint32_t database, struct pl_db_sessions *out)
{
    PL_CHECK(at != NULL && out != NULL);
    const struct pl_world *world = at->observe->world;
    struct pl_session_view views[VIEWS_MAX];
    uint32_t count = pl_model_sessions(world, at->state, database, views, VIEWS_MAX);
    count = count < VIEWS_MAX ? count : VIEWS_MAX;
    out->count = 0;
    out->other = 0;
    out->reserved = 0;
    for (uint32_t state = 0; state <= PL_SESSION_LOCK_WAIT; state++) {
        add_state(at, views, count, state, out);
    }
    sort_rows(out);
    const struct pl_database *def = &world->databases[database];
    double other = pl_model_param(at->state, def->param0 + PL_DATABASE_OTHER_CONNECTIONS);
    double limit = pl_model_param(at->state, def->param0 + PL_DATABASE_MAX_CONNECTIONS);
    out->other += (uint32_t)(other * pl_fleet_scale(world));
    out->limit = (uint32_t)(limit * pl_fleet_scale(world));
}

const char *pl_db_session_application(const struct pl_world *world, const struct pl_db_session *row)
{
    if (row->view.job != PL_NONE) {
        return world->jobs[row->view.job].name;
    }
    return world->services[world->pools[row->view.pool].service].name;
}

/* The statement that waits for a lock: the one that writes the lock's table, PL_NONE if unknown. */
static uint32_t waiting_statement(const struct pl_world *world, const struct pl_session_view *view)
{
    if (view->state != PL_SESSION_LOCK_WAIT || view->lock >= world->lock_count) {
        return PL_NONE;
    }
    const struct pl_lock *lock = &world->locks[view->lock];
    for (uint32_t i = 0; i < world->statement_count; i++) {
        const struct pl_statement *def = &world->statements[i];
        if (def->database == lock->database && def->writes != 0 && def->table[0] != '\0' &&
            strcmp(def->table, lock->table) == 0) {
            return i;
        }
    }
    return PL_NONE;
}

const char *pl_db_session_query(const struct pl_world *world, const struct pl_db_session *row)
{
    uint32_t waiting = waiting_statement(world, &row->view);
    if (waiting != PL_NONE) {
        return world->statements[waiting].text[0] != '\0' ? world->statements[waiting].text
                                                          : world->statements[waiting].name;
    }
    if (row->view.job != PL_NONE) {
        const char *query = world->jobs[row->view.job].query;
        return query[0] != '\0' ? query : world->jobs[row->view.job].name;
    }
    if (row->view.statement >= world->statement_count) {
        return row->view.state == PL_SESSION_IDLE ? "COMMIT" : "BEGIN";
    }
    /* A session that gave its connection back ended with a commit. */
    if (row->view.state == PL_SESSION_IDLE) {
        return "COMMIT";
    }
    const struct pl_statement *def = &world->statements[row->view.statement];
    return def->text[0] != '\0' ? def->text : def->name;
}

const char *pl_db_session_state(const struct pl_db_session *row)
{
    static const char *const names[] = {"idle", "active", "idle in transaction", "active"};
    PL_CHECK(row->view.state <= PL_SESSION_LOCK_WAIT);
    return names[row->view.state];
}

const char *pl_db_session_wait(const struct pl_db_session *row)
{
    switch ((enum pl_session_state)row->view.state) {
    case PL_SESSION_IDLE_IN_TRANSACTION:
        return "Client:ClientRead";
    case PL_SESSION_LOCK_WAIT:
        return "Lock:transactionid";
    case PL_SESSION_IDLE:
    case PL_SESSION_ACTIVE:
        break;
    }
    return "-";
}
