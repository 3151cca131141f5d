// SPDX-License-Identifier: Apache-2.0
//
// The record: what instruments remember of an observed run.
//
// The model adds to it when one is given; a silent rollout passes NULL and reaches the same state.
// Nothing in the state ever depends on the record. Values are cumulative since the start of the
// run (as in a process that never restarts); observe/ scrapes them into series.
// The record holds pointers into its own memory: pl_record_fork copies it, memcpy does not.
#ifndef PL_MODEL_RECORD_H
#define PL_MODEL_RECORD_H

#include "base/check.h"
#include "base/random.h"
#include "model/world.h"
#include "sim/clock.h"
#include "stats/histogram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PL_HTTP_BUCKETS = 15,       /* 14 finite bounds of the OpenTelemetry advice and +Inf */
    PL_DB_BUCKETS = 10,         /* 9 finite bounds and +Inf */
    PL_BUCKET_RULE_HALVES = 28, /* halves of octaves from 2^-10 s to 16 s */
    PL_SPANS_MAX = 65536,       /* usual ring of the newest spans of sampled traces */
    PL_LOGS_MAX = 65536         /* usual ring of the newest log-worthy events */
};

/** How much a record remembers. */
struct pl_record_def {
    double trace_share; /* share of traces whose spans are kept, 0..1 */
    uint32_t spans;     /* places of the ring of spans, a power of two */
    uint32_t logs;      /* places of the ring of log events, a power of two */
};

/** Upper bounds in seconds of the finite HTTP buckets: 0.005 .. 10. */
extern const double pl_http_bounds[PL_HTTP_BUCKETS - 1];
/** Upper bounds in seconds of the finite database buckets: 0.001 .. 10. */
extern const double pl_db_bounds[PL_DB_BUCKETS - 1];

/** Outcome of a request or call as a status code class. */
enum pl_code {
    PL_CODE_OK,          /* 200 / 201 */
    PL_CODE_NOT_FOUND,   /* 404 */
    PL_CODE_LIMITED,     /* 429 */
    PL_CODE_ERROR,       /* 500 */
    PL_CODE_UNAVAILABLE, /* 503: refused, shed, queue full, no pod, breaker open */
    PL_CODE_TIMEOUT,     /* 504 at the server; error.type timeout at the client */
    PL_CODE_COUNT
};

/** HTTP status number that stands for a code: 200, 404, 429, 500, 503, 504. */
uint32_t pl_code_http(enum pl_code code);

/** Cumulative histogram with the HTTP buckets (not yet summed over le). */
struct pl_http_cell {
    uint64_t count[PL_HTTP_BUCKETS];
    double sum_s;
};

/** Cumulative histogram with the database buckets. */
struct pl_db_cell {
    uint64_t count[PL_DB_BUCKETS];
    double sum_s;
};

