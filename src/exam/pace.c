// SPDX-License-Identifier: Apache-2.0
#include "exam/pace.h"

#include "base/check.h"

#include <stddef.h>

void pl_pace_set(struct pl_pace *pace, int64_t now_ns, double speed)
{
    PL_CHECK(pace != NULL);
    PL_CHECK(speed >= 1.0 && speed <= PL_PACE_SPEED_MAX);
    *pace = (struct pl_pace){.base_ns = now_ns, .speed = speed};
}

int64_t pl_pace_now(const struct pl_pace *pace, int64_t real_ns)
{
    PL_CHECK(pace != NULL);
    if (!pace->running || real_ns <= pace->base_real_ns) {
        return pace->base_ns;
    }
    return pace->base_ns + (int64_t)((double)(real_ns - pace->base_real_ns) * pace->speed);
}

void pl_pace_change(struct pl_pace *pace, int64_t real_ns, bool running, double speed)
{
    PL_CHECK(pace != NULL);
    PL_CHECK(speed >= 1.0 && speed <= PL_PACE_SPEED_MAX);
    pace->base_ns = pl_pace_now(pace, real_ns);
    pace->base_real_ns = real_ns;
    pace->running = running;
    pace->speed = speed;
}
