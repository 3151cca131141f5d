// SPDX-License-Identifier: Apache-2.0
#include "observe/log_text.h"

#include "base/check.h"
#include "base/random.h"
#include "observe/console.h"
#include "observe/display.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BODY_MAX = 640, MESSAGE_MAX = 900, FULL_PAUSE_MS = 100 };

void pl_log_text_trace_id(uint64_t trace, char *text)
{
    uint64_t high = pl_random_mix(trace ^ UINT64_C(0x706c756d62));
    snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, high, trace);
}

const char *pl_log_text_level_name(uint32_t level)
{
    static const char *const names[] = {"INFO", "WARN", "ERROR"};
    PL_CHECK(level <= PL_LEVEL_ERROR);
    return names[level];
}

const char *
pl_log_text_pod(const struct pl_observe *observe, uint32_t pod, uint32_t twin, int64_t t_ns)
{
    const struct pl_fleet *fleet = &observe->fleet;
    const struct pl_instance *best = NULL;
    for (uint32_t i = 0; i < fleet->count && pod != PL_NONE; i++) {
        const struct pl_instance *instance = &fleet->instances[i];
        bool begun =
            pl_tracks_time(observe->tracks, instance->first) <= t_ns + observe->scrape.interval_ns;
        if (instance->pod == pod && (best == NULL || begun)) {
            best = instance;
        }
    }
    return best == NULL ? "" : pl_intern_word(&observe->intern, best->names[twin]);
}

/* ---- What belongs where ---- */

/* Database that an event concerns, PL_NONE when none. */
static uint32_t database_of(const struct pl_world *world, const struct pl_log *log)
{
    switch (log->kind) {
    case PL_LOG_DB_REFUSED:
    case PL_LOG_CONN_KILLED:
        return log->a < world->pool_count ? world->pools[log->a].database : PL_NONE;
    case PL_LOG_LOCK_WAIT:
    case PL_LOG_LOCK_TIMEOUT:
        return log->a < world->lock_count ? world->locks[log->a].database : PL_NONE;
    case PL_LOG_SLOW_QUERY:
        return log->a < world->statement_count ? world->statements[log->a].database : PL_NONE;
    default:
        return PL_NONE;
    }
}

static bool is_cluster_event(uint32_t kind)
{
    return kind == PL_LOG_OOM_KILLED || kind == PL_LOG_POD_STARTED || kind == PL_LOG_POD_STOPPED ||
           kind == PL_LOG_PROBE_FAILED || kind == PL_LOG_SCALED;
}

bool pl_log_text_belongs(const struct pl_world *world,
                         const struct pl_log *log,
                         uint32_t place,
                         uint32_t index)
{
    switch ((enum pl_log_place)place) {
    case PL_LOG_OF_DATABASE:
        return database_of(world, log) == index;
    case PL_LOG_OF_EVENTS:
        return is_cluster_event(log->kind);
    case PL_LOG_OF_SERVICE:
        /* The server alone logs lock waits and slow statements; a killed process says nothing. */
        return log->service == index && log->kind != PL_LOG_LOCK_WAIT &&
               log->kind != PL_LOG_SLOW_QUERY &&
               (!is_cluster_event(log->kind) || log->kind == PL_LOG_POD_STARTED);
    case PL_LOG_OF_EDGE:
        break;
    }
    return false;
}

