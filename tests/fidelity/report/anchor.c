// SPDX-License-Identifier: Apache-2.0
#include "fidelity/report/anchor.h"

#include "base/check.h"
#include "fidelity/report/build.h"
#include "support/worlds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double pl_anchor_cpu_s(void)
{
    return (double)clock() / (double)CLOCKS_PER_SEC;
}

void pl_anchor_finish(struct pl_report *report,
                      const struct pl_world *world,
                      struct pl_state *state,
                      struct pl_record *record,
                      double until_s)
{
    pl_model_run(world, state, record, pl_clock_ns(until_s));
    pl_model_validate(world, state);
    PL_CHECK(pl_model_overflows(state) == 0);
    report->validated++;
}

/* Quantile by a linear cut through the bucket that holds it; the error of that is below 0.1 %. */
static double quantile_s(const struct pl_histogram *histogram, double q)
{
    double wanted = q * (double)histogram->count;
    int64_t low = 0;
    int64_t high = histogram->max_ns;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (pl_histogram_count_up_to(histogram, middle) < wanted) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (double)high * 1e-9;
}

static void
read_record(const struct pl_world *world, const struct pl_record *record, struct pl_sample *sample)
{
    for (uint32_t r = 0; r < world->route_count && r < PL_ANCHOR_ROUTES_MAX; r++) {
        const struct pl_histogram *latency = &record->routes[r].latency;
        if (latency->count > 0) {
            sample->route[r] = pl_histogram_mean(latency) * 1e-9;
            sample->route_p99[r] = quantile_s(latency, 0.99);
        }
    }
    double reads = (double)(record->cache_hits[0] + record->cache_misses[0]);
    if (reads > 0.0) {
        sample->hits = (double)record->cache_hits[0] / reads;
    }
    if (record->routes[0].offered > 0) {
        sample->attempts = (double)record->edge_attempts[0] / (double)record->routes[0].offered;
    }
}

/* Resource views and outcomes count from the start of a run: what came between two looks. */
static void read_views(const struct pl_resource_view *r0,
                       const struct pl_resource_view *r1,
                       struct pl_sample *sample)
{
    double served = (double)(r1->served - r0->served);
    double refused = (double)(r1->refused - r0->refused);
    double waiting = (double)(r1->waiting_area_ns - r0->waiting_area_ns) * 1e-9;
    double service = (double)(r1->service_area_ns - r0->service_area_ns) * 1e-9;
    if (served > 0.0) {
        sample->wait = waiting / served;
        sample->sojourn = (waiting + service) / served;
        sample->refused = refused / (served + refused);
    }
}

/* What came in: arrivals, and work for resource 1 when that is a processor. */
static void read_input(const struct pl_world *world,
                       const struct pl_resource_view *r0,
                       const struct pl_resource_view *r1,
                       double offered,
                       double seconds,
                       struct pl_sample *sample)
{
    sample->rate = offered / seconds;
    if (offered > 0.0) {
        double waiting = (double)(r1[0].waiting_area_ns - r0[0].waiting_area_ns) * 1e-9;
        sample->wait_all = waiting / offered;
    }
    if (pl_model_resource_count(world) > 1) {
        sample->busy = (r1[1].busy_s - r0[1].busy_s) / seconds;
    }
}

static void read_outcomes(const struct pl_outcome_view *o0,
                          const struct pl_outcome_view *o1,
                          double seconds,
                          struct pl_sample *sample)
{
    double ok = (double)(o1->ok - o0->ok);
    double slow = (double)(o1->slow - o0->slow);
    double failed = (double)(o1->failed - o0->failed);
    double left = (double)(o1->left - o0->left);
    double settled = ok + slow + failed + left;
    sample->throughput = (ok + slow) / seconds;
    if (settled > 0.0) {
        sample->slow = slow / settled;
        sample->failed = failed / settled;
        sample->left = left / settled;
    }
}

