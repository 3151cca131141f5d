// SPDX-License-Identifier: Apache-2.0
//
// The definition of a world: what exists, how it is wired, and every value that can change.
//
// A definition is filled by a reader (scenario/) or by hand (tests), then sealed by pl_world_seal,
// and immutable after that. All sizes are counts of simulated things: a slice of a fleet carries
// `slice_of` for the instruments, the model itself knows only what it simulates.
//
// Every tunable is a *param*: one double with a path such as `pool.checkout-api.orders-db.size`.
// Params live in the state (a fork keeps its own), so a fault, a red herring, an action of a player
// and a deploy are all the same thing: a change of a param at a moment. Each entity owns a block
// of params, one per knob of its kind; `param0` is the first, filled by pl_world_seal.
//
// Index 0 is valid for entities (they are positions in arrays); PL_NONE means "no entity".
#ifndef PL_MODEL_WORLD_H
#define PL_MODEL_WORLD_H

#include "base/error.h"
#include "model/law.h"
#include "model/streams.h"

#include <stdint.h>

#define PL_NONE UINT32_C(0xffffffff)

enum {
    PL_NAME_MAX = 48,
    PL_LABEL_MAX = 96,
    PL_TEXT_MAX = 400,
    PL_CHOICES_MAX = 8,  /* pods that a balancer compares */
    PL_PRIORITY_MAX = 7, /* lowest class of a route */
    PL_SHARDS_MAX = 64,  /* parts that conditions divide requests into */
    PL_SERVICES_MAX = 16,
    PL_ROUTES_MAX = 64,
    PL_STEPS_MAX = 512,
    PL_EDGES_MAX = 64,
    PL_POOLS_MAX = 16,
    PL_DATABASES_MAX = 4,
    PL_REPLICAS_MAX = 3,
    PL_STATEMENTS_MAX = 64,
    PL_LOCKS_MAX = 8,
    PL_LOCK_KEYS_MAX = 256,
    PL_JOBS_MAX = 16,
    PL_VENDORS_MAX = 16,
    PL_CACHES_MAX = 4,
    PL_CACHE_KEYS_MAX = 16384,
    PL_CACHE_NODES_MAX = 64,
    PL_GUIDE_STEPS = 1024, /* entries of a table that says where to look in a cdf */
    PL_TOPICS_MAX = 8,
    PL_FLAGS_MAX = 24,
    PL_LINKS_MAX = 4,
    PL_LINK_CONNECTIONS_MAX = 64, /* of one pod */
    PL_EFFECTS_MAX = 8,
    PL_SOURCES_MAX = 4,
    PL_MIX_MAX = 12,
    PL_SHAPE_MAX = 48,
    PL_PARAMS_MAX = 1024,
    PL_PODS_MAX = 256,      /* pods over all services, at their largest */
    PL_WORKERS_MAX = 1024,  /* per pod */
    PL_POOL_SIZE_MAX = 128, /* connections of one pod's pool */
    PL_FRAMES_MAX = 65536
};

/*
 * Knobs: X(CONSTANT, "name in paths", min, max, "unit"). A knob is one param per entity.
 * Units: s seconds, x factor, p share 0..1, n count, /s per second, MB megabytes, bool 0 or 1,
 * pulse: writing a value that is not 0 triggers the effect once.
 */
#define PL_SERVICE_KNOBS(X)                                          \
    X(PL_SERVICE_PODS, "pods", 0, 256, "n")                          \
    X(PL_SERVICE_WORKERS, "workers", 0, 1024, "n")                   \
    X(PL_SERVICE_QUEUE_LIMIT, "queue_limit", 0, 65536, "n")          \
    X(PL_SERVICE_CPU_FACTOR, "cpu_factor", 0.01, 1000, "x")          \
    X(PL_SERVICE_CPU_QUOTA, "cpu_quota", 0, 64, "n")                 \
    X(PL_SERVICE_CPU_QUOTA_PODS, "cpu_quota_pods", 0, 1, "p")        \
    X(PL_SERVICE_GC_INTERVAL, "gc_interval", 0, 3600, "s")           \
    X(PL_SERVICE_GC_PAUSE, "gc_pause", 0, 60, "s")                   \
    X(PL_SERVICE_LEAK_RATE, "leak_rate", 0, 1000, "MB")              \
    X(PL_SERVICE_LEAK_PER_REQUEST, "leak_per_request", 0, 100, "MB") \
    X(PL_SERVICE_MEMORY_LIMIT, "memory_limit", 0, 1048576, "MB")     \
    X(PL_SERVICE_ERROR_RATE, "error_rate", 0, 1, "p")                \
    X(PL_SERVICE_RESTART, "restart", 0, 1, "pulse")                  \
    X(PL_SERVICE_RELEASE, "release", 0, 1000, "n")                   \
    X(PL_SERVICE_AUTOSCALE, "autoscale", 0, 1, "bool")               \
    X(PL_SERVICE_AUTOSCALE_MIN, "autoscale_min", 1, 256, "n")        \
    X(PL_SERVICE_AUTOSCALE_MAX, "autoscale_max", 1, 256, "n")        \
    X(PL_SERVICE_HEALTH_DEEP, "health_deep", 0, 1, "bool")           \
    X(PL_SERVICE_GC_HEAP, "gc_heap", 0, 1048576, "MB")