enum pl_log_level pl_log_text_level(const struct pl_log *log, uint32_t place)
{
    if (place == PL_LOG_OF_DATABASE) {
        return log->kind == PL_LOG_LOCK_WAIT || log->kind == PL_LOG_SLOW_QUERY ? PL_LEVEL_INFO
                                                                               : PL_LEVEL_ERROR;
    }
    switch (log->kind) {
    case PL_LOG_ACQUIRE_TIMEOUT:
    case PL_LOG_CALL_TIMEOUT:
    case PL_LOG_CALL_FAILED:
    case PL_LOG_HANDSHAKE_FAILED:
    case PL_LOG_QUEUE_FULL:
    case PL_LOG_INTERNAL_ERROR:
    case PL_LOG_DB_REFUSED:
    case PL_LOG_DB_DOWN:
    case PL_LOG_LOCK_TIMEOUT:
    case PL_LOG_CONN_KILLED:
    case PL_LOG_BATCH_FAILED:
        return PL_LEVEL_ERROR;
    case PL_LOG_CALL_RETRY:
    case PL_LOG_BREAKER_OPEN:
    case PL_LOG_BULKHEAD_FULL:
    case PL_LOG_SHED:
    case PL_LOG_STALE_READ:
    case PL_LOG_VENDOR_LIMITED:
    case PL_LOG_SLOW_REQUEST:
    case PL_LOG_OOM_KILLED:
    case PL_LOG_PROBE_FAILED:
    case PL_LOG_POLL_TIMEOUT:
        return PL_LEVEL_WARN;
    default:
        return PL_LEVEL_INFO;
    }
}

/* ---- Applications ---- */

enum dialect { DIALECT_JVM, DIALECT_GO, DIALECT_NODE };

static enum dialect dialect_of(const struct pl_world *world, uint32_t service)
{
    const char *runtime = world->services[service].runtime;
    if (strcmp(runtime, "go") == 0) {
        return DIALECT_GO;
    }
    return strcmp(runtime, "node") == 0 ? DIALECT_NODE : DIALECT_JVM;
}

static const char *or_one(const char *const *texts, enum dialect dialect)
{
    return texts[dialect];
}

static void put_pool_body(enum dialect dialect, const struct pl_log *log, struct pl_buf *out)
{
    long long ms = (long long)(log->value / PL_NS_PER_MS);
    switch (dialect) {
    case DIALECT_GO:
        pl_buf_printf(out, "acquire connection: context deadline exceeded after %lldms", ms);
        return;
    case DIALECT_NODE:
        pl_buf_printf(out, "timeout exceeded when trying to connect (%lld ms)", ms);
        return;
    case DIALECT_JVM:
        break;
    }
    pl_buf_printf(
        out, "HikariPool-1 - Connection is not available, request timed out after %lldms.", ms);
}

/* Body of a failed, late or repeated call. */
static void
put_call_body(const struct pl_world *world, const struct pl_log *log, struct pl_buf *out)
{
    const char *address = log->a < world->edge_count ? pl_series_address(world, log->a) : "?";
    long long ms = (long long)(log->value / PL_NS_PER_MS);
    switch (log->kind) {
    case PL_LOG_CALL_TIMEOUT:
        pl_buf_printf(out,
                      "Call to %s timed out after %lld ms (attempt %u)",
                      address,
                      ms,
                      (unsigned)log->b + 1);
        return;
    case PL_LOG_CALL_FAILED:
        pl_buf_printf(out,
                      "Call to %s failed with status %u after %lld ms",
                      address,
                      (unsigned)pl_code_http((enum pl_code)(log->b % PL_CODE_COUNT)),
                      ms);
        return;
    case PL_LOG_CALL_RETRY:
        pl_buf_printf(out, "Retrying call to %s, attempt %u", address, (unsigned)log->b + 1);
        return;
    case PL_LOG_BREAKER_OPEN:
        pl_buf_printf(out, "CircuitBreaker '%s' changed state from CLOSED to OPEN", address);
        return;
    case PL_LOG_BREAKER_CLOSED:
        pl_buf_printf(out, "CircuitBreaker '%s' changed state from HALF_OPEN to CLOSED", address);
        return;
    default:
        pl_buf_printf(out, "Bulkhead '%s' is full and does not permit further calls", address);
        return;
    }
}

