// SPDX-License-Identifier: Apache-2.0
//
// Several queues together. A gateway without workers of its own calls the tiers one after the
// other, so that no tier holds a worker while another one works.
#include "base/check.h"
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/svg.h"
#include "fidelity/report/truth.h"
#include "stats/interval.h"
#include "support/worlds.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define FIELD(name)     offsetof(struct pl_sample, name)
#define PRECISION       0.0025
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void free_world(const struct pl_world *world)
{
    union {
        const struct pl_world *borrowed;
        struct pl_world *owned;
    } alias = {world};
    free(alias.owned);
}

static struct pl_anchor
anchor_of(const char *name, const char *parameters, const struct pl_world *world)
{
    return (struct pl_anchor){.name = name,
                              .parameters = parameters,
                              .world = world,
                              .quantity_count = 1,
                              .unit_s = PL_UNIT_S,
                              .pilot = 10000.0,
                              .cpu_s_max = 60.0};
}

static void measure(struct pl_report *report, struct pl_anchor *anchor)
{
    pl_anchor_measure(report, anchor);
    free_world(anchor->world);
}

/* Gateway with one route, and `count` services with one exponential step each; not sealed. */
static struct pl_world *
gateway(const uint32_t *workers, const double *service_s, uint32_t count, bool side_by_side)
{
    static const char *names[] = {"a", "b", "c"};
    struct pl_world *world = pl_build_begin(8192);
    PL_CHECK(count <= COUNT_OF(names));
    pl_build_service(world, "gateway", 0, 1.0);
    pl_build_route(world, "all");
    if (side_by_side) {
        pl_build_step(world, PL_OP_PARALLEL)->span = count;
    }
    for (uint32_t i = 0; i < count; i++) {
        pl_build_call(world, i, i + 1);
    }
    for (uint32_t i = 0; i < count; i++) {
        pl_build_service(world, names[i], workers[i], (double)workers[i]);
        pl_build_route(world, "work");
        pl_build_cpu(world, pl_law_exponential(service_s[i] * PL_UNIT_S));
        pl_build_edge(world, 0, i + 1);
    }
    return world;
}

static void tandem(struct pl_report *report)
{
    static const uint32_t workers[] = {16, 32, 8};
    static const double service_s[] = {11.2, 22.4, 5.6};
    struct pl_world *world = gateway(workers, service_s, 3, false);
    double truth = 0.0;
    for (uint32_t i = 0; i < 3; i++) {
        truth += service_s[i] + pl_truth_mmc_wait(workers[i], 1.0, service_s[i]);
    }
    PL_CHECK(fabs(truth - 40.222696) < 1e-6);
    pl_build_source(world, 1.0 / PL_UNIT_S);
    struct pl_anchor anchor =
        anchor_of("Jackson tandem", "c 16, 32, 8; rho 0.7; lambda 1", pl_build_seal(world));
    anchor.recorded = 1;
    anchor.quantities[0] = (struct pl_quantity){"mean end to end",
                                                "sum of M/M/c sojourns (product form)",
                                                FIELD(route[0]),
                                                truth,
                                                PRECISION};
    measure(report, &anchor);
}

static void fork_join(struct pl_report *report)
{
    static const uint32_t workers[] = {1, 1};
    static const double service_s[] = {1.0, 1.0};
    static const double rhos[] = {0.5, 0.9};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rhos); i++) {
        struct pl_world *world = gateway(workers, service_s, 2, true);
        pl_build_source(world, rhos[i] / PL_UNIT_S);
        struct pl_anchor anchor = anchor_of("Fork-join, 2 M/M/1", parameters, pl_build_seal(world));
        snprintf(parameters, sizeof parameters, "rho %.1f", rhos[i]);
        anchor.recorded = 1;
        anchor.cpu_s_max = 60.0;
        anchor.quantities[0] = (struct pl_quantity){"mean of the later one",
                                                    "(12 - rho)/8/(mu - lambda), Nelson-Tantawi",
                                                    FIELD(route[0]),
                                                    (12.0 - rhos[i]) / 8.0 / (1.0 - rhos[i]),
                                                    PRECISION};
        measure(report, &anchor);
    }
}

