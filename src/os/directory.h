// SPDX-License-Identifier: Apache-2.0
//
// Directories: create with parents, list in a fixed order, find the user's own.
#ifndef PL_OS_DIRECTORY_H
#define PL_OS_DIRECTORY_H

#include "base/buf.h"
#include "base/error.h"

#include <stddef.h>

enum { PL_DIRECTORY_ENTRIES_MAX = 10000 /* entries of one listing */ };

/**
 * Create a directory and its missing parents, readable by the user alone.
 *
 * @param path  directory; nothing happens when it exists
 * @param err   filled on failure
 * @return PL_OK or PL_IO
 */
pl_status pl_directory_make(const char *path, pl_error *err) __attribute__((warn_unused_result));

/** Receives one name of a listing, borrowed for the call; anything but PL_OK ends the listing. */
typedef pl_status (*pl_directory_visit)(void *context, const char *name, pl_error *err);

/**
 * Visit the names of the entries that do not start with a dot, in order of their bytes.
 *
 * @param path     directory
 * @param suffix   end of the names wanted, such as `.yaml`, or an empty string for all
 * @param visit    called for each name
 * @param context  handed to visit
 * @param err      filled on failure
 * @return PL_OK, what visit returned, PL_NOT_FOUND, PL_LIMIT, PL_NO_MEMORY or PL_IO
 */
pl_status pl_directory_list(const char *path,
                            const char *suffix,
                            pl_directory_visit visit,
                            void *context,
                            pl_error *err) __attribute__((warn_unused_result));

/**
 * Share of a directory's disk that is free for this user, 0..1; 1 when the machine does not tell.
 */
double pl_directory_free(const char *path);

/**
 * Write the path of the user's data directory for plumb: $PLUMB_DATA, else
 * $XDG_DATA_HOME/plumbline, else $HOME/.local/share/plumbline. It is not created.
 *
 * @param path  cleared and filled
 * @param err   filled on failure
 * @return PL_OK, PL_NOT_FOUND when no variable is set, or PL_LIMIT when the path is too long
 */
pl_status pl_directory_of_data(struct pl_buf *path, pl_error *err)
    __attribute__((warn_unused_result));

#endif
