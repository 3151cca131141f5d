// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_rollout.h"

#include "base/random.h"
#include "bench/bench_engine.h"
#include "bench/bench_world.h"
#include "bench/limit.h"
#include "os/now.h"
#include "os/threads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WORKERS = 2,
    BASES_MAX = 20,
    BASE_GAP = 2000, /* units between two bases, far longer than a state is remembered */
    WORLD_ROLLOUTS = 10
};

/** Why two cores were not measured when their work overlapped less than this. */
static const double overlap_share_min = 0.8;

/** What one worker did in one run. */
struct share {
    double spent_s; /* processor time of its thread */
    double requests;
    double events;
    uint64_t hash;    /* over the states that the rollouts ended in */
    int64_t begin_ns; /* wall time */
    int64_t end_ns;
    double in_system[BASES_MAX]; /* mean number of requests over the rollouts of a base */
    uint64_t overflows;
};

/** A benchmark in progress. */
struct work {
    const struct pl_world *world;
    uint32_t base_count;
    uint32_t per_base; /* rollouts from each base in a run */
    int64_t horizon_ns;
    uint64_t run;
    const struct pl_state *bases[BASES_MAX];
    void *targets[WORKERS];
    struct share shares[WORKERS];
    struct pl_bench_sample ns;     /* per request, one core */
    struct pl_bench_sample alone;  /* rollouts per second */
    struct pl_bench_sample paired; /* per core, two at once */
    struct pl_bench_sample limit_ns;
    struct pl_bench_sample ratio;
    struct pl_moments in_system;
    double requests;
    double events;
    double cpu_s;
    bool same; /* all cores agree in every run */
};

/* Time-integral of the number of requests at the workers of all services. */
static double area_ns(const struct pl_world *world, const struct pl_state *state)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < pl_model_resource_count(world); i++) {
        struct pl_resource_view view = pl_model_resource(world, state, i);
        if (view.kind == PL_RESOURCE_WORKERS && view.servers > 0) {
            sum += (double)view.service_area_ns + (double)view.waiting_area_ns;
        }
    }
    return sum;
}

static double offered(const struct pl_world *world, const struct pl_state *state)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < world->source_count; i++) {
        sum += (double)pl_model_outcome(state, i).offered;
    }
    return sum;
}

/* The rollouts of one run on one worker. */
static void roll(void *argument, uint32_t index, uint32_t worker)
{
    struct work *work = argument;
    struct share *share = &work->shares[index];
    size_t size = pl_model_size(work->world);
    (void)worker;
    *share = (struct share){.begin_ns = pl_now_monotonic_ns()};
    int64_t spent_ns = 0;
    for (uint32_t b = 0; b < work->base_count; b++) {
        const struct pl_state *base = work->bases[b];
        double area = 0.0;
        double requests = 0.0;
        double events = 0.0;
        for (uint32_t i = 0; i < work->per_base; i++) {
            int64_t start_ns = pl_now_thread_cpu_ns();
            struct pl_state *state = pl_model_fork(work->targets[index], size, base);
            pl_model_reseed(state, pl_random_child(work->run, b * work->per_base + i));
            pl_model_run(work->world, state, NULL, pl_model_now(state) + work->horizon_ns);
            spent_ns += pl_now_thread_cpu_ns() - start_ns;
            area += area_ns(work->world, state);
            requests += offered(work->world, state);
            events += (double)pl_model_events(state);
            share->overflows += pl_model_overflows(state);
        }
        double n = (double)work->per_base;
        share->in_system[b] = (area / n - area_ns(work->world, base)) / (double)work->horizon_ns;
        share->requests += requests - n * offered(work->world, base);
        share->events += events - n * (double)pl_model_events(base);
        pl_hash128 hash =
            pl_model_hash((const struct pl_state *)(const void *)work->targets[index]);
        share->hash = pl_random_mix(share->hash ^ hash.low);
    }
    share->spent_s = (double)spent_ns * 1e-9;
    share->end_ns = pl_now_monotonic_ns();
}

/* Share of the first worker's time during which the second worked, too. */
static double overlap(const struct share *a, const struct share *b)
{
    int64_t begin = a->begin_ns > b->begin_ns ? a->begin_ns : b->begin_ns;
    int64_t end = a->end_ns < b->end_ns ? a->end_ns : b->end_ns;
    int64_t longest = a->end_ns - a->begin_ns > b->end_ns - b->begin_ns ? a->end_ns - a->begin_ns
                                                                        : b->end_ns - b->begin_ns;
    return end > begin && longest > 0 ? (double)(end - begin) / (double)longest : 0.0;
}

