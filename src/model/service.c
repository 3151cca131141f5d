// SPDX-License-Identifier: Apache-2.0
//
// Services: pods with workers and a processor, their life, rollouts and collector pauses.
//
//   ABSENT -> BOOTING -> READY -> DRAINING -> ABSENT (or BOOTING again)
//                 ^        |kill
//                 +--------+
//
// A rolling restart or release starts a new pod in a free position first and drains the pod it
// replaces when it is ready (surge), one at a time.
#include "model/service.h"

#include "model/autoscaler.h"
#include "model/backlog.h"
#include "model/change.h"
#include "model/database.h"
#include "model/edge.h"
#include "model/frame.h"
#include "model/group.h"
#include "model/keepalive.h"
#include "model/lock.h"
#include "model/pool.h"
#include "model/topic.h"

static const int64_t drain_poll_ns = 1 * PL_NS_PER_S;
static const int64_t drain_limit_ns = 30 * PL_NS_PER_S; /* grace period */

enum { PL_STOP_SCALE, PL_STOP_RESTART, PL_STOP_MEMORY, PL_STOP_LIVENESS, PL_STOP_ROLLOUT };

static double knob(const struct pl_ctx *ctx, uint32_t service, enum pl_service_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->services[service].param0 + (uint32_t)knob);
}

static double knob_on(const struct pl_ctx *ctx, uint32_t pod, enum pl_service_knob knob)
{
    uint32_t service = ctx->pods[pod].service;
    return pl_ctx_param_on(ctx, ctx->world->services[service].param0 + (uint32_t)knob, pod);
}

/* The pod's phase begins now. */
static void mark_phase(const struct pl_ctx *ctx, struct pl_pod *pod)
{
    pod->phase_ns = ctx->now;
    pod->cold_ns = ctx->now + pl_clock_ns(ctx->world->services[pod->service].warmup_s);
}

static uint32_t pod_slot(const struct pl_ctx *ctx, uint32_t pod, uint32_t kind)
{
    return ctx->state->slot_pod + pod * PL_POD_SLOTS + kind;
}

/* ---- Requests ----------------------------------------------------------------------------------
 */

bool pl_service_has_worker_gated(const struct pl_ctx *ctx, const struct pl_pod *pod)
{
    double workers = knob_on(ctx, (uint32_t)(pod - ctx->pods), PL_SERVICE_WORKERS);
    return !(workers > 0.0) || (double)pod->busy < workers;
}

bool pl_service_lets_in(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    uint32_t param0 = ctx->world->routes[f->route].param0;
    double shed = pl_ctx_param_on(ctx, param0 + PL_ROUTE_SHED, f->pod);
    double cap = pl_ctx_param_on(ctx, param0 + PL_ROUTE_CONCURRENCY, f->pod);
    uint32_t count = *pl_service_route_count(ctx, f->pod, f->route);
    if (shed > 0.0 &&
        pl_random_unit(pl_random_bits(pl_random_child(f->key, PL_DRAW_SHED), 0)) < shed) {
        pl_record_frame_event(ctx, PL_LOG_SHED, frame, f->route, 0, 0);
        return false;
    }
    if (cap > 0.0 && (double)count >= cap) {
        pl_record_frame_event(ctx, PL_LOG_SHED, frame, f->route, 1, 0);
        return false;
    }
    return true;
}

struct pl_meter pl_service_meter(const struct pl_ctx *ctx, uint32_t service, bool cpu)
{
    struct pl_meter sum = {.refused = cpu ? 0 : ctx->services[service].refused};
    uint32_t first = ctx->world->pod0[service];
    for (uint32_t i = first; i < first + ctx->world->services[service].pods_max; i++) {
        const struct pl_pod *pod = &ctx->pods[i];
        if (cpu) {
            sum.sums.service_moment += pod->cpu.moment;
            sum.sums.service_sum_ns += pod->worked_ns;
            sum.sums.served += pod->worked;
            sum.in_service += pod->cpu.count;
            continue;
        }
        sum.sums.service_moment += pod->serving.service_moment;
        sum.sums.waiting_moment += pod->serving.waiting_moment;
        sum.sums.service_sum_ns += pod->serving.service_sum_ns;
        sum.sums.waiting_sum_ns += pod->serving.waiting_sum_ns;
        sum.sums.served += pod->serving.served;
        sum.sums.waited += pod->serving.waited;
        sum.in_service += pod->busy;
        sum.waiting += pod->queue.count;
    }
    return sum;
}

