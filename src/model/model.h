// SPDX-License-Identifier: Apache-2.0
//
// A running world: state, time, changes, forks and views.
//
// The state is one block without pointers, sized from the world's declared limits. It holds all
// that the future depends on; `world` and the state together determine it bit for bit. A fork is a
// memcpy of the used bytes. The record (record.h) is optional and never read by the model.
//
// Views are for instruments: they copy facts out of the state and never change it.
#ifndef PL_MODEL_MODEL_H
#define PL_MODEL_MODEL_H

#include "base/error.h"
#include "base/hash.h"
#include "model/record.h"
#include "model/world.h"
#include "sim/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Layout version of the state; changes whenever a struct of the state changes. */
#define PL_STATE_VERSION UINT32_C(11)

/** Version of what happens in a world; changes whenever the same seed gives another history. */
#define PL_HISTORY_VERSION UINT32_C(9)

enum {
    PL_CHANGES_MAX = 512 /* changes that one state can hold, done ones included */
};

/** The state block; opaque, lives in memory of the caller. */
struct pl_state;

/**
 * A change of one param. Everything that happens to a world is one of these.
 *
 * A gated change (gate_param != 0) holds only while the gate has its value: a defect that a release
 * brought is gated by `service.NAME.release`, so a rollback ends it. When the gate is a release and
 * the param belongs to the same service's work, the release of the pod that serves decides.
 */
struct pl_change {
    int64_t t_ns;        /* moment, not before the state's present */
    int64_t ramp_ns;     /* 0: at once; else linear from the value at t_ns, in steps of 1 s */
    uint32_t param;      /* 1..param_count */
    uint32_t gate_param; /* 0: none */
    double value;
    double gate_value;
};

/** Bytes of the state for this world. */
size_t pl_model_size(const struct pl_world *world);

/**
 * Start a run at simulated time 0.
 *
 * @param world   sealed
 * @param memory  pl_model_size bytes, aligned to 16, owned by the caller
 * @param size    bytes of memory
 * @param seed    fixes every random draw
 * @return the state, inside `memory`
 */
struct pl_state *
pl_model_init(const struct pl_world *world, void *memory, size_t size, uint64_t seed);

/** Present of the state in nanoseconds. */
int64_t pl_model_now(const struct pl_state *state);

/** Events dispatched since the start. */
uint64_t pl_model_events(const struct pl_state *state);

/**
 * Run all events up to and including `until_ns`; the present is `until_ns` afterwards.
 *
 * @param world   the world the state was made from
 * @param state   changed
 * @param record  filled, or NULL for a silent run; both give the same state
 * @param until_ns  now..PL_TIME_MAX
 */
void pl_model_run(const struct pl_world *world,
                  struct pl_state *state,
                  struct pl_record *record,
                  int64_t until_ns);

/**
 * Put a change on the timeline.
 *
 * @param world   the state's world
 * @param state   changed
 * @param change  its time may be the present or later; a value outside the param's range is refused
 * @param err     sentence
 * @return PL_OK, PL_BAD_INPUT (unknown param, range, past) or PL_LIMIT (PL_CHANGES_MAX)
 */
pl_status pl_model_change(const struct pl_world *world,
                          struct pl_state *state,
                          const struct pl_change *change,
                          pl_error *err) __attribute__((warn_unused_result));

/**
 * True when a change would leave everything as it is: the param has that value already, nothing
 * else sets it now or later, and setting it again does nothing. A run with such a change is the run
 * without it, but for the list of changes.
 *
 * @param world   the state's world
 * @param state   not changed
 * @param change  of a known param; with a ramp or a gate the answer is false
 */
bool pl_model_change_is_idle(const struct pl_world *world,
                             const struct pl_state *state,
                             const struct pl_change *change);

/** Present value of a param, 1..param_count, before gates that depend on a pod's release. */
double pl_model_param(const struct pl_state *state, uint32_t param);

/**
 * Copy a state. A fork continues exactly as its origin would have.
 *
 * @param target       filled, at least pl_model_used(source) bytes, aligned to 16
 * @param target_size  bytes of target
 * @param source       borrowed
 */
struct pl_state *pl_model_fork(void *target, size_t target_size, const struct pl_state *source);

/** Bytes that a fork copies. */
size_t pl_model_used(const struct pl_state *state);

/** Hash of everything that the future depends on. */
pl_hash128 pl_model_hash(const struct pl_state *state);

/**
 * Change the private future of a fork: all draws from now on come from another seed.
 *
 * @param state  changed
 * @param seed   new seed
 */