#define PL_ROUTE_KNOBS(X)               \
    X(PL_ROUTE_SHED, "shed", 0, 1, "p") \
    X(PL_ROUTE_CONCURRENCY, "concurrency", 0, 1024, "n")

#define PL_STEP_KNOBS(X)                      \
    X(PL_STEP_TIMES, "times", 0, 1000, "n")   \
    X(PL_STEP_SHARE, "share", 0, 1, "p")      \
    X(PL_STEP_FACTOR, "factor", 0, 1000, "x") \
    X(PL_STEP_ERROR, "error", 0, 1, "p")

#define PL_EDGE_KNOBS(X)                          \
    X(PL_EDGE_TIMEOUT, "timeout", 0, 600, "s")    \
    X(PL_EDGE_RETRIES, "retries", 0, 20, "n")     \
    X(PL_EDGE_BACKOFF, "backoff", 0, 60, "s")     \
    X(PL_EDGE_JITTER, "jitter", 0, 1, "p")        \
    X(PL_EDGE_BUDGET, "budget", 0, 10, "p")       \
    X(PL_EDGE_BREAKER, "breaker", 0, 2, "n")      \
    X(PL_EDGE_BULKHEAD, "bulkhead", 0, 1024, "n") \
    X(PL_EDGE_FALLBACK, "fallback", 0, 1, "bool") \
    X(PL_EDGE_LATENCY, "latency", 0, 60, "s")     \
    X(PL_EDGE_LOSS, "loss", 0, 1, "p")            \
    X(PL_EDGE_HEDGE, "hedge", 0, 600, "s")

#define PL_POOL_KNOBS(X)                                       \
    X(PL_POOL_SIZE, "size", 0, 128, "n")                       \
    X(PL_POOL_ACQUIRE_TIMEOUT, "acquire_timeout", 0, 600, "s") \
    X(PL_POOL_MAX_LIFETIME, "max_lifetime", 0, 86400, "s")     \
    X(PL_POOL_LEAK_ON_ERROR, "leak_on_error", 0, 1, "p")       \
    X(PL_POOL_RECYCLE, "recycle", 0, 1, "pulse")

#define PL_DATABASE_KNOBS(X)                                             \
    X(PL_DATABASE_MAX_CONNECTIONS, "max_connections", 0, 10000, "n")     \
    X(PL_DATABASE_CPU_FACTOR, "cpu_factor", 0.01, 1000, "x")             \
    X(PL_DATABASE_LOAD, "load", 0, 256, "n")                             \
    X(PL_DATABASE_OTHER_CONNECTIONS, "other_connections", 0, 10000, "n") \
    X(PL_DATABASE_REPLICA_APPLY, "replica_apply", 0, 10000, "x")         \
    X(PL_DATABASE_REPLICA_LOAD, "replica_load", 0, 256, "n")             \
    X(PL_DATABASE_REPLICA_READS, "replica_reads", 0, 1, "p")             \
    X(PL_DATABASE_FAILOVER, "failover", 0, 600, "pulse")                 \
    X(PL_DATABASE_KILL_IDLE, "kill_idle", 0, 3600, "pulse")

#define PL_STATEMENT_KNOBS(X)                    \
    X(PL_STATEMENT_COST, "cost", 0, 100000, "x") \
    X(PL_STATEMENT_PLAN, "plan", 0, 1, "bool")

#define PL_JOB_KNOBS(X)                                \
    X(PL_JOB_RUNNING, "running", 0, 1, "bool")         \
    X(PL_JOB_CONNECTIONS, "connections", 0, 1000, "n") \
    X(PL_JOB_LOAD, "load", 0, 256, "n")                \
    X(PL_JOB_LOCK_SHARE, "lock_share", 0, 1, "p")      \
    X(PL_JOB_LOCK_HOLD, "lock_hold", 0, 3600, "s")     \
    X(PL_JOB_LOCK_GAP, "lock_gap", 0, 3600, "s")

