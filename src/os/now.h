// SPDX-License-Identifier: Apache-2.0
//
// The clocks of the machine. Simulated time lives in sim/clock.h and never comes from here.
#ifndef PL_OS_NOW_H
#define PL_OS_NOW_H

#include "base/buf.h"

#include <stdint.h>

/** Nanoseconds of a clock that never goes back; its zero has no meaning. */
int64_t pl_now_monotonic_ns(void);

/** Nanoseconds of processor time that this process has used. */
int64_t pl_now_cpu_ns(void);

/** Nanoseconds of processor time that the calling thread has used. */
int64_t pl_now_thread_cpu_ns(void);

/** Nanoseconds since 1970-01-01 00:00 UTC by the wall clock, which may be set back. */
int64_t pl_now_wall_ns(void);

/**
 * Append a moment as UTC in whole seconds: `2026-11-21T22:04:27Z`.
 *
 * @param buf      appended to
 * @param wall_ns  nanoseconds since 1970, years 1970..9999 (checked)
 */
void pl_now_put_utc(struct pl_buf *buf, int64_t wall_ns);

/**
 * Sleep until the monotonic clock has passed a moment; a signal ends the sleep early.
 *
 * @param monotonic_ns  moment as given by pl_now_monotonic_ns; one in the past returns at once
 */
void pl_now_sleep_until(int64_t monotonic_ns);

#endif
