// SPDX-License-Identifier: Apache-2.0
//
// Single queues. Time unit of the closed forms: one second is one mean service, unless said.
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/svg.h"
#include "fidelity/report/truth.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- One server ------------------------------------------------------------------------------ */

static void mm1(struct pl_report *report, struct pl_plot *plot)
{
    static const double rhos[] = {0.5, 0.7, 0.9};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rhos); i++) {
        double rho = rhos[i];
        struct pl_anchor anchor = pl_anchor_of(
            "M/M/1 FIFO",
            parameters,
            pl_build_queue(rho / PL_UNIT_S, pl_law_exponential(PL_UNIT_S), 1, 1.0, 2048));
        snprintf(parameters, sizeof parameters, "rho %.1f", rho);
        anchor.recorded = 1;
        anchor.quantity_count = 2;
        anchor.rate = rho;
        anchor.busy = rho;
        anchor.pilot = rho > 0.8 ? 200000.0 : 50000.0;
        anchor.quantities[0] = (struct pl_quantity){"mean sojourn",
                                                    "1/(mu - lambda)",
                                                    PL_SAMPLE(route[0]),
                                                    1.0 / (1.0 - rho),
                                                    PL_PRECISION};
        anchor.quantities[1] = (struct pl_quantity){"p99 of sojourn",
                                                    "ln 100/(mu - lambda)",
                                                    PL_SAMPLE(route_p99[0]),
                                                    log(100.0) / (1.0 - rho),
                                                    PL_PRECISION_P99};
        uint32_t row = pl_anchor_measure_once(report, &anchor);
        pl_plot_point(plot, 0, rho, report->rows[row].estimate, report->rows[row].standard_error);
    }
}

static void mg1(struct pl_report *report)
{
    static const double rhos[] = {0.7, 0.9};
    static const double scvs[] = {0.0, 1.0, 4.0};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rhos); i++) {
        for (size_t k = 0; k < COUNT_OF(scvs); k++) {
            pl_law law = scvs[k] < 0.5   ? pl_law_constant(PL_UNIT_S)
                         : scvs[k] < 1.5 ? pl_law_exponential(PL_UNIT_S)
                                         : pl_law_lognormal_scv(PL_UNIT_S, scvs[k]);
            struct pl_anchor anchor = pl_anchor_of(
                "M/G/1 FIFO", parameters, pl_build_queue(rhos[i] / PL_UNIT_S, law, 1, 1.0, 8192));
            anchor.pilot = rhos[i] > 0.8 ? 200000.0 : 50000.0;
            anchor.rate = rhos[i];
            anchor.busy = rhos[i];
            snprintf(parameters, sizeof parameters, "rho %.1f, cs2 %.0f", rhos[i], scvs[k]);
            anchor.cpu_s_max = scvs[k] > 2.0 ? 200.0 : 100.0;
            anchor.quantities[0] =
                (struct pl_quantity){"mean wait",
                                     "rho E[S](1 + cs2)/(2(1 - rho)), Pollaczek-Khinchine",
                                     PL_SAMPLE(wait),
                                     pl_truth_pk_wait(rhos[i], 1.0, scvs[k]),
                                     PL_PRECISION};
            pl_anchor_measure_once(report, &anchor);
        }
    }
}

/* Arrivals at equal distances: the exact wait and Kingman's bound above it. */
static void dm1(struct pl_report *report)
{
    static const double rhos[] = {0.8, 0.95};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rhos); i++) {
        struct pl_world *world = pl_build_begin(4096);
        pl_build_service(world, "server", 1, 1.0);
        pl_build_route(world, "work");
        pl_build_cpu(world, pl_law_exponential(PL_UNIT_S));
        pl_build_source(world, rhos[i] / PL_UNIT_S)->arrivals = PL_ARRIVALS_CONSTANT;
        struct pl_anchor anchor = pl_anchor_of("D/M/1 FIFO", parameters, pl_build_seal(world));
        snprintf(parameters, sizeof parameters, "rho %.2f, ca2 0, cs2 1", rhos[i]);
        anchor.pilot = rhos[i] > 0.9 ? 200000.0 : 50000.0;
        anchor.busy = rhos[i];
        anchor.quantities[0] = (struct pl_quantity){"mean wait",
                                                    "s/(1 - s), s = exp(-(1 - s)/rho)",
                                                    PL_SAMPLE(wait),
                                                    pl_truth_dm1_wait(rhos[i], 1.0),
                                                    PL_PRECISION};
        uint32_t first = pl_anchor_measure_once(report, &anchor);
        double bound = rhos[i] / (1.0 - rhos[i]) * 0.5;
        struct pl_row row = report->rows[first];
        snprintf(row.anchor, sizeof row.anchor, "G/G/1 Kingman bound on D/M/1");
        snprintf(row.formula,
                 sizeof row.formula,
                 "Wq <= rho/(1 - rho) (ca2 + cs2)/2 E[S]; in heavy traffic at most 10 %% below");
        bool near = rhos[i] < 0.9 || row.estimate > 0.9 * bound;
        row.truth = bound;
        row.verdict = row.estimate <= bound + 4.0 * row.standard_error && near ? PL_VERDICT_HOLDS
                                                                               : PL_VERDICT_FAILS;
        pl_anchor_row(report, &row);
    }
}

