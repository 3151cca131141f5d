// SPDX-License-Identifier: Apache-2.0
//
// Every number that a slice divides is marked `sliced`; everything per pod stays as it is.
#include "scenario/world_fields.h"

#include "model/world.h"
#include "scenario/setting_fields.h"
#include "scenario/stream_fields.h"

#include <stddef.h>

#define TABLE(rows)         .fields = (rows), .field_count = PL_FIELD_COUNT_OF(rows)
#define KNOB(scope_, knob_) .scope = (scope_), .knob = (knob_)
#define F64                 PL_STORE_F64
#define U32                 PL_STORE_U32
#define STR                 PL_STORE_TEXT
#define LAW                 PL_STORE_LAW

/* ---- Services ------------------------------------------------------------------------------- */

static void fill_service(void *target)
{
    *(struct pl_service *)target = pl_service_default();
}

#define S(name, kind, store, member, text) PL_ROW(name, kind, store, pl_service, member, text)
#define SERVICE(knob)                      KNOB(PL_SCOPE_SERVICE, knob)

static const struct pl_field queue_rows[] = {
    {S("limit", PL_FIELD_COUNT, U32, queue_limit, "Waiting requests per pod; 0 is no limit."),
     SERVICE(PL_SERVICE_QUEUE_LIMIT)},
    {S("order", PL_FIELD_CHOICE, U32, queue_lifo, "Who is served next within a priority."),
     .words = "fifo|lifo"},
    {S("max_wait",
       PL_FIELD_LAW,
       LAW,
       queue_wait,
       "A request is refused after waiting this long; 0s: it waits on.")},
    {S("abandoned",
       PL_FIELD_CHOICE,
       U32,
       queue_drop,
       "A waiting request whose caller gave up: served all the same, or dropped."),
     .words = "serve|drop"},
};
static const struct pl_key_table queue_table = {
    .name = "queue", .doc = "Requests that wait for a worker of a pod.", TABLE(queue_rows)};

static const struct pl_field cpu_rows[] = {
    {S("cores", PL_FIELD_NUMBER, F64, cpu_cores, "Cores per pod, shared by all of its work."),
     .low = 0.01,
     .high = 256},
    {S("quota", PL_FIELD_NUMBER, F64, cpu_quota, "Cores per 100 ms period (CFS quota); 0: none."),
     SERVICE(PL_SERVICE_CPU_QUOTA)},
    {S("quota_pods", PL_FIELD_SHARE, F64, cpu_quota_pods, "Share of the pods under quota."),
     SERVICE(PL_SERVICE_CPU_QUOTA_PODS)},
};
static const struct pl_key_table cpu_table = {
    .name = "cpu", .doc = "Processor of a pod.", TABLE(cpu_rows)};

static const struct pl_field gc_rows[] = {
    {S("every", PL_FIELD_DURATION, F64, gc_interval_s, "Mean time between collector pauses."),
     SERVICE(PL_SERVICE_GC_INTERVAL)},
    {S("pause",
       PL_FIELD_DURATION,
       F64,
       gc_pause_s,
       "Mean length of a pause; with a heap, of one that finds it full of live data."),
     SERVICE(PL_SERVICE_GC_PAUSE)},
    {S("heap",
       PL_FIELD_MEGABYTES,
       F64,
       gc_heap_mb,
       "Heap of a pod; pauses come when it is full, not by the clock. 0: by the clock."),
     SERVICE(PL_SERVICE_GC_HEAP)},
    {S("garbage", PL_FIELD_MEGABYTES, F64, gc_garbage_mb, "What each request leaves in the heap."),
     .low = 0,
     .high = 1048576},
    {S("live",
       PL_FIELD_MEGABYTES,
       F64,
       gc_live_mb,
       "What each request keeps alive in the heap while it is served or waits."),
     .low = 0,
     .high = 1048576},
};
static const struct pl_key_table gc_table = {
    .name = "gc", .doc = "Garbage collector of a pod.", TABLE(gc_rows)};

static const struct pl_field memory_rows[] = {
    {S("base", PL_FIELD_MEGABYTES, F64, memory_base_mb, "Memory of a fresh pod."),
     .low = 0,
     .high = 1048576},
    {S("limit", PL_FIELD_MEGABYTES, F64, memory_limit_mb, "Killed above this; 0: no limit."),
     SERVICE(PL_SERVICE_MEMORY_LIMIT)},
    {S("leak", PL_FIELD_MEGABYTES, F64, leak_rate_mb, "Lost per second."),
     SERVICE(PL_SERVICE_LEAK_RATE)},
    {S("leak_per_request", PL_FIELD_MEGABYTES, F64, leak_request_mb, "Lost per request."),
     SERVICE(PL_SERVICE_LEAK_PER_REQUEST)},
};
static const struct pl_key_table memory_table = {
    .name = "memory", .doc = "Memory of a pod.", TABLE(memory_rows)};

static const struct pl_field boot_rows[] = {
    {S("time", PL_FIELD_DURATION, F64, boot_s, "From creation to ready."), .low = 0, .high = 3600},
    {S("warmup", PL_FIELD_DURATION, F64, warmup_s, "Slow time after boot."),
     .low = 0,
     .high = 3600},
    {S("factor", PL_FIELD_NUMBER, F64, warmup_factor, "Processor work is this much during it."),
     .low = 1,
     .high = 100},
    {S("connections",
       PL_FIELD_COUNT,
       U32,
       boot_connections,
       "Extra connections per pool that a booting pod opens for 30 s."),
     .low = 0,
     .high = 128},
};
static const struct pl_key_table boot_table = {
    .name = "boot", .doc = "How a new pod starts.", TABLE(boot_rows)};

