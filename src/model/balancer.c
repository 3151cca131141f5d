// SPDX-License-Identifier: Apache-2.0
//
// Choice of a pod and health checks. When all pods are ejected the balancer sends to all of them
// (panic mode), as Envoy and most cloud balancers do.
#include "model/balancer.h"

#include "model/pool.h"
#include "model/service.h"

enum { FEW_PODS = 8 };

static inline bool usable(const struct pl_pod *pod, bool panic)
{
    return pod->phase == PL_POD_READY && (panic || !pod->ejected);
}

static uint32_t count_usable(struct pl_ctx *ctx, uint32_t service, bool panic)
{
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t first = ctx->world->pod0[service];
    uint32_t count = 0;
    for (uint32_t i = 0; i < def->pods_max; i++) {
        count += usable(&ctx->pods[first + i], panic) ? 1 : 0;
    }
    return count;
}

/* The n-th usable pod after the round-robin mark, n from 0. */
static uint32_t nth(struct pl_ctx *ctx, uint32_t service, bool panic, uint32_t n)
{
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t first = ctx->world->pod0[service];
    for (uint32_t i = 0; i < def->pods_max; i++) {
        if (usable(&ctx->pods[first + i], panic) && n-- == 0) {
            return first + i;
        }
    }
    return PL_NONE;
}

/*
 * The least busy of d pods drawn without replacement; the first drawn wins a tie. The draws come
 * from the request's own key, so that what another request does never moves them.
 */
static uint32_t
least_of_some(struct pl_ctx *ctx, uint32_t service, bool panic, uint32_t count, uint64_t key)
{
    const struct pl_service *def = &ctx->world->services[service];
    uint64_t stream = pl_random_child(key, PL_DRAW_BALANCE);
    uint32_t choices = def->balance_choices < count ? def->balance_choices : count;
    uint32_t drawn[PL_CHOICES_MAX]; /* ascending */
    uint32_t best = PL_NONE;
    uint32_t best_load = UINT32_MAX;
    for (uint32_t i = 0; i < choices; i++) {
        uint32_t n = (uint32_t)((pl_random_bits(stream, i) >> 32) * (count - i) >> 32);
        uint32_t at = 0;
        while (at < i && n >= drawn[at]) {
            n++;
            at++;
        }
        for (uint32_t k = i; k > at; k--) {
            drawn[k] = drawn[k - 1];
        }
        drawn[at] = n;
        uint32_t pod =
            count == def->pods_max ? ctx->world->pod0[service] + n : nth(ctx, service, panic, n);
        uint32_t load = ctx->pods[pod].busy + ctx->pods[pod].queue.count;
        if (load < best_load) {
            best = pod;
            best_load = load;
        }
    }
    return best;
}

/* Load, and behind it the turn among equals: of such numbers the least is to be found, which is
 * done without a branch, as no processor guesses who it is. */
static inline uint64_t rank(const struct pl_pod *pod, bool panic, uint32_t turn)
{
    uint32_t closed = (pod->phase ^ PL_POD_READY) | (panic ? 0 : pod->ejected);
    uint32_t load = (pod->busy + pod->queue.count) | (0u - (uint32_t)(closed != 0));
    return (uint64_t)load << 32 | turn;
}

/* The least rank of the pods that were ever used; those from the mark on have the first turns. */
static inline uint64_t
least_rank(const struct pl_pod *pods, uint32_t positions, uint32_t mark, bool panic)
{
    uint64_t best = UINT64_MAX;
    if (positions <= FEW_PODS) {
        for (uint32_t i = 0; i < positions; i++) {
            uint32_t before = 0u - (uint32_t)(i < mark); /* all bits or none */
            uint64_t other = rank(&pods[i], panic, i - mark + (positions & before));
            best = other < best ? other : best;
        }
        return best;
    }
    uint32_t position = mark;
    for (uint32_t turn = 0; turn < positions && best >> 32 != 0; turn++) {
        uint64_t other = rank(&pods[position], panic, turn);
        best = other < best ? other : best; /* nobody has less than nothing */
        position = position + 1 < positions ? position + 1 : 0;
    }
    return best;
}