static void to_units(struct pl_sample *sample, double unit_s)
{
    sample->wait /= unit_s;
    sample->sojourn /= unit_s;
    sample->wait_all /= unit_s;
    sample->throughput *= unit_s;
    sample->rate *= unit_s;
    for (uint32_t r = 0; r < PL_ANCHOR_ROUTES_MAX; r++) {
        sample->route[r] /= unit_s;
        sample->route_p99[r] /= unit_s;
    }
}

static struct pl_sample run_once(struct pl_report *report,
                                 const struct pl_anchor *anchor,
                                 uint64_t seed,
                                 double run_s,
                                 uint64_t *requests)
{
    const struct pl_world *world = anchor->world;
    struct pl_state *state = pl_test_start(world, seed);
    struct pl_record *record = anchor->recorded ? pl_test_record(world) : NULL;
    struct pl_sample sample = {0};
    double warm_s = 0.1 * run_s;
    if (record != NULL) {
        pl_record_sample(record, 0.0);
    }
    for (const struct pl_setting *s = anchor->settings; s != NULL && s->path != NULL; s++) {
        pl_test_change(world, state, s->path, s->value, 0.0);
    }
    pl_model_run(world, state, NULL, pl_clock_ns(warm_s));
    struct pl_resource_view r0[] = {pl_model_resource(world, state, 0),
                                    pl_model_resource(world, state, 1)};
    struct pl_outcome_view o0 = pl_model_outcome(state, 0);
    pl_anchor_finish(report, world, state, record, warm_s + run_s);
    struct pl_resource_view r1[] = {pl_model_resource(world, state, 0),
                                    pl_model_resource(world, state, 1)};
    struct pl_outcome_view o1 = pl_model_outcome(state, 0);
    read_views(&r0[0], &r1[0], &sample);
    read_input(world, r0, r1, (double)(o1.offered - o0.offered), run_s, &sample);
    read_outcomes(&o0, &o1, run_s, &sample);
    if (record != NULL) {
        read_record(world, record, &sample);
    }
    to_units(&sample, anchor->unit_s);
    *requests += o1.offered;
    free(record);
    free(state);
    return sample;
}

static double field_of(const struct pl_sample *sample, size_t offset)
{
    return *(const double *)(const void *)((const char *)sample + offset);
}

/* What the runs of a stage gave: the quantities, and how far the input was off its known means. */
struct stage {
    uint32_t runs;
    double values[PL_ANCHOR_QUANTITIES_MAX][PL_ANCHOR_RUNS];
    double controls[PL_ANCHOR_CONTROLS][PL_ANCHOR_RUNS];
};

/* A mean and its standard error. */
struct estimate {
    double mean;
    double error;
};

/* One stage: runs with `seeds` seeds. */
static void run_stage(struct pl_report *report,
                      const struct pl_anchor *anchor,
                      uint64_t first_seed,
                      uint32_t seeds,
                      double run_s,
                      struct stage *stage)
{
    uint64_t requests = 0;
    PL_CHECK(seeds <= PL_ANCHOR_RUNS);
    stage->runs = seeds;
    for (uint32_t i = 0; i < seeds; i++) {
        struct pl_sample sample = run_once(report, anchor, first_seed + i, run_s, &requests);
        for (uint32_t q = 0; q < anchor->quantity_count; q++) {
            stage->values[q][i] = field_of(&sample, anchor->quantities[q].field);
        }
        stage->controls[0][i] = anchor->rate > 0.0 ? sample.rate - anchor->rate : 0.0;
        stage->controls[1][i] = anchor->busy > 0.0 ? sample.busy - anchor->busy : 0.0;
    }
    report->requests += requests;
}

static double mean_of(const double *x, uint32_t n)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

/* Sum of products of two columns, each from its mean. */
static double products(const double *x, const double *y, uint32_t n)
{
    double mx = mean_of(x, n);
    double my = mean_of(y, n);
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        sum += (x[i] - mx) * (y[i] - my);
    }
    return sum;
}