static const struct pl_field health_rows[] = {
    {S("deep", PL_FIELD_BOOL, U32, health_deep, "The probe runs through workers and first pool.")},
    {S("every", PL_FIELD_DURATION, F64, health_interval_s, "Time between probes."),
     .low = 0.1,
     .high = 600},
    {S("timeout", PL_FIELD_DURATION, F64, health_timeout_s, "A slower probe failed."),
     .low = 0.01,
     .high = 600},
    {S("threshold", PL_FIELD_COUNT, U32, health_threshold, "Failures that eject a pod; 0: never."),
     .low = 0,
     .high = 100},
    {S("restart", PL_FIELD_BOOL, U32, health_restart, "An ejected pod is restarted.")},
};
static const struct pl_key_table health_table = {
    .name = "health", .doc = "Health probe of the pods.", TABLE(health_rows)};

static const struct pl_field autoscale_rows[] = {
    {S("on", PL_FIELD_BOOL, U32, autoscale, "Whether the autoscaler acts.")},
    {S("min", PL_FIELD_COUNT, U32, autoscale_min, "Fewest pods."),
     SERVICE(PL_SERVICE_AUTOSCALE_MIN),
     .sliced = 1},
    {S("max", PL_FIELD_COUNT, U32, autoscale_max, "Most pods."),
     SERVICE(PL_SERVICE_AUTOSCALE_MAX),
     .sliced = 1},
    {S("cpu", PL_FIELD_SHARE, F64, autoscale_cpu, "Utilisation that it aims at."),
     .low = 0.01,
     .high = 1},
    {S("every", PL_FIELD_DURATION, F64, autoscale_interval_s, "Time between its decisions."),
     .low = 1,
     .high = 3600},
};
static const struct pl_key_table autoscale_table = {
    .name = "autoscale", .doc = "Autoscaler on processor use.", TABLE(autoscale_rows)};

static const struct pl_field service_rows[] = {
    {S("team", PL_FIELD_NAME, STR, team, "Team that owns it.")},
    {S("runtime", PL_FIELD_CHOICE, STR, runtime, "Dialect of its logs."), .words = "jvm|go|node"},
    {S("release", PL_FIELD_TEXT, STR, release, "Version label before anything is deployed.")},
    {S("pods", PL_FIELD_COUNT, U32, pods, "Pods of the fleet."),
     SERVICE(PL_SERVICE_PODS),
     .required = 1,
     .sliced = 1},
    {S("pods_max", PL_FIELD_COUNT, U32, pods_max, "Most pods that it can ever have."),
     SERVICE(PL_SERVICE_PODS),
     .sliced = 1},
    {S("workers", PL_FIELD_COUNT, U32, workers, "Requests a pod works on at once; 0: no limit."),
     SERVICE(PL_SERVICE_WORKERS)},
    {PL_ROW_CODE("queue", PL_FIELD_GROUP, "Requests that wait for a worker."), .sub = &queue_table},
    {S("balance", PL_FIELD_CHOICE, U32, balance, "How the balancer picks a pod."),
     .words = "least|round-robin|random|sampled"},
    {S("choices",
       PL_FIELD_COUNT,
       U32,
       balance_choices,
       "Pods drawn at random that `balance: sampled` compares; the least busy gets the request."),
     .low = 1,
     .high = PL_CHOICES_MAX},
    {PL_ROW_CODE("cpu", PL_FIELD_GROUP, "Processor of a pod."), .sub = &cpu_table},
    {PL_ROW_CODE("gc", PL_FIELD_GROUP, "Garbage collector of a pod."), .sub = &gc_table},
    {PL_ROW_CODE("memory", PL_FIELD_GROUP, "Memory of a pod."), .sub = &memory_table},
    {PL_ROW_CODE("boot", PL_FIELD_GROUP, "How a new pod starts."), .sub = &boot_table},
    {S("rollout_step",
       PL_FIELD_DURATION,
       F64,
       rollout_step_s,
       "Time between two pods of a rolling restart or release."),
     .low = 0,
     .high = 3600},
    {PL_ROW_CODE("health", PL_FIELD_GROUP, "Health probe of the pods."), .sub = &health_table},
    {PL_ROW_CODE("autoscale", PL_FIELD_GROUP, "Autoscaler on processor use."),
     .sub = &autoscale_table},
    {S("error_rate", PL_FIELD_SHARE, F64, error_rate, "Share of requests that fail by a bug."),
     SERVICE(PL_SERVICE_ERROR_RATE)},
    {PL_ROW_CODE("pools", PL_FIELD_MAP, "Connection pools of each pod, by database."),
     .sub = &pl_pool_table},
    {PL_ROW_CODE("clients", PL_FIELD_MAP, "Client policies, by the service or vendor called."),
     .sub = &pl_edge_table},
    {PL_ROW_CODE("routes", PL_FIELD_MAP, "Entry points; a route may also be its list of steps."),
     .words = "list",
     .sub = &pl_route_table},
};
const struct pl_key_table pl_service_table = {
    .name = "service",
    .doc = "A set of equal pods behind a balancer.",
    TABLE(service_rows),
    .size = sizeof(struct pl_service),
    .fill = fill_service,
};

