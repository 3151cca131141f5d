// SPDX-License-Identifier: Apache-2.0
#include "observe/series.h"

#include "base/check.h"
#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const http_le[PL_HTTP_BUCKETS] = {"0.005",
                                                     "0.01",
                                                     "0.025",
                                                     "0.05",
                                                     "0.075",
                                                     "0.1",
                                                     "0.25",
                                                     "0.5",
                                                     "0.75",
                                                     "1",
                                                     "2.5",
                                                     "5",
                                                     "7.5",
                                                     "10",
                                                     "+Inf"};
static const char *const db_le[PL_DB_BUCKETS] = {
    "0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "10", "+Inf"};
static const char *const session_states[PL_SESSION_STATE_COUNT] = {
    "active", "idle", "idle in transaction", "idle in transaction (aborted)"};
static const char *const outcomes[PL_OUTCOME_COUNT] = {"ok", "slow", "failed", "left"};
static const char *const codes[PL_CODE_COUNT] = {"200", "404", "429", "500", "503", "504"};

const char *pl_series_le(uint32_t http, uint32_t bucket)
{
    PL_CHECK(bucket < (http != 0 ? (uint32_t)PL_HTTP_BUCKETS : (uint32_t)PL_DB_BUCKETS));
    return http != 0 ? http_le[bucket] : db_le[bucket];
}

const char *pl_series_session_state(uint32_t state)
{
    PL_CHECK(state < PL_SESSION_STATE_COUNT);
    return session_states[state];
}

const char *pl_series_outcome(uint32_t outcome)
{
    PL_CHECK(outcome < PL_OUTCOME_COUNT);
    return outcomes[outcome];
}

const char *pl_series_address(const struct pl_world *world, uint32_t edge)
{
    const struct pl_edge *def = &world->edges[edge];
    if (def->to_vendor != PL_NONE && world->vendors[def->to_vendor].address[0] != '\0') {
        return world->vendors[def->to_vendor].address;
    }
    return def->to_service != PL_NONE ? world->services[def->to_service].name : def->target_name;
}

const char *pl_series_route(const struct pl_world *world, uint32_t route)
{
    const struct pl_route *def = &world->routes[route];
    return def->path[0] != '\0' ? def->path : def->name;
}

const char *pl_series_topic(const struct pl_world *world, uint32_t topic)
{
    return topic < PL_TOPICS_MAX ? world->topics[topic].name
                                 : world->streams.streams[topic - PL_TOPICS_MAX].name;
}

void pl_series_host(
    const struct pl_world *world, uint32_t database, uint32_t host, char *text, uint32_t size)
{
    snprintf(text, size, "%s-%u", world->databases[database].name, (unsigned)host);
}

int64_t pl_series_query_id(const struct pl_world *world, uint32_t statement)
{
    return (int64_t)pl_hash_name(world->statements[statement].name);
}

static void number_word(struct pl_intern *intern, uint16_t *word, int64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, number);
    *word = pl_intern_add(intern, text);
}

static void add_fixed_words(struct pl_series *series)
{
    struct pl_intern *intern = series->intern;
    struct pl_series_words *words = &series->words;
    for (uint32_t i = 0; i < PL_CODE_COUNT; i++) {
        words->codes[i] = pl_intern_add(intern, codes[i]);
    }
    for (uint32_t i = 0; i < PL_SESSION_STATE_COUNT; i++) {
        words->session_states[i] = pl_intern_add(intern, session_states[i]);
    }
    for (uint32_t i = 0; i < PL_OUTCOME_COUNT; i++) {
        words->outcomes[i] = pl_intern_add(intern, outcomes[i]);
    }
    for (uint32_t i = 0; i < PL_HTTP_BUCKETS; i++) {
        words->http_le[i] = pl_intern_add(intern, http_le[i]);
    }
    for (uint32_t i = 0; i < PL_DB_BUCKETS; i++) {
        words->db_le[i] = pl_intern_add(intern, db_le[i]);
    }
    for (uint32_t i = 0; i < 128; i++) {
        number_word(intern, &words->numbers[i], i);
    }
    words->used = pl_intern_add(intern, "used");
    words->idle = pl_intern_add(intern, "idle");
    words->primary = pl_intern_add(intern, "primary");
    words->replica = pl_intern_add(intern, "replica");
    words->heap = pl_intern_add(intern, "heap");
    words->gc = pl_intern_add(intern, "G1 Young Generation");
    words->lock_mode = pl_intern_add(intern, "sharelock");
    words->timeout = pl_intern_add(intern, "timeout");
}

