// SPDX-License-Identifier: Apache-2.0
//
// Memory: header | sample times | target states | map of tracks | chunks of blocks of columns.
// The map has one entry for every track that may ever exist: the offset of its block in units of
// 8 bytes from the start of a chunk plus one, 0 while it does not exist. A block stands at the same
// place of every chunk; its header is in the first.
#include "observe/tracks.h"

#include "base/check.h"

#include <string.h>

enum {
    TARGETS_MAX =
        PL_SERVICES_MAX + PL_DATABASES_MAX + PL_CACHES_MAX + PL_TOPICS_MAX + PL_GROUPS_MAX,
    BLOCK_HEADER = 16,
    BLOCKS_BYTES_MAX = 64 * 1024 * 1024
};

/* Bounds of the three indices of a kind. */
struct shape {
    uint32_t a;
    uint32_t b;
    uint32_t c;
    uint32_t map0; /* first entry in the map */
};

struct block {
    uint32_t first;
    uint32_t target; /* PL_NONE: never lost or frozen */
    uint32_t counts;
    uint32_t values;
};

_Static_assert(sizeof(struct block) == BLOCK_HEADER, "a block header keeps doubles aligned");

struct pl_tracks {
    const struct pl_world *world;
    int64_t *times;
    uint8_t *states; /* [target][sample] */
    uint32_t *map;
    unsigned char *blocks; /* of the first chunk */
    size_t blocks_size;    /* of one chunk */
    size_t blocks_used;
    uint32_t map_count;
    uint32_t sample_max;
    uint32_t sample_count;
    uint32_t is_open;
    uint32_t full;
    uint32_t target_count;
    uint32_t pod0[PL_SERVICES_MAX + 1];
    struct shape shapes[PL_TRACK_KIND_COUNT];
};

static const uint32_t count_columns[PL_TRACK_KIND_COUNT] = {
#define X(constant, counts, values) counts,
    PL_TRACK_KINDS(X)
#undef X
};
static const uint32_t value_columns[PL_TRACK_KIND_COUNT] = {
#define X(constant, counts, values) values,
    PL_TRACK_KINDS(X)
#undef X
};

static uint32_t at_least_one(uint32_t n)
{
    return n == 0 ? 1 : n;
}

static void set_shape(struct shape *shape, uint32_t a, uint32_t b, uint32_t c)
{
    shape->a = at_least_one(a);
    shape->b = at_least_one(b);
    shape->c = at_least_one(c);
}

static uint32_t all_pods(const struct pl_world *world)
{
    uint32_t pods = 0;
    for (uint32_t i = 0; i < world->service_count; i++) {
        pods += world->services[i].pods_max;
    }
    return pods;
}

/* Fill the shapes; returns the number of entries of the map. */
static uint32_t make_shapes(const struct pl_world *world, struct shape *shapes)
{
    uint32_t pods = all_pods(world);
    set_shape(&shapes[PL_TRACK_POD], pods, 1, 1);
    set_shape(&shapes[PL_TRACK_POD_POOL], pods, world->pool_count, 1);
    set_shape(&shapes[PL_TRACK_POOL_USE], world->pool_count, world->route_count, 1);
    set_shape(&shapes[PL_TRACK_SERVER], pods, world->route_count, PL_CODE_COUNT);
    set_shape(&shapes[PL_TRACK_CLIENT], pods, world->edge_count, PL_CODE_COUNT);
    set_shape(&shapes[PL_TRACK_DB_CLIENT], pods, world->statement_count, 1);
    set_shape(&shapes[PL_TRACK_EDGE], world->edge_count, 1, 1);
    set_shape(&shapes[PL_TRACK_DATABASE], world->database_count, 1, 1);
    set_shape(&shapes[PL_TRACK_STATEMENT], world->statement_count, 1, 1);
    set_shape(&shapes[PL_TRACK_CACHE], world->cache_count, 1, 1);
    set_shape(&shapes[PL_TRACK_TOPIC], world->topic_count, 1, 1);
    set_shape(&shapes[PL_TRACK_FLAG], world->flag_count, 1, 1);
    set_shape(&shapes[PL_TRACK_SOURCE], world->source_count, 1, 1);
    set_shape(&shapes[PL_TRACK_SERVICE], world->service_count, 1, 1);
    set_shape(&shapes[PL_TRACK_GROUP], world->streams.group_count, 1, 1);
    set_shape(&shapes[PL_TRACK_LANE], world->streams.group_count, PL_PARTITIONS_MAX, 1);
    set_shape(&shapes[PL_TRACK_STREAM], world->streams.stream_count, 1, 1);
    set_shape(&shapes[PL_TRACK_VOLUME], world->streams.volume_count, 1, 1);
    uint32_t entries = 0;
    for (uint32_t kind = 0; kind < PL_TRACK_KIND_COUNT; kind++) {
        shapes[kind].map0 = entries;
        entries += shapes[kind].a * shapes[kind].b * shapes[kind].c;
    }
    return entries;
}