void pl_model_reseed(struct pl_state *state, uint64_t seed);

/** Check the invariants of the state (Little's law bookkeeping, list links, counts); aborts. */
void pl_model_validate(const struct pl_world *world, const struct pl_state *state);

/* ---- What happened to users ---------------------------------------------------------------- */

/** Outcomes of a source's requests since the start; offered = in flight + all others. */
struct pl_outcome_view {
    uint64_t offered; /* first attempts, not user retries */
    uint64_t ok;      /* answered inside the route's objective */
    uint64_t slow;    /* answered, later than the objective */
    uint64_t failed;  /* error */
    uint64_t left;    /* lost patience */
    uint64_t in_flight;
    double damage; /* sum of worth over slow, failed and left */
};
struct pl_outcome_view pl_model_outcome(const struct pl_state *state, uint32_t source);

/** Frames refused because the state's limit was reached; not 0 means the run is not valid. */
uint64_t pl_model_overflows(const struct pl_state *state);

/* ---- Views for instruments ------------------------------------------------------------------ */

/** Number of global pod positions of this world (all services at their largest). */
uint32_t pl_model_pod_count(const struct pl_world *world);
/** Global index of the first pod position of a service. */
uint32_t pl_model_pod0(const struct pl_world *world, uint32_t service);

/** Life of a pod position. */
enum pl_pod_phase { PL_POD_ABSENT, PL_POD_BOOTING, PL_POD_READY, PL_POD_DRAINING };

/** A pod as its instruments see it. */
struct pl_pod_view {
    uint32_t service;
    uint32_t phase;      /* enum pl_pod_phase */
    uint32_t ejected;    /* 1: the balancer does not send to it */
    uint32_t release;    /* value of service.NAME.release when it was created */
    uint32_t generation; /* how many processes ran at this position */
    uint32_t busy;       /* workers in use */
    uint32_t queued;     /* requests waiting for a worker */
    uint32_t cpu_jobs;   /* requests on the processor now */
    uint32_t paused;     /* 1: collector pause */
    uint32_t throttled;  /* 1: out of quota */
    int64_t started_ns;
    double cpu_s; /* core-seconds used, cumulative over the position */
    double cpu_cores;
    double cpu_quota; /* cores, 0: none */
    uint64_t periods; /* CFS periods with work */
    uint64_t throttled_periods;
    double throttled_s;
    double memory_mb;
};
/** Facts of a pod. `pod` is the global index. */
struct pl_pod_view
pl_model_pod(const struct pl_world *world, const struct pl_state *state, uint32_t pod);

/** A pool of one pod. */
struct pl_pool_view {
    uint32_t size; /* configured */
    uint32_t open; /* connections established */
    uint32_t in_use;
    uint32_t leaked;  /* of in_use: nobody will ever return them */
    uint32_t pending; /* requests waiting for a connection */
};
/** Facts of a pool on a pod (the pod must belong to the pool's service). */
struct pl_pool_view pl_model_pool(const struct pl_world *world,
                                  const struct pl_state *state,
                                  uint32_t pod,
                                  uint32_t pool);

/** A database as its console shows it. */
struct pl_database_view {
    uint32_t connections; /* all, of the primary */
    uint32_t max_connections;
    uint32_t active; /* executing a statement */
    uint32_t idle_in_transaction;
    uint32_t lock_waiting;
    uint32_t down; /* 1: failover in progress */
    double cpu_s;  /* core-seconds, cumulative, primary */
    double cores;
    double replica_cpu_s[PL_REPLICAS_MAX];
    double replica_lag_s[PL_REPLICAS_MAX];
    int64_t oldest_transaction_ns; /* age */
};
/** Facts of a database, primary and replicas. */
struct pl_database_view
pl_model_database(const struct pl_world *world, const struct pl_state *state, uint32_t database);

/** What a session does, as pg_stat_activity names it. */
enum pl_session_state {
    PL_SESSION_IDLE,
    PL_SESSION_ACTIVE,
    PL_SESSION_IDLE_IN_TRANSACTION,
    PL_SESSION_LOCK_WAIT
};

