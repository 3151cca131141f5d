// SPDX-License-Identifier: Apache-2.0
//
// Failures that outlive their trigger, beyond retries, after Huang and others (OSDI 2022); and what
// policies of caller and callee do about a storm of retries.
//
// (1) Look-aside cache. 600 reads per second of which the cache answers all but a seventh, and a
//     database good for 300. Half of the nodes are gone for ten seconds. While callers give up
//     after a second the answers come too late to be kept, so the cache stays cold. Fluid rule: a
//     cold cache can fill again when the load is below what the database does, not when the misses
//     of a warm one are.
// (2) Collector. What waits is alive in the heap, so pauses grow with the queue. With L of H
//     megabytes alive, g of garbage per request, work s and a pause p of a heap full of live data,
//     a pod does 1/(s + g p L/(H (H - L))) requests per second. Fluid rule: vulnerable between that
//     of a full queue and that of an empty one.
#include "base/check.h"
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/storm.h"
#include "fidelity/report/svg.h"

#include <stddef.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void curve(struct pl_report *report,
                  struct pl_plot *plot,
                  uint32_t series,
                  const char *name,
                  struct pl_trial *trial)
{
    double bins[PL_TRIAL_BINS_MAX] = {0};
    pl_trial_run(report, trial, 1, bins);
    pl_plot_name(plot, series, name);
    for (uint32_t b = 0; b < (uint32_t)(trial->end_s / PL_TRIAL_BIN_S); b++) {
        pl_plot_curve(plot, series, ((double)b + 0.5) * PL_TRIAL_BIN_S, bins[b]);
    }
    pl_trial_free(trial);
}

/* ---- Policies -------------------------------------------------------------------------------- */

/* What caller and callee do in the metastable toy: 240 requests per second, 300 are possible, the
 * database is 50 times slower from 30 s to 40 s. */
struct policy {
    const char *name;
    double retries;
    double budget;
    double breaker;
    uint32_t lifo;
    uint32_t drop;
    enum pl_trial_claim claim;
};

static struct pl_trial policy_trial(const struct policy *policy)
{
    struct pl_world *world = pl_build_begin(65536);
    pl_build_service(world, "app", 0, 1.0);
    pl_build_route(world, "ask");
    pl_build_call(world, 0, 1);
    struct pl_service *db = pl_build_service(world, "db", 30, 30.0);
    db->queue_limit = 1000;
    db->queue_lifo = policy->lifo;
    db->queue_drop = policy->drop;
    pl_build_route(world, "query");
    pl_build_cpu(world, pl_law_exponential(0.1));
    struct pl_edge *edge = pl_build_edge(world, 0, 1);
    edge->timeout_s = 1.0;
    edge->retries = policy->retries;
    edge->backoff_s = 0.0;
    edge->budget = policy->budget;
    edge->breaker = policy->breaker;
    pl_build_source(world, 240.0);
    struct pl_trial trial = pl_trial_of(pl_build_seal(world), 200.0);
    pl_trial_add(&trial, "service.db.cpu_factor", 50.0, 30.0);
    pl_trial_add(&trial, "service.db.cpu_factor", 1.0, 40.0);
    return trial;
}

static void policies(struct pl_report *report)
{
    static const struct policy rows[] = {
        {"no retries", 0.0, 0.0, 0.0, 0, 0, PL_TRIAL_WELL},
        {"3 retries", 3.0, 0.0, 0.0, 0, 0, PL_TRIAL_DOWN},
        {"3 retries, budget 10 %", 3.0, 0.1, 0.0, 0, 0, PL_TRIAL_WELL},
        {"3 retries, breaker", 3.0, 0.0, 1.0, 0, 0, PL_TRIAL_WELL},
        {"3 retries, newest first", 3.0, 0.0, 0.0, 1, 0, PL_TRIAL_WELL},
        /* First come first served: who is reached has waited nearly as long as it is ready to. */
        {"3 retries, abandoned ones dropped", 3.0, 0.0, 0.0, 0, 1, PL_TRIAL_DOWN},
    };
    struct pl_plot plot;
    pl_plot_begin(&plot,
                  "240 /s, capacity 300, callee slow from 30 s to 40 s",
                  "seconds",
                  "answers per second");
    pl_plot_range(&plot, 0.0, 200.0, 0.0, 480.0);
    for (uint32_t i = 0; i < COUNT_OF(rows); i++) {
        struct pl_trial trial = policy_trial(&rows[i]);
        pl_trial_row(report, "Policies against a storm", rows[i].name, &trial, rows[i].claim);
        trial = policy_trial(&rows[i]);
        curve(report, &plot, i, rows[i].name, &trial);
    }
    pl_plot_write(&plot, report->folder, "policies.svg");
}