#define R(name, kind, store, member, text) PL_ROW(name, kind, store, pl_route, member, text)
static const struct pl_field route_rows[] = {
    {R("method", PL_FIELD_CHOICE, STR, method, "HTTP method."),
     .words = "GET|POST|PUT|PATCH|DELETE"},
    {R("path", PL_FIELD_TEXT, STR, path, "Path as metrics and logs show it.")},
    {R("slo", PL_FIELD_DURATION, F64, slo_s, "Latency objective; else that of the world."),
     .low = 0,
     .high = 600},
    {R("priority",
       PL_FIELD_COUNT,
       U32,
       priority,
       "Class in the queue for workers: 0 is served first and pushes the others out of a full "
       "queue."),
     .low = 0,
     .high = PL_PRIORITY_MAX},
    {PL_ROW_CODE("steps", PL_FIELD_LIST, "What a request does."),
     .sub = &pl_step_table,
     .required = 1},
};
const struct pl_key_table pl_route_table = {
    .name = "route",
    .doc = "A small program that each request of this kind runs.",
    TABLE(route_rows),
    .size = sizeof(struct pl_route),
};

/* ---- Clients and pools ---------------------------------------------------------------------- */

static void fill_edge(void *target)
{
    *(struct pl_edge *)target = pl_edge_default();
}

#define EDGE(knob) KNOB(PL_SCOPE_EDGE, knob)
/* The keys of a client policy, for its own map and for the map form of `call`. */
#define EDGE_ROWS(E)                                                                              \
    {E("timeout", PL_FIELD_DURATION, timeout_s, "Longest wait for an answer; 0: none."),          \
     EDGE(PL_EDGE_TIMEOUT)},                                                                      \
        {E("retries", PL_FIELD_COUNT, retries, "Attempts after the first."),                      \
         EDGE(PL_EDGE_RETRIES)},                                                                  \
        {E("backoff", PL_FIELD_DURATION, backoff_s, "Wait before a retry, doubling with each."),  \
         EDGE(PL_EDGE_BACKOFF)},                                                                  \
        {E("jitter", PL_FIELD_SHARE, jitter, "Share of the backoff that is random."),             \
         EDGE(PL_EDGE_JITTER)},                                                                   \
        {E("budget", PL_FIELD_NUMBER, budget, "Retries allowed per request; 0: no budget."),      \
         EDGE(PL_EDGE_BUDGET)},                                                                   \
        {E("breaker", PL_FIELD_CHOICE, breaker, "Circuit breaker."), .words = "off|auto|open"},   \
        {E("breaker_ratio", PL_FIELD_SHARE, breaker_ratio, "Share of failures that opens it."),   \
         .low = 0,                                                                                \
         .high = 1},                                                                              \
        {E("breaker_open", PL_FIELD_DURATION, breaker_open_s, "How long it stays open."),         \
         .low = 0,                                                                                \
         .high = 3600},                                                                           \
        {E("bulkhead", PL_FIELD_COUNT, bulkhead, "Calls in flight per pod; 0: no limit."),        \
         EDGE(PL_EDGE_BULKHEAD)},                                                                 \
        {E("fallback",                                                                            \
           PL_FIELD_BOOL,                                                                         \
           fallback,                                                                              \
           "A failed call is answered without it, degraded."),                                    \
         EDGE(PL_EDGE_FALLBACK)},                                                                 \
        {E("latency", PL_FIELD_DURATION, latency_s, "Network, one way."), EDGE(PL_EDGE_LATENCY)}, \
        {E("loss", PL_FIELD_SHARE, loss, "Share of messages that are sent again after 200 ms."),  \
         EDGE(PL_EDGE_LOSS)},                                                                     \
        {E("hedge",                                                                               \
           PL_FIELD_DURATION,                                                                     \
           hedge_s,                                                                               \
           "Send a second attempt after this wait, the first answer wins; 0: never."),            \
         EDGE(PL_EDGE_HEDGE)},

#define E_OWN(name, kind, member, text) PL_ROW(name, kind, F64, pl_edge, member, text)
static const struct pl_field edge_rows[] = {EDGE_ROWS(E_OWN)};
const struct pl_key_table pl_edge_table = {
    .name = "client policy",
    .doc = "How a service calls another one or a vendor.",
    TABLE(edge_rows),
    .size = sizeof(struct pl_edge),
    .fill = fill_edge,
};

static void fill_call(void *target)
{
    struct pl_call_form *form = target;
    form->edge = pl_edge_default();
    form->step = pl_step_default();
}

#define E_CALL(name, kind, member, text) PL_ROW(name, kind, F64, pl_call_form, edge.member, text)
static const struct pl_field call_rows[] = {
    {PL_ROW_CODE("to", PL_FIELD_OTHER, "What is called."),
     .words = "vendor, or service/route",
     .required = 1},
    EDGE_ROWS(E_CALL){PL_ROW_CODE("when", PL_FIELD_OTHER, "Condition."),
                      .words = "flag NAME, not flag NAME or shard 1/4"},
    PL_STEP_MODIFIERS(pl_call_form, step.)};
const struct pl_key_table pl_call_table = {
    .name = "call",
    .doc = "A call; may carry keys of the client policy and modifiers of the step.",
    TABLE(call_rows),
    .size = sizeof(struct pl_call_form),
    .fill = fill_call,
};

