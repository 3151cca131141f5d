// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_backend.h"

#include "base/check.h"
#include "os/file.h"
#include "store/sqlite/sqlite_file.h"
#include "store/sqlite/sqlite_wal.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Step a statement that returns no row, and finalize it. */
static pl_status
run(struct pl_sqlite_file *file, sqlite3_stmt *statement, const char *what, pl_error *err)
{
    int code = sqlite3_step(statement);
    pl_status status = code == SQLITE_DONE ? PL_OK : pl_sqlite_file_fail(file, code, what, err);
    (void)sqlite3_finalize(statement);
    return status;
}

static void bind_text(sqlite3_stmt *statement, int index, pl_slice text)
{
    int code =
        sqlite3_bind_text64(statement, index, text.data, text.size, SQLITE_STATIC, SQLITE_UTF8);
    PL_CHECK(code == SQLITE_OK);
}

static void bind_integer(sqlite3_stmt *statement, int index, int64_t value)
{
    int code = sqlite3_bind_int64(statement, index, value);
    PL_CHECK(code == SQLITE_OK);
}

static void bind_hash(sqlite3_stmt *statement, int index, const uint8_t *hash)
{
    int code = sqlite3_bind_blob(statement, index, hash, PL_STORE_HASH_SIZE, SQLITE_STATIC);
    PL_CHECK(code == SQLITE_OK);
}

static pl_status begin(void *data, pl_error *err)
{
    struct pl_sqlite_file *file = data;
    pl_status status = pl_sqlite_file_lock(file, err);
    if (status != PL_OK) {
        return status;
    }
    status = pl_sqlite_file_execute(file, "BEGIN IMMEDIATE", "begin to write", err);
    if (status != PL_OK) {
        pl_file_lock_release(&file->write_lock);
    }
    return status;
}

static bool unsynced(void *data)
{
    const struct pl_sqlite_file *file = data;
    return file->unsynced;
}

static void own(void *data)
{
    pl_sqlite_wal_own(data);
}

static void rest(void *data, bool waiting)
{
    pl_sqlite_wal_rest(data, waiting);
}

static void rollback(void *data)
{
    struct pl_sqlite_file *file = data;
    /* SQLite has rolled back by itself after some errors; then this one is refused, which is fine.
     */
    (void)sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
    pl_file_lock_release(&file->write_lock);
}

static pl_status commit(void *data, pl_error *err)
{
    struct pl_sqlite_file *file = data;
    pl_status status = pl_sqlite_file_execute(file, "COMMIT", "write", err);
    if (status != PL_OK) {
        rollback(file);
    }
    pl_file_lock_release(&file->write_lock);
    return status;
}

static pl_status add_session(void *data, const struct pl_store_session *session, pl_error *err)
{
    static const char what[] = "store a session";
    struct pl_sqlite_file *file = data;
    sqlite3_stmt *statement;
    pl_status status = pl_sqlite_file_prepare(
        file, "INSERT INTO sessions VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0)", &statement, what, err);
    if (status != PL_OK) {
        return status;
    }
    bind_text(statement, 1, pl_slice_of(session->id));
    bind_text(statement, 2, pl_slice_of(session->scenario));
    bind_text(statement, 3, pl_slice_of(session->pack_hash));
    bind_text(statement, 4, pl_slice_of(session->engine));
    bind_integer(statement, 5, session->seed);
    bind_text(statement, 6, pl_slice_of(session->clock));
    bind_text(statement, 7, pl_slice_of(session->created_at));
    bind_text(
        statement, 8, pl_slice_of(session->state == PL_STORE_SESSION_OPEN ? "open" : "closed"));
    return run(file, statement, what, err);
}

/* The count is the fence: it moves only if the entry follows the last one. */
static pl_status
count_entry(struct pl_sqlite_file *file, const char *id, int64_t seq, pl_error *err)
{
    static const char what[] = "store an entry";
    sqlite3_stmt *statement;
    pl_status status = pl_sqlite_file_prepare(
        file,
        "UPDATE sessions SET entry_count = ?2 WHERE id = ?1 AND entry_count = ?2 - 1",
        &statement,
        what,
        err);
    if (status != PL_OK) {
        return status;
    }
    bind_text(statement, 1, pl_slice_of(id));
    bind_integer(statement, 2, seq);
    status = run(file, statement, what, err);
    if (status == PL_OK && sqlite3_changes(file->db) != 1) {
        return pl_fail(err,
                       PL_CONFLICT,
                       NULL,
                       "entry %lld does not follow the last entry of session %s",
                       (long long)seq,
                       id);
    }
    return status;
}

