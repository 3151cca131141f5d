// SPDX-License-Identifier: Apache-2.0
//
// Whole files: read with a limit, write so that a crash leaves the old or the new text, and lock.
#ifndef PL_OS_FILE_H
#define PL_OS_FILE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { PL_FILE_PATH_MAX = 4096 /* bytes of a path with its terminator */ };

/**
 * Read a regular file, pipe or terminal to its end into new memory.
 *
 * @param path      file
 * @param size_max  largest size accepted in bytes
 * @param text      filled; data is owned by the caller, terminated, and goes to free(); data is
 * NULL on failure
 * @param err       filled on failure
 * @return PL_OK, PL_NOT_FOUND, PL_LIMIT, PL_NO_MEMORY or PL_IO
 */
pl_status pl_file_load(const char *path, size_t size_max, pl_slice *text, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Replace a file in one step: after PL_OK the new text is on disk, after a failure or a crash the
 * file is as before or complete. Permissions are those of the umask.
 *
 * @param path  file, need not exist; its directory must
 * @param text  whole new contents
 * @param err   filled on failure
 * @return PL_OK, PL_NOT_FOUND (no such directory) or PL_IO
 */
pl_status pl_file_save(const char *path, pl_slice text, pl_error *err)
    __attribute__((warn_unused_result));

/** True when something exists at this path (dangling links do not count). */
bool pl_file_exists(const char *path);

/** A lock of the operating system; it ends with the process, however that ends. */
struct pl_file_lock {
    int fd; /* open lock file, -1 when not held */
};

/**
 * Take the exclusive lock of a lock file, which is created when missing and stays.
 *
 * @param lock     filled
 * @param path     lock file
 * @param wait_ms  how long to try, 0 for one try
 * @param err      filled on failure
 * @return PL_OK, PL_CONFLICT when somebody else holds it, or PL_IO
 */
pl_status pl_file_lock_take(struct pl_file_lock *lock, const char *path, int wait_ms, pl_error *err)
    __attribute__((warn_unused_result));

/** Give the lock back; nothing happens when it is not held. */
void pl_file_lock_release(struct pl_file_lock *lock);

#endif