#define PL_VENDOR_KNOBS(X)                           \
    X(PL_VENDOR_LATENCY, "latency", 0.01, 1000, "x") \
    X(PL_VENDOR_ERROR_RATE, "error_rate", 0, 1, "p") \
    X(PL_VENDOR_QUOTA, "quota", 0, 100000, "/s")     \
    X(PL_VENDOR_SLOW_SHARE, "slow_share", 0, 1, "p")

#define PL_CACHE_KNOBS(X)                     \
    X(PL_CACHE_TTL, "ttl", 0, 86400, "s")     \
    X(PL_CACHE_NODES, "nodes", 0, 64, "n")    \
    X(PL_CACHE_FLUSH, "flush", 0, 1, "pulse") \
    X(PL_CACHE_CAPACITY, "capacity", 0, 16384, "n")

#define PL_TOPIC_KNOBS(X)                            \
    X(PL_TOPIC_CONSUMERS, "consumers", 0, 1024, "n") \
    X(PL_TOPIC_PAUSED, "paused", 0, 1, "bool")

#define PL_SOURCE_KNOBS(X)                      \
    X(PL_SOURCE_RATE, "rate", 0, 1000, "x")     \
    X(PL_SOURCE_RETRIES, "retries", 0, 20, "n") \
    X(PL_SOURCE_BURST, "burst", 1, 100, "x")

#define PL_FLAG_KNOBS(X) X(PL_FLAG_VALUE, "value", 0, 1, "p")

#define PL_LINK_KNOBS(X)                                   \
    X(PL_LINK_LIFETIME, "lifetime", 1, 86400, "s")         \
    X(PL_LINK_REFUSED, "refused", 0, 1, "p")               \
    X(PL_LINK_REFUSED_PODS, "refused_pods", 0, 1, "p")     \
    X(PL_LINK_REFUSED_AFTER, "refused_after", 0, 600, "s") \
    X(PL_LINK_REASON, "reason", 0, 8, "n")                 \
    X(PL_LINK_BROKEN, "broken", 0, 1, "p")                 \
    X(PL_LINK_RESET, "reset", 0, 1, "pulse")               \
    X(PL_LINK_AWAY, "away", 0, 2, "n")                     \
    X(PL_LINK_REFUSED_CONNECTIONS, "refused_connections", 0, 1, "p")

#define PL_EFFECT_KNOBS(X)                         \
    X(PL_EFFECT_FRESH_KEY, "fresh_key", 0, 1, "p") \
    X(PL_EFFECT_DOUBLED, "doubled", 0, 1, "p")     \
    X(PL_EFFECT_UNSEEN, "unseen", 0, 1, "p")

#define PL_KNOB_ENUM(constant, name, low, high, unit) constant,
/** Knobs of a service, offsets from its first param. */
enum pl_service_knob { PL_SERVICE_KNOBS(PL_KNOB_ENUM) PL_SERVICE_KNOB_COUNT };
/** Knobs of a route, offsets from its first param. */
enum pl_route_knob { PL_ROUTE_KNOBS(PL_KNOB_ENUM) PL_ROUTE_KNOB_COUNT };
/** Knobs of a step, offsets from its first param. */
enum pl_step_knob { PL_STEP_KNOBS(PL_KNOB_ENUM) PL_STEP_KNOB_COUNT };
/** Knobs of a edge, offsets from its first param. */
enum pl_edge_knob { PL_EDGE_KNOBS(PL_KNOB_ENUM) PL_EDGE_KNOB_COUNT };
/** Knobs of a pool, offsets from its first param. */
enum pl_pool_knob { PL_POOL_KNOBS(PL_KNOB_ENUM) PL_POOL_KNOB_COUNT };
/** Knobs of a database, offsets from its first param. */
enum pl_database_knob { PL_DATABASE_KNOBS(PL_KNOB_ENUM) PL_DATABASE_KNOB_COUNT };
/** Knobs of a statement, offsets from its first param. */
enum pl_statement_knob { PL_STATEMENT_KNOBS(PL_KNOB_ENUM) PL_STATEMENT_KNOB_COUNT };
/** Knobs of a job, offsets from its first param. */
enum pl_job_knob { PL_JOB_KNOBS(PL_KNOB_ENUM) PL_JOB_KNOB_COUNT };
/** Knobs of a vendor, offsets from its first param. */
enum pl_vendor_knob { PL_VENDOR_KNOBS(PL_KNOB_ENUM) PL_VENDOR_KNOB_COUNT };
/** Knobs of a cache, offsets from its first param. */
enum pl_cache_knob { PL_CACHE_KNOBS(PL_KNOB_ENUM) PL_CACHE_KNOB_COUNT };
/** Knobs of a topic, offsets from its first param. */
enum pl_topic_knob { PL_TOPIC_KNOBS(PL_KNOB_ENUM) PL_TOPIC_KNOB_COUNT };
/** Knobs of a source, offsets from its first param. */
enum pl_source_knob { PL_SOURCE_KNOBS(PL_KNOB_ENUM) PL_SOURCE_KNOB_COUNT };
/** Knobs of a flag, offsets from its first param. */
enum pl_flag_knob { PL_FLAG_KNOBS(PL_KNOB_ENUM) PL_FLAG_KNOB_COUNT };
/** Knobs of a link, offsets from its first param. */
enum pl_link_knob { PL_LINK_KNOBS(PL_KNOB_ENUM) PL_LINK_KNOB_COUNT };
/** Knobs of an effect, offsets from its first param. */
enum pl_effect_knob { PL_EFFECT_KNOBS(PL_KNOB_ENUM) PL_EFFECT_KNOB_COUNT };
#undef PL_KNOB_ENUM

