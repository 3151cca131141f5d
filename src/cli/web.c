// SPDX-License-Identifier: Apache-2.0
#include "cli/web.h"

#include "base/check.h"
#include "cli/commands.h"
#include "os/directory.h"
#include "server/about.h"
#include "server/account.h"
#include "server/address.h"
#include "server/api.h"
#include "server/asset.h"
#include "server/http.h"
#include "server/meter.h"
#include "server/signin.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_MAX = 4, SESSIONS_MAX = 100000 };

struct pl_web {
    struct pl_web_def def;
    struct pl_host *host;
    struct pl_http *http;
    struct pl_accounts *accounts; /* NULL without sign-in */
    struct pl_trail *trail;       /* likewise */
    struct pl_signin *signin;     /* likewise */
    struct pl_uptime *uptime;     /* likewise */
    _Atomic(struct pl_meter *) meter;
    struct pl_api api;
    struct pl_about about;
    struct pl_address address;
    struct pl_routes groups[GROUPS_MAX];
    struct pl_assets assets;
};

/* The `measured` of the host: how long the log took. */
static void measure(void *context, int64_t duration_ns)
{
    struct pl_web *web = context;
    struct pl_meter *meter = atomic_load(&web->meter);
    if (meter != NULL) {
        pl_meter_count(&meter->queries, duration_ns);
    }
}

/* The `metrics` of pl_about. */
static void put_metrics(void *context, struct pl_buf *buf)
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
                  "# TYPE plumb_watchers gauge\nplumb_watchers %u\n"
                  "# HELP plumb_analyses Analyses that wait or are made.\n"
                  "# TYPE plumb_analyses gauge\nplumb_analyses %u\n",
                  stats.sessions,
                  stats.resident,
                  stats.watchers,
                  stats.analyses);
    pl_buf_printf(buf,
                  "# HELP plumb_log_writes_total Writes to the evidence log.\n"
                  "# TYPE plumb_log_writes_total counter\nplumb_log_writes_total %llu\n"
                  "# HELP plumb_log_commits_total Transactions that these writes took.\n"
                  "# TYPE plumb_log_commits_total counter\nplumb_log_commits_total %llu\n",
                  (unsigned long long)stats.entries,
                  (unsigned long long)stats.groups);
}

static pl_status open_sign_in(struct pl_web *web, pl_error *err)
{
    pl_status status = pl_uptime_open(&web->uptime, web->def.data, err);
    web->about.uptime = web->uptime;
    status = status == PL_OK ? pl_accounts_open(&web->accounts, web->def.data, err) : status;
    status = status == PL_OK ? pl_trail_open(&web->trail, web->def.data, err) : status;
    if (status != PL_OK) {
        return status;
    }
    if (web->def.require_mfa) {
        pl_accounts_require_codes(web->accounts);
    }
    const struct pl_signin_def signin = {.accounts = web->accounts,
                                         .assets = &web->assets,
                                         .trail = web->trail,
                                         .data = web->def.data,
                                         .insecure_lan = web->def.insecure_lan};
    return pl_signin_open(&web->signin, &signin, err);
}

static pl_status listen_on(struct pl_web *web, pl_error *err)
{
    uint32_t count = 0;
    web->api.host = web->host;
    web->groups[count++] = pl_api_routes(&web->api);
    if (web->signin != NULL) {
        web->groups[count++] = pl_signin_routes(web->signin);
        web->groups[count++] = pl_account_routes(web->signin);
    }
    web->groups[count++] = pl_about_routes(&web->about);
    web->about.groups = web->groups;
    web->about.group_count = count;
    web->about.metrics = put_metrics;
    web->about.metrics_context = web->host;
    struct pl_http_def http = {.address = web->address.host,
                               .port = web->address.port,
                               .port_may_change =
                                   web->def.port_may_change && web->def.listen == NULL,
                               .stream_max = web->def.streams,
                               .base_url = web->def.base_url,
                               .proxy = web->def.proxy,
                               .groups = web->groups,
                               .group_count = count,
                               .stops_on_signals = web->def.stops_on_signals,
                               .fallback = pl_asset_answer,
                               .fallback_context = &web->assets};
    if (web->signin != NULL) {
        http.sign_in = true;
        http.identify = pl_signin_identify;
        http.forbidden = pl_signin_forbidden;
        http.identify_context = web->signin;
        http.fallback = pl_signin_fallback;
        http.fallback_context = web->signin;
    }
    pl_status status = pl_http_open(&web->http, &http, err);
    if (status == PL_OK) {
        web->about.base_url = pl_http_base_url(web->http);
        atomic_store(&web->meter, pl_http_meter(web->http));
        atomic_store(&web->about.ready, true);
    }
    return status;
}

