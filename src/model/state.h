// SPDX-License-Identifier: Apache-2.0
//
// The state block and the context of a running step. Internal to model/.
//
// Layout: one header, then arrays at offsets that follow from the world's limits. No pointers, no
// padding (-Wpadded is an error between the pragmas below), zeroed before use. Frames stand last,
// so that a fork copies only up to the highest frame ever used.
//
// Ids: frames count from 1, 0 means none. Pods, pools and other entities are positions.
#ifndef PL_MODEL_STATE_H
#define PL_MODEL_STATE_H

#include "base/check.h"
#include "base/random.h"
#include "model/model.h"
#include "model/record.h"
#include "model/world.h"
#include "sim/queue.h"

enum {
    PL_FRAME_LOCKS = 2,      /* row locks that one request can hold */
    PL_POD_SLOTS = 3,        /* events of a pod: processor, collector, lifecycle */
    PL_SERVICE_SLOTS = 3,    /* events of a service: rollout, health, autoscaler */
    PL_QUOTA_PERIOD_MS = 100 /* CFS period */
};

/** What a frame waits for. */
enum pl_frame_state {
    PL_FRAME_FREE,
    PL_FRAME_READY,    /* in the ready ring */
    PL_FRAME_ARRIVING, /* on the wire to the callee */
    PL_FRAME_QUEUED,   /* for a worker; timed when the queue limits the wait */
    PL_FRAME_CPU,      /* on the pod's processor */
    PL_FRAME_SLEEP,    /* plain delay: sleep, cache, broker ack */
    PL_FRAME_CALL,     /* for a callee */
    PL_FRAME_BACKOFF,  /* between two attempts */
    PL_FRAME_JOIN,     /* for its parallel branches */
    PL_FRAME_ACQUIRE,  /* for a connection */
    PL_FRAME_CONNECT,  /* opening a connection */
    PL_FRAME_QUERY,    /* on the database's processor */
    PL_FRAME_DISK,     /* statement outside the processor */
    PL_FRAME_LOCK,     /* for a row lock */
    PL_FRAME_AWAIT,    /* polling a replica */
    PL_FRAME_VENDOR,   /* at a third party */
    PL_FRAME_USER      /* a user thinking before (another) request */
};

enum {
    PL_FRAME_SUB = 1,        /* parallel branch of its parent, no worker of its own */
    PL_FRAME_ORPHAN = 2,     /* nobody waits for the answer any more */
    PL_FRAME_WORKER = 4,     /* holds a worker */
    PL_FRAME_AUTO = 8,       /* connection taken for one statement only */
    PL_FRAME_DEADLINE = 16,  /* is in a deadline list */
    PL_FRAME_CONN_LOST = 32, /* its connection was terminated */
    PL_FRAME_NOT_FOUND = 64, /* answer will be 404 */
    PL_FRAME_ROUTED = 128,   /* counted in the route's concurrency of its pod */
    PL_FRAME_FAILING = 256,  /* branch failed while siblings run */
    PL_FRAME_BATCH = 512,    /* stands for `mix` records of a stream */
    PL_FRAME_ODD = 1024,     /* consumes, is one of two attempts, or has had a connection or lock */
    PL_FRAME_BLOCKED = 2048, /* its next statement began when it had to wait for a row lock */
    PL_FRAME_PLAIN = PL_FRAME_ROUTED | PL_FRAME_WORKER /* a request at work is at least that */
};

/** What the knobs of a step amount to now; kept by neutral.c, so that running it reads one word. */
enum {
    PL_STEP_RUNS_ONCE = 1,  /* no condition, for certain, one time, whatever the pod */
    PL_STEP_IS_NEUTRAL = 2, /* the same, its factor is 1 and its error 0 */
    PL_STEP_CALLS_PLAIN = 4 /* runs once, and calls a plain route without a policy but timeouts */
};

