// SPDX-License-Identifier: Apache-2.0
//
// What the elements of the model offer to each other. One module each; this header only lists their
// entry points, because every one of them is called from the walk (frame.c) and the engine.
#ifndef PL_MODEL_PARTS_H
#define PL_MODEL_PARTS_H

#include "model/state.h"

/* ---- traffic.c: users ------------------------------------------------------------------------ */

/** Prepare a source at time 0. */
void pl_traffic_start(struct pl_ctx *ctx, uint32_t source);
/** The source's event: an arrival, the end of a piece of its rate, or a burst change. */
void pl_traffic_fire(struct pl_ctx *ctx, uint32_t source);
/** A rate or retry param changed. */
void pl_traffic_changed(struct pl_ctx *ctx, uint32_t source);
/** A root frame ended; the caller frees it. */
void pl_traffic_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);
/** A user lost patience; the work goes on. */
void pl_traffic_left(struct pl_ctx *ctx, uint32_t frame);
/** A user frame's pause is over: send the (next) request. */
void pl_traffic_send(struct pl_ctx *ctx, uint32_t frame);

/* ---- balancer.c: choice of a pod, health ------------------------------------------------------
 */

/** Pod for a request of this service, or PL_NONE. */
uint32_t pl_balancer_pick(struct pl_ctx *ctx, uint32_t service, uint64_t key);
/** One round of probes of a service. */
void pl_balancer_probe(struct pl_ctx *ctx, uint32_t service);

/* ---- service.c: pods, workers, collector, rollouts ---------------------------------------------
 */

/** Prepare a service's pods at time 0. */
void pl_service_start(struct pl_ctx *ctx, uint32_t service);
/** A request reached the service: choose a pod, admit, queue or begin. */
void pl_service_arrive(struct pl_ctx *ctx, uint32_t frame);
/** A request leaves its pod: worker and route count are given back. */
void pl_service_leave(struct pl_ctx *ctx, uint32_t frame);
/** Processor work of a frame; false when the station is full. */
bool pl_service_compute(struct pl_ctx *ctx, uint32_t frame, double work_ns);
/** A pod's event: kind 0 processor, 1 collector, 2 lifecycle. */
void pl_service_pod_fire(struct pl_ctx *ctx, uint32_t pod, uint32_t kind);
/** A service's event: kind 0 rollout, 1 probes, 2 autoscaler. */
void pl_service_fire(struct pl_ctx *ctx, uint32_t service, uint32_t kind);
/** A param of the service changed. */
void pl_service_changed(struct pl_ctx *ctx, uint32_t service, enum pl_service_knob knob);
/** Stop a process at once: its requests get a reset, its connections close. restart: as in drain.
 */
void pl_service_kill(struct pl_ctx *ctx, uint32_t pod, uint32_t reason, uint32_t restart);
/** Begin to take a pod out of service gracefully; restart 0: for good, 1: same release, 2: the
 * rollout's. */
void pl_service_drain(struct pl_ctx *ctx, uint32_t pod, uint32_t reason, uint32_t restart);
/** Start processes until `wanted` run, or drain the newest. */
void pl_service_scale(struct pl_ctx *ctx, uint32_t service, uint32_t wanted);
/** Pods that run or boot and are not to be replaced. */
uint32_t pl_service_running(const struct pl_ctx *ctx, uint32_t service);

/* ---- autoscaler.c ------------------------------------------------------------------------------
 */

/** One round of a service's autoscaler. */
void pl_autoscaler_round(struct pl_ctx *ctx, uint32_t service);

/* ---- edge.c: client policy ---------------------------------------------------------------------
 */

/** Make the call of the frame's present step; the answer arrives by pl_frame_step_done. */
void pl_edge_call(struct pl_ctx *ctx, uint32_t frame);
/** The backoff of a frame is over: try again. */
void pl_edge_retry(struct pl_ctx *ctx, uint32_t frame);
/** A callee ended; it is freed by the caller of this function. */
void pl_edge_answer(struct pl_ctx *ctx, uint32_t child, enum pl_code code);
/** The deadline list of an edge fired. */
void pl_edge_expire(struct pl_ctx *ctx, uint32_t edge);
/** Runtime of an edge on a pod. */
struct pl_edge_state *pl_edge_state_of(struct pl_ctx *ctx, uint32_t pod, uint32_t edge);

/* ---- pool.c: connections -----------------------------------------------------------------------
 */