/* Summary of a statement; two that share one are told apart by their names. */
static uint16_t summary_word(const struct pl_series *series, uint32_t statement)
{
    const struct pl_statement *all = series->world->statements;
    const struct pl_statement *def = &all[statement];
    if (def->summary[0] == '\0') {
        return pl_intern_add(series->intern, def->name);
    }
    for (uint32_t i = 0; i < series->world->statement_count; i++) {
        if (i != statement && strcmp(all[i].summary, def->summary) == 0) {
            char text[PL_LABEL_MAX + PL_NAME_MAX + 4];
            snprintf(text, sizeof(text), "%s (%s)", def->summary, def->name);
            return pl_intern_add(series->intern, text);
        }
    }
    return pl_intern_add(series->intern, def->summary);
}

static void add_database_words(struct pl_series *series)
{
    const struct pl_world *world = series->world;
    struct pl_intern *intern = series->intern;
    struct pl_series_words *words = &series->words;
    for (uint32_t i = 0; i < world->database_count; i++) {
        words->databases[i] = pl_intern_add(intern, world->databases[i].name);
        for (uint32_t host = 0; host <= world->databases[i].replicas; host++) {
            char text[PL_NAME_MAX + 12];
            pl_series_host(world, i, host, text, sizeof(text));
            words->hosts[i][host] = pl_intern_add(intern, text);
        }
    }
    for (uint32_t i = 0; i < world->pool_count; i++) {
        words->pools[i] = words->databases[world->pools[i].database];
    }
    for (uint32_t i = 0; i < world->statement_count; i++) {
        const struct pl_statement *def = &world->statements[i];
        words->statements[i] = pl_intern_add(intern, def->name);
        words->summaries[i] = summary_word(series, i);
        number_word(intern, &words->query_ids[i], pl_series_query_id(world, i));
    }
}

static void add_stream_words(struct pl_series *series)
{
    static const char *const quantiles[PL_FRESHNESS_QUANTILES] = {"0.5", "0.95", "0.99"};
    const struct pl_streams *all = &series->world->streams;
    struct pl_series_words *words = &series->words;
    for (uint32_t i = 0; i < all->stream_count; i++) {
        words->streams[i] = pl_intern_add(series->intern, all->streams[i].name);
    }
    for (uint32_t i = 0; i < all->group_count; i++) {
        words->stream_groups[i] = pl_intern_add(series->intern, all->groups[i].name);
    }
    for (uint32_t i = 0; i < all->volume_count; i++) {
        words->volumes[i] = pl_intern_add(series->intern, all->volumes[i].name);
    }
    for (uint32_t i = 0; i < PL_FRESHNESS_QUANTILES && all->group_count > 0; i++) {
        words->quantiles[i] = pl_intern_add(series->intern, quantiles[i]);
    }
}

void pl_series_init(struct pl_series *series)
{
    PL_CHECK(series != NULL && series->world != NULL && series->intern != NULL);
    const struct pl_world *world = series->world;
    struct pl_intern *intern = series->intern;
    struct pl_series_words *words = &series->words;
    memset(words, 0, sizeof(*words));
    add_fixed_words(series);
    add_database_words(series);
    for (uint32_t i = 0; i < world->service_count; i++) {
        words->services[i] = pl_intern_add(intern, world->services[i].name);
    }
    for (uint32_t i = 0; i < world->route_count; i++) {
        words->routes[i] = pl_intern_add(intern, pl_series_route(world, i));
        words->methods[i] = pl_intern_add(intern, world->routes[i].method);
    }
    for (uint32_t i = 0; i < world->edge_count; i++) {
        words->addresses[i] = pl_intern_add(intern, pl_series_address(world, i));
    }
    for (uint32_t i = 0; i < world->cache_count; i++) {
        words->caches[i] = pl_intern_add(intern, world->caches[i].name);
    }
    for (uint32_t i = 0; i < world->topic_count; i++) {
        words->topics[i] = pl_intern_add(intern, world->topics[i].name);
        words->groups[i] = pl_intern_add(intern, world->topics[i].group);
    }
    for (uint32_t i = 0; i < world->flag_count; i++) {
        words->flags[i] = pl_intern_add(intern, world->flags[i].name);
    }
    for (uint32_t i = 0; i < world->source_count; i++) {
        words->sources[i] = pl_intern_add(intern, world->sources[i].name);
    }
    add_stream_words(series);
}