void pl_service_refuse(struct pl_ctx *ctx, uint32_t frame, enum pl_code code)
{
    uint32_t service = ctx->world->routes[ctx->frames[frame].route].service;
    ctx->services[service].refused++;
    pl_frame_refuse(ctx, frame, code);
}

/* Is the queue too full for this request? */
static bool too_full(struct pl_ctx *ctx, uint32_t frame)
{
    const struct pl_frame *f = pl_frame_of(ctx, frame);
    const struct pl_pod *pod = &ctx->pods[f->pod];
    double limit = knob_on(ctx, f->pod, PL_SERVICE_QUEUE_LIMIT);
    if (!(limit > 0.0) || (double)pod->queue.count < limit ||
        pl_backlog_make_room(ctx, f->pod, frame)) {
        return false;
    }
    pl_record_frame_event(ctx, PL_LOG_QUEUE_FULL, frame, f->route, 0, (int64_t)pod->queue.count);
    return true;
}

void pl_service_queue_up(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_pod *pod = &ctx->pods[f->pod];
    if (pl_service_minds(pod, PL_SERVICE_QUEUE_LIMIT) && too_full(ctx, frame)) {
        pl_service_refuse(ctx, frame, PL_CODE_UNAVAILABLE);
        return;
    }
    f->state = PL_FRAME_QUEUED;
    f->since_ns = ctx->now;
    pl_backlog_add(ctx, f->pod, frame);
    pl_sums_wait(&pod->serving, ctx->now);
}

void pl_service_take_next(struct pl_ctx *ctx, struct pl_pod *pod)
{
    while (pod->queue.count > 0 && pl_service_has_worker(ctx, pod) &&
           (pod->phase == PL_POD_READY || pod->phase == PL_POD_DRAINING)) {
        uint32_t frame = pl_backlog_take(ctx, (uint32_t)(pod - ctx->pods));
        pl_sums_unwait(&pod->serving, ctx->now, ctx->frames[frame].since_ns);
        pl_service_begin(ctx, pod, frame);
    }
}

/* Memory of a pod: it grows with time and with requests served. */
static double memory_mb(const struct pl_ctx *ctx, uint32_t pod_index)
{
    const struct pl_pod *pod = &ctx->pods[pod_index];
    double up_s = pl_clock_s(ctx->now - pod->started_ns);
    return ctx->world->services[pod->service].memory_base_mb +
           knob_on(ctx, pod_index, PL_SERVICE_LEAK_RATE) * up_s +
           knob_on(ctx, pod_index, PL_SERVICE_LEAK_PER_REQUEST) * (double)pl_pod_served(pod);
}

void pl_service_check_memory(struct pl_ctx *ctx, struct pl_pod *pod)
{
    uint32_t pod_index = (uint32_t)(pod - ctx->pods);
    double limit = knob_on(ctx, pod_index, PL_SERVICE_MEMORY_LIMIT);
    if (limit > 0.0 && memory_mb(ctx, pod_index) > limit && pod->phase == PL_POD_READY) {
        pod->stop_reason = PL_STOP_MEMORY;
        pl_ctx_schedule(ctx, pod_slot(ctx, pod_index, 2), ctx->now);
    }
}

