// SPDX-License-Identifier: Apache-2.0
//
// What was scraped: one compact column of numbers per instrument of a simulated thing.
//
//   track = one simulated thing seen by one instrument, e.g. the 200s of POST /orders on pod 3
//         = counts[column][sample] as uint32, values[column][sample] as double
//
// Tracks hold raw numbers of the simulated slice; metrics.h turns them into the series of a fleet.
// Invariants:
//   1. All tracks share the sample times. Times ascend.
//   2. A track exists from the sample at which something was first written to it.
//   3. Room for a track is taken once, from a fixed block; when it is full, new tracks are refused
//      and pl_tracks_full answers true. Old ones go on.
#ifndef PL_OBSERVE_TRACKS_H
#define PL_OBSERVE_TRACKS_H

#include "model/record.h"
#include "model/world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Kinds of tracks: constant, count columns, value columns. Indices are given as (a, b, c). */
#define PL_TRACK_KINDS(X)                                                      \
    X(PL_TRACK_POD, PL_POD_COUNTS, PL_POD_VALUES)       /* pod */              \
    X(PL_TRACK_POD_POOL, PL_PODPOOL_COUNTS, 1)          /* pod, pool */        \
    X(PL_TRACK_POOL_USE, PL_DB_BUCKETS, 1)              /* pool, route */      \
    X(PL_TRACK_SERVER, PL_HTTP_BUCKETS, 1)              /* pod, route, code */ \
    X(PL_TRACK_CLIENT, PL_HTTP_BUCKETS, 1)              /* pod, edge, code */  \
    X(PL_TRACK_DB_CLIENT, PL_DB_BUCKETS, 1)             /* pod, statement */   \
    X(PL_TRACK_EDGE, PL_EDGE_COUNTS, 0)                 /* edge */             \
    X(PL_TRACK_DATABASE, PL_DB_COUNTS, PL_DB_VALUES)    /* database */         \
    X(PL_TRACK_STATEMENT, 1, 1)                         /* statement */        \
    X(PL_TRACK_CACHE, PL_CACHE_COUNTS, 0)               /* cache */            \
    X(PL_TRACK_TOPIC, PL_TOPIC_COUNTS, 1)               /* topic */            \
    X(PL_TRACK_FLAG, 0, 1)                              /* flag */             \
    X(PL_TRACK_SOURCE, PL_SOURCE_COUNTS, 0)             /* source */           \
    X(PL_TRACK_SERVICE, 0, PL_SERVICE_VALUES)           /* service */          \
    X(PL_TRACK_GROUP, PL_GROUP_COUNTS, PL_GROUP_VALUES) /* group */            \
    X(PL_TRACK_LANE, PL_LANE_COUNTS, 0)                 /* group, partition */ \
    X(PL_TRACK_STREAM, PL_PARTITIONS_MAX, 0)            /* stream */           \
    X(PL_TRACK_VOLUME, 0, PL_VOLUME_VALUES)             /* volume */

#define PL_TRACK_ENUM(constant, counts, values) constant,
/** Kind of a track. */
enum pl_track_kind { PL_TRACK_KINDS(PL_TRACK_ENUM) PL_TRACK_KIND_COUNT };
#undef PL_TRACK_ENUM

