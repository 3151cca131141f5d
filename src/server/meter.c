// SPDX-License-Identifier: Apache-2.0
#include "server/meter.h"

#include "base/check.h"
#include "os/now.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>

/* Fourth root of two, four times: the bounds within one doubling. */
static const double steps[] = {1.0, 1.189207115002721, 1.4142135623730951, 1.681792830507429};

/* Bounds that Prometheus is told, of the many that are kept. */
static const double told_s[] = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10};

/* Upper bound of a bucket in nanoseconds. */
static double bound_of(uint32_t bucket)
{
    return 10e3 * (double)(UINT64_C(1) << (bucket / 4)) * steps[bucket % 4];
}

void pl_meter_count(struct pl_meter_times *times, int64_t duration_ns)
{
    PL_CHECK(times != NULL && duration_ns >= 0);
    uint32_t bucket = 0;
    while (bucket < PL_METER_BUCKETS - 1 && (double)duration_ns > bound_of(bucket)) {
        bucket++;
    }
    atomic_fetch_add(&times->buckets[bucket], 1);
    atomic_fetch_add(&times->sum_ns, (unsigned long long)duration_ns);
}

const char *pl_meter_kind_title(enum pl_meter_kind kind)
{
    static const char *const titles[] = {
        [PL_METER_READ] = "Reads of the API",
        [PL_METER_CHANGE] = "Commands and other changes",
        [PL_METER_PAGE] = "Pages and files",
    };
    PL_CHECK(kind < PL_METER_KINDS);
    return titles[kind];
}

void pl_meter_answer(struct pl_meter *meter,
                     enum pl_meter_kind kind,
                     int status,
                     int64_t duration_ns)
{
    PL_CHECK(meter != NULL && status >= 100 && status < 600);
    PL_CHECK(kind < PL_METER_KINDS);
    pl_meter_count(&meter->kinds[kind], duration_ns);
    atomic_fetch_add(&meter->classes[status / 100], 1);
    pl_meter_count(&meter->responses, duration_ns);
}

uint64_t pl_meter_number(const struct pl_meter_times *times)
{
    uint64_t number = 0;
    for (uint32_t i = 0; i < PL_METER_BUCKETS; i++) {
        number += atomic_load(&times->buckets[i]);
    }
    return number;
}

int64_t pl_meter_quantile(const struct pl_meter_times *times, double share)
{
    PL_CHECK(share >= 0 && share <= 1);
    uint64_t number = pl_meter_number(times);
    uint64_t below = 0;
    for (uint32_t i = 0; i < PL_METER_BUCKETS && number > 0; i++) {
        below += atomic_load(&times->buckets[i]);
        if ((double)below >= share * (double)number && below > 0) {
            return (int64_t)bound_of(i);
        }
    }
    return 0;
}

static uint64_t answers(const struct pl_meter *meter)
{
    uint64_t number = 0;
    for (uint32_t i = 0; i < PL_METER_CLASSES; i++) {
        number += atomic_load(&meter->classes[i]);
    }
    return number;
}

double pl_meter_error_share(const struct pl_meter *meter)
{
    PL_CHECK(meter != NULL);
    uint64_t number = answers(meter);
    return number == 0 ? 0 : (double)atomic_load(&meter->classes[5]) / (double)number;
}

static void put_times(struct pl_buf *buf,
                      const char *name,
                      const char *help,
                      const struct pl_meter_times *times)
{
    pl_buf_printf(buf, "# HELP %s %s\n# TYPE %s histogram\n", name, help, name);
    uint64_t below = 0;
    uint32_t bucket = 0;
    for (size_t i = 0; i < sizeof told_s / sizeof told_s[0]; i++) {
        while (bucket < PL_METER_BUCKETS - 1 && bound_of(bucket) <= told_s[i] * 1e9) {
            below += atomic_load(&times->buckets[bucket++]);
        }
        pl_buf_printf(buf, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, told_s[i], below);
    }
    uint64_t number = pl_meter_number(times);
    pl_buf_printf(buf, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, number);
    pl_buf_printf(buf, "%s_sum %.6f\n", name, (double)atomic_load(&times->sum_ns) / 1e9);
    pl_buf_printf(buf, "%s_count %" PRIu64 "\n", name, number);
}

static void
put_value(struct pl_buf *buf, const char *name, const char *type, const char *help, double value)
{
    pl_buf_printf(
        buf, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help, name, type, name, value);
}