/** Runtime of a pool on a pod (which must belong to the pool's service). */
struct pl_pool_state *pl_pool_state_of(struct pl_ctx *ctx, uint32_t pod, uint32_t pool);
/** Number of pool states of a world. */
uint32_t pl_pool_state_count(const struct pl_world *world);
/** Prepare the table of pool states. */
void pl_pool_start(struct pl_ctx *ctx);
/** Take a connection. True: the frame has it now; false: it waits, or its step failed. */
bool pl_pool_acquire(struct pl_ctx *ctx, uint32_t frame, uint32_t pool);
/** A frame's wait for a connection timed out. */
void pl_pool_timeout(struct pl_ctx *ctx, uint32_t frame);
/** A frame's new connection is open. */
void pl_pool_connected(struct pl_ctx *ctx, uint32_t frame);
/** Give the frame's connection back, leak it, or drop its place in the queue. */
void pl_pool_release(struct pl_ctx *ctx, uint32_t frame, bool failed);
/** Drop a frame's place in the queue of its pool, if it waits there. */
void pl_pool_leave(struct pl_ctx *ctx, uint32_t frame);
/** Open connections up to the configured size (a pod became ready). */
void pl_pool_fill(struct pl_ctx *ctx, uint32_t pod);
/** Close everything of a pod's pools (its process ended). Its frames are gone already. */
void pl_pool_clear(struct pl_ctx *ctx, uint32_t pod);
/** A param of the pool changed. */
void pl_pool_changed(struct pl_ctx *ctx, uint32_t pool, enum pl_pool_knob knob);
/** Terminate sessions that idle in a transaction for longer than `age_ns`. */
void pl_pool_kill_idle(struct pl_ctx *ctx, uint32_t database, int64_t age_ns);
/** Terminate all sessions of a database (failover). */
void pl_pool_kill_all(struct pl_ctx *ctx, uint32_t database);
/** Mark the connection of a frame busy with a statement, or idle in its transaction. */
void pl_pool_mark(struct pl_ctx *ctx, uint32_t frame, uint32_t statement);

/* ---- database.c ---------------------------------------------------------------------------------
 */

/** Prepare a database at time 0. */
void pl_database_start(struct pl_ctx *ctx, uint32_t database);
/** True when the server accepts one more connection. */
bool pl_database_accepts(const struct pl_ctx *ctx, uint32_t database);
/** Run the statement of the frame's present step on its connection. */
void pl_database_query(struct pl_ctx *ctx, uint32_t frame);
/** A station of the database fired: replica PL_NONE is the primary. */
void pl_database_fire(struct pl_ctx *ctx, uint32_t database, uint32_t replica);
/** The part of a statement outside the processor is over. */
void pl_database_disk_done(struct pl_ctx *ctx, uint32_t frame);
/** The end of a failover. */
void pl_database_up(struct pl_ctx *ctx, uint32_t database);
/** Take a frame that is being killed out of the database's processors. */
void pl_database_abort(struct pl_ctx *ctx, uint32_t frame);
/** Poll a replica for a recent write. */
void pl_database_await(struct pl_ctx *ctx, uint32_t frame);
/** Bring the replicas' positions up to now. */
void pl_database_apply(struct pl_ctx *ctx, uint32_t database);
/** Seconds that a replica is behind, as of the last pl_database_apply. */
double pl_database_lag_s(const struct pl_ctx *ctx, uint32_t database, uint32_t replica);
/** Recompute foreign load after a param or job changed. */
void pl_database_load(struct pl_ctx *ctx, uint32_t database);
/** A param of the database changed. */
void pl_database_changed(struct pl_ctx *ctx, uint32_t database, enum pl_database_knob knob);

/* ---- lock.c: row locks
 * --------------------------------------------------------------------------- */

/** Take the row lock of the frame's present step; may wait. */
void pl_lock_take(struct pl_ctx *ctx, uint32_t frame);
/** The frame's timer fired while it waits for a lock. */
void pl_lock_timer(struct pl_ctx *ctx, uint32_t frame);
/** Give all row locks back and leave any queue. */
void pl_lock_release(struct pl_ctx *ctx, uint32_t frame);
/** Drop a frame's place in the queue of a lock, if it waits there. */
void pl_lock_leave(struct pl_ctx *ctx, uint32_t frame);
/** A job took or gave back its share of the keys. */
void pl_lock_job(struct pl_ctx *ctx, uint32_t lock, uint32_t job, bool held);

/* ---- job.c: background jobs
 * ---------------------------------------------------------------------- */

/** A job's event: its next batch begins or ends. */
void pl_job_fire(struct pl_ctx *ctx, uint32_t job);
/** A param of the job changed. */
void pl_job_changed(struct pl_ctx *ctx, uint32_t job, enum pl_job_knob knob);

/* ---- vendor.c, cache.c, topic.c
 * ------------------------------------------------------------------- */

/** A call reached a vendor: decide its answer and delay. */
void pl_vendor_arrive(struct pl_ctx *ctx, uint32_t frame);
/** The vendor answers. */
void pl_vendor_done(struct pl_ctx *ctx, uint32_t frame);

/** Read a key: true on a hit. Remembers the key in the frame. */
bool pl_cache_get(struct pl_ctx *ctx, uint32_t frame, uint32_t cache);
/** Write the key last read. */
void pl_cache_put(struct pl_ctx *ctx, uint32_t frame, uint32_t cache);
/** Keys that would hit now. */
uint32_t pl_cache_resident(const struct pl_ctx *ctx, uint32_t cache);
/** Fill the keys as a long-running system would have them (time 0). */
void pl_cache_start(struct pl_ctx *ctx, uint32_t cache);
/** A param of the cache changed. */
void pl_cache_changed(struct pl_ctx *ctx, uint32_t cache, enum pl_cache_knob knob);

/** Append a message. */
void pl_topic_publish(struct pl_ctx *ctx, uint32_t topic, uint64_t key);
/** A consumer's frame ended. */
void pl_topic_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);
/** Let idle consumers take messages. */
void pl_topic_pump(struct pl_ctx *ctx, uint32_t topic);

#endif
