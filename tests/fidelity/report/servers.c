// SPDX-License-Identifier: Apache-2.0
//
// Many servers, waits with a limit, classes. One unit of time is one mean service, unless said.
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/svg.h"
#include "fidelity/report/truth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Many servers ---------------------------------------------------------------------------- */

static void mmc(struct pl_report *report, struct pl_plot *plot)
{
    static const uint32_t sizes[] = {8, 16, 32};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        uint32_t c = sizes[i];
        double s = 0.7 * (double)c;
        struct pl_anchor anchor = pl_anchor_of(
            "M/M/c FIFO",
            parameters,
            pl_build_queue(1.0 / PL_UNIT_S, pl_law_exponential(s * PL_UNIT_S), c, (double)c, 2048));
        snprintf(parameters, sizeof parameters, "c %u, lambda 1, rho 0.7", c);
        anchor.pilot = 100000.0;
        anchor.rate = 1.0;
        anchor.busy = s;
        anchor.cpu_s_max = 160.0;
        anchor.quantities[0] = (struct pl_quantity){"mean wait",
                                                    "C/(c mu - lambda), Erlang C",
                                                    PL_SAMPLE(wait),
                                                    pl_truth_mmc_wait(c, 1.0, s),
                                                    PL_PRECISION};
        uint32_t row = pl_anchor_measure_once(report, &anchor);
        pl_plot_point(
            plot, 0, (double)c, report->rows[row].estimate, report->rows[row].standard_error);
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
                pl_anchor_of("M/G/c/c loss",
                             parameters,
                             pl_build_queue(1.0 / PL_UNIT_S, law, 0, (double)c, 256));
            snprintf(parameters, sizeof parameters, "c %u, a %.1f, %s", c, s, laws[k]);
            anchor.settings = settings;
            anchor.quantities[0] =
                (struct pl_quantity){"share refused",
                                     "Erlang B, insensitive; concurrency limit without a queue",
                                     PL_SAMPLE(refused),
                                     pl_truth_erlang_b(c, s),
                                     PL_PRECISION};
            uint32_t row = pl_anchor_measure_once(report, &anchor);
            pl_plot_point(plot,
                          k,
                          (double)c + 1.2 * ((double)k - 1.0),
                          report->rows[row].estimate,
                          report->rows[row].standard_error);
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
        struct pl_anchor anchor = pl_anchor_of("M/M/c+D, pool", parameters, pl_build_seal(world));
        snprintf(
            parameters, sizeof parameters, "c 10, mu 1, lambda %.0f, wait at most 0.5", rates[i]);
        anchor.quantities[0] = (struct pl_quantity){"share that gives up",
                                                    "Baccelli-Hebuterne with constant patience",
                                                    PL_SAMPLE(failed),
                                                    pl_truth_mmcd_abandon(10, rates[i], 1.0, 0.5),
                                                    PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
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
        pl_anchor_of("M/M/1, users leave", "rho 0.7, patience 5", pl_build_seal(world));
    anchor.quantity_count = 2;
    anchor.quantities[0] = (struct pl_quantity){"share that leaves",
                                                "exp(-(mu - lambda) patience): the work goes on",
                                                PL_SAMPLE(left),
                                                exp(-0.3 * 5.0),
                                                PL_PRECISION};
    anchor.quantities[1] = (struct pl_quantity){
        "mean sojourn", "1/(mu - lambda), unchanged", PL_SAMPLE(sojourn), 1.0 / 0.3, PL_PRECISION};
    pl_anchor_measure_once(report, &anchor);
}

/* Abandonment in the queue: patience that runs while a request waits and not in service. */
static void erlang_a(struct pl_report *report)
{
    static const struct {
        double lambda;
        double theta;
    } rows[] = {{9.0, 0.2}, {12.0, 1.0}};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pl_erlang_a truth = pl_truth_erlang_a(10, rows[i].lambda, 1.0, rows[i].theta);
        struct pl_world *world = pl_build_begin(4096);
        pl_build_service(world, "server", 10, 10.0)->queue_wait =
            pl_law_exponential(PL_UNIT_S / rows[i].theta);
        pl_build_route(world, "work");
        pl_build_cpu(world, pl_law_exponential(PL_UNIT_S));
        pl_build_source(world, rows[i].lambda / PL_UNIT_S);
        struct pl_anchor anchor =
            pl_anchor_of("M/M/c+M, Erlang A", parameters, pl_build_seal(world));
        snprintf(parameters,
                 sizeof parameters,
                 "c 10, mu 1, lambda %.0f, theta %.1f",
                 rows[i].lambda,
                 rows[i].theta);
        anchor.pilot = 10000.0;
        anchor.quantity_count = 2;
        anchor.rate = rows[i].lambda;
        anchor.quantities[0] =
            (struct pl_quantity){"share that gives up",
                                 "birth-death chain, death min(n,c) mu + (n-c)+ theta",
                                 PL_SAMPLE(failed),
                                 truth.abandon,
                                 PL_PRECISION};
        anchor.quantities[1] = (struct pl_quantity){"mean wait, all",
                                                    "birth-death chain, number waiting / lambda",
                                                    PL_SAMPLE(wait_all),
                                                    truth.wait,
                                                    PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
}

/* Users with a law of patience at a queue that drops who has left: the queue is Erlang A, and of
 * those that are served theta / (mu + theta) leave before the end. */
static void users_and_drops(struct pl_report *report)
{
    struct pl_erlang_a truth = pl_truth_erlang_a(10, 12.0, 1.0, 0.2);
    struct pl_world *world = pl_build_begin(4096);
    pl_build_service(world, "server", 10, 10.0)->queue_drop = 1;
    pl_build_route(world, "work");
    pl_build_cpu(world, pl_law_exponential(PL_UNIT_S));
    pl_build_source(world, 12.0 / PL_UNIT_S)->patience = pl_law_exponential(5.0 * PL_UNIT_S);
    struct pl_anchor anchor = pl_anchor_of(
        "Users leave, queue drops them", "c 10, mu 1, lambda 12, theta 0.2", pl_build_seal(world));
    anchor.pilot = 10000.0;
    anchor.quantity_count = 2;
    anchor.rate = 12.0;
    anchor.quantities[0] = (struct pl_quantity){"share that leaves",
                                                "a + (1 - a) theta/(mu + theta), a of Erlang A",
                                                PL_SAMPLE(left),
                                                truth.abandon + (1.0 - truth.abandon) * 0.2 / 1.2,
                                                PL_PRECISION};
    anchor.quantities[1] = (struct pl_quantity){
        "mean wait, all", "Erlang A", PL_SAMPLE(wait_all), truth.wait, PL_PRECISION};
    pl_anchor_measure_once(report, &anchor);
}

/* ---- Classes --------------------------------------------------------------------------------- */

/* Two classes at one server: arrival rate, mean and second moment of the service of each. */
struct classes {
    const char *parameters;
    double rate[2];
    pl_law law[2];
    double mean[2];
    double square[2];
};

static void priorities(struct pl_report *report)
{
    const struct classes rows[] = {
        {"rho 0.35 + 0.35, both exponential 1",
         {0.35, 0.35},
         {pl_law_exponential(PL_UNIT_S), pl_law_exponential(PL_UNIT_S)},
         {1.0, 1.0},
         {2.0, 2.0}},
        {"rho 0.3 exponential 0.5, then 0.4 constant 2",
         {0.6, 0.2},
         {pl_law_exponential(0.5 * PL_UNIT_S), pl_law_constant(2.0 * PL_UNIT_S)},
         {0.5, 2.0},
         {0.5, 4.0}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct classes *row = &rows[i];
        double rate = row->rate[0] + row->rate[1];
        double rest = 0.5 * (row->rate[0] * row->square[0] + row->rate[1] * row->square[1]);
        double first = row->rate[0] * row->mean[0];
        double both = first + row->rate[1] * row->mean[1];
        struct pl_world *world = pl_build_begin(4096);
        pl_build_service(world, "server", 1, 1.0);
        pl_build_route(world, "first");
        pl_build_cpu(world, row->law[0]);
        pl_build_route(world, "second");
        pl_build_cpu(world, row->law[1]);
        world->routes[1].priority = 1;
        struct pl_source *source = pl_build_source(world, rate / PL_UNIT_S);
        source->mix_count = 2;
        source->mix_route[1] = 1;
        source->mix_share[0] = row->rate[0] / rate;
        source->mix_share[1] = row->rate[1] / rate;
        struct pl_anchor anchor =
            pl_anchor_of("M/G/1, two classes", row->parameters, pl_build_seal(world));
        anchor.recorded = 1;
        anchor.rate = rate;
        anchor.busy = both;
        anchor.quantity_count = 2;
        anchor.quantities[0] = (struct pl_quantity){"sojourn of the first",
                                                    "E[S] + W0/(1 - s1), Cobham 1954",
                                                    PL_SAMPLE(route[0]),
                                                    row->mean[0] + rest / (1.0 - first),
                                                    PL_PRECISION};
        anchor.quantities[1] =
            (struct pl_quantity){"sojourn of the second",
                                 "E[S] + W0/((1 - s1)(1 - s1 - s2)), Cobham 1954",
                                 PL_SAMPLE(route[1]),
                                 row->mean[1] + rest / ((1.0 - first) * (1.0 - both)),
                                 PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
}

/* ---- All ------------------------------------------------------------------------------------- */

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

void pl_group_servers(struct pl_report *report)
{
    draw_loss(report);
    limited_wait(report);
    erlang_a(report);
    users_and_drops(report);
    impatient_users(report);
    priorities(report);
    draw_many(report);
}
