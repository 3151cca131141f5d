// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_queue.h"

#include "base/check.h"
#include "bench/bench_engine.h"
#include "bench/limit.h"
#include "os/now.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/** Who takes turns. */
enum side { SIDE_OBSERVED, SIDE_LIMIT, SIDE_SILENT, SIDE_PLAIN, SIDE_COUNT };

enum { BATCHES = 20, QUICK_BATCHES = 10, WARMUP_SHARE = 10 /* a tenth of a run before it */ };

/** The hand-written queues. */
struct limits {
    struct pl_limit_tables tables;
    struct pl_limit_mm1 mm1;
    struct pl_limit_tandem tandem;
};

/** A benchmark in progress. */
struct work {
    enum pl_bench_model model;
    uint64_t requests; /* expected in a run, about */
    uint32_t batch_count;
    uint32_t sides;
    struct pl_world *world; /* owned */
    struct pl_world *plain; /* owned: the same without timeouts */
    struct limits *limits;  /* owned */
    struct pl_bench_engine engine;
    struct pl_bench_engine plain_engine;
    struct pl_moments batches; /* mean sojourns in units */
    struct pl_moments limit_sojourns;
    struct pl_bench_sample ns[SIDE_COUNT]; /* per request */
    struct pl_bench_sample ratio;          /* observed / limit */
    struct pl_bench_sample extra;          /* observed / plain - 1 */
    double events;                         /* of all observed runs */
    double served;
    double cpu_s;
    pl_hash128 hashes[SIDE_COUNT]; /* observed and silent runs of one seed end equal */
    bool hashes_equal;
};

static pl_status work_open(struct work *work, pl_error *err)
{
    work->world = malloc(sizeof *work->world);
    work->plain = malloc(sizeof *work->plain);
    work->limits = malloc(sizeof *work->limits);
    if (work->world == NULL || work->plain == NULL || work->limits == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this benchmark.");
    }
    pl_bench_world_fill(work->world, work->model);
    pl_bench_world_fill(work->plain, PL_BENCH_TANDEM);
    pl_limit_tables_init(&work->limits->tables);
    pl_status status = pl_bench_engine_open(&work->engine, work->world, err);
    return status != PL_OK ? status : pl_bench_engine_open(&work->plain_engine, work->plain, err);
}

static void work_close(struct work *work)
{
    pl_bench_engine_close(&work->engine);
    pl_bench_engine_close(&work->plain_engine);
    free(work->world);
    free(work->plain);
    free(work->limits);
}

/* Simulated time in which `requests` arrive on average. */
static int64_t span_ns(const struct work *work, uint64_t requests)
{
    return pl_clock_ns((double)requests / pl_bench_world_rate(work->model) * PL_BENCH_UNIT_S);
}

static double latency_sum(const struct pl_record *record)
{
    const struct pl_histogram *latency = &record->routes[0].latency;
    return pl_histogram_mean(latency) * (double)latency->count;
}

/* One batch of an observed run, with the mean sojourn of those who were answered in it. */
static void observed_batch(struct work *work, int64_t batch_ns)
{
    const struct pl_bench_engine *engine = &work->engine;
    double count = (double)engine->record->routes[0].latency.count;
    double sum = latency_sum(engine->record);
    pl_model_run(
        engine->world, engine->state, engine->record, pl_model_now(engine->state) + batch_ns);
    count = (double)engine->record->routes[0].latency.count - count;
    sum = latency_sum(engine->record) - sum;
    pl_moments_add(&work->batches, sum / count * 1e-9 / PL_BENCH_UNIT_S);
}

static double run_engine(struct work *work, enum side side, uint64_t seed)
{
    struct pl_bench_engine *engine = side == SIDE_PLAIN ? &work->plain_engine : &work->engine;
    struct pl_record *record = NULL;
    int64_t batch_ns = span_ns(work, work->requests / work->batch_count);
    pl_bench_engine_start(engine, seed);
    record = side == SIDE_SILENT ? NULL : engine->record;
    pl_model_run(
        engine->world, engine->state, record, span_ns(work, work->requests / WARMUP_SHARE));
    uint64_t events = pl_model_events(engine->state);
    uint64_t offered = pl_model_outcome(engine->state, 0).offered;
    int64_t start_ns = pl_now_cpu_ns();
    for (uint32_t i = 0; i < work->batch_count; i++) {
        if (side == SIDE_OBSERVED) {
            observed_batch(work, batch_ns);
        } else {
            pl_model_run(
                engine->world, engine->state, record, pl_model_now(engine->state) + batch_ns);
        }
    }
    double spent_ns = (double)(pl_now_cpu_ns() - start_ns);
    double served = (double)(pl_model_outcome(engine->state, 0).offered - offered);
    if (side == SIDE_OBSERVED) {
        work->events += (double)(pl_model_events(engine->state) - events);
        work->served += served;
        PL_CHECK(pl_model_overflows(engine->state) == 0);
    }
    work->hashes[side] = pl_model_hash(engine->state);
    return spent_ns / served;
}