/** What a log-worthy event was; observe/ renders the line. */
enum pl_log_kind {
    PL_LOG_ACQUIRE_TIMEOUT, /* a=pool, value=waited ns */
    PL_LOG_CALL_TIMEOUT,    /* a=edge, b=attempt, value=timeout ns */
    PL_LOG_CALL_FAILED,     /* a=edge, b=code, value=elapsed ns */
    PL_LOG_CALL_RETRY,      /* a=edge, b=attempt */
    PL_LOG_BREAKER_OPEN,    /* a=edge */
    PL_LOG_BREAKER_CLOSED,  /* a=edge */
    PL_LOG_BULKHEAD_FULL,   /* a=edge */
    PL_LOG_QUEUE_FULL,      /* a=route, value=queue length */
    PL_LOG_SHED,            /* a=route */
    PL_LOG_INTERNAL_ERROR,  /* a=route */
    PL_LOG_DB_REFUSED,      /* a=pool: too many clients already */
    PL_LOG_DB_DOWN,         /* a=pool: failover in progress */
    PL_LOG_LOCK_WAIT,    /* a=lock, b=key, value=waited ns, when longer than the database's limit */
    PL_LOG_LOCK_TIMEOUT, /* a=lock, b=key, value=waited ns */
    PL_LOG_SLOW_QUERY,   /* a=statement, value=elapsed ns */
    PL_LOG_GC_PAUSE,     /* a=number of the pause, value=pause ns */
    PL_LOG_OOM_KILLED,   /* value=memory in bytes */
    PL_LOG_POD_STARTED,  /* a=release */
    PL_LOG_POD_STOPPED,  /* a=reason: 0 scale-in, 1 restart, 2 out of memory, 3 liveness, 4 rollout
                          */
    PL_LOG_PROBE_FAILED, /* b=failures in a row */
    PL_LOG_SCALED,       /* a=from, b=to (autoscaler) */
    PL_LOG_STALE_READ,   /* a=database, value=lag ns: replica behind, request polls */
    PL_LOG_VENDOR_LIMITED,   /* a=vendor */
    PL_LOG_CONN_KILLED,      /* a=pool: terminated by administrator or failover */
    PL_LOG_SLOW_REQUEST,     /* a=route, value=elapsed ns, above 1 s */
    PL_LOG_HANDSHAKE_FAILED, /* a=edge, b=reason, 0: not told, value=elapsed ns */
    PL_LOG_POLL_TIMEOUT,     /* a=group, value=poll interval ns: thrown out of the group */
    PL_LOG_REBALANCE,        /* a=group, b=members before */
    PL_LOG_BATCH_FAILED,     /* a=stream, b=partition, value=offset of its first record */
    PL_LOG_KIND_COUNT
};

/** One event. pod is the global pod index or PL_NONE. */
struct pl_log {
    int64_t t_ns;
    uint64_t trace;    /* trace id, also for requests whose spans were not sampled; 0: none */
    uint64_t sequence; /* number of this event in the run */
    int64_t value;
    uint32_t kind; /* enum pl_log_kind */
    uint32_t service;
    uint32_t pod;
    uint32_t a;
    uint32_t b;
    uint32_t route; /* of the request concerned, or PL_NONE */
};

/** Kind of a span. */
enum pl_span_kind {
    PL_SPAN_SERVER,   /* a=route */
    PL_SPAN_CLIENT,   /* a=edge */
    PL_SPAN_DB,       /* a=statement */
    PL_SPAN_CACHE,    /* a=cache, code OK hit, NOT_FOUND miss */
    PL_SPAN_PRODUCER, /* a=topic */
    PL_SPAN_CONSUMER  /* a=topic */
};

/** One finished span of a sampled trace. Waits for pools, locks and queues leave gaps. */
struct pl_span {
    uint64_t trace;
    uint64_t span;
    uint64_t parent; /* 0: root */
    int64_t start_ns;
    int64_t end_ns;
    uint32_t kind; /* enum pl_span_kind */
    uint32_t service;
    uint32_t pod;
    uint32_t a;
    uint32_t code;    /* enum pl_code */
    uint32_t attempt; /* from 0 */
};

/** Cumulative counters of one pod's pool. */
struct pl_pool_counters {
    uint64_t acquired;
    uint64_t timeouts;
    uint64_t refused; /* connection attempts that the database refused */
    uint64_t opened;
    struct pl_db_cell wait; /* db.client.connection.wait_time */
};

/** Counters of one statement as the server counts them. */
struct pl_statement_counters {
    uint64_t calls;
    double total_s;
    double max_s;
};

/** End-to-end view of a source's users. */
struct pl_source_counters {
    uint64_t offered;
    uint64_t ok;
    uint64_t failed;
    uint64_t slow;
    uint64_t left; /* lost patience */
    uint64_t retried;
};

/** Exact latency of a route at its server, for `plumb simulate` and tests. */
struct pl_route_counters {
    uint64_t offered;
    uint64_t completed;
    uint64_t failed;
    struct pl_histogram latency; /* completed requests */
};