/* ---- Visiting ---- */

/* One visit in progress; `labels` and `ref` are what the next call shows. */
struct tour {
    const struct pl_series *series;
    const struct pl_series_words *words;
    const struct pl_world *world;
    pl_series_visitor visitor;
    void *context;
    enum pl_series_grain grain;
    struct pl_labels labels;
    struct pl_series_ref ref;
};

static bool show(struct tour *tour)
{
    return tour->visitor(tour->context, &tour->labels, &tour->ref);
}

/* Show one histogram's bucket series, or its count or sum. */
static bool show_parts(struct tour *tour, uint32_t http)
{
    if (tour->ref.part != PL_PART_BUCKET) {
        return show(tour);
    }
    uint32_t buckets = http != 0 ? PL_HTTP_BUCKETS : PL_DB_BUCKETS;
    for (uint32_t bucket = 0; bucket < buckets; bucket++) {
        tour->ref.bucket = bucket;
        tour->labels.value[PL_KEY_LE] =
            http != 0 ? tour->words->http_le[bucket] : tour->words->db_le[bucket];
        if (!show(tour)) {
            return false;
        }
    }
    return true;
}

static bool tour_server(struct tour *tour, const struct pl_instance *instance)
{
    for (uint32_t route = 0; route < tour->world->route_count; route++) {
        if (tour->world->routes[route].service != instance->service) {
            continue;
        }
        tour->ref.a = route;
        tour->labels.value[PL_KEY_ROUTE] = tour->words->routes[route];
        tour->labels.value[PL_KEY_METHOD] = tour->words->methods[route];
        for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
            if (pl_tracks_find(tour->series->tracks, PL_TRACK_SERVER, instance->pod, route, code)
                    .counts == NULL) {
                continue;
            }
            tour->ref.b = code;
            tour->labels.value[PL_KEY_CODE] = tour->words->codes[code];
            tour->labels.value[PL_KEY_ERROR_TYPE] =
                code >= PL_CODE_ERROR ? tour->words->codes[code] : 0;
            if (!show_parts(tour, 1)) {
                return false;
            }
        }
    }
    return true;
}

static bool tour_client(struct tour *tour, const struct pl_instance *instance)
{
    for (uint32_t edge = 0; edge < tour->world->edge_count; edge++) {
        if (tour->world->edges[edge].service != instance->service) {
            continue;
        }
        tour->ref.a = edge;
        tour->labels.value[PL_KEY_SERVER_ADDRESS] = tour->words->addresses[edge];
        for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
            if (pl_tracks_find(tour->series->tracks, PL_TRACK_CLIENT, instance->pod, edge, code)
                    .counts == NULL) {
                continue;
            }
            /* No answer, no status: a timeout only has a type of error. */
            bool timeout = code == PL_CODE_TIMEOUT;
            uint16_t word = tour->words->codes[code];
            tour->ref.b = code;
            tour->labels.value[PL_KEY_CODE] = timeout ? 0 : word;
            tour->labels.value[PL_KEY_ERROR_TYPE] =
                timeout ? tour->words->timeout : (code >= PL_CODE_NOT_FOUND ? word : 0);
            if (!show_parts(tour, 1)) {
                return false;
            }
        }
    }
    return true;
}

