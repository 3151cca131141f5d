// SPDX-License-Identifier: Apache-2.0
//
// Directories for files that nobody keeps.
#ifndef PL_OS_SCRATCH_H
#define PL_OS_SCRATCH_H

#include "base/error.h"

enum { PL_SCRATCH_PATH_SIZE = 512 };

/** A directory of this process alone. */
struct pl_scratch {
    char path[PL_SCRATCH_PATH_SIZE];
};

/**
 * Make a new empty directory below $TMPDIR, or /tmp.
 *
 * @param scratch  filled
 * @param err      filled on failure
 * @return PL_OK, PL_NOT_FOUND, PL_LIMIT (path too long) or PL_IO
 */
pl_status pl_scratch_make(struct pl_scratch *scratch, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Remove the directory and everything in it; links are not followed.
 *
 * @param scratch  made by pl_scratch_make
 * @param err      filled on failure
 * @return PL_OK or PL_IO, at the first entry that cannot be removed
 */
pl_status pl_scratch_remove(const struct pl_scratch *scratch, pl_error *err);

#endif
