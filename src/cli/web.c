// SPDX-License-Identifier: Apache-2.0
#include "cli/web.h"

#include "base/check.h"
#include "os/process.h"
#include "server/about.h"
#include "server/address.h"
#include "server/api.h"
#include "server/asset.h"
#include "server/http.h"
#include "server/meter.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { GROUPS = 2 };

struct pl_web {
    struct pl_host *host;
    struct pl_http *http;
    _Atomic(struct pl_meter *) meter;
    struct pl_api api;
    struct pl_about about;
    struct pl_address address;
    struct pl_routes groups[GROUPS];
    struct pl_assets assets;
};

void pl_web_measure(void *context, int64_t duration_ns)
{
    _Atomic(struct pl_meter *) *place = context;
    struct pl_meter *meter = atomic_load(place);
    if (meter != NULL) {
        pl_meter_count(&meter->queries, duration_ns);
    }
}

void pl_web_put_metrics(void *context, struct pl_buf *buf)
{
    struct pl_host *host = context;
    struct pl_host_stats stats;
    pl_host_measure(host, &stats);
    pl_buf_printf(buf,
                  "# HELP plumb_sessions Sessions in the evidence log.\n"
                  "# TYPE plumb_sessions gauge\nplumb_sessions %u\n"
                  "# HELP plumb_sessions_resident Sessions in memory.\n"
                  "# TYPE plumb_sessions_resident gauge\nplumb_sessions_resident %u\n"
                  "# HELP plumb_watchers Event streams of sessions.\n"
                  "# TYPE plumb_watchers gauge\nplumb_watchers %u\n",
                  stats.sessions,
                  stats.resident,
                  stats.watchers);
    pl_buf_printf(buf,
                  "# HELP plumb_log_writes_total Writes to the evidence log.\n"
                  "# TYPE plumb_log_writes_total counter\nplumb_log_writes_total %llu\n"
                  "# HELP plumb_log_commits_total Transactions that these writes took.\n"
                  "# TYPE plumb_log_commits_total counter\nplumb_log_commits_total %llu\n",
                  (unsigned long long)stats.entries,
                  (unsigned long long)stats.groups);
}

static pl_status listen_on(struct pl_web *web, const struct pl_web_def *def, pl_error *err)
{
    const char *listen = def->listen != NULL ? def->listen : PL_WEB_LISTEN;
    pl_status status = pl_address_parse(&web->address, listen, err);
    if (status != PL_OK) {
        return status;
    }
    web->api.host = web->host;
    web->groups[0] = pl_api_routes(&web->api);
    web->groups[1] = pl_about_routes(&web->about);
    web->about.groups = web->groups;
    web->about.group_count = GROUPS;
    web->about.metrics = pl_web_put_metrics;
    web->about.metrics_context = web->host;
    web->assets = pl_assets_embedded;
    struct pl_http_def http = {.address = web->address.host,
                               .port = web->address.port,
                               .port_may_change = def->listen == NULL,
                               .stream_max = def->streams,
                               .groups = web->groups,
                               .group_count = GROUPS,
                               .fallback = pl_asset_answer,
                               .fallback_context = &web->assets};
    status = pl_http_open(&web->http, &http, err);
    if (status == PL_OK) {
        web->about.base_url = pl_http_base_url(web->http);
        atomic_store(&web->meter, pl_http_meter(web->http));
        atomic_store(&web->about.ready, true);
    }
    return status;
}

pl_status pl_web_open(struct pl_web **web_out, const struct pl_web_def *def, pl_error *err)
{
    PL_CHECK(web_out != NULL && def != NULL && def->data != NULL);
    *web_out = NULL;
    struct pl_web *web = calloc(1, sizeof *web);
    if (web == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a server.");
    }
    struct pl_host_def host = {.content = def->content,
                               .data = def->data,
                               .measured = pl_web_measure,
                               .measured_context = &web->meter};
    pl_status status = pl_host_open(&web->host, &host, err);
    if (status == PL_OK) {
        status = listen_on(web, def, err);
    }
    if (status != PL_OK) {
        pl_web_close(web);
        return status;
    }
    *web_out = web;
    return PL_OK;
}

const char *pl_web_url(const struct pl_web *web)
{
    PL_CHECK(web != NULL);
    return pl_http_base_url(web->http);
}

struct pl_host *pl_web_host(struct pl_web *web)
{
    PL_CHECK(web != NULL);
    return web->host;
}

static void stop(void *context)
{
    pl_http_stop(context);
}

void pl_web_stop(struct pl_web *web)
{
    PL_CHECK(web != NULL);
    pl_http_stop(web->http);
}

void pl_web_run(struct pl_web *web)
{
    PL_CHECK(web != NULL);
    pl_process_on_end(stop, web->http);
    pl_http_run(web->http);
    pl_process_on_end(NULL, NULL);
}

void pl_web_close(struct pl_web *web)
{
    if (web == NULL) {
        return;
    }
    atomic_store(&web->about.ready, false);
    bool ended = pl_host_close(web->host); /* its threads answer and end streams until here */
    pl_http_close(web->http);
    if (ended) {
        free(web);
    }
}
