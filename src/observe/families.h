// SPDX-License-Identifier: Apache-2.0
//
// The metrics that this product exports: names, types and what they are made of.
//
// Names follow the OpenTelemetry conventions in Prometheus form and the usual exporters. A family
// of type histogram answers to three names: NAME_bucket, NAME_count and NAME_sum.
#ifndef PL_OBSERVE_FAMILIES_H
#define PL_OBSERVE_FAMILIES_H

#include "base/buf.h"

#include <stdint.h>

/** What a metric measures over time. */
enum pl_metric_type {
    PL_METRIC_COUNTER,
    PL_METRIC_GAUGE,
    PL_METRIC_HISTOGRAM,
    PL_METRIC_SUMMARY /* only NAME_count and NAME_sum */
};

/** Which things a family has series for. */
enum pl_metric_over {
    PL_OVER_POD,            /* pods of the fleet */
    PL_OVER_JVM_POD,        /* pods of services that run on a JVM */
    PL_OVER_POD_POOL,       /* pools of pods */
    PL_OVER_POD_POOL_STATE, /* and used or idle */
    PL_OVER_SERVER,         /* routes and codes of pods */
    PL_OVER_CLIENT,         /* callees and codes of pods */
    PL_OVER_DB_CLIENT,      /* statements of pods */
    PL_OVER_POOL_USE,       /* routes of pools */
    PL_OVER_EDGE,           /* callees of services */
    PL_OVER_DEPLOYMENT,     /* services */
    PL_OVER_HPA,            /* services with an autoscaler */
    PL_OVER_DATABASE,       /* databases */
    PL_OVER_DATABASE_STATE, /* and states of sessions */
    PL_OVER_DATABASE_HOST,  /* primary and replicas */
    PL_OVER_REPLICA,        /* replicas */
    PL_OVER_STATEMENT,      /* statements as the server counts them */
    PL_OVER_CACHE,          /* caches */
    PL_OVER_PARTITION,      /* partitions of consumed topics */
    PL_OVER_TOPIC,          /* topics */
    PL_OVER_FLAG,           /* feature flags */
    PL_OVER_SOURCE,         /* kinds of users */
    PL_OVER_SOURCE_OUTCOME, /* and how it went for them */
    PL_OVER_TARGET,         /* everything that is scraped */
    PL_OVER_GROUP,          /* consumer groups of streams */
    PL_OVER_GROUP_LANE,     /* and their partitions */
    PL_OVER_STREAM_PART,    /* partitions of streams, as the brokers know them */
    PL_OVER_FRESHNESS,      /* groups that make events visible, by quantile */
    PL_OVER_VOLUME          /* volumes */
};

