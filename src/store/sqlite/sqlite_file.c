// SPDX-License-Identifier: Apache-2.0
//
// Opening, migrating and closing the database, and its errors as sentences.
#include "store/sqlite/sqlite_file.h"

#include "base/check.h"
#include "os/directory.h"
#include "os/failure.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LOCK_WAIT_MS = 5000,         /* for the store; writes of others last milliseconds */
    APPLICATION_ID = 0x504c4d42, /* "PLMB" in the header of the file */
    CHECKPOINT_PAGES = 4096,     /* 16 MiB of WAL */
};

/* Step n brings the tables from version n to n + 1. Steps are never changed once released. */
static const char *const migrations[] = {
    "CREATE TABLE sessions("
    " id TEXT PRIMARY KEY,"
    " scenario TEXT NOT NULL,"
    " pack_hash TEXT NOT NULL,"
    " engine TEXT NOT NULL,"
    " seed INTEGER NOT NULL CHECK(seed >= 0),"
    " clock TEXT NOT NULL,"
    " created_at TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK(state IN ('open', 'closed')),"
    " entry_count INTEGER NOT NULL CHECK(entry_count >= 0)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE entries("
    " session TEXT NOT NULL REFERENCES sessions(id),"
    " seq INTEGER NOT NULL CHECK(seq >= 1),"
    " t_ns INTEGER NOT NULL CHECK(t_ns >= 0),"
    " kind TEXT NOT NULL,"
    " body TEXT NOT NULL,"
    " prev_hash BLOB NOT NULL CHECK(length(prev_hash) = 32),"
    " hash BLOB NOT NULL CHECK(length(hash) = 32),"
    " PRIMARY KEY(session, seq)"
    ") STRICT;"
    "CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries"
    " BEGIN SELECT RAISE(ABORT, 'the evidence log is append-only'); END;"
    "CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries"
    " BEGIN SELECT RAISE(ABORT, 'the evidence log is append-only'); END;",
};

static_assert(sizeof migrations / sizeof migrations[0] == PL_SQLITE_SCHEMA_VERSION,
              "one migration per version");

void pl_sqlite_file_path(char path[PL_SQLITE_PATH_SIZE],
                         const struct pl_sqlite_file *file,
                         const char *name)
{
    int size = snprintf(path, PL_SQLITE_PATH_SIZE, "%s/%s", file->directory, name);
    PL_CHECK(size > 0 && size < PL_SQLITE_PATH_SIZE);
}