/* ---- Sharing the processor ------------------------------------------------------------------- */

static void sharing(struct pl_report *report, struct pl_plot *plot)
{
    static const double rhos[] = {0.5, 0.7, 0.9};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rhos); i++) {
        for (uint32_t k = 0; k < 2; k++) {
            pl_law law =
                k == 0 ? pl_law_exponential(PL_UNIT_S) : pl_law_lognormal_scv(PL_UNIT_S, 4.0);
            struct pl_anchor anchor = pl_anchor_of(
                "M/G/1-PS", parameters, pl_build_queue(rhos[i] / PL_UNIT_S, law, 0, 1.0, 4096));
            snprintf(parameters,
                     sizeof parameters,
                     "rho %.1f, %s",
                     rhos[i],
                     k == 0 ? "exponential" : "lognormal cs2 4");
            anchor.pilot = rhos[i] > 0.8 ? 200000.0 : 50000.0;
            anchor.rate = rhos[i];
            anchor.busy = rhos[i];
            anchor.quantities[0] = (struct pl_quantity){"mean sojourn",
                                                        "E[S]/(1 - rho), any law",
                                                        PL_SAMPLE(sojourn),
                                                        1.0 / (1.0 - rhos[i]),
                                                        PL_PRECISION};
            uint32_t row = pl_anchor_measure_once(report, &anchor);
            pl_plot_point(
                plot, 1 + k, rhos[i], report->rows[row].estimate, report->rows[row].standard_error);
        }
    }
}

/* Two kinds of requests, one ten times as long: each is stretched by the same factor. */
static void stretched(struct pl_report *report)
{
    struct pl_world *world = pl_build_begin(2048);
    pl_build_service(world, "server", 0, 1.0);
    pl_build_route(world, "short");
    pl_build_cpu(world, pl_law_constant(0.5 * PL_UNIT_S));
    pl_build_route(world, "long");
    pl_build_cpu(world, pl_law_constant(5.0 * PL_UNIT_S));
    struct pl_source *source = pl_build_source(world, 0.7 / 0.95 / PL_UNIT_S);
    source->mix_count = 2;
    source->mix_route[1] = 1;
    source->mix_share[0] = 0.9;
    source->mix_share[1] = 0.1;
    struct pl_anchor anchor = pl_anchor_of(
        "M/G/1-PS given size", "rho 0.7, 90 % x = 0.5, 10 % x = 5", pl_build_seal(world));
    anchor.recorded = 1;
    anchor.quantity_count = 2;
    anchor.quantities[0] = (struct pl_quantity){
        "E[T given x = 0.5]", "x/(1 - rho)", PL_SAMPLE(route[0]), 0.5 / 0.3, PL_PRECISION};
    anchor.quantities[1] = (struct pl_quantity){
        "E[T given x = 5]", "x/(1 - rho)", PL_SAMPLE(route[1]), 5.0 / 0.3, PL_PRECISION};
    pl_anchor_measure_once(report, &anchor);
}

/* ---- All ------------------------------------------------------------------------------------- */

static void draw_single(struct pl_report *report)
{
    struct pl_plot plot;
    pl_plot_begin(
        &plot, "Sojourn against utilisation, one server", "utilisation", "mean sojourn, services");
    pl_plot_range(&plot, 0.3, 0.95, 0.0, 16.0);
    for (uint32_t i = 0; i <= 126; i++) {
        double rho = 0.3 + 0.005 * (double)i;
        pl_plot_curve(&plot, 3, rho, 1.0 / (1.0 - rho));
    }
    pl_plot_name(&plot, 0, "M/M/1 FIFO");
    pl_plot_name(&plot, 1, "PS, exponential");
    pl_plot_name(&plot, 2, "PS, lognormal cs2 4");
    pl_plot_name(&plot, 3, "1/(1 - rho)");
    mm1(report, &plot);
    sharing(report, &plot);
    pl_plot_write(&plot, report->folder, "sojourn.svg");
}

void pl_group_queues(struct pl_report *report)
{
    stretched(report);
    draw_single(report);
    dm1(report);
    mg1(report);
}
