// SPDX-License-Identifier: Apache-2.0
#include "server/about.h"

#include "base/check.h"
#include "os/now.h"
#include "server/meter.h"
#include "server/openapi.h"
#include "server/page.h"
#include "text/json_out.h"

#include <stdlib.h>

enum {
    TEXT_MAX = 1 << 20, /* bytes of the longest answer */
    MOMENT_SIZE = 40,
    RUNS_SHOWN = 20, /* of the page */
    MINUTE_S = 60
};

static const struct pl_schema schemas[] = {
    {"Health", "{\"type\":\"object\",\"properties\":{\"status\":{\"type\":\"string\"}}}"},
    {"Kpi",
     "{\"type\":\"object\",\"properties\":{\"uptime_s\":{\"type\":\"number\"},\"figures\":"
     "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":"
     "\"string\"},\"title\":{\"type\":\"string\"},\"unit\":{\"type\":\"string\"},\"value\":{"
     "\"type\":\"number\"},\"target\":{\"type\":\"number\"},\"above\":{\"type\":\"boolean\"},"
     "\"met\":{\"type\":\"boolean\"},\"count\":{\"type\":\"integer\"}}}},"
     "\"kinds\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"title\":{"
     "\"type\":"
     "\"string\"},\"count\":{\"type\":\"integer\"},\"p50_ms\":{\"type\":\"number\"},\"p99_ms\":{"
     "\"type\":\"number\"}}}},"
     "\"up_percent\":{\"type\":\"object\",\"properties\":{\"day\":{\"type\":\"number\"},\"week\":{"
     "\"type\":\"number\"},\"month\":{\"type\":\"number\"}}},"
     "\"runs\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"begin_s\":{"
     "\"type\":\"integer\"},\"last_s\":{\"type\":\"integer\"}}}}}}"},
};

static void tell_health(void *context, struct pl_http_request *request)
{
    (void)context;
    pl_http_reply(request, 200, pl_slice_of("{\"status\":\"ok\"}"));
}

static void tell_ready(void *context, struct pl_http_request *request)
{
    const struct pl_about *about = context;
    if (atomic_load(&about->ready)) {
        pl_http_reply(request, 200, pl_slice_of("{\"status\":\"ready\"}"));
    } else {
        pl_http_fail(
            request, PL_CODES_NOT_READY, "The server is starting or stopping.", "Try again soon.");
    }
}

/* Answer with text that `put` writes into memory of TEXT_MAX bytes. */
static void
tell_text(struct pl_about *about,
          struct pl_http_request *request,
          const char *type,
          void (*put)(struct pl_about *, const struct pl_http_request *, struct pl_buf *))
{
    char *memory = malloc(TEXT_MAX);
    if (memory == NULL) {
        pl_http_fail(request, PL_CODES_BUSY, "There is not enough memory.", NULL);
        return;
    }
    struct pl_buf buf;
    pl_buf_init(&buf, memory, TEXT_MAX);
    put(about, request, &buf);
    PL_CHECK(!buf.overflow);
    const struct pl_http_answer answer = {
        .status = 200, .type = type, .body = {buf.data, buf.size}};
    pl_http_reply_with(request, &answer);
    free(memory);
}

static struct pl_openapi api_of(const struct pl_about *about)
{
    return (struct pl_openapi){about->groups, about->group_count, about->base_url, PL_VERSION};
}

static void
put_openapi(struct pl_about *about, const struct pl_http_request *request, struct pl_buf *buf)
{
    (void)request;
    struct pl_openapi api = api_of(about);
    pl_openapi_put_json(buf, &api);
}

static void tell_openapi(void *context, struct pl_http_request *request)
{
    tell_text(context, request, "application/json", put_openapi);
}

static void
put_docs(struct pl_about *about, const struct pl_http_request *request, struct pl_buf *buf)
{
    (void)request;
    struct pl_openapi api = api_of(about);
    pl_openapi_put_page(buf, &api);
}

static void tell_docs(void *context, struct pl_http_request *request)
{
    tell_text(context, request, "text/html; charset=utf-8", put_docs);
}

static void
put_metrics(struct pl_about *about, const struct pl_http_request *request, struct pl_buf *buf)
{
    pl_meter_put_prometheus(buf, pl_http_meter_of(request));
    if (about->metrics != NULL) {
        about->metrics(about->metrics_context, buf);
    }
}

static void tell_metrics(void *context, struct pl_http_request *request)
{
    tell_text(context, request, "text/plain; version=0.0.4; charset=utf-8", put_metrics);
}

static double uptime_s(const struct pl_meter *meter)
{
    return (double)(pl_now_monotonic_ns() - meter->start_ns) / 1e9;
}

/* The times of which it is told how much the server was up. */
static const struct {
    const char *name;
    const char *title;
    int64_t span_s;
} spans[] = {{"day", "24 hours", 86400}, {"week", "7 days", 604800}, {"month", "30 days", 2592000}};

