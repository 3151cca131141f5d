// SPDX-License-Identifier: Apache-2.0
#define _XOPEN_SOURCE 700 /* nftw */
#include "os/scratch.h"

#include "base/check.h"
#include "os/failure.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

enum { OPEN_DIRECTORIES_MAX = 16 };

pl_status pl_scratch_make(struct pl_scratch *scratch, pl_error *err)
{
    PL_CHECK(scratch != NULL);
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] != '/') {
        parent = "/tmp";
    }
    int size = snprintf(scratch->path, sizeof scratch->path, "%s/plumb-XXXXXX", parent);
    if (size < 0 || (size_t)size >= sizeof scratch->path) {
        return pl_fail(err, PL_LIMIT, NULL, "the path in $TMPDIR is too long");
    }
    if (mkdtemp(scratch->path) == NULL) {
        return pl_failure_of(err, "create a directory in", parent, errno);
    }
    return PL_OK;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

pl_status pl_scratch_remove(const struct pl_scratch *scratch, pl_error *err)
{
    PL_CHECK(scratch != NULL && scratch->path[0] == '/');
    if (nftw(scratch->path, remove_entry, OPEN_DIRECTORIES_MAX, FTW_DEPTH | FTW_PHYS) != 0) {
        (void)pl_failure_of(err, "remove", scratch->path, errno);
        return PL_IO;
    }
    return PL_OK;
}