/* One core, then two at once with the same rollouts. */
static void run_once(struct work *work, uint32_t run)
{
    double rollouts = (double)work->base_count * (double)work->per_base;
    work->run = run + 1;
    pl_threads_run(1, 1, roll, work);
    struct share alone = work->shares[0];
    pl_bench_sample_add(&work->ns, alone.spent_s * 1e9 / alone.requests);
    pl_bench_sample_add(&work->alone, rollouts / alone.spent_s);
    work->requests += alone.requests;
    work->events += alone.events;
    work->cpu_s += alone.spent_s;
    for (uint32_t b = 0; b < work->base_count; b++) {
        pl_moments_add(&work->in_system, alone.in_system[b]);
    }
    work->same = work->same && alone.overflows == 0;
    if (pl_threads_processors() < WORKERS) {
        return;
    }
    pl_threads_run(WORKERS, WORKERS, roll, work);
    const struct share *a = &work->shares[0];
    const struct share *b = &work->shares[1];
    if (overlap(a, b) >= overlap_share_min) {
        pl_bench_sample_add(&work->paired, rollouts * 2.0 / (a->spent_s + b->spent_s));
    }
    work->cpu_s += a->spent_s + b->spent_s;
    work->same = work->same && a->hash == alone.hash && b->hash == alone.hash;
}

static bool work_open(struct work *work)
{
    for (uint32_t i = 0; i < WORKERS; i++) {
        work->targets[i] = pl_bench_engine_memory(work->world);
        if (work->targets[i] == NULL) {
            return false;
        }
    }
    work->same = true;
    return true;
}

static void fill(const struct work *work, struct pl_bench_result *result)
{
    const struct pl_state *last = work->targets[0];
    result->runs = work->ns.count;
    result->state_bytes = pl_model_size(work->world);
    result->used_bytes = pl_model_used(last);
    result->ns_per_request = pl_bench_sample_median(&work->ns);
    result->ns_per_request_low = pl_bench_sample_low(&work->ns);
    result->ns_per_request_high = pl_bench_sample_high(&work->ns);
    result->silent_ns_per_request = result->ns_per_request;
    result->events_per_request = work->events / work->requests;
    result->ns_per_event = result->ns_per_request / result->events_per_request;
    result->limit_ns_per_request = pl_bench_sample_median(&work->limit_ns);
    result->limit_ratio = pl_bench_sample_median(&work->ratio);
    result->rollouts_per_s = pl_bench_sample_median(&work->alone);
    result->rollouts_per_s_two = pl_bench_sample_median(&work->paired);
    result->simulated_s = pl_clock_s(work->horizon_ns);
    pl_model_validate(work->world, last);
    if (!work->same) {
        result->right = false;
        (void)snprintf(result->check,
                       sizeof result->check,
                       "%s",
                       "two cores did not reach the same states, or the state was too small");
    }
}

/* ---- The tandem ----------------------------------------------------------------------------- */

/** The tandem's bases and its limit. */
struct tandem {
    struct pl_world world;
    struct pl_limit_tables tables;
    struct pl_limit_tandem limit_bases[BASES_MAX];
    struct pl_limit_tandem limit;
    void *memories[BASES_MAX]; /* owned */
    struct pl_state *walk;     /* the stationary run that bases are taken from */
    void *walk_memory;         /* owned */
};

static bool tandem_open(struct tandem *tandem, uint32_t base_count)
{
    pl_bench_world_fill(&tandem->world, PL_BENCH_TANDEM);
    pl_limit_tables_init(&tandem->tables);
    tandem->walk_memory = pl_bench_engine_memory(&tandem->world);
    if (tandem->walk_memory == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < base_count; i++) {
        tandem->memories[i] = pl_bench_engine_memory(&tandem->world);
        if (tandem->memories[i] == NULL) {
            return false;
        }
    }
    tandem->walk =
        pl_model_init(&tandem->world, tandem->walk_memory, pl_model_size(&tandem->world), 1);
    pl_limit_tandem_init(&tandem->tables, &tandem->limit_bases[0], 1);
    return true;
}

static void tandem_close(struct tandem *tandem)
{
    for (uint32_t i = 0; i < BASES_MAX; i++) {
        free(tandem->memories[i]);
    }
    free(tandem->walk_memory);
}

/* New bases, further along. */
static void tandem_walk(struct tandem *tandem, struct work *work)
{
    size_t size = pl_model_size(&tandem->world);
    struct pl_limit_tandem walk = tandem->limit_bases[work->base_count - 1];
    if (walk.count.requests == 0) {
        walk = tandem->limit_bases[0];
    }
    for (uint32_t i = 0; i < work->base_count; i++) {
        int64_t next_ns =
            pl_model_now(tandem->walk) + pl_clock_ns((double)BASE_GAP * PL_BENCH_UNIT_S);
        pl_model_run(&tandem->world, tandem->walk, NULL, next_ns);
        work->bases[i] = pl_model_fork(tandem->memories[i], size, tandem->walk);
        pl_limit_tandem_run(&tandem->tables, &walk, BASE_GAP, PL_LIMIT_NO_DEADLINES);
        tandem->limit_bases[i] = walk;
    }
}