/** Count columns of a pod. */
enum pl_pod_count {
    PL_POD_GENERATION,
    PL_POD_RELEASE,
    PL_POD_PHASE,
    PL_POD_RESTARTS,
    PL_POD_BUSY,
    PL_POD_QUEUED,
    PL_POD_PERIODS,
    PL_POD_THROTTLED,
    PL_POD_GC_COUNT,
    PL_POD_EJECTED,
    PL_POD_WORKERS,
    PL_POD_COUNTS
};
/** Value columns of a pod. */
enum pl_pod_value {
    PL_POD_CPU_S,
    PL_POD_THROTTLED_S,
    PL_POD_MEMORY_MB,
    PL_POD_GC_S,
    PL_POD_QUOTA,
    PL_POD_VALUES
};
/** Count columns of a pool on a pod; the buckets of the wait time follow PL_PODPOOL_WAIT. */
enum pl_podpool_count {
    PL_PODPOOL_SIZE,
    PL_PODPOOL_OPEN,
    PL_PODPOOL_IN_USE,
    PL_PODPOOL_PENDING,
    PL_PODPOOL_ACQUIRED,
    PL_PODPOOL_TIMEOUTS,
    PL_PODPOOL_REFUSED,
    PL_PODPOOL_WAIT,
    PL_PODPOOL_COUNTS = PL_PODPOOL_WAIT + PL_DB_BUCKETS
};
/** Count columns of a client policy. */
enum pl_edge_count {
    PL_EDGE_ATTEMPTS,
    PL_EDGE_REQUESTS,
    PL_EDGE_IN_FLIGHT,
    PL_EDGE_OPEN,
    PL_EDGE_COUNTS
};
/** Count columns of a database. */
enum pl_db_count {
    PL_DB_CONNECTIONS,
    PL_DB_CONNECTIONS_MAX,
    PL_DB_ACTIVE,
    PL_DB_IDLE_IN_TRANSACTION,
    PL_DB_LOCK_WAITING,
    PL_DB_DOWN,
    PL_DB_DEADLOCKS,
    PL_DB_COMMITS,
    PL_DB_COUNTS
};
/** Value columns of a database; one column per replica follows PL_DB_REPLICA_CPU_S and _LAG_S. */
enum pl_db_value {
    PL_DB_CPU_S,
    PL_DB_CORES,
    PL_DB_OLDEST_S,
    PL_DB_BLOCKS_HIT,
    PL_DB_BLOCKS_READ,
    PL_DB_REPLICA_CPU_S,
    PL_DB_REPLICA_LAG_S = PL_DB_REPLICA_CPU_S + PL_REPLICAS_MAX,
    PL_DB_VALUES = PL_DB_REPLICA_LAG_S + PL_REPLICAS_MAX
};
/** Count columns of a cache. */
enum pl_cache_count {
    PL_CACHE_HITS,
    PL_CACHE_MISSES,
    PL_CACHE_RESIDENT,
    PL_CACHE_NODE_COUNT,
    PL_CACHE_COUNTS
};
/** Count columns of a topic; its value column is the age of the oldest message in seconds. */
enum pl_topic_count {
    PL_TOPIC_DEPTH,
    PL_TOPIC_WORKING,
    PL_TOPIC_PUBLISHED,
    PL_TOPIC_CONSUMED,
    PL_TOPIC_COUNTS
};
/** Count columns of a source of users. */
enum pl_source_count {
    PL_SOURCE_OFFERED,
    PL_SOURCE_OK,
    PL_SOURCE_SLOW,
    PL_SOURCE_FAILED,
    PL_SOURCE_LEFT,
    PL_SOURCE_RETRIED,
    PL_SOURCE_COUNTS
};
/** Value columns of a service: the settings of its autoscaler, in simulated pods. */
enum pl_service_value {
    PL_SERVICE_DESIRED,
    PL_SERVICE_HPA,
    PL_SERVICE_HPA_MIN,
    PL_SERVICE_HPA_MAX,
    PL_SERVICE_VALUES
};

/** Count columns of a consumer group. */
enum pl_group_count {
    PL_GROUP_MEMBERS,
    PL_GROUP_REBALANCES,
    PL_GROUP_CONSUMED,
    PL_GROUP_DEAD,
    PL_GROUP_COUNTS
};
enum { PL_FRESHNESS_QUANTILES = 3 /* 0.5, 0.95, 0.99 */ };
/** Value columns of a consumer group: freshness by quantile. */
enum pl_group_value { PL_GROUP_FRESHNESS, PL_GROUP_VALUES = PL_FRESHNESS_QUANTILES };
/** Count columns of a partition as a group reads it, as the lag exporter reports them. */
enum pl_lane_count { PL_LANE_LAG, PL_LANE_OFFSET, PL_LANE_PRESENT, PL_LANE_COUNTS };
/** Value columns of a volume. */
enum pl_volume_value { PL_VOLUME_BYTES, PL_VOLUME_BUSY, PL_VOLUME_VALUES };

enum { PL_TRACK_CHUNK = 16 /* samples of a column that stand side by side */ };

/**
 * Columns of one track. Samples stand in chunks, and each chunk holds all tracks: a sample touches
 * a few pages and the chunks before it never change again, so that copies can share them.
 */
struct pl_track {
    uint32_t *counts; /* of the first chunk; NULL: there is no such track */
    double *values;
    size_t chunk_size; /* bytes from a chunk to the next */
    uint32_t first;    /* sample from which the track exists */
};