/** Kind of entity that owns a param; the word is the first part of its path. */
enum pl_scope {
    PL_SCOPE_NONE,
    PL_SCOPE_SERVICE,   /* service.NAME.knob */
    PL_SCOPE_ROUTE,     /* route.SERVICE.NAME.knob */
    PL_SCOPE_STEP,      /* step.SERVICE.ROUTE.LABEL.knob, labelled steps only */
    PL_SCOPE_EDGE,      /* call.SERVICE.TARGET.knob */
    PL_SCOPE_POOL,      /* pool.SERVICE.DATABASE.knob */
    PL_SCOPE_DATABASE,  /* db.NAME.knob */
    PL_SCOPE_STATEMENT, /* statement.DATABASE.NAME.knob */
    PL_SCOPE_JOB,       /* job.NAME.knob */
    PL_SCOPE_VENDOR,    /* vendor.NAME.knob */
    PL_SCOPE_CACHE,     /* cache.NAME.knob */
    PL_SCOPE_TOPIC,     /* topic.NAME.knob */
    PL_SCOPE_SOURCE,    /* traffic.NAME.knob */
    PL_SCOPE_FLAG,      /* flag.NAME, the knob is not written */
    PL_SCOPE_LINK,      /* link.NAME.knob */
    PL_SCOPE_EFFECT,    /* effect.NAME.knob */
    PL_SCOPE_STREAM,    /* stream.NAME.knob */
    PL_SCOPE_GROUP,     /* group.NAME.knob */
    PL_SCOPE_TENANT,    /* tenant.NAME.knob */
    PL_SCOPE_VOLUME     /* volume.NAME.knob */
};

/** One tunable, filled by pl_world_seal. Params count from 1; param 0 is unused. */
struct pl_param_def {
    char path[PL_LABEL_MAX * 2];
    uint32_t scope;  /* enum pl_scope */
    uint32_t knob;   /* pl_<scope>_knob */
    uint32_t entity; /* index in the scope's array */
    uint32_t reserved;
    double base; /* value at the start of a run */
    double low;
    double high;
    char unit[8];
};

/** Operations of a route's program. */
enum pl_op {
    PL_OP_CPU,      /* processor work on the pod: law */
    PL_OP_SLEEP,    /* wait without cpu: law */
    PL_OP_CALL,     /* call a route or vendor over an edge; `times` in sequence */
    PL_OP_QUERY,    /* run a statement on the held connection, or acquire and release around it */
    PL_OP_ACQUIRE,  /* take a connection of a pool */
    PL_OP_RELEASE,  /* commit: give row locks and the connection back */
    PL_OP_LOCK,     /* take a row lock of a lock group, until RELEASE or the end */
    PL_OP_GET,      /* cache read; a hit skips to `skip_to` */
    PL_OP_PUT,      /* cache write of the key last read */
    PL_OP_PUBLISH,  /* append to a topic (target) or a stream (target - PL_TOPICS_MAX), wait for the
                     * broker's ack: law */
    PL_OP_AWAIT,    /* poll a replica (target = database) until it has a write of age Exp(factor s);
                     * law = poll interval, times = polls at most, then the answer is 404 */
    PL_OP_SKIP,     /* go to skip_to when the condition does not hold */
    PL_OP_PARALLEL, /* run the next `span` steps at once, continue after them when all are done */
    PL_OP_INTEND,   /* note the user's wish for an effect (target); one seen before is answered */
    PL_OP_EFFECT,   /* do an effect (target) right here */
    PL_OP_WRITE     /* move amount_kb on a volume (target) */
};

