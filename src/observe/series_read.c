// SPDX-License-Identifier: Apache-2.0
#include "observe/series_read.h"

#include "base/check.h"
#include "base/random.h"
#include "model/model.h"

#include <math.h>
#include <stddef.h>

#define BYTES_PER_MB 1048576.0
/* Share of a JVM's working set that is heap in use. */
#define HEAP_SHARE 0.72

enum { PURPOSE_SCRAPE = 0x5c4a, PURPOSE_MEMORY = 0x3e3, PURPOSE_DITHER = 0xd17e };

/* One read in progress. */
struct reader {
    const struct pl_series *series;
    const struct pl_series_ref *ref;
    uint32_t first;
    uint32_t count;
    double *out;
    double scale;
};

static const double nothing = (double)NAN;

static void fill_nothing(const struct reader *reader)
{
    for (uint32_t i = 0; i < reader->count; i++) {
        reader->out[i] = nothing;
    }
}

static bool wanted(const struct reader *reader, uint32_t sample)
{
    return sample >= reader->first && sample < reader->first + reader->count;
}

static uint32_t count_at(const struct pl_track *track, uint32_t column, uint32_t sample)
{
    return *pl_track_count(track, column, sample);
}

static double value_at(const struct pl_track *track, uint32_t column, uint32_t sample)
{
    return *pl_track_value(track, column, sample);
}

/* True when the pod's own endpoint gave no sample. */
static bool
is_lost(const struct reader *reader, const struct pl_instance *instance, uint32_t sample)
{
    const struct pl_series *series = reader->series;
    return pl_tracks_target(series->tracks, instance->service, sample) == PL_SCRAPE_LOST ||
           (reader->ref->twin != PL_TWIN_ALL &&
            pl_fleet_lost(series->fleet, instance->pod, reader->ref->twin, sample));
}

/* ---- Counters of pods ---- */

/* Columns of a track that a counter sums up. */
struct columns {
    struct pl_track track;
    uint32_t first;     /* count column, or value column */
    uint32_t last;      /* included */
    uint32_t is_values; /* 1: value column */
};

/* Increase of one column from the sample before; all of it at a track's first sample. */
static double increase(const struct columns *columns, uint32_t column, uint32_t sample)
{
    const struct pl_track *track = &columns->track;
    bool has_before = sample > track->first;
    if (columns->is_values != 0) {
        double before = has_before ? value_at(track, column, sample - 1) : 0.0;
        double more = value_at(track, column, sample) - before;
        return more > 0.0 ? more : 0.0;
    }
    uint32_t before = has_before ? count_at(track, column, sample - 1) : 0;
    uint32_t now = count_at(track, column, sample);
    return now > before ? (double)(now - before) : 0.0;
}

/*
 * Where to begin to add up. The shares of one twin depend on all samples since its process began;
 * all twins together need only what the columns had when the process began.
 */
static uint32_t begin_of(const struct reader *reader,
                         const struct columns *columns,
                         const struct pl_track *pod,
                         double *sum)
{
    const struct pl_instance *instance = &reader->series->fleet->instances[reader->ref->instance];
    uint32_t from = instance->first > columns->track.first ? instance->first : columns->track.first;
    *sum = 0.0;
    if (reader->ref->twin != PL_TWIN_ALL || reader->first <= from) {
        return from;
    }
    uint32_t process = reader->first;
    while (process > from && count_at(pod, PL_POD_GENERATION, process) ==
                                 count_at(pod, PL_POD_GENERATION, process - 1)) {
        process--;
    }
    for (uint32_t column = columns->first; column <= columns->last; column++) {
        double before = 0.0;
        double now = 0.0;
        if (columns->is_values != 0) {
            before = process > columns->track.first ? value_at(&columns->track, column, process - 1)
                                                    : 0.0;
            now = value_at(&columns->track, column, reader->first - 1);
        } else {
            before = process > columns->track.first
                         ? (double)count_at(&columns->track, column, process - 1)
                         : 0.0;
            now = (double)count_at(&columns->track, column, reader->first - 1);
        }
        *sum += process < reader->first && now > before ? now - before : 0.0;
    }
    return reader->first;
}

/* Share of what is read in an increase of its simulated pod. */
static double share_of(const struct reader *reader,
                       const struct columns *columns,
                       uint64_t stream,
                       uint32_t sample,
                       double more)
{
    const struct pl_series_ref *ref = reader->ref;
    if (ref->twin == PL_TWIN_ALL) {
        return 1.0;
    }
    const struct pl_instance *instance = &reader->series->fleet->instances[ref->instance];
    uint32_t twins = pl_fleet_twins(reader->series->world, instance->service);
    double amount = columns->is_values != 0 ? 400.0 : more;
    return pl_fleet_share(stream, sample, ref->twin, twins, amount);
}

