// SPDX-License-Identifier: Apache-2.0
//
// The plain way of a request: what nearly every request meets, written as one piece.
//
// The modules that a request passes can do far more than most requests ask of them: shed, cap,
// collect garbage, fill the memory, hedge, break, keep classes apart. What a route and its service
// may do at the moment is known before the request comes (neutral.h), so a request whose words are
// all clear goes from its arrival to the processor, and from the processor through its end to the
// next request and to its caller, without asking again. Anything else is handed to the general
// functions, from where it stands. Both ways leave the same state, to the bit: a test takes them
// side by side.
//
// The plain way runs a frame at once instead of putting it into the queue of those that are ready.
// That is the same order only while the queue is empty and when whoever calls does nothing
// afterwards, which holds for the loop in model.c alone.
#ifndef PL_MODEL_PLAIN_H
#define PL_MODEL_PLAIN_H

#include "model/backlog.h"
#include "model/edge.h"
#include "model/frame.h"
#include "model/neutral.h"
#include "model/service.h"
#include "model/traffic.h"

/**
 * pl_model_run with every request on the general way. It gives the same state and record, which is
 * what it is for: tests compare.
 */
void pl_plain_run_general(const struct pl_world *world,
                          struct pl_state *state,
                          struct pl_record *record,
                          int64_t until_ns);

/* ---- Arrivals ----------------------------------------------------------------------------------
 */

/**
 * A request that has got a worker begins with the work of its first step, when it does begin with
 * work. False: nothing was done.
 */
PL_HOT_INLINE bool
pl_plain_begin(struct pl_ctx *ctx, struct pl_pod *pod, uint32_t frame, struct pl_frame *f)
{
    struct pl_station *cpu = &pod->cpu;
    if (!(ctx->route_knobs[f->route] & PL_ROUTE_WORKS) || ctx->now < pod->cold_ns ||
        cpu->count >= cpu->room) {
        return false;
    }
    f->times = 1;
    f->state = PL_FRAME_CPU;
    f->since_ns = ctx->now;
    pl_station_add(ctx, cpu, frame, f->drawn * 1e9);
    return true;
}

/**
 * A request arrives on a route whose word says PL_ROUTE_PLAIN.
 *
 * @return the frame when it can run on; 0: it works, waits or was refused
 */
PL_HOT_INLINE uint32_t pl_plain_arrive(struct pl_ctx *ctx, uint32_t frame, uint32_t number)
{
    const struct pl_route *route = &ctx->world->routes[number];
    struct pl_frame *f = &ctx->frames[frame];
    const int64_t now = ctx->now;
    uint32_t pod_index = route->only_pod;
    if (pl_ctx_observed(ctx)) {
        ctx->record->routes[number].offered++;
    }
    if (pod_index == PL_NONE) {
        pod_index = pl_balancer_pick(ctx, route->service, f->key);
    }
    f->serve_ns = now;
    if (pod_index == PL_NONE || ctx->pods[pod_index].phase != PL_POD_READY) {
        pl_service_refuse(ctx, frame, PL_CODE_UNAVAILABLE);
        return 0;
    }
    struct pl_pod *pod = &ctx->pods[pod_index];
    f->pod = pod_index;
    if (pod->busy < pod->workers) {
        f->flags |= PL_FRAME_ROUTED | PL_FRAME_WORKER;
        f->worker_ns = now;
        pod->busy++;
        pl_sums_enter(&pod->serving, now);
        return pl_plain_begin(ctx, pod, frame, f) ? 0 : frame;
    }
    f->flags |= PL_FRAME_ROUTED;
    if (!(pod->knobs & PL_POD_ORDERLY) || pl_service_minds(pod, PL_SERVICE_QUEUE_LIMIT)) {
        pl_service_queue_up(ctx, frame);
        return 0;
    }
    f->state = PL_FRAME_QUEUED;
    f->since_ns = now;
    pl_list_append(ctx, &pod->queue, frame);
    pl_sums_wait(&pod->serving, now);
    return 0;
}