static bool tour_db_client(struct tour *tour, const struct pl_instance *instance)
{
    for (uint32_t i = 0; i < tour->world->statement_count; i++) {
        if (pl_tracks_find(tour->series->tracks, PL_TRACK_DB_CLIENT, instance->pod, i, 0).counts ==
            NULL) {
            continue;
        }
        tour->ref.a = i;
        tour->labels.value[PL_KEY_QUERY_SUMMARY] = tour->words->summaries[i];
        tour->labels.value[PL_KEY_POOL] =
            tour->words->databases[tour->world->statements[i].database];
        if (!show_parts(tour, 0)) {
            return false;
        }
    }
    return true;
}

static bool tour_pod_pool(struct tour *tour, const struct pl_instance *instance, uint32_t over)
{
    for (uint32_t pool = 0; pool < tour->world->pool_count; pool++) {
        if (tour->world->pools[pool].service != instance->service) {
            continue;
        }
        tour->ref.a = pool;
        tour->labels.value[PL_KEY_POOL] = tour->words->pools[pool];
        uint32_t states = over == PL_OVER_POD_POOL_STATE ? 2 : 1;
        for (uint32_t state = 0; state < states; state++) {
            tour->ref.b = state;
            if (states == 2) {
                tour->labels.value[PL_KEY_POOL_STATE] =
                    state == 0 ? tour->words->used : tour->words->idle;
            }
            if (!show_parts(tour, 0)) {
                return false;
            }
        }
    }
    return true;
}

static bool tour_pod(struct tour *tour, const struct pl_instance *instance)
{
    uint32_t family = tour->ref.family;
    bool of_container = family == PL_M_CPU || family == PL_M_CFS_PERIODS ||
                        family == PL_M_CFS_THROTTLED || family == PL_M_CFS_SECONDS ||
                        family == PL_M_MEMORY || family == PL_M_MEMORY_LIMIT ||
                        family == PL_M_RESTARTS;
    if (of_container) {
        tour->labels.value[PL_KEY_CONTAINER] = tour->words->services[instance->service];
    }
    if (family == PL_M_JVM_USED) {
        tour->labels.value[PL_KEY_MEMORY_TYPE] = tour->words->heap;
    } else if (family == PL_M_GC) {
        tour->labels.value[PL_KEY_GC_NAME] = tour->words->gc;
    }
    return show(tour);
}

static bool tour_twin(struct tour *tour, const struct pl_instance *instance, uint32_t over)
{
    if (over == PL_OVER_POD_POOL || over == PL_OVER_POD_POOL_STATE) {
        return tour_pod_pool(tour, instance, over);
    }
    if (over == PL_OVER_SERVER) {
        return tour_server(tour, instance);
    }
    if (over == PL_OVER_CLIENT) {
        return tour_client(tour, instance);
    }
    return over == PL_OVER_DB_CLIENT ? tour_db_client(tour, instance) : tour_pod(tour, instance);
}

static bool tour_pods(struct tour *tour, uint32_t over)
{
    const struct pl_fleet *fleet = tour->series->fleet;
    for (uint32_t i = 0; i < fleet->count; i++) {
        const struct pl_instance *instance = &fleet->instances[i];
        if (over == PL_OVER_JVM_POD &&
            strcmp(tour->world->services[instance->service].runtime, "jvm") != 0) {
            continue;
        }
        bool all = tour->grain == PL_GRAIN_SLICES;
        uint32_t twins = all ? 1 : pl_fleet_twins(tour->world, instance->service);
        for (uint32_t twin = 0; twin < twins; twin++) {
            memset(&tour->labels, 0, sizeof(tour->labels));
            tour->labels.value[PL_KEY_SERVICE] = tour->words->services[instance->service];
            tour->labels.value[PL_KEY_POD] = all ? 0 : instance->names[twin];
            tour->ref.instance = i;
            tour->ref.twin = all ? PL_TWIN_ALL : twin;
            if (!tour_twin(tour, instance, over)) {
                return false;
            }
        }
    }
    tour->ref.instance = PL_NONE;
    return true;
}