/** One line per family: constant, name, type, over, unit, help. */
#define PL_METRIC_FAMILIES(X)                                                                      \
    X(PL_M_SERVER_DURATION,                                                                        \
      "http_server_request_duration_seconds",                                                      \
      HISTOGRAM,                                                                                   \
      SERVER,                                                                                      \
      "s",                                                                                         \
      "Duration of HTTP server requests.")                                                         \
    X(PL_M_ACTIVE_REQUESTS,                                                                        \
      "http_server_active_requests",                                                               \
      GAUGE,                                                                                       \
      POD,                                                                                         \
      "",                                                                                          \
      "Requests that a worker is busy with.")                                                      \
    X(PL_M_WORKERS,                                                                                \
      "http_server_worker_limit",                                                                  \
      GAUGE,                                                                                       \
      POD,                                                                                         \
      "",                                                                                          \
      "Requests that a pod works on at once at most.")                                             \
    X(PL_M_CLIENT_DURATION,                                                                        \
      "http_client_request_duration_seconds",                                                      \
      HISTOGRAM,                                                                                   \
      CLIENT,                                                                                      \
      "s",                                                                                         \
      "Duration of HTTP client requests, each attempt by itself.")                                 \
    X(PL_M_CLIENT_RESENDS,                                                                         \
      "http_client_request_resends_total",                                                         \
      COUNTER,                                                                                     \
      EDGE,                                                                                        \
      "",                                                                                          \
      "Attempts beyond the first of HTTP client requests.")                                        \
    X(PL_M_CLIENT_OPEN,                                                                            \
      "http_client_open_requests",                                                                 \
      GAUGE,                                                                                       \
      EDGE,                                                                                        \
      "",                                                                                          \
      "HTTP client requests without an answer yet.")                                               \
    X(PL_M_BREAKER,                                                                                \
      "circuit_breaker_open_pods",                                                                 \
      GAUGE,                                                                                       \
      EDGE,                                                                                        \
      "",                                                                                          \
      "Pods whose circuit breaker to this address is open.")                                       \
    X(PL_M_POOL_COUNT,                                                                             \
      "db_client_connection_count",                                                                \
      GAUGE,                                                                                       \
      POD_POOL_STATE,                                                                              \
      "",                                                                                          \
      "Connections of the pool by state.")                                                         \
    X(PL_M_POOL_MAX,                                                                               \
      "db_client_connection_max",                                                                  \
      GAUGE,                                                                                       \
      POD_POOL,                                                                                    \
      "",                                                                                          \
      "Connections that the pool may open.")                                                       \
    X(PL_M_POOL_PENDING,                                                                           \
      "db_client_connection_pending_requests",                                                     \
      GAUGE,                                                                                       \
      POD_POOL,                                                                                    \
      "",                                                                                          \
      "Requests that wait for a connection of the pool.")                                          \
    X(PL_M_POOL_TIMEOUTS,                                                                          \
      "db_client_connection_timeouts_total",                                                       \
      COUNTER,                                                                                     \
      POD_POOL,                                                                                    \
      "",                                                                                          \
      "Requests that gave up waiting for a connection of the pool.")                               \
    X(PL_M_POOL_WAIT,                                                                              \
      "db_client_connection_wait_time_seconds",                                                    \
      HISTOGRAM,                                                                                   \
      POD_POOL,                                                                                    \
      "s",                                                                                         \
      "Time to get a connection from the pool.")                                                   \
    X(PL_M_POOL_USE,                                                                               \
      "db_client_connection_use_time_seconds",                                                     \
      HISTOGRAM,                                                                                   \
      POOL_USE,                                                                                    \
      "s",                                                                                         \
      "Time from borrowing a connection of the pool to giving it back, by route.")                 \
    X(PL_M_DB_DURATION,                                                                            \
      "db_client_operation_duration_seconds",                                                      \
      HISTOGRAM,                                                                                   \
      DB_CLIENT,                                                                                   \
      "s",                                                                                         \
      "Duration of database client operations.")                                                   \
    X(PL_M_GC, "jvm_gc_duration_seconds", SUMMARY, JVM_POD, "s", "Duration of collector pauses.")  \
    X(PL_M_JVM_USED, "jvm_memory_used_bytes", GAUGE, JVM_POD, "By", "Heap in use.")                \
    X(PL_M_CPU, "container_cpu_usage_seconds_total", COUNTER, POD, "s", "Processor time used.")    \
    X(PL_M_CFS_PERIODS,                                                                            \
      "container_cpu_cfs_periods_total",                                                           \
      COUNTER,                                                                                     \
      POD,                                                                                         \
      "",                                                                                          \
      "Enforcement periods of the processor quota.")                                               \
    X(PL_M_CFS_THROTTLED,                                                                          \
      "container_cpu_cfs_throttled_periods_total",                                                 \
      COUNTER,                                                                                     \
      POD,                                                                                         \
      "",                                                                                          \
      "Periods in which the container was throttled.")                                             \
    X(PL_M_CFS_SECONDS,                                                                            \
      "container_cpu_cfs_throttled_seconds_total",                                                 \
      COUNTER,                                                                                     \
      POD,                                                                                         \
      "s",                                                                                         \
      "Time in which the container was throttled.")                                                \
    X(PL_M_MEMORY,                                                                                 \
      "container_memory_working_set_bytes",                                                        \
      GAUGE,                                                                                       \
      POD,                                                                                         \
      "By",                                                                                        \
      "Working set of the container.")                                                             \
    X(PL_M_MEMORY_LIMIT,                                                                           \
      "container_spec_memory_limit_bytes",                                                         \
      GAUGE,                                                                                       \
      POD,                                                                                         \
      "By",                                                                                        \
      "Memory limit of the container, 0 without one.")                                             \
    X(PL_M_RESTARTS,                                                                               \
      "kube_pod_container_status_restarts_total",                                                  \
      COUNTER,                                                                                     \
      POD,                                                                                         \
      "",                                                                                          \
      "Restarts of the container.")                                                                \
    X(PL_M_READY, "kube_pod_status_ready", GAUGE, POD, "", "1 while the pod is ready.")            \
    X(PL_M_AVAILABLE,                                                                              \
      "kube_deployment_status_replicas_available",                                                 \
      GAUGE,                                                                                       \
      DEPLOYMENT,                                                                                  \
      "",                                                                                          \
      "Ready pods of the deployment.")                                                             \
    X(PL_M_REPLICAS,                                                                               \
      "kube_deployment_spec_replicas",                                                             \
      GAUGE,                                                                                       \
      DEPLOYMENT,                                                                                  \
      "",                                                                                          \
      "Pods that the deployment wants.")                                                           \
    X(PL_M_HPA_DESIRED,                                                                            \
      "kube_horizontalpodautoscaler_status_desired_replicas",                                      \
      GAUGE,                                                                                       \
      HPA,                                                                                         \
      "",                                                                                          \
      "Pods that the autoscaler wants.")                                                           \
    X(PL_M_HPA_MIN,                                                                                \
      "kube_horizontalpodautoscaler_spec_min_replicas",                                            \
      GAUGE,                                                                                       \
      HPA,                                                                                         \
      "",                                                                                          \
      "Fewest pods that the autoscaler may ask for.")                                              \
    X(PL_M_HPA_MAX,                                                                                \
      "kube_horizontalpodautoscaler_spec_max_replicas",                                            \
      GAUGE,                                                                                       \
      HPA,                                                                                         \
      "",                                                                                          \
      "Most pods that the autoscaler may ask for.")                                                \
    X(PL_M_PG_UP, "pg_up", GAUGE, DATABASE, "", "1 while the server answers.")                     \
    X(PL_M_PG_ACTIVITY, "pg_stat_activity_count", GAUGE, DATABASE_STATE, "", "Sessions by state.") \
    X(PL_M_PG_MAX,                                                                                 \
      "pg_settings_max_connections",                                                               \
      GAUGE,                                                                                       \
      DATABASE,                                                                                    \
      "",                                                                                          \
      "Connections that the server accepts.")                                                      \
    X(PL_M_PG_TX,                                                                                  \
      "pg_stat_activity_max_tx_duration",                                                          \
      GAUGE,                                                                                       \
      DATABASE,                                                                                    \
      "s",                                                                                         \
      "Age of the oldest open transaction.")                                                       \
    X(PL_M_PG_LOCKS,                                                                               \
      "pg_locks_count",                                                                            \
      GAUGE,                                                                                       \
      DATABASE,                                                                                    \
      "",                                                                                          \
      "Transactions that wait for a row lock (mode sharelock, not granted).")                      \
    X(PL_M_PG_DEADLOCKS, "pg_stat_database_deadlocks", COUNTER, DATABASE, "", "Deadlocks.")        \
    X(PL_M_PG_COMMITS,                                                                             \
      "pg_stat_database_xact_commit",                                                              \
      COUNTER,                                                                                     \
      DATABASE,                                                                                    \
      "",                                                                                          \
      "Committed transactions.")                                                                   \
    X(PL_M_PG_HIT, "pg_stat_database_blks_hit", COUNTER, DATABASE, "", "Buffers found in memory.") \
    X(PL_M_PG_READ, "pg_stat_database_blks_read", COUNTER, DATABASE, "", "Buffers read.")          \
    X(PL_M_PG_LAG,                                                                                 \
      "pg_replication_lag_seconds",                                                                \
      GAUGE,                                                                                       \
      REPLICA,                                                                                     \
      "s",                                                                                         \
      "Time that a replica is behind.")                                                            \
    X(PL_M_NODE_CPU,                                                                               \
      "node_cpu_utilization_ratio",                                                                \
      GAUGE,                                                                                       \
      DATABASE_HOST,                                                                               \
      "",                                                                                          \
      "Busy share of the processors of a database host.")                                          \
    X(PL_M_PG_CALLS,                                                                               \
      "pg_stat_statements_calls_total",                                                            \
      COUNTER,                                                                                     \
      STATEMENT,                                                                                   \
      "",                                                                                          \
      "Calls of a statement.")                                                                     \
    X(PL_M_PG_SECONDS,                                                                             \
      "pg_stat_statements_seconds_total",                                                          \
      COUNTER,                                                                                     \
      STATEMENT,                                                                                   \
      "s",                                                                                         \
      "Time spent in a statement.")                                                                \
    X(PL_M_REDIS_HITS, "redis_keyspace_hits_total", COUNTER, CACHE, "", "Keys found.")             \
    X(PL_M_REDIS_MISSES, "redis_keyspace_misses_total", COUNTER, CACHE, "", "Keys not found.")     \
    X(PL_M_REDIS_KEYS, "redis_db_keys", GAUGE, CACHE, "", "Keys in memory.")                       \
    X(PL_M_KAFKA_LAG,                                                                              \
      "kafka_consumergroup_lag",                                                                   \
      GAUGE,                                                                                       \
      PARTITION,                                                                                   \
      "",                                                                                          \
      "Messages that the group has not taken yet.")                                                \
    X(PL_M_SENT,                                                                                   \
      "messaging_client_sent_messages_total",                                                      \
      COUNTER,                                                                                     \
      TOPIC,                                                                                       \
      "",                                                                                          \
      "Messages published.")                                                                       \
    X(PL_M_CONSUMED,                                                                               \
      "messaging_client_consumed_messages_total",                                                  \
      COUNTER,                                                                                     \
      TOPIC,                                                                                       \
      "",                                                                                          \
      "Messages consumed.")                                                                        \
    X(PL_M_FLAG,                                                                                   \
      "feature_flag_rollout_ratio",                                                                \
      GAUGE,                                                                                       \
      FLAG,                                                                                        \
      "",                                                                                          \
      "Share of users that a flag is on for.")                                                     \
    X(PL_M_VISITS,                                                                                 \
      "rum_visits_total",                                                                          \
      COUNTER,                                                                                     \
      SOURCE,                                                                                      \
      "",                                                                                          \
      "Things that users set out to do, seen from their devices.")                                 \
    X(PL_M_ATTEMPTS,                                                                               \
      "rum_attempts_total",                                                                        \
      COUNTER,                                                                                     \
      SOURCE,                                                                                      \
      "",                                                                                          \
      "Requests of users, their own repetitions included.")                                        \
    X(PL_M_OUTCOMES,                                                                               \
      "rum_requests_total",                                                                        \
      COUNTER,                                                                                     \
      SOURCE_OUTCOME,                                                                              \
      "",                                                                                          \
      "How it went for users: ok, slow, failed or left.")                                          \
    X(PL_M_UP, "up", GAUGE, TARGET, "", "1 when the last scrape succeeded.")                       \
    X(PL_M_SCRAPE, "scrape_duration_seconds", GAUGE, TARGET, "s", "Duration of the scrape.")       \
    X(PL_M_GROUP_OFFSET,                                                                           \
      "kafka_consumergroup_current_offset",                                                        \
      GAUGE,                                                                                       \
      GROUP_LANE,                                                                                  \
      "",                                                                                          \
      "Offset that the group has committed, as the lag exporter reports it.")                      \
    X(PL_M_STREAM_OFFSET,                                                                          \
      "kafka_topic_partition_current_offset",                                                      \
      COUNTER,                                                                                     \
      STREAM_PART,                                                                                 \
      "",                                                                                          \
      "Offset behind the newest record of a partition, as the brokers report it.")                 \
    X(PL_M_GROUP_MEMBERS,                                                                          \
      "kafka_consumergroup_members",                                                               \
      GAUGE,                                                                                       \
      GROUP,                                                                                       \
      "",                                                                                          \
      "Consumers that take part in the group.")                                                    \
    X(PL_M_GROUP_REBALANCES,                                                                       \
      "kafka_consumer_coordinator_rebalance_total",                                                \
      COUNTER,                                                                                     \
      GROUP,                                                                                       \
      "",                                                                                          \
      "Rebalances of the group.")                                                                  \
    X(PL_M_GROUP_RECORDS,                                                                          \
      "kafka_consumer_records_consumed_total",                                                     \
      COUNTER,                                                                                     \
      GROUP,                                                                                       \
      "",                                                                                          \
      "Records that the consumers of the group are through with.")                                 \
    X(PL_M_DEAD_LETTERS,                                                                           \
      "pipeline_dead_letters_total",                                                               \
      COUNTER,                                                                                     \
      GROUP,                                                                                       \
      "",                                                                                          \
      "Records that went to the dead letters.")                                                    \
    X(PL_M_FRESHNESS,                                                                              \
      "ingest_freshness_seconds",                                                                  \
      GAUGE,                                                                                       \
      FRESHNESS,                                                                                   \
      "s",                                                                                         \
      "Age of the events that are on their way to a store, by share of the events.")               \
    X(PL_M_DISK_BYTES,                                                                             \
      "node_disk_written_bytes_total",                                                             \
      COUNTER,                                                                                     \
      VOLUME,                                                                                      \
      "By",                                                                                        \
      "Bytes moved on the disks of a cluster.")                                                    \
    X(PL_M_DISK_BUSY,                                                                              \
      "node_disk_io_time_seconds_total",                                                           \
      COUNTER,                                                                                     \
      VOLUME,                                                                                      \
      "s",                                                                                         \
      "Time in which the disks of a cluster had work.")

