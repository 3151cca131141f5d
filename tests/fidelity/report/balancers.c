// SPDX-License-Identifier: Apache-2.0
//
// Choice among pods.
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/svg.h"
#include "fidelity/report/truth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static struct pl_world *open_pods(uint32_t pods, enum pl_balance balance, double rho)
{
    struct pl_world *world = pl_build_begin(8192);
    struct pl_service *service = pl_build_service(world, "server", 1, 1.0);
    service->pods = pods;
    service->pods_max = pods;
    service->balance = balance;
    pl_build_route(world, "work");
    pl_build_cpu(world, pl_law_exponential(PL_UNIT_S));
    pl_build_source(world, rho * (double)pods / PL_UNIT_S);
    return world;
}

static const struct pl_world *pods_world(uint32_t pods, enum pl_balance balance, double rho)
{
    return pl_build_seal(open_pods(pods, balance, rho));
}

static void few_pods(struct pl_report *report)
{
    static const double rhos[] = {0.7, 0.9};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rhos); i++) {
        struct pl_anchor anchor = pl_anchor_of(
            "Least busy of 2 (JSQ)", parameters, pods_world(2, PL_BALANCE_LEAST, rhos[i]));
        snprintf(parameters, sizeof parameters, "2 M/M/1, rho %.1f", rhos[i]);
        anchor.rate = 2.0 * rhos[i];
        anchor.busy = 2.0 * rhos[i];
        anchor.quantities[0] = (struct pl_quantity){"mean sojourn",
                                                    "two-dimensional chain, solved numerically",
                                                    PL_SAMPLE(sojourn),
                                                    pl_truth_jsq2_sojourn(rhos[i]),
                                                    PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
    struct pl_anchor anchor =
        pl_anchor_of("Random pod", "8 M/M/1, rho 0.8", pods_world(8, PL_BALANCE_RANDOM, 0.8));
    anchor.rate = 6.4;
    anchor.busy = 6.4;
    anchor.quantities[0] = (struct pl_quantity){
        "mean sojourn", "1/(mu - lambda), split Poisson", PL_SAMPLE(sojourn), 5.0, PL_PRECISION};
    pl_anchor_measure_once(report, &anchor);
    anchor =
        pl_anchor_of("Pods in turn", "8 pods, rho 0.8", pods_world(8, PL_BALANCE_ROUND_ROBIN, 0.8));
    anchor.rate = 6.4;
    anchor.busy = 6.4;
    anchor.quantities[0] = (struct pl_quantity){"mean wait",
                                                "each pod is E8/M/1, root by iteration",
                                                PL_SAMPLE(wait),
                                                pl_truth_erlang_arrivals_wait(8, 6.4, 1.0),
                                                PL_PRECISION};
    pl_anchor_measure_once(report, &anchor);
}

/* 250 pods of which d are looked at; the limit of many pods is off by a few tenths of a percent. */
static void power_of_choices(struct pl_report *report, struct pl_plot *plot)
{
    static const struct {
        uint32_t choices;
        double rho;
    } rows[] = {{2, 0.7}, {2, 0.9}, {3, 0.9}};
    enum { PODS = 250 };
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pl_world *world = open_pods(PODS, PL_BALANCE_SAMPLED, rows[i].rho);
        world->services[0].balance_choices = rows[i].choices;
        struct pl_anchor anchor =
            pl_anchor_of("Power of d choices", parameters, pl_build_seal(world));
        snprintf(parameters,
                 sizeof parameters,
                 "d %u, rho %.1f, %d pods",
                 rows[i].choices,
                 rows[i].rho,
                 (int)PODS);
        anchor.pilot = 2000.0;
        anchor.rate = rows[i].rho * PODS;
        anchor.busy = rows[i].rho * PODS;
        anchor.tolerance = 0.03;
        anchor.quantities[0] =
            (struct pl_quantity){"mean sojourn",
                                 "sum of rho^((d^i - d)/(d - 1)) for many pods; within 3 %",
                                 PL_SAMPLE(sojourn),
                                 pl_truth_choices_sojourn(rows[i].choices, rows[i].rho),
                                 PL_PRECISION};
        uint32_t row = pl_anchor_measure_once(report, &anchor);
        pl_plot_point(plot,
                      rows[i].choices - 2,
                      rows[i].rho,
                      report->rows[row].estimate,
                      report->rows[row].standard_error);
    }
}

void pl_group_balancers(struct pl_report *report)
{
    struct pl_plot plot;
    few_pods(report);
    pl_plot_begin(&plot,
                  "The least busy of d pods: what one look more is worth",
                  "utilisation",
                  "mean sojourn, services");
    pl_plot_range(&plot, 0.3, 0.97, 0.0, 8.0);
    pl_plot_name(&plot, 0, "model, d 2");
    pl_plot_name(&plot, 1, "model, d 3");
    pl_plot_name(&plot, 2, "d 1: random");
    pl_plot_name(&plot, 3, "d 2, many pods");
    pl_plot_name(&plot, 4, "d 3, many pods");
    for (uint32_t i = 0; i <= 130; i++) {
        double rho = 0.3 + 0.005 * (double)i;
        if (rho < 0.875) {
            pl_plot_curve(&plot, 2, rho, 1.0 / (1.0 - rho));
        }
        pl_plot_curve(&plot, 3, rho, pl_truth_choices_sojourn(2, rho));
        pl_plot_curve(&plot, 4, rho, pl_truth_choices_sojourn(3, rho));
    }
    power_of_choices(report, &plot);
    pl_plot_write(&plot, report->folder, "choices.svg");
}