/** One instruction. Unused fields are PL_NONE or 0. */
struct pl_step {
    uint32_t op;         /* enum pl_op */
    uint32_t route;      /* owner */
    uint32_t target;     /* route (CALL of a service), statement, pool, lock, cache, topic */
    uint32_t vendor;     /* CALL: vendor, else PL_NONE */
    uint32_t edge;       /* CALL: client policy */
    uint32_t flag;       /* condition: the request's draw is below the flag; PL_NONE: none */
    uint32_t flag_else;  /* 1: the condition holds when the flag is off for the request */
    uint32_t shards;     /* condition: requests fall into this many equal parts; 0: none */
    uint32_t shard;      /* the part that the step is for, 0..shards-1 */
    uint32_t skip_to;    /* GET hit, SKIP: next step, position within the route */
    uint32_t span;       /* PARALLEL: number of steps run at once */
    uint32_t optional;   /* 1: failure of this step does not fail the request */
    uint32_t param0;     /* first of PL_STEP_KNOBS */
    uint32_t per_record; /* 1: law and amount are those of one record of the batch */
    uint32_t tenant;     /* PUBLISH to a stream: whose import it is, PL_NONE: by popularity */
    uint32_t reserved;
    double amount_kb;  /* WRITE */
    uint64_t call_mix; /* derived: its part of the key of a call's last repetition, first attempt */
    double times;      /* CALL, QUERY, CPU: repetitions in sequence, base of the knob */
    double share;      /* probability that the step runs at all, base of the knob */
    double factor;     /* factor on the law, base of the knob */
    double error;      /* probability that the step fails after its work, base of the knob */
    pl_law law;
    char label[PL_NAME_MAX]; /* "" means not addressable by changes */
};

/** Entry point of a service. The routes of one service must be adjacent in the array. */
struct pl_route {
    char name[PL_NAME_MAX]; /* place-order */
    char method[8];         /* POST */
    char path[PL_NAME_MAX]; /* /orders */
    uint32_t service;
    uint32_t step0;
    uint32_t step_count;
    uint32_t param0;
    uint32_t priority; /* 0 is served first, 0..PL_PRIORITY_MAX */
    uint32_t only_pod; /* derived: the pod of a service that never has two, else PL_NONE */
    double slo_s;      /* objective for this route's latency, 0: the world's p99 objective */
    int64_t slow_ns;   /* derived: answers later than this are slow; INT64_MAX: none are */
    pl_law first;      /* derived: of the work that it begins with */
    uint32_t works;    /* derived: 1 when it begins with work */
};

/** How a balancer picks a pod; SAMPLED: the least busy of `balance_choices` drawn at random. */
enum pl_balance { PL_BALANCE_LEAST, PL_BALANCE_ROUND_ROBIN, PL_BALANCE_RANDOM, PL_BALANCE_SAMPLED };

/** A service: a set of equal pods. */
struct pl_service {
    char name[PL_NAME_MAX];
    char team[PL_NAME_MAX];
    char runtime[16];          /* jvm, go, node: decides the dialect of its logs */
    char release[PL_NAME_MAX]; /* version label of release 0 */
    uint32_t pods;
    uint32_t pods_max;         /* limit of the state */
    uint32_t fleet;            /* pods of the whole fleet that `pods` stand for */
    uint32_t workers;          /* requests a pod works on at once, 0: no limit */
    uint32_t queue_limit;      /* waiting requests per pod, 0: no limit */
    uint32_t queue_lifo;       /* 1: newest first */
    uint32_t queue_drop;       /* 1: a waiting request is dropped when its caller gives up */
    uint32_t queue_classes;    /* derived: 1 when its routes differ in priority */
    uint32_t balance;          /* enum pl_balance */
    uint32_t balance_choices;  /* SAMPLED: pods compared, 1..PL_CHOICES_MAX */
    uint32_t health_deep;      /* 1: the probe runs through the workers and the first pool */
    uint32_t health_threshold; /* failed probes that eject a pod; 0: no probes */
    uint32_t health_restart;   /* 1: liveness, an ejected pod is restarted */
    uint32_t autoscale;
    uint32_t autoscale_min;
    uint32_t autoscale_max;
    uint32_t boot_connections; /* extra connections per pool that a booting pod opens, first 30 s */
    double autoscale_cpu;      /* target utilisation 0..1 */
    double autoscale_interval_s;
    pl_law queue_wait;     /* a request leaves the queue after this, mean 0: it stays */
    double cpu_cores;      /* per pod; processor sharing */
    double cpu_quota;      /* cores per 100 ms period, 0: no quota */
    double cpu_quota_pods; /* share of the pods under quota, oldest pods last */
    double boot_s;         /* from creation to ready */
    double warmup_s;       /* after boot */
    double warmup_factor;  /* cpu work factor during warm-up, >= 1 */
    double rollout_step_s; /* between two pods of a rolling restart or release */
    double health_interval_s;
    double health_timeout_s;
    double gc_interval_s; /* mean time between collector pauses, 0: none */
    double gc_pause_s;    /* mean pause; with a heap: of one that finds it full of live data */
    double gc_heap_mb;    /* of a pod, 0: pauses come by the clock */
    double gc_garbage_mb; /* that a request leaves behind */
    double gc_live_mb;    /* that a request keeps alive while it is served or waits */
    double memory_base_mb;
    double memory_limit_mb; /* 0: no limit */
    double leak_rate_mb;    /* per second */
    double leak_request_mb;
    double error_rate;
    uint32_t param0;
    uint32_t reserved;
};

