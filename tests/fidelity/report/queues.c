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

#define FIELD(name)     offsetof(struct pl_sample, name)
#define PRECISION       0.0025
#define PRECISION_P99   0.005
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
                              .pilot = 50000.0,
                              .cpu_s_max = 35.0};
}

static void measure(struct pl_report *report, struct pl_anchor *anchor)
{
    pl_anchor_measure(report, anchor);
    free_world(anchor->world);
}

/* ---- One server ------------------------------------------------------------------------------ */

static void mm1(struct pl_report *report, struct pl_plot *plot)
{
    static const double rhos[] = {0.5, 0.7, 0.9};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rhos); i++) {
        double rho = rhos[i];
        struct pl_anchor anchor =
            anchor_of("M/M/1 FIFO",
                      parameters,
                      pl_build_queue(rho / PL_UNIT_S, pl_law_exponential(PL_UNIT_S), 1, 1.0, 2048));
        snprintf(parameters, sizeof parameters, "rho %.1f", rho);
        anchor.recorded = 1;
        anchor.quantity_count = 2;
        anchor.pilot = rho > 0.8 ? 200000.0 : 50000.0;
        anchor.quantities[0] = (struct pl_quantity){
            "mean sojourn", "1/(mu - lambda)", FIELD(route[0]), 1.0 / (1.0 - rho), PRECISION};
        anchor.quantities[1] = (struct pl_quantity){"p99 of sojourn",
                                                    "ln 100/(mu - lambda)",
                                                    FIELD(route_p99[0]),
                                                    log(100.0) / (1.0 - rho),
                                                    PRECISION_P99};
        uint32_t row = pl_anchor_measure(report, &anchor);
        pl_plot_point(plot, 0, rho, report->rows[row].estimate, report->rows[row].standard_error);
        free_world(anchor.world);
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
            struct pl_anchor anchor = anchor_of(
                "M/G/1 FIFO", parameters, pl_build_queue(rhos[i] / PL_UNIT_S, law, 1, 1.0, 8192));
            anchor.pilot = rhos[i] > 0.8 ? 200000.0 : 50000.0;
            snprintf(parameters, sizeof parameters, "rho %.1f, cs2 %.0f", rhos[i], scvs[k]);
            anchor.cpu_s_max = scvs[k] > 2.0 && rhos[i] > 0.8 ? 50.0 : 40.0;
            anchor.quantities[0] =
                (struct pl_quantity){"mean wait",
                                     "rho E[S](1 + cs2)/(2(1 - rho)), Pollaczek-Khinchine",
                                     FIELD(wait),
                                     pl_truth_pk_wait(rhos[i], 1.0, scvs[k]),
                                     PRECISION};
            measure(report, &anchor);
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
        struct pl_anchor anchor = anchor_of("D/M/1 FIFO", parameters, pl_build_seal(world));
        snprintf(parameters, sizeof parameters, "rho %.2f, ca2 0, cs2 1", rhos[i]);
        anchor.pilot = rhos[i] > 0.9 ? 200000.0 : 50000.0;
        anchor.quantities[0] = (struct pl_quantity){"mean wait",
                                                    "s/(1 - s), s = exp(-(1 - s)/rho)",
                                                    FIELD(wait),
                                                    pl_truth_dm1_wait(rhos[i], 1.0),
                                                    PRECISION};
        uint32_t first = pl_anchor_measure(report, &anchor);
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
        free_world(anchor.world);
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
            struct pl_anchor anchor = anchor_of(
                "M/G/1-PS", parameters, pl_build_queue(rhos[i] / PL_UNIT_S, law, 0, 1.0, 4096));
            snprintf(parameters,
                     sizeof parameters,
                     "rho %.1f, %s",
                     rhos[i],
                     k == 0 ? "exponential" : "lognormal cs2 4");
            anchor.pilot = rhos[i] > 0.8 ? 200000.0 : 50000.0;
            anchor.quantities[0] = (struct pl_quantity){"mean sojourn",
                                                        "E[S]/(1 - rho), any law",
                                                        FIELD(sojourn),
                                                        1.0 / (1.0 - rhos[i]),
                                                        PRECISION};
            uint32_t row = pl_anchor_measure(report, &anchor);
            pl_plot_point(
                plot, 1 + k, rhos[i], report->rows[row].estimate, report->rows[row].standard_error);
            free_world(anchor.world);
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
    struct pl_anchor anchor =
        anchor_of("M/G/1-PS given size", "rho 0.7, 90 % x = 0.5, 10 % x = 5", pl_build_seal(world));
    anchor.recorded = 1;
    anchor.quantity_count = 2;
    anchor.quantities[0] = (struct pl_quantity){
        "E[T given x = 0.5]", "x/(1 - rho)", FIELD(route[0]), 0.5 / 0.3, PRECISION};
    anchor.quantities[1] = (struct pl_quantity){
        "E[T given x = 5]", "x/(1 - rho)", FIELD(route[1]), 5.0 / 0.3, PRECISION};
    measure(report, &anchor);
}