double pl_service_cost(const struct pl_ctx *ctx, const struct pl_pod *pod, double work_s)
{
    const struct pl_service *def = &ctx->world->services[pod->service];
    double work = work_s * knob_on(ctx, (uint32_t)(pod - ctx->pods), PL_SERVICE_CPU_FACTOR);
    if (ctx->now < pod->cold_ns) {
        work *= def->warmup_factor;
    }
    return work;
}

bool pl_service_goes_wrong(struct pl_ctx *ctx, const struct pl_pod *pod, uint32_t frame)
{
    double error = pl_frame_knob(ctx, frame, PL_STEP_ERROR);
    double rate = knob_on(ctx, (uint32_t)(pod - ctx->pods), PL_SERVICE_ERROR_RATE);
    error = error + rate - error * rate;
    if (!(error > 0.0) || pl_random_unit(pl_frame_draw(ctx, frame, 253)) >= error) {
        return false;
    }
    pl_record_frame_event(ctx, PL_LOG_INTERNAL_ERROR, frame, ctx->frames[frame].route, 0, 0);
    return true;
}

/* ---- Life of a pod
 * -------------------------------------------------------------------------------- */

static void apply_quota(struct pl_ctx *ctx, uint32_t service)
{
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t first = ctx->world->pod0[service];
    double running = (double)pl_service_running(ctx, service);
    double share = knob(ctx, service, PL_SERVICE_CPU_QUOTA_PODS);
    for (uint32_t i = 0; i < def->pods_max; i++) {
        /* The highest positions are the newest hosts. */
        bool limited = (double)i >= running * (1.0 - share) - 1e-9;
        double quota = limited ? knob_on(ctx, first + i, PL_SERVICE_CPU_QUOTA) : 0.0;
        struct pl_station *cpu = &ctx->pods[first + i].cpu;
        if (quota < cpu->quota || quota > cpu->quota) {
            pl_station_set_quota(ctx, cpu, quota);
        }
    }
}

/* Close what the pod opened for its start-up checks. */
static void close_boot_connections(struct pl_ctx *ctx, struct pl_pod *pod)
{
    for (uint32_t d = 0; d < ctx->world->database_count; d++) {
        uint32_t open = (pod->boot_open >> (8 * d)) & 255u;
        PL_CHECK(ctx->databases[d].connections >= open);
        ctx->databases[d].connections -= open;
    }
    pod->boot_open = 0;
}

/* From now on the position may hold a pod. */
static void use_position(struct pl_ctx *ctx, uint32_t pod_index)
{
    uint32_t service = ctx->pods[pod_index].service;
    uint32_t used = pod_index - ctx->world->pod0[service] + 1;
    if (used > ctx->services[service].positions) {
        ctx->services[service].positions = used;
    }
}

static void boot(struct pl_ctx *ctx, uint32_t pod_index, uint32_t release)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    const struct pl_service *def = &ctx->world->services[pod->service];
    PL_CHECK(pod->busy == 0 && pod->queue.count == 0 && pod->cpu.count == 0);
    use_position(ctx, pod_index);
    pod->phase = PL_POD_BOOTING;
    mark_phase(ctx, pod);
    pod->started_ns = ctx->now;
    pod->before = (uint32_t)pod->serving.served;
    pod->garbage_mb = 0.0;
    pod->release = release;
    pod->generation = ++ctx->services[pod->service].created;
    pod->ejected = 0;
    pod->probe_failures = 0;
    pod->restart = 0;
    pod->stop_reason = PL_STOP_SCALE;
    pod->boot_open = 0;
    for (uint32_t d = 0; d < ctx->world->database_count; d++) {
        uint32_t open = 0;
        while (open < def->boot_connections && ctx->world->pool_of[pod->service][d] != PL_NONE &&
               pl_database_accepts(ctx, d)) {
            ctx->databases[d].connections++;
            open++;
        }
        pod->boot_open |= open << (8 * d);
    }
    pl_ctx_schedule(ctx, pod_slot(ctx, pod_index, 2), ctx->now + pl_clock_ns(def->boot_s));
}