static inline uint32_t least_busy(struct pl_ctx *ctx, uint32_t service, bool panic)
{
    struct pl_service_state *state = &ctx->services[service];
    uint32_t first = ctx->world->pod0[service];
    uint32_t positions = state->positions;
    /* Start at the mark, so that equals take turns. */
    uint32_t mark = state->next_pod & (0u - (uint32_t)(state->next_pod < positions));
    uint64_t best = least_rank(&ctx->pods[first], positions, mark, panic);
    if (best >> 32 == UINT32_MAX) {
        return PL_NONE;
    }
    uint32_t position = mark + (uint32_t)best;
    position -= position < positions ? 0 : positions;
    /* The mark may be one beyond the positions in use: the next look begins at the first then. */
    state->next_pod = position + 1 < ctx->world->services[service].pods_max ? position + 1 : 0;
    return first + position;
}

/* The balancers that look at all pods first. */
__attribute__((noinline)) static uint32_t
pick_among(struct pl_ctx *ctx, uint32_t service, uint64_t key)
{
    const struct pl_service *def = &ctx->world->services[service];
    struct pl_service_state *state = &ctx->services[service];
    uint32_t count = count_usable(ctx, service, false);
    bool panic = count == 0;
    if (panic) {
        count = count_usable(ctx, service, true);
    }
    if (count == 0) {
        return PL_NONE;
    }
    if (def->balance == PL_BALANCE_ROUND_ROBIN) {
        state->next_pod = (state->next_pod + 1) % (1u << 30);
        return nth(ctx, service, panic, state->next_pod % count);
    }
    if (def->balance == PL_BALANCE_SAMPLED) {
        return least_of_some(ctx, service, panic, count, key);
    }
    uint64_t bits = pl_random_bits(key, PL_DRAW_BALANCE);
    return nth(ctx, service, panic, (uint32_t)((bits >> 32) * count >> 32));
}

/* No pod passes its probes: all of them get requests. */
__attribute__((noinline)) static uint32_t pick_in_panic(struct pl_ctx *ctx, uint32_t service)
{
    return least_busy(ctx, service, true);
}

uint32_t pl_balancer_pick(struct pl_ctx *ctx, uint32_t service, uint64_t key)
{
    const struct pl_service *def = &ctx->world->services[service];
    if (def->pods_max == 1) {
        uint32_t only = ctx->world->pod0[service];
        return ctx->pods[only].phase == PL_POD_READY ? only : PL_NONE;
    }
    if (def->balance != PL_BALANCE_LEAST) {
        return pick_among(ctx, service, key);
    }
    uint32_t pod = least_busy(ctx, service, false);
    return pod != PL_NONE ? pod : pick_in_panic(ctx, service);
}

/* A shallow probe needs the process; a deep one also a worker and a connection in time. */
static bool probe_passes(struct pl_ctx *ctx, uint32_t pod_index)
{
    struct pl_pod *pod = &ctx->pods[pod_index];
    const struct pl_service *def = &ctx->world->services[pod->service];
    int64_t timeout = pl_clock_ns(def->health_timeout_s);
    if (pod->cpu.paused) {
        return false;
    }
    if (pl_ctx_param_on(ctx, def->param0 + PL_SERVICE_HEALTH_DEEP, pod_index) < 0.5) {
        return true;
    }
    if (pod->queue.head != 0 && ctx->now - ctx->frames[pod->queue.head].since_ns > timeout) {
        return false;
    }
    for (uint32_t d = 0; d < ctx->world->database_count; d++) {
        uint32_t pool = ctx->world->pool_of[pod->service][d];
        if (pool == PL_NONE) {
            continue;
        }
        const struct pl_pool_state *state = pl_pool_state_of(ctx, pod_index, pool);
        uint32_t head = state->queue.head;
        if (ctx->databases[d].down_until_ns > ctx->now ||
            (head != 0 && ctx->now - ctx->frames[head].since_ns > timeout)) {
            return false;
        }
    }
    return true;
}

void pl_balancer_probe(struct pl_ctx *ctx, uint32_t service)
{
    const struct pl_service *def = &ctx->world->services[service];
    uint32_t first = ctx->world->pod0[service];
    for (uint32_t i = first; i < first + def->pods_max; i++) {
        struct pl_pod *pod = &ctx->pods[i];
        if (pod->phase != PL_POD_READY) {
            continue;
        }
        if (probe_passes(ctx, i)) {
            pod->probe_failures = 0;
            pod->ejected = 0;
            continue;
        }
        pod->probe_failures++;
        pl_record_event(ctx, PL_LOG_PROBE_FAILED, i, 0, pod->probe_failures, 0);
        if (pod->probe_failures >= def->health_threshold) {
            pod->ejected = 1;
            if (def->health_restart) {
                pl_service_kill(ctx, i, 3, 1);
            }
        }
    }
}
