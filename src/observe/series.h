// SPDX-License-Identifier: Apache-2.0
//
// The series of a metric family: which exist, with which labels, and their values over time.
//
// Nothing is stored per series. A series is named by a reference and computed from the tracks of
// the simulated slice when somebody looks at it, so a fleet of any size costs no memory.
#ifndef PL_OBSERVE_SERIES_H
#define PL_OBSERVE_SERIES_H

#include "model/world.h"
#include "observe/families.h"
#include "observe/fleet.h"
#include "observe/intern.h"
#include "observe/labels.h"
#include "observe/observe_types.h"
#include "observe/tracks.h"

#include <stdbool.h>
#include <stdint.h>

/** In place of a twin: all twins of a simulated pod together, whose noise cancels out. */
#define PL_TWIN_ALL UINT32_C(0xffffffff)

enum {
    PL_SESSION_STATE_COUNT =
        4, /* active, idle, idle in transaction, idle in transaction (aborted) */
    PL_OUTCOME_COUNT = 4
};

/** Word numbers of everything that can be a label value, made once. */
struct pl_series_words {
    uint16_t services[PL_SERVICES_MAX];
    uint16_t routes[PL_ROUTES_MAX];
    uint16_t methods[PL_ROUTES_MAX];
    uint16_t addresses[PL_EDGES_MAX];
    uint16_t pools[PL_POOLS_MAX];
    uint16_t databases[PL_DATABASES_MAX];
    uint16_t hosts[PL_DATABASES_MAX][1 + PL_REPLICAS_MAX];
    uint16_t summaries[PL_STATEMENTS_MAX];
    uint16_t query_ids[PL_STATEMENTS_MAX];
    uint16_t statements[PL_STATEMENTS_MAX];
    uint16_t caches[PL_CACHES_MAX];
    uint16_t topics[PL_TOPICS_MAX];
    uint16_t groups[PL_TOPICS_MAX];
    uint16_t flags[PL_FLAGS_MAX];
    uint16_t sources[PL_SOURCES_MAX];
    uint16_t streams[PL_STREAMS_MAX];
    uint16_t stream_groups[PL_GROUPS_MAX];
    uint16_t volumes[PL_VOLUMES_MAX];
    uint16_t quantiles[PL_FRESHNESS_QUANTILES];
    uint16_t codes[PL_CODE_COUNT];
    uint16_t session_states[PL_SESSION_STATE_COUNT];
    uint16_t outcomes[PL_OUTCOME_COUNT];
    uint16_t http_le[PL_HTTP_BUCKETS];
    uint16_t db_le[PL_DB_BUCKETS];
    uint16_t numbers[128]; /* partitions */
    uint16_t used;
    uint16_t idle;
    uint16_t primary;
    uint16_t replica;
    uint16_t heap;
    uint16_t gc;
    uint16_t lock_mode;
    uint16_t timeout;
};

/** Where series come from; everything is borrowed. */
struct pl_series {
    const struct pl_world *world;
    const struct pl_tracks *tracks;
    const struct pl_fleet *fleet;
    struct pl_intern *intern;
    const struct pl_observe_hole *holes;
    uint32_t hole_count;
    uint32_t reserved;
    int64_t interval_ns;
    struct pl_series_words words;
};

/** Name of one series within its family. */
struct pl_series_ref {
    uint32_t family;   /* enum pl_family */
    uint32_t part;     /* enum pl_metric_part */
    uint32_t instance; /* index in the fleet, or PL_NONE */
    uint32_t twin;     /* of the instance, or PL_TWIN_ALL */
    uint32_t a;        /* pool, route, edge, database ...: by the family's `over` */
    uint32_t b;        /* code, state, host, partition */
    uint32_t bucket;   /* PL_PART_BUCKET: upper bucket, summed over all below */
};

/**
 * Prepare the words; tracks, fleet and the rest are set by the caller before.
 *
 * @param series  world and intern are set; changed
 */
void pl_series_init(struct pl_series *series);

/** Called for each series; returns false to stop. */
typedef bool (*pl_series_visitor)(void *context,
                                  const struct pl_labels *labels,
                                  const struct pl_series_ref *ref);

/** How finely pods are told apart. */
enum pl_series_grain {
    PL_GRAIN_PODS,  /* one series per pod of the fleet */
    PL_GRAIN_SLICES /* one series per simulated pod, for all its twins: sums over pods are the same
                     */
};

/**
 * Visit all series of a family that exist up to now, in a fixed order.
 *
 * @param series   source
 * @param name     family and part
 * @param grain    PL_GRAIN_SLICES leaves the label pod out; counters only
 * @param visitor  called for each
 * @param context  handed to the visitor
 * @return false when the visitor stopped
 */
bool pl_series_visit(const struct pl_series *series,
                     struct pl_family_name name,
                     enum pl_series_grain grain,
                     pl_series_visitor visitor,
                     void *context);

/** Text of the upper bound of a bucket as in the label le. */
const char *pl_series_le(uint32_t http, uint32_t bucket);

/** Names of session states, as PostgreSQL has them. */
const char *pl_series_session_state(uint32_t state);

/** Names of outcomes for users. */
const char *pl_series_outcome(uint32_t outcome);

/** Address of a callee as client spans and metrics show it. */
const char *pl_series_address(const struct pl_world *world, uint32_t edge);

/** Name of a topic, or of a stream: those count from PL_TOPICS_MAX. */
const char *pl_series_topic(const struct pl_world *world, uint32_t topic);

/** Path of a route, or its name when it is no HTTP route. */
const char *pl_series_route(const struct pl_world *world, uint32_t route);

/** Write the host name of a database's primary (0) or replica (1..). */
void pl_series_host(
    const struct pl_world *world, uint32_t database, uint32_t host, char *text, uint32_t size);

/** Id of a statement as pg_stat_statements would show it. */
int64_t pl_series_query_id(const struct pl_world *world, uint32_t statement);

#endif
