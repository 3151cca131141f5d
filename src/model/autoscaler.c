// SPDX-License-Identifier: Apache-2.0
//
// Horizontal autoscaler: wanted = ceil(pods * cpu / target), outwards at once, inwards only when
// fewer pods would have been enough for five minutes (the default stabilisation of Kubernetes).
#include "model/autoscaler.h"

#include "model/change.h"
#include "model/station.h"

static const int64_t stabilisation_ns = 300 * PL_NS_PER_S;

static double knob(const struct pl_ctx *ctx, uint32_t service, enum pl_service_knob knob)
{
    return pl_ctx_param(ctx, ctx->world->services[service].param0 + (uint32_t)knob);
}

void pl_autoscaler_round(struct pl_ctx *ctx, uint32_t service)
{
    const struct pl_service *def = &ctx->world->services[service];
    struct pl_service_state *state = &ctx->services[service];
    uint32_t first = ctx->world->pod0[service];
    double busy = 0.0;
    uint32_t ready = 0;
    for (uint32_t i = first; i < first + def->pods_max; i++) {
        busy += pl_station_busy_ns(&ctx->pods[i].cpu);
        ready += ctx->pods[i].phase == PL_POD_READY ? 1 : 0;
    }
    double elapsed = (double)(ctx->now - state->scale_ns);
    double used = busy - state->scale_busy_ns;
    state->scale_busy_ns = busy;
    state->scale_ns = ctx->now;
    if (knob(ctx, service, PL_SERVICE_AUTOSCALE) < 0.5 || ready == 0 || !(elapsed > 0.0)) {
        return;
    }
    double utilisation = used / (elapsed * def->cpu_cores * (double)ready);
    double exact = (double)ready * utilisation / def->autoscale_cpu;
    uint32_t wanted = (uint32_t)exact;
    wanted += (double)wanted < exact ? 1 : 0;
    uint32_t low = (uint32_t)knob(ctx, service, PL_SERVICE_AUTOSCALE_MIN);
    uint32_t high = (uint32_t)knob(ctx, service, PL_SERVICE_AUTOSCALE_MAX);
    wanted = wanted < low ? low : wanted;
    wanted = wanted > high ? high : wanted;
    uint32_t now = (uint32_t)(knob(ctx, service, PL_SERVICE_PODS) + 0.5);
    /* Within a tenth of the target nothing happens, as in the original. */
    bool close = utilisation > 0.9 * def->autoscale_cpu && utilisation < 1.1 * def->autoscale_cpu;
    if (wanted >= now) {
        state->scale_high_ns = ctx->now;
    }
    if (wanted == now || (close && now >= low && now <= high) ||
        (wanted < now && ctx->now - state->scale_high_ns < stabilisation_ns)) {
        return;
    }
    pl_record_event(ctx, PL_LOG_SCALED, first, now, wanted, 0);
    pl_change_set(ctx, def->param0 + PL_SERVICE_PODS, (double)wanted);
}
