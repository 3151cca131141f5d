// SPDX-License-Identifier: Apache-2.0
#include "observe/log_edge.h"

#include "base/check.h"
#include "base/random.h"
#include "observe/display.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PURPOSE_EDGE = 0xed6e };

/* True when users call this route directly. */
static bool is_entry(const struct pl_world *world, uint32_t route)
{
    for (uint32_t i = 0; i < world->source_count; i++) {
        for (uint32_t j = 0; j < world->sources[i].mix_count; j++) {
            if (world->sources[i].mix_route[j] == route) {
                return true;
            }
        }
    }
    return false;
}

/* Answers of a route with a code in one bucket up to a sample, over all pods of the fleet. */
static double answers(const struct pl_observe *observe,
                      uint32_t route,
                      uint32_t code,
                      uint32_t bucket,
                      uint32_t sample)
{
    uint32_t service = observe->world->routes[route].service;
    double sum = 0.0;
    for (uint32_t pod = pl_tracks_pod0(observe->tracks, service);
         pod < pl_tracks_pod0(observe->tracks, service + 1);
         pod++) {
        struct pl_track track = pl_tracks_find(observe->tracks, PL_TRACK_SERVER, pod, route, code);
        if (track.counts != NULL && sample >= track.first) {
            sum += (double)*pl_track_count(&track, bucket, sample);
        }
    }
    return sum * pl_fleet_scale(observe->world);
}

static double bucket_time(uint32_t bucket, double draw)
{
    double low = bucket == 0 ? 0.001 : pl_http_bounds[bucket - 1];
    double high = bucket + 1 < PL_HTTP_BUCKETS ? pl_http_bounds[bucket] : 30.0;
    return low + (high - low) * draw;
}

/* Lines of one (route, code, bucket) in an interval. */
static void emit_bucket(const struct pl_observe *observe,
                        uint32_t sample,
                        struct pl_edge_line *line,
                        uint32_t bucket,
                        pl_edge_sink sink,
                        void *context)
{
    double every = line->code == PL_CODE_OK ? (double)PL_EDGE_SAMPLING : 1.0;
    double before = floor(answers(observe, line->route, line->code, bucket, sample - 1) / every);
    double after = floor(answers(observe, line->route, line->code, bucket, sample) / every);
    uint64_t stream = pl_fleet_key(
        &observe->fleet, PURPOSE_EDGE, line->route * PL_CODE_COUNT + line->code, bucket);
    int64_t from_ns = pl_tracks_time(observe->tracks, sample - 1);
    int64_t span_ns = pl_tracks_time(observe->tracks, sample) - from_ns;
    for (uint64_t number = (uint64_t)before; number < (uint64_t)after; number++) {
        line->key = pl_random_child(stream, number);
        double when = pl_random_unit(pl_random_bits(line->key, 0));
        line->t_ns = from_ns + (int64_t)(when * (double)span_ns);
        line->duration_s = bucket_time(bucket, pl_random_unit(pl_random_bits(line->key, 1)));
        sink(context, line);
    }
}

void pl_log_edge_interval(const struct pl_observe *observe,
                          uint32_t sample,
                          pl_edge_sink sink,
                          void *context)
{
    PL_CHECK(observe != NULL && sink != NULL);
    PL_CHECK(sample >= 1 && sample < pl_tracks_count(observe->tracks));
    for (uint32_t route = 0; route < observe->world->route_count; route++) {
        if (!is_entry(observe->world, route)) {
            continue;
        }
        for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
            for (uint32_t bucket = 0; bucket < PL_HTTP_BUCKETS; bucket++) {
                struct pl_edge_line line = {.route = route, .code = code};
                emit_bucket(observe, sample, &line, bucket, sink, context);
            }
        }
    }
}

static const char *flags_of(const struct pl_edge_line *line)
{
    switch (line->code) {
    case PL_CODE_LIMITED:
        return "RL";
    case PL_CODE_UNAVAILABLE:
        return pl_random_bits(line->key, 2) % 4 == 0 ? "UH" : "UO";
    case PL_CODE_TIMEOUT:
        return "UT";
    default:
        return "-";
    }
}

/* The path that was asked for: a value in place of each {name} of the route. */
static void put_path(const char *route, uint64_t key, struct pl_buf *out)
{
    uint64_t number = 20;
    for (const char *c = route; *c != '\0'; c++) {
        const char *close = *c == '{' ? strchr(c, '}') : NULL;
        if (close == NULL) {
            pl_buf_put(out, c, 1);
            continue;
        }
        pl_buf_printf(out, "%" PRIu64, 100000 + pl_random_bits(key, number++) % 8900000);
        c = close;
    }
}

void pl_log_edge_put(const struct pl_observe *observe,
                     const struct pl_edge_line *line,
                     struct pl_buf *out)
{
    static const char *const agents[] = {
        "okhttp/4.12.0", "Mozilla/5.0 (iPhone)", "Mozilla/5.0 (X11)", "Shop/7.3 CFNetwork"};
    const struct pl_world *world = observe->world;
    const struct pl_route *route = &world->routes[line->route];
    struct pl_moment moment = pl_display_moment(world, observe->def->date, line->t_ns);
    char time[PL_MOMENT_TEXT_MAX];
    pl_display_rfc3339(&moment, time);
    uint64_t draw = pl_random_bits(line->key, 3);
    pl_buf_printf(out, "[%s] \"%s ", time, route->method[0] != '\0' ? route->method : "GET");
    put_path(pl_series_route(world, line->route), line->key, out);
    pl_buf_printf(out,
                  " HTTP/2\" %u %s %u %u %.0f \"%s\" \"%08" PRIx64 "\" \"%s\" \"10.42.%u.%u:8080\"",
                  (unsigned)pl_code_http((enum pl_code)line->code),
                  flags_of(line),
                  (unsigned)(draw % 900),
                  (unsigned)(200 + draw / 900 % 9000),
                  line->duration_s * 1000.0,
                  agents[draw / 8100000 % 4],
                  pl_random_bits(line->key, 4) >> 32,
                  world->services[route->service].name,
                  (unsigned)(draw >> 40 & 15),
                  (unsigned)(2 + (draw >> 44) % 250));
}