static bool tour_pool_use(struct tour *tour)
{
    const struct pl_world *world = tour->world;
    for (uint32_t pool = 0; pool < world->pool_count; pool++) {
        for (uint32_t route = 0; route < world->route_count; route++) {
            if (pl_tracks_find(tour->series->tracks, PL_TRACK_POOL_USE, pool, route, 0).counts ==
                NULL) {
                continue;
            }
            memset(&tour->labels, 0, sizeof(tour->labels));
            tour->labels.value[PL_KEY_SERVICE] = tour->words->services[world->pools[pool].service];
            tour->labels.value[PL_KEY_POOL] = tour->words->pools[pool];
            tour->labels.value[PL_KEY_METHOD] = tour->words->methods[route];
            tour->labels.value[PL_KEY_ROUTE] = tour->words->routes[route];
            tour->ref.a = pool;
            tour->ref.b = route;
            if (!show_parts(tour, 0)) {
                return false;
            }
        }
    }
    return true;
}

static bool tour_services(struct tour *tour, uint32_t over)
{
    const struct pl_world *world = tour->world;
    uint32_t count = over == PL_OVER_EDGE ? world->edge_count : world->service_count;
    for (uint32_t i = 0; i < count; i++) {
        memset(&tour->labels, 0, sizeof(tour->labels));
        tour->ref.a = i;
        if (over == PL_OVER_EDGE) {
            tour->labels.value[PL_KEY_SERVICE] = tour->words->services[world->edges[i].service];
            tour->labels.value[PL_KEY_SERVER_ADDRESS] = tour->words->addresses[i];
        } else {
            uint16_t word = tour->words->services[i];
            tour->labels.value[PL_KEY_SERVICE] = word;
            tour->labels.value[over == PL_OVER_HPA ? PL_KEY_HPA : PL_KEY_DEPLOYMENT] = word;
        }
        if (!show(tour)) {
            return false;
        }
    }
    return true;
}

/* Members of a database that a family shows: states of sessions, or hosts. */
static uint32_t database_members(const struct tour *tour, uint32_t over, uint32_t database)
{
    if (over == PL_OVER_DATABASE_STATE) {
        return PL_SESSION_STATE_COUNT - 1;
    }
    if (over == PL_OVER_DATABASE_HOST) {
        return 1 + tour->world->databases[database].replicas;
    }
    return over == PL_OVER_REPLICA ? tour->world->databases[database].replicas : 1;
}

/* Labels of one member of a database. */
static void label_member(struct tour *tour, uint32_t over, uint32_t database, uint32_t member)
{
    uint16_t *value = tour->labels.value;
    uint32_t host = over == PL_OVER_REPLICA ? member + 1 : 0;
    host = over == PL_OVER_DATABASE_HOST ? member : host;
    value[PL_KEY_DATNAME] = tour->words->databases[database];
    value[PL_KEY_INSTANCE] = tour->words->hosts[database][host];
    if (over == PL_OVER_DATABASE_STATE) {
        value[PL_KEY_STATE] = tour->words->session_states[member];
    }
    if (over == PL_OVER_DATABASE_HOST) {
        value[PL_KEY_ROLE] = member == 0 ? tour->words->primary : tour->words->replica;
    }
    if (tour->ref.family == PL_M_PG_LOCKS) {
        value[PL_KEY_MODE] = tour->words->lock_mode;
    }
}

static bool tour_databases(struct tour *tour, uint32_t over)
{
    for (uint32_t i = 0; i < tour->world->database_count; i++) {
        for (uint32_t j = 0; j < database_members(tour, over, i); j++) {
            memset(&tour->labels, 0, sizeof(tour->labels));
            label_member(tour, over, i, j);
            tour->ref.a = i;
            tour->ref.b = over == PL_OVER_REPLICA ? j + 1 : j;
            if (!show(tour)) {
                return false;
            }
        }
    }
    return true;
}

static bool tour_statements(struct tour *tour)
{
    for (uint32_t i = 0; i < tour->world->statement_count; i++) {
        uint32_t database = tour->world->statements[i].database;
        memset(&tour->labels, 0, sizeof(tour->labels));
        tour->labels.value[PL_KEY_DATNAME] = tour->words->databases[database];
        tour->labels.value[PL_KEY_INSTANCE] = tour->words->hosts[database][0];
        tour->labels.value[PL_KEY_QUERYID] = tour->words->query_ids[i];
        tour->labels.value[PL_KEY_QUERY] = tour->words->statements[i];
        tour->ref.a = i;
        if (!show(tour)) {
            return false;
        }
    }
    return true;
}

