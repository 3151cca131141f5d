// SPDX-License-Identifier: Apache-2.0
//
// The files of a store in SQLite, and the one connection to them.
//
//   plumbline.db, -wal, -shm   the database: WAL, synchronous FULL
//   store.lock                 held during every write and checkpoint; not empty once the tables
//                              exist, so that an emptied database is told from a new one
//   locks/ID.lock              held while a session is played
//
// SQLite 3.40 can corrupt a WAL when two connections write and reset it at the same instant (fixed
// in later versions); the lock rules that out. Readers need no lock.
#ifndef PL_STORE_SQLITE_SQLITE_FILE_H
#define PL_STORE_SQLITE_SQLITE_FILE_H

#include "base/error.h"
#include "os/file.h"

#include <sqlite3.h>

/** Name of the database file inside the directory of the store. */
#define PL_SQLITE_FILE_NAME "plumbline.db"

enum {
    /** Version of the tables that this program writes; kept in `PRAGMA user_version`. */
    PL_SQLITE_SCHEMA_VERSION = 1,
    /** Bytes of the path of a file of the store with its terminator. */
    PL_SQLITE_PATH_SIZE = PL_FILE_PATH_MAX + 64
};

/** An open database. */
struct pl_sqlite_file {
    sqlite3 *db;                    /* the connection, owned */
    struct pl_file_lock write_lock; /* held inside a transaction */
    bool unsynced;                  /* a flush to disk has failed: nobody knows what is there */
    bool wal_own;                   /* the rest is of sqlite_wal.h: checkpoints are in own hands */
    bool wal_filled;
    int wal_frames; /* after the last transaction */
    int wal_tried;  /* frames at the last checkpoint, 0 once the log was begun again */
    char directory[PL_FILE_PATH_MAX];
};

/**
 * Open the database of a directory; both are created when missing, and the tables are brought to
 * PL_SQLITE_SCHEMA_VERSION.
 *
 * @param file       filled with an owned handle for pl_sqlite_file_close, NULL on failure
 * @param directory  path, copied
 * @param err        filled on failure
 * @return PL_OK, PL_IO, PL_CORRUPT, PL_CONFLICT, PL_UNSUPPORTED or PL_NO_MEMORY
 */
pl_status pl_sqlite_file_open(struct pl_sqlite_file **file, const char *directory, pl_error *err)
    __attribute__((warn_unused_result));

/** Close the connection and free `file`. */
void pl_sqlite_file_close(struct pl_sqlite_file *file);

/**
 * Take the lock under which everything is written; released through file->write_lock.
 *
 * @param file  open database
 * @param err   filled on failure
 * @return PL_OK, PL_CONFLICT after five seconds, or PL_IO
 */
pl_status pl_sqlite_file_lock(struct pl_sqlite_file *file, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Path of a file of the store.
 *
 * @param path  filled, PL_SQLITE_PATH_SIZE bytes
 * @param file  open database
 * @param name  name inside the directory, at most 60 bytes (checked)
 */
void pl_sqlite_file_path(char path[PL_SQLITE_PATH_SIZE],
                         const struct pl_sqlite_file *file,
                         const char *name);

/**
 * Turn a result code of SQLite into one sentence.
 *
 * @param file  database that gave the code
 * @param code  result code other than SQLITE_OK
 * @param what  what was tried: `store an entry`
 * @param err   filled
 * @return PL_CONFLICT, PL_CORRUPT, PL_NO_MEMORY or PL_IO
 */
pl_status
pl_sqlite_file_fail(struct pl_sqlite_file *file, int code, const char *what, pl_error *err);

/**
 * Run statements that return nothing of interest.
 *
 * @param file  open database
 * @param sql   one or more statements
 * @param what  what is tried, for the error
 * @param err   filled on failure
 * @return PL_OK or what pl_sqlite_file_fail returns
 */
pl_status pl_sqlite_file_execute(struct pl_sqlite_file *file,
                                 const char *sql,
                                 const char *what,
                                 pl_error *err) __attribute__((warn_unused_result));

/**
 * Prepare one statement.
 *
 * @param file       open database
 * @param sql        the statement
 * @param statement  filled; goes to sqlite3_finalize
 * @param what       what is tried, for the error
 * @param err        filled on failure
 * @return PL_OK or what pl_sqlite_file_fail returns
 */
pl_status pl_sqlite_file_prepare(struct pl_sqlite_file *file,
                                 const char *sql,
                                 sqlite3_stmt **statement,
                                 const char *what,
                                 pl_error *err) __attribute__((warn_unused_result));

#endif
