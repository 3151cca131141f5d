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

/* Integral of the number of jobs until now, a whole number. */
static double jobs_ns(const struct pl_ctx *ctx, const struct pl_station *station)
{
    return (double)(int64_t)(station->moment + station->count * (uint64_t)ctx->now);
}

/* From a mode in which sums hold something else back to themselves, up to now. */
static void leave_own(const struct pl_ctx *ctx, struct pl_station *station)
{
    if (station->mode == PL_STATION_OWN) {
        station->virtual_ns += (double)ctx->now;
        station->busy_ns += jobs_ns(ctx, station);
        station->updated_ns = ctx->now;
        station->mode = PL_STATION_SHARES;
        station->room = station->capacity;
    }
}

void pl_station_settle(const struct pl_ctx *ctx, struct pl_station *station)
{
    PL_CHECK(station->mode != PL_STATION_OWN);
    bool special = station->quota > 0.0 || station->throttled || station->paused;
    uint32_t cores =
        station->cores < (double)station->capacity ? (uint32_t)station->cores : station->capacity;
    station->mode = special ? PL_STATION_SPECIAL : PL_STATION_SHARES;
    station->room = special ? 0 : station->capacity;
    if (station->count == 0) {
        station->virtual_ns = 0.0; /* begins anew with the next job */
    }
    if (!special && !(station->load > 0.0) && cores > 0 && station->count <= cores &&
        station->updated_ns == ctx->now && pl_station_is_whole(station->virtual_ns) &&
        pl_station_is_whole(station->busy_ns)) {
        station->mode = PL_STATION_OWN;
        station->room = cores;
        station->virtual_ns -= (double)ctx->now;
        station->busy_ns -= jobs_ns(ctx, station);
    }
}

/* Bring the sums up to now. */
static void touch(const struct pl_ctx *ctx, struct pl_station *station)
{
    leave_own(ctx, station);
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
    station->mode = PL_STATION_SPECIAL; /* fields are about to change */
    station->room = 0;
}

/* Nanoseconds until `amount` is used up at `rate`. */
static int64_t time_for(double amount, double rate)
{
    return pl_station_whole_up(amount / rate);
}

/* Schedule the end of the first job, or what comes before it. */
static void schedule(struct pl_ctx *ctx, struct pl_station *station)
{
    if (station->count == 0 || station->paused) {
        pl_ctx_cancel(ctx, station->slot);
        return;
    }
    if (station->throttled) {
        pl_ctx_schedule(ctx, station->slot, station->period_end_ns);
        return;
    }
    double share = share_of(station);
    int64_t next = ctx->now + time_for(station->first_finish - station->virtual_ns, share);
    if (station->quota > 0.0) {
        int64_t out = ctx->now + time_for(station->budget_ns, share * (double)station->count);
        next = out < next ? out : next;
        next = station->period_end_ns < next ? station->period_end_ns : next;
    }
    pl_ctx_schedule(ctx, station->slot, next);
}

static void rearm(struct pl_ctx *ctx, struct pl_station *station)
{
    schedule(ctx, station);
    pl_station_settle(ctx, station);
}

void pl_station_rearm(struct pl_ctx *ctx, struct pl_station *station)
{
    rearm(ctx, station);
}

bool pl_station_join_special(struct pl_ctx *ctx,
                             struct pl_station *station,
                             uint32_t frame,
                             double work_ns)
{
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
    bool first = pl_station_put(ctx, station, frame, station->virtual_ns + work_ns);
    /* The next job to end, at an unchanged speed, ends when it would have. */
    if (first || station->quota > 0.0 || share_of(station) < share) {
        rearm(ctx, station);
    }
    return true;
}

void pl_station_remove(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame)
{
    const uint32_t *frames = pl_station_frames(ctx, station);
    for (uint32_t i = 0; i < station->count; i++) {
        if (frames[i] == frame) {
            touch(ctx, station);
            pl_station_cut(ctx, station, i);
            rearm(ctx, station);
            return;
        }
    }
}

uint32_t pl_station_fire_special(struct pl_ctx *ctx, struct pl_station *station)
{
    uint32_t frame = 0;
    touch(ctx, station);
    if (station->count > 0 && !station->paused && !station->throttled) {
        /* Rounding up to whole nanoseconds leaves at most a hair of work. */
        if (station->first_finish <= station->virtual_ns + 1e-3) {
            frame = pl_station_frames(ctx, station)[station->first];
            pl_station_cut(ctx, station, station->first);
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