static void tell_groups(struct pl_ctx *ctx, uint32_t pod_index)
{
    if (ctx->broker != NULL) {
        pl_group_pod_changed(ctx, pod_index);
    }
}

static void become_ready(struct pl_ctx *ctx, uint32_t pod_index)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    pod->phase = PL_POD_READY;
    mark_phase(ctx, pod);
    pl_pool_fill(ctx, pod_index);
    pl_keepalive_ready(ctx, pod_index);
    apply_quota(ctx, pod->service);
    pl_collector_arm(ctx, pod_index);
    pl_record_event(ctx, PL_LOG_POD_STARTED, pod_index, pod->release, 0, 0);
    for (uint32_t t = 0; t < ctx->world->topic_count; t++) {
        uint32_t route = ctx->world->topics[t].consumer_route;
        if (route != PL_NONE && ctx->world->routes[route].service == pod->service) {
            pl_topic_pump(ctx, t);
        }
    }
    tell_groups(ctx, pod_index);
    if (pod->replaces != 0) {
        uint32_t old = pod->replaces - 1;
        pod->replaces = 0;
        if (ctx->pods[old].phase == PL_POD_READY) {
            pl_service_drain(ctx, old, PL_STOP_ROLLOUT, 0);
        }
    }
}

static void stopped(struct pl_ctx *ctx, uint32_t pod_index)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    uint32_t restart = pod->restart;
    uint32_t release = restart == 2 ? ctx->services[pod->service].rollout_release : pod->release;
    pl_pool_clear(ctx, pod_index);
    pl_station_touch(ctx, &pod->cpu);
    pod->cpu.paused = 0;
    pl_ctx_cancel(ctx, pod_slot(ctx, pod_index, 1));
    pl_ctx_cancel(ctx, pod_slot(ctx, pod_index, 2));
    pl_record_event(ctx, PL_LOG_POD_STOPPED, pod_index, pod->stop_reason, 0, 0);
    if (restart != 0) {
        if (ctx->record != NULL) {
            ctx->record->pod_restarts[pod_index]++;
        }
        boot(ctx, pod_index, release);
        return;
    }
    pod->phase = PL_POD_ABSENT;
    mark_phase(ctx, pod);
}

/* Cut a frame out of whatever it waits for. Its pod dies. */
static void detach(struct pl_ctx *ctx, uint32_t frame)
{
    struct pl_frame *f = pl_frame_of(ctx, frame);
    struct pl_pod *pod = &ctx->pods[f->pod];
    pl_ctx_untimer(ctx, frame);
    if (f->state == PL_FRAME_QUEUED) {
        pl_list_remove(ctx, &pod->queue, frame);
        pl_sums_unwait(&pod->serving, ctx->now, f->since_ns);
    } else if (f->state == PL_FRAME_CPU) {
        pl_station_remove(ctx, &pod->cpu, frame);
        pl_service_worked(pod, ctx->now - f->since_ns);
    }
    pl_database_abort(ctx, frame);
    pl_lock_leave(ctx, frame);
    pl_pool_leave(ctx, frame);
}

/* Callees and branches of frames on this pod: nobody waits for them any more. */
static void cut_children(struct pl_ctx *ctx, uint32_t pod_index)
{
    for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
        struct pl_frame *f = &ctx->frames[id];
        if (f->state == PL_FRAME_FREE || f->parent == 0 ||
            ctx->frames[f->parent].pod != pod_index) {
            continue;
        }
        if (!(f->flags & PL_FRAME_SUB)) {
            pl_frame_clear_deadline(ctx, id, &ctx->deadlines[f->edge]);
            pl_edge_state_of(ctx, pod_index, f->edge)->in_flight--;
            ctx->frames[f->parent].pending--;
            f->flags |= PL_FRAME_ORPHAN;
            f->parent = 0;
            f->twin = 0;
            pl_backlog_abandoned(ctx, id);
        }
    }
}

