// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

void pl_check_failed(const char *file, int line, const char *text)
{
    (void)fprintf(stderr, "%s:%d: check failed: %s\n", file, line, text);
    abort();
}
