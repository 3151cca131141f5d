// SPDX-License-Identifier: Apache-2.0
//
// The evidence log in one SQLite file: WAL, synchronous FULL, one connection.
//
// SQLite 3.40 can corrupt a WAL when two connections write and reset it at the same instant (fixed
// in later versions), so every write and checkpoint happens under a lock file of our own. Readers
// need no lock.
#ifndef PL_STORE_SQLITE_SQLITE_BACKEND_H
#define PL_STORE_SQLITE_SQLITE_BACKEND_H

#include "store/backend.h"

/** Name of the database file inside the directory of the store. */
#define PL_SQLITE_FILE "plumbline.db"

/** Version of the tables that this program writes; kept in `PRAGMA user_version`. */
enum { PL_SQLITE_SCHEMA_VERSION = 1 };

/**
 * Open the database of a directory; both are created when missing.
 *
 * @param backend    filled on success; close it by backend->close
 * @param directory  path, copied
 * @param err        filled on failure
 * @return PL_OK, PL_IO, PL_CORRUPT, PL_CONFLICT, PL_UNSUPPORTED or PL_NO_MEMORY
 */
pl_status pl_sqlite_backend_open(struct pl_backend *backend, const char *directory, pl_error *err)
    __attribute__((warn_unused_result));

#endif