#define PL_FAMILY_ENUM(constant, name, type, over, unit, help) constant,
/** Index of a family. */
enum pl_family { PL_METRIC_FAMILIES(PL_FAMILY_ENUM) PL_FAMILY_COUNT };
#undef PL_FAMILY_ENUM

/** Which name of a family is meant. */
enum pl_metric_part { PL_PART_WHOLE, PL_PART_BUCKET, PL_PART_COUNT, PL_PART_SUM };

/** A family. */
struct pl_family_def {
    const char *name;
    const char *unit;
    const char *help;
    uint32_t type; /* enum pl_metric_type */
    uint32_t over; /* enum pl_metric_over */
};

/** Family 0..PL_FAMILY_COUNT-1. */
const struct pl_family_def *pl_family_def(uint32_t family);

/** A metric name taken apart. */
struct pl_family_name {
    uint32_t family; /* PL_FAMILY_COUNT: there is no such metric */
    uint32_t part;   /* enum pl_metric_part */
};

/** Look up a full metric name such as `http_server_request_duration_seconds_bucket`. */
struct pl_family_name pl_family_find(pl_slice name);

/**
 * Write the nearest metric name to `text`, "" when none is near.
 *
 * @param name  mistyped
 * @param text  filled
 * @param size  bytes of text
 */
void pl_family_suggest(pl_slice name, char *text, uint32_t size);

/** Suffix of a part: "", "_bucket", "_count", "_sum". */
const char *pl_family_suffix(uint32_t part);

#endif
