// SPDX-License-Identifier: Apache-2.0
//
// Tails: many leaves per answer, and second attempts that cut the tail.
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/svg.h"
#include "fidelity/report/truth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* `wide` calls side by side, each of which makes `deep` calls side by side (0: is a leaf). */
static const struct pl_world *
fan_out(uint32_t wide, uint32_t deep, double slow_share, double hedge_s)
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
        pl_build_edge(world, level, level + 1)->hedge_s = hedge_s;
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
        struct pl_anchor anchor =
            pl_anchor_of("Tail at scale",
                         parameters,
                         fan_out(rows[i].wide, rows[i].deep, rows[i].slow_share, 0.0));
        snprintf(parameters, sizeof parameters, "n %u, p %.4g", leaves, rows[i].slow_share);
        anchor.unit_s = 1.0;
        anchor.pilot = rows[i].pilot_s;
        anchor.cpu_s_max = leaves > 1000 ? 30.0 : 60.0;
        anchor.quantities[0] = (struct pl_quantity){
            "share slow",
            leaves > 1000 ? "1 - (1 - p)^n; two levels of fan-out, 40 by 50" : "1 - (1 - p)^n",
            PL_SAMPLE(slow),
            1.0 - pow(1.0 - rows[i].slow_share, (double)leaves),
            leaves > 1000 ? 0.02 : PL_PRECISION};
        uint32_t row = pl_anchor_measure_once(report, &anchor);
        if (leaves <= 100) {
            pl_plot_point(plot,
                          0,
                          (double)leaves,
                          report->rows[row].estimate,
                          report->rows[row].standard_error);
        }
    }
}

/* Leaves that answer after an exponential time, asked once more after `hedge` units. */
static void hedged_mean(struct pl_report *report)
{
    static const double hedges[] = {0.5, 1.0, 3.0};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(hedges); i++) {
        double h = hedges[i];
        struct pl_world *world = pl_build_begin(4096);
        pl_build_service(world, "app", 0, 1.0);
        pl_build_route(world, "ask");
        pl_build_call(world, 0, 1);
        pl_build_service(world, "leaf", 0, 1.0);
        pl_build_route(world, "answer");
        pl_build_step(world, PL_OP_SLEEP)->law = pl_law_exponential(PL_UNIT_S);
        pl_build_edge(world, 0, 1)->hedge_s = h * PL_UNIT_S;
        pl_build_source(world, 1.0 / PL_UNIT_S);
        struct pl_anchor anchor = pl_anchor_of("Hedged call", parameters, pl_build_seal(world));
        snprintf(parameters, sizeof parameters, "exponential answer, second attempt after %.1f", h);
        anchor.recorded = 1;
        anchor.pilot = 10000.0;
        anchor.quantity_count = 3;
        anchor.quantities[0] = (struct pl_quantity){"mean answer",
                                                    "1 - e^-h + e^-h/2: min of S1 and h + S2",
                                                    PL_SAMPLE(route[0]),
                                                    1.0 - 0.5 * exp(-h),
                                                    PL_PRECISION};
        anchor.quantities[1] = (struct pl_quantity){"p99 of answer",
                                                    "h + (ln 100 - h)/2",
                                                    PL_SAMPLE(route_p99[0]),
                                                    0.5 * (h + log(100.0)),
                                                    PL_PRECISION_P99};
        anchor.quantities[2] = (struct pl_quantity){
            "attempts per request", "1 + e^-h", PL_SAMPLE(attempts), 1.0 + exp(-h), PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
}

/* One leaf in a hundred is slow; whoever has not answered after 10 ms is asked once more. */
static void hedged_fan_out(struct pl_report *report)
{
    struct pl_anchor anchor = pl_anchor_of(
        "Tail at scale, hedged after 10 ms", "n 100, p 0.01", fan_out(100, 0, 0.01, 0.01));
    anchor.unit_s = 1.0;
    anchor.pilot = 100.0;
    anchor.recorded = 1;
    anchor.quantity_count = 2;
    anchor.cpu_s_max = 90.0;
    anchor.quantities[0] = (struct pl_quantity){
        "share slow", "1 - (1 - p^2)^n", PL_SAMPLE(slow), 1.0 - pow(1.0 - 1e-4, 100.0), 0.02};
    anchor.quantities[1] = (struct pl_quantity){"attempts per answer",
                                                "n (1 + p): 1 % more load",
                                                PL_SAMPLE(attempts),
                                                101.0,
                                                PL_PRECISION};
    pl_anchor_measure_once(report, &anchor);
}

void pl_group_tails(struct pl_report *report)
{
    struct pl_plot plot;
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
    hedged_mean(report);
    hedged_fan_out(report);
}