/*
 * A counter of a twin: its share of each increase, summed up since its process began. The share
 * is dealt per column, so that the buckets of twins differ as those of independent pods do.
 */
static void read_pod_counter(const struct reader *reader, const struct columns *columns)
{
    const struct pl_series_ref *ref = reader->ref;
    const struct pl_instance *instance = &reader->series->fleet->instances[ref->instance];
    struct pl_track pod = pl_tracks_find(reader->series->tracks, PL_TRACK_POD, instance->pod, 0, 0);
    uint64_t key = pl_fleet_key(
        reader->series->fleet, ref->family, instance->pod, ref->a * PL_CODE_COUNT + ref->b);
    fill_nothing(reader);
    if (columns->track.counts == NULL) {
        return;
    }
    double sum = 0.0;
    uint32_t end = reader->first + reader->count;
    end = end < instance->last + 1 ? end : instance->last + 1;
    for (uint32_t sample = begin_of(reader, columns, &pod, &sum); sample < end; sample++) {
        bool fresh = sample > instance->first && count_at(&pod, PL_POD_GENERATION, sample) !=
                                                     count_at(&pod, PL_POD_GENERATION, sample - 1);
        sum = fresh ? 0.0 : sum;
        for (uint32_t column = columns->first; column <= columns->last; column++) {
            double more = increase(columns, column, sample);
            if (more > 0.0) {
                uint64_t stream = pl_random_child(key, column);
                sum += more * share_of(reader, columns, stream, sample, more);
            }
        }
        if (wanted(reader, sample) && !is_lost(reader, instance, sample)) {
            double value = sum * reader->scale;
            reader->out[sample - reader->first] =
                columns->is_values != 0 ? value : floor(value + 0.5);
        }
    }
}

static void read_histogram(const struct reader *reader, enum pl_track_kind kind, uint32_t column0)
{
    const struct pl_series_ref *ref = reader->ref;
    const struct pl_instance *instance = &reader->series->fleet->instances[ref->instance];
    uint32_t c = kind == PL_TRACK_SERVER || kind == PL_TRACK_CLIENT ? ref->b : 0;
    uint32_t buckets =
        kind == PL_TRACK_SERVER || kind == PL_TRACK_CLIENT ? PL_HTTP_BUCKETS : PL_DB_BUCKETS;
    uint32_t last = ref->part == PL_PART_BUCKET ? ref->bucket : buckets - 1;
    struct columns columns = {
        pl_tracks_find(reader->series->tracks, kind, instance->pod, ref->a, c),
        column0,
        column0 + last,
        0,
    };
    if (ref->part == PL_PART_SUM) {
        columns.first = 0;
        columns.last = 0;
        columns.is_values = 1;
    }
    read_pod_counter(reader, &columns);
}

static void read_pod_column(const struct reader *reader, uint32_t column, uint32_t is_values)
{
    const struct pl_instance *instance = &reader->series->fleet->instances[reader->ref->instance];
    struct columns columns = {
        pl_tracks_find(reader->series->tracks, PL_TRACK_POD, instance->pod, 0, 0),
        column,
        column,
        is_values,
    };
    read_pod_counter(reader, &columns);
}

/* ---- Gauges of pods ---- */

static double memory_mb(const struct reader *reader, const struct pl_track *track, uint32_t sample)
{
    const struct pl_series_ref *ref = reader->ref;
    const struct pl_instance *instance = &reader->series->fleet->instances[ref->instance];
    uint64_t key =
        pl_fleet_key(reader->series->fleet, PURPOSE_MEMORY, instance->pod, instance->generation);
    double twin = pl_random_unit(pl_random_bits(key, ref->twin)) - 0.5;
    uint64_t own = pl_random_child(key, ref->twin);
    double now = pl_random_unit(pl_random_bits(own, sample)) - 0.5;
    double factor = 1.0 + 0.05 * twin + 0.012 * now;
    return value_at(track, PL_POD_MEMORY_MB, sample) * factor;
}

static double scrape_duration(const struct reader *reader, uint32_t sample)
{
    const struct pl_series_ref *ref = reader->ref;
    uint64_t key = pl_fleet_key(reader->series->fleet, PURPOSE_SCRAPE, ref->instance, ref->a);
    double draw = pl_random_unit(pl_random_bits(pl_random_child(key, ref->twin), sample));
    return 0.004 + 0.006 * draw * draw;
}