/* What the proxy tells of a connection that could not be had; the reason is cut off mostly. */
static void
put_link_body(const struct pl_world *world, const struct pl_log *log, struct pl_buf *out)
{
    static const char *const reasons[] = {
        "remote connection failure",
        "remote connection failure, transport failure reason: TLS_error",
        "remote connection failure, transport failure reason: delayed connect error: 110",
        "remote connection failure, transport failure reason: delayed connect error: 111",
        "connection termination",
        "remote connection failure, transport failure reason: CERTIFICATE_VERIFY_FAILED",
    };
    enum { REASONS = sizeof reasons / sizeof reasons[0], TOLD_ONE_OF = 4 };
    uint32_t reason = log->b < REASONS && log->sequence % TOLD_ONE_OF == 0 ? log->b : 0;
    pl_buf_printf(out,
                  "upstream connect error or disconnect/reset before headers from %s. reset "
                  "reason: %s",
                  log->a < world->edge_count ? pl_series_address(world, log->a) : "?",
                  reasons[reason]);
}

static void put_db_body(const struct pl_world *world, const struct pl_log *log, struct pl_buf *out)
{
    switch (log->kind) {
    case PL_LOG_DB_REFUSED:
        pl_buf_puts(out, "Failed to open connection: FATAL: sorry, too many clients already");
        return;
    case PL_LOG_DB_DOWN:
        pl_buf_puts(out, "Failed to open connection: FATAL: the database system is starting up");
        return;
    case PL_LOG_LOCK_TIMEOUT:
        pl_buf_puts(out, "ERROR: canceling statement due to lock timeout");
        return;
    case PL_LOG_CONN_KILLED:
        pl_buf_puts(out, "FATAL: terminating connection due to administrator command");
        return;
    default:
        pl_buf_printf(out,
                      "Read from replica of %s is stale, waiting for it (lag %lld ms)",
                      log->a < world->database_count ? world->databases[log->a].name : "?",
                      (long long)(log->value / PL_NS_PER_MS));
        return;
    }
}

/* What the client library of a consumer writes. */
static void
put_consumer_body(const struct pl_world *world, const struct pl_log *log, struct pl_buf *out)
{
    const struct pl_streams *all = &world->streams;
    switch (log->kind) {
    case PL_LOG_POLL_TIMEOUT:
        pl_buf_printf(
            out,
            "[Consumer groupId=%s] consumer poll timeout has expired. This means the time "
            "between subsequent calls to poll() was longer than the configured "
            "max.poll.interval.ms (%lld)",
            log->a < all->group_count ? all->groups[log->a].name : "events",
            (long long)(log->value / PL_NS_PER_MS));
        return;
    case PL_LOG_REBALANCE:
        pl_buf_printf(out,
                      "[GroupCoordinator] Preparing to rebalance group %s in state "
                      "PreparingRebalance (members before: %u)",
                      log->a < all->group_count ? all->groups[log->a].name : "events",
                      (unsigned)log->b);
        return;
    default:
        pl_buf_printf(out,
                      "Batch of %s-%u failed, its first offset is %lld; it will be read again",
                      log->a < all->stream_count ? all->streams[log->a].name : "events",
                      (unsigned)log->b,
                      (long long)log->value);
        return;
    }
}