static double up_percent(const struct pl_uptime_runs *runs, int64_t span_s)
{
    return 100 * pl_uptime_share(runs, pl_now_wall_ns() / 1000000000, span_s);
}

static void put_kinds(const struct pl_meter *meter, struct pl_json_out *out)
{
    pl_json_out_key(out, "kinds");
    pl_json_out_array_begin(out);
    for (int i = 0; i < PL_METER_KINDS; i++) {
        const struct pl_meter_times *times = &meter->kinds[i];
        pl_json_out_object_begin(out);
        pl_json_out_member_string(out, "title", pl_meter_kind_title((enum pl_meter_kind)i));
        pl_json_out_member_integer(out, "count", (int64_t)pl_meter_number(times));
        pl_json_out_member_number(out, "p50_ms", (double)pl_meter_quantile(times, 0.5) / 1e6);
        pl_json_out_member_number(out, "p99_ms", (double)pl_meter_quantile(times, 0.99) / 1e6);
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
}

static void put_runs(const struct pl_uptime_runs *runs, struct pl_json_out *out)
{
    pl_json_out_key(out, "up_percent");
    pl_json_out_object_begin(out);
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        pl_json_out_member_number(out, spans[i].name, up_percent(runs, spans[i].span_s));
    }
    pl_json_out_object_end(out);
    pl_json_out_key(out, "runs");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < runs->count; i++) {
        pl_json_out_object_begin(out);
        pl_json_out_member_integer(out, "begin_s", runs->runs[i].begin_s);
        pl_json_out_member_integer(out, "last_s", runs->runs[i].last_s);
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
}

static void
put_kpi_json(struct pl_about *about, const struct pl_http_request *request, struct pl_buf *buf)
{
    struct pl_meter_figure figures[PL_METER_FIGURES];
    const struct pl_meter *meter = pl_http_meter_of(request);
    struct pl_uptime_runs runs;
    struct pl_json_out out;
    pl_meter_figures(meter, figures);
    pl_json_out_begin(&out, buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_number(&out, "uptime_s", uptime_s(meter));
    pl_json_out_key(&out, "figures");
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < PL_METER_FIGURES; i++) {
        pl_json_out_object_begin(&out);
        pl_json_out_member_string(&out, "name", figures[i].name);
        pl_json_out_member_string(&out, "title", figures[i].title);
        pl_json_out_member_string(&out, "unit", figures[i].unit);
        pl_json_out_member_number(&out, "value", figures[i].value);
        pl_json_out_member_number(&out, "target", figures[i].target);
        pl_json_out_member_bool(&out, "above", figures[i].above);
        pl_json_out_member_bool(&out, "met", figures[i].met);
        pl_json_out_member_integer(&out, "count", (int64_t)figures[i].count);
        pl_json_out_object_end(&out);
    }
    pl_json_out_array_end(&out);
    put_kinds(meter, &out);
    if (about->uptime != NULL) {
        pl_uptime_read(about->uptime, &runs);
        put_runs(&runs, &out);
    }
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
}

static void tell_kpi_json(void *context, struct pl_http_request *request)
{
    tell_text(context, request, "application/json", put_kpi_json);
}

static void put_kinds_table(const struct pl_meter *meter, struct pl_buf *buf)
{
    pl_buf_puts(buf,
                "<table>\n<tr><th>Responses</th><th>Half within</th><th>99 of 100 within</th>"
                "<th>Counted</th></tr>\n");
    for (int i = 0; i < PL_METER_KINDS; i++) {
        const struct pl_meter_times *times = &meter->kinds[i];
        pl_buf_printf(buf,
                      "<tr><td>%s</td><td>%.3g ms</td><td>%.3g ms</td><td>%llu</td></tr>\n",
                      pl_meter_kind_title((enum pl_meter_kind)i),
                      (double)pl_meter_quantile(times, 0.5) / 1e6,
                      (double)pl_meter_quantile(times, 0.99) / 1e6,
                      (unsigned long long)pl_meter_number(times));
    }
    pl_buf_puts(buf, "</table>\n");
}

static void put_moment(struct pl_buf *buf, int64_t at_s)
{
    char memory[MOMENT_SIZE];
    struct pl_buf moment;
    pl_buf_init(&moment, memory, sizeof memory);
    pl_now_put_utc(&moment, at_s * 1000000000);
    pl_buf_puts(buf, memory);
}