/* One gauge of a twin that comes from its pod alone. */
static double pod_gauge(const struct reader *reader, const struct pl_track *pod, uint32_t sample)
{
    const struct pl_series_ref *ref = reader->ref;
    const struct pl_instance *instance = &reader->series->fleet->instances[ref->instance];
    const struct pl_service *service = &reader->series->world->services[instance->service];
    uint64_t key = pl_fleet_key(reader->series->fleet, ref->family, instance->pod, 0);
    double workers = (double)count_at(pod, PL_POD_WORKERS, sample);
    uint32_t phase = count_at(pod, PL_POD_PHASE, sample);
    switch (ref->family) {
    case PL_M_ACTIVE_REQUESTS: {
        double busy = (double)count_at(pod, PL_POD_BUSY, sample);
        return pl_fleet_gauge(key, sample, ref->twin, busy, workers > 0.0 ? workers : 1e9);
    }
    case PL_M_WORKERS:
        return workers;
    case PL_M_JVM_USED:
        return memory_mb(reader, pod, sample) * BYTES_PER_MB * HEAP_SHARE;
    case PL_M_MEMORY:
        return memory_mb(reader, pod, sample) * BYTES_PER_MB;
    case PL_M_MEMORY_LIMIT:
        return service->memory_limit_mb * BYTES_PER_MB;
    case PL_M_RESTARTS:
        return (double)(count_at(pod, PL_POD_RESTARTS, sample) -
                        count_at(pod, PL_POD_RESTARTS, instance->first));
    case PL_M_READY:
        return phase == PL_POD_READY && count_at(pod, PL_POD_EJECTED, sample) == 0 ? 1.0 : 0.0;
    case PL_M_SCRAPE:
        return scrape_duration(reader, sample);
    default:
        return nothing;
    }
}

static void read_pod_gauge(const struct reader *reader, bool from_pod)
{
    const struct pl_instance *instance = &reader->series->fleet->instances[reader->ref->instance];
    struct pl_track pod = pl_tracks_find(reader->series->tracks, PL_TRACK_POD, instance->pod, 0, 0);
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count; i++) {
        uint32_t sample = reader->first + i;
        bool lives = sample >= instance->first && sample <= instance->last;
        if (lives && !(from_pod && is_lost(reader, instance, sample))) {
            reader->out[i] = pod_gauge(reader, &pod, sample);
        }
    }
}

static double pool_gauge(const struct reader *reader, const struct pl_track *pool, uint32_t sample)
{
    const struct pl_series_ref *ref = reader->ref;
    const struct pl_instance *instance = &reader->series->fleet->instances[ref->instance];
    uint64_t key = pl_fleet_key(reader->series->fleet, PL_M_POOL_COUNT, instance->pod, ref->a);
    double size = (double)count_at(pool, PL_PODPOOL_SIZE, sample);
    double open = (double)count_at(pool, PL_PODPOOL_OPEN, sample);
    double in_use = (double)count_at(pool, PL_PODPOOL_IN_USE, sample);
    double pending = (double)count_at(pool, PL_PODPOOL_PENDING, sample);
    if (ref->family == PL_M_POOL_MAX) {
        return size;
    }
    if (ref->family == PL_M_POOL_PENDING) {
        uint64_t own = pl_random_child(key, PL_M_POOL_PENDING);
        return pl_fleet_gauge(own, sample, ref->twin, pending, 1e9);
    }
    double used = pl_fleet_gauge(key, sample, ref->twin, in_use, open);
    double idle = open > used ? open - used : 0.0;
    return ref->b == 0 ? used : idle;
}

static void read_pool_gauge(const struct reader *reader)
{
    const struct pl_instance *instance = &reader->series->fleet->instances[reader->ref->instance];
    struct pl_track pool =
        pl_tracks_find(reader->series->tracks, PL_TRACK_POD_POOL, instance->pod, reader->ref->a, 0);
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count && pool.counts != NULL; i++) {
        uint32_t sample = reader->first + i;
        if (sample >= instance->first && sample <= instance->last &&
            !is_lost(reader, instance, sample)) {
            reader->out[i] = pool_gauge(reader, &pool, sample);
        }
    }
}