static pl_status
add_entry(void *data, const char *id, const struct pl_store_entry *entry, pl_error *err)
{
    static const char what[] = "store an entry";
    struct pl_sqlite_file *file = data;
    pl_status status = count_entry(file, id, entry->seq, err);
    if (status != PL_OK) {
        return status;
    }
    sqlite3_stmt *statement;
    status = pl_sqlite_file_prepare(
        file, "INSERT INTO entries VALUES(?, ?, ?, ?, ?, ?, ?)", &statement, what, err);
    if (status != PL_OK) {
        return status;
    }
    bind_text(statement, 1, pl_slice_of(id));
    bind_integer(statement, 2, entry->seq);
    bind_integer(statement, 3, entry->t_ns);
    bind_text(statement, 4, entry->kind);
    bind_text(statement, 5, entry->body);
    bind_hash(statement, 6, entry->previous);
    bind_hash(statement, 7, entry->hash);
    return run(file, statement, what, err);
}

static pl_status finish_session(void *data, const char *id, pl_error *err)
{
    static const char what[] = "close a session";
    struct pl_sqlite_file *file = data;
    sqlite3_stmt *statement;
    pl_status status = pl_sqlite_file_prepare(
        file, "UPDATE sessions SET state = 'closed' WHERE id = ?", &statement, what, err);
    if (status != PL_OK) {
        return status;
    }
    bind_text(statement, 1, pl_slice_of(id));
    return run(file, statement, what, err);
}

static pl_status damaged(struct pl_sqlite_file *file, const char *what, pl_error *err)
{
    return pl_sqlite_file_fail(file, SQLITE_CORRUPT, what, err);
}

/* Copy a text column; false when it is missing or too long, which only damage can cause. */
static bool copy_column(sqlite3_stmt *statement, int index, char *text, size_t size)
{
    const unsigned char *value = sqlite3_column_text(statement, index);
    int length = sqlite3_column_bytes(statement, index);
    if (value == NULL || length < 1 || (size_t)length >= size ||
        memchr(value, 0, (size_t)length) != NULL) {
        return false;
    }
    memcpy(text, value, (size_t)length);
    text[length] = '\0';
    return true;
}

static bool read_session(sqlite3_stmt *statement, struct pl_store_session *session)
{
    char state[8];
    memset(session, 0, sizeof *session);
    bool good = copy_column(statement, 0, session->id, sizeof session->id) &&
                copy_column(statement, 1, session->scenario, sizeof session->scenario) &&
                copy_column(statement, 2, session->pack_hash, sizeof session->pack_hash) &&
                copy_column(statement, 3, session->engine, sizeof session->engine) &&
                copy_column(statement, 5, session->clock, sizeof session->clock) &&
                copy_column(statement, 6, session->created_at, sizeof session->created_at) &&
                copy_column(statement, 7, state, sizeof state);
    if (!good) {
        return false;
    }
    session->seed = sqlite3_column_int64(statement, 4);
    session->state = strcmp(state, "open") == 0 ? PL_STORE_SESSION_OPEN : PL_STORE_SESSION_CLOSED;
    session->entry_count = sqlite3_column_int64(statement, 8);
    return session->entry_count >= 0 && strlen(session->id) == PL_STORE_ID_SIZE - 1;
}

static pl_status
list(void *data, const char *prefix, pl_store_visit_session visit, void *context, pl_error *err)
{
    static const char what[] = "read sessions";
    struct pl_sqlite_file *file = data;
    sqlite3_stmt *statement;
    pl_status status = pl_sqlite_file_prepare(
        file,
        "SELECT id, scenario, pack_hash, engine, seed, clock, created_at, state,"
        " entry_count FROM sessions WHERE substr(id, 1, length(?1)) = ?1"
        " ORDER BY created_at DESC, id",
        &statement,
        what,
        err);
    if (status != PL_OK) {
        return status;
    }
    bind_text(statement, 1, pl_slice_of(prefix));
    int code = SQLITE_ROW;
    while (status == PL_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct pl_store_session session;
        status = read_session(statement, &session) ? visit(context, &session, err)
                                                   : damaged(file, what, err);
    }
    if (status == PL_OK && code != SQLITE_DONE) {
        status = pl_sqlite_file_fail(file, code, what, err);
    }
    (void)sqlite3_finalize(statement);
    return status;
}

