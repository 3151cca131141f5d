// SPDX-License-Identifier: Apache-2.0
#include "model/station.h"

static const int64_t period_ns = PL_QUOTA_PERIOD_MS * PL_NS_PER_MS;

/* Share of a core that each job gets now. */
static double share_of(const struct pl_station *station)
{
    double wanted = (double)station->count + station->load;
    if (station->paused || station->throttled || station->count == 0) {
        return 0.0;
    }
    return wanted <= station->cores ? 1.0 : station->cores / wanted;
}

/* Cores that foreign load uses now. */
static double load_of(const struct pl_station *station)
{
    double wanted = (double)station->count + station->load;
    if (!(station->load > 0.0)) {
        return 0.0;
    }
    return wanted <= station->cores ? station->load : station->load * station->cores / wanted;
}

/* Begin the CFS period that contains now, if the old one is over. */
static void roll_period(struct pl_station *station, int64_t now)
{
    if (!(station->quota > 0.0) || now < station->period_end_ns) {
        return;
    }
    station->period_end_ns = (now / period_ns + 1) * period_ns;
    station->budget_ns = station->quota * (double)period_ns;
    station->throttled = 0;
    if (station->count > 0) {
        station->periods++;
    }
}

/* Bring the sums up to now. */
static inline void touch(struct pl_ctx *ctx, struct pl_station *station)
{
    int64_t elapsed_ns = ctx->now - station->updated_ns;
    if (station->count == 0 && !(station->load > 0.0) && !station->throttled) {
        station->updated_ns = ctx->now; /* nothing went on */
    } else if (elapsed_ns > 0) {
        double elapsed = (double)elapsed_ns;
        double share = share_of(station);
        double used = share * (double)station->count * elapsed;
        station->virtual_ns += share * elapsed;
        station->busy_ns += used + load_of(station) * elapsed;
        if (station->throttled) {
            station->throttled_ns += elapsed;
        }
        if (station->quota > 0.0) {
            station->budget_ns -= used;
        }
        station->updated_ns = ctx->now;
    }
    roll_period(station, ctx->now);
}

void pl_station_touch(struct pl_ctx *ctx, struct pl_station *station)
{
    touch(ctx, station);
}

/* Nanoseconds until `amount` is used up at `rate`, rounded up. */
static int64_t time_for(double amount, double rate)
{
    double t = amount / rate;
    if (!(t > 0.0)) {
        return 0;
    }
    if (t >= (double)PL_TIME_MAX) {
        return PL_TIME_MAX;
    }
    int64_t whole = (int64_t)t;
    return (double)whole < t ? whole + 1 : whole;
}

/* Schedule the end of the first job, or what comes before it. */
static inline void rearm(struct pl_ctx *ctx, struct pl_station *station)
{
    const struct pl_station_job *jobs = &ctx->station_jobs[station->job0];
    int64_t next;
    if (station->count == 0 || station->paused) {
        pl_ctx_cancel(ctx, station->slot);
        return;
    }
    if (station->throttled) {
        pl_ctx_schedule(ctx, station->slot, station->period_end_ns);
        return;
    }
    double share = share_of(station);
    next = ctx->now + time_for(jobs[0].finish - station->virtual_ns, share);
    if (station->quota > 0.0) {
        int64_t out = ctx->now + time_for(station->budget_ns, share * (double)station->count);
        next = out < next ? out : next;
        next = station->period_end_ns < next ? station->period_end_ns : next;
    }
    pl_ctx_schedule(ctx, station->slot, next);
}

void pl_station_rearm(struct pl_ctx *ctx, struct pl_station *station)
{
    rearm(ctx, station);
}

static void sift_up(struct pl_station_job *jobs, uint32_t i)
{
    struct pl_station_job job = jobs[i];
    while (i > 0 && job.finish < jobs[(i - 1) / 2].finish) {
        jobs[i] = jobs[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    jobs[i] = job;
}

static void sift_down(struct pl_station_job *jobs, uint32_t count, uint32_t i)
{
    struct pl_station_job job = jobs[i];
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= count) {
            break;
        }
        if (child + 1 < count && jobs[child + 1].finish < jobs[child].finish) {
            child++;
        }
        if (!(jobs[child].finish < job.finish)) {
            break;
        }
        jobs[i] = jobs[child];
        i = child;
    }
    jobs[i] = job;
}

bool pl_station_join(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame, double work_ns)
{
    struct pl_station_job *jobs = &ctx->station_jobs[station->job0];
    touch(ctx, station);
    if (station->count == station->capacity) {
        return false;
    }
    if (station->count == 0) {
        station->virtual_ns = 0.0; /* keeps the sums small and exact */
        if (station->quota > 0.0) {
            station->periods += station->period_end_ns > ctx->now ? 1 : 0;
        }
    }
    double share = share_of(station);
    jobs[station->count] = (struct pl_station_job){station->virtual_ns + work_ns, frame, 0};
    sift_up(jobs, station->count);
    station->count++;
    /* The next job to end, at an unchanged speed, ends when it would have. */
    if (jobs[0].frame == frame || station->quota > 0.0 || share_of(station) < share) {
        rearm(ctx, station);
    }
    return true;
}

static void take_out(struct pl_ctx *ctx, struct pl_station *station, uint32_t i)
{
    struct pl_station_job *jobs = &ctx->station_jobs[station->job0];
    station->count--;
    if (i != station->count) {
        jobs[i] = jobs[station->count];
        sift_down(jobs, station->count, i);
        if (i > 0) {
            sift_up(jobs, i);
        }
    }
    jobs[station->count] = (struct pl_station_job){0.0, 0, 0};
}

void pl_station_remove(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame)
{
    const struct pl_station_job *jobs = &ctx->station_jobs[station->job0];
    for (uint32_t i = 0; i < station->count; i++) {
        if (jobs[i].frame == frame) {
            pl_station_touch(ctx, station);
            take_out(ctx, station, i);
            pl_station_rearm(ctx, station);
            return;
        }
    }
}

uint32_t pl_station_fire(struct pl_ctx *ctx, struct pl_station *station)
{
    const struct pl_station_job *jobs = &ctx->station_jobs[station->job0];
    uint32_t frame = 0;
    touch(ctx, station);
    if (station->count > 0 && !station->paused && !station->throttled) {
        /* Rounding up to whole nanoseconds leaves at most a hair of work. */
        if (jobs[0].finish <= station->virtual_ns + 1e-3) {
            frame = jobs[0].frame;
            take_out(ctx, station, 0);
        } else if (station->quota > 0.0 && station->budget_ns <= 1.0) {
            station->throttled = 1;
            station->throttled_periods++;
        }
    }
    rearm(ctx, station);
    return frame;
}

void pl_station_set_quota(struct pl_ctx *ctx, struct pl_station *station, double quota)
{
    pl_station_touch(ctx, station);
    station->quota = quota;
    station->throttled = 0;
    station->period_end_ns = 0;
    roll_period(station, ctx->now);
    pl_station_rearm(ctx, station);
}