static void read_up(const struct reader *reader)
{
    const struct pl_series_ref *ref = reader->ref;
    const struct pl_series *series = reader->series;
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count; i++) {
        uint32_t sample = reader->first + i;
        if (ref->instance == PL_NONE) {
            bool lost = pl_tracks_target(series->tracks, ref->a, sample) == PL_SCRAPE_LOST;
            double up = lost ? 0.0 : 1.0;
            reader->out[i] = ref->family == PL_M_UP ? up : scrape_duration(reader, sample);
            continue;
        }
        const struct pl_instance *instance = &series->fleet->instances[ref->instance];
        if (sample >= instance->first && sample <= instance->last) {
            double up = is_lost(reader, instance, sample) ? 0.0 : 1.0;
            reader->out[i] = ref->family == PL_M_UP ? up : scrape_duration(reader, sample);
        }
    }
}

/* ---- Things that are not pods ---- */

/*
 * A count of the slice scaled to the fleet without leaving only multiples of the slice: the
 * remainder is drawn, and empty and full stay what they are.
 */
static double dither(const struct reader *reader, uint32_t sample, double value, double limit)
{
    double scale = reader->scale;
    if (value < 1.0 || value + 1.0 > limit || scale < 2.0) {
        return value * scale;
    }
    const struct pl_series_ref *ref = reader->ref;
    uint64_t key =
        pl_fleet_key(reader->series->fleet, PURPOSE_DITHER + ref->family, ref->a, ref->b);
    double draw = pl_random_unit(pl_random_bits(key, sample)) - 0.5;
    return value * scale + floor(draw * (scale - 1.0) + 0.5);
}

static double session_count(const struct reader *reader, const struct pl_track *db, uint32_t sample)
{
    double limit = (double)count_at(db, PL_DB_CONNECTIONS_MAX, sample);
    double active = (double)count_at(db, PL_DB_ACTIVE, sample) +
                    (double)count_at(db, PL_DB_LOCK_WAITING, sample);
    double in_transaction = (double)count_at(db, PL_DB_IDLE_IN_TRANSACTION, sample);
    double all = (double)count_at(db, PL_DB_CONNECTIONS, sample);
    double idle = all - active - in_transaction;
    const double states[] = {active, idle > 0.0 ? idle : 0.0, in_transaction, 0.0};
    return dither(reader, sample, states[reader->ref->b], limit);
}

/* Busy share of a host's processors since the sample before. */
static double host_busy(const struct reader *reader, const struct pl_track *db, uint32_t sample)
{
    const struct pl_series_ref *ref = reader->ref;
    if (sample == db->first) {
        return nothing;
    }
    double cores = value_at(db, PL_DB_CORES, sample);
    uint32_t column = PL_DB_CPU_S;
    if (ref->b > 0) {
        column = PL_DB_REPLICA_CPU_S + ref->b - 1;
        double own = reader->series->world->databases[ref->a].replica_cores;
        cores = own > 0.0 ? own : cores;
    }
    double seconds = pl_clock_s(pl_tracks_time(reader->series->tracks, sample) -
                                pl_tracks_time(reader->series->tracks, sample - 1));
    double busy = value_at(db, column, sample) - value_at(db, column, sample - 1);
    double ratio = cores > 0.0 ? busy / seconds / cores : nothing;
    return ratio < 1.0 ? ratio : 1.0;
}

static double
database_gauge(const struct reader *reader, const struct pl_track *db, uint32_t sample)
{
    double limit = (double)count_at(db, PL_DB_CONNECTIONS_MAX, sample);
    double waiting = (double)count_at(db, PL_DB_LOCK_WAITING, sample);
    double down = (double)count_at(db, PL_DB_DOWN, sample);
    switch (reader->ref->family) {
    case PL_M_PG_UP:
        return 1.0 - down;
    case PL_M_PG_ACTIVITY:
        return session_count(reader, db, sample);
    case PL_M_PG_MAX:
        return limit * reader->scale;
    case PL_M_PG_TX:
        return value_at(db, PL_DB_OLDEST_S, sample);
    case PL_M_PG_LOCKS:
        return dither(reader, sample, waiting, 1e9);
    case PL_M_PG_DEADLOCKS:
        return (double)count_at(db, PL_DB_DEADLOCKS, sample) * reader->scale;
    case PL_M_PG_COMMITS:
        return (double)count_at(db, PL_DB_COMMITS, sample) * reader->scale;
    case PL_M_PG_HIT:
        return floor(value_at(db, PL_DB_BLOCKS_HIT, sample) * reader->scale + 0.5);
    case PL_M_PG_READ:
        return floor(value_at(db, PL_DB_BLOCKS_READ, sample) * reader->scale + 0.5);
    case PL_M_PG_LAG:
        return value_at(db, PL_DB_REPLICA_LAG_S + reader->ref->b - 1, sample);
    case PL_M_NODE_CPU:
        return host_busy(reader, db, sample);
    default:
        return nothing;
    }
}

