// SPDX-License-Identifier: Apache-2.0
#include "sim/least.h"

void pl_least_clear(struct pl_least least, uint32_t count)
{
    for (uint32_t i = 0; i < pl_least_values(count); i++) {
        least.values[i] = PL_LEAST_NONE;
    }
    for (uint32_t i = 0; i < pl_least_groups(count); i++) {
        least.groups[i] = PL_LEAST_NONE;
    }
}
