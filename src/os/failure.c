// SPDX-License-Identifier: Apache-2.0
#include "os/failure.h"

#include "base/check.h"

#include <errno.h>
#include <string.h>

enum { SHOWN_PATH_MAX = 150 /* bytes of a path that leave room for the reason */ };

pl_status pl_failure_of(pl_error *err, const char *verb, const char *path, int number)
{
    PL_CHECK(verb != NULL && path != NULL);
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0) {
        (void)strncpy(reason, "unknown reason", sizeof reason);
    }
    pl_status status = number == ENOENT ? PL_NOT_FOUND : number == ENOMEM ? PL_NO_MEMORY : PL_IO;
    size_t size = strlen(path);
    const char *mark = size > SHOWN_PATH_MAX ? "..." : "";
    const char *shown = size > SHOWN_PATH_MAX ? path + (size - SHOWN_PATH_MAX) : path;
    return pl_fail(err, status, NULL, "cannot %s %s%s: %s", verb, mark, shown, reason);
}