static double deployment_gauge(const struct reader *reader, uint32_t sample)
{
    const struct pl_series *series = reader->series;
    uint32_t service = reader->ref->a;
    struct pl_track track = pl_tracks_find(series->tracks, PL_TRACK_SERVICE, service, 0, 0);
    double twins = (double)pl_fleet_twins(series->world, service);
    if (track.counts == NULL || sample < track.first) {
        return nothing;
    }
    uint32_t family = reader->ref->family;
    if (family == PL_M_AVAILABLE) {
        double ready = 0.0;
        for (uint32_t pod = pl_tracks_pod0(series->tracks, service);
             pod < pl_tracks_pod0(series->tracks, service + 1);
             pod++) {
            struct pl_track own = pl_tracks_find(series->tracks, PL_TRACK_POD, pod, 0, 0);
            ready += own.counts != NULL && count_at(&own, PL_POD_PHASE, sample) == PL_POD_READY &&
                             count_at(&own, PL_POD_EJECTED, sample) == 0
                         ? 1.0
                         : 0.0;
        }
        return ready * twins;
    }
    if (family == PL_M_REPLICAS) {
        return value_at(&track, PL_SERVICE_DESIRED, sample) * twins;
    }
    if (value_at(&track, PL_SERVICE_HPA, sample) < 0.5) {
        return nothing; /* no autoscaler, no series */
    }
    uint32_t column = family == PL_M_HPA_MIN ? PL_SERVICE_HPA_MIN : PL_SERVICE_DESIRED;
    column = family == PL_M_HPA_MAX ? PL_SERVICE_HPA_MAX : column;
    return value_at(&track, column, sample) * twins;
}

/* Messages of one partition: keys are spread unevenly, always in the same way. */
static double
partition_lag(const struct reader *reader, const struct pl_track *topic, uint32_t sample)
{
    const struct pl_series_ref *ref = reader->ref;
    uint32_t partitions = reader->series->world->topics[ref->a].partitions;
    uint64_t key = pl_fleet_key(reader->series->fleet, PL_M_KAFKA_LAG, ref->a, 0);
    double sum = 0.0;
    double own = 0.0;
    for (uint32_t i = 0; i < partitions; i++) {
        double weight = 0.8 + 0.4 * pl_random_unit(pl_random_bits(key, i));
        sum += weight;
        own = i == ref->b ? weight : own;
    }
    double depth = (double)count_at(topic, PL_TOPIC_DEPTH, sample) * reader->scale;
    return floor(depth * own / sum + 0.5);
}

static void read_service_level(const struct reader *reader)
{
    for (uint32_t i = 0; i < reader->count; i++) {
        reader->out[i] = deployment_gauge(reader, reader->first + i);
    }
}

static void read_database(const struct reader *reader)
{
    const struct pl_tracks *tracks = reader->series->tracks;
    struct pl_track db = pl_tracks_find(tracks, PL_TRACK_DATABASE, reader->ref->a, 0, 0);
    uint32_t target = reader->series->world->service_count + reader->ref->a;
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count && db.counts != NULL; i++) {
        uint32_t sample = reader->first + i;
        if (sample >= db.first && pl_tracks_target(tracks, target, sample) != PL_SCRAPE_LOST) {
            reader->out[i] = database_gauge(reader, &db, sample);
        }
    }
}

/* A cumulative column of a thing that is not a pod, scaled. */
struct plain {
    enum pl_track_kind kind;
    uint32_t target; /* PL_NONE: always answers */
    uint32_t first;  /* columns first..last are summed */
    uint32_t last;
    uint32_t is_values;
};

static void read_plain(const struct reader *reader, const struct plain *plain)
{
    const struct pl_tracks *tracks = reader->series->tracks;
    uint32_t b = plain->kind == PL_TRACK_POOL_USE ? reader->ref->b : 0;
    struct pl_track track = pl_tracks_find(tracks, plain->kind, reader->ref->a, b, 0);
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count && track.counts != NULL; i++) {
        uint32_t sample = reader->first + i;
        if (sample < track.first ||
            (plain->target != PL_NONE &&
             pl_tracks_target(tracks, plain->target, sample) == PL_SCRAPE_LOST)) {
            continue;
        }
        double sum = 0.0;
        for (uint32_t column = plain->first; column <= plain->last; column++) {
            sum += plain->is_values != 0 ? value_at(&track, column, sample)
                                         : (double)count_at(&track, column, sample);
        }
        reader->out[i] = sum * reader->scale;
    }
}