/*
 * Value of the least-squares fit y = m + b1 u + b2 v at u = v = 0, and its standard error; without
 * controls the plain mean. A control that never varies is left out.
 */
static struct estimate fit(const struct stage *stage, uint32_t quantity)
{
    const double *y = stage->values[quantity];
    const double *u = stage->controls[0];
    const double *v = stage->controls[1];
    uint32_t n = stage->runs;
    double b[PL_ANCHOR_CONTROLS] = {0.0, 0.0};
    double spread = 0.0; /* of the fit at 0, beyond that of a mean */
    double uu = products(u, u, n);
    double vv = products(v, v, n);
    double uv = products(u, v, n);
    double u0 = mean_of(u, n);
    double v0 = mean_of(v, n);
    double det = uu * vv - uv * uv;
    uint32_t used = 1;
    if (uu > 0.0 && vv > 0.0 && det > 1e-9 * uu * vv) {
        b[0] = (vv * products(u, y, n) - uv * products(v, y, n)) / det;
        b[1] = (uu * products(v, y, n) - uv * products(u, y, n)) / det;
        spread = (vv * u0 * u0 - 2.0 * uv * u0 * v0 + uu * v0 * v0) / det;
        used = 3;
    } else if (vv > 0.0) {
        b[1] = products(v, y, n) / vv;
        spread = v0 * v0 / vv;
        used = 2;
    } else if (uu > 0.0) {
        b[0] = products(u, y, n) / uu;
        spread = u0 * u0 / uu;
        used = 2;
    }
    double m = mean_of(y, n) - b[0] * u0 - b[1] * v0;
    double rest = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        double off = y[i] - m - b[0] * u[i] - b[1] * v[i];
        rest += off * off;
    }
    double variance = rest / (double)(n - used);
    return (struct estimate){m, sqrt(variance * (1.0 / (double)n + spread))};
}

/* How much longer the runs have to be for the precision of every quantity. */
static double stretch(const struct pl_anchor *anchor, const struct stage *stage)
{
    double worst = 0.0;
    for (uint32_t q = 0; q < anchor->quantity_count; q++) {
        const struct pl_quantity *quantity = &anchor->quantities[q];
        double allowed = quantity->precision * fabs(quantity->truth);
        worst = fmax(worst, fit(stage, q).error / allowed);
    }
    /* An error from some thirty runs is itself known to 15 %; stay on the safe side. */
    return worst > 1.0 ? 1.5 * worst * worst : 1.0;
}

/* Seeds follow from the anchor's words: no two share them, and order does not matter. */
static uint64_t seed_of(const struct pl_anchor *anchor)
{
    uint64_t seed = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    const char *words[] = {anchor->name, anchor->parameters};
    for (uint32_t w = 0; w < 2; w++) {
        for (const char *c = words[w]; *c != '\0'; c++) {
            seed = (seed ^ (uint64_t)(unsigned char)*c) * UINT64_C(0x100000001b3);
        }
    }
    return seed;
}

enum pl_verdict pl_anchor_judge(const struct pl_row *row)
{
    double allowed = 4.0 * row->standard_error + row->tolerance * fabs(row->truth);
    if (fabs(row->estimate - row->truth) > allowed) {
        return PL_VERDICT_MISS;
    }
    return row->standard_error <= row->precision * fabs(row->truth) ? PL_VERDICT_PASS
                                                                    : PL_VERDICT_IMPRECISE;
}