/** The record; cumulative values since the start or the last reset. */
struct pl_record {
    const struct pl_world *world; /* borrowed for the life of the record */
    double trace_share;           /* head sampling, 0..1; set by pl_record_sample */
    uint64_t trace_below;         /* the same of a trace's 52 bits */
    /* [pod][route of the service][code]; use pl_record_server */
    struct pl_http_cell *server;
    /* [pod][edge][code]; use pl_record_client */
    struct pl_http_cell *client;
    /* [pod][statement]; use pl_record_db */
    struct pl_db_cell *db;
    /* [pod][pool]; use pl_record_pool */
    struct pl_pool_counters *pools;
    /* [pool][route]; connection use time, all pods together */
    struct pl_db_cell *pool_use;
    struct pl_statement_counters statements[PL_STATEMENTS_MAX];
    struct pl_source_counters sources[PL_SOURCES_MAX];
    struct pl_route_counters routes[PL_ROUTES_MAX];
    uint64_t edge_attempts[PL_EDGES_MAX];
    uint64_t edge_requests[PL_EDGES_MAX]; /* attempts without retries */
    uint64_t cache_hits[PL_CACHES_MAX];
    uint64_t cache_misses[PL_CACHES_MAX];
    uint64_t topic_published[PL_TOPICS_MAX];
    uint64_t topic_consumed[PL_TOPICS_MAX];
    uint64_t db_deadlocks[PL_DATABASES_MAX];
    uint64_t db_commits[PL_DATABASES_MAX];
    uint64_t pod_restarts[PL_PODS_MAX];
    uint64_t pod_gc_count[PL_PODS_MAX];
    double pod_gc_s[PL_PODS_MAX];
    uint64_t log_counts[PL_SERVICES_MAX][PL_LOG_KIND_COUNT]; /* exact, also when the ring forgot */
    uint32_t span_max;   /* places of the ring, a power of two */
    uint32_t log_max;    /* places of the ring, a power of two */
    uint64_t span_count; /* spans ever written; ring position = span_count % span_max */
    uint64_t log_count;  /* logs ever written; ring position = log_count % log_max */
    struct pl_span *spans;
    struct pl_log *logs;
};

/** Bytes of memory that pl_record_init needs for this world. */
size_t pl_record_size(const struct pl_world *world);

/**
 * Build an empty record in `memory`.
 *
 * @param world        sealed, borrowed
 * @param memory       pl_record_size bytes, aligned to 16, owned by the caller
 * @param trace_share  share of traces whose spans are kept, 0..1
 * @return the record, inside `memory`
 */
struct pl_record *pl_record_init(const struct pl_world *world, void *memory, double trace_share);

/** Bytes of memory that pl_record_open needs for this world. */
size_t pl_record_size_of(const struct pl_world *world, const struct pl_record_def *def);

/**
 * Build an empty record that remembers as much as `def` says.
 *
 * @param world   sealed, borrowed
 * @param def     copied
 * @param memory  pl_record_size_of bytes, aligned to 16, owned by the caller
 * @return the record, inside `memory`
 */
struct pl_record *
pl_record_open(const struct pl_world *world, const struct pl_record_def *def, void *memory);

/**
 * Copy a record into other memory; both go on apart. Of the rings, only what has been written is
 * copied.
 *
 * @param source  copied
 * @param memory  as much as the source was opened in, aligned to 16
 * @return the copy, inside `memory`
 */
struct pl_record *pl_record_fork(const struct pl_record *source, void *memory);

/** Point a record whose bytes were copied to another address at its own memory. */
void pl_record_settle(struct pl_record *record);

/**
 * Keep the spans of another share of the traces from now on.
 *
 * @param share  0..1
 */
void pl_record_sample(struct pl_record *record, double share);

/** Does the record keep the spans of this trace? */
static inline bool pl_record_keeps(const struct pl_record *record, uint64_t trace)
{
    return (pl_random_mix(trace ^ UINT64_C(0x7472616365)) >> 12) < record->trace_below;
}

