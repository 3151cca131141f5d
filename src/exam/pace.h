// SPDX-License-Identifier: Apache-2.0
//
// The live clock of a session: from real time to simulated time, with speed and pause.
//
// Pure arithmetic: the caller says what time it is. Simulated time never goes back.
#ifndef PL_EXAM_PACE_H
#define PL_EXAM_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum { PL_PACE_SPEED_MAX = 10 /* simulated seconds per second, at most */ };

/** A live clock. */
struct pl_pace {
    int64_t base_real_ns; /* monotonic clock at the last change */
    int64_t base_ns;      /* simulated time then */
    double speed;         /* 1..PL_PACE_SPEED_MAX */
    bool running;
};

/** Set a clock that stands. */
void pl_pace_set(struct pl_pace *pace, int64_t now_ns, double speed);

/** Simulated time at a moment of the monotonic clock. */
int64_t pl_pace_now(const struct pl_pace *pace, int64_t real_ns);

/** Let it run or stand, and with which speed, from `real_ns` on. */
void pl_pace_change(struct pl_pace *pace, int64_t real_ns, bool running, double speed);

#endif