/* ---- Look-aside cache ------------------------------------------------------------------------ */

struct cold {
    const char *name;
    double rate;
    double later; /* factor on the rate from 150 s on, 0: stays */
    double timeout_s;
    uint32_t lifo;
    uint32_t trigger;
    enum pl_trial_claim claim;
};

static struct pl_trial cold_trial(const struct cold *cold)
{
    struct pl_world *world = pl_build_begin(65536);
    pl_build_service(world, "app", 0, 1.0);
    pl_build_route(world, "read");
    struct pl_cache *cache = &world->caches[0];
    world->cache_count = 1;
    *cache = (struct pl_cache){.name = "cache",
                               .keys = 8000,
                               .nodes = 2,
                               .zipf = 0.8,
                               .capacity = 3000.0,
                               .ttl_s = 600.0,
                               .jitter = 0.5,
                               .latency = pl_law_constant(0.001)};
    struct pl_step *get = pl_build_step(world, PL_OP_GET);
    get->target = 0;
    get->skip_to = 3;
    pl_build_call(world, 0, 1);
    pl_build_step(world, PL_OP_PUT)->target = 0;
    pl_build_step(world, PL_OP_SLEEP)->law = pl_law_constant(0.001);
    struct pl_service *db = pl_build_service(world, "db", 30, 30.0);
    db->queue_limit = 1000;
    db->queue_lifo = cold->lifo;
    pl_build_route(world, "query");
    pl_build_cpu(world, pl_law_exponential(0.1));
    pl_build_edge(world, 0, 1)->timeout_s = cold->timeout_s;
    pl_build_source(world, cold->rate);
    struct pl_trial trial = pl_trial_of(pl_build_seal(world), 300.0);
    trial.down_below = 0.8;
    if (cold->trigger) {
        pl_trial_add(&trial, "cache.cache.nodes", 0.0, 60.0);
        pl_trial_add(&trial, "cache.cache.nodes", 2.0, 70.0);
    }
    if (cold->later > 0.0) {
        pl_trial_add(&trial, "traffic.users.rate", cold->later, 150.0);
    }
    return trial;
}

static void cold_caches(struct pl_report *report)
{
    static const struct cold rows[] = {
        {"600 /s, nothing happens", 600.0, 0.0, 1.0, 0, 0, PL_TRIAL_WELL},
        {"600 /s, nodes lost for 10 s", 600.0, 0.0, 1.0, 0, 1, PL_TRIAL_DOWN},
        {"250 /s, nodes lost for 10 s", 250.0, 0.0, 1.0, 0, 1, PL_TRIAL_WELL},
        {"600 /s, lost; 200 /s from 150 s on", 600.0, 1.0 / 3.0, 1.0, 0, 1, PL_TRIAL_WELL},
        {"600 /s, lost; the database serves the newest first",
         600.0,
         0.0,
         1.0,
         1,
         1,
         PL_TRIAL_WELL},
        {"600 /s, lost; callers wait up to 10 s", 600.0, 0.0, 10.0, 0, 1, PL_TRIAL_WELL},
    };
    struct pl_plot plot;
    pl_plot_begin(&plot,
                  "A cache loses its keys from 60 s to 70 s; its database does 300 /s",
                  "seconds",
                  "answers per second");
    pl_plot_range(&plot, 0.0, 300.0, 0.0, 1100.0);
    for (uint32_t i = 0; i < COUNT_OF(rows); i++) {
        struct pl_trial trial = cold_trial(&rows[i]);
        pl_trial_row(report, "Cold cache (OSDI 2022)", rows[i].name, &trial, rows[i].claim);
        trial = cold_trial(&rows[i]);
        curve(report, &plot, i, rows[i].name, &trial);
    }
    pl_plot_write(&plot, report->folder, "cold.svg");
}

/* ---- Collector ------------------------------------------------------------------------------- */

enum { HEAP_QUEUE = 300 };
static const double heap_mb = 100.0;
static const double heap_base_mb = 20.0;
static const double heap_garbage_mb = 1.0;
static const double heap_pause_s = 0.1;
static const double heap_work_s = 0.002;