/** Where the sample of a count column stands; the track exists. */
static inline uint32_t *
pl_track_count(const struct pl_track *track, uint32_t column, uint32_t sample)
{
    size_t chunk = sample / PL_TRACK_CHUNK * (track->chunk_size / sizeof(uint32_t));
    return track->counts + chunk + (size_t)column * PL_TRACK_CHUNK + sample % PL_TRACK_CHUNK;
}

/** Where the sample of a value column stands; the track exists. */
static inline double *pl_track_value(const struct pl_track *track, uint32_t column, uint32_t sample)
{
    size_t chunk = sample / PL_TRACK_CHUNK * (track->chunk_size / sizeof(double));
    return track->values + chunk + (size_t)column * PL_TRACK_CHUNK + sample % PL_TRACK_CHUNK;
}

/** State of a target's scrape. */
enum pl_scrape_state { PL_SCRAPE_OK, PL_SCRAPE_LOST, PL_SCRAPE_FROZEN };

/** All tracks; opaque. */
struct pl_tracks;

/** Bytes that pl_tracks_init needs for this world and this many samples. */
size_t pl_tracks_size(const struct pl_world *world, uint32_t sample_max);

/**
 * Build an empty store.
 *
 * @param world       borrowed for the life of the store
 * @param memory      pl_tracks_size bytes, aligned to 16, need not be zeroed
 * @param size        bytes of memory
 * @param sample_max  samples that fit, at least 1
 */
struct pl_tracks *
pl_tracks_init(const struct pl_world *world, void *memory, size_t size, uint32_t sample_max);

/**
 * Copy a store; what was never used is not touched.
 *
 * @param source  copied, without an open sample
 * @param memory  as much as the source was built in, aligned to 16
 */
struct pl_tracks *pl_tracks_fork(const struct pl_tracks *source, void *memory);

/** Point a store whose bytes were copied to another address at its own memory. */
void pl_tracks_settle(struct pl_tracks *tracks);

/** Number of finished samples. */
uint32_t pl_tracks_count(const struct pl_tracks *tracks);

/** Samples that fit. */
uint32_t pl_tracks_max(const struct pl_tracks *tracks);

/** Time of a finished sample in ns. */
int64_t pl_tracks_time(const struct pl_tracks *tracks, uint32_t sample);

/** True when a track was refused for want of room. */
bool pl_tracks_full(const struct pl_tracks *tracks);

/** Global index of the first pod of a service; service_count gives the number of all pods. */
uint32_t pl_tracks_pod0(const struct pl_tracks *tracks, uint32_t service);

/** Service of a pod. */
uint32_t pl_tracks_pod_service(const struct pl_tracks *tracks, uint32_t pod);

/** Number of scrape targets: services, then databases, caches, topics and groups. */
uint32_t pl_tracks_target_count(const struct pl_tracks *tracks);

/** Name of a target. */
const char *pl_tracks_target_name(const struct pl_tracks *tracks, uint32_t target);

/** How the scrape of a target went at a sample. */
enum pl_scrape_state
pl_tracks_target(const struct pl_tracks *tracks, uint32_t target, uint32_t sample);

/** Start the next sample; false when the store has no more room for samples. */
bool pl_tracks_begin(struct pl_tracks *tracks, int64_t t_ns);

/** Say how the scrape of a target goes in the open sample; PL_SCRAPE_OK is the default. */
void pl_tracks_set_target(struct pl_tracks *tracks, uint32_t target, enum pl_scrape_state state);

/**
 * Columns to write the open sample into, made when missing.
 *
 * @return a track whose counts is NULL when there is no room
 */
struct pl_track pl_tracks_open(
    struct pl_tracks *tracks, enum pl_track_kind kind, uint32_t a, uint32_t b, uint32_t c);

/** Finish the open sample: tracks of frozen targets repeat what they said before. */
void pl_tracks_end(struct pl_tracks *tracks);

/** Columns of a track to read; counts is NULL when it does not exist. */
struct pl_track pl_tracks_find(
    const struct pl_tracks *tracks, enum pl_track_kind kind, uint32_t a, uint32_t b, uint32_t c);

/** Index of the open sample. */
uint32_t pl_tracks_open_sample(const struct pl_tracks *tracks);

#endif
