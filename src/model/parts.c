// SPDX-License-Identifier: Apache-2.0
#include "model/parts.h"

#include "model/state.h"

/** How the number that a limit declares is found. */
enum declared {
    DECLARED_NONE,
    DECLARED_FRAMES,
    DECLARED_PODS,
    DECLARED_CONNECTIONS,
    DECLARED_KEYS,
    DECLARED_MESSAGES
};

/** A part as the layout places it. */
struct row {
    size_t field; /* offset of its at_ field in the header; 0: the header itself */
    const char *name;
    const char *limit;
    enum declared declared;
};

#define AT(field) offsetof(struct pl_state, field)

/* In the order of the layout. A part that is missing here counts as more of the one before it. */
static const struct row rows[] = {
    {0, "header", "fixed", DECLARED_NONE},
    {AT(at_params), "params", "the knobs of all entities", DECLARED_NONE},
    {AT(at_gated), "gates of params", "the knobs of all entities", DECLARED_NONE},
    {AT(at_changes), "timeline", "fixed, 512 changes", DECLARED_NONE},
    {AT(at_slots), "events of entities", "services and `pods_max`", DECLARED_PODS},
    {AT(at_frame_tree), "timers of requests", "`frames`", DECLARED_FRAMES},
    {AT(at_services), "services", "number of services", DECLARED_NONE},
    {AT(at_pods), "pods", "`pods_max` of services", DECLARED_PODS},
    {AT(at_pod_routes), "requests per pod and route", "`pods_max` and routes", DECLARED_PODS},
    {AT(at_edges), "client policies per pod", "`pods_max` and `clients`", DECLARED_PODS},
    {AT(at_pools), "pools per pod", "`pods_max` and `pools`", DECLARED_PODS},
    {AT(at_pool_meters), "meters of pools", "number of pools", DECLARED_NONE},
    {AT(at_conns), "connections", "`size_max` of pools, per pod", DECLARED_CONNECTIONS},
    {AT(at_databases), "databases", "number of databases", DECLARED_NONE},
    {AT(at_locks), "lock groups", "number of locks", DECLARED_NONE},
    {AT(at_lock_keys), "row locks", "number of locks, 256 keys each", DECLARED_NONE},
    {AT(at_jobs), "jobs", "number of jobs", DECLARED_NONE},
    {AT(at_vendors), "vendors", "number of vendors", DECLARED_NONE},
    {AT(at_caches), "caches", "number of caches", DECLARED_NONE},
    {AT(at_cache_keys), "cache keys", "`keys` of caches", DECLARED_KEYS},
    {AT(at_cache_links), "order of cache keys", "`keys` of caches with a capacity", DECLARED_KEYS},
    {AT(at_cache_nodes), "nodes of caches", "`nodes` of caches with a capacity", DECLARED_NONE},
    {AT(at_topics), "topics", "number of topics", DECLARED_NONE},
    {AT(at_messages), "messages", "`depth_max` of topics", DECLARED_MESSAGES},
    {AT(at_sources), "sources", "number of sources", DECLARED_NONE},
    {AT(at_deadlines), "lists of deadlines", "`clients` and sources", DECLARED_NONE},
    {AT(at_job_finish),
     "work on processors",
     "`workers` (0: `frames`) of all pods, `size_max`",
     DECLARED_NONE},
    {AT(at_frames), "requests and calls in flight", "`frames`", DECLARED_FRAMES},
    {AT(at_ready), "ring of ready requests", "`frames`", DECLARED_FRAMES},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static uint64_t declared(const struct pl_world *world, enum declared which)
{
    uint64_t sum = 0;
    switch (which) {
    case DECLARED_NONE:
        break;
    case DECLARED_FRAMES:
        sum = world->frames_max;
        break;
    case DECLARED_PODS:
        sum = world->pod_count;
        break;
    case DECLARED_CONNECTIONS:
        for (uint32_t i = 0; i < world->pool_count; i++) {
            const struct pl_pool *pool = &world->pools[i];
            sum += (uint64_t)pool->size_max * world->services[pool->service].pods_max;
        }
        break;
    case DECLARED_KEYS:
        for (uint32_t i = 0; i < world->cache_count; i++) {
            sum += world->caches[i].keys;
        }
        break;
    case DECLARED_MESSAGES:
        for (uint32_t i = 0; i < world->topic_count; i++) {
            sum += world->topics[i].depth_max;
        }
        break;
    }
    return sum;
}

static uint64_t offset_of(const struct pl_state *header, uint32_t row)
{
    if (row == ROW_COUNT) {
        return header->size;
    }
    const void *field = (const char *)header + rows[row].field;
    return rows[row].field == 0 ? 0 : *(const uint64_t *)field;
}

/* Insert by size, the largest first; the lists are short. */
static void insert(struct pl_model_part *parts, uint32_t count, struct pl_model_part part)
{
    uint32_t i = count;
    while (i > 0 && parts[i - 1].size < part.size) {
        parts[i] = parts[i - 1];
        i--;
    }
    parts[i] = part;
}

uint32_t pl_model_parts(const struct pl_world *world,
                        struct pl_model_part parts[PL_MODEL_PARTS_MAX])
{
    struct pl_state header;
    uint32_t count = 0;
    _Static_assert((int)ROW_COUNT <= (int)PL_MODEL_PARTS_MAX, "parts[] holds all");
    PL_CHECK(world->sealed);
    pl_state_layout(world, &header);
    for (uint32_t i = 0; i < ROW_COUNT; i++) {
        uint64_t begin = offset_of(&header, i);
        uint64_t end = offset_of(&header, i + 1);
        PL_CHECK(end >= begin); /* rows[] is in the order of the layout */
        if (end > begin) {
            insert(parts,
                   count,
                   (struct pl_model_part){
                       .name = rows[i].name,
                       .limit = rows[i].limit,
                       .size = (size_t)(end - begin),
                       .declared = declared(world, rows[i].declared),
                   });
            count++;
        }
    }
    return count;
}
