// SPDX-License-Identifier: Apache-2.0
#include "observe/scrape.h"

#include "base/check.h"
#include "model/stream_view.h"

#include <string.h>

/* Share of a statement's buffers that are not in memory, with the good plan and beyond it. */
#define READ_SHARE_GOOD 0.006
#define READ_SHARE_BAD  0.3

/* One scrape in progress. */
struct job {
    const struct pl_world *world;
    const struct pl_state *state;
    const struct pl_record *record;
    struct pl_tracks *tracks;
    const uint32_t *restarts;
    uint32_t sample;
};

/* Reasons of PL_LOG_POD_STOPPED after which Kubernetes keeps the pod. */
enum { STOPPED_OUT_OF_MEMORY = 2, STOPPED_BY_LIVENESS = 3 };

int64_t pl_scrape_interval(const struct pl_observe_def *def)
{
    return def->scrape_interval_ns > 0 ? def->scrape_interval_ns : 15 * PL_NS_PER_S;
}

void pl_scrape_init(struct pl_scrape *scrape,
                    const struct pl_world *world,
                    const struct pl_observe_def *def)
{
    PL_CHECK(scrape != NULL && world != NULL && def != NULL);
    PL_CHECK(def->gap_count <= PL_OBSERVE_GAPS_MAX);
    memset(scrape, 0, sizeof(*scrape));
    scrape->world = world;
    scrape->gaps = def->gaps;
    scrape->gap_count = def->gap_count;
    scrape->interval_ns = pl_scrape_interval(def);
}