/** Client policy of one service towards one target. */
struct pl_edge {
    char target_name[PL_NAME_MAX];
    uint32_t service;    /* the caller */
    uint32_t to_service; /* or PL_NONE */
    uint32_t to_vendor;  /* or PL_NONE */
    uint32_t param0;
    double timeout_s; /* 0: none */
    double retries;
    double backoff_s;     /* doubles with every attempt */
    double jitter;        /* share of the backoff that is random */
    double budget;        /* retries per request allowed, token bucket; 0: no budget */
    double breaker;       /* 0 off, 1 automatic, 2 forced open */
    double breaker_ratio; /* failures that open it, 0..1, over the last 20 s */
    double breaker_open_s;
    double bulkhead;  /* calls in flight per pod, 0: no limit */
    double fallback;  /* 1: a failed call counts as answered, degraded */
    double latency_s; /* one way */
    double loss;      /* share of messages that need a retransmission of 200 ms */
    double hedge_s;   /* a second attempt is sent after this wait, the first answer wins; 0: none */
};

/** Connections of each pod of a service to a database. */
struct pl_pool {
    uint32_t service;
    uint32_t database;
    uint32_t size_max; /* limit of the state */
    uint32_t param0;
    uint32_t state0; /* derived: first of its states, one for each pod position of the service */
    uint32_t reserved;
    double size;
    double acquire_timeout_s; /* 0: waits for ever */
    double max_lifetime_s;    /* 0: for ever */
    double leak_on_error;
    double connect_s; /* time to open one connection */
};

/** A database with its replicas. */
struct pl_database {
    char name[PL_NAME_MAX];
    char system[16]; /* postgresql */
    uint32_t replicas;
    uint32_t reserved_connections;
    uint32_t param0;
    uint32_t reserved;
    double cores;
    double replica_cores;
    double max_connections;
    double other_connections;  /* held by clients that are not simulated */
    double load;               /* busy cores of work that is not simulated */
    double replica_apply_s;    /* time a replica needs to apply one transaction at factor 1 */
    double replica_reads;      /* share of replica-capable reads that go to replicas */
    double deadlock_timeout_s; /* a lock wait longer than this is logged; 1 s in PostgreSQL */
    double slow_query_s;       /* statements longer than this are logged */
};

/** A statement as pg_stat_statements would show it. */
struct pl_statement {
    char name[PL_NAME_MAX];
    char summary[PL_LABEL_MAX]; /* SELECT orders */
    char text[PL_TEXT_MAX];
    char plan_good[PL_TEXT_MAX];
    char plan_bad[PL_TEXT_MAX];
    char table[PL_NAME_MAX];
    uint32_t database;
    uint32_t writes;  /* 1: makes replicas apply */
    uint32_t replica; /* 1: may run on a replica */
    uint32_t param0;
    double plan_bad_factor; /* cost with the bad plan */
    double cost;            /* base of the knob, normally 1 */
    double rows;
    double blocks; /* buffers per call with the good plan */
    pl_law cpu;    /* processor work in the database */
    pl_law wait;   /* time outside the processor (disk, fsync) */
};

/** A group of row locks with skewed keys. */
struct pl_lock {
    char name[PL_NAME_MAX]; /* stock */
    char table[PL_NAME_MAX];
    uint32_t database;
    uint32_t keys;     /* contended keys that are tracked, 1..PL_LOCK_KEYS_MAX - 1 */
    double population; /* keys in all */
    double zipf;       /* exponent of their popularity */
    double timeout_s;  /* lock_timeout, 0: none */
};