static size_t round16(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

/* Of one chunk. */
static size_t block_size(uint32_t kind)
{
    size_t counts = (size_t)count_columns[kind] * PL_TRACK_CHUNK * sizeof(uint32_t);
    size_t values = (size_t)value_columns[kind] * PL_TRACK_CHUNK * sizeof(double);
    return BLOCK_HEADER + counts + values;
}

static uint32_t chunks_of(uint32_t samples)
{
    return (samples + PL_TRACK_CHUNK - 1) / PL_TRACK_CHUNK;
}

/* Tracks of a kind that can be used at all: a pod serves only the routes of its service. */
static size_t tracks_of(const struct pl_world *world, uint32_t kind, const struct shape *shape)
{
    size_t own = 0;
    if (kind == PL_TRACK_SERVER) {
        for (uint32_t i = 0; i < world->route_count; i++) {
            own += (size_t)world->services[world->routes[i].service].pods_max * shape->c;
        }
        return own;
    }
    if (kind == PL_TRACK_CLIENT) {
        for (uint32_t i = 0; i < world->edge_count; i++) {
            own += (size_t)world->services[world->edges[i].service].pods_max * shape->c;
        }
        return own;
    }
    if (kind == PL_TRACK_LANE) {
        return world->streams.lane_count;
    }
    if (kind == PL_TRACK_GROUP || kind == PL_TRACK_STREAM || kind == PL_TRACK_VOLUME) {
        return world->streams.stream_count + world->streams.volume_count == 0 ? 0 : shape->a;
    }
    return (size_t)shape->a * shape->b * shape->c;
}

/* Of one chunk. */
static size_t blocks_size(const struct pl_world *world, uint32_t sample_max)
{
    struct shape shapes[PL_TRACK_KIND_COUNT];
    make_shapes(world, shapes);
    size_t size = 0;
    for (uint32_t kind = 0; kind < PL_TRACK_KIND_COUNT; kind++) {
        size += tracks_of(world, kind, &shapes[kind]) * block_size(kind);
    }
    size_t most = BLOCKS_BYTES_MAX / chunks_of(sample_max) / BLOCK_HEADER * BLOCK_HEADER;
    return size < most ? size : most;
}

size_t pl_tracks_size(const struct pl_world *world, uint32_t sample_max)
{
    PL_CHECK(world != NULL);
    PL_CHECK(sample_max >= 1);
    struct shape shapes[PL_TRACK_KIND_COUNT];
    size_t map = (size_t)make_shapes(world, shapes) * sizeof(uint32_t);
    return round16(sizeof(struct pl_tracks)) + round16((size_t)sample_max * sizeof(int64_t)) +
           round16((size_t)sample_max * TARGETS_MAX) + round16(map) +
           chunks_of(sample_max) * blocks_size(world, sample_max);
}

/* Point the store at its own memory. */
static void lay_out(struct pl_tracks *tracks)
{
    uint32_t sample_max = tracks->sample_max;
    unsigned char *next = (unsigned char *)tracks + round16(sizeof(*tracks));
    tracks->times = (int64_t *)(void *)next;
    next += round16((size_t)sample_max * sizeof(int64_t));
    tracks->states = next;
    next += round16((size_t)sample_max * TARGETS_MAX);
    tracks->map = (uint32_t *)(void *)next;
    next += round16((size_t)tracks->map_count * sizeof(uint32_t));
    tracks->blocks = next;
}

struct pl_tracks *
pl_tracks_init(const struct pl_world *world, void *memory, size_t size, uint32_t sample_max)
{
    PL_CHECK(memory != NULL);
    PL_CHECK(((uintptr_t)memory & 15) == 0);
    PL_CHECK(size >= pl_tracks_size(world, sample_max));
    struct pl_tracks *tracks = memory;
    memset(tracks, 0, sizeof(*tracks));
    tracks->world = world;
    tracks->sample_max = sample_max;
    tracks->map_count = make_shapes(world, tracks->shapes);
    tracks->target_count = world->service_count + world->database_count + world->cache_count +
                           world->topic_count + world->streams.group_count;
    for (uint32_t i = 0; i < world->service_count; i++) {
        tracks->pod0[i + 1] = tracks->pod0[i] + world->services[i].pods_max;
    }
    lay_out(tracks);
    memset(tracks->states, PL_SCRAPE_OK, (size_t)sample_max * tracks->target_count);
    memset(tracks->map, 0, (size_t)tracks->map_count * sizeof(uint32_t));
    tracks->blocks_size = blocks_size(world, sample_max);
    return tracks;
}

struct pl_tracks *pl_tracks_fork(const struct pl_tracks *source, void *memory)
{
    PL_CHECK(source != NULL && source->is_open == 0);
    PL_CHECK(memory != NULL && ((uintptr_t)memory & 15) == 0);
    struct pl_tracks *copy = memory;
    *copy = *source;
    lay_out(copy);
    memcpy(copy->times, source->times, source->sample_count * sizeof(int64_t));
    memcpy(copy->states, source->states, (size_t)source->sample_max * source->target_count);
    memcpy(copy->map, source->map, source->map_count * sizeof(uint32_t));
    uint32_t chunks = chunks_of(source->sample_count);
    for (uint32_t i = 0; i < chunks; i++) {
        size_t at = i * source->blocks_size;
        memcpy(copy->blocks + at, source->blocks + at, source->blocks_used);
    }
    return copy;
}

void pl_tracks_settle(struct pl_tracks *tracks)
{
    PL_CHECK(tracks != NULL && tracks->is_open == 0);
    lay_out(tracks);
}

uint32_t pl_tracks_count(const struct pl_tracks *tracks)
{
    return tracks->sample_count;
}

uint32_t pl_tracks_max(const struct pl_tracks *tracks)
{
    return tracks->sample_max;
}

int64_t pl_tracks_time(const struct pl_tracks *tracks, uint32_t sample)
{
    PL_CHECK(sample < tracks->sample_count + tracks->is_open);
    return tracks->times[sample];
}

bool pl_tracks_full(const struct pl_tracks *tracks)
{
    return tracks->full != 0;
}

uint32_t pl_tracks_pod0(const struct pl_tracks *tracks, uint32_t service)
{
    PL_CHECK(service <= tracks->world->service_count);
    return tracks->pod0[service];
}

uint32_t pl_tracks_pod_service(const struct pl_tracks *tracks, uint32_t pod)
{
    uint32_t service = 0;
    while (service + 1 < tracks->world->service_count && pod >= tracks->pod0[service + 1]) {
        service++;
    }
    return service;
}

uint32_t pl_tracks_target_count(const struct pl_tracks *tracks)
{
    return tracks->target_count;
}

const char *pl_tracks_target_name(const struct pl_tracks *tracks, uint32_t target)
{
    const struct pl_world *world = tracks->world;
    PL_CHECK(target < tracks->target_count);
    if (target < world->service_count) {
        return world->services[target].name;
    }
    target -= world->service_count;
    if (target < world->database_count) {
        return world->databases[target].name;
    }
    target -= world->database_count;
    if (target < world->cache_count) {
        return world->caches[target].name;
    }
    target -= world->cache_count;
    if (target < world->topic_count) {
        return world->topics[target].name;
    }
    return world->streams.groups[target - world->topic_count].name;
}

enum pl_scrape_state
pl_tracks_target(const struct pl_tracks *tracks, uint32_t target, uint32_t sample)
{
    PL_CHECK(target < tracks->target_count);
    PL_CHECK(sample < tracks->sample_count + tracks->is_open);
    return (enum pl_scrape_state)tracks->states[target * tracks->sample_max + sample];
}

bool pl_tracks_begin(struct pl_tracks *tracks, int64_t t_ns)
{
    PL_CHECK(tracks->is_open == 0);
    if (tracks->sample_count == tracks->sample_max) {
        return false;
    }
    PL_CHECK(tracks->sample_count == 0 || t_ns > tracks->times[tracks->sample_count - 1]);
    tracks->times[tracks->sample_count] = t_ns;
    tracks->is_open = 1;
    return true;
}

void pl_tracks_set_target(struct pl_tracks *tracks, uint32_t target, enum pl_scrape_state state)
{
    PL_CHECK(tracks->is_open == 1);
    PL_CHECK(target < tracks->target_count);
    tracks->states[target * tracks->sample_max + tracks->sample_count] = (uint8_t)state;
}

/* The target that a track is scraped from. */
static uint32_t target_of(const struct pl_tracks *tracks, uint32_t kind, uint32_t a)
{
    const struct pl_world *world = tracks->world;
    switch ((enum pl_track_kind)kind) {
    case PL_TRACK_POD:
    case PL_TRACK_POD_POOL:
    case PL_TRACK_SERVER:
    case PL_TRACK_CLIENT:
    case PL_TRACK_DB_CLIENT:
        return pl_tracks_pod_service(tracks, a);
    case PL_TRACK_POOL_USE:
        return world->pools[a].service;
    case PL_TRACK_EDGE:
        return world->edges[a].service;
    case PL_TRACK_DATABASE:
        return world->service_count + a;
    case PL_TRACK_STATEMENT:
        return world->service_count + world->statements[a].database;
    case PL_TRACK_CACHE:
        return world->service_count + world->database_count + a;
    case PL_TRACK_TOPIC:
        return world->service_count + world->database_count + world->cache_count + a;
    case PL_TRACK_LANE:
        return world->service_count + world->database_count + world->cache_count +
               world->topic_count + a;
    case PL_TRACK_GROUP: /* the consumers tell it themselves */
    case PL_TRACK_STREAM:
    case PL_TRACK_VOLUME:
    case PL_TRACK_FLAG:
    case PL_TRACK_SOURCE:
    case PL_TRACK_SERVICE:
    case PL_TRACK_KIND_COUNT:
        break;
    }
    return PL_NONE;
}

static uint32_t *
entry_of(const struct pl_tracks *tracks, uint32_t kind, uint32_t a, uint32_t b, uint32_t c)
{
    const struct shape *shape = &tracks->shapes[kind];
    PL_CHECK(a < shape->a && b < shape->b && c < shape->c);
    return &tracks->map[shape->map0 + (a * shape->b + b) * shape->c + c];
}

static struct pl_track track_at(const struct pl_tracks *tracks, uint32_t entry)
{
    unsigned char *start = tracks->blocks + ((size_t)entry - 1) * 8;
    const struct block *block = (const struct block *)(void *)start;
    unsigned char *counts = start + BLOCK_HEADER;
    size_t counts_size = (size_t)block->counts * PL_TRACK_CHUNK * sizeof(uint32_t);
    return (struct pl_track){
        .counts = (uint32_t *)(void *)counts,
        .values = (double *)(void *)(counts + counts_size),
        .chunk_size = tracks->blocks_size,
        .first = block->first,
    };
}

struct pl_track pl_tracks_open(
    struct pl_tracks *tracks, enum pl_track_kind kind, uint32_t a, uint32_t b, uint32_t c)
{
    PL_CHECK(tracks->is_open == 1);
    uint32_t *entry = entry_of(tracks, kind, a, b, c);
    if (*entry == 0) {
        size_t size = block_size(kind);
        if (size > tracks->blocks_size - tracks->blocks_used) {
            tracks->full = 1;
            return (struct pl_track){NULL, NULL, 0, 0};
        }
        struct block *block = (struct block *)(void *)(tracks->blocks + tracks->blocks_used);
        *block = (struct block){tracks->sample_count,
                                target_of(tracks, kind, a),
                                count_columns[kind],
                                value_columns[kind]};
        *entry = (uint32_t)(tracks->blocks_used / 8) + 1;
        tracks->blocks_used += size;
    }
    return track_at(tracks, *entry);
}

struct pl_track pl_tracks_find(
    const struct pl_tracks *tracks, enum pl_track_kind kind, uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t entry = *entry_of(tracks, kind, a, b, c);
    if (entry == 0) {
        return (struct pl_track){NULL, NULL, 0, 0};
    }
    return track_at(tracks, entry);
}

/* Repeat the sample before in one block. */
static void freeze(const struct pl_tracks *tracks, const struct block *block, uint32_t entry)
{
    struct pl_track track = track_at(tracks, entry);
    uint32_t now = tracks->sample_count;
    for (uint32_t i = 0; i < block->counts; i++) {
        *pl_track_count(&track, i, now) = *pl_track_count(&track, i, now - 1);
    }
    for (uint32_t i = 0; i < block->values; i++) {
        *pl_track_value(&track, i, now) = *pl_track_value(&track, i, now - 1);
    }
}

void pl_tracks_end(struct pl_tracks *tracks)
{
    PL_CHECK(tracks->is_open == 1);
    uint32_t now = tracks->sample_count;
    bool any = false;
    for (uint32_t i = 0; i < tracks->target_count; i++) {
        any = any || tracks->states[i * tracks->sample_max + now] == PL_SCRAPE_FROZEN;
    }
    for (uint32_t i = 0; any && i < tracks->map_count; i++) {
        if (tracks->map[i] == 0) {
            continue;
        }
        unsigned char *start = tracks->blocks + ((size_t)tracks->map[i] - 1) * 8;
        const struct block *block = (const struct block *)(void *)start;
        if (block->target != PL_NONE && block->first < now &&
            tracks->states[block->target * tracks->sample_max + now] == PL_SCRAPE_FROZEN) {
            freeze(tracks, block, tracks->map[i]);
        }
    }
    tracks->sample_count += 1;
    tracks->is_open = 0;
}

uint32_t pl_tracks_open_sample(const struct pl_tracks *tracks)
{
    PL_CHECK(tracks->is_open == 1);
    return tracks->sample_count;
}
