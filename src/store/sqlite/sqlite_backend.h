// SPDX-License-Identifier: Apache-2.0
//
// The operations of the evidence log as statements to SQLite.
#ifndef PL_STORE_SQLITE_SQLITE_BACKEND_H
#define PL_STORE_SQLITE_SQLITE_BACKEND_H

#include "store/backend.h"

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