/** A background job on a database: cron, report, import, backfill. */
struct pl_job {
    char name[PL_NAME_MAX];
    char query[PL_TEXT_MAX]; /* what its sessions show in the activity console */
    uint32_t database;
    uint32_t lock; /* lock group it holds, or PL_NONE */
    uint32_t param0;
    uint32_t on_replica; /* 1: its load is on the replicas */
    double running;
    double connections; /* while running */
    double load;        /* busy cores while running */
    double lock_share;  /* share of the group's keys that it locks */
    double lock_hold_s; /* per batch */
    double lock_gap_s;  /* between batches */
};

/** A third party. */
struct pl_vendor {
    char name[PL_NAME_MAX];
    char address[PL_LABEL_MAX]; /* server.address */
    uint32_t param0;
    uint32_t reserved;
    pl_law latency;
    double slow_share; /* share of calls that the latency factor applies to, base 1 */
    double error_rate;
    double quota; /* requests per second, 0: none */
};

/** A look-aside cache. */
struct pl_cache {
    char name[PL_NAME_MAX];
    uint32_t keys; /* tracked keys, 1..PL_CACHE_KEYS_MAX */
    uint32_t nodes;
    uint32_t param0;
    uint32_t
        rehash; /* 1: keys of a lost node move to the others; else they miss until it is back */
    double capacity; /* keys per node, the least recently used leaves; 0: no limit */
    double zipf;
    double ttl_s;
    double jitter; /* share of the TTL that is random */
    pl_law latency;
};

/** A topic and the group that consumes it. */
struct pl_topic {
    char name[PL_NAME_MAX];
    char group[PL_NAME_MAX];
    uint32_t partitions;
    uint32_t consumer_route; /* run per message, or PL_NONE: nobody consumes */
    uint32_t depth_max;      /* messages that the state can hold */
    uint32_t param0;
    double consumers; /* messages worked on at once */
    double paused;
};

/** Connections that the pods of a service keep open to a vendor: keepalive.h. */
struct pl_link {
    char name[PL_NAME_MAX];
    uint32_t edge;        /* service and vendor */
    uint32_t connections; /* of each pod, 1..PL_LINK_CONNECTIONS_MAX */
    uint32_t param0;
    uint32_t slot0; /* derived: first of its places in the state */
    double lifetime_s;
    double handshake_s; /* that a new connection adds to its first call */
};

/** Something that happens to a customer and must happen as often as wished: effect.h. */
struct pl_effect_def {
    char name[PL_NAME_MAX];
    char title[PL_LABEL_MAX];
    uint32_t route;       /* that makes the key of the operation */
    uint32_t database;    /* whose first replica tells what was seen before, PL_NONE: no delay */
    uint32_t doubles_at;  /* vendor that `doubled` is about, PL_NONE: whoever does it */
    uint32_t wanted;      /* effects that one wish should have, 0: any is one too many */
    double worth_twice;   /* damage of one effect too many */
    double worth_lost;    /* damage of a wish that was said to be done and was not */
    double worth_unknown; /* damage of an effect whose user was told of an error */
    uint32_t param0;
    uint32_t reserved;
};

/** A feature flag: share of users that have it. */
struct pl_flag {
    char name[PL_NAME_MAX];
    char owner[PL_NAME_MAX];
    double value;
    uint32_t param0;
    uint32_t reserved;
};

/** Arrivals of one kind of users. */
enum pl_arrivals {
    PL_ARRIVALS_POISSON,
    PL_ARRIVALS_CONSTANT,
    PL_ARRIVALS_MMPP,
    PL_ARRIVALS_CLOSED
};

/** Users of one kind. */
struct pl_source {
    char name[PL_NAME_MAX];
    uint32_t arrivals; /* enum pl_arrivals */
    uint32_t mix_count;
    uint32_t shape_count; /* 0: constant */
    uint32_t users;       /* closed loop */
    uint32_t param0;
    uint32_t replays; /* 1: nobody wishes these requests; each effect of them is one too many */
    double rate;      /* requests per second at shape 1 */
    pl_law patience;  /* a user leaves after this; mean 0: never */
    double retries;   /* a user tries again after an error or after leaving */
    double retry_after_s;
    double burst;        /* MMPP: factor in the high state */
    double burst_high_s; /* MMPP: mean stay in the high state */
    double burst_low_s;
    pl_law think; /* closed loop */
    uint32_t mix_route[PL_MIX_MAX];
    double mix_share[PL_MIX_MAX];      /* sums to 1 */
    double mix_worth[PL_MIX_MAX];      /* weight of one failed request in the damage, normally 1 */
    double shape_time_s[PL_SHAPE_MAX]; /* time of day, ascending; linear between, periodic */
    double shape_factor[PL_SHAPE_MAX];
};

