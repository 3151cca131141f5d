// SPDX-License-Identifier: Apache-2.0
//
// Several queues together. A gateway without workers of its own calls the tiers one after the
// other, so that no tier holds a worker while another one works.
#include "base/check.h"
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/truth.h"
#include "support/worlds.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

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
        pl_anchor_of("Jackson tandem", "c 16, 32, 8; rho 0.7; lambda 1", pl_build_seal(world));
    anchor.recorded = 1;
    anchor.quantities[0] = (struct pl_quantity){"mean end to end",
                                                "sum of M/M/c sojourns (product form)",
                                                PL_SAMPLE(route[0]),
                                                truth,
                                                PL_PRECISION};
    pl_anchor_measure_once(report, &anchor);
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
        struct pl_anchor anchor =
            pl_anchor_of("Fork-join, 2 M/M/1", parameters, pl_build_seal(world));
        snprintf(parameters, sizeof parameters, "rho %.1f", rhos[i]);
        anchor.recorded = 1;
        anchor.rate = rhos[i];
        anchor.quantities[0] = (struct pl_quantity){"mean of the later one",
                                                    "(12 - rho)/8/(mu - lambda), Nelson-Tantawi",
                                                    PL_SAMPLE(route[0]),
                                                    (12.0 - rhos[i]) / 8.0 / (1.0 - rhos[i]),
                                                    PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
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
        struct pl_anchor anchor = pl_anchor_of("Closed loop", parameters, pl_build_seal(world));
        snprintf(parameters, sizeof parameters, "%u users, Z 5, S 0.5 and 0.3", users[i]);
        anchor.recorded = 1;
        anchor.quantity_count = 2;
        anchor.quantities[0] = (struct pl_quantity){
            "throughput", "exact mean value analysis", PL_SAMPLE(throughput), x, PL_PRECISION};
        anchor.quantities[1] = (struct pl_quantity){"mean response",
                                                    "N/X - Z, with X of the line above",
                                                    PL_SAMPLE(route[0]),
                                                    (double)users[i] / x - 5.0,
                                                    PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
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
    drained(report);
    tandem(report);
    fork_join(report);
    closed(report);
}