static bool read_hash(sqlite3_stmt *statement, int index, uint8_t hash[PL_STORE_HASH_SIZE])
{
    const void *value = sqlite3_column_blob(statement, index);
    if (value == NULL || sqlite3_column_bytes(statement, index) != PL_STORE_HASH_SIZE) {
        return false;
    }
    memcpy(hash, value, PL_STORE_HASH_SIZE);
    return true;
}

static bool read_entry(sqlite3_stmt *statement, struct pl_store_entry *entry)
{
    entry->seq = sqlite3_column_int64(statement, 0);
    entry->t_ns = sqlite3_column_int64(statement, 1);
    entry->kind.data = (const char *)sqlite3_column_text(statement, 2);
    entry->kind.size = (size_t)sqlite3_column_bytes(statement, 2);
    entry->body.data = (const char *)sqlite3_column_text(statement, 3);
    entry->body.size = (size_t)sqlite3_column_bytes(statement, 3);
    return entry->kind.data != NULL && entry->body.data != NULL &&
           read_hash(statement, 4, entry->previous) && read_hash(statement, 5, entry->hash);
}

static pl_status
read_entries(void *data, const char *id, pl_store_visit_entry visit, void *context, pl_error *err)
{
    static const char what[] = "read a session";
    struct pl_sqlite_file *file = data;
    sqlite3_stmt *statement;
    pl_status status =
        pl_sqlite_file_prepare(file,
                               "SELECT seq, t_ns, kind, body, prev_hash, hash FROM entries"
                               " WHERE session = ? ORDER BY seq",
                               &statement,
                               what,
                               err);
    if (status != PL_OK) {
        return status;
    }
    bind_text(statement, 1, pl_slice_of(id));
    int code = SQLITE_ROW;
    while (status == PL_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct pl_store_entry entry;
        status =
            read_entry(statement, &entry) ? visit(context, &entry, err) : damaged(file, what, err);
    }
    if (status == PL_OK && code != SQLITE_DONE) {
        status = pl_sqlite_file_fail(file, code, what, err);
    }
    (void)sqlite3_finalize(statement);
    return status;
}

static pl_status lock_session(void *data, const char *id, void **lock, pl_error *err)
{
    struct pl_sqlite_file *file = data;
    char name[64];
    char path[PL_SQLITE_PATH_SIZE];
    (void)snprintf(name, sizeof name, "locks/%s.lock", id);
    pl_sqlite_file_path(path, file, name);
    struct pl_file_lock *fresh = malloc(sizeof *fresh);
    if (fresh == NULL) {
        return pl_sqlite_file_fail(file, SQLITE_NOMEM, "open a session", err);
    }
    pl_error reason = {0};
    pl_status status = pl_file_lock_take(fresh, path, 0, &reason);
    if (status != PL_OK) {
        free(fresh);
        return status == PL_CONFLICT ? pl_fail(err,
                                               PL_CONFLICT,
                                               NULL,
                                               "session %s is being played by another process",
                                               id)
                                     : pl_fail(err, status, NULL, "%s", reason.message);
    }
    *lock = fresh;
    return PL_OK;
}

static void unlock_session(void *data, void *lock)
{
    (void)data;
    if (lock != NULL) {
        pl_file_lock_release(lock);
        free(lock);
    }
}

static void close_file(void *data)
{
    pl_sqlite_file_close(data);
}

pl_status pl_sqlite_backend_open(struct pl_backend *backend, const char *directory, pl_error *err)
{
    PL_CHECK(backend != NULL && directory != NULL);
    struct pl_sqlite_file *file;
    pl_status status = pl_sqlite_file_open(&file, directory, err);
    if (status != PL_OK) {
        return status;
    }
    *backend = (struct pl_backend){
        .data = file,
        .begin = begin,
        .commit = commit,
        .rollback = rollback,
        .unsynced = unsynced,
        .own = own,
        .rest = rest,
        .add_session = add_session,
        .add_entry = add_entry,
        .finish_session = finish_session,
        .list = list,
        .read = read_entries,
        .lock = lock_session,
        .unlock = unlock_session,
        .close = close_file,
    };
    return PL_OK;
}