/** How the bucket of a duration is found: by its exponent and the first bit behind it. */
struct pl_bucket_rule {
    double bounds[PL_HTTP_BUCKETS];       /* finite ones, then numbers that nothing exceeds */
    uint8_t below[PL_BUCKET_RULE_HALVES]; /* [half of an octave] bounds that lie below it */
};

/** Rules of the HTTP and of the database buckets. */
extern const struct pl_bucket_rule pl_http_rule;
extern const struct pl_bucket_rule pl_db_rule;

/** Bucket of a duration in seconds, >= 0: the number of bounds that it exceeds. */
static inline uint32_t pl_record_bucket(const struct pl_bucket_rule *rule, double seconds)
{
    const uint64_t first = UINT64_C(1013) * 2; /* halves of octaves from 2^-10 s on */
    uint64_t half = pl_random_bits_of(seconds) >> 51;
    half = half < first ? 0 : half - first;
    half = half < PL_BUCKET_RULE_HALVES ? half : PL_BUCKET_RULE_HALVES - 1;
    uint32_t below = rule->below[half];
    return below + (seconds > rule->bounds[below] ? 1 : 0);
}

/** Add one duration to a cell, whose bucket is known. */
static inline void pl_record_http_in(struct pl_http_cell *cell, uint32_t bucket, double seconds)
{
    cell->count[bucket]++;
    cell->sum_s += seconds;
}

/** Add one duration to a cell. */
static inline void pl_record_http(struct pl_http_cell *cell, int64_t elapsed_ns)
{
    double seconds = pl_clock_s(elapsed_ns);
    pl_record_http_in(cell, pl_record_bucket(&pl_http_rule, seconds), seconds);
}

/** Add one duration to a cell. */
static inline void pl_record_db_time(struct pl_db_cell *cell, int64_t elapsed_ns)
{
    double seconds = pl_clock_s(elapsed_ns);
    cell->count[pl_record_bucket(&pl_db_rule, seconds)]++;
    cell->sum_s += seconds;
}

/** Server-side durations of a route on a pod. `pod` is the global pod index. */
static inline struct pl_http_cell *
pl_record_server(const struct pl_record *record, uint32_t pod, uint32_t route, enum pl_code code)
{
    PL_DCHECK(pod < record->world->pod_count && route < record->world->route_count);
    size_t index = ((size_t)pod * record->world->route_count + route) * PL_CODE_COUNT;
    return &record->server[index + (size_t)code];
}

/** Client-side durations of an edge on a pod. */
static inline struct pl_http_cell *
pl_record_client(const struct pl_record *record, uint32_t pod, uint32_t edge, enum pl_code code)
{
    PL_DCHECK(pod < record->world->pod_count && edge < record->world->edge_count);
    size_t index = ((size_t)pod * record->world->edge_count + edge) * PL_CODE_COUNT;
    return &record->client[index + (size_t)code];
}

/** Client-side durations of a statement on a pod. */
static inline struct pl_db_cell *
pl_record_db(const struct pl_record *record, uint32_t pod, uint32_t statement)
{
    PL_DCHECK(pod < record->world->pod_count && statement < record->world->statement_count);
    return &record->db[(size_t)pod * record->world->statement_count + statement];
}

/** Counters of a pool on a pod. */
static inline struct pl_pool_counters *
pl_record_pool(const struct pl_record *record, uint32_t pod, uint32_t pool)
{
    PL_DCHECK(pod < record->world->pod_count && pool < record->world->pool_count);
    return &record->pools[(size_t)pod * record->world->pool_count + pool];
}

/** Time that connections of a pool were held, by route. */
static inline struct pl_db_cell *
pl_record_pool_use(const struct pl_record *record, uint32_t pool, uint32_t route)
{
    PL_DCHECK(pool < record->world->pool_count && route < record->world->route_count);
    return &record->pool_use[(size_t)pool * record->world->route_count + route];
}

/** Forget all cumulative values (used at the end of a warm-up); the rings stay. */
void pl_record_reset(struct pl_record *record);

#endif