/* ---- Balancers ------------------------------------------------------------------------------- */

static const struct pl_world *pods_world(uint32_t pods, enum pl_balance balance, double rho)
{
    struct pl_world *world = pl_build_begin(8192);
    struct pl_service *service = pl_build_service(world, "server", 1, 1.0);
    service->pods = pods;
    service->pods_max = pods;
    service->balance = balance;
    pl_build_route(world, "work");
    pl_build_cpu(world, pl_law_exponential(PL_UNIT_S));
    pl_build_source(world, rho * (double)pods / PL_UNIT_S);
    return pl_build_seal(world);
}

static void balancers(struct pl_report *report)
{
    static const double rhos[] = {0.7, 0.9};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rhos); i++) {
        struct pl_anchor anchor = anchor_of(
            "Least busy of 2 (JSQ)", parameters, pods_world(2, PL_BALANCE_LEAST, rhos[i]));
        snprintf(parameters, sizeof parameters, "2 M/M/1, rho %.1f", rhos[i]);
        anchor.quantities[0] = (struct pl_quantity){"mean sojourn",
                                                    "two-dimensional chain, solved numerically",
                                                    FIELD(sojourn),
                                                    pl_truth_jsq2_sojourn(rhos[i]),
                                                    PRECISION};
        measure(report, &anchor);
    }
    struct pl_anchor anchor =
        anchor_of("Random pod", "8 M/M/1, rho 0.8", pods_world(8, PL_BALANCE_RANDOM, 0.8));
    anchor.quantities[0] = (struct pl_quantity){
        "mean sojourn", "1/(mu - lambda), split Poisson", FIELD(sojourn), 5.0, PRECISION};
    measure(report, &anchor);
    anchor =
        anchor_of("Pods in turn", "8 pods, rho 0.8", pods_world(8, PL_BALANCE_ROUND_ROBIN, 0.8));
    anchor.quantities[0] = (struct pl_quantity){"mean wait",
                                                "each pod is E8/M/1, root by iteration",
                                                FIELD(wait),
                                                pl_truth_erlang_arrivals_wait(8, 6.4, 1.0),
                                                PRECISION};
    measure(report, &anchor);
    pl_anchor_absent(report,
                     "Power of d choices",
                     "Balancers are: least busy of all, in turn, random. None samples d pods.");
}

/* ---- Closed loops ---------------------------------------------------------------------------- */

static void closed(struct pl_report *report)
{
    static const uint32_t workers[] = {1, 1};
    static const double service_s[] = {0.5, 0.3};
    static const uint32_t users[] = {5, 10, 20, 40};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(users); i++) {
        struct pl_world *world = gateway(workers, service_s, 2, false);
        struct pl_source *source = pl_build_source(world, 1.0 / PL_UNIT_S);
        source->arrivals = PL_ARRIVALS_CLOSED;
        source->users = users[i];
        source->think = pl_law_exponential(5.0 * PL_UNIT_S);
        double x = pl_truth_mva_throughput(users[i], 5.0, service_s, 2);
        struct pl_anchor anchor = anchor_of("Closed loop", parameters, pl_build_seal(world));
        snprintf(parameters, sizeof parameters, "%u users, Z 5, S 0.5 and 0.3", users[i]);
        anchor.recorded = 1;
        anchor.quantity_count = 2;
        anchor.quantities[0] = (struct pl_quantity){
            "throughput", "exact mean value analysis", FIELD(throughput), x, PRECISION};
        anchor.quantities[1] = (struct pl_quantity){"mean response",
                                                    "N/X - Z, with X of the line above",
                                                    FIELD(route[0]),
                                                    (double)users[i] / x - 5.0,
                                                    PRECISION};
        measure(report, &anchor);
    }
}