/* ---- Many servers ---------------------------------------------------------------------------- */

static void mmc(struct pl_report *report, struct pl_plot *plot)
{
    static const uint32_t sizes[] = {8, 16, 32};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        uint32_t c = sizes[i];
        double s = 0.7 * (double)c;
        struct pl_anchor anchor = anchor_of(
            "M/M/c FIFO",
            parameters,
            pl_build_queue(1.0 / PL_UNIT_S, pl_law_exponential(s * PL_UNIT_S), c, (double)c, 2048));
        snprintf(parameters, sizeof parameters, "c %u, lambda 1, rho 0.7", c);
        anchor.pilot = 100000.0;
        anchor.cpu_s_max = c == 32 ? 40.0 : 35.0;
        anchor.quantities[0] = (struct pl_quantity){"mean wait",
                                                    "C/(c mu - lambda), Erlang C",
                                                    FIELD(wait),
                                                    pl_truth_mmc_wait(c, 1.0, s),
                                                    PRECISION};
        uint32_t row = pl_anchor_measure(report, &anchor);
        pl_plot_point(
            plot, 0, (double)c, report->rows[row].estimate, report->rows[row].standard_error);
        free_world(anchor.world);
    }
}

static void erlang_b(struct pl_report *report, struct pl_plot *plot)
{
    static const uint32_t sizes[] = {8, 16};
    static const char *laws[] = {"exponential", "deterministic", "lognormal cs2 4"};
    static const struct pl_setting no_queue[] = {{"route.server.work.concurrency", 0.0},
                                                 {NULL, 0.0}};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        for (uint32_t k = 0; k < COUNT_OF(laws); k++) {
            uint32_t c = sizes[i];
            double s = 0.7 * (double)c;
            pl_law law = k == 0   ? pl_law_exponential(s * PL_UNIT_S)
                         : k == 1 ? pl_law_constant(s * PL_UNIT_S)
                                  : pl_law_lognormal_scv(s * PL_UNIT_S, 4.0);
            struct pl_setting settings[2] = {no_queue[0], no_queue[1]};
            settings[0].value = (double)c;
            struct pl_anchor anchor =
                anchor_of("M/G/c/c loss",
                          parameters,
                          pl_build_queue(1.0 / PL_UNIT_S, law, 0, (double)c, 256));
            snprintf(parameters, sizeof parameters, "c %u, a %.1f, %s", c, s, laws[k]);
            anchor.settings = settings;
            anchor.quantities[0] =
                (struct pl_quantity){"share refused",
                                     "Erlang B, insensitive; concurrency limit without a queue",
                                     FIELD(refused),
                                     pl_truth_erlang_b(c, s),
                                     PRECISION};
            uint32_t row = pl_anchor_measure(report, &anchor);
            pl_plot_point(plot,
                          k,
                          (double)c + 1.2 * ((double)k - 1.0),
                          report->rows[row].estimate,
                          report->rows[row].standard_error);
            free_world(anchor.world);
        }
    }
}

/* ---- Waits with a limit ---------------------------------------------------------------------- */