/* Take the pod's frames out of the ready ring. */
static void remove_ready(struct pl_ctx *ctx, uint32_t pod_index)
{
    uint32_t kept = ctx->ready_head;
    for (uint32_t i = ctx->ready_head; i != ctx->ready_tail; i++) {
        uint32_t id = ctx->ready[i];
        if (ctx->frames[id].pod != pod_index) {
            ctx->ready[kept++] = id;
        }
    }
    ctx->ready_tail = kept;
}

void pl_service_kill(struct pl_ctx *ctx, uint32_t pod_index, uint32_t reason, uint32_t restart)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    pod->phase = PL_POD_DRAINING; /* no retry may come back to it meanwhile */
    pod->restart = restart;
    pod->stop_reason = reason;
    remove_ready(ctx, pod_index);
    cut_children(ctx, pod_index);
    for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
        struct pl_frame *f = &ctx->frames[id];
        if (f->state == PL_FRAME_FREE || f->pod != pod_index) {
            continue;
        }
        detach(ctx, id);
        f->pending = 0;
        if (f->flags & PL_FRAME_SUB) {
            f->parent = 0;
        }
    }
    /* Two passes: nothing that ends below may find a half-dead neighbour. */
    for (uint32_t id = 1; id <= ctx->state->frame_high; id++) {
        if (ctx->frames[id].state != PL_FRAME_FREE && ctx->frames[id].pod == pod_index) {
            pl_frame_fail(ctx, id, PL_CODE_UNAVAILABLE);
        }
    }
    PL_CHECK(pod->busy == 0 && pod->queue.count == 0);
    tell_groups(ctx, pod_index);
    stopped(ctx, pod_index);
}

void pl_service_drain(struct pl_ctx *ctx, uint32_t pod_index, uint32_t reason, uint32_t restart)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    pod->phase = PL_POD_DRAINING;
    mark_phase(ctx, pod);
    pod->stop_reason = reason;
    pod->restart = restart;
    tell_groups(ctx, pod_index);
    pl_ctx_schedule(ctx, pod_slot(ctx, pod_index, 2), ctx->now);
}

static void lifecycle_fire(struct pl_ctx *ctx, uint32_t pod_index)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    pl_ctx_cancel(ctx, pod_slot(ctx, pod_index, 2));
    switch ((enum pl_pod_phase)pod->phase) {
    case PL_POD_BOOTING:
        close_boot_connections(ctx, pod);
        become_ready(ctx, pod_index);
        break;
    case PL_POD_READY:
        if (pod->stop_reason == PL_STOP_MEMORY) {
            pl_record_event(ctx,
                            PL_LOG_OOM_KILLED,
                            pod_index,
                            0,
                            0,
                            (int64_t)(memory_mb(ctx, pod_index) * 1048576.0));
            pl_service_kill(ctx, pod_index, PL_STOP_MEMORY, 1);
        }
        break;
    case PL_POD_DRAINING:
        if (pod->busy == 0 && pod->queue.count == 0) {
            stopped(ctx, pod_index);
        } else if (ctx->now - pod->phase_ns >= drain_limit_ns) {
            pl_service_kill(ctx, pod_index, pod->stop_reason, pod->restart);
        } else {
            pl_ctx_schedule(ctx, pod_slot(ctx, pod_index, 2), ctx->now + drain_poll_ns);
        }
        break;
    case PL_POD_ABSENT:
        break;
    }
}

void pl_service_pod_fire(struct pl_ctx *ctx, uint32_t pod, uint32_t kind)
{
    if (kind == 1) {
        pl_collector_fire(ctx, pod);
    } else {
        lifecycle_fire(ctx, pod);
    }
}

/* ---- Number of pods, rollouts
 * --------------------------------------------------------------------- */

uint32_t pl_service_running(const struct pl_ctx *ctx, uint32_t service)
{
    uint32_t first = ctx->world->pod0[service];
    uint32_t count = 0;
    for (uint32_t i = first; i < first + ctx->world->services[service].pods_max; i++) {
        const struct pl_pod *pod = &ctx->pods[i];
        if ((pod->phase == PL_POD_READY || pod->phase == PL_POD_BOOTING) && pod->replaces == 0) {
            count++;
        }
    }
    return count;
}