/* ---- Cache ----------------------------------------------------------------------------------- */

static void ttl_cache(struct pl_report *report)
{
    static const double ttls[] = {0.3, 3.0};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(ttls); i++) {
        struct pl_world *world = pl_build_begin(256);
        pl_build_service(world, "app", 0, 1.0);
        pl_build_route(world, "read");
        struct pl_cache *cache = &world->caches[0];
        world->cache_count = 1;
        snprintf(cache->name, sizeof cache->name, "%s", "cache");
        cache->keys = 8192;
        cache->nodes = 1;
        cache->zipf = 0.8;
        cache->ttl_s = ttls[i];
        cache->latency = pl_law_constant(0.0);
        struct pl_step *get = pl_build_step(world, PL_OP_GET);
        get->target = 0;
        get->skip_to = 2;
        pl_build_step(world, PL_OP_PUT)->target = 0;
        pl_build_step(world, PL_OP_SLEEP)->law = pl_law_constant(0.0);
        pl_build_source(world, 10000.0);
        struct pl_anchor anchor = anchor_of("Cache with TTL", parameters, pl_build_seal(world));
        snprintf(
            parameters, sizeof parameters, "8192 Zipf 0.8 keys, 10,000 /s, TTL %.1f s", ttls[i]);
        anchor.recorded = 1;
        /* The state begins warm, but not exactly so: leave at least ten lifetimes as warm-up. */
        anchor.unit_s = 1.0;
        anchor.pilot = 30.0 * ttls[i];
        anchor.quantities[0] = (struct pl_quantity){"hit share",
                                                    "sum of p h, h = l T/(1 + l T), l = p lambda",
                                                    FIELD(hits),
                                                    pl_truth_ttl_hits(8192, 0.8, 10000.0, ttls[i]),
                                                    PRECISION};
        measure(report, &anchor);
    }
    pl_anchor_absent(report,
                     "LRU cache, Che",
                     "The cache forgets by time to live, not by capacity. The closed form for "
                     "TTL above takes its place.");
}

/* ---- Fan-out --------------------------------------------------------------------------------- */

/* `wide` calls side by side, each of which makes `deep` calls side by side (0: is a leaf). */
static const struct pl_world *fan_out(uint32_t wide, uint32_t deep, double slow_share)
{
    struct pl_world *world = pl_build_begin(65536);
    uint32_t widths[2] = {wide, deep};
    uint32_t levels = deep > 0 ? 2 : 1;
    for (uint32_t level = 0; level < levels; level++) {
        pl_build_service(world, level == 0 ? "root" : "middle", 0, 1.0);
        pl_build_route(world, "ask");
        pl_build_step(world, PL_OP_PARALLEL)->span = widths[level];
        for (uint32_t i = 0; i < widths[level]; i++) {
            pl_build_call(world, level, level + 1);
        }
    }
    pl_build_service(world, "leaf", 0, 1.0);
    pl_build_route(world, "answer");
    pl_build_step(world, PL_OP_SLEEP)->law = pl_law_constant(0.001);
    struct pl_step *slow = pl_build_step(world, PL_OP_SLEEP);
    slow->law = pl_law_constant(0.05);
    slow->share = slow_share;
    for (uint32_t level = 0; level < levels; level++) {
        pl_build_edge(world, level, level + 1);
    }
    world->routes[0].slo_s = 0.02;
    pl_build_source(world, 20.0);
    return pl_build_seal(world);
}

