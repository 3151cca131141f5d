// SPDX-License-Identifier: Apache-2.0
#include "observe/burn.h"

#include "base/check.h"
#include "observe/observe_block_types.h"

#define RATE_WINDOW_NS (INT64_C(300) * 1000000000)

/* Requests of the simulated slice. */
struct tally {
    double all;
    double bad;
};

/* Requests of a route between two samples. */
struct span {
    const struct pl_observe *observe;
    uint32_t from; /* sample */
    uint32_t to;
    uint32_t route;
    double objective_s; /* 0: any time is well */
};

static bool is_failure(uint32_t code)
{
    return code == PL_CODE_ERROR || code == PL_CODE_UNAVAILABLE || code == PL_CODE_TIMEOUT;
}

/* Share of a bucket that is slower than the objective. */
static double slow_share(uint32_t bucket, double objective_s)
{
    double low = bucket == 0 ? 0.0 : pl_http_bounds[bucket - 1];
    if (!(objective_s > 0.0) || bucket + 1 == PL_HTTP_BUCKETS || low >= objective_s) {
        return objective_s > 0.0 ? 1.0 : 0.0;
    }
    double high = pl_http_bounds[bucket];
    return high <= objective_s ? 0.0 : (high - objective_s) / (high - low);
}

static void add_track(const struct span *span, uint32_t pod, uint32_t code, struct tally *tally)
{
    struct pl_track track =
        pl_tracks_find(span->observe->tracks, PL_TRACK_SERVER, pod, span->route, code);
    if (track.counts == NULL || span->to < track.first) {
        return;
    }
    for (uint32_t bucket = 0; bucket < PL_HTTP_BUCKETS; bucket++) {
        uint32_t before =
            span->from >= track.first ? *pl_track_count(&track, bucket, span->from) : 0;
        double more = (double)(*pl_track_count(&track, bucket, span->to) - before);
        tally->all += more;
        tally->bad += is_failure(code) ? more : more * slow_share(bucket, span->objective_s);
    }
}

/* A sample at or after a moment; pl_tracks_count when there is none. */
static uint32_t sample_from(const struct pl_tracks *tracks, int64_t t_ns)
{
    uint32_t sample = pl_tracks_count(tracks);
    while (sample > 0 && pl_tracks_time(tracks, sample - 1) >= t_ns) {
        sample--;
    }
    return sample;
}

static bool is_called_by_users(const struct pl_world *world, uint32_t route)
{
    for (uint32_t source = 0; source < world->source_count; source++) {
        for (uint32_t mix = 0; mix < world->sources[source].mix_count; mix++) {
            if (world->sources[source].mix_route[mix] == route) {
                return true;
            }
        }
    }
    return false;
}

static void add_route(const struct span *span, struct tally *tally)
{
    uint32_t service = span->observe->world->routes[span->route].service;
    uint32_t end = pl_tracks_pod0(span->observe->tracks, service + 1);
    for (uint32_t pod = pl_tracks_pod0(span->observe->tracks, service); pod < end; pod++) {
        for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
            add_track(span, pod, code, tally);
        }
    }
}

/* All routes that users call, each once, between two samples. */
static struct tally count(const struct pl_observe *observe, uint32_t from, uint32_t to)
{
    const struct pl_world *world = observe->world;
    struct tally tally = {0};
    for (uint32_t route = 0; route < world->route_count; route++) {
        double own_s = world->routes[route].slo_s;
        struct span span = {
            observe, from, to, route, own_s > 0.0 ? own_s : world->objectives.latency_p99_s};
        if (is_called_by_users(world, route)) {
            add_route(&span, &tally);
        }
    }
    return tally;
}

bool pl_burn_read(const struct pl_observe *observe, int64_t since_ns, struct pl_burn *burn)
{
    PL_CHECK(observe != NULL && burn != NULL);
    const struct pl_objectives *objectives = &observe->world->objectives;
    double allowed = 1.0 - objectives->availability;
    uint32_t samples = pl_tracks_count(observe->tracks);
    uint32_t first = sample_from(observe->tracks, since_ns);
    if (!(objectives->availability > 0.0) || !(allowed > 0.0) ||
        !(objectives->monthly_requests > 0.0) || samples < 2 || first >= samples) {
        return false;
    }
    uint32_t last = samples - 1;
    int64_t window_ns = pl_tracks_time(observe->tracks, last) - RATE_WINDOW_NS;
    struct tally since = count(observe, first, last);
    struct tally recent = count(observe, sample_from(observe->tracks, window_ns), last);
    burn->used = since.bad / (allowed * objectives->monthly_requests);
    burn->rate = recent.all > 0.0 ? recent.bad / recent.all / allowed : 0.0;
    return true;
}
