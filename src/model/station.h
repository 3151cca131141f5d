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
#include "sim/least.h"

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

/** Find out how a station works whose sums are up to date: its mode and its room. */
void pl_station_settle(const struct pl_ctx *ctx, struct pl_station *station);

/** Is this a whole number whose neighbours are numbers, too? */
static inline bool pl_station_is_whole(double value)
{
    return value > -0x1p52 && value < 0x1p52 && !((double)(int64_t)value < value) &&
           !((double)(int64_t)value > value);
}

/** Core-nanoseconds that were used until the station was last touched. */
static inline double pl_station_busy_ns(const struct pl_station *station)
{
    uint64_t jobs_ns = station->moment + station->count * (uint64_t)station->updated_ns;
    return station->busy_ns + (station->mode == PL_STATION_OWN ? (double)(int64_t)jobs_ns : 0.0);
}

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
    double jobs = (double)(int32_t)station->count;
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

/** When a job with so much work left ends, the first to end of a station that is not special. */
static inline int64_t
pl_station_end_ns(const struct pl_ctx *ctx, const struct pl_station *station, double left)
{
    double wanted = (double)(int32_t)station->count + station->load;
    double time = wanted <= station->cores ? left : left / (station->cores / wanted);
    return ctx->now + pl_station_whole_up(time);
}

/** Same of the job that ends first. */
static inline int64_t pl_station_first_ns(const struct pl_ctx *ctx,
                                          const struct pl_station *station)
{
    return pl_station_end_ns(ctx, station, station->first_finish - station->virtual_ns);
}

/** When the jobs of a station end. */
static inline struct pl_least pl_station_ends(const struct pl_ctx *ctx,
                                              const struct pl_station *station)
{
    return (struct pl_least){&ctx->job_finish[station->job0], &ctx->job_least[station->least0]};
}

/** Whose job it is, by its place. */
static inline uint32_t *pl_station_frames(const struct pl_ctx *ctx,
                                          const struct pl_station *station)
{
    return &ctx->job_frame[station->job0];
}

/** Put a job behind the others; true: it is the first to end. */
static inline bool
pl_station_put(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame, double finish)
{
    uint32_t count = station->count;
    station->moment -= (uint64_t)ctx->now;
    bool first = finish < station->first_finish;
    pl_least_add(pl_station_ends(ctx, station), count, finish);
    pl_station_frames(ctx, station)[count] = frame;
    station->count = count + 1;
    station->first_finish = first ? finish : station->first_finish;
    station->first = first ? count : station->first;
    return first;
}

/** Take out the job at `i`. */
static inline void pl_station_cut(struct pl_ctx *ctx, struct pl_station *station, uint32_t i)
{
    struct pl_least ends = pl_station_ends(ctx, station);
    uint32_t *frames = pl_station_frames(ctx, station);
    uint32_t count = --station->count;
    station->moment += (uint64_t)ctx->now;
    if (count == 0) {
        pl_least_empty(ends);
        station->first = 0;
        station->first_finish = PL_LEAST_NONE;
        return;
    }
    pl_least_cut(ends, count, i);
    frames[i] = frames[count];
    struct pl_least_place next = pl_least_find(ends, count);
    station->first = next.index;
    station->first_finish = next.value;
}

/**
 * Add a job to a station without any that is not special. Its virtual time begins anew, which keeps
 * the sums small and exact, and the work is the end of the job: nothing waits for a sum.
 */
PL_HOT_INLINE void
pl_station_wake(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame, double work_ns)
{
    struct pl_least ends = pl_station_ends(ctx, station);
    if (station->load > 0.0) {
        pl_station_elapse(ctx, station);
    }
    station->updated_ns = ctx->now;
    station->moment -= (uint64_t)ctx->now;
    station->virtual_ns = station->mode == PL_STATION_OWN ? -(double)ctx->now : 0.0;
    station->count = 1;
    station->first = 0;
    station->first_finish = work_ns;
    ends.values[0] = work_ns;
    ends.groups[0] = work_ns;
    pl_station_frames(ctx, station)[0] = frame;
    pl_ctx_schedule_soon(ctx, station->slot, pl_station_end_ns(ctx, station, work_ns));
}

/** Same of the job that ends first where each has a core of its own. */
static inline int64_t pl_station_own_first_ns(const struct pl_ctx *ctx,
                                              const struct pl_station *station)
{
    double left = station->first_finish - ((double)ctx->now + station->virtual_ns);
    return ctx->now + pl_station_whole_up(left);
}

/** Add a job to a station that has jobs and a core for this one, too. */
PL_HOT_INLINE void
pl_station_add_own(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame, double work_ns)
{
    double virtual_ns = (double)ctx->now + station->virtual_ns;
    station->updated_ns = ctx->now;
    if (pl_station_put(ctx, station, frame, virtual_ns + work_ns)) {
        pl_ctx_schedule_soon(ctx, station->slot, pl_station_own_first_ns(ctx, station));
    }
}

/** Add a job to a station that has room for it; work_ns as for pl_station_join. */
PL_HOT_INLINE void
pl_station_add(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame, double work_ns)
{
    if (station->count == 0) {
        pl_station_wake(ctx, station, frame, work_ns);
        return;
    }
    if (station->mode == PL_STATION_OWN) {
        pl_station_add_own(ctx, station, frame, work_ns);
        return;
    }
    pl_station_elapse(ctx, station);
    bool first = pl_station_put(ctx, station, frame, station->virtual_ns + work_ns);
    /* The next job to end, at an unchanged speed, ends when it would have. */
    if (first || (double)(int32_t)station->count + station->load > station->cores) {
        pl_ctx_schedule_often(ctx, station->slot, pl_station_first_ns(ctx, station));
    }
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
    if (station->count >= station->room) {
        return pl_station_join_special(ctx, station, frame, work_ns);
    }
    pl_station_add(ctx, station, frame, work_ns);
    return true;
}

/**
 * The station's event, which is in hand: returns a finished frame, or 0 when only its speed
 * changed.
 */
PL_HOT_INLINE uint32_t pl_station_fire(struct pl_ctx *ctx, struct pl_station *station)
{
    if (station->mode == PL_STATION_SPECIAL || station->count == 0) {
        return pl_station_fire_special(ctx, station);
    }
    if (station->mode == PL_STATION_OWN) {
        uint32_t done = pl_station_frames(ctx, station)[station->first];
        station->updated_ns = ctx->now;
        pl_station_cut(ctx, station, station->first);
        if (station->count > 0) {
            pl_ctx_schedule_soon(ctx, station->slot, pl_station_own_first_ns(ctx, station));
        }
        return done;
    }
    pl_station_elapse(ctx, station);
    /* Rounding up to whole nanoseconds leaves at most a hair of work. */
    if (station->first_finish > station->virtual_ns + 1e-3) {
        pl_ctx_schedule_soon(ctx, station->slot, pl_station_first_ns(ctx, station));
        return 0;
    }
    uint32_t frame = pl_station_frames(ctx, station)[station->first];
    pl_station_cut(ctx, station, station->first);
    if (station->count > 0) {
        pl_ctx_schedule_soon(ctx, station->slot, pl_station_first_ns(ctx, station));
    }
    return frame;
}

#endif