pl_status
pl_sqlite_file_fail(struct pl_sqlite_file *file, int code, const char *what, pl_error *err)
{
    PL_CHECK(file != NULL && what != NULL);
    PL_CHECK(code != SQLITE_OK);
    const char *place = file->directory;
    file->unsynced = file->unsynced || code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
    switch (code & 0xff) {
    case SQLITE_FULL:
        return pl_fail(err, PL_IO, NULL, "cannot %s in %s: the disk is full", what, place);
    case SQLITE_IOERR:
        return pl_fail(err,
                       PL_IO,
                       NULL,
                       "cannot %s in %s: the disk is full, over quota or failing (SQLite error %d)",
                       what,
                       place,
                       code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return pl_fail(err,
                       PL_CONFLICT,
                       NULL,
                       "cannot %s in %s: another process is writing to the store",
                       what,
                       place);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return pl_fail(err,
                       PL_CORRUPT,
                       NULL,
                       "cannot %s: the session store %s/%s is damaged",
                       what,
                       place,
                       PL_SQLITE_FILE_NAME);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return pl_fail(err,
                       PL_IO,
                       NULL,
                       "cannot %s: the directory %s or a file in it cannot be written",
                       what,
                       place);
    case SQLITE_NOMEM:
        return pl_fail(err, PL_NO_MEMORY, NULL, "cannot %s: no memory is left", what);
    default:
        return pl_fail(err,
                       PL_IO,
                       NULL,
                       "cannot %s in %s: %s",
                       what,
                       place,
                       file->db != NULL ? sqlite3_errmsg(file->db) : sqlite3_errstr(code));
    }
}

pl_status pl_sqlite_file_execute(struct pl_sqlite_file *file,
                                 const char *sql,
                                 const char *what,
                                 pl_error *err)
{
    int code = sqlite3_exec(file->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? PL_OK : pl_sqlite_file_fail(file, code, what, err);
}

pl_status pl_sqlite_file_prepare(struct pl_sqlite_file *file,
                                 const char *sql,
                                 sqlite3_stmt **statement,
                                 const char *what,
                                 pl_error *err)
{
    int code = sqlite3_prepare_v2(file->db, sql, -1, statement, NULL);
    return code == SQLITE_OK ? PL_OK : pl_sqlite_file_fail(file, code, what, err);
}

pl_status pl_sqlite_file_lock(struct pl_sqlite_file *file, pl_error *err)
{
    char path[PL_SQLITE_PATH_SIZE];
    pl_sqlite_file_path(path, file, "store.lock");
    pl_error reason = {0};
    pl_status status = pl_file_lock_take(&file->write_lock, path, LOCK_WAIT_MS, &reason);
    if (status == PL_CONFLICT) {
        return pl_sqlite_file_fail(file, SQLITE_BUSY, "write", err);
    }
    return status == PL_OK ? PL_OK : pl_fail(err, status, NULL, "%s", reason.message);
}

/* First column of the first row of a query, as a number. */
static pl_status query_integer(
    struct pl_sqlite_file *file, const char *sql, const char *what, int64_t *value, pl_error *err)
{
    sqlite3_stmt *statement;
    pl_status status = pl_sqlite_file_prepare(file, sql, &statement, what, err);
    if (status != PL_OK) {
        return status;
    }
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *value = sqlite3_column_int64(statement, 0);
    } else {
        status = pl_sqlite_file_fail(file, code, what, err);
    }
    (void)sqlite3_finalize(statement);
    return status;
}

static pl_status migrate_one(struct pl_sqlite_file *file, int version, pl_error *err)
{
    static const char what[] = "create the tables of the session store";
    char settings[96];
    (void)snprintf(settings,
                   sizeof settings,
                   "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   APPLICATION_ID,
                   version + 1);
    pl_status status = pl_sqlite_file_execute(file, "BEGIN IMMEDIATE", what, err);
    if (status != PL_OK) {
        return status;
    }
    status = pl_sqlite_file_execute(file, migrations[version], what, err);
    if (status == PL_OK) {
        status = pl_sqlite_file_execute(file, settings, what, err);
    }
    if (status == PL_OK) {
        status = pl_sqlite_file_execute(file, "COMMIT", what, err);
    }
    if (status != PL_OK) {
        (void)sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return status;
}

static pl_status migrate(struct pl_sqlite_file *file, pl_error *err)
{
    static const char what[] = "open the session store";
    int64_t version = 0;
    int64_t application = 0;
    int64_t tables = 0;
    pl_status status = query_integer(file, "PRAGMA user_version", what, &version, err);
    if (status == PL_OK) {
        status = query_integer(file, "PRAGMA application_id", what, &application, err);
    }
    if (status == PL_OK) {
        status = query_integer(file, "SELECT count(*) FROM sqlite_schema", what, &tables, err);
    }
    if (status != PL_OK) {
        return status;
    }
    if (tables > 0 && application != APPLICATION_ID) {
        return pl_fail(err,
                       PL_UNSUPPORTED,
                       NULL,
                       "%s/%s is a database of another program, not a session store",
                       file->directory,
                       PL_SQLITE_FILE_NAME);
    }
    if (version > PL_SQLITE_SCHEMA_VERSION || version < 0) {
        return pl_fail(err,
                       PL_UNSUPPORTED,
                       NULL,
                       "the session store %s/%s has version %lld, but this program knows versions "
                       "up to %d; use a newer program",
                       file->directory,
                       PL_SQLITE_FILE_NAME,
                       (long long)version,
                       PL_SQLITE_SCHEMA_VERSION);
    }
    for (; status == PL_OK && version < PL_SQLITE_SCHEMA_VERSION; version++) {
        status = migrate_one(file, (int)version, err);
    }
    return status;
}

/* An empty database beside a lock file that says it was in use has lost its contents. */
static pl_status check_not_emptied(const struct pl_sqlite_file *file, pl_error *err)
{
    char path[PL_SQLITE_PATH_SIZE];
    struct stat contents;
    struct stat lock;
    pl_sqlite_file_path(path, file, PL_SQLITE_FILE_NAME);
    /* SQLite takes a file of one byte for an empty database, too. */
    bool empty = stat(path, &contents) == 0 && contents.st_size <= 1;
    pl_sqlite_file_path(path, file, "store.lock");
    if (empty && stat(path, &lock) == 0 && lock.st_size > 0) {
        return pl_fail(err,
                       PL_CORRUPT,
                       NULL,
                       "the session store %s/%s is empty, but sessions were kept in it; restore it "
                       "from a backup, or remove it to start anew",
                       file->directory,
                       PL_SQLITE_FILE_NAME);
    }
    return PL_OK;
}

static pl_status mark_in_use(const struct pl_sqlite_file *file, pl_error *err)
{
    static const char mark[] = "plumbline\n";
    struct stat lock;
    if (fstat(file->write_lock.fd, &lock) == 0 && lock.st_size > 0) {
        return PL_OK;
    }
    if (write(file->write_lock.fd, mark, sizeof mark - 1) != (ssize_t)(sizeof mark - 1)) {
        return pl_failure_of(err, "write", file->directory, errno);
    }
    return PL_OK;
}

static pl_status set_up_connection(struct pl_sqlite_file *file, pl_error *err)
{
    static const char what[] = "open the session store";
    char settings[256];
    (void)snprintf(settings,
                   sizeof settings,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                   "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
                   "PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = %d",
                   CHECKPOINT_PAGES);
    (void)sqlite3_busy_timeout(file->db, LOCK_WAIT_MS);
    (void)sqlite3_db_config(file->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    pl_status status = pl_sqlite_file_execute(file, settings, what, err);
    /* Some file systems have no shared memory for a WAL; then SQLite silently stays without. */
    int64_t is_durable = 0;
    if (status == PL_OK) {
        status = query_integer(file,
                               "SELECT (SELECT journal_mode = 'wal' FROM pragma_journal_mode) AND"
                               " (SELECT synchronous = 2 FROM pragma_synchronous)",
                               what,
                               &is_durable,
                               err);
    }
    if (status == PL_OK && is_durable != 1) {
        return pl_fail(err,
                       PL_IO,
                       NULL,
                       "the file system of %s cannot hold a session store (SQLite WAL)",
                       file->directory);
    }
    return status;
}

static pl_status open_file(struct pl_sqlite_file *file, pl_error *err)
{
    char path[PL_SQLITE_PATH_SIZE];
    pl_status status = check_not_emptied(file, err);
    if (status != PL_OK) {
        return status;
    }
    pl_sqlite_file_path(path, file, PL_SQLITE_FILE_NAME);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(path, &file->db, flags, NULL);
    if (code != SQLITE_OK) {
        return pl_sqlite_file_fail(file, code, "open the session store", err);
    }
    status = set_up_connection(file, err);
    if (status == PL_OK) {
        status = migrate(file, err);
    }
    if (status == PL_OK) {
        status = mark_in_use(file, err);
    }
    return status;
}

static pl_status open_directory(struct pl_sqlite_file *file, pl_error *err)
{
    char locks[PL_SQLITE_PATH_SIZE];
    pl_sqlite_file_path(locks, file, "locks");
    pl_status status = pl_directory_make(locks, err);
    if (status != PL_OK) {
        return status;
    }
    status = pl_sqlite_file_lock(file, err);
    if (status != PL_OK) {
        return status;
    }
    status = open_file(file, err);
    pl_file_lock_release(&file->write_lock);
    return status;
}

pl_status pl_sqlite_file_open(struct pl_sqlite_file **file, const char *directory, pl_error *err)
{
    PL_CHECK(file != NULL && directory != NULL);
    *file = NULL;
    size_t size = strlen(directory);
    if (size >= PL_FILE_PATH_MAX) {
        return pl_failure_of(err, "open the session store", directory, ENAMETOOLONG);
    }
    struct pl_sqlite_file *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return pl_failure_of(err, "open the session store", directory, ENOMEM);
    }
    fresh->write_lock.fd = -1;
    memcpy(fresh->directory, directory, size + 1);
    pl_status status = open_directory(fresh, err);
    if (status != PL_OK) {
        pl_sqlite_file_close(fresh);
        return status;
    }
    *file = fresh;
    return PL_OK;
}

void pl_sqlite_file_close(struct pl_sqlite_file *file)
{
    PL_CHECK(file != NULL);
    if (file->db != NULL) {
        /* The last connection to close writes the WAL back, which is a checkpoint. */
        if (pl_sqlite_file_lock(file, NULL) != PL_OK) {
            (void)sqlite3_db_config(file->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
        }
        int code = sqlite3_close(file->db);
        PL_CHECK(code == SQLITE_OK); /* a statement or a log is still open */
        pl_file_lock_release(&file->write_lock);
    }
    free(file);
}