/**
 * A source fires. An arrival that was foreseen goes the plain way, all else the other.
 *
 * @return the frame of a request that can run, 0: none
 */
PL_HOT_INLINE uint32_t pl_plain_source(struct pl_ctx *ctx, uint32_t source)
{
    const struct pl_source *def = &ctx->world->sources[source];
    struct pl_source_state *state = &ctx->sources[source];
    struct pl_forecast *forecast = &ctx->forecasts[source];
    if (ctx->state->frame_free == 0 || forecast->at_ns != ctx->now) {
        pl_traffic_fire(ctx, source);
        return 0;
    }
    int64_t next_ns = forecast->next_ns;
    pl_ctx_schedule_soon(ctx, ctx->state->slot_source + source, next_ns);
    state->hazard = forecast->hazard;
    uint64_t key = pl_traffic_next(state, ctx->now);
    pl_traffic_foresee(def, state, forecast, next_ns);
    uint32_t id = pl_frame_new(ctx, key, pl_random_mix(key));
    uint32_t mix = def->mix_count > 1 ? pl_traffic_mix(def, key) : 0;
    uint32_t route = def->mix_route[mix];
    struct pl_frame *f = &ctx->frames[id];
    f->source = source;
    f->mix = (uint16_t)mix;
    pl_frame_walk(ctx, f, route);
    state->in_flight++;
    if (pl_ctx_observed(ctx)) {
        ctx->record->sources[source].offered++;
    }
    pl_traffic_be_patient(ctx, id, def);
    if (ctx->route_knobs[route] & PL_ROUTE_PLAIN) {
        return pl_plain_arrive(ctx, id, route);
    }
    pl_service_arrive(ctx, id);
    return 0;
}

/* ---- Calls -------------------------------------------------------------------------------------
 */

/** Make the call of the present step. The callee when it can run, else 0. */
PL_HOT_INLINE uint32_t pl_plain_call(struct pl_ctx *ctx,
                                     uint32_t frame,
                                     struct pl_frame *f,
                                     const struct pl_step *step)
{
    uint32_t edge = step->edge;
    uint32_t id = pl_frame_new(ctx, pl_edge_key(f, step, 0), f->trace);
    if (id == 0) {
        pl_edge_give_up(ctx, frame, edge, PL_CODE_UNAVAILABLE);
        return 0;
    }
    struct pl_frame *child = &ctx->frames[id];
    child->parent = frame;
    child->edge = edge;
    child->attempt = f->child_attempt;
    pl_frame_walk(ctx, child, step->target);
    f->state = PL_FRAME_CALL;
    f->pending = 1;
    f->queue_next = 0;
    pl_edge_state_of(ctx, f->pod, edge)->in_flight++;
    if (pl_ctx_observed(ctx)) {
        ctx->record->edge_attempts[edge]++;
        ctx->record->edge_requests[edge] += f->child_attempt == 0 ? 1 : 0;
    }
    if (ctx->edge_knobs[edge] & pl_neutral_bit(PL_EDGE_TIMEOUT)) {
        pl_edge_limit(ctx, f->pod, id);
    }
    return pl_plain_arrive(ctx, id, step->target);
}

/* ---- Ends --------------------------------------------------------------------------------------
 */

/** Does an odd frame hold nothing, and concern nobody but its worker and its caller? */
PL_HOT_INLINE bool pl_plain_holds_nothing(const struct pl_ctx *ctx, const struct pl_frame *f)
{
    return (f->lock[0] | f->lock_wait | f->pool | f->twin | (f->topic + 1u) |
            ctx->frames[f->parent].queue_next) == 0;
}

/** Does a worker that gets free go to the first in the queue, or is there none? */
PL_HOT_INLINE bool pl_plain_passes_on(const struct pl_pod *pod)
{
    return pod->queue.head == 0 || (pod->busy == pod->workers && pod->phase != PL_POD_BOOTING &&
                                    (pod->knobs & PL_POD_ORDERLY) != 0);
}

