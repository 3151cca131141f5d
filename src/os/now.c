// SPDX-License-Identifier: Apache-2.0
#include "os/now.h"

#include "base/check.h"

#include <stddef.h>
#include <time.h>

static const int64_t second_ns = INT64_C(1000000000);

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    int failed = clock_gettime(clock, &now);
    PL_CHECK(failed == 0);
    return (int64_t)now.tv_sec * second_ns + (int64_t)now.tv_nsec;
}

int64_t pl_now_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t pl_now_cpu_ns(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t pl_now_thread_cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

int64_t pl_now_wall_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

void pl_now_put_utc(struct pl_buf *buf, int64_t wall_ns)
{
    PL_CHECK(buf != NULL);
    PL_CHECK(wall_ns >= 0);
    time_t seconds = (time_t)(wall_ns / second_ns);
    struct tm parts;
    PL_CHECK(gmtime_r(&seconds, &parts) != NULL);
    pl_buf_printf(buf,
                  "%04d-%02d-%02dT%02d:%02d:%02dZ",
                  parts.tm_year + 1900,
                  parts.tm_mon + 1,
                  parts.tm_mday,
                  parts.tm_hour,
                  parts.tm_min,
                  parts.tm_sec);
}

void pl_now_sleep_until(int64_t monotonic_ns)
{
    if (monotonic_ns <= 0) {
        return;
    }
    struct timespec until = {(time_t)(monotonic_ns / second_ns), (long)(monotonic_ns % second_ns)};
    (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}