/** One row of the database's activity console. */
struct pl_session_view {
    uint32_t pool;        /* PL_NONE for jobs */
    uint32_t pod;         /* global, PL_NONE for jobs */
    uint32_t job;         /* PL_NONE for pools */
    uint32_t state;       /* enum pl_session_state */
    uint32_t statement;   /* running or last, PL_NONE if unknown */
    uint32_t lock;        /* waited for, or PL_NONE */
    uint32_t key;         /* waited for */
    uint32_t blocker_pod; /* LOCK_WAIT: pod of the holder, PL_NONE: a job holds it */
    uint32_t blocker_job;
    uint32_t route;  /* of the request that holds it, PL_NONE if none */
    uint32_t leaked; /* 1: the request that held it is gone */
    int64_t state_since_ns;
    int64_t transaction_since_ns; /* -1: none */
};
/**
 * List the sessions of a database.
 *
 * @param out  filled, out[max]
 * @return number of sessions, may exceed max
 */
uint32_t pl_model_sessions(const struct pl_world *world,
                           const struct pl_state *state,
                           uint32_t database,
                           struct pl_session_view *out,
                           uint32_t max);

/** Messages of a topic. */
struct pl_topic_view {
    uint64_t depth;    /* messages waiting */
    uint64_t working;  /* messages being processed */
    int64_t oldest_ns; /* age of the oldest waiting message */
    uint64_t dropped;  /* lost because the state's limit was reached */
};
/** Facts of a topic. */
struct pl_topic_view pl_model_topic(const struct pl_state *state, uint32_t topic);

/** Contents of a cache. */
struct pl_cache_view {
    uint32_t resident; /* keys that would hit now */
    uint32_t keys;
    uint32_t nodes;
};
/** Facts of a cache; O(keys). */
struct pl_cache_view
pl_model_cache(const struct pl_world *world, const struct pl_state *state, uint32_t cache);

/** What was done to customers, against what they wished. */
struct pl_effect_view {
    uint64_t intents;    /* wishes, each counted once however often it was sent */
    uint64_t effects;    /* done */
    uint64_t duplicates; /* of them, more than wished */
    uint64_t lost;       /* said to be done and was not */
    uint64_t unknown;    /* done, and the user was told of an error */
    uint64_t answered_again;
};
/** Counters of an effect since the start. */
struct pl_effect_view
pl_model_effect(const struct pl_world *world, const struct pl_state *state, uint32_t effect);

/**
 * The same by who did it: only `effects` and `duplicates` are counted so.
 *
 * @param vendor  a vendor, or vendor_count: done without any
 */
struct pl_effect_view pl_model_effect_by(const struct pl_world *world,
                                         const struct pl_state *state,
                                         uint32_t effect,
                                         uint32_t vendor);

/** State of one pod's client policy. */
struct pl_edge_view {
    uint32_t in_flight;
    uint32_t breaker_open; /* 0 closed, 1 open, 2 half open */
};
/** Facts of an edge on a pod (global index) of its service. */
struct pl_edge_view pl_model_edge(const struct pl_world *world,
                                  const struct pl_state *state,
                                  uint32_t pod,
                                  uint32_t edge);

/** Kinds of resources with Little's-law bookkeeping. */
enum pl_resource_kind {
    PL_RESOURCE_WORKERS,  /* busy workers of a service; waiting = its queues */
    PL_RESOURCE_CPU,      /* jobs on the processors of a service */
    PL_RESOURCE_POOL,     /* connections in use; waiting = pending */
    PL_RESOURCE_DATABASE, /* statements in execution on the primary */
    PL_RESOURCE_REPLICA,  /* statements in execution on the replicas */
    PL_RESOURCE_LOCK,     /* row locks; waiting = blocked transactions */
    PL_RESOURCE_VENDOR,   /* calls in flight */
    PL_RESOURCE_TOPIC     /* messages in process; waiting = depth */
};

/** Time-averages of a resource since the start of the run, all exact integers of ns. */
struct pl_resource_view {
    char name[PL_LABEL_MAX];
    uint32_t kind;    /* enum pl_resource_kind */
    uint32_t servers; /* capacity now, 0: unlimited */
    uint64_t served;  /* left service */
    uint64_t waited;  /* left the queue into service or gave up */
    uint64_t refused;
    uint64_t in_service;
    uint64_t waiting;
    int64_t service_area_ns; /* integral of the number in service */
    int64_t waiting_area_ns;
    int64_t service_sum_ns; /* sum over those that left of their time in service */
    int64_t waiting_sum_ns;
    double busy_s; /* CPU-like resources: core-seconds; else 0 */
};
/** Number of resources of a world. */
uint32_t pl_model_resource_count(const struct pl_world *world);
/** Facts of resource 0..count-1. */
struct pl_resource_view
pl_model_resource(const struct pl_world *world, const struct pl_state *state, uint32_t resource);

#endif
