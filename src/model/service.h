// SPDX-License-Identifier: Apache-2.0
//
// Pods with workers and a processor: their life, rollouts and collector pauses. What it does is
// told at the top of service.c.
#ifndef PL_MODEL_SERVICE_H
#define PL_MODEL_SERVICE_H

#include "model/balancer.h"
#include "model/collector.h"
#include "model/neutral.h"
#include "model/station.h"

/** Prepare a service's pods at time 0. */
void pl_service_start(struct pl_ctx *ctx, uint32_t service);

/** Shedding and the cap on concurrent requests of a route: does the request get in? */
bool pl_service_lets_in(struct pl_ctx *ctx, uint32_t frame);

/** What the meters of a service's pods hold together: of its workers, or of its processors. */
struct pl_meter pl_service_meter(const struct pl_ctx *ctx, uint32_t service, bool cpu);

/** Does the work that a frame has just done on this pod fail? */
bool pl_service_goes_wrong(struct pl_ctx *ctx, const struct pl_pod *pod, uint32_t frame);

/** Turn a request away before its route begins. */
void pl_service_refuse(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);

/** No worker is free: wait, if the queue has room. */
void pl_service_queue_up(struct pl_ctx *ctx, uint32_t frame);

/** A worker of this pod is free for those who wait. */
void pl_service_take_next(struct pl_ctx *ctx, struct pl_pod *pod);

/** Does the pod, whose number of workers is gated, have a free one? */
bool pl_service_has_worker_gated(const struct pl_ctx *ctx, const struct pl_pod *pod);

/** Have a pod killed that has outgrown its limit, as an event of its own. */
void pl_service_check_memory(struct pl_ctx *ctx, struct pl_pod *pod);

/** Seconds of work as this pod does them now: slower by a knob or while it warms up. */
double pl_service_cost(const struct pl_ctx *ctx, const struct pl_pod *pod, double work_s);

/** A pod's event: kind 1 collector, 2 lifecycle; the processor's is in plain.h. */
void pl_service_pod_fire(struct pl_ctx *ctx, uint32_t pod, uint32_t kind);

/** A service's event: kind 0 rollout, 1 probes, 2 autoscaler. */
void pl_service_fire(struct pl_ctx *ctx, uint32_t service, uint32_t kind);

/** A param of the service changed. */
void pl_service_changed(struct pl_ctx *ctx, uint32_t service, enum pl_service_knob changed);

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

/* ---- The way of nearly every request ----------------------------------------------------------
 */

/** May this knob of the pod's service have an effect? */
static inline bool pl_service_minds(const struct pl_pod *pod, enum pl_service_knob knob)
{
    return (pod->knobs & pl_neutral_bit((uint32_t)knob)) != 0;
}

/** Requests of a route on a pod that are in flight; counted while its word has a knob. */
static inline uint32_t *
pl_service_route_count(const struct pl_ctx *ctx, uint32_t pod, uint32_t route)
{
    return &ctx->pod_routes[pod * ctx->world->route_count + route];
}

/** A request is in, and on its pod. */
static inline void pl_service_count_in(struct pl_ctx *ctx, struct pl_frame *f)
{
    f->flags |= PL_FRAME_ROUTED;
    if (ctx->route_knobs[f->route] & PL_ROUTE_KNOBS) {
        (*pl_service_route_count(ctx, f->pod, f->route))++;
    }
}

/** Does the pod work on fewer requests than it can? */
static inline bool pl_service_has_worker(const struct pl_ctx *ctx, const struct pl_pod *pod)
{
    return pl_service_minds(pod, PL_SERVICE_WORKERS) ? pl_service_has_worker_gated(ctx, pod)
                                                     : pod->busy < pod->workers;
}

/** Give the request its worker and let it run. */
static inline void pl_service_begin(struct pl_ctx *ctx, struct pl_pod *pod, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    pod->busy++;
    f->flags |= PL_FRAME_WORKER;
    f->worker_ns = ctx->now;
    pl_sums_enter(&pod->serving, ctx->now);
    if (pod->knobs & PL_POD_ALLOCATES) {
        pl_collector_allocate(ctx, f->pod);
    }
    pl_ctx_ready(ctx, frame);
}

/** The pod that a request goes to, or PL_NONE. */
static inline uint32_t pl_service_pick(struct pl_ctx *ctx, const struct pl_frame *f)
{
    const struct pl_route *route = &ctx->world->routes[f->route];
    if (route->only_pod == PL_NONE) {
        return pl_balancer_pick(ctx, route->service, f->key);
    }
    return ctx->pods[route->only_pod].phase == PL_POD_READY ? route->only_pod : PL_NONE;
}

/** A request reached the service: choose a pod, admit, queue or begin. */
static inline void pl_service_arrive(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t route = f->route;
    if (pl_ctx_observed(ctx)) {
        ctx->record->routes[route].offered++;
    }
    uint32_t pod_index = pl_service_pick(ctx, f);
    f->pod = pod_index;
    f->serve_ns = ctx->now;
    if (pod_index == PL_NONE) {
        pl_service_refuse(ctx, frame, PL_CODE_UNAVAILABLE);
        return;
    }
    if ((ctx->route_knobs[route] & PL_ROUTE_KNOBS) != 0 && !pl_service_lets_in(ctx, frame)) {
        pl_service_refuse(ctx, frame, PL_CODE_LIMITED);
        return;
    }
    pl_service_count_in(ctx, f);
    struct pl_pod *pod = &ctx->pods[pod_index];
    if (pl_service_has_worker(ctx, pod)) {
        pl_service_begin(ctx, pod, frame);
    } else {
        pl_service_queue_up(ctx, frame);
    }
}

/** A request leaves its pod: worker and route count are given back. */
static inline void pl_service_leave(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t flags = f->flags;
    if (f->pod == PL_NONE) {
        return;
    }
    f->flags = flags & ~(uint32_t)(PL_FRAME_ROUTED | PL_FRAME_WORKER);
    if ((flags & PL_FRAME_ROUTED) && (ctx->route_knobs[f->route] & PL_ROUTE_KNOBS)) {
        (*pl_service_route_count(ctx, f->pod, f->route))--;
    }
    if (!(flags & PL_FRAME_WORKER)) {
        return;
    }
    struct pl_pod *pod = &ctx->pods[f->pod];
    PL_CHECK(pod->busy > 0);
    pod->busy--;
    pl_sums_leave(&pod->serving, ctx->now, f->worker_ns);
    if (pod->queue.count > 0) {
        pl_service_take_next(ctx, pod);
    }
    if (pod->knobs & PL_POD_FILLS) {
        pl_service_check_memory(ctx, pod);
    }
}

/** Processor work of a frame, in seconds before what the pod makes of it; false: station full. */
static inline bool pl_service_compute(struct pl_ctx *ctx, uint32_t frame, double work_s)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_pod *pod = &ctx->pods[f->pod];
    bool plain = !pl_service_minds(pod, PL_SERVICE_CPU_FACTOR) && ctx->now >= pod->cold_ns;
    double work = plain ? work_s : pl_service_cost(ctx, pod, work_s);
    f->state = PL_FRAME_CPU;
    f->since_ns = ctx->now;
    return pl_station_join(ctx, &pod->cpu, frame, work * 1e9);
}

/** A request leaves the processor of a pod, where it was for so long. */
PL_HOT_INLINE void pl_service_worked(struct pl_pod *pod, int64_t for_ns)
{
    pod->worked_ns += for_ns;
    pod->worked++;
}

#endif
