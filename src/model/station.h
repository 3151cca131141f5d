// SPDX-License-Identifier: Apache-2.0
//
// A processor-sharing processor: every job present gets min(1, cores / jobs) of a core.
//
// Virtual time counts the work each job has received; a job that needs `w` more finishes when
// virtual time has grown by w, so a change of the number of jobs moves no entry. With as many cores
// as workers it is a plain server. Quota follows the CFS rule: `quota` core-periods per 100 ms,
// then nothing until the next period.
#ifndef PL_MODEL_STATION_H
#define PL_MODEL_STATION_H

#include "model/state.h"

#include <float.h>

/** Account for the time since the last touch. Call before any field is changed. */
void pl_station_touch(struct pl_ctx *ctx, struct pl_station *station);

/** Schedule the station's next event. Call after fields were changed. */
void pl_station_rearm(struct pl_ctx *ctx, struct pl_station *station);

/**
 * Add a job.
 *
 * @param work_ns  nanoseconds of one core, >= 0
 * @return false when the station is full (the caller fails the request)
 */
bool pl_station_join_special(struct pl_ctx *ctx,
                             struct pl_station *station,
                             uint32_t frame,
                             double work_ns);

/** The station's event: returns a finished frame, or 0 when only its speed changed. */
uint32_t pl_station_fire_special(struct pl_ctx *ctx, struct pl_station *station);

/** Remove a job that has not finished; nothing happens when it is not there. */
void pl_station_remove(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame);

/** Set the quota (cores, 0: none) and begin a fresh period. */
void pl_station_set_quota(struct pl_ctx *ctx, struct pl_station *station, double quota);

/* ---- A station without limits -----------------------------------------------------------------
 *
 * No quota, no throttle, no pause: what is 0 or 1 then is left out of the sums, and the
 * results are the same to the bit.
 */

/** Nanoseconds rounded up to whole ones, 0..PL_TIME_MAX. */
static inline int64_t pl_station_whole_up(double t)
{
    if (!(t > 0.0)) {
        return 0;
    }
    if (t >= (double)PL_TIME_MAX) {
        return PL_TIME_MAX;
    }
    int64_t whole = (int64_t)t;
    return whole + ((double)whole < t ? 1 : 0);
}

/** Bring the sums of a station that is not special up to now; without jobs, only its busy time. */
static inline void pl_station_elapse(const struct pl_ctx *ctx, struct pl_station *station)
{
    double elapsed = (double)(ctx->now - station->updated_ns);
    double jobs = (double)station->count;
    double wanted = jobs + station->load;
    station->updated_ns = ctx->now;
    if (wanted <= station->cores) {
        station->virtual_ns += elapsed;
        station->busy_ns += jobs * elapsed + station->load * elapsed;
        return;
    }
    double share = station->cores / wanted;
    station->virtual_ns += share * elapsed;
    station->busy_ns += share * jobs * elapsed + station->load * station->cores / wanted * elapsed;
}

/** Schedule the end of a job of a station that is not special; it is the first to end. */
static inline void
pl_station_alarm(struct pl_ctx *ctx, const struct pl_station *station, double finish)
{
    double left = finish - station->virtual_ns;
    double wanted = (double)station->count + station->load;
    double time = wanted <= station->cores ? left : left / (station->cores / wanted);
    pl_ctx_schedule(ctx, station->slot, ctx->now + pl_station_whole_up(time));
}

/** Jobs of a station: a heap in two arrays. */
struct pl_station_heap {
    double *finish;  /* no parent ends after its child */
    uint32_t *frame; /* whose job it is */
};

/** Its heap. */
static inline struct pl_station_heap pl_station_heap_of(const struct pl_ctx *ctx,
                                                        const struct pl_station *station)
{
    return (struct pl_station_heap){&ctx->job_finish[station->job0],
                                    &ctx->job_frame[station->job0]};
}