/** Objectives of the world; 0 means "not set". */
struct pl_objectives {
    double latency_mean_s;
    double latency_p99_s;
    double error_ratio;
    double availability;     /* 0.9999 */
    double monthly_requests; /* of the slice; denominator of the error budget */
};

/** The whole definition. About 1 MB; allocate once. */
struct pl_world {
    char name[PL_NAME_MAX];
    char title[PL_LABEL_MAX];
    uint32_t slice_of;    /* fleet / simulated, at least 1 */
    uint32_t frames_max;  /* requests and calls in flight, limit of the state */
    double start_clock_s; /* time of day at simulated time 0 */
    struct pl_objectives objectives;
    uint32_t service_count;
    uint32_t route_count;
    uint32_t step_count;
    uint32_t edge_count;
    uint32_t pool_count;
    uint32_t database_count;
    uint32_t statement_count;
    uint32_t lock_count;
    uint32_t job_count;
    uint32_t vendor_count;
    uint32_t cache_count;
    uint32_t topic_count;
    uint32_t flag_count;
    uint32_t source_count;
    uint32_t link_count;
    uint32_t effect_count;
    uint32_t param_count; /* params are 1..param_count */
    uint32_t sealed;
    struct pl_service services[PL_SERVICES_MAX];
    struct pl_route routes[PL_ROUTES_MAX];
    struct pl_step steps[PL_STEPS_MAX];
    struct pl_edge edges[PL_EDGES_MAX];
    struct pl_pool pools[PL_POOLS_MAX];
    struct pl_database databases[PL_DATABASES_MAX];
    struct pl_statement statements[PL_STATEMENTS_MAX];
    struct pl_lock locks[PL_LOCKS_MAX];
    struct pl_job jobs[PL_JOBS_MAX];
    struct pl_vendor vendors[PL_VENDORS_MAX];
    struct pl_cache caches[PL_CACHES_MAX];
    struct pl_topic topics[PL_TOPICS_MAX];
    struct pl_flag flags[PL_FLAGS_MAX];
    struct pl_source sources[PL_SOURCES_MAX];
    struct pl_link links[PL_LINKS_MAX];
    struct pl_effect_def effects[PL_EFFECTS_MAX];
    uint8_t step_effect[PL_STEPS_MAX]; /* effect + 1 that a call of this step does, 0: none */
    struct pl_streams streams;
    struct pl_param_def params[PL_PARAMS_MAX];
    /* Derived by pl_world_seal. */
    uint32_t pool_of[PL_SERVICES_MAX][PL_DATABASES_MAX]; /* PL_NONE: no pool */
    uint32_t link_of[PL_EDGES_MAX];                      /* PL_NONE: no link */
    uint32_t pod0[PL_SERVICES_MAX];                      /* first global pod position */
    uint32_t route0[PL_SERVICES_MAX];                    /* routes of a service are adjacent */
    uint32_t route_counts[PL_SERVICES_MAX];
    uint32_t pod_count;
    uint32_t reserved;
    double lock_cdf[PL_LOCKS_MAX][PL_LOCK_KEYS_MAX]; /* popularity of tracked keys, cumulative */
    double cache_cdf[PL_CACHES_MAX][PL_CACHE_KEYS_MAX];
    uint16_t cache_guide[PL_CACHES_MAX][PL_GUIDE_STEPS + 1]; /* key at each 1024th of the cdf */
};

/**
 * Give an empty world the defaults: slice 1, 4096 frames, no entities. Zeroes everything.
 *
 * @param world  filled
 */
void pl_world_init(struct pl_world *world);

/** Defaults of each entity, for readers and tests; every field that has one is set. */
struct pl_service pl_service_default(void);
struct pl_edge pl_edge_default(void);
struct pl_pool pl_pool_default(void);
struct pl_database pl_database_default(void);
struct pl_statement pl_statement_default(void);
struct pl_step pl_step_default(void);
struct pl_source pl_source_default(void);
struct pl_vendor pl_vendor_default(void);
struct pl_link pl_link_default(void);
struct pl_effect_def pl_effect_default(void);

/**
 * Check a filled definition, register its params and make it immutable.
 *
 * Checks what the model relies on (indices, ranges, limits of the state); a reader with positions
 * reports the same things earlier and better.
 *
 * @param world  filled, changed
 * @param err    first violation as a sentence
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_world_seal(struct pl_world *world, pl_error *err) __attribute__((warn_unused_result));

/**
 * Param with this path, or 0 when there is none.
 *
 * @param world  sealed
 * @param path   such as `flag.fraud-inline-v2` or `service.checkout-api.pods`
 */
uint32_t pl_world_param(const struct pl_world *world, const char *path);

#endif