static void read_pool_use(const struct reader *reader)
{
    const struct pl_series_ref *ref = reader->ref;
    uint32_t last = ref->part == PL_PART_BUCKET ? ref->bucket : PL_DB_BUCKETS - 1;
    bool sum = ref->part == PL_PART_SUM;
    struct plain plain = {PL_TRACK_POOL_USE,
                          reader->series->world->pools[ref->a].service,
                          0,
                          sum ? 0 : last,
                          sum ? 1 : 0};
    read_plain(reader, &plain);
}

static void read_edge(const struct reader *reader)
{
    const struct pl_series_ref *ref = reader->ref;
    struct plain plain = {PL_TRACK_EDGE, reader->series->world->edges[ref->a].service, 0, 0, 0};
    if (ref->family == PL_M_CLIENT_OPEN || ref->family == PL_M_BREAKER) {
        plain.first = ref->family == PL_M_BREAKER ? PL_EDGE_OPEN : PL_EDGE_IN_FLIGHT;
        plain.last = plain.first;
        read_plain(reader, &plain);
        return;
    }
    struct pl_track track = pl_tracks_find(reader->series->tracks, PL_TRACK_EDGE, ref->a, 0, 0);
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count && track.counts != NULL; i++) {
        uint32_t sample = reader->first + i;
        if (sample >= track.first &&
            pl_tracks_target(reader->series->tracks, plain.target, sample) != PL_SCRAPE_LOST) {
            uint32_t attempts = count_at(&track, PL_EDGE_ATTEMPTS, sample);
            uint32_t requests = count_at(&track, PL_EDGE_REQUESTS, sample);
            reader->out[i] =
                attempts > requests ? (double)(attempts - requests) * reader->scale : 0.0;
        }
    }
}

/* One column of a group, stream, lane or volume. */
static void read_column(const struct reader *reader, const struct plain *plain, uint32_t b)
{
    const struct pl_tracks *tracks = reader->series->tracks;
    uint32_t a = plain->kind == PL_TRACK_VOLUME ? reader->ref->a : reader->ref->a - PL_TOPICS_MAX;
    struct pl_track track = pl_tracks_find(tracks, plain->kind, a, b, 0);
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count && track.counts != NULL; i++) {
        uint32_t sample = reader->first + i;
        bool there = sample >= track.first &&
                     (plain->target == PL_NONE ||
                      pl_tracks_target(tracks, plain->target, sample) != PL_SCRAPE_LOST);
        if (there && plain->kind == PL_TRACK_LANE) {
            there = count_at(&track, PL_LANE_PRESENT, sample) != 0;
        }
        if (there) {
            reader->out[i] = plain->is_values != 0
                                 ? value_at(&track, plain->first, sample)
                                 : (double)count_at(&track, plain->first, sample) * reader->scale;
        }
    }
}

/* Records published to a stream, all partitions. */
static void read_stream_sum(const struct reader *reader)
{
    const struct pl_series *series = reader->series;
    uint32_t stream = reader->ref->a - PL_TOPICS_MAX;
    struct pl_track track = pl_tracks_find(series->tracks, PL_TRACK_STREAM, stream, 0, 0);
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count && track.counts != NULL; i++) {
        double sum = 0.0;
        if (reader->first + i >= track.first) {
            for (uint32_t p = 0; p < series->world->streams.streams[stream].partitions; p++) {
                sum += (double)count_at(&track, p, reader->first + i);
            }
            reader->out[i] = sum * reader->scale;
        }
    }
}