/* The hand-written loop of this model. */
static const struct pl_limit_count *limit_step(struct work *work, uint64_t requests)
{
    struct limits *limits = work->limits;
    if (work->model == PL_BENCH_MM1) {
        pl_limit_mm1_run(&limits->tables, &limits->mm1, requests);
        return &limits->mm1.count;
    }
    pl_limit_tandem_run(&limits->tables,
                        &limits->tandem,
                        requests,
                        work->model == PL_BENCH_TANDEM_TIMEOUT ? PL_LIMIT_DEADLINES
                                                               : PL_LIMIT_NO_DEADLINES);
    return &limits->tandem.count;
}

static double run_limit(struct work *work, uint64_t seed)
{
    uint64_t batch = work->requests / work->batch_count;
    pl_limit_mm1_init(&work->limits->tables, &work->limits->mm1, seed);
    pl_limit_tandem_init(&work->limits->tables, &work->limits->tandem, seed);
    struct pl_limit_count before = *limit_step(work, work->requests / WARMUP_SHARE);
    int64_t start_ns = pl_now_cpu_ns();
    for (uint32_t i = 0; i < work->batch_count; i++) {
        struct pl_limit_count after = *limit_step(work, batch);
        double sojourn = after.sojourn - before.sojourn;
        pl_moments_add(&work->limit_sojourns, sojourn / (double)batch);
        before = after;
    }
    double spent_ns = (double)(pl_now_cpu_ns() - start_ns);
    return spent_ns / (double)(batch * work->batch_count);
}

/* All sides once, beginning with another one each time. */
static void run_sides(struct work *work, uint32_t run)
{
    double ns[SIDE_COUNT] = {0.0};
    for (uint32_t i = 0; i < work->sides; i++) {
        enum side side = (enum side)((run + i) % work->sides);
        ns[side] = side == SIDE_LIMIT ? run_limit(work, run + 1) : run_engine(work, side, run + 1);
        pl_bench_sample_add(&work->ns[side], ns[side]);
        work->cpu_s += ns[side] * (double)work->requests * 1e-9;
    }
    pl_bench_sample_add(&work->ratio, ns[SIDE_OBSERVED] / ns[SIDE_LIMIT]);
    if (work->sides > SIDE_PLAIN) {
        pl_bench_sample_add(&work->extra, ns[SIDE_OBSERVED] / ns[SIDE_PLAIN] - 1.0);
    }
    const pl_hash128 *observed = &work->hashes[SIDE_OBSERVED];
    const pl_hash128 *silent = &work->hashes[SIDE_SILENT];
    work->hashes_equal =
        work->hashes_equal && observed->low == silent->low && observed->high == silent->high;
}

static void
fill(const struct work *work, const struct pl_bench_plan *plan, struct pl_bench_result *result)
{
    double truth = pl_bench_world_sojourn(work->model);
    result->runs = work->ratio.count;
    result->observed = 1;
    result->state_bytes = pl_model_size(work->world);
    result->used_bytes = pl_model_used(work->engine.state);
    result->ns_per_request = pl_bench_sample_median(&work->ns[SIDE_OBSERVED]);
    result->ns_per_request_low = pl_bench_sample_low(&work->ns[SIDE_OBSERVED]);
    result->ns_per_request_high = pl_bench_sample_high(&work->ns[SIDE_OBSERVED]);
    result->silent_ns_per_request = pl_bench_sample_median(&work->ns[SIDE_SILENT]);
    result->events_per_request = work->events / work->served;
    result->ns_per_event = result->ns_per_request / result->events_per_request;
    result->limit_ns_per_request = pl_bench_sample_median(&work->ns[SIDE_LIMIT]);
    result->limit_ratio = pl_bench_sample_median(&work->ratio);
    result->timeout_extra = pl_bench_sample_median(&work->extra);
    result->simulated_s = pl_clock_s(span_ns(work, work->requests));
    pl_bench_check_mean(
        result, "mean sojourn", &work->batches, truth, plan->quick != 0 ? 0.3 : 0.03);
    result->limit_measured = work->limit_sojourns.mean;
    double limit_error = pl_moments_standard_error(&work->limit_sojourns);
    if (result->right && fabs(work->limit_sojourns.mean - truth) > 4.0 * limit_error) {
        result->right = false;
        (void)snprintf(result->check,
                       sizeof result->check,
                       "the hand-written limit's mean sojourn %.4f +- %.4f, theory %.4f",
                       work->limit_sojourns.mean,
                       limit_error,
                       truth);
    }
    if (result->right && !work->hashes_equal) {
        result->right = false;
        (void)snprintf(result->check,
                       sizeof result->check,
                       "%s",
                       "the silent run ends in another state than the observed one");
    }
}

pl_status pl_bench_queue(enum pl_bench_model model,
                         const struct pl_bench_plan *plan,
                         struct pl_bench_result *result,
                         pl_error *err)
{
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this benchmark.");
    }
    work->model = model;
    work->requests = (model == PL_BENCH_MM1 ? 1000000u : 400000u) / (plan->quick != 0 ? 10u : 1u);
    work->batch_count = plan->quick != 0 ? QUICK_BATCHES : BATCHES;
    work->sides = model == PL_BENCH_TANDEM_TIMEOUT ? SIDE_COUNT : SIDE_PLAIN;
    work->hashes_equal = true;
    pl_status status = work_open(work, err);
    if (status == PL_OK) {
        for (uint32_t run = 0; pl_bench_more(plan, run, work->cpu_s); run++) {
            run_sides(work, run);
        }
        fill(work, plan, result);
    }
    work_close(work);
    free(work);
    return status;
}