/** Can this end go the plain way? */
PL_HOT_INLINE bool
pl_plain_ends(const struct pl_ctx *ctx, const struct pl_pod *pod, const struct pl_frame *f)
{
    const uint32_t may_be = PL_FRAME_DEADLINE | PL_FRAME_ORPHAN | PL_FRAME_ODD;
    if (!(ctx->route_knobs[f->route] & PL_ROUTE_PLAIN) ||
        (f->flags != PL_FRAME_PLAIN &&
         ((f->flags & ~may_be) != PL_FRAME_PLAIN ||
          ((f->flags & PL_FRAME_ODD) && !pl_plain_holds_nothing(ctx, f))))) {
        return false;
    }
    return pl_plain_passes_on(pod);
}

/** The worker of a frame goes to the next request: that one, 0 when nobody waits. */
PL_HOT_INLINE uint32_t pl_plain_hand_over(struct pl_ctx *ctx,
                                          struct pl_pod *pod,
                                          const struct pl_frame *f)
{
    const int64_t now = ctx->now;
    struct pl_sums *sums = &pod->serving;
    uint32_t next = pod->queue.head;
    PL_DCHECK(pod->busy > 0);
    sums->served++;
    sums->service_sum_ns += now - f->worker_ns;
    if (next == 0) {
        pod->busy--;
        sums->service_moment += (uint64_t)now;
        return 0;
    }
    struct pl_frame *n = &ctx->frames[next];
    pl_list_shift(ctx, &pod->queue);
    pl_sums_unwait(sums, now, n->since_ns);
    n->flags |= PL_FRAME_WORKER;
    n->worker_ns = now;
    return next;
}

/**
 * What a request's server and its caller, if it has one, note when it is through; the run is
 * observed. Without a wire between them both have measured the same time.
 */
PL_HOT_INLINE void pl_plain_note(struct pl_ctx *ctx, uint32_t frame, const struct pl_frame *f)
{
    struct pl_record *record = ctx->record;
    struct pl_route_counters *route = &record->routes[f->route];
    int64_t elapsed = ctx->now - f->serve_ns;
    double seconds = pl_clock_s(elapsed);
    uint32_t bucket = pl_record_bucket(&pl_http_rule, seconds);
    bool kept = pl_record_keeps(record, f->trace);
    pl_record_http_in(pl_record_server(record, f->pod, f->route, PL_CODE_OK), bucket, seconds);
    route->completed++;
    pl_histogram_add(&route->latency, elapsed);
    if (elapsed > PL_NS_PER_S || kept) {
        pl_frame_note_special(ctx, frame, PL_CODE_OK, elapsed);
    }
    if (f->parent == 0) {
        return;
    }
    if (f->start_ns != f->serve_ns) {
        seconds = pl_clock_s(ctx->now - f->start_ns);
        bucket = pl_record_bucket(&pl_http_rule, seconds);
    }
    uint32_t caller = ctx->frames[f->parent].pod;
    pl_record_http_in(pl_record_client(record, caller, f->edge, PL_CODE_OK), bucket, seconds);
    if (kept) {
        pl_edge_note_special(ctx, frame, PL_CODE_OK);
    }
}

/** The caller gets its answer and is beyond the step. */
PL_HOT_INLINE void pl_plain_answer(struct pl_ctx *ctx, uint32_t frame, const struct pl_frame *f)
{
    struct pl_frame *p = &ctx->frames[f->parent];
    struct pl_edge_state *state = pl_edge_state_of(ctx, p->pod, f->edge);
    pl_frame_clear_deadline(ctx, frame, &ctx->deadlines[f->edge]);
    PL_DCHECK(p->state == PL_FRAME_CALL && p->pending == 1 && state->in_flight > 0);
    p->pending = 0;
    p->child_attempt = 0;
    state->in_flight--;
    pl_edge_learn(ctx, state, p->pod, f->edge, false);
    pl_frame_advance(p);
}

/**
 * A request is through; its caller, if there is one, is beyond the call.
 *
 * @return the request that gets its worker, 0: none
 */