static void put_other_body(const struct pl_observe *observe,
                           const struct pl_log *log,
                           enum dialect dialect,
                           struct pl_buf *out)
{
    static const char *const internal[] = {
        "Servlet.service() threw an unhandled exception: NullPointerException",
        "panic recovered: runtime error: invalid memory address or nil pointer dereference",
        "TypeError: Cannot read properties of undefined (reading 'id')"};
    const struct pl_world *world = observe->world;
    const char *route = log->route < world->route_count ? pl_series_route(world, log->route) : "?";
    long long ms = (long long)(log->value / PL_NS_PER_MS);
    switch (log->kind) {
    case PL_LOG_QUEUE_FULL:
        pl_buf_printf(out, "Request rejected: %lld requests are waiting", (long long)log->value);
        return;
    case PL_LOG_SHED:
        pl_buf_printf(out, "Request to %s shed by admission control", route);
        return;
    case PL_LOG_INTERNAL_ERROR:
        pl_buf_puts(out, or_one(internal, dialect));
        return;
    case PL_LOG_GC_PAUSE:
        pl_buf_printf(out,
                      dialect != DIALECT_JVM ? "gc %u: stopped for %lld ms"
                      : ms < FULL_PAUSE_MS
                          ? "[gc] GC(%u) Pause Young (Normal) (G1 Evacuation Pause) %lldms"
                          : "[gc] GC(%u) Pause Full (G1 Compaction Pause) %lldms",
                      log->a,
                      ms);
        return;
    case PL_LOG_VENDOR_LIMITED:
        pl_buf_printf(out,
                      "%s answered 429 Too Many Requests, Retry-After: 1",
                      log->a < world->vendor_count ? world->vendors[log->a].name : "vendor");
        return;
    case PL_LOG_POD_STARTED:
        pl_buf_printf(out,
                      dialect == DIALECT_JVM ? "Started Application in %u.%u seconds"
                                             : "listening on :8080 after %u.%u s",
                      (unsigned)(12 + log->sequence % 9),
                      (unsigned)(log->sequence % 10));
        return;
    case PL_LOG_POLL_TIMEOUT:
    case PL_LOG_REBALANCE:
    case PL_LOG_BATCH_FAILED:
        put_consumer_body(world, log, out);
        return;
    default:
        pl_buf_printf(out, "Slow request %s took %lld ms", route, ms);
        return;
    }
}

static const char *exception_of(const struct pl_log *log, enum dialect dialect)
{
    if (dialect != DIALECT_JVM) {
        return NULL;
    }
    switch (log->kind) {
    case PL_LOG_ACQUIRE_TIMEOUT:
        return "java.sql.SQLTransientConnectionException";
    case PL_LOG_CALL_TIMEOUT:
        return "java.net.http.HttpTimeoutException";
    case PL_LOG_DB_REFUSED:
    case PL_LOG_DB_DOWN:
    case PL_LOG_LOCK_TIMEOUT:
    case PL_LOG_CONN_KILLED:
        return "org.postgresql.util.PSQLException";
    case PL_LOG_INTERNAL_ERROR:
        return "java.lang.NullPointerException";
    default:
        return NULL;
    }
}