/* What was acknowledged is on disk; what was written since may seem to be there and be gone after
 * a power cut. So nothing more is said, and the next start reads the log. */
static void end_at_once(void *context, const char *message)
{
    (void)context;
    (void)fprintf(stderr,
                  "plumb: The evidence log could not be flushed to disk (%s), so the server ends "
                  "without answering. All that was answered is kept. See to the disk, then start "
                  "the server again: sessions go on where the log ends.\n",
                  message);
    _Exit(PL_EXIT_ENVIRONMENT);
}

pl_status pl_web_open(struct pl_web **web_out, const struct pl_web_def *def, pl_error *err)
{
    PL_CHECK(web_out != NULL && def != NULL && def->data != NULL);
    *web_out = NULL;
    struct pl_web *web = calloc(1, sizeof *web);
    if (web == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a server.");
    }
    web->def = *def;
    web->assets = pl_assets_embedded;
    const struct pl_host_def host = {.content = def->content,
                                     .data = def->data,
                                     .particles = def->particles,
                                     .judges = def->judges,
                                     .fatal = end_at_once,
                                     .session_max = def->sessions,
                                     .measured = measure,
                                     .measured_context = web};
    const char *listen = def->listen != NULL ? def->listen : PL_WEB_LISTEN;
    pl_status status = pl_address_parse(&web->address, listen, err);
    status = status == PL_OK ? pl_directory_make(def->data, err) : status;
    status = status == PL_OK ? pl_host_open(&web->host, &host, err) : status;
    if (status == PL_OK && def->sign_in) {
        status = open_sign_in(web, err);
    }
    status = status == PL_OK ? listen_on(web, err) : status;
    if (status != PL_OK) {
        pl_web_close(web);
        return status;
    }
    *web_out = web;
    return PL_OK;
}

pl_status pl_web_read_limits(const struct pl_args *args, struct pl_web_def *def, pl_error *err)
{
    uint64_t sessions = 0;
    uint64_t streams = 0;
    uint64_t particles = 0;
    PL_CHECK(args != NULL && def != NULL);
    pl_status status = pl_args_number(args, "--sessions", 1, SESSIONS_MAX, &sessions, err);
    if (status == PL_OK) {
        status = pl_args_number(args, "--streams", 1, PL_HTTP_STREAMS_LIMIT, &streams, err);
    }
    if (status == PL_OK) {
        status = pl_args_number(
            args, "--k", PL_HOST_PARTICLES_MIN, PL_HOST_PARTICLES_MAX, &particles, err);
    }
    def->particles = (uint32_t)particles;
    def->sessions = (uint32_t)sessions;
    def->streams = (uint32_t)streams;
    return status;
}

const char *pl_web_url(const struct pl_web *web)
{
    PL_CHECK(web != NULL);
    return pl_http_base_url(web->http);
}

bool pl_web_is_exposed(const struct pl_web *web)
{
    PL_CHECK(web != NULL);
    return strncmp(pl_web_url(web), "https:", 6) != 0 &&
           !pl_address_is_loopback(web->address.host) && !web->def.insecure_lan;
}

const char *pl_web_setup_token(struct pl_web *web)
{
    PL_CHECK(web != NULL);
    return web->signin != NULL ? pl_signin_setup_token(web->signin) : NULL;
}

struct pl_host *pl_web_host(struct pl_web *web)
{
    PL_CHECK(web != NULL);
    return web->host;
}

void pl_web_stop(struct pl_web *web)
{
    PL_CHECK(web != NULL);
    pl_http_stop(web->http);
}

void pl_web_run(struct pl_web *web)
{
    PL_CHECK(web != NULL);
    pl_http_run(web->http);
    atomic_store(&web->about.ready, false);
}

void pl_web_close(struct pl_web *web)
{
    if (web == NULL) {
        return;
    }
    /* Threads that answer end before what they answer through. */
    pl_host_close(web->host);
    pl_signin_close(web->signin);
    pl_http_close(web->http);
    pl_trail_close(web->trail);
    pl_accounts_close(web->accounts);
    pl_uptime_close(web->uptime);
    free(web);
}