/* The last runs, newest first. */
static void put_runs_table(const struct pl_uptime_runs *runs, struct pl_buf *buf)
{
    pl_buf_puts(buf, "<h2>Up</h2>\n<table>\n<tr><th>Of the last</th><th>Up</th></tr>\n");
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        pl_buf_printf(buf,
                      "<tr><td>%s</td><td>%.3f %%</td></tr>\n",
                      spans[i].title,
                      up_percent(runs, spans[i].span_s));
    }
    pl_buf_puts(buf, "</table>\n<table>\n<tr><th>From</th><th>Until</th></tr>\n");
    for (uint32_t i = 0; i < runs->count && i < RUNS_SHOWN; i++) {
        const struct pl_uptime_run *run = &runs->runs[runs->count - 1 - i];
        pl_buf_puts(buf, "<tr><td>");
        put_moment(buf, run->begin_s);
        pl_buf_puts(buf, "</td><td>");
        if (i == 0) {
            pl_buf_puts(buf, "now");
        } else {
            put_moment(buf, run->last_s);
        }
        pl_buf_puts(buf, "</td></tr>\n");
    }
    pl_buf_puts(
        buf,
        "</table>\n<p class=\"dim\">Counted from the first run that is kept; a run that was "
        "killed was seen at most a minute before its end.</p>\n");
}

static void
put_kpi_page(struct pl_about *about, const struct pl_http_request *request, struct pl_buf *buf)
{
    struct pl_uptime_runs runs;
    struct pl_meter_figure figures[PL_METER_FIGURES];
    const struct pl_meter *meter = pl_http_meter_of(request);
    pl_meter_figures(meter, figures);
    pl_page_begin(buf, "This server beside its targets");
    pl_buf_printf(buf,
                  "<p>Since its start %.0f min ago. The same as JSON: "
                  "<a href=\"/api/kpi\">/api/kpi</a>; for Prometheus: "
                  "<a href=\"/metrics\">/metrics</a>. <a href=\"/\">Back to Plumbline</a>.</p>\n",
                  uptime_s(meter) / MINUTE_S);
    pl_buf_puts(buf,
                "<table>\n<tr><th>Figure</th><th>Value</th><th>Target</th><th>Met</th>"
                "<th>Counted</th></tr>\n");
    for (uint32_t i = 0; i < PL_METER_FIGURES; i++) {
        const struct pl_meter_figure *figure = &figures[i];
        pl_buf_puts(buf, "<tr><td>");
        pl_page_put_text(buf, figure->title);
        if (figure->count == 0) {
            pl_buf_puts(buf, "</td><td>nothing yet</td>");
        } else {
            pl_buf_printf(buf, "</td><td>%.3g %s</td>", figure->value, figure->unit);
        }
        pl_buf_printf(buf,
                      "<td>%s %g %s</td><td>%s</td><td>%llu</td></tr>\n",
                      figure->above ? "at least" : "below",
                      figure->target,
                      figure->unit,
                      figure->met ? "yes" : "NO",
                      (unsigned long long)figure->count);
    }
    pl_buf_puts(buf,
                "</table>\n<p class=\"dim\">Times are upper bounds, exact to 19 %. Event streams "
                "do not count as responses.</p>\n");
    put_kinds_table(meter, buf);
    if (about->uptime != NULL) {
        pl_uptime_read(about->uptime, &runs);
        put_runs_table(&runs, buf);
    }
    pl_page_end(buf);
}

static void tell_kpi_page(void *context, struct pl_http_request *request)
{
    tell_text(context, request, "text/html; charset=utf-8", put_kpi_page);
}

static const struct pl_route routes[] = {
    {.method = PL_METHOD_GET,
     .pattern = "/healthz",
     .summary = "Tells that the process lives.",
     .response = "Health",
     .roles = PL_ROLE_ANYONE,
     .handle = tell_health},
    {.method = PL_METHOD_GET,
     .pattern = "/readyz",
     .summary = "Tells whether sessions are loaded and calls are taken.",
     .response = "Health",
     .roles = PL_ROLE_ANYONE,
     .handle = tell_ready},
    {.method = PL_METHOD_GET,
     .pattern = "/api/kpi",
     .summary = "The server's own figures beside their targets.",
     .response = "Kpi",
     .roles = PL_ROLE_STAFF,
     .handle = tell_kpi_json},
    {.method = PL_METHOD_GET,
     .pattern = "/kpi",
     .summary = "The same as a page.",
     .roles = PL_ROLE_STAFF,
     .handle = tell_kpi_page},
    {.method = PL_METHOD_GET,
     .pattern = "/metrics",
     .summary = "All counters for Prometheus.",
     .roles = PL_ROLE_ANYONE,
     .handle = tell_metrics},
    {.method = PL_METHOD_GET,
     .pattern = "/openapi.json",
     .summary = "This list as OpenAPI 3.1.",
     .roles = PL_ROLE_ANYONE,
     .handle = tell_openapi},
    {.method = PL_METHOD_GET,
     .pattern = "/docs/api",
     .summary = "This list as a page.",
     .roles = PL_ROLE_ANYONE,
     .handle = tell_docs},
    {.method = PL_METHOD_GET,
     .pattern = "/page.css",
     .summary = "The style of the server's own pages.",
     .roles = PL_ROLE_ANYONE,
     .handle = pl_page_style},
};

struct pl_routes pl_about_routes(struct pl_about *about)
{
    PL_CHECK(about != NULL);
    return PL_ROUTES_OF(routes, schemas, about);
}