/** Bits beside those of the knobs of a pod's service. */
enum {
    PL_POD_ORDERLY = 1 << 28,   /* its queue is first come, first served, without a limit of time */
    PL_POD_ALLOCATES = 1 << 29, /* requests leave garbage */
    PL_POD_FILLS = 1 << 30      /* its memory may pass the limit */
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/**
 * Little's-law bookkeeping of one resource, all in integer nanoseconds. A moment is the sum of the
 * times of leaving less the sum of the times of entering, modulo 2^64: with the number present
 * times now it is the integral of the number present, exact without a look at every change.
 */
struct pl_sums {
    uint64_t service_moment;
    uint64_t waiting_moment;
    int64_t service_sum_ns;
    int64_t waiting_sum_ns;
    uint64_t served;
    uint64_t waited;
};

/** The same of a resource that does not count elsewhere who is present. */
struct pl_meter {
    struct pl_sums sums;
    uint64_t refused;
    uint32_t in_service;
    uint32_t waiting;
};

/**
 * A request, a call or a parallel branch: one walk through a route. Three cache lines, ordered by
 * how they are cleared (pl_frame_clear): times, most of which mean nothing before they are written,
 * zeros, what is PL_NONE, zeros.
 */
struct pl_frame {
    uint64_t key;     /* stream of its draws */
    uint64_t trace;   /* root request */
    int64_t start_ns; /* the caller sent it */
    int64_t first_ns; /* root: the user's first attempt */
    int64_t serve_ns; /* reached the pod */
    int64_t since_ns; /* entered the present wait or service */
    union {
        int64_t hold_ns; /* got its connection */
        double drawn;    /* until then: pl_frame_walk */
    };
    int64_t step_ns; /* began the present statement, or to wait for its row lock */
    int64_t deadline_ns;
    int64_t worker_ns; /* got a worker, 0: never had one */
    uint32_t flags;
    uint32_t parent;
    uint32_t route;
    uint32_t step0;                /* the route's first step in the world's array */
    uint32_t pc;                   /* next step within the route */
    uint32_t end;                  /* first step not to run */
    uint32_t times;                /* repetitions of the present step still to do */
    uint32_t pending;              /* callees or branches it waits for */
    uint32_t edge;                 /* edge the parent called over, PL_NONE: root or branch */
    uint32_t source;               /* root: source; PL_NONE: call or consumer */
    uint32_t topic;                /* consumer: topic; else PL_NONE */
    uint32_t vendor;               /* at a vendor; else PL_NONE */
    uint32_t pod;                  /* global, PL_NONE: not on a pod */
    uint32_t statement;            /* last statement, PL_NONE */
    uint32_t pool;                 /* pool instance + 1 of its connection or wait, 0: none */
    uint32_t conn;                 /* connection within it + 1, 0: none held */
    uint32_t lock[PL_FRAME_LOCKS]; /* lock group * PL_LOCK_KEYS_MAX + key + 1, 0: none */
    uint32_t lock_wait;            /* same, waited for */
    uint32_t cache_key;            /* key last read + 1 */
    uint32_t queue_previous;
    uint32_t queue_next; /* in state CALL: the attempt that a second one may still join, 0: none */
    uint32_t deadline_previous;
    uint32_t deadline_next;
    uint32_t twin;    /* the other attempt of a hedged call while both are under way, 0: none */
    uint16_t attempt; /* of this call, or of the user */
    uint16_t child_attempt; /* of the call it makes */
    uint16_t state;         /* enum pl_frame_state */
    uint16_t code;          /* enum pl_code: result of the present step or call */
    uint16_t mix;           /* root: entry of the source's mix */
    uint16_t database;      /* of the statement in execution: database * 4 + 1 + replica; or 0 */
};

/** A doubly linked list of frames. */
struct pl_list {
    uint32_t head;
    uint32_t tail;
    uint32_t count;
    uint32_t slot; /* event slot of deadline lists, else 0 */
};

/** How a station works. */
enum pl_station_mode {
    PL_STATION_SHARES,  /* jobs and foreign load share the cores */
    PL_STATION_SPECIAL, /* there may be a quota, a throttle or a pause */
    PL_STATION_OWN      /* each job has a core of its own: virtual time goes as fast as time */
};

/**
 * A processor-sharing processor. A job is done when virtual time reaches its finish; sim/least.h
 * knows which is the first.
 *
 * In mode OWN virtual_ns holds what it is less the time now, and busy_ns what it is less the
 * integral of the number of jobs: no event has to bring them up to date. All of that is whole.
 */
struct pl_station {
    double virtual_ns; /* work done for every job present, ns at full speed */
    double cores;
    double load;      /* cores that somebody else keeps busy */
    double busy_ns;   /* core-nanoseconds used by jobs and load */
    double quota;     /* cores per period, 0: none */
    double budget_ns; /* core-nanoseconds left in this period */
    double throttled_ns;
    double first_finish; /* of the job that ends first, PL_LEAST_NONE without jobs */
    int64_t updated_ns;
    uint64_t moment; /* of the jobs, as in pl_sums */
    int64_t period_end_ns;
    uint64_t periods;
    uint64_t throttled_periods;
    uint32_t job0; /* first entry in the arrays of jobs */
    uint32_t capacity;
    uint32_t room; /* jobs up to which the mode need not change: 0 when special */
    uint32_t count;
    uint32_t slot;
    uint32_t paused;
    uint32_t throttled;
    uint32_t mode;   /* enum pl_station_mode */
    uint32_t first;  /* place of the job that ends first */
    uint32_t least0; /* first entry in the array of groups of jobs */
};

/** A position where a pod can run. */
struct pl_pod {
    struct pl_station cpu;
    int64_t worked_ns;      /* time that those spent at the processor who have left it */
    uint64_t worked;        /* how many they are */
    struct pl_sums serving; /* requests that have a worker (busy) or wait for one (queue) */
    struct pl_list queue;
    int64_t started_ns;
    int64_t phase_ns; /* when the phase began */
    int64_t cold_ns;  /* work costs more before this moment */
    uint64_t gc_count;
    double garbage_mb; /* in the heap since the last collection */
    uint32_t phase;    /* enum pl_pod_phase */
    uint32_t service;
    uint32_t busy;
    uint32_t release;
    uint32_t generation;
    uint32_t ejected;
    uint32_t probe_failures;
    uint32_t stop_reason; /* why it drains */
    uint32_t replaces;    /* position + 1 of the pod that it replaces when ready, 0: none */
    uint32_t restart;     /* 1: boot again after draining */
    uint32_t boot_open;   /* extra connections open while booting */
    uint32_t knobs;       /* of its service that matter, neutral.h; PL_POD_... */
    uint32_t workers;     /* requests at once, UINT32_MAX: no limit; unless gated */
    uint32_t before;      /* requests served before its process began, modulo 2^32 */
};

/** What a service needs beside its pods. */
struct pl_service_state {
    uint64_t refused;     /* requests that a pod would have had to take */
    double scale_busy_ns; /* cpu counter at the last autoscaler round */
    int64_t scale_ns;
    int64_t scale_high_ns; /* last time when more pods were wanted than now */
    uint32_t next_pod;     /* round robin */
    uint32_t rollout_release;
    uint32_t rollout_until; /* generation limit: pods created before are replaced */
    uint32_t created;       /* pods ever created, numbers generations */
    uint32_t positions;     /* positions ever used: pods beyond them are absent */
    uint32_t reserved;
};

/** Client policy of one pod. */
struct pl_edge_state {
    double tokens;
    int64_t open_until_ns;
    int64_t window_ns;
    uint32_t in_flight;
    uint32_t breaker; /* 0 closed, 1 open, 2 half open */
    uint32_t good;
    uint32_t bad;
};

/** One connection of a pool. */
struct pl_conn {
    int64_t created_ns;
    int64_t since_ns;       /* of the present state */
    int64_t transaction_ns; /* -1: none */
    uint32_t state;         /* 0 closed, 1 idle, 2 used, 3 leaked */
    uint32_t frame;
    uint32_t statement; /* last, PL_NONE */
    uint32_t route;     /* last user */
};

/** Pool of one pod. */
struct pl_pool_state {
    struct pl_list queue;
    uint32_t pool;
    uint32_t pod;
    uint32_t conn0; /* first entry in the connection array */
    uint32_t open;
    uint32_t in_use; /* leaked ones included */
    uint32_t leaked;
    uint32_t counter; /* connections ever opened, keys their lifetimes */
    uint32_t reserved;
    uint64_t idle[PL_POOL_SIZE_MAX / 64]; /* a bit for each connection that is idle */
};

/** Processors, replicas and connections of a database. */
struct pl_database_state {
    struct pl_station primary;
    struct pl_station replicas[PL_REPLICAS_MAX];
    struct pl_meter meter;
    struct pl_meter replica_meter;
    double written; /* transactions committed by writers */
    double applied[PL_REPLICAS_MAX];
    double write_rate;  /* per second, smoothed */
    int64_t applied_ns; /* when applied[] was computed */
    int64_t write_ns;   /* last commit of a writer */
    int64_t down_until_ns;
    uint32_t connections; /* of pools and booting pods */
    uint32_t job_connections;
    uint32_t down_slot;
    uint32_t reserved;
};

/** One contended row. */
struct pl_lock_key {
    uint32_t holder; /* frame, 0: free */
    uint32_t waiting;
    uint32_t head;
    uint32_t tail;
    int64_t since_ns;
};

/** A group of row locks. */
struct pl_lock_state {
    struct pl_meter meter;
    struct pl_list job_queue; /* waiting for the job that holds a share of the keys */
    uint32_t job;             /* job + 1 that holds its share now */
    uint32_t reserved;
    int64_t job_since_ns;
};

/** A background job. */
struct pl_job_state {
    int64_t started_ns;
    uint32_t connections; /* that it got */
    uint32_t holding;
};

/** A third party: calls in flight and its token bucket. */
struct pl_vendor_state {
    struct pl_meter meter;
    double tokens;
    int64_t refilled_ns;
};

/** A cache: its keys' expiries lie in one array, their order of use in others when it counts. */
struct pl_cache_state {
    uint32_t key0; /* first entry in the key array */
    uint32_t nodes;
    uint32_t link0; /* caches with a capacity: first entry in the array of links */
    uint32_t node0; /* same: first entry in the array of nodes */
};

/** Neighbours of a key in its node's order of use; key + 1, 0: none. */
struct pl_lru_link {
    uint32_t newer;
    uint32_t older;
};

/** Order of use of the keys on one node; key + 1, 0: none. */
struct pl_lru {
    uint32_t newest;
    uint32_t oldest;
    uint32_t count;
    uint32_t reserved;
};

/** A topic: a ring of waiting messages. */
struct pl_topic_state {
    struct pl_meter meter;
    uint64_t published;
    uint64_t dropped;
    uint32_t ring0; /* first entry in the message array */
    uint32_t head;
    uint32_t count;
    uint32_t working;
};

/** A waiting message. */
struct pl_message {
    uint64_t key;
    int64_t t_ns;
};

/** A source of requests and the outcomes of its users. */
struct pl_source_state {
    uint64_t key;  /* stream of its draws */
    double hazard; /* unit-rate time left until the next arrival */
    double ahead;  /* Exp(1) between the next arrival and the one after it */
    double rate;   /* per second now */
    double damage;
    int64_t last_ns;
    int64_t segment_ns; /* end of the constant piece of the rate */
    int64_t burst_ns;   /* next change of the burst state */
    int64_t turn_ns;    /* the earlier of the two */
    uint64_t arrivals;
    uint64_t ok;
    uint64_t slow;
    uint64_t failed;
    uint64_t left;
    uint32_t in_flight;
    uint32_t burst;
    uint32_t burst_count;
    uint32_t reserved;
};

/** One kept-open connection of a pod to a vendor. */
struct pl_link_slot {
    int64_t expires_ns;  /* not open from here on */
    uint32_t generation; /* of the pod's process that opened it */
    uint32_t reserved;
};

/** What a user wished and how often it was done. */
struct pl_wish {
    uint64_t trace;   /* 0: place not used */
    uint64_t client;  /* key of the client */
    uint64_t keys[2]; /* newest keys that a vendor has seen */
    int64_t since_ns;
    uint32_t source;
    uint16_t effect;
    uint8_t effects;
    uint8_t stray; /* 1: nobody wished it */
};

/** Counters of an effect. */
struct pl_effect_state {
    uint64_t intents;
    uint64_t effects;
    uint64_t duplicates;     /* more than wished */
    uint64_t lost;           /* said to be done and was not */
    uint64_t unknown;        /* done, and the user was told of an error */
    uint64_t answered_again; /* sent again and recognised */
};

/** The same by vendor; behind the vendors one for what is done without any. */
struct pl_effect_count {
    uint64_t effects;
    uint64_t duplicates;
};

/** What a slot's event is about, as far as the loop asks first. */
enum pl_slot_kind { PL_SLOT_REST, PL_SLOT_CPU, PL_SLOT_SOURCE, PL_SLOT_DATABASE, PL_SLOT_KINDS };

/** An event slot of an entity. */
struct pl_slot {
    uint16_t leaf;  /* in the tree of entities; from leaf_count on: in the tree of rare ones */
    uint8_t kind;   /* enum pl_slot_kind */
    uint8_t entity; /* pod, source, or place of a statement less 1: database * 4, replicas behind */
};

/** A change in the state. */
struct pl_change_state {
    struct pl_change change;
    double start_value;
    int64_t next_ns;  /* next moment it acts; INT64_MAX: done */
    uint32_t started; /* ramp began, or gate is armed */
    uint32_t reserved;
};

/** Header of the block. Offsets are bytes from the header's start. */
struct pl_state {
    uint32_t version;
    uint32_t
        leaf_count; /* of the tree of entities, the last one stands for the tree of rare ones */
    uint64_t size;  /* bytes of the block */
    uint64_t seed;
    int64_t now_ns;
    uint64_t events;
    uint64_t overflows;
    uint32_t frames_max;
    uint32_t frame_high; /* highest frame ever used */
    uint32_t frame_free; /* head of the free list, linked by queue_next */
    uint32_t change_count;
    uint32_t param_count;
    uint32_t
        extras; /* offset of links, effects, broker in units of 16 bytes, 0: the world has none */
    uint32_t rare_count; /* leaves of the tree of entities whose events are rare */
    uint32_t reserved;
    /* first slots */
    uint32_t slot_source;
    uint32_t slot_job;
    uint32_t slot_service;
    uint32_t slot_pod;
    uint32_t slot_database;
    uint32_t slot_deadline;
    uint32_t slot_frame;
    uint32_t frame_leaf_count; /* of the tree of frames' timers, grows with frame_high */
    /* offsets */
    uint64_t at_params;
    uint64_t at_gated;
    uint64_t at_step_flags;
    uint64_t at_route_knobs;
    uint64_t at_edge_knobs;
    uint64_t at_changes;
    uint64_t at_slots;
    uint64_t at_tree;
    uint64_t at_rare_tree;
    uint64_t at_frame_tree;
    uint64_t at_ready;
    uint64_t at_services;
    uint64_t at_pods;
    uint64_t at_pod_routes;
    uint64_t at_edges;
    uint64_t at_pools;
    uint64_t at_pool_meters;
    uint64_t at_conns;
    uint64_t at_databases;
    uint64_t at_locks;
    uint64_t at_lock_keys;
    uint64_t at_jobs;
    uint64_t at_vendors;
    uint64_t at_caches;
    uint64_t at_cache_keys;
    uint64_t at_cache_links;
    uint64_t at_cache_nodes;
    uint64_t at_topics;
    uint64_t at_messages;
    uint64_t at_sources;
    uint64_t at_deadlines;
    uint64_t at_job_finish;
    uint64_t at_job_least;
    uint64_t at_job_frame;
    uint64_t at_frames;
};

#pragma GCC diagnostic pop

_Static_assert(sizeof(struct pl_meter) == 64, "layout");
_Static_assert(sizeof(struct pl_frame) == 192, "layout");
_Static_assert(sizeof(struct pl_station) == 144, "layout");
_Static_assert(sizeof(struct pl_pod) == 320, "layout");
_Static_assert(sizeof(struct pl_conn) == 40, "layout");

/**
 * What a source does after its next arrival, worked out before that comes: the processor would wait
 * for it in the middle of the loop. It follows from the state and holds while nothing but arrivals
 * touches the source.
 */
struct pl_forecast {
    int64_t at_ns;   /* moment of that arrival, -1: nothing is known */
    int64_t next_ns; /* moment of the source's event after it */
    double hazard;   /* unit-rate time left until the next arrival, then */
};

/** Pointers into the block of the state that is being stepped; lives for one call. */
struct pl_ctx {
    const struct pl_world *world;
    struct pl_state *state;
    struct pl_record *record; /* NULL: silent */
    int64_t now;
    double *params; /* effective values */
    double *plain;  /* values without gated changes */
    uint8_t *gated;
    uint16_t *step_flags;  /* [step], PL_STEP_... */
    uint16_t *route_knobs; /* [route], neutral.h */
    uint16_t *edge_knobs;  /* [edge], neutral.h */
    struct pl_change_state *changes;
    const struct pl_slot *slots; /* [slot] of entities */
    uint64_t *tree;              /* events of entities */
    uint64_t *rare_tree;         /* those that are rare; its earliest is the last leaf of `tree` */
    uint64_t *frame_tree;        /* timers of frames, by frame id */
    uint32_t leaf_count;
    uint32_t rare_count;
    uint32_t frame_leaf_count;
    /* Queue of frames that can run in this moment, empty between two moments. */
    uint32_t ready_head;  /* next to run */
    uint32_t ready_tail;  /* where the next is put */
    uint32_t ready_limit; /* places */
    uint32_t *ready;
    struct pl_service_state *services;
    struct pl_pod *pods;
    uint32_t *pod_routes;         /* [pod][route] requests in flight */
    struct pl_edge_state *edges;  /* [pod][edge] */
    struct pl_pool_state *pools;  /* [pod][pool] for the pods of the pool's service */
    struct pl_meter *pool_meters; /* [pool], all pods together */
    struct pl_conn *conns;
    struct pl_database_state *databases;
    struct pl_lock_state *locks;
    struct pl_lock_key *lock_keys;
    struct pl_job_state *jobs;
    struct pl_vendor_state *vendors;
    struct pl_cache_state *caches;
    int64_t *cache_keys;
    struct pl_lru_link *cache_links;
    struct pl_lru *cache_nodes;
    struct pl_topic_state *topics;
    struct pl_message *messages;
    struct pl_source_state *sources;
    struct pl_forecast forecasts[PL_SOURCES_MAX];
    struct pl_link_slot *link_slots;       /* [link][pod][connection] */
    struct pl_effect_state *effects;       /* [effect] */
    struct pl_effect_count *effect_counts; /* [effect][vendor + 1] */
    struct pl_wish *wishes;                /* sets of few places, effect.c */
    struct pl_broker *broker;              /* NULL: the world has no streams and no volumes */
    struct pl_partition *partitions;       /* [stream][PL_PARTITIONS_MAX] */
    struct pl_lane *lanes;
    struct pl_member *members;
    struct pl_chunk *chunks;
    struct pl_list *deadlines; /* [edge], then [source] */
    double *job_finish;        /* [job] of stations: virtual time of the end */
    double *job_least;         /* [group of jobs] the least of them */
    uint32_t *job_frame;       /* [job] whose it is */
    struct pl_frame *frames;   /* frames[0] is the null frame */
};

/** Purposes of draws; a stream is child(key, purpose). */
enum pl_purpose {
    PL_DRAW_SOURCE = 1,
    PL_DRAW_MIX,
    PL_DRAW_FLAG,
    PL_DRAW_POD,
    PL_DRAW_GC,
    PL_DRAW_BALANCE,
    PL_DRAW_SHED,
    PL_DRAW_BACKOFF,
    PL_DRAW_LINK,
    PL_DRAW_VENDOR,
    PL_DRAW_LEAK,
    PL_DRAW_CONN,
    PL_DRAW_REPLICA,
    PL_DRAW_LOCK,
    PL_DRAW_CACHE,
    PL_DRAW_TOPIC,
    PL_DRAW_BURST,
    PL_DRAW_THINK,
    PL_DRAW_PATIENCE,
    PL_DRAW_QUEUE,
    PL_DRAW_HANDSHAKE,
    PL_DRAW_EFFECT,
    PL_DRAW_BATCH,
    PL_DRAW_STEP = 64 /* + position of the step */
};

/**
 * Fill a header: first slots, offsets of all arrays, and the size of the block.
 *
 * @param world  sealed
 * @param state  a header alone, or the block to be; all else in the header is zeroed
 */
void pl_state_layout(const struct pl_world *world, struct pl_state *state);

/** Fill a context for this state. */
void pl_state_context(struct pl_ctx *ctx,
                      const struct pl_world *world,
                      struct pl_state *state,
                      struct pl_record *record);

/**
 * Are there instruments? What they need stands out of the way of silent runs, of which there are
 * thousands for each observed one: the code of an incident world hardly fits into the cache.
 */
static inline bool pl_ctx_observed(const struct pl_ctx *ctx)
{
    return __builtin_expect(ctx->record != NULL, 0);
}

/** Frame of an id that is not 0. */
static inline struct pl_frame *pl_frame_of(struct pl_ctx *ctx, uint32_t id)
{
    PL_DCHECK(id != 0 && id <= ctx->state->frame_high);
    return &ctx->frames[id];
}

/** Key of a slot's event as it stands in its tree, PL_QUEUE_IDLE: none. */
static inline uint64_t pl_ctx_key(const struct pl_ctx *ctx, uint32_t slot)
{
    uint32_t leaf = ctx->slots[slot].leaf;
    return leaf < ctx->leaf_count ? pl_queue_leaf(ctx->tree, leaf)
                                  : pl_queue_leaf(ctx->rare_tree, leaf - ctx->leaf_count);
}

/** Leaf of a slot in the tree of entities, after its key is in that of rare ones when it is rare.
 */
static inline uint32_t pl_ctx_leaf(const struct pl_ctx *ctx, uint32_t slot, uint64_t *key)
{
    uint32_t leaf = ctx->slots[slot].leaf;
    if (leaf < ctx->leaf_count) {
        return leaf;
    }
    pl_queue_write(ctx->rare_tree, ctx->rare_count, leaf - ctx->leaf_count, *key);
    *key = pl_queue_first(ctx->rare_tree);
    return ctx->leaf_count - 1;
}

/** For what nearly every event needs: part of the loop, however often it stands there. */
#define PL_HOT_INLINE __attribute__((always_inline)) static inline

/** Write the key of a slot's event. */
static inline void pl_ctx_write(struct pl_ctx *ctx, uint32_t slot, uint64_t key)
{
    uint32_t leaf = pl_ctx_leaf(ctx, slot, &key);
    pl_queue_write(ctx->tree, ctx->leaf_count, leaf, key);
}

/** Key of a slot's event at a moment; moments past the end of time never come. */
static inline uint64_t pl_ctx_key_at(uint32_t slot, int64_t t_ns)
{
    return t_ns < PL_TIME_MAX ? pl_queue_key(slot, t_ns) : PL_QUEUE_IDLE;
}

/** Schedule the event of a slot. */
PL_HOT_INLINE void pl_ctx_schedule(struct pl_ctx *ctx, uint32_t slot, int64_t t_ns)
{
    pl_ctx_write(ctx, slot, pl_ctx_key_at(slot, t_ns));
}

/** The same for a slot of a source or of a processor, which are never rare. */
PL_HOT_INLINE void pl_ctx_schedule_often(struct pl_ctx *ctx, uint32_t slot, int64_t t_ns)
{
    PL_DCHECK(ctx->slots[slot].leaf < ctx->leaf_count);
    pl_queue_write(ctx->tree, ctx->leaf_count, ctx->slots[slot].leaf, pl_ctx_key_at(slot, t_ns));
}

/** The same for one that has no event, or a later one. */
PL_HOT_INLINE void pl_ctx_schedule_soon(struct pl_ctx *ctx, uint32_t slot, int64_t t_ns)
{
    PL_DCHECK(ctx->slots[slot].leaf < ctx->leaf_count);
    pl_queue_lower(ctx->tree, ctx->leaf_count, ctx->slots[slot].leaf, pl_ctx_key_at(slot, t_ns));
}

/** Cancel the event of a slot. */
static inline void pl_ctx_cancel(struct pl_ctx *ctx, uint32_t slot)
{
    if (pl_ctx_key(ctx, slot) != PL_QUEUE_IDLE) {
        pl_ctx_schedule(ctx, slot, PL_TIME_MAX);
    }
}

/** Arm a frame's own timer. */
static inline void pl_ctx_timer(struct pl_ctx *ctx, uint32_t frame, int64_t delay_ns)
{
    uint64_t key = pl_ctx_key_at(frame, ctx->now + delay_ns);
    pl_queue_write(ctx->frame_tree, ctx->frame_leaf_count, frame, key);
}

/** Cancel a frame's own timer. */
static inline void pl_ctx_untimer(struct pl_ctx *ctx, uint32_t frame)
{
    pl_queue_clear(ctx->frame_tree, ctx->frame_leaf_count, frame);
}

/** Make room at the end of the queue of ready frames: those that ran have left some at its head. */
void pl_ctx_pack_ready(struct pl_ctx *ctx);

/** Let a frame run its next steps in this moment, after those that were made ready before it. */
static inline void pl_ctx_ready(struct pl_ctx *ctx, uint32_t frame)
{
    ctx->frames[frame].state = PL_FRAME_READY;
    if (ctx->ready_tail == ctx->ready_limit) {
        pl_ctx_pack_ready(ctx);
    }
    ctx->ready[ctx->ready_tail++] = frame;
}

/** Requests that the present process of a pod has served. */
static inline uint32_t pl_pod_served(const struct pl_pod *pod)
{
    return (uint32_t)pod->serving.served - pod->before;
}

/** Integral of the number in service from the start until now. */
static inline int64_t pl_meter_service_area(const struct pl_meter *meter, int64_t now)
{
    return (int64_t)(meter->sums.service_moment + meter->in_service * (uint64_t)now);
}

/** Integral of the number waiting from the start until now. */
static inline int64_t pl_meter_waiting_area(const struct pl_meter *meter, int64_t now)
{
    return (int64_t)(meter->sums.waiting_moment + meter->waiting * (uint64_t)now);
}

/** One more in service. */
PL_HOT_INLINE void pl_sums_enter(struct pl_sums *sums, int64_t now)
{
    sums->service_moment -= (uint64_t)now;
}

/** One fewer in service; it was there since `since`. */
PL_HOT_INLINE void pl_sums_leave(struct pl_sums *sums, int64_t now, int64_t since)
{
    sums->service_moment += (uint64_t)now;
    sums->served++;
    sums->service_sum_ns += now - since;
}

/** One more waiting. */
PL_HOT_INLINE void pl_sums_wait(struct pl_sums *sums, int64_t now)
{
    sums->waiting_moment -= (uint64_t)now;
}

/** One fewer waiting, whether served or given up. */
PL_HOT_INLINE void pl_sums_unwait(struct pl_sums *sums, int64_t now, int64_t since)
{
    sums->waiting_moment += (uint64_t)now;
    sums->waited++;
    sums->waiting_sum_ns += now - since;
}

/** One more in service. */
PL_HOT_INLINE void pl_meter_enter(struct pl_meter *meter, int64_t now)
{
    pl_sums_enter(&meter->sums, now);
    meter->in_service++;
}

/** One fewer in service; it was there since `since`. */
PL_HOT_INLINE void pl_meter_leave(struct pl_meter *meter, int64_t now, int64_t since)
{
    PL_CHECK(meter->in_service > 0);
    pl_sums_leave(&meter->sums, now, since);
    meter->in_service--;
}

/** One more waiting. */
PL_HOT_INLINE void pl_meter_wait(struct pl_meter *meter, int64_t now)
{
    pl_sums_wait(&meter->sums, now);
    meter->waiting++;
}

/** One fewer waiting, whether served or given up. */
PL_HOT_INLINE void pl_meter_unwait(struct pl_meter *meter, int64_t now, int64_t since)
{
    PL_CHECK(meter->waiting > 0);
    pl_sums_unwait(&meter->sums, now, since);
    meter->waiting--;
}

/** Append a frame to a list over queue_next. */
static inline void pl_list_append(struct pl_ctx *ctx, struct pl_list *list, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    f->queue_next = 0;
    f->queue_previous = list->tail;
    if (list->tail != 0) {
        ctx->frames[list->tail].queue_next = frame;
    } else {
        list->head = frame;
    }
    list->tail = frame;
    list->count++;
}

/** Remove a frame from a list over queue_next. */
static inline void pl_list_remove(struct pl_ctx *ctx, struct pl_list *list, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    PL_CHECK(list->count > 0);
    if (f->queue_next != 0) {
        ctx->frames[f->queue_next].queue_previous = f->queue_previous;
    } else {
        list->tail = f->queue_previous;
    }
    if (f->queue_previous != 0) {
        ctx->frames[f->queue_previous].queue_next = f->queue_next;
    } else {
        list->head = f->queue_next;
    }
    f->queue_next = 0;
    f->queue_previous = 0;
    list->count--;
}

/** Remove the head of a list that has one. */
static inline void pl_list_shift(struct pl_ctx *ctx, struct pl_list *list)
{
    struct pl_frame *f = &ctx->frames[list->head];
    uint32_t next = f->queue_next;
    PL_DCHECK(list->count > 0 && f->queue_previous == 0);
    f->queue_next = 0;
    list->head = next;
    list->count--;
    if (next != 0) {
        ctx->frames[next].queue_previous = 0;
    } else {
        list->tail = 0;
    }
}

/** Insert a frame behind the member `after`, 0: at the head. */
void pl_list_insert(struct pl_ctx *ctx, struct pl_list *list, uint32_t after, uint32_t frame);

/** Param without regard to a pod's release. */
static inline double pl_ctx_param(const struct pl_ctx *ctx, uint32_t param)
{
    return ctx->params[param];
}

/** Param as the work on this pod sees it: gates on the pod's release decide. change.c */
double pl_change_param_on(const struct pl_ctx *ctx, uint32_t param, uint32_t pod);

/** Param as the work of this pod sees it; PL_NONE for no pod. */
static inline double pl_ctx_param_on(const struct pl_ctx *ctx, uint32_t param, uint32_t pod)
{
    return ctx->gated[param] == 0 ? ctx->params[param] : pl_change_param_on(ctx, param, pod);
}

/** Base value of a step's knob. */
static inline double pl_step_base(const struct pl_step *step, enum pl_step_knob knob)
{
    switch (knob) {
    case PL_STEP_TIMES:
        return step->times;
    case PL_STEP_SHARE:
        return step->share;
    case PL_STEP_FACTOR:
        return step->factor;
    case PL_STEP_ERROR:
        return step->error;
    case PL_STEP_KNOB_COUNT:
        break;
    }
    PL_CHECK(knob < PL_STEP_KNOB_COUNT);
    return 0.0;
}

/** Add a log-worthy event to the record. */
void pl_record_log(struct pl_ctx *ctx, enum pl_log_kind kind, const struct pl_log *event);

/** Shorthand: event of a pod (service and pod are filled from `pod`, PL_NONE allowed). */
void pl_record_event(
    struct pl_ctx *ctx, enum pl_log_kind kind, uint32_t pod, uint32_t a, uint32_t b, int64_t value);

/** Shorthand: event of a frame. */
void pl_record_frame_event(struct pl_ctx *ctx,
                           enum pl_log_kind kind,
                           uint32_t frame,
                           uint32_t a,
                           uint32_t b,
                           int64_t value);

#endif