PL_HOT_INLINE uint32_t pl_plain_end(struct pl_ctx *ctx,
                                    struct pl_pod *pod,
                                    uint32_t frame,
                                    struct pl_frame *f)
{
    if (pl_ctx_observed(ctx)) {
        pl_plain_note(ctx, frame, f);
    }
    uint32_t next = pl_plain_hand_over(ctx, pod, f);
    if (f->source != PL_NONE) {
        pl_traffic_answer_ok(ctx, frame);
        return next;
    }
    if (f->parent != 0) {
        pl_plain_answer(ctx, frame, f);
    }
    pl_frame_drop(ctx, frame);
    return next;
}

/* ---- The way -----------------------------------------------------------------------------------
 */

/**
 * After an end: `next` has got the worker, and the caller has its answer. 0: there is none.
 *
 * @return the caller when it can run on at once; 0: there is none, or both are in the queue of
 * those that are ready
 */
PL_HOT_INLINE uint32_t pl_plain_go_on(struct pl_ctx *ctx,
                                      struct pl_pod *pod,
                                      uint32_t next,
                                      uint32_t caller)
{
    if (next == 0 || pl_plain_begin(ctx, pod, next, &ctx->frames[next])) {
        return caller;
    }
    pl_ctx_ready(ctx, next);
    if (caller != 0) {
        pl_ctx_ready(ctx, caller);
    }
    return 0;
}

/**
 * Run a frame until it waits or ends, and whoever can run because of that.
 *
 * @param through  as pl_plain_cpu says
 * @return the frame that is to go on the general way while nothing else is ready, 0: none
 */
PL_HOT_INLINE uint32_t pl_plain_go(struct pl_ctx *ctx, uint32_t frame, bool through)
{
    while (frame != 0) {
        struct pl_frame *f = &ctx->frames[frame];
        struct pl_pod *pod = &ctx->pods[f->pod];
        if (through || f->pc == f->end) {
            if (!through && !pl_plain_ends(ctx, pod, f)) {
                break;
            }
            through = false;
            uint32_t parent = f->parent;
            uint32_t next = pl_plain_end(ctx, pod, frame, f);
            frame = pl_plain_go_on(ctx, pod, next, parent);
            continue;
        }
        uint32_t index = f->step0 + f->pc;
        if (!(ctx->step_flags[index] & PL_STEP_CALLS_PLAIN) || (f->flags & PL_FRAME_BATCH)) {
            break;
        }
        f->times = f->times == 0 ? 1 : f->times;
        frame = pl_plain_call(ctx, frame, f, &ctx->world->steps[index]);
    }
    return frame;
}

/**
 * The processor of a pod has an event.
 *
 * @param through  becomes true when the frame is at its end, which can go the plain way, and was
 * not moved beyond its step; NULL on the general way
 * @return the frame whose work is done and that is beyond the step, 0: none
 */
PL_HOT_INLINE uint32_t pl_plain_cpu(struct pl_ctx *ctx, uint32_t pod_index, bool *through)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    uint32_t frame = pl_station_fire(ctx, &pod->cpu);
    if (frame == 0) {
        return 0;
    }
    struct pl_frame *f = &ctx->frames[frame];
    pl_service_worked(pod, ctx->now - f->since_ns);
    if (through != NULL && (ctx->route_knobs[f->route] & PL_ROUTE_LEAF) &&
        f->flags == PL_FRAME_PLAIN && f->times == 1 && pl_plain_passes_on(pod)) {
        *through = true;
        return frame;
    }
    bool neutral = (ctx->step_flags[f->step0 + f->pc] & PL_STEP_IS_NEUTRAL) != 0 &&
                   !pl_service_minds(pod, PL_SERVICE_ERROR_RATE);
    if (!neutral && pl_service_goes_wrong(ctx, pod, frame)) {
        pl_frame_step_done(ctx, frame, PL_CODE_ERROR);
        return 0;
    }
    pl_frame_advance(f);
    return frame;
}

#endif