/**
 * Put a job into the hole at `i` or above, where it belongs. All the way up and without a branch
 * that depends on the times: those would be guessed wrong. Times are not negative, so that their
 * bits are in their order.
 */
static inline void
pl_station_sift_up(struct pl_station_heap heap, uint32_t i, double finish, uint32_t frame)
{
    uint64_t key = pl_random_bits_of(finish);
    while (i > 0) {
        uint32_t above = (i - 1) / 2;
        uint64_t other = pl_random_bits_of(heap.finish[above]);
        uint32_t whose = heap.frame[above];
        /* All ones when the job goes up: then nothing is exchanged, else everything. */
        uint64_t up = UINT64_C(0) - (key < other ? 1u : 0u);
        uint64_t swap = (key ^ other) & ~up;
        uint32_t swap_frame = (frame ^ whose) & ~(uint32_t)up;
        heap.finish[i] = pl_random_double_of(other ^ swap);
        heap.frame[i] = whose ^ swap_frame;
        key ^= swap;
        frame ^= swap_frame;
        i = above;
    }
    heap.finish[0] = pl_random_double_of(key);
    heap.frame[0] = frame;
}

/** Put the last of `count + 1` jobs into the hole at `i` or below, where it belongs. */
static inline void pl_station_sift_down(struct pl_station_heap heap, uint32_t count, uint32_t i)
{
    double finish = heap.finish[count];
    uint32_t frame = heap.frame[count];
    uint32_t child = 2 * i + 1;
    heap.finish[count] = DBL_MAX; /* the sibling of a last child without one */
    while (child < count) {
        child += heap.finish[child + 1] < heap.finish[child] ? 1 : 0;
        if (!(heap.finish[child] < finish)) {
            break;
        }
        heap.finish[i] = heap.finish[child];
        heap.frame[i] = heap.frame[child];
        i = child;
        child = 2 * i + 1;
    }
    heap.finish[i] = finish;
    heap.frame[i] = frame;
}

/**
 * Add a job.
 *
 * @param work_ns  nanoseconds of one core, >= 0
 * @return false when the station is full (the caller fails the request)
 */
static inline bool
pl_station_join(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame, double work_ns)
{
    struct pl_station_heap heap = pl_station_heap_of(ctx, station);
    uint32_t count = station->count;
    if (station->special || count == station->capacity) {
        return pl_station_join_special(ctx, station, frame, work_ns);
    }
    if (count > 0 || station->load > 0.0) {
        pl_station_elapse(ctx, station);
    }
    if (count == 0) {
        station->virtual_ns = 0.0; /* keeps the sums small and exact */
        station->updated_ns = ctx->now;
    }
    double finish = station->virtual_ns + work_ns;
    pl_station_sift_up(heap, count, finish, frame);
    station->count = count + 1;
    /* The next job to end, at an unchanged speed, ends when it would have. */
    if (heap.frame[0] == frame || (double)station->count + station->load > station->cores) {
        pl_station_alarm(ctx, station, heap.finish[0]);
    }
    return true;
}

/** The station's event: returns a finished frame, or 0 when only its speed changed. */
static inline uint32_t pl_station_fire(struct pl_ctx *ctx, struct pl_station *station)
{
    struct pl_station_heap heap = pl_station_heap_of(ctx, station);
    if (station->special || station->count == 0) {
        return pl_station_fire_special(ctx, station);
    }
    pl_station_elapse(ctx, station);
    /* Rounding up to whole nanoseconds leaves at most a hair of work. */
    if (heap.finish[0] > station->virtual_ns + 1e-3) {
        pl_station_alarm(ctx, station, heap.finish[0]);
        return 0;
    }
    uint32_t frame = heap.frame[0];
    uint32_t count = --station->count;
    if (count == 0) {
        pl_ctx_cancel(ctx, station->slot);
        return frame;
    }
    pl_station_sift_down(heap, count, 0);
    pl_station_alarm(ctx, station, heap.finish[0]);
    return frame;
}

#endif