static void fill_pool(void *target)
{
    *(struct pl_pool *)target = pl_pool_default();
}

#define P(name, kind, store, member, text) PL_ROW(name, kind, store, pl_pool, member, text)
#define POOL(knob)                         KNOB(PL_SCOPE_POOL, knob)
static const struct pl_field pool_rows[] = {
    {P("size", PL_FIELD_COUNT, F64, size, "Connections of each pod."),
     POOL(PL_POOL_SIZE),
     .required = 1},
    {P("size_max", PL_FIELD_COUNT, U32, size_max, "Largest size that a change can give it."),
     .low = 1,
     .high = PL_POOL_SIZE_MAX},
    {P("acquire_timeout", PL_FIELD_DURATION, F64, acquire_timeout_s, "Longest wait; 0: for ever."),
     POOL(PL_POOL_ACQUIRE_TIMEOUT)},
    {P("max_lifetime", PL_FIELD_DURATION, F64, max_lifetime_s, "Age of a connection; 0: any."),
     POOL(PL_POOL_MAX_LIFETIME)},
    {P("leak_on_error",
       PL_FIELD_SHARE,
       F64,
       leak_on_error,
       "Share of failing requests that never return their connection."),
     POOL(PL_POOL_LEAK_ON_ERROR)},
    {P("connect", PL_FIELD_DURATION, F64, connect_s, "Time to open a connection."),
     .low = 0,
     .high = 60},
};
const struct pl_key_table pl_pool_table = {
    .name = "pool",
    .doc = "Connections of each pod of a service to a database.",
    TABLE(pool_rows),
    .size = sizeof(struct pl_pool),
    .fill = fill_pool,
};

/* ---- Databases ------------------------------------------------------------------------------ */

static void fill_database(void *target)
{
    *(struct pl_database *)target = pl_database_default();
}

#define D(name, kind, store, member, text) PL_ROW(name, kind, store, pl_database, member, text)
#define DATABASE(knob)                     KNOB(PL_SCOPE_DATABASE, knob)
static const struct pl_field replica_rows[] = {
    {D("count", PL_FIELD_COUNT, U32, replicas, "Replicas."), .low = 0, .high = PL_REPLICAS_MAX},
    {D("cores", PL_FIELD_NUMBER, F64, replica_cores, "Cores of each replica of the fleet."),
     .low = 0.01,
     .high = 1024,
     .sliced = 1},
    {D("apply", PL_FIELD_DURATION, F64, replica_apply_s, "Time to apply one transaction."),
     .low = 0,
     .high = 60},
    {D("reads", PL_FIELD_SHARE, F64, replica_reads, "Share of capable reads that go to replicas."),
     DATABASE(PL_DATABASE_REPLICA_READS)},
};
static const struct pl_key_table replica_table = {
    .name = "replicas", .doc = "Read replicas.", TABLE(replica_rows)};

static const struct pl_field database_rows[] = {
    {D("system", PL_FIELD_CHOICE, STR, system, "Kind of database."), .words = "postgresql"},
    {D("cores", PL_FIELD_NUMBER, F64, cores, "Cores of the primary."),
     .low = 0.01,
     .high = 1024,
     .required = 1,
     .sliced = 1},
    {D("max_connections", PL_FIELD_COUNT, F64, max_connections, "Connections that it accepts."),
     DATABASE(PL_DATABASE_MAX_CONNECTIONS),
     .sliced = 1},
    {D("reserved", PL_FIELD_COUNT, U32, reserved_connections, "Of them, for administrators."),
     .low = 0,
     .high = 1000,
     .sliced = 1},
    {D("other_connections",
       PL_FIELD_COUNT,
       F64,
       other_connections,
       "Connections of clients that the world does not contain."),
     DATABASE(PL_DATABASE_OTHER_CONNECTIONS),
     .sliced = 1},
    {D("load", PL_FIELD_NUMBER, F64, load, "Cores busy with work of such clients."),
     DATABASE(PL_DATABASE_LOAD),
     .sliced = 1},
    {PL_ROW_CODE("replicas", PL_FIELD_GROUP, "Read replicas."), .sub = &replica_table},
    {D("deadlock_timeout", PL_FIELD_DURATION, F64, deadlock_timeout_s, "Lock waits logged above."),
     .low = 0,
     .high = 3600},
    {D("slow_query", PL_FIELD_DURATION, F64, slow_query_s, "Statements logged above this."),
     .low = 0,
     .high = 3600},
    {PL_ROW_CODE("statements", PL_FIELD_MAP, "Statements by name."), .sub = &pl_statement_table},
    {PL_ROW_CODE("locks", PL_FIELD_MAP, "Groups of row locks by name."), .sub = &pl_lock_table},
};
const struct pl_key_table pl_database_table = {
    .name = "database",
    .doc = "A primary with its replicas.",
    TABLE(database_rows),
    .size = sizeof(struct pl_database),
    .fill = fill_database,
};

static void fill_statement(void *target)
{
    *(struct pl_statement *)target = pl_statement_default();
}

