// SPDX-License-Identifier: Apache-2.0
//
// What retries do to the number of attempts when each attempt fails with probability p, after
// Brooker's public retry simulations.
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/svg.h"

#include <stddef.h>
#include <stdlib.h>

#define PRECISION       0.0025
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* As published: a hundred clients with ten requests per second each, every one with its own budget
 * and breaker. */
enum { CLIENTS = 100 };

enum policy { POLICY_NONE, POLICY_RETRIES, POLICY_BUDGET, POLICY_BREAKER, POLICY_COUNT };

static const char *const policy_names[] = {
    "no retries", "3 retries", "3 retries, budget 10 %", "3 retries, breaker at 50 %"};

static const char *const formulas[] = {"1",
                                       "1 + p + p^2 + p^3",
                                       "min(1 + p + p^2 + p^3, 1 + budget), within 0.1 %",
                                       "1 + p + p^2 + p^3"};

static struct pl_world *failing(double p, enum policy policy)
{
    struct pl_world *world = pl_build_begin(4096);
    struct pl_service *clients = pl_build_service(world, "app", 0, 1.0);
    clients->pods = CLIENTS;
    clients->pods_max = CLIENTS;
    clients->balance = PL_BALANCE_RANDOM;
    pl_build_route(world, "ask");
    pl_build_call(world, 0, 1);
    pl_build_service(world, "backend", 0, 1000.0)->error_rate = p;
    pl_build_route(world, "answer");
    pl_build_cpu(world, pl_law_constant(0.001));
    struct pl_edge *edge = pl_build_edge(world, 0, 1);
    edge->retries = policy == POLICY_NONE ? 0.0 : 3.0;
    edge->backoff_s = 0.01;
    edge->budget = policy == POLICY_BUDGET ? 0.1 : 0.0;
    edge->breaker = policy == POLICY_BREAKER ? 1.0 : 0.0;
    pl_build_source(world, 1000.0);
    return world;
}

static double expected(double p, enum policy policy)
{
    double all = policy == POLICY_NONE ? 1.0 : 1.0 + p + p * p + p * p * p;
    return policy == POLICY_BUDGET && all > 1.1 ? 1.1 : all;
}

static void amplification(struct pl_report *report, struct pl_plot *plot, enum policy policy)
{
    static const double shares[] = {0.05, 0.25, 0.5, 0.75};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        double p = shares[i];
        struct pl_world *world = failing(p, policy);
        struct pl_anchor anchor = {
            .name = "Retry amplification",
            .parameters = parameters,
            .world = pl_build_seal(world),
            .quantity_count = 1,
            .recorded = 1,
            .unit_s = 1.0,
            .pilot = 100.0,
            .cpu_s_max = policy == POLICY_BREAKER ? 0.0 : 20.0,
            /* A bucket may end fuller or emptier than it began. */
            .tolerance = policy == POLICY_BUDGET ? 0.001 : 0.0,
            .quantities = {{"attempts per request",
                            formulas[policy],
                            offsetof(struct pl_sample, attempts),
                            expected(p, policy),
                            PRECISION}},
        };
        snprintf(parameters, sizeof parameters, "p %.2f, %s", p, policy_names[policy]);
        uint32_t first = pl_anchor_measure(report, &anchor);
        struct pl_row *row = &report->rows[first];
        pl_plot_point(plot, (uint32_t)policy, p, row->estimate, row->standard_error);
        if (policy == POLICY_BREAKER) {
            /* It has no closed form; an open breaker must send less than one attempt each. */
            bool calm = p < 0.4;
            bool holds = calm ? row->estimate <= row->truth + 4.0 * row->standard_error
                              : row->estimate < 1.0;
            snprintf(row->formula,
                     sizeof row->formula,
                     "%s; measured %.4f",
                     calm ? "at most 1 + p + p^2 + p^3" : "below 1: the breaker is open mostly",
                     row->estimate);
            row->numeric = 0;
            row->verdict = holds ? PL_VERDICT_HOLDS : PL_VERDICT_FAILS;
        }
        free(world);
    }
}

void pl_group_retries(struct pl_report *report)
{
    struct pl_plot plot;
    pl_plot_begin(&plot,
                  "Attempts that reach the backend",
                  "probability that an attempt fails",
                  "attempts per request");
    pl_plot_range(&plot, 0.0, 0.8, 0.0, 3.2);
    for (uint32_t k = 0; k < POLICY_COUNT; k++) {
        pl_plot_name(&plot, k, policy_names[k]);
    }
    for (uint32_t i = 0; i <= 160; i++) {
        double p = 0.005 * (double)i;
        pl_plot_curve(&plot, 1, p, expected(p, POLICY_RETRIES));
        pl_plot_curve(&plot, 2, p, expected(p, POLICY_BUDGET));
    }
    for (uint32_t k = 0; k < POLICY_COUNT; k++) {
        amplification(report, &plot, (enum policy)k);
    }
    pl_plot_write(&plot, report->folder, "retries.svg");
}