/* A pool of ten connections: requests that wait longer than the acquire timeout give up. */
static void limited_wait(struct pl_report *report)
{
    static const double rates[] = {9.0, 12.0};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        struct pl_world *world = pl_build_begin(4096);
        pl_build_service(world, "app", 0, 1.0);
        pl_build_route(world, "work");
        world->database_count = 1;
        world->databases[0] = pl_database_default();
        snprintf(world->databases[0].name, sizeof world->databases[0].name, "%s", "db");
        world->pool_count = 1;
        world->pools[0] = pl_pool_default();
        world->pools[0].size = 10.0;
        world->pools[0].size_max = 10;
        world->pools[0].acquire_timeout_s = 0.5 * PL_UNIT_S;
        world->pools[0].max_lifetime_s = 0.0;
        pl_build_step(world, PL_OP_ACQUIRE)->target = 0;
        pl_build_step(world, PL_OP_SLEEP)->law = pl_law_exponential(PL_UNIT_S);
        pl_build_step(world, PL_OP_RELEASE)->target = 0;
        pl_build_source(world, rates[i] / PL_UNIT_S);
        struct pl_anchor anchor = anchor_of("M/M/c+D, pool", parameters, pl_build_seal(world));
        snprintf(
            parameters, sizeof parameters, "c 10, mu 1, lambda %.0f, wait at most 0.5", rates[i]);
        anchor.quantities[0] = (struct pl_quantity){"share that gives up",
                                                    "Baccelli-Hebuterne with constant patience",
                                                    FIELD(failed),
                                                    pl_truth_mmcd_abandon(10, rates[i], 1.0, 0.5),
                                                    PRECISION};
        measure(report, &anchor);
    }
    pl_anchor_absent(
        report,
        "M/M/c+M, Erlang A",
        "Patience is a constant in the model, not a law. M/M/c+D above takes its place.");
}

/* A user's patience ends the wish, not the work: the queue stays an ordinary M/M/1. */
static void impatient_users(struct pl_report *report)
{
    struct pl_world *world = pl_build_begin(2048);
    pl_build_service(world, "server", 1, 1.0);
    pl_build_route(world, "work");
    pl_build_cpu(world, pl_law_exponential(PL_UNIT_S));
    pl_build_source(world, 0.7 / PL_UNIT_S)->patience = pl_law_constant(5.0 * PL_UNIT_S);
    struct pl_anchor anchor =
        anchor_of("M/M/1, users leave", "rho 0.7, patience 5", pl_build_seal(world));
    anchor.quantity_count = 2;
    anchor.quantities[0] = (struct pl_quantity){"share that leaves",
                                                "exp(-(mu - lambda) patience): the work goes on",
                                                FIELD(left),
                                                exp(-0.3 * 5.0),
                                                PRECISION};
    anchor.quantities[1] = (struct pl_quantity){
        "mean sojourn", "1/(mu - lambda), unchanged", FIELD(sojourn), 1.0 / 0.3, PRECISION};
    measure(report, &anchor);
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

static void draw_many(struct pl_report *report)
{
    struct pl_plot plot;
    pl_plot_begin(&plot, "Waiting in M/M/c at utilisation 0.7", "servers c", "mean wait, seconds");
    pl_plot_range(&plot, 0.0, 40.0, 0.0, 1.6);
    for (uint32_t c = 2; c <= 40; c++) {
        pl_plot_curve(&plot, 1, (double)c, pl_truth_mmc_wait(c, 1.0, 0.7 * (double)c));
    }
    pl_plot_name(&plot, 0, "model");
    pl_plot_name(&plot, 1, "Erlang C, lambda 1");
    mmc(report, &plot);
    pl_plot_write(&plot, report->folder, "waits.svg");
}

static void draw_loss(struct pl_report *report)
{
    struct pl_plot plot;
    pl_plot_begin(&plot,
                  "Loss does not depend on the law of service",
                  "servers c, offered load 0.7 c",
                  "share refused");
    pl_plot_range(&plot, 4.0, 20.0, 0.0, 0.16);
    for (uint32_t i = 0; i < 2; i++) {
        double c = i == 0 ? 8.0 : 16.0;
        double b = pl_truth_erlang_b((uint32_t)c, 0.7 * c);
        pl_plot_bar(&plot, c - 2.0, c + 2.0, b);
    }
    pl_plot_name(&plot, 0, "exponential");
    pl_plot_name(&plot, 1, "deterministic");
    pl_plot_name(&plot, 2, "lognormal cs2 4");
    pl_plot_name(&plot, 3, "bar: Erlang B");
    erlang_b(report, &plot);
    pl_plot_write(&plot, report->folder, "loss.svg");
}

/* In the order of their cost. */
void pl_group_queues(struct pl_report *report)
{
    stretched(report);
    draw_loss(report);
    limited_wait(report);
    impatient_users(report);
    draw_single(report);
    draw_many(report);
    dm1(report);
    mg1(report);
    pl_anchor_absent(
        report, "M/G/1 with priorities, Cobham", "Queues are FIFO or LIFO; there are no classes.");
}
