// SPDX-License-Identifier: Apache-2.0
#include "os/failure.h"

#include "base/check.h"

#include <errno.h>
#include <string.h>

pl_status pl_failure_of(pl_error *err, const char *verb, const char *path, int number)
{
    PL_CHECK(verb != NULL && path != NULL);
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0) {
        (void)strncpy(reason, "unknown reason", sizeof reason);
    }
    pl_status status = number == ENOENT ? PL_NOT_FOUND : number == ENOMEM ? PL_NO_MEMORY : PL_IO;
    return pl_fail(err, status, NULL, "cannot %s %s: %s", verb, path, reason);
}
