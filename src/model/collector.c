// SPDX-License-Identifier: Apache-2.0
//
// Collector pauses stop the processor of a pod. They come in one of two ways.
//
// By the clock, without a heap: at exponential distances, whatever the pod does.
//
// By allocation, with a heap: every request leaves garbage, and every request that is served or
// waits keeps memory alive. A pause begins when both together fill the heap, and lasts in
// proportion to what is alive, since that is what a tracing collector walks. So requests that pile
// up make pauses longer and more frequent, and these make requests pile up. With L of H megabytes
// alive and g of garbage per request, a pause of p L/H comes after (H - L)/g requests. When nearly
// all is alive a last fiftieth of the heap is still allocated from, as collectors do before they
// give up.
#include "model/collector.h"

#include "model/station.h"

static const double heap_floor = 0.02;

static double knob_on(const struct pl_ctx *ctx, uint32_t pod, enum pl_service_knob knob)
{
    uint32_t service = ctx->pods[pod].service;
    return pl_ctx_param_on(ctx, ctx->world->services[service].param0 + (uint32_t)knob, pod);
}

static uint32_t slot_of(const struct pl_ctx *ctx, uint32_t pod)
{
    return ctx->state->slot_pod + pod * PL_POD_SLOTS + 1;
}

static uint64_t draw(const struct pl_ctx *ctx, uint32_t pod_index, uint32_t n)
{
    uint64_t key = pl_random_child(pl_random_child(ctx->state->seed, PL_DRAW_GC), pod_index);
    return pl_random_bits(key, 2 * ctx->pods[pod_index].gc_count + n);
}

double pl_collector_live_mb(const struct pl_ctx *ctx, uint32_t pod_index)
{
    const struct pl_pod *pod = &ctx->pods[pod_index];
    const struct pl_service *def = &ctx->world->services[pod->service];
    return def->memory_base_mb + def->gc_live_mb * (double)(pod->busy + pod->queue.count);
}

void pl_collector_arm(struct pl_ctx *ctx, uint32_t pod_index)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    double interval = knob_on(ctx, pod_index, PL_SERVICE_GC_INTERVAL);
    if (pod->cpu.paused) {
        return;
    }
    if (!(interval > 0.0) || pod->phase == PL_POD_ABSENT || pod->phase == PL_POD_BOOTING ||
        knob_on(ctx, pod_index, PL_SERVICE_GC_HEAP) > 0.0) {
        pl_ctx_cancel(ctx, slot_of(ctx, pod_index));
        return;
    }
    double wait = interval * pl_random_exp(draw(ctx, pod_index, 0));
    pl_ctx_schedule(ctx, slot_of(ctx, pod_index), ctx->now + pl_clock_ns(wait));
}

/* Stop the processor for half to one and a half times this long. */
static void pause(struct pl_ctx *ctx, uint32_t pod_index, double mean_s)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    double unit = pl_random_unit(draw(ctx, pod_index, 1));
    int64_t length = pl_clock_ns(mean_s * (0.5 + unit));
    pod->gc_count++;
    pl_station_touch(ctx, &pod->cpu);
    pod->cpu.paused = 1;
    pl_station_rearm(ctx, &pod->cpu);
    pl_ctx_schedule(ctx, slot_of(ctx, pod_index), ctx->now + length);
    if (ctx->record != NULL) {
        ctx->record->pod_gc_count[pod_index]++;
        ctx->record->pod_gc_s[pod_index] += pl_clock_s(length);
    }
    pl_record_event(ctx, PL_LOG_GC_PAUSE, pod_index, (uint32_t)pod->gc_count, 0, length);
}

void pl_collector_fire(struct pl_ctx *ctx, uint32_t pod_index)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    if (pod->cpu.paused) {
        pl_station_touch(ctx, &pod->cpu);
        pod->cpu.paused = 0;
        pl_station_rearm(ctx, &pod->cpu);
        pl_collector_arm(ctx, pod_index);
        return;
    }
    pause(ctx, pod_index, knob_on(ctx, pod_index, PL_SERVICE_GC_PAUSE));
}

void pl_collector_allocate(struct pl_ctx *ctx, uint32_t pod_index)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    double heap = knob_on(ctx, pod_index, PL_SERVICE_GC_HEAP);
    if (!(heap > 0.0)) {
        return;
    }
    double live = pl_collector_live_mb(ctx, pod_index);
    double room = heap - live > heap_floor * heap ? heap - live : heap_floor * heap;
    pod->garbage_mb += ctx->world->services[pod->service].gc_garbage_mb;
    if (pod->garbage_mb < room || pod->cpu.paused || pod->phase == PL_POD_BOOTING) {
        return;
    }
    pod->garbage_mb = 0.0;
    double share = live < heap ? live / heap : 1.0;
    pause(ctx, pod_index, knob_on(ctx, pod_index, PL_SERVICE_GC_PAUSE) * share);
}