/* A free position, or PL_NONE. */
static uint32_t free_position(struct pl_ctx *ctx, uint32_t service)
{
    uint32_t first = ctx->world->pod0[service];
    for (uint32_t i = first; i < first + ctx->world->services[service].pods_max; i++) {
        if (ctx->pods[i].phase == PL_POD_ABSENT) {
            return i;
        }
    }
    return PL_NONE;
}

/* The running pod with the highest generation, or PL_NONE. */
static uint32_t newest(struct pl_ctx *ctx, uint32_t service)
{
    uint32_t first = ctx->world->pod0[service];
    uint32_t best = PL_NONE;
    for (uint32_t i = first; i < first + ctx->world->services[service].pods_max; i++) {
        const struct pl_pod *pod = &ctx->pods[i];
        if ((pod->phase == PL_POD_READY || pod->phase == PL_POD_BOOTING) && pod->replaces == 0 &&
            (best == PL_NONE || pod->generation > ctx->pods[best].generation)) {
            best = i;
        }
    }
    return best;
}

void pl_service_scale(struct pl_ctx *ctx, uint32_t service, uint32_t wanted)
{
    uint32_t running = pl_service_running(ctx, service);
    while (running < wanted) {
        uint32_t pod = free_position(ctx, service);
        if (pod == PL_NONE) {
            return;
        }
        boot(ctx, pod, (uint32_t)(knob(ctx, service, PL_SERVICE_RELEASE) + 0.5));
        ctx->pods[pod].replaces = 0;
        running++;
    }
    while (running > wanted) {
        uint32_t pod = newest(ctx, service);
        if (pod == PL_NONE) {
            return;
        }
        if (ctx->pods[pod].phase == PL_POD_BOOTING) {
            close_boot_connections(ctx, &ctx->pods[pod]);
            pl_ctx_cancel(ctx, pod_slot(ctx, pod, 2));
            ctx->pods[pod].phase = PL_POD_ABSENT;
        } else {
            pl_service_drain(ctx, pod, PL_STOP_SCALE, 0);
        }
        running--;
    }
}

static void rollout_start(struct pl_ctx *ctx, uint32_t service, uint32_t release)
{
    struct pl_service_state *state = &ctx->services[service];
    state->rollout_release = release;
    state->rollout_until = state->created;
    pl_ctx_schedule(ctx, ctx->state->slot_service + service * PL_SERVICE_SLOTS, ctx->now);
}

/* Replace the oldest pod that the rollout has not reached; one at a time. */
static void rollout_fire(struct pl_ctx *ctx, uint32_t service)
{
    struct pl_service_state *state = &ctx->services[service];
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t slot = ctx->state->slot_service + service * PL_SERVICE_SLOTS;
    uint32_t first = ctx->world->pod0[service];
    uint32_t oldest = PL_NONE;
    bool busy = false;
    for (uint32_t i = first; i < first + def->pods_max; i++) {
        const struct pl_pod *pod = &ctx->pods[i];
        busy = busy || pod->phase == PL_POD_BOOTING || pod->phase == PL_POD_DRAINING;
        if (pod->phase == PL_POD_READY && pod->generation <= state->rollout_until &&
            (oldest == PL_NONE || pod->generation < ctx->pods[oldest].generation)) {
            oldest = i;
        }
    }
    if (oldest == PL_NONE) {
        pl_ctx_cancel(ctx, slot);
        return;
    }
    if (!busy) {
        uint32_t position = free_position(ctx, service);
        if (position != PL_NONE) {
            boot(ctx, position, state->rollout_release);
            ctx->pods[position].replaces = oldest + 1;
        } else {
            pl_service_drain(ctx, oldest, PL_STOP_ROLLOUT, 2);
        }
    }
    pl_ctx_schedule(ctx, slot, ctx->now + pl_clock_ns(def->rollout_step_s));
}