/* What concerns a stream, a group or a volume. */
static void read_stream(const struct reader *reader)
{
    const struct pl_series_ref *ref = reader->ref;
    const struct pl_world *world = reader->series->world;
    struct plain plain = {PL_TRACK_GROUP, PL_NONE, 0, 0, 0};
    uint32_t b = 0;
    switch (ref->family) {
    case PL_M_SENT:
        read_stream_sum(reader);
        return;
    case PL_M_KAFKA_LAG:
    case PL_M_GROUP_OFFSET:
        plain.kind = PL_TRACK_LANE;
        plain.target = world->service_count + world->database_count + world->cache_count +
                       world->topic_count + ref->a - PL_TOPICS_MAX;
        plain.first = ref->family == PL_M_KAFKA_LAG ? PL_LANE_LAG : PL_LANE_OFFSET;
        b = ref->b;
        break;
    case PL_M_STREAM_OFFSET:
        plain.kind = PL_TRACK_STREAM;
        plain.first = ref->b;
        break;
    case PL_M_GROUP_MEMBERS:
        plain.first = PL_GROUP_MEMBERS;
        break;
    case PL_M_GROUP_REBALANCES:
        plain.first = PL_GROUP_REBALANCES;
        break;
    case PL_M_CONSUMED:
    case PL_M_GROUP_RECORDS:
        plain.first = PL_GROUP_CONSUMED;
        break;
    case PL_M_DEAD_LETTERS:
        plain.first = PL_GROUP_DEAD;
        break;
    case PL_M_FRESHNESS:
        plain.first = PL_GROUP_FRESHNESS + ref->b;
        plain.is_values = 1;
        break;
    default:
        plain.kind = PL_TRACK_VOLUME;
        plain.first = ref->family == PL_M_DISK_BYTES ? PL_VOLUME_BYTES : PL_VOLUME_BUSY;
        plain.is_values = 1;
        break;
    }
    read_column(reader, &plain, b);
}

/* Is the series one of a stream, a group or a volume? */
static bool is_of_stream(const struct pl_series_ref *ref, uint32_t over)
{
    return over >= PL_OVER_GROUP ||
           ((over == PL_OVER_PARTITION || over == PL_OVER_TOPIC) && ref->a >= PL_TOPICS_MAX);
}

static void read_topic(const struct reader *reader)
{
    const struct pl_series_ref *ref = reader->ref;
    const struct pl_world *world = reader->series->world;
    uint32_t target = world->service_count + world->database_count + world->cache_count + ref->a;
    if (ref->family != PL_M_KAFKA_LAG) {
        uint32_t column = ref->family == PL_M_SENT ? PL_TOPIC_PUBLISHED : PL_TOPIC_CONSUMED;
        struct plain plain = {PL_TRACK_TOPIC, PL_NONE, column, column, 0};
        read_plain(reader, &plain);
        return;
    }
    struct pl_track track = pl_tracks_find(reader->series->tracks, PL_TRACK_TOPIC, ref->a, 0, 0);
    fill_nothing(reader);
    for (uint32_t i = 0; i < reader->count && track.counts != NULL; i++) {
        uint32_t sample = reader->first + i;
        if (sample >= track.first &&
            pl_tracks_target(reader->series->tracks, target, sample) != PL_SCRAPE_LOST) {
            reader->out[i] = partition_lag(reader, &track, sample);
        }
    }
}

static void read_other(const struct reader *reader)
{
    const struct pl_world *world = reader->series->world;
    const struct pl_series_ref *ref = reader->ref;
    struct plain plain = {PL_TRACK_STATEMENT, PL_NONE, 0, 0, 0};
    struct reader unscaled = *reader;
    unscaled.scale = 1.0;
    switch (ref->family) {
    case PL_M_PG_CALLS:
    case PL_M_PG_SECONDS:
        plain.target = world->service_count + world->statements[ref->a].database;
        plain.is_values = ref->family == PL_M_PG_SECONDS ? 1 : 0;
        break;
    case PL_M_REDIS_HITS:
    case PL_M_REDIS_MISSES:
    case PL_M_REDIS_KEYS:
        plain.kind = PL_TRACK_CACHE;
        plain.target = world->service_count + world->database_count + ref->a;
        plain.first = ref->family - PL_M_REDIS_HITS + PL_CACHE_HITS;
        plain.last = plain.first;
        break;
    case PL_M_FLAG:
        plain.kind = PL_TRACK_FLAG;
        plain.is_values = 1;
        read_plain(&unscaled, &plain);
        return;
    case PL_M_VISITS:
    case PL_M_ATTEMPTS:
    case PL_M_OUTCOMES:
        plain.kind = PL_TRACK_SOURCE;
        plain.first = ref->family == PL_M_OUTCOMES ? PL_SOURCE_OK + ref->b : PL_SOURCE_OFFERED;
        plain.last = plain.first;
        break;
    default:
        fill_nothing(reader);
        return;
    }
    read_plain(reader, &plain);
    if (ref->family == PL_M_ATTEMPTS) {
        struct pl_track track = pl_tracks_find(reader->series->tracks, plain.kind, ref->a, 0, 0);
        for (uint32_t i = 0; i < reader->count && track.counts != NULL; i++) {
            reader->out[i] +=
                (double)count_at(&track, PL_SOURCE_RETRIED, reader->first + i) * reader->scale;
        }
    }
}