#define Q(name, kind, store, member, text) PL_ROW(name, kind, store, pl_statement, member, text)
static const struct pl_field statement_rows[] = {
    {Q("summary", PL_FIELD_TEXT, STR, summary, "Operation and table: `SELECT orders`."),
     .required = 1},
    {Q("text", PL_FIELD_TEXT, STR, text, "SQL as pg_stat_statements shows it."), .required = 1},
    {Q("table", PL_FIELD_NAME, STR, table, "Table that it works on.")},
    {Q("plan", PL_FIELD_TEXT, STR, plan_good, "EXPLAIN output with the good plan.")},
    {Q("bad_plan", PL_FIELD_TEXT, STR, plan_bad, "EXPLAIN output with the bad plan.")},
    {Q("bad_plan_factor", PL_FIELD_NUMBER, F64, plan_bad_factor, "Cost with the bad plan."),
     .low = 1,
     .high = 100000},
    {Q("cpu", PL_FIELD_LAW, LAW, cpu, "Processor work in the database."), .required = 1},
    {Q("wait", PL_FIELD_LAW, LAW, wait, "Time outside the processor: disk, fsync.")},
    {Q("cost", PL_FIELD_NUMBER, F64, cost, "Factor on the processor work."),
     KNOB(PL_SCOPE_STATEMENT, PL_STATEMENT_COST)},
    {Q("rows", PL_FIELD_NUMBER, F64, rows, "Rows per call."), .low = 0, .high = 1e9},
    {Q("blocks", PL_FIELD_NUMBER, F64, blocks, "Buffers per call with the good plan."),
     .low = 0,
     .high = 1e9},
    {Q("writes", PL_FIELD_BOOL, U32, writes, "It changes rows, so replicas must apply it.")},
    {Q("replica", PL_FIELD_BOOL, U32, replica, "It may run on a replica.")},
};
const struct pl_key_table pl_statement_table = {
    .name = "statement",
    .doc = "A statement as pg_stat_statements would show it.",
    TABLE(statement_rows),
    .size = sizeof(struct pl_statement),
    .fill = fill_statement,
};

static void fill_lock(void *target)
{
    struct pl_lock *lock = target;
    lock->keys = 64;
    lock->population = 10000;
    lock->zipf = 1.0;
}

#define L(name, kind, store, member, text) PL_ROW(name, kind, store, pl_lock, member, text)
static const struct pl_field lock_rows[] = {
    {L("table", PL_FIELD_NAME, STR, table, "Table whose rows are locked.")},
    {L("keys", PL_FIELD_COUNT, U32, keys, "Most popular keys, tracked one by one."),
     .low = 1,
     .high = PL_LOCK_KEYS_MAX},
    {L("population", PL_FIELD_COUNT, F64, population, "Keys in all."),
     .low = 1,
     .high = 1e9,
     .sliced = 1},
    {L("zipf", PL_FIELD_NUMBER, F64, zipf, "Exponent of their popularity; 0: all alike."),
     .low = 0,
     .high = 3},
    {L("timeout", PL_FIELD_DURATION, F64, timeout_s, "lock_timeout; 0: none."),
     .low = 0,
     .high = 3600},
};
const struct pl_key_table pl_lock_table = {
    .name = "lock group",
    .doc = "Row locks of one table with skewed keys.",
    TABLE(lock_rows),
    .size = sizeof(struct pl_lock),
    .fill = fill_lock,
};

#define J(name, kind, store, member, text) PL_ROW(name, kind, store, pl_job, member, text)
#define JOB(knob)                          KNOB(PL_SCOPE_JOB, knob)
static const struct pl_field job_rows[] = {
    {PL_ROW_CODE("database", PL_FIELD_OTHER, "Database that it works on."),
     .words = "name of a database",
     .required = 1},
    {PL_ROW_CODE("lock", PL_FIELD_OTHER, "Lock group whose rows it locks."),
     .words = "name of a lock group of that database"},
    {J("query", PL_FIELD_TEXT, STR, query, "What its sessions show in the activity console.")},
    {J("on_replica", PL_FIELD_BOOL, U32, on_replica, "Its load is on the replicas.")},
    {J("running", PL_FIELD_BOOL, F64, running, "Whether it runs from the start."),
     JOB(PL_JOB_RUNNING)},
    {J("connections", PL_FIELD_COUNT, F64, connections, "Connections while it runs."),
     JOB(PL_JOB_CONNECTIONS),
     .sliced = 1},
    {J("load", PL_FIELD_NUMBER, F64, load, "Cores busy while it runs."),
     JOB(PL_JOB_LOAD),
     .sliced = 1},
    {J("lock_share", PL_FIELD_SHARE, F64, lock_share, "Share of the keys that it locks."),
     JOB(PL_JOB_LOCK_SHARE)},
    {J("lock_hold", PL_FIELD_DURATION, F64, lock_hold_s, "How long a batch holds its locks."),
     JOB(PL_JOB_LOCK_HOLD)},
    {J("lock_gap", PL_FIELD_DURATION, F64, lock_gap_s, "Time between batches."),
     JOB(PL_JOB_LOCK_GAP)},
};
const struct pl_key_table pl_job_table = {
    .name = "job",
    .doc = "Background work on a database: cron, report, import, backfill.",
    TABLE(job_rows),
    .size = sizeof(struct pl_job),
};

/* ---- Vendors, caches, topics, flags --------------------------------------------------------- */

static void fill_vendor(void *target)
{
    *(struct pl_vendor *)target = pl_vendor_default();
}