/* One worker and a heap; what waits keeps `live` megabytes each. Not sealed. */
static struct pl_world *heap_world(double rate, double live)
{
    struct pl_world *world = pl_build_begin(4096);
    struct pl_service *service = pl_build_service(world, "server", 1, 1.0);
    service->queue_limit = HEAP_QUEUE;
    service->memory_base_mb = heap_base_mb;
    service->gc_heap_mb = heap_mb;
    service->gc_pause_s = heap_pause_s;
    service->gc_garbage_mb = heap_garbage_mb;
    service->gc_live_mb = live;
    pl_build_route(world, "work");
    pl_build_cpu(world, pl_law_exponential(heap_work_s));
    pl_build_source(world, rate);
    return world;
}

/* Requests per second that a pod does with this many present. */
static double heap_capacity(double live, double present)
{
    double alive = heap_base_mb + live * present;
    double room = heap_mb - alive;
    double requests = __builtin_ceil(room / heap_garbage_mb); /* until the heap is full */
    return requests / (requests * heap_work_s + heap_pause_s * alive / heap_mb);
}

/* Overload keeps the queue full, so the throughput is that of a full queue. */
static void heap_anchor(struct pl_report *report)
{
    static const double lives[] = {0.05, 0.1, 0.2};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(lives); i++) {
        struct pl_anchor anchor = pl_anchor_of(
            "Collector in overload", parameters, pl_build_seal(heap_world(5000.0, lives[i])));
        snprintf(
            parameters, sizeof parameters, "heap 100 MB, 300 waiting keep %.2f MB each", lives[i]);
        anchor.unit_s = 1.0;
        anchor.pilot = 100.0;
        anchor.tolerance = 0.005;
        anchor.quantities[0] =
            (struct pl_quantity){"throughput",
                                 "n/(n s + p L/H), n = (H - L)/g rounded up; within 0.5 %",
                                 PL_SAMPLE(throughput),
                                 heap_capacity(lives[i], HEAP_QUEUE),
                                 PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
}

static struct pl_trial heap_trial(double rate, double live, bool burst)
{
    struct pl_trial trial = pl_trial_of(pl_build_seal(heap_world(rate, live)), 200.0);
    trial.down_below = 0.9;
    if (burst) {
        pl_trial_add(&trial, "traffic.users.rate", 1200.0 / rate, 50.0);
        pl_trial_add(&trial, "traffic.users.rate", 1.0, 60.0);
    }
    return trial;
}

static void collectors(struct pl_report *report)
{
    static const struct {
        const char *name;
        double rate;
        double live;
        double heap; /* from 100 s on, 0: stays */
        uint32_t burst;
        enum pl_trial_claim claim;
    } rows[] = {
        {"300 /s, no burst", 300.0, 0.25, 0.0, 0, PL_TRIAL_WELL},
        {"300 /s, burst of 10 s", 300.0, 0.25, 0.0, 1, PL_TRIAL_DOWN},
        {"200 /s, burst of 10 s (> 48)", 200.0, 0.25, 0.0, 1, PL_TRIAL_DOWN},
        {"40 /s, burst of 10 s (< 48)", 40.0, 0.25, 0.0, 1, PL_TRIAL_WELL},
        {"300 /s, burst, what waits is small", 300.0, 0.05, 0.0, 1, PL_TRIAL_WELL},
        {"300 /s, burst, heap 400 MB from 100 s on", 300.0, 0.25, 400.0, 1, PL_TRIAL_WELL},
    };
    struct pl_plot plot;
    pl_plot_begin(&plot,
                  "1200 /s from 50 s to 60 s; what waits fills the heap",
                  "seconds",
                  "answers per second");
    pl_plot_range(&plot, 0.0, 200.0, 0.0, 640.0);
    heap_anchor(report);
    for (uint32_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint32_t k = 0; k < 2; k++) {
            struct pl_trial trial = heap_trial(rows[i].rate, rows[i].live, rows[i].burst != 0);
            if (rows[i].heap > 0.0) {
                pl_trial_add(&trial, "service.server.gc_heap", rows[i].heap, 100.0);
            }
            if (k == 0) {
                pl_trial_row(report, "Collector spiral", rows[i].name, &trial, rows[i].claim);
            } else {
                curve(report, &plot, i, rows[i].name, &trial);
            }
        }
    }
    pl_plot_write(&plot, report->folder, "collector.svg");
}

void pl_group_spirals(struct pl_report *report)
{
    policies(report);
    cold_caches(report);
    collectors(report);
}