static void read_pod(const struct reader *reader)
{
    switch (reader->ref->family) {
    case PL_M_CPU:
        read_pod_column(reader, PL_POD_CPU_S, 1);
        return;
    case PL_M_CFS_PERIODS:
        read_pod_column(reader, PL_POD_PERIODS, 0);
        return;
    case PL_M_CFS_THROTTLED:
        read_pod_column(reader, PL_POD_THROTTLED, 0);
        return;
    case PL_M_CFS_SECONDS:
        read_pod_column(reader, PL_POD_THROTTLED_S, 1);
        return;
    case PL_M_GC:
        if (reader->ref->part == PL_PART_SUM) {
            read_pod_column(reader, PL_POD_GC_S, 1);
        } else {
            read_pod_column(reader, PL_POD_GC_COUNT, 0);
        }
        return;
    case PL_M_ACTIVE_REQUESTS:
    case PL_M_WORKERS:
    case PL_M_JVM_USED:
        read_pod_gauge(reader, true);
        return;
    default:
        /* Kubernetes knows these, not the pod. */
        read_pod_gauge(reader, false);
        return;
    }
}

static void read_pod_pool(const struct reader *reader)
{
    const struct pl_series_ref *ref = reader->ref;
    if (ref->family == PL_M_POOL_WAIT) {
        read_histogram(reader, PL_TRACK_POD_POOL, PL_PODPOOL_WAIT);
    } else if (ref->family == PL_M_POOL_TIMEOUTS) {
        const struct pl_instance *instance = &reader->series->fleet->instances[ref->instance];
        struct columns columns = {
            pl_tracks_find(reader->series->tracks, PL_TRACK_POD_POOL, instance->pod, ref->a, 0),
            PL_PODPOOL_TIMEOUTS,
            PL_PODPOOL_TIMEOUTS,
            0,
        };
        read_pod_counter(reader, &columns);
    } else {
        read_pool_gauge(reader);
    }
}

static void freeze_hole(const struct reader *reader)
{
    const struct pl_series *series = reader->series;
    const char *name = pl_family_def(reader->ref->family)->name;
    for (uint32_t i = 0; i < series->hole_count; i++) {
        if (series->holes[i].kind == PL_OBSERVE_HOLE_STALE &&
            pl_slice_equal(pl_slice_of(series->holes[i].what), pl_slice_of(name))) {
            for (uint32_t j = 1; j < reader->count; j++) {
                reader->out[j] = reader->out[0];
            }
        }
    }
}

void pl_series_read(const struct pl_series *series,
                    const struct pl_series_ref *ref,
                    uint32_t first,
                    uint32_t count,
                    double *out)
{
    PL_CHECK(series != NULL && ref != NULL && out != NULL);
    PL_CHECK(first + count <= pl_tracks_count(series->tracks));
    struct reader reader = {.series = series,
                            .ref = ref,
                            .first = first,
                            .count = count,
                            .scale = pl_fleet_scale(series->world)};
    reader.out = out;
    uint32_t over = pl_family_def(ref->family)->over;
    if (is_of_stream(ref, over)) {
        read_stream(&reader);
    } else if (over == PL_OVER_TARGET) {
        read_up(&reader);
    } else if (over == PL_OVER_POD || over == PL_OVER_JVM_POD) {
        read_pod(&reader);
    } else if (over == PL_OVER_POD_POOL || over == PL_OVER_POD_POOL_STATE) {
        read_pod_pool(&reader);
    } else if (over == PL_OVER_SERVER) {
        read_histogram(&reader, PL_TRACK_SERVER, 0);
    } else if (over == PL_OVER_CLIENT) {
        read_histogram(&reader, PL_TRACK_CLIENT, 0);
    } else if (over == PL_OVER_DB_CLIENT) {
        read_histogram(&reader, PL_TRACK_DB_CLIENT, 0);
    } else if (over == PL_OVER_POOL_USE) {
        read_pool_use(&reader);
    } else if (over == PL_OVER_EDGE) {
        read_edge(&reader);
    } else if (over == PL_OVER_DEPLOYMENT || over == PL_OVER_HPA) {
        read_service_level(&reader);
    } else if (over == PL_OVER_DATABASE || over == PL_OVER_DATABASE_STATE ||
               over == PL_OVER_DATABASE_HOST || over == PL_OVER_REPLICA) {
        read_database(&reader);
    } else if (over == PL_OVER_PARTITION || over == PL_OVER_TOPIC) {
        read_topic(&reader);
    } else {
        read_other(&reader);
    }
    freeze_hole(&reader);
}
