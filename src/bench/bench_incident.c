// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_incident.h"

#include "base/check.h"
#include "bench/bench_engine.h"
#include "os/now.h"

#include <stdio.h>
#include <stdlib.h>

static const double answered_share_min = 0.999;

/** Users of all sources. */
struct users {
    double offered;
    double ok;
};

/** A benchmark in progress. */
struct work {
    struct pl_bench_engine engine;
    struct pl_bench_sample observed_ns; /* per request */
    struct pl_bench_sample silent_ns;
    struct pl_bench_sample cpu_s; /* of an observed run */
    struct users users;           /* of all observed runs */
    double events;
    double spent_s;
    bool same;
    bool fits;
};

static struct users users_of(const struct pl_world *world, const struct pl_state *state)
{
    struct users users = {0.0, 0.0};
    for (uint32_t i = 0; i < world->source_count; i++) {
        struct pl_outcome_view outcome = pl_model_outcome(state, i);
        users.offered += (double)outcome.offered;
        users.ok += (double)outcome.ok;
    }
    return users;
}

pl_status pl_bench_incident_open(const struct pl_world *world,
                                 const struct pl_change *changes,
                                 uint32_t change_count,
                                 int64_t opens_ns,
                                 struct pl_state **state,
                                 pl_error *err)
{
    void *memory = pl_bench_engine_memory(world);
    *state = NULL;
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this benchmark.");
    }
    struct pl_state *made = pl_model_init(world, memory, pl_model_size(world), 1);
    for (uint32_t i = 0; i < change_count; i++) {
        pl_status status = pl_model_change(world, made, &changes[i], err);
        if (status != PL_OK) {
            free(memory);
            return status;
        }
    }
    pl_model_run(world, made, NULL, opens_ns);
    *state = made;
    return PL_OK;
}

pl_status pl_bench_incident_once(const struct pl_world *world,
                                 const struct pl_state *state,
                                 int64_t span_ns,
                                 double *cpu_s,
                                 pl_error *err)
{
    void *memory = pl_bench_engine_memory(world);
    if (memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this benchmark.");
    }
    struct pl_state *fork = pl_model_fork(memory, pl_model_size(world), state);
    int64_t start_ns = pl_now_cpu_ns();
    pl_model_run(world, fork, NULL, pl_model_now(fork) + span_ns);
    *cpu_s = (double)(pl_now_cpu_ns() - start_ns) * 1e-9;
    free(memory);
    return PL_OK;
}

/* One run from the state; its hash at the end. */
static pl_hash128 run_from(
    struct work *work, const struct pl_state *state, int64_t span_ns, uint64_t seed, bool observed)
{
    struct pl_bench_engine *engine = &work->engine;
    pl_bench_engine_fork(engine, state);
    pl_model_reseed(engine->state, seed);
    struct users before = users_of(engine->world, engine->state);
    uint64_t events = pl_model_events(engine->state);
    int64_t start_ns = pl_now_cpu_ns();
    pl_model_run(engine->world,
                 engine->state,
                 observed ? engine->record : NULL,
                 pl_model_now(engine->state) + span_ns);
    double spent_s = (double)(pl_now_cpu_ns() - start_ns) * 1e-9;
    struct users after = users_of(engine->world, engine->state);
    double offered = after.offered - before.offered;
    pl_bench_sample_add(observed ? &work->observed_ns : &work->silent_ns, spent_s * 1e9 / offered);
    if (observed) {
        pl_bench_sample_add(&work->cpu_s, spent_s);
        work->users.offered += offered;
        work->users.ok += after.ok - before.ok;
        work->events += (double)(pl_model_events(engine->state) - events);
    }
    work->spent_s += spent_s;
    work->fits = work->fits && pl_model_overflows(engine->state) == 0;
    pl_model_validate(engine->world, engine->state);
    return pl_model_hash(engine->state);
}

static void
check(const struct work *work, enum pl_bench_health health, struct pl_bench_result *result)
{
    double share = work->users.ok / work->users.offered;
    bool fine = health == PL_BENCH_FAULTY || share >= answered_share_min;
    result->measured = share;
    result->right = work->same && work->fits && fine;
    (void)snprintf(result->check,
                   sizeof result->check,
                   "%s; %s; %.3f %% of users are answered in time",
                   work->same ? "observed and silent runs end in the same state"
                              : "observed and silent runs end in different states",
                   work->fits ? "the books balance" : "the state was too small",
                   share * 100.0);
}

pl_status pl_bench_incident(const struct pl_world *world,
                            const struct pl_state *state,
                            int64_t span_ns,
                            enum pl_bench_health health,
                            const struct pl_bench_plan *plan,
                            struct pl_bench_result *result,
                            pl_error *err)
{
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this benchmark.");
    }
    work->same = true;
    work->fits = true;
    pl_status status = pl_bench_engine_open(&work->engine, world, err);
    if (status == PL_OK) {
        for (uint32_t run = 0; pl_bench_more(plan, run, work->spent_s); run++) {
            bool first = run % 2 == 0;
            pl_hash128 a = run_from(work, state, span_ns, run + 1, first);
            pl_hash128 b = run_from(work, state, span_ns, run + 1, !first);
            work->same = work->same && a.low == b.low && a.high == b.high;
        }
        result->runs = work->cpu_s.count;
        result->observed = 1;
        result->state_bytes = pl_model_size(world);
        result->used_bytes = pl_model_used(work->engine.state);
        result->ns_per_request = pl_bench_sample_median(&work->observed_ns);
        result->ns_per_request_low = pl_bench_sample_low(&work->observed_ns);
        result->ns_per_request_high = pl_bench_sample_high(&work->observed_ns);
        result->silent_ns_per_request = pl_bench_sample_median(&work->silent_ns);
        result->events_per_request = work->events / work->users.offered;
        result->ns_per_event = result->ns_per_request / result->events_per_request;
        result->cpu_s = pl_bench_sample_median(&work->cpu_s);
        result->simulated_s = pl_clock_s(span_ns);
        check(work, health, result);
    }
    pl_bench_engine_close(&work->engine);
    free(work);
    return status;
}