static uint32_t clip(uint64_t value)
{
    return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static void
set_count(const struct job *job, const struct pl_track *track, uint32_t column, uint64_t value)
{
    if (track->counts != NULL) {
        *pl_track_count(track, column, job->sample) = clip(value);
    }
}

static void
set_value(const struct job *job, const struct pl_track *track, uint32_t column, double value)
{
    if (track->counts != NULL) {
        *pl_track_value(track, column, job->sample) = value;
    }
}

static struct pl_track
open_track(const struct job *job, enum pl_track_kind kind, uint32_t a, uint32_t b, uint32_t c)
{
    return pl_tracks_open(job->tracks, kind, a, b, c);
}

/* A histogram that nothing was ever observed in has no series. */
static bool is_empty(const struct job *job,
                     enum pl_track_kind kind,
                     const uint32_t *at,
                     const uint64_t *count,
                     uint32_t buckets)
{
    if (pl_tracks_find(job->tracks, kind, at[0], at[1], at[2]).counts != NULL) {
        return false;
    }
    for (uint32_t i = 0; i < buckets; i++) {
        if (count[i] != 0) {
            return false;
        }
    }
    return true;
}

static void put_histogram(const struct job *job,
                          enum pl_track_kind kind,
                          const uint32_t *at,
                          const uint64_t *count,
                          double sum_s)
{
    uint32_t buckets =
        kind == PL_TRACK_SERVER || kind == PL_TRACK_CLIENT ? PL_HTTP_BUCKETS : PL_DB_BUCKETS;
    if (is_empty(job, kind, at, count, buckets)) {
        return;
    }
    struct pl_track track = open_track(job, kind, at[0], at[1], at[2]);
    for (uint32_t i = 0; i < buckets; i++) {
        set_count(job, &track, i, count[i]);
    }
    set_value(job, &track, 0, sum_s);
}

static void take_pod(const struct job *job, uint32_t pod)
{
    struct pl_pod_view view = pl_model_pod(job->world, job->state, pod);
    struct pl_track track = open_track(job, PL_TRACK_POD, pod, 0, 0);
    const struct pl_service *service = &job->world->services[view.service];
    double workers = pl_model_param(job->state, service->param0 + PL_SERVICE_WORKERS);
    set_count(job, &track, PL_POD_GENERATION, view.generation);
    set_count(job, &track, PL_POD_RELEASE, view.release);
    set_count(job, &track, PL_POD_PHASE, view.phase);
    set_count(job, &track, PL_POD_RESTARTS, job->restarts[pod]);
    set_count(job, &track, PL_POD_BUSY, view.busy);
    set_count(job, &track, PL_POD_QUEUED, view.queued);
    set_count(job, &track, PL_POD_PERIODS, view.periods);
    set_count(job, &track, PL_POD_THROTTLED, view.throttled_periods);
    set_count(job, &track, PL_POD_GC_COUNT, job->record->pod_gc_count[pod]);
    set_count(job, &track, PL_POD_EJECTED, view.ejected);
    set_count(job, &track, PL_POD_WORKERS, (uint64_t)workers);
    set_value(job, &track, PL_POD_CPU_S, view.cpu_s);
    set_value(job, &track, PL_POD_THROTTLED_S, view.throttled_s);
    set_value(job, &track, PL_POD_MEMORY_MB, view.memory_mb);
    set_value(job, &track, PL_POD_GC_S, job->record->pod_gc_s[pod]);
    set_value(job, &track, PL_POD_QUOTA, view.cpu_quota);
}

static void take_pod_pool(const struct job *job, uint32_t pod, uint32_t pool)
{
    struct pl_pool_view view = pl_model_pool(job->world, job->state, pod, pool);
    const struct pl_pool_counters *counters = pl_record_pool(job->record, pod, pool);
    struct pl_track track = open_track(job, PL_TRACK_POD_POOL, pod, pool, 0);
    set_count(job, &track, PL_PODPOOL_SIZE, view.size);
    set_count(job, &track, PL_PODPOOL_OPEN, view.open);
    set_count(job, &track, PL_PODPOOL_IN_USE, view.in_use);
    set_count(job, &track, PL_PODPOOL_PENDING, view.pending);
    set_count(job, &track, PL_PODPOOL_ACQUIRED, counters->acquired);
    set_count(job, &track, PL_PODPOOL_TIMEOUTS, counters->timeouts);
    set_count(job, &track, PL_PODPOOL_REFUSED, counters->refused);
    for (uint32_t i = 0; i < PL_DB_BUCKETS; i++) {
        set_count(job, &track, PL_PODPOOL_WAIT + i, counters->wait.count[i]);
    }
    set_value(job, &track, 0, counters->wait.sum_s);
}

static void take_pod_histograms(const struct job *job, uint32_t service, uint32_t pod)
{
    const struct pl_world *world = job->world;
    for (uint32_t route = 0; route < world->route_count; route++) {
        for (uint32_t code = 0; code < PL_CODE_COUNT && world->routes[route].service == service;
             code++) {
            const struct pl_http_cell *cell =
                pl_record_server(job->record, pod, route, (enum pl_code)code);
            const uint32_t at[3] = {pod, route, code};
            put_histogram(job, PL_TRACK_SERVER, at, cell->count, cell->sum_s);
        }
    }
    for (uint32_t edge = 0; edge < world->edge_count; edge++) {
        for (uint32_t code = 0; code < PL_CODE_COUNT && world->edges[edge].service == service;
             code++) {
            const struct pl_http_cell *cell =
                pl_record_client(job->record, pod, edge, (enum pl_code)code);
            const uint32_t at[3] = {pod, edge, code};
            put_histogram(job, PL_TRACK_CLIENT, at, cell->count, cell->sum_s);
        }
    }
    for (uint32_t statement = 0; statement < world->statement_count; statement++) {
        const struct pl_db_cell *cell = pl_record_db(job->record, pod, statement);
        const uint32_t at[3] = {pod, statement, 0};
        put_histogram(job, PL_TRACK_DB_CLIENT, at, cell->count, cell->sum_s);
    }
}

static void take_service(const struct job *job, uint32_t service)
{
    const struct pl_world *world = job->world;
    const struct pl_service *def = &world->services[service];
    uint32_t pod0 = pl_tracks_pod0(job->tracks, service);
    uint32_t desired = 0;
    for (uint32_t pod = pod0; pod < pod0 + def->pods_max; pod++) {
        take_pod(job, pod);
        uint32_t phase = pl_model_pod(world, job->state, pod).phase;
        desired += phase == PL_POD_BOOTING || phase == PL_POD_READY;
        for (uint32_t pool = 0; pool < world->pool_count; pool++) {
            if (world->pools[pool].service == service) {
                take_pod_pool(job, pod, pool);
            }
        }
        take_pod_histograms(job, service, pod);
    }
    struct pl_track track = open_track(job, PL_TRACK_SERVICE, service, 0, 0);
    const struct pl_state *state = job->state;
    set_value(job, &track, PL_SERVICE_DESIRED, (double)desired);
    set_value(
        job, &track, PL_SERVICE_HPA, pl_model_param(state, def->param0 + PL_SERVICE_AUTOSCALE));
    set_value(job,
              &track,
              PL_SERVICE_HPA_MIN,
              pl_model_param(state, def->param0 + PL_SERVICE_AUTOSCALE_MIN));
    set_value(job,
              &track,
              PL_SERVICE_HPA_MAX,
              pl_model_param(state, def->param0 + PL_SERVICE_AUTOSCALE_MAX));
}

static void take_pool_use(const struct job *job)
{
    const struct pl_world *world = job->world;
    for (uint32_t pool = 0; pool < world->pool_count; pool++) {
        for (uint32_t route = 0; route < world->route_count; route++) {
            if (world->routes[route].service == world->pools[pool].service) {
                const struct pl_db_cell *cell = pl_record_pool_use(job->record, pool, route);
                const uint32_t at[3] = {pool, route, 0};
                put_histogram(job, PL_TRACK_POOL_USE, at, cell->count, cell->sum_s);
            }
        }
    }
}

static void take_edge(const struct job *job, uint32_t edge)
{
    const struct pl_world *world = job->world;
    uint32_t service = world->edges[edge].service;
    uint32_t pod0 = pl_tracks_pod0(job->tracks, service);
    uint32_t in_flight = 0;
    uint32_t open = 0;
    for (uint32_t i = 0; i < world->services[service].pods_max; i++) {
        struct pl_edge_view view = pl_model_edge(world, job->state, pod0 + i, edge);
        in_flight += view.in_flight;
        open += view.breaker_open == 1;
    }
    struct pl_track track = open_track(job, PL_TRACK_EDGE, edge, 0, 0);
    set_count(job, &track, PL_EDGE_ATTEMPTS, job->record->edge_attempts[edge]);
    set_count(job, &track, PL_EDGE_REQUESTS, job->record->edge_requests[edge]);
    set_count(job, &track, PL_EDGE_IN_FLIGHT, in_flight);
    set_count(job, &track, PL_EDGE_OPEN, open);
}

static void take_database(struct pl_scrape *scrape, const struct job *job, uint32_t database)
{
    struct pl_database_view view = pl_model_database(job->world, job->state, database);
    struct pl_track track = open_track(job, PL_TRACK_DATABASE, database, 0, 0);
    set_count(job, &track, PL_DB_CONNECTIONS, view.connections);
    set_count(job, &track, PL_DB_CONNECTIONS_MAX, view.max_connections);
    set_count(job, &track, PL_DB_ACTIVE, view.active);
    set_count(job, &track, PL_DB_IDLE_IN_TRANSACTION, view.idle_in_transaction);
    set_count(job, &track, PL_DB_LOCK_WAITING, view.lock_waiting);
    set_count(job, &track, PL_DB_DOWN, view.down);
    set_count(job, &track, PL_DB_DEADLOCKS, job->record->db_deadlocks[database]);
    set_count(job, &track, PL_DB_COMMITS, job->record->db_commits[database]);
    set_value(job, &track, PL_DB_CPU_S, view.cpu_s);
    set_value(job, &track, PL_DB_CORES, view.cores);
    set_value(job, &track, PL_DB_OLDEST_S, pl_clock_s(view.oldest_transaction_ns));
    set_value(job, &track, PL_DB_BLOCKS_HIT, scrape->blocks_hit[database]);
    set_value(job, &track, PL_DB_BLOCKS_READ, scrape->blocks_read[database]);
    for (uint32_t i = 0; i < PL_REPLICAS_MAX; i++) {
        set_value(job, &track, PL_DB_REPLICA_CPU_S + i, view.replica_cpu_s[i]);
        set_value(job, &track, PL_DB_REPLICA_LAG_S + i, view.replica_lag_s[i]);
    }
}

static void take_statement(struct pl_scrape *scrape, const struct job *job, uint32_t statement)
{
    const struct pl_statement *def = &job->world->statements[statement];
    const struct pl_statement_counters *counters = &job->record->statements[statement];
    struct pl_track track = open_track(job, PL_TRACK_STATEMENT, statement, 0, 0);
    set_count(job, &track, 0, counters->calls);
    set_value(job, &track, 0, counters->total_s);

    double calls = (double)(counters->calls - scrape->calls[statement]);
    scrape->calls[statement] = counters->calls;
    double good = calls * def->blocks;
    double read = good * READ_SHARE_GOOD;
    double all = good;
    if (pl_model_param(job->state, def->param0 + PL_STATEMENT_PLAN) > 0.5) {
        double more = good * (def->plan_bad_factor > 1.0 ? def->plan_bad_factor - 1.0 : 0.0);
        read += more * READ_SHARE_BAD;
        all += more;
    }
    scrape->blocks_read[def->database] += read;
    scrape->blocks_hit[def->database] += all - read;
}

static void take_cache(const struct job *job, uint32_t cache)
{
    struct pl_cache_view view = pl_model_cache(job->world, job->state, cache);
    struct pl_track track = open_track(job, PL_TRACK_CACHE, cache, 0, 0);
    set_count(job, &track, PL_CACHE_HITS, job->record->cache_hits[cache]);
    set_count(job, &track, PL_CACHE_MISSES, job->record->cache_misses[cache]);
    set_count(job, &track, PL_CACHE_RESIDENT, view.resident);
    set_count(job, &track, PL_CACHE_NODE_COUNT, view.nodes);
}

static void take_topic(const struct job *job, uint32_t topic)
{
    struct pl_topic_view view = pl_model_topic(job->state, topic);
    struct pl_track track = open_track(job, PL_TRACK_TOPIC, topic, 0, 0);
    set_count(job, &track, PL_TOPIC_DEPTH, view.depth);
    set_count(job, &track, PL_TOPIC_WORKING, view.working);
    set_count(job, &track, PL_TOPIC_PUBLISHED, job->record->topic_published[topic]);
    set_count(job, &track, PL_TOPIC_CONSUMED, job->record->topic_consumed[topic]);
    set_value(job, &track, 0, pl_clock_s(view.oldest_ns));
}

/* What the lag exporter reports of a partition: what it is, what it was, nothing, or 0. */
static void take_lane(const struct job *job, uint32_t group, uint32_t partition, uint32_t exporter)
{
    struct pl_lane_view view = pl_model_lane(job->world, job->state, group, partition);
    struct pl_track track = open_track(job, PL_TRACK_LANE, group, partition, 0);
    if (track.counts == NULL) {
        return;
    }
    bool old = exporter == PL_EXPORTER_FROZEN && job->sample > track.first;
    uint64_t lag = exporter == PL_EXPORTER_ZERO ? 0 : view.end - view.committed;
    uint64_t offset = view.committed;
    if (old) {
        lag = *pl_track_count(&track, PL_LANE_LAG, job->sample - 1);
        offset = *pl_track_count(&track, PL_LANE_OFFSET, job->sample - 1);
    }
    set_count(job, &track, PL_LANE_LAG, lag);
    set_count(job, &track, PL_LANE_OFFSET, offset);
    set_count(job, &track, PL_LANE_PRESENT, exporter == PL_EXPORTER_ABSENT ? 0 : 1);
}

static void take_group(const struct job *job, uint32_t group)
{
    static const double shares[PL_FRESHNESS_QUANTILES] = {0.5, 0.95, 0.99};
    const struct pl_group_def *def = &job->world->streams.groups[group];
    struct pl_group_view view = pl_model_group(job->world, job->state, group);
    struct pl_track track = open_track(job, PL_TRACK_GROUP, group, 0, 0);
    set_count(job, &track, PL_GROUP_MEMBERS, view.members);
    set_count(job, &track, PL_GROUP_REBALANCES, view.rebalances);
    set_count(job, &track, PL_GROUP_CONSUMED, view.consumed);
    set_count(job, &track, PL_GROUP_DEAD, (uint64_t)view.dead);
    for (uint32_t i = 0; i < PL_FRESHNESS_QUANTILES; i++) {
        double age =
            def->worth > 0.0 ? pl_model_freshness(job->world, job->state, group, shares[i]) : 0.0;
        set_value(job, &track, PL_GROUP_FRESHNESS + i, age);
    }
    uint32_t exporter =
        (uint32_t)(pl_model_param(job->state, def->param0 + PL_GROUP_EXPORTER) + 0.5);
    if (exporter == PL_EXPORTER_LIVE && def->cached != 0 && view.members == 0) {
        exporter = PL_EXPORTER_FROZEN;
    }
    for (uint32_t p = 0; p < job->world->streams.streams[def->stream].partitions; p++) {
        take_lane(job, group, p, exporter);
    }
}

static void take_streams(const struct job *job)
{
    const struct pl_streams *all = &job->world->streams;
    for (uint32_t g = 0; g < all->group_count; g++) {
        take_group(job, g);
    }
    for (uint32_t s = 0; s < all->stream_count; s++) {
        struct pl_track track = open_track(job, PL_TRACK_STREAM, s, 0, 0);
        for (uint32_t p = 0; p < all->streams[s].partitions; p++) {
            set_count(job, &track, p, pl_model_stream_end(job->world, job->state, s, p));
        }
    }
    for (uint32_t v = 0; v < all->volume_count; v++) {
        struct pl_volume_view view = pl_model_volume(job->world, job->state, v);
        struct pl_track track = open_track(job, PL_TRACK_VOLUME, v, 0, 0);
        set_value(job, &track, PL_VOLUME_BYTES, view.moved_mb * 1048576.0);
        set_value(job, &track, PL_VOLUME_BUSY, view.busy_s);
    }
}

static void take_source(const struct job *job, uint32_t source)
{
    const struct pl_source_counters *counters = &job->record->sources[source];
    struct pl_track track = open_track(job, PL_TRACK_SOURCE, source, 0, 0);
    set_count(job, &track, PL_SOURCE_OFFERED, counters->offered);
    set_count(job, &track, PL_SOURCE_OK, counters->ok);
    set_count(job, &track, PL_SOURCE_SLOW, counters->slow);
    set_count(job, &track, PL_SOURCE_FAILED, counters->failed);
    set_count(job, &track, PL_SOURCE_LEFT, counters->left);
    set_count(job, &track, PL_SOURCE_RETRIED, counters->retried);
}

static void take_all(struct pl_scrape *scrape, const struct job *job)
{
    const struct pl_world *world = job->world;
    for (uint32_t i = 0; i < world->service_count; i++) {
        take_service(job, i);
    }
    take_pool_use(job);
    for (uint32_t i = 0; i < world->edge_count; i++) {
        take_edge(job, i);
    }
    /* Statements first: a database's buffer counters are made of them. */
    for (uint32_t i = 0; i < world->statement_count; i++) {
        take_statement(scrape, job, i);
    }
    for (uint32_t i = 0; i < world->database_count; i++) {
        take_database(scrape, job, i);
    }
    for (uint32_t i = 0; i < world->cache_count; i++) {
        take_cache(job, i);
    }
    for (uint32_t i = 0; i < world->topic_count; i++) {
        take_topic(job, i);
    }
    take_streams(job);
    for (uint32_t i = 0; i < world->flag_count; i++) {
        struct pl_track track = open_track(job, PL_TRACK_FLAG, i, 0, 0);
        set_value(
            job, &track, 0, pl_model_param(job->state, world->flags[i].param0 + PL_FLAG_VALUE));
    }
    for (uint32_t i = 0; i < world->source_count; i++) {
        take_source(job, i);
    }
}

/* Count the containers that were killed since the last scrape. */
static void count_restarts(struct pl_scrape *scrape, const struct pl_record *record)
{
    uint64_t first = scrape->log_count;
    if (record->log_count > record->log_max && first < record->log_count - record->log_max) {
        first = record->log_count - record->log_max;
    }
    for (uint64_t i = first; i < record->log_count; i++) {
        const struct pl_log *log = &record->logs[i % record->log_max];
        if (log->kind == PL_LOG_POD_STOPPED && log->pod < PL_PODS_MAX &&
            (log->a == STOPPED_OUT_OF_MEMORY || log->a == STOPPED_BY_LIVENESS)) {
            scrape->restarts[log->pod] += 1;
        }
    }
    scrape->log_count = record->log_count;
}

static void apply_gaps(const struct pl_scrape *scrape, struct pl_tracks *tracks)
{
    for (uint32_t i = 0; i < scrape->gap_count; i++) {
        const struct pl_observe_gap *gap = &scrape->gaps[i];
        if (scrape->next_ns < gap->from_ns || scrape->next_ns >= gap->until_ns) {
            continue;
        }
        for (uint32_t target = 0; target < pl_tracks_target_count(tracks); target++) {
            if (strcmp(gap->target, "*") == 0 ||
                strcmp(gap->target, pl_tracks_target_name(tracks, target)) == 0) {
                pl_tracks_set_target(tracks,
                                     target,
                                     gap->kind == PL_OBSERVE_GAP_FROZEN ? PL_SCRAPE_FROZEN
                                                                        : PL_SCRAPE_LOST);
            }
        }
    }
}

bool pl_scrape_take(struct pl_scrape *scrape,
                    struct pl_tracks *tracks,
                    const struct pl_state *state,
                    const struct pl_record *record)
{
    PL_CHECK(scrape != NULL && tracks != NULL && state != NULL && record != NULL);
    int64_t now_ns = pl_model_now(state);
    PL_CHECK(now_ns <= scrape->next_ns);
    if (now_ns < scrape->next_ns) {
        return false;
    }
    if (!pl_tracks_begin(tracks, now_ns)) {
        scrape->next_ns = INT64_MAX;
        return false;
    }
    struct job job = {
        scrape->world, state, record, tracks, scrape->restarts, pl_tracks_open_sample(tracks)};
    count_restarts(scrape, record);
    apply_gaps(scrape, tracks);
    take_all(scrape, &job);
    pl_tracks_end(tracks);
    scrape->next_ns += scrape->interval_ns;
    return true;
}