static bool tour_topics(struct tour *tour, uint32_t over)
{
    for (uint32_t i = 0; i < tour->world->topic_count; i++) {
        uint32_t partitions = tour->world->topics[i].partitions;
        uint32_t members = over == PL_OVER_PARTITION ? (partitions < 128 ? partitions : 128) : 1;
        for (uint32_t j = 0; j < members; j++) {
            memset(&tour->labels, 0, sizeof(tour->labels));
            tour->labels.value[PL_KEY_TOPIC] = tour->words->topics[i];
            if (over == PL_OVER_PARTITION) {
                tour->labels.value[PL_KEY_CONSUMER_GROUP] = tour->words->groups[i];
                tour->labels.value[PL_KEY_PARTITION] = tour->words->numbers[j];
            }
            tour->ref.a = i;
            tour->ref.b = j;
            if (!show(tour)) {
                return false;
            }
        }
    }
    return true;
}

/* Consumer groups: one series each, or one for each partition or quantile. */
static bool tour_groups(struct tour *tour, uint32_t over)
{
    const struct pl_streams *all = &tour->world->streams;
    for (uint32_t g = 0; g < all->group_count; g++) {
        uint32_t stream = all->groups[g].stream;
        uint32_t members = over == PL_OVER_GROUP ? 1 : all->streams[stream].partitions;
        if (over == PL_OVER_FRESHNESS) {
            members = all->groups[g].worth > 0.0 ? PL_FRESHNESS_QUANTILES : 0;
        }
        for (uint32_t j = 0; j < members; j++) {
            memset(&tour->labels, 0, sizeof(tour->labels));
            tour->labels.value[PL_KEY_CONSUMER_GROUP] = tour->words->stream_groups[g];
            if (over == PL_OVER_FRESHNESS) {
                tour->labels.value[PL_KEY_QUANTILE] = tour->words->quantiles[j];
            } else {
                tour->labels.value[PL_KEY_TOPIC] = tour->words->streams[stream];
            }
            if (over == PL_OVER_GROUP_LANE) {
                tour->labels.value[PL_KEY_PARTITION] = tour->words->numbers[j];
            }
            tour->ref.a = PL_TOPICS_MAX + g;
            tour->ref.b = j;
            if (!show(tour)) {
                return false;
            }
        }
    }
    return true;
}

/* Streams, or their partitions, as the brokers know them. */
static bool tour_streams(struct tour *tour, uint32_t over)
{
    const struct pl_streams *all = &tour->world->streams;
    for (uint32_t s = 0; s < all->stream_count; s++) {
        uint32_t members = over == PL_OVER_STREAM_PART ? all->streams[s].partitions : 1;
        for (uint32_t j = 0; j < members; j++) {
            memset(&tour->labels, 0, sizeof(tour->labels));
            tour->labels.value[PL_KEY_TOPIC] = tour->words->streams[s];
            if (over == PL_OVER_STREAM_PART) {
                tour->labels.value[PL_KEY_PARTITION] = tour->words->numbers[j];
            }
            tour->ref.a = PL_TOPICS_MAX + s;
            tour->ref.b = j;
            if (!show(tour)) {
                return false;
            }
        }
    }
    return true;
}

/* Caches, flags and sources of users: one thing, one label, perhaps outcomes. */
static bool tour_simple(
    struct tour *tour, uint32_t count, const uint16_t *words, uint32_t key, uint32_t members)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < members; j++) {
            memset(&tour->labels, 0, sizeof(tour->labels));
            tour->labels.value[key] = words[i];
            if (members > 1) {
                tour->labels.value[PL_KEY_OUTCOME] = tour->words->outcomes[j];
            }
            tour->ref.a = i;
            tour->ref.b = j;
            if (!show(tour)) {
                return false;
            }
        }
    }
    return true;
}

/* Scrape targets that are not pods: databases, caches and topics, as ref.a counts targets. */
static bool tour_other_targets(struct tour *tour)
{
    const struct pl_world *world = tour->world;
    for (uint32_t i = 0; i < world->database_count + world->cache_count; i++) {
        memset(&tour->labels, 0, sizeof(tour->labels));
        tour->labels.value[PL_KEY_INSTANCE] = i < world->database_count
                                                  ? tour->words->hosts[i][0]
                                                  : tour->words->caches[i - world->database_count];
        tour->ref.a = world->service_count + i;
        if (!show(tour)) {
            return false;
        }
    }
    return true;
}

