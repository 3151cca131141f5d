// SPDX-License-Identifier: Apache-2.0
#include "judge/parallel.h"

#include "base/check.h"

#include <stddef.h>

uint32_t pl_parallel_workers(const struct pl_parallel *parallel)
{
    PL_CHECK(parallel != NULL);
    PL_CHECK(parallel->workers <= PL_PARALLEL_MAX);
    return parallel->run == NULL || parallel->workers == 0 ? 1 : parallel->workers;
}

void pl_parallel_run(const struct pl_parallel *parallel,
                     uint32_t count,
                     pl_task task,
                     void *argument)
{
    PL_CHECK(parallel != NULL);
    PL_CHECK(task != NULL);
    if (parallel->run != NULL) {
        parallel->run(parallel->context, count, task, argument);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        task(argument, i, 0);
    }
}