#define V(name, kind, store, member, text) PL_ROW(name, kind, store, pl_vendor, member, text)
static const struct pl_field vendor_rows[] = {
    {V("address", PL_FIELD_TEXT, STR, address, "Host as spans show it (server.address).")},
    {V("latency", PL_FIELD_LAW, LAW, latency, "Time until it answers."), .required = 1},
    {V("slow_share", PL_FIELD_SHARE, F64, slow_share, "Share of calls that slowness concerns."),
     KNOB(PL_SCOPE_VENDOR, PL_VENDOR_SLOW_SHARE)},
    {V("error_rate", PL_FIELD_SHARE, F64, error_rate, "Share of calls that fail."),
     KNOB(PL_SCOPE_VENDOR, PL_VENDOR_ERROR_RATE)},
    {V("quota", PL_FIELD_RATE, F64, quota, "Calls that it accepts; 0/s: any."),
     KNOB(PL_SCOPE_VENDOR, PL_VENDOR_QUOTA),
     .sliced = 1},
};
const struct pl_key_table pl_vendor_table = {
    .name = "vendor",
    .doc = "A third party.",
    TABLE(vendor_rows),
    .size = sizeof(struct pl_vendor),
    .fill = fill_vendor,
};

static void fill_cache(void *target)
{
    struct pl_cache *cache = target;
    cache->nodes = 1;
    cache->zipf = 1.0;
    cache->ttl_s = 300.0;
    cache->latency = pl_law_constant(0.001);
}

#define C(name, kind, store, member, text) PL_ROW(name, kind, store, pl_cache, member, text)
static const struct pl_field cache_rows[] = {
    {C("keys", PL_FIELD_COUNT, U32, keys, "Keys in all."),
     .low = 1,
     .high = PL_CACHE_KEYS_MAX,
     .required = 1,
     .sliced = 1},
    {C("nodes", PL_FIELD_COUNT, U32, nodes, "Nodes that the keys are spread over."),
     KNOB(PL_SCOPE_CACHE, PL_CACHE_NODES)},
    {C("capacity",
       PL_FIELD_COUNT,
       F64,
       capacity,
       "Keys that a node holds, the least recently used leaves; 0: no limit."),
     KNOB(PL_SCOPE_CACHE, PL_CACHE_CAPACITY),
     .sliced = 1},
    {C("rehash",
       PL_FIELD_BOOL,
       U32,
       rehash,
       "Keys of a lost node move to the others; else they miss until it is back.")},
    {C("zipf", PL_FIELD_NUMBER, F64, zipf, "Exponent of the keys' popularity."),
     .low = 0,
     .high = 3},
    {C("ttl", PL_FIELD_DURATION, F64, ttl_s, "How long an entry lives."),
     KNOB(PL_SCOPE_CACHE, PL_CACHE_TTL)},
    {C("jitter", PL_FIELD_SHARE, F64, jitter, "Share of the TTL that is random."),
     .low = 0,
     .high = 1},
    {C("latency", PL_FIELD_LAW, LAW, latency, "Time of a read or write.")},
};
const struct pl_key_table pl_cache_table = {
    .name = "cache",
    .doc = "A look-aside cache.",
    TABLE(cache_rows),
    .size = sizeof(struct pl_cache),
    .fill = fill_cache,
};

static void fill_topic(void *target)
{
    struct pl_topic *topic = target;
    topic->partitions = 1;
    topic->depth_max = 1024;
    topic->consumer_route = PL_NONE;
}

#define T(name, kind, store, member, text) PL_ROW(name, kind, store, pl_topic, member, text)
static const struct pl_field topic_rows[] = {
    {T("group", PL_FIELD_NAME, STR, group, "Consumer group.")},
    {T("partitions", PL_FIELD_COUNT, U32, partitions, "Partitions."), .low = 1, .high = 1024},
    {PL_ROW_CODE("consumer", PL_FIELD_OTHER, "Route that is run per message."),
     .words = "service/route"},
    {T("consumers", PL_FIELD_COUNT, F64, consumers, "Messages worked on at once."),
     KNOB(PL_SCOPE_TOPIC, PL_TOPIC_CONSUMERS),
     .sliced = 1},
    {T("paused", PL_FIELD_BOOL, F64, paused, "Whether consumption stands still."),
     KNOB(PL_SCOPE_TOPIC, PL_TOPIC_PAUSED)},
    {T("depth_max", PL_FIELD_COUNT, U32, depth_max, "Messages that the state can hold."),
     .low = 1,
     .high = 65536},
};
const struct pl_key_table pl_topic_table = {
    .name = "topic",
    .doc = "A topic of the broker and the group that consumes it.",
    TABLE(topic_rows),
    .size = sizeof(struct pl_topic),
    .fill = fill_topic,
};

static const struct pl_field flag_rows[] = {
    {PL_ROW("owner", PL_FIELD_NAME, STR, pl_flag, owner, "Who answers for it.")},
    {PL_ROW("value", PL_FIELD_SHARE, F64, pl_flag, value, "Share of users that have it."),
     KNOB(PL_SCOPE_FLAG, PL_FLAG_VALUE)},
};
const struct pl_key_table pl_flag_table = {
    .name = "flag",
    .doc = "A feature flag.",
    TABLE(flag_rows),
    .size = sizeof(struct pl_flag),
};

/* ---- Links, effects ------------------------------------------------------------------------- */

static void fill_link(void *target)
{
    *(struct pl_link *)target = pl_link_default();
}