static bool is_absent(const struct pl_series *series, struct pl_family_name name)
{
    char full[96];
    snprintf(
        full, sizeof(full), "%s%s", pl_family_def(name.family)->name, pl_family_suffix(name.part));
    for (uint32_t i = 0; i < series->hole_count; i++) {
        const struct pl_observe_hole *hole = &series->holes[i];
        if (hole->kind == PL_OBSERVE_HOLE_ABSENT &&
            (strcmp(hole->what, full) == 0 ||
             strcmp(hole->what, pl_family_def(name.family)->name) == 0)) {
            return true;
        }
    }
    return false;
}

bool pl_series_visit(const struct pl_series *series,
                     struct pl_family_name name,
                     enum pl_series_grain grain,
                     pl_series_visitor visitor,
                     void *context)
{
    PL_CHECK(series != NULL && visitor != NULL);
    PL_CHECK(name.family < PL_FAMILY_COUNT);
    if (pl_tracks_count(series->tracks) == 0 || is_absent(series, name)) {
        return true;
    }
    struct tour tour = {series, &series->words, series->world, visitor, context, grain, {{0}}, {0}};
    const struct pl_world *world = series->world;
    const struct pl_series_words *words = &series->words;
    tour.ref = (struct pl_series_ref){name.family, name.part, PL_NONE, 0, 0, 0, 0};
    uint32_t over = pl_family_def(name.family)->over;
    switch ((enum pl_metric_over)over) {
    case PL_OVER_TARGET:
        return tour_pods(&tour, over) && tour_other_targets(&tour);
    case PL_OVER_POD:
    case PL_OVER_JVM_POD:
    case PL_OVER_POD_POOL:
    case PL_OVER_POD_POOL_STATE:
    case PL_OVER_SERVER:
    case PL_OVER_CLIENT:
    case PL_OVER_DB_CLIENT:
        return tour_pods(&tour, over);
    case PL_OVER_POOL_USE:
        return tour_pool_use(&tour);
    case PL_OVER_EDGE:
    case PL_OVER_DEPLOYMENT:
    case PL_OVER_HPA:
        return tour_services(&tour, over);
    case PL_OVER_DATABASE:
    case PL_OVER_DATABASE_STATE:
    case PL_OVER_DATABASE_HOST:
    case PL_OVER_REPLICA:
        return tour_databases(&tour, over);
    case PL_OVER_STATEMENT:
        return tour_statements(&tour);
    case PL_OVER_CACHE:
        return tour_simple(&tour, world->cache_count, words->caches, PL_KEY_INSTANCE, 1);
    case PL_OVER_PARTITION:
        return tour_topics(&tour, over) && tour_groups(&tour, PL_OVER_GROUP_LANE);
    case PL_OVER_TOPIC:
        return tour_topics(&tour, over) &&
               (name.family == PL_M_SENT ? tour_streams(&tour, over)
                                         : tour_groups(&tour, PL_OVER_GROUP));
    case PL_OVER_GROUP:
    case PL_OVER_GROUP_LANE:
    case PL_OVER_FRESHNESS:
        return tour_groups(&tour, over);
    case PL_OVER_STREAM_PART:
        return tour_streams(&tour, over);
    case PL_OVER_VOLUME:
        return tour_simple(&tour, world->streams.volume_count, words->volumes, PL_KEY_INSTANCE, 1);
    case PL_OVER_FLAG:
        return tour_simple(&tour, world->flag_count, words->flags, PL_KEY_FLAG, 1);
    case PL_OVER_SOURCE:
        return tour_simple(&tour, world->source_count, words->sources, PL_KEY_AUDIENCE, 1);
    case PL_OVER_SOURCE_OUTCOME:
        return tour_simple(
            &tour, world->source_count, words->sources, PL_KEY_AUDIENCE, PL_OUTCOME_COUNT);
    }
    return true;
}