void pl_service_fire(struct pl_ctx *ctx, uint32_t service, uint32_t kind)
{
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t slot = ctx->state->slot_service + service * PL_SERVICE_SLOTS + kind;
    if (kind == 0) {
        rollout_fire(ctx, service);
    } else if (kind == 1) {
        pl_ctx_schedule(ctx, slot, ctx->now + pl_clock_ns(def->health_interval_s));
        pl_balancer_probe(ctx, service);
    } else {
        pl_ctx_schedule(ctx, slot, ctx->now + pl_clock_ns(def->autoscale_interval_s));
        pl_autoscaler_round(ctx, service);
    }
}

void pl_service_changed(struct pl_ctx *ctx, uint32_t service, enum pl_service_knob changed)
{
    uint32_t first = ctx->world->pod0[service];
    uint32_t count = ctx->world->services[service].pods_max;
    switch (changed) {
    case PL_SERVICE_PODS:
        pl_service_scale(ctx, service, (uint32_t)(knob(ctx, service, PL_SERVICE_PODS) + 0.5));
        break;
    case PL_SERVICE_RESTART:
        if (knob(ctx, service, PL_SERVICE_RESTART) > 0.0) {
            rollout_start(ctx, service, (uint32_t)(knob(ctx, service, PL_SERVICE_RELEASE) + 0.5));
        }
        break;
    case PL_SERVICE_RELEASE:
        rollout_start(ctx, service, (uint32_t)(knob(ctx, service, PL_SERVICE_RELEASE) + 0.5));
        break;
    case PL_SERVICE_CPU_QUOTA:
    case PL_SERVICE_CPU_QUOTA_PODS:
        apply_quota(ctx, service);
        break;
    case PL_SERVICE_GC_INTERVAL:
    case PL_SERVICE_GC_HEAP:
        for (uint32_t i = first; i < first + count; i++) {
            pl_collector_arm(ctx, i);
        }
        break;
    case PL_SERVICE_WORKERS:
        for (uint32_t i = first; i < first + count; i++) {
            pl_service_take_next(ctx, &ctx->pods[i]);
        }
        break;
    case PL_SERVICE_QUEUE_LIMIT:
    case PL_SERVICE_CPU_FACTOR:
    case PL_SERVICE_GC_PAUSE:
    case PL_SERVICE_LEAK_RATE:
    case PL_SERVICE_LEAK_PER_REQUEST:
    case PL_SERVICE_MEMORY_LIMIT:
    case PL_SERVICE_ERROR_RATE:
    case PL_SERVICE_AUTOSCALE:
    case PL_SERVICE_AUTOSCALE_MIN:
    case PL_SERVICE_AUTOSCALE_MAX:
    case PL_SERVICE_HEALTH_DEEP:
    case PL_SERVICE_KNOB_COUNT:
        break; /* read at the moment of use */
    }
}

void pl_service_start(struct pl_ctx *ctx, uint32_t service)
{
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t first = ctx->world->pod0[service];
    uint32_t slot = ctx->state->slot_service + service * PL_SERVICE_SLOTS;
    for (uint32_t i = 0; i < def->pods; i++) {
        struct pl_pod *pod = &ctx->pods[first + i];
        use_position(ctx, first + i);
        pod->phase = PL_POD_READY;
        pod->generation = ++ctx->services[service].created;
        pod->phase_ns = -pl_clock_ns(def->warmup_s); /* warm since long */
        pod->cold_ns = 0;
        pl_pool_fill(ctx, first + i);
        pl_collector_arm(ctx, first + i);
    }
    apply_quota(ctx, service);
    if (def->health_threshold > 0) {
        pl_ctx_schedule(ctx, slot + 1, pl_clock_ns(def->health_interval_s));
    }
    pl_ctx_schedule(ctx, slot + 2, pl_clock_ns(def->autoscale_interval_s));
}