#define K(name, kind, store, member, text) PL_ROW(name, kind, store, pl_link, member, text)
static const struct pl_field link_rows[] = {
    {PL_ROW_CODE("from", PL_FIELD_OTHER, "Service whose pods keep connections open."),
     .words = "name of a service",
     .required = 1},
    {PL_ROW_CODE("to", PL_FIELD_OTHER, "Vendor that they lead to."),
     .words = "name of a vendor",
     .required = 1},
    {K("connections", PL_FIELD_COUNT, U32, connections, "Connections of each pod."),
     .low = 1,
     .high = PL_LINK_CONNECTIONS_MAX},
    {K("lifetime", PL_FIELD_DURATION, F64, lifetime_s, "Age at which one is opened anew."),
     KNOB(PL_SCOPE_LINK, PL_LINK_LIFETIME)},
    {K("handshake", PL_FIELD_DURATION, F64, handshake_s, "What a new one adds to its first call."),
     .low = 0,
     .high = 60},
};
const struct pl_key_table pl_link_table = {
    .name = "link",
    .doc = "Connections that pods keep open to a vendor.",
    TABLE(link_rows),
    .size = sizeof(struct pl_link),
    .fill = fill_link,
};

static void fill_effect(void *target)
{
    *(struct pl_effect_def *)target = pl_effect_default();
}

#define F(name, kind, store, member, text) PL_ROW(name, kind, store, pl_effect_def, member, text)
static const struct pl_field effect_rows[] = {
    {F("title", PL_FIELD_TEXT, STR, title, "What happens to the customer."), .required = 1},
    {PL_ROW_CODE("route", PL_FIELD_OTHER, "Route that makes the key of the operation."),
     .words = "service/route",
     .required = 1},
    {PL_ROW_CODE("seen_by", PL_FIELD_OTHER, "Database whose replica tells what was seen before."),
     .words = "name of a database"},
    {PL_ROW_CODE("doubles_at", PL_FIELD_OTHER, "Vendor that `doubled` is about; else any."),
     .words = "name of a vendor"},
    {F("wanted", PL_FIELD_COUNT, U32, wanted, "How often one wish should have it."),
     .low = 0,
     .high = 8},
    {F("worth", PL_FIELD_NUMBER, F64, worth_twice, "Damage of one too many."),
     .low = 0,
     .high = 10000},
    {F("worth_lost", PL_FIELD_NUMBER, F64, worth_lost, "Damage of a wish said to be done, not."),
     .low = 0,
     .high = 10000},
    {F("worth_unknown",
       PL_FIELD_NUMBER,
       F64,
       worth_unknown,
       "Damage of one whose user was told of an error."),
     .low = 0,
     .high = 10000},
};
const struct pl_key_table pl_effect_table = {
    .name = "effect",
    .doc = "Something that is done to customers and must be done as often as they wish.",
    TABLE(effect_rows),
    .size = sizeof(struct pl_effect_def),
    .fill = fill_effect,
};

/* ---- Traffic -------------------------------------------------------------------------------- */

static void fill_source(void *target)
{
    *(struct pl_source *)target = pl_source_default();
}

#define A(name, kind, store, member, text) PL_ROW(name, kind, store, pl_source, member, text)
static const struct pl_field retry_rows[] = {
    {A("times", PL_FIELD_COUNT, F64, retries, "Attempts after the first."),
     KNOB(PL_SCOPE_SOURCE, PL_SOURCE_RETRIES)},
    {A("after", PL_FIELD_DURATION, F64, retry_after_s, "Wait before each."), .low = 0, .high = 600},
};
static const struct pl_key_table retry_table = {
    .name = "retry",
    .doc = "What users do after an error or when they lost patience.",
    TABLE(retry_rows)};

static const struct pl_field burst_rows[] = {
    {A("factor", PL_FIELD_NUMBER, F64, burst, "Rate in the high state."),
     KNOB(PL_SCOPE_SOURCE, PL_SOURCE_BURST)},
    {A("high", PL_FIELD_DURATION, F64, burst_high_s, "Mean stay in the high state."),
     .low = 0.001,
     .high = 86400},
    {A("low", PL_FIELD_DURATION, F64, burst_low_s, "Mean stay in the low state."),
     .low = 0.001,
     .high = 86400},
};
static const struct pl_key_table burst_table = {
    .name = "burst", .doc = "Bursts of `bursty` arrivals.", TABLE(burst_rows)};

static const struct pl_field source_rows[] = {
    {PL_ROW_CODE("arrivals", PL_FIELD_OTHER, "Kind and rate of arrivals."),
     .words = "poisson RATE | constant RATE | bursty RATE | closed USERS",
     .required = 1},
    {PL_ROW_CODE("burst", PL_FIELD_GROUP, "Bursts of `bursty` arrivals."), .sub = &burst_table},
    {A("think", PL_FIELD_LAW, LAW, think, "Pause of a closed user between requests.")},
    {PL_ROW_CODE("shape", PL_FIELD_OTHER, "Factor on the rate by time of day, linear between."),
     .words = "map of \"HH:MM\" to a factor, ascending"},
    {A("patience", PL_FIELD_LAW, LAW, patience, "A user leaves after this; 0s: never.")},
    {A("replays", PL_FIELD_BOOL, U32, replays, "Nobody wishes these: each effect is harm.")},
    {PL_ROW_CODE("retry", PL_FIELD_GROUP, "What users do after an error."), .sub = &retry_table},
    {PL_ROW_CODE("mix", PL_FIELD_OTHER, "Share of each route."),
     .words = "map of service/route to a share, or to {share, worth}",
     .sub = &pl_mix_table,
     .required = 1},
};
const struct pl_key_table pl_source_table = {
    .name = "traffic source",
    .doc = "Arrivals of one kind of users.",
    TABLE(source_rows),
    .size = sizeof(struct pl_source),
    .fill = fill_source,
};