/* The same rollouts by hand; nanoseconds per request with the fork. */
static double roll_limit(struct tandem *tandem, const struct work *work, uint32_t requests)
{
    int64_t start_ns = pl_now_cpu_ns();
    for (uint32_t b = 0; b < work->base_count; b++) {
        for (uint32_t i = 0; i < work->per_base; i++) {
            tandem->limit = tandem->limit_bases[b];
            pl_limit_tandem_reseed(&tandem->tables,
                                   &tandem->limit,
                                   pl_random_child(work->run, b * work->per_base + i));
            pl_limit_tandem_run(&tandem->tables, &tandem->limit, requests, PL_LIMIT_NO_DEADLINES);
        }
    }
    double rollouts = (double)work->base_count * (double)work->per_base;
    return (double)(pl_now_cpu_ns() - start_ns) / rollouts / (double)requests;
}

static void tandem_run(struct tandem *tandem, struct work *work, uint32_t run, uint32_t requests)
{
    tandem_walk(tandem, work);
    double limit = run % 2 == 0 ? roll_limit(tandem, work, requests) : 0.0;
    run_once(work, run);
    limit = run % 2 == 0 ? limit : roll_limit(tandem, work, requests);
    pl_bench_sample_add(&work->limit_ns, limit);
    pl_bench_sample_add(&work->ratio, work->ns.newest / limit);
}

static pl_status no_memory(pl_error *err)
{
    return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to roll out.");
}

static void work_close(struct work *work)
{
    for (uint32_t i = 0; i < WORKERS; i++) {
        free(work->targets[i]);
    }
    free(work);
}

/* The tandem with its bases and its limit, and the work on it; the caller closes both. */
static pl_status roll_tandem(struct tandem *tandem,
                             struct work *work,
                             uint32_t requests,
                             const struct pl_bench_plan *plan,
                             struct pl_bench_result *result,
                             pl_error *err)
{
    if (!tandem_open(tandem, BASES_MAX)) {
        return no_memory(err);
    }
    work->world = &tandem->world;
    work->base_count = BASES_MAX;
    work->per_base = plan->quick != 0 || requests > 5000 ? 2 : 20;
    work->horizon_ns = pl_clock_ns((double)requests * PL_BENCH_UNIT_S);
    if (!work_open(work)) {
        return no_memory(err);
    }
    for (uint32_t run = 0; pl_bench_more(plan, run, work->cpu_s); run++) {
        tandem_run(tandem, work, run, requests);
    }
    pl_bench_check_mean(result,
                        "mean number in the system",
                        &work->in_system,
                        pl_bench_world_sojourn(PL_BENCH_TANDEM),
                        0.05);
    fill(work, result);
    return PL_OK;
}

pl_status pl_bench_rollout_tandem(uint32_t requests,
                                  const struct pl_bench_plan *plan,
                                  struct pl_bench_result *result,
                                  pl_error *err)
{
    struct tandem *tandem = calloc(1, sizeof *tandem);
    struct work *work = calloc(1, sizeof *work);
    if (tandem == NULL || work == NULL) {
        free(tandem);
        free(work);
        return no_memory(err);
    }
    pl_status status = roll_tandem(tandem, work, requests, plan, result, err);
    tandem_close(tandem);
    free(tandem);
    work_close(work);
    return status;
}

/* ---- Any world ------------------------------------------------------------------------------ */

pl_status pl_bench_rollout_world(const struct pl_world *world,
                                 const struct pl_state *state,
                                 double horizon_s,
                                 const struct pl_bench_plan *plan,
                                 struct pl_bench_result *result,
                                 pl_error *err)
{
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL) {
        return no_memory(err);
    }
    work->world = world;
    work->base_count = 1;
    work->bases[0] = state;
    work->per_base = plan->quick != 0 ? 2 : WORLD_ROLLOUTS;
    work->horizon_ns = pl_clock_ns(horizon_s);
    pl_status status = PL_OK;
    if (!work_open(work)) {
        status = no_memory(err);
    } else {
        for (uint32_t run = 0; pl_bench_more(plan, run, work->cpu_s); run++) {
            run_once(work, run);
        }
        result->right = true;
        (void)snprintf(result->check,
                       sizeof result->check,
                       "%s",
                       pl_threads_processors() < WORKERS
                           ? "the books of the last state balance (there is one processor)"
                           : "both cores reach the same states, whose books balance");
        fill(work, result);
    }
    work_close(work);
    return status;
}