void pl_log_text_app(const struct pl_observe *observe,
                     const struct pl_log_app *app,
                     struct pl_buf *out)
{
    const struct pl_world *world = observe->world;
    struct pl_moment moment = pl_display_moment(world, observe->def->date, app->t_ns);
    char text[64];
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_display_rfc3339(&moment, text);
    pl_json_out_member_string(&json, "timestamp", text);
    pl_json_out_member_string(&json, "severity_text", pl_log_text_level_name(app->level));
    pl_json_out_member_string(&json, "body", app->body);
    pl_json_out_member_string(&json, "service.name", world->services[app->service].name);
    pl_console_release(observe, app->service, app->release, text, sizeof(text));
    pl_json_out_member_string(&json, "service.version", text);
    const char *pod = pl_log_text_pod(observe, app->pod, app->twin, app->t_ns);
    if (pod[0] != '\0') {
        pl_json_out_member_string(&json, "k8s.pod.name", pod);
    }
    if (app->trace != 0) {
        pl_log_text_trace_id(app->trace, text);
        pl_json_out_member_string(&json, "trace_id", text);
        snprintf(text, sizeof(text), "%016" PRIx64, pl_random_bits(app->key, 1));
        pl_json_out_member_string(&json, "span_id", text);
    }
    if (app->route < world->route_count) {
        pl_json_out_member_string(&json, "http.route", pl_series_route(world, app->route));
    }
    if (app->exception != NULL) {
        pl_json_out_member_string(&json, "exception.type", app->exception);
    }
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

/* Release of the pod that wrote a line, from the last scrape of its position. */
static uint32_t release_at(const struct pl_observe *observe, uint32_t pod)
{
    uint32_t current = pod < PL_PODS_MAX ? observe->fleet.current[pod] : 0;
    return current != 0 ? observe->fleet.instances[current - 1].release : 0;
}

static void
put_app_event(const struct pl_observe *observe, const struct pl_log_line *line, struct pl_buf *out)
{
    const struct pl_log *log = line->log;
    const struct pl_world *world = observe->world;
    enum dialect dialect = dialect_of(world, log->service);
    char text[BODY_MAX];
    struct pl_buf body;
    pl_buf_init(&body, text, sizeof(text));
    switch (log->kind) {
    case PL_LOG_ACQUIRE_TIMEOUT:
        put_pool_body(dialect, log, &body);
        break;
    case PL_LOG_CALL_TIMEOUT:
    case PL_LOG_CALL_FAILED:
    case PL_LOG_CALL_RETRY:
    case PL_LOG_BREAKER_OPEN:
    case PL_LOG_BREAKER_CLOSED:
    case PL_LOG_BULKHEAD_FULL:
        put_call_body(world, log, &body);
        break;
    case PL_LOG_HANDSHAKE_FAILED:
        put_link_body(world, log, &body);
        break;
    case PL_LOG_DB_REFUSED:
    case PL_LOG_DB_DOWN:
    case PL_LOG_LOCK_TIMEOUT:
    case PL_LOG_CONN_KILLED:
    case PL_LOG_STALE_READ:
        put_db_body(world, log, &body);
        break;
    default:
        put_other_body(observe, log, dialect, &body);
        break;
    }
    struct pl_log_app app = {
        .t_ns = line->t_ns,
        .key = line->key,
        .service = log->service,
        .pod = log->pod,
        .twin = line->twin,
        .level = pl_log_text_level(log, PL_LOG_OF_SERVICE),
        .trace = line->twin == 0 || log->trace == 0 ? log->trace : pl_random_bits(line->key, 2),
        .route = log->route,
        .release = release_at(observe, log->pod),
        .body = text,
        .exception = exception_of(log, dialect),
    };
    pl_log_text_app(observe, &app, out);
}

/* ---- PostgreSQL ---- */

void pl_log_text_postgres(const struct pl_observe *observe,
                          int64_t t_ns,
                          uint64_t key,
                          uint32_t database,
                          const char *message,
                          struct pl_buf *out)
{
    struct pl_moment moment = pl_display_moment(observe->world, observe->def->date, t_ns);
    const char *name = observe->world->databases[database].name;
    size_t stem = strcspn(name, "-");
    pl_buf_printf(out,
                  "%04d-%02u-%02u %02u:%02u:%02u.%03u UTC [%u] app@%.*s %s",
                  (int)moment.year,
                  (unsigned)moment.month,
                  (unsigned)moment.day,
                  (unsigned)moment.hour,
                  (unsigned)moment.minute,
                  (unsigned)moment.second,
                  (unsigned)moment.millisecond,
                  (unsigned)(1200 + pl_random_bits(key, 3) % 28000),
                  (int)stem,
                  name,
                  message);
}

static void put_postgres_event(const struct pl_observe *observe,
                               const struct pl_log_line *line,
                               struct pl_buf *out)
{
    const struct pl_log *log = line->log;
    const struct pl_world *world = observe->world;
    char text[MESSAGE_MAX];
    /* The server's timer is not exact. */
    double ms = (double)log->value * 1e-6 + (double)(pl_random_bits(line->key, 5) % 900) * 1e-3;
    unsigned pid = (unsigned)(1200 + pl_random_bits(line->key, 3) % 28000);
    unsigned holder = (unsigned)(1200 + pl_random_bits(line->key, 4) % 28000);
    unsigned transaction = (unsigned)(91000 + log->sequence % 900000);
    switch (log->kind) {
    case PL_LOG_LOCK_WAIT:
        snprintf(text,
                 sizeof(text),
                 "LOG:  process %u still waiting for ShareLock on transaction %u after %.3f ms "
                 "DETAIL:  Process holding the lock: %u. Wait queue: %u. "
                 "CONTEXT:  while updating tuple (%u,%u) in relation \"%s\"",
                 pid,
                 transaction,
                 ms,
                 holder,
                 pid,
                 (unsigned)(log->b / 8),
                 (unsigned)(log->b % 8 + 1),
                 world->locks[log->a].table);
        break;
    case PL_LOG_LOCK_TIMEOUT:
        snprintf(text, sizeof(text), "ERROR:  canceling statement due to lock timeout");
        break;
    case PL_LOG_SLOW_QUERY: {
        const struct pl_statement *def = &world->statements[log->a];
        snprintf(text,
                 sizeof(text),
                 "LOG:  duration: %.3f ms  statement: %s",
                 ms,
                 def->text[0] != '\0' ? def->text : def->summary);
        break;
    }
    case PL_LOG_DB_REFUSED:
        snprintf(text, sizeof(text), "FATAL:  sorry, too many clients already");
        break;
    default:
        snprintf(text, sizeof(text), "FATAL:  terminating connection due to administrator command");
        break;
    }
    uint32_t database = database_of(world, log);
    PL_CHECK(database != PL_NONE);
    pl_log_text_postgres(observe, line->t_ns, line->key, database, text, out);
}

/* ---- Kubernetes ---- */

static const char *stop_reason(uint32_t reason)
{
    static const char *const texts[] = {"Stopping container (scaled in)",
                                        "Stopping container (restart)",
                                        "Container killed: OOMKilled",
                                        "Container failed liveness probe, will be restarted",
                                        "Stopping container (rollout)"};
    return texts[reason < sizeof(texts) / sizeof(texts[0]) ? reason : 0];
}

static void put_cluster_event(const struct pl_observe *observe,
                              const struct pl_log_line *line,
                              struct pl_buf *out)
{
    const struct pl_log *log = line->log;
    const struct pl_world *world = observe->world;
    char clock[PL_CLOCK_TEXT_MAX];
    pl_display_clock(world, line->t_ns, clock);
    const char *service =
        log->service < world->service_count ? world->services[log->service].name : "?";
    const char *pod = pl_log_text_pod(observe, log->pod, line->twin, line->t_ns);
    uint32_t twins = log->service < world->service_count ? pl_fleet_twins(world, log->service) : 1;
    switch (log->kind) {
    case PL_LOG_SCALED:
        pl_buf_printf(out,
                      "%s Normal SuccessfulRescale horizontalpodautoscaler/%s New size: %u; "
                      "reason: cpu resource utilization %s target",
                      clock,
                      service,
                      (unsigned)(log->b * twins),
                      log->b > log->a ? "above" : "below");
        return;
    case PL_LOG_OOM_KILLED:
        pl_buf_printf(out,
                      "%s Warning OOMKilling pod/%s Memory cgroup out of memory: Killed process, "
                      "anon-rss:%lldkB",
                      clock,
                      pod,
                      (long long)(log->value / 1024));
        return;
    case PL_LOG_PROBE_FAILED:
        pl_buf_printf(out,
                      "%s Warning Unhealthy pod/%s Readiness probe failed: context deadline "
                      "exceeded (%u in a row)",
                      clock,
                      pod,
                      (unsigned)log->b);
        return;
    case PL_LOG_POD_STOPPED:
        pl_buf_printf(out, "%s Normal Killing pod/%s %s", clock, pod, stop_reason(log->a));
        return;
    default:
        pl_buf_printf(out, "%s Normal Started pod/%s Started container %s", clock, pod, service);
        return;
    }
}

void pl_log_text_put(const struct pl_observe *observe,
                     const struct pl_log_line *line,
                     uint32_t place,
                     struct pl_buf *out)
{
    PL_CHECK(observe != NULL && line != NULL && line->log != NULL);
    if (place == PL_LOG_OF_DATABASE) {
        put_postgres_event(observe, line, out);
    } else if (place == PL_LOG_OF_EVENTS) {
        put_cluster_event(observe, line, out);
    } else {
        put_app_event(observe, line, out);
    }
}
