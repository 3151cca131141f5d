// SPDX-License-Identifier: Apache-2.0
//
// Simulated time: int64 nanoseconds since the start of a run.
#ifndef PL_SIM_CLOCK_H
#define PL_SIM_CLOCK_H

#include <stdint.h>

#define PL_NS_PER_US INT64_C(1000)
#define PL_NS_PER_MS INT64_C(1000000)
#define PL_NS_PER_S  INT64_C(1000000000)

/** Latest moment a run can reach: about 4.9 hours, so that a key has 18 bits for its slot. */
#define PL_TIME_MAX (INT64_C(1) << 44)

/**
 * Seconds as nanoseconds, rounded to the nearest, clamped to 0..PL_TIME_MAX.
 *
 * @param seconds  any finite value
 */
static inline int64_t pl_clock_ns(double seconds)
{
    double ns = seconds * 1e9 + 0.5;
    if (!(ns > 0.0)) {
        return 0;
    }
    return ns < (double)PL_TIME_MAX ? (int64_t)ns : PL_TIME_MAX;
}

/** Nanoseconds as seconds. */
static inline double pl_clock_s(int64_t ns)
{
    return (double)ns * 1e-9;
}

#endif