uint32_t pl_anchor_measure(struct pl_report *report, const struct pl_anchor *anchor)
{
    struct stage stage = {0};
    uint32_t first = report->row_count;
    double start = pl_anchor_cpu_s();
    uint64_t before = report->requests;
    uint64_t seed = seed_of(anchor);
    PL_CHECK(anchor->quantity_count <= PL_ANCHOR_QUANTITIES_MAX);
    double run_s = anchor->pilot * anchor->unit_s;
    uint32_t runs = PL_ANCHOR_SEEDS;
    double before_stage = 0.0;
    run_stage(report, anchor, seed, runs, run_s, &stage);
    for (uint32_t round = 1; round <= PL_ANCHOR_ROUNDS_MAX && report->effort > 0.0; round++) {
        double factor = stretch(anchor, &stage);
        double spent = pl_anchor_cpu_s() - start;
        double left = anchor->cpu_s_max * report->effort - (round == 1 ? 0.0 : spent);
        factor = fmin(factor, left / (spent - before_stage));
        /* The clock ends at PL_TIME_MAX, warm-up included. */
        factor = fmin(factor, pl_clock_s(PL_TIME_MAX) * PL_ANCHOR_RUNS / (1.11 * run_s * runs));
        if (factor <= 1.0 && round > 1) {
            break;
        }
        factor = fmax(factor, 1.0);
        before_stage = spent;
        run_s *= factor * (double)runs / PL_ANCHOR_RUNS;
        runs = PL_ANCHOR_RUNS;
        seed += PL_ANCHOR_RUNS;
        run_stage(report, anchor, seed, runs, run_s, &stage);
    }
    for (uint32_t q = 0; q < anchor->quantity_count; q++) {
        const struct pl_quantity *quantity = &anchor->quantities[q];
        struct estimate estimate = fit(&stage, q);
        struct pl_row row = {
            .truth = quantity->truth,
            .precision = quantity->precision,
            .tolerance = anchor->tolerance,
            .estimate = estimate.mean,
            .standard_error = estimate.error,
            .requests = report->requests - before,
            .cpu_s = pl_anchor_cpu_s() - start,
            .numeric = 1,
        };
        snprintf(row.anchor, sizeof row.anchor, "%s, %s", anchor->name, quantity->name);
        snprintf(row.parameters, sizeof row.parameters, "%s", anchor->parameters);
        snprintf(row.formula, sizeof row.formula, "%s", quantity->formula);
        row.verdict = (uint32_t)pl_anchor_judge(&row);
        pl_anchor_row(report, &row);
    }
    return first;
}

struct pl_anchor
pl_anchor_of(const char *name, const char *parameters, const struct pl_world *world)
{
    return (struct pl_anchor){.name = name,
                              .parameters = parameters,
                              .world = world,
                              .quantity_count = 1,
                              .unit_s = PL_UNIT_S,
                              .pilot = 50000.0,
                              .cpu_s_max = 120.0};
}

uint32_t pl_anchor_measure_once(struct pl_report *report, struct pl_anchor *anchor)
{
    uint32_t first = pl_anchor_measure(report, anchor);
    union {
        const struct pl_world *borrowed;
        struct pl_world *owned;
    } alias = {anchor->world};
    free(alias.owned);
    anchor->world = NULL;
    return first;
}

struct pl_row *pl_anchor_row(struct pl_report *report, const struct pl_row *row)
{
    PL_CHECK(report->row_count < PL_ANCHOR_ROWS_MAX);
    report->rows[report->row_count] = *row;
    if (report->folder != NULL) {
        fprintf(stderr,
                "%-44s %-34s truth %-11.6g estimate %-11.6g se %-9.2g z %6.2f v%u %5.1f s\n",
                row->anchor,
                row->parameters,
                row->truth,
                row->estimate,
                row->standard_error,
                row->standard_error > 0.0 ? (row->estimate - row->truth) / row->standard_error
                                          : 0.0,
                row->verdict,
                row->cpu_s);
    }
    report->row_count++;
    return &report->rows[report->row_count - 1];
}

void pl_anchor_absent(struct pl_report *report, const char *anchor, const char *why)
{
    struct pl_row row = {.verdict = PL_VERDICT_ABSENT};
    snprintf(row.anchor, sizeof row.anchor, "%s", anchor);
    snprintf(row.formula, sizeof row.formula, "%s", why);
    pl_anchor_row(report, &row);
}