static void put_process(struct pl_buf *buf, const struct pl_meter *meter)
{
    struct rusage usage = {0};
    (void)getrusage(RUSAGE_SELF, &usage);
    put_value(buf,
              "process_cpu_seconds_total",
              "counter",
              "Processor time used.",
              (double)pl_now_cpu_ns() / 1e9);
    put_value(buf,
              "process_resident_memory_max_bytes",
              "gauge",
              "Most memory that was resident at once.",
              (double)usage.ru_maxrss * 1024);
    put_value(buf,
              "process_start_time_seconds",
              "gauge",
              "Start of the server, seconds since 1970.",
              (double)meter->start_wall_ns / 1e9);
}

void pl_meter_put_prometheus(struct pl_buf *buf, const struct pl_meter *meter)
{
    PL_CHECK(buf != NULL && meter != NULL);
    put_times(buf,
              "http_server_request_duration_seconds",
              "From the complete head of a request to its answer.",
              &meter->responses);
    put_times(buf,
              "plumb_store_query_duration_seconds",
              "Reads and commits of the store.",
              &meter->queries);
    pl_buf_puts(buf,
                "# HELP http_server_responses_total Answers by class of status.\n"
                "# TYPE http_server_responses_total counter\n");
    for (uint32_t i = 2; i < PL_METER_CLASSES; i++) {
        pl_buf_printf(buf,
                      "http_server_responses_total{class=\"%uxx\"} %llu\n",
                      i,
                      atomic_load(&meter->classes[i]));
    }
    pl_buf_puts(buf,
                "# HELP plumb_errors_total Answers with an error, by its code.\n"
                "# TYPE plumb_errors_total counter\n");
    for (int i = 0; i < PL_CODES_COUNT; i++) {
        pl_buf_printf(buf,
                      "plumb_errors_total{code=\"%s\"} %llu\n",
                      pl_codes_name((enum pl_codes_id)i),
                      atomic_load(&meter->codes[i]));
    }
    put_value(buf,
              "plumb_connections",
              "gauge",
              "Open connections.",
              (double)atomic_load(&meter->connections));
    put_value(buf,
              "plumb_event_streams",
              "gauge",
              "Open event streams.",
              (double)atomic_load(&meter->streams));
    put_value(buf,
              "plumb_events_total",
              "counter",
              "Events sent on streams.",
              (double)atomic_load(&meter->events));
    put_value(buf,
              "plumb_stream_resyncs_total",
              "counter",
              "Streams that read too slowly.",
              (double)atomic_load(&meter->resyncs));
    put_process(buf, meter);
}

static void set_figure(struct pl_meter_figure *figure, const struct pl_meter_figure *values)
{
    *figure = *values;
    figure->met = values->count == 0 || (values->above ? values->value >= values->target
                                                       : values->value < values->target);
}

void pl_meter_figures(const struct pl_meter *meter, struct pl_meter_figure *figures)
{
    PL_CHECK(meter != NULL && figures != NULL);
    uint64_t responses = pl_meter_number(&meter->responses);
    uint64_t queries = pl_meter_number(&meter->queries);
    const struct pl_meter_figure all[PL_METER_FIGURES] = {
        {"response_p50_ms",
         "Response, half of them within",
         "ms",
         (double)pl_meter_quantile(&meter->responses, 0.5) / 1e6,
         200,
         false,
         false,
         responses},
        {"response_p99_ms",
         "Response, 99 of 100 within",
         "ms",
         (double)pl_meter_quantile(&meter->responses, 0.99) / 1e6,
         200,
         false,
         false,
         responses},
        {"error_percent",
         "Answers with an error of ours (5xx)",
         "%",
         100 * pl_meter_error_share(meter),
         0.1,
         false,
         false,
         answers(meter)},
        {"query_p50_ms",
         "Store query, half of them within",
         "ms",
         (double)pl_meter_quantile(&meter->queries, 0.5) / 1e6,
         50,
         false,
         false,
         queries},
        {"query_p99_ms",
         "Store query, 99 of 100 within",
         "ms",
         (double)pl_meter_quantile(&meter->queries, 0.99) / 1e6,
         50,
         false,
         false,
         queries},
        {"availability_percent",
         "Answered without an error of ours",
         "%",
         100 - 100 * pl_meter_error_share(meter),
         99.9,
         true,
         false,
         answers(meter)},
    };
    for (uint32_t i = 0; i < PL_METER_FIGURES; i++) {
        set_figure(&figures[i], &all[i]);
    }
}