static void tail_at_scale(struct pl_report *report, struct pl_plot *plot)
{
    static const struct {
        uint32_t wide;
        uint32_t deep;
        double slow_share;
        double pilot_s;
    } rows[] = {
        {10, 0, 0.01, 1000.0}, {100, 0, 0.01, 100.0}, {40, 50, 1e-4, 4.0}, {30, 0, 0.01, 200.0}};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t leaves = rows[i].wide * (rows[i].deep > 0 ? rows[i].deep : 1);
        struct pl_anchor anchor = anchor_of(
            "Tail at scale", parameters, fan_out(rows[i].wide, rows[i].deep, rows[i].slow_share));
        snprintf(parameters, sizeof parameters, "n %u, p %.4g", leaves, rows[i].slow_share);
        anchor.unit_s = 1.0;
        anchor.pilot = rows[i].pilot_s;
        anchor.cpu_s_max = leaves > 1000 ? 30.0 : 60.0;
        anchor.quantities[0] = (struct pl_quantity){
            "share slow",
            leaves > 1000 ? "1 - (1 - p)^n; two levels of fan-out, 40 by 50" : "1 - (1 - p)^n",
            FIELD(slow),
            1.0 - pow(1.0 - rows[i].slow_share, (double)leaves),
            leaves > 1000 ? 0.02 : PRECISION};
        uint32_t row = pl_anchor_measure(report, &anchor);
        if (leaves <= 100) {
            pl_plot_point(plot,
                          0,
                          (double)leaves,
                          report->rows[row].estimate,
                          report->rows[row].standard_error);
        }
        free_world(anchor.world);
    }
    pl_anchor_absent(report,
                     "Hedged requests",
                     "A call has retries after a timeout, but no second copy while it waits.");
}

/* ---- Little ---------------------------------------------------------------------------------- */

/* The shop with everything in it, drained: sums of areas are sums of times, to the nanosecond. */
static void drained(struct pl_report *report)
{
    struct pl_world *world = malloc(sizeof *world);
    PL_CHECK(world != NULL);
    pl_test_shop_world(world);
    struct pl_row row = {.verdict = PL_VERDICT_HOLDS};
    uint32_t resources = pl_model_resource_count(world);
    double start = pl_anchor_cpu_s();
    for (uint64_t seed = 1; seed <= PL_ANCHOR_SEEDS; seed++) {
        struct pl_state *state = pl_test_start(world, seed);
        pl_test_change(world, state, "traffic.users.rate", 0.0, 300.0);
        pl_anchor_finish(report, world, state, NULL, 600.0);
        for (uint32_t r = 0; r < resources; r++) {
            struct pl_resource_view view = pl_model_resource(world, state, r);
            if (view.in_service + view.waiting > 0 || view.service_area_ns != view.service_sum_ns ||
                view.waiting_area_ns != view.waiting_sum_ns) {
                row.verdict = PL_VERDICT_FAILS;
            }
        }
        row.requests += pl_model_outcome(state, 0).offered;
        free(state);
    }
    row.cpu_s = pl_anchor_cpu_s() - start;
    report->requests += row.requests;
    snprintf(row.anchor, sizeof row.anchor, "Little's law, drained system");
    snprintf(row.parameters, sizeof row.parameters, "shop, %u resources, 24 seeds", resources);
    snprintf(row.formula,
             sizeof row.formula,
             "integral of the number present = sum of times, equal as integers of ns");
    pl_anchor_row(report, &row);
    free(world);
}

/* ---- All ------------------------------------------------------------------------------------- */

void pl_group_networks(struct pl_report *report)
{
    struct pl_plot plot;
    drained(report);
    tandem(report);
    fork_join(report);
    balancers(report);
    closed(report);
    ttl_cache(report);
    pl_plot_begin(&plot,
                  "Tail at scale: one leaf in a hundred is slow",
                  "leaves asked side by side",
                  "share of slow answers");
    pl_plot_range(&plot, 0.0, 110.0, 0.0, 0.8);
    pl_plot_name(&plot, 0, "model");
    pl_plot_name(&plot, 1, "1 - 0.99^n");
    for (uint32_t n = 0; n <= 110; n++) {
        pl_plot_curve(&plot, 1, (double)n, 1.0 - pow(0.99, (double)n));
    }
    tail_at_scale(report, &plot);
    pl_plot_write(&plot, report->folder, "tail.svg");
}