static void fill_mix(void *target)
{
    ((struct pl_mix_form *)target)->worth = 1.0;
}
static const struct pl_field mix_rows[] = {
    {PL_ROW("share", PL_FIELD_SHARE, F64, pl_mix_form, share, "Share of the arrivals."),
     .required = 1},
    {PL_ROW(
         "worth", PL_FIELD_NUMBER, F64, pl_mix_form, worth, "Weight of a failure in the damage."),
     .low = 0,
     .high = 1000},
};
const struct pl_key_table pl_mix_table = {
    .name = "mix entry",
    .doc = "A route and its share of the arrivals.",
    TABLE(mix_rows),
    .size = sizeof(struct pl_mix_form),
    .fill = fill_mix,
};

/* ---- The file ------------------------------------------------------------------------------- */

#define O(name, kind, member, text) PL_ROW(name, kind, F64, pl_world, objectives.member, text)
static const struct pl_field slo_rows[] = {
    {O("mean", PL_FIELD_DURATION, latency_mean_s, "Mean latency."), .low = 0, .high = 600},
    {O("p99", PL_FIELD_DURATION, latency_p99_s, "99th percentile of latency."),
     .low = 0,
     .high = 600},
    {O("errors", PL_FIELD_SHARE, error_ratio, "Share of requests that may fail."),
     .low = 0,
     .high = 1},
    {O("availability", PL_FIELD_SHARE, availability, "Share of good requests in a month."),
     .low = 0,
     .high = 1},
    {O("monthly_requests", PL_FIELD_COUNT, monthly_requests, "Requests of the fleet in a month."),
     .low = 0,
     .high = 1e12,
     .sliced = 1},
};
static const struct pl_key_table slo_table = {
    .name = "list of objectives", .doc = "Objectives of the world.", TABLE(slo_rows)};

static const struct pl_field world_rows[] = {
    {PL_ROW("world", PL_FIELD_NAME, STR, pl_world, name, "Name of the world, as the file's."),
     .required = 1},
    {PL_ROW("title", PL_FIELD_TEXT, STR, pl_world, title, "One line about it."), .required = 1},
    {PL_ROW_CODE("slice", PL_FIELD_OTHER, "Part of the fleet that is simulated."), .words = "1/N"},
    {PL_ROW("frames", PL_FIELD_COUNT, U32, pl_world, frames_max, "Limit of requests in flight."),
     .low = 16,
     .high = PL_FRAMES_MAX},
    {PL_ROW("clock", PL_FIELD_CLOCK, F64, pl_world, start_clock_s, "Time of day at the start.")},
    {PL_ROW_CODE("slo", PL_FIELD_GROUP, "Objectives of the world."), .sub = &slo_table},
    {PL_ROW_CODE("flags", PL_FIELD_MAP, "Feature flags by name."), .sub = &pl_flag_table},
    {PL_ROW_CODE("vendors", PL_FIELD_MAP, "Third parties by name."), .sub = &pl_vendor_table},
    {PL_ROW_CODE("databases", PL_FIELD_MAP, "Databases by name."), .sub = &pl_database_table},
    {PL_ROW_CODE("caches", PL_FIELD_MAP, "Caches by name."), .sub = &pl_cache_table},
    {PL_ROW_CODE("topics", PL_FIELD_MAP, "Topics by name."), .sub = &pl_topic_table},
    {PL_ROW_CODE("volumes", PL_FIELD_MAP, "Disks with credits by name."), .sub = &pl_volume_table},
    {PL_ROW_CODE("tenants", PL_FIELD_MAP, "Tenants with a name."), .sub = &pl_tenant_table},
    {PL_ROW_CODE("streams", PL_FIELD_MAP, "Partitioned logs by name."), .sub = &pl_stream_table},
    {PL_ROW_CODE("groups", PL_FIELD_MAP, "Consumer groups by name."), .sub = &pl_group_table},
    {PL_ROW_CODE("services", PL_FIELD_MAP, "Services by name."),
     .sub = &pl_service_table,
     .required = 1},
    {PL_ROW_CODE("jobs", PL_FIELD_MAP, "Background jobs by name."), .sub = &pl_job_table},
    {PL_ROW_CODE("traffic", PL_FIELD_MAP, "Sources of requests by name."),
     .sub = &pl_source_table,
     .required = 1},
    {PL_ROW_CODE("links", PL_FIELD_MAP, "Connections kept open to vendors, by name."),
     .sub = &pl_link_table},
    {PL_ROW_CODE("effects", PL_FIELD_MAP, "What is done to customers, by name."),
     .sub = &pl_effect_table},
    {PL_ROW_CODE("setting", PL_FIELD_OBJECT, "Teams, people, alerts, actions."),
     .sub = &pl_setting_table},
};
const struct pl_key_table pl_world_table = {
    .name = "world file",
    .doc = "What exists, how it is wired, and how it is used.",
    TABLE(world_rows),
    .size = sizeof(struct pl_world),
};
