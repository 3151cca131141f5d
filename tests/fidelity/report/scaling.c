// SPDX-License-Identifier: Apache-2.0
//
// Throughput against the number of users when there is a lock.
//
// The universal scalability law is the law of users in lockstep: all come to the lock at the same
// moment (Gunther 2008, the synchronous bound). So a round is a set of parallel branches:
//
//   everyone computes P; then one after the other: hold S, exchange e with each of the others
//   round = P + N (S + e (N - 1)), work per unit of time C = N / (1 + a (N - 1) + b N (N - 1))
//
// with P + S = 1, a = S, b = e. Users who come when they like wait less; their exact law is that
// of a closed network with one server, and is checked too.
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/svg.h"
#include "fidelity/report/truth.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define PRECISION       0.0025
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* An app whose requests compute, take the one row lock, hold it, exchange and let go. */
static struct pl_world *locked(pl_law free_law, double hold, double exchange, uint32_t others)
{
    struct pl_world *world = pl_build_begin(1024);
    pl_build_service(world, "app", 0, 256.0);
    pl_build_route(world, "update");
    world->database_count = 1;
    world->databases[0] = pl_database_default();
    snprintf(world->databases[0].name, sizeof world->databases[0].name, "%s", "db");
    world->databases[0].max_connections = 200.0;
    world->pool_count = 1;
    world->pools[0] = pl_pool_default();
    world->pools[0].size = 100.0;
    world->pools[0].size_max = 100;
    world->pools[0].max_lifetime_s = 0.0;
    world->lock_count = 1;
    snprintf(world->locks[0].name, sizeof world->locks[0].name, "%s", "row");
    world->locks[0].keys = 1;
    world->locks[0].population = 1.0;
    pl_build_cpu(world, free_law);
    pl_build_step(world, PL_OP_ACQUIRE)->target = 0;
    pl_build_step(world, PL_OP_LOCK)->target = 0;
    pl_build_cpu(world, pl_law_exponential(hold * PL_UNIT_S));
    if (exchange > 0.0 && others > 0) {
        pl_build_cpu(world, pl_law_exponential(exchange * PL_UNIT_S))->times = (double)others;
    }
    pl_build_step(world, PL_OP_RELEASE)->target = 0;
    return world;
}

static void add_users(struct pl_world *world, uint32_t users)
{
    struct pl_source *source = pl_build_source(world, 1.0);
    source->arrivals = PL_ARRIVALS_CLOSED;
    source->users = users;
    source->think = pl_law_constant(0.0);
}

/* Measure the throughput of a world and free it; the row. */
static uint32_t throughput(struct pl_report *report,
                           const char *name,
                           const char *parameters,
                           struct pl_world *world,
                           const struct pl_quantity *quantity)
{
    struct pl_anchor anchor = {
        .name = name,
        .parameters = parameters,
        .world = pl_build_seal(world),
        .quantity_count = 1,
        .unit_s = PL_UNIT_S,
        .pilot = 5000.0,
        .cpu_s_max = 20.0,
        .quantities = {*quantity},
    };
    uint32_t row = pl_anchor_measure(report, &anchor);
    free(world);
    return row;
}

static void at_will(struct pl_report *report)
{
    static const uint32_t users[] = {2, 8, 32};
    static const double service[] = {0.2};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(users); i++) {
        struct pl_world *world = locked(pl_law_exponential(0.8 * PL_UNIT_S), 0.2, 0.0, 0);
        add_users(world, users[i]);
        snprintf(parameters, sizeof parameters, "%u users, 0.8 free, 0.2 held", users[i]);
        throughput(report,
                   "Row lock, users at will",
                   parameters,
                   world,
                   &(struct pl_quantity){"throughput",
                                         "exact mean value analysis, one server and a delay",
                                         offsetof(struct pl_sample, throughput),
                                         pl_truth_mva_throughput(users[i], 0.8, service, 1),
                                         PRECISION});
    }
}

/* Rounds per unit of time of `users` in lockstep; the row stays when `shown`. */
static double
lockstep(struct pl_report *report, uint32_t users, double hold, double exchange, bool shown)
{
    char parameters[96];
    struct pl_world *world =
        locked(pl_law_constant((1.0 - hold) * PL_UNIT_S), hold, exchange, users - 1);
    pl_build_service(world, "round", 0, 1.0);
    uint32_t round = pl_build_route(world, "round");
    pl_build_step(world, PL_OP_PARALLEL)->span = users;
    for (uint32_t i = 0; i < users; i++) {
        pl_build_call(world, 0, 0);
    }
    pl_build_edge(world, 1, 0);
    add_users(world, 1);
    world->sources[0].mix_route[0] = round;
    double n = (double)users;
    snprintf(parameters, sizeof parameters, "%u users, a %.2f, b %.3f", users, hold, exchange);
    uint32_t row =
        throughput(report,
                   "Row lock, lockstep",
                   parameters,
                   world,
                   &(struct pl_quantity){"rounds per unit",
                                         "1/(P + N(S + e(N - 1)))",
                                         offsetof(struct pl_sample, throughput),
                                         1.0 / (1.0 - hold + n * (hold + exchange * (n - 1.0))),
                                         PRECISION});
    double rounds = report->rows[row].estimate;
    if (!shown) {
        report->row_count = row;
    }
    return rounds;
}

static void
fit_row(struct pl_report *report, const char *parameters, const struct pl_usl *fit, bool holds)
{
    struct pl_row row = {.verdict = holds ? PL_VERDICT_HOLDS : PL_VERDICT_FAILS};
    snprintf(row.anchor, sizeof row.anchor, "Universal scalability, fit");
    snprintf(row.parameters, sizeof row.parameters, "%s", parameters);
    snprintf(row.formula,
             sizeof row.formula,
             "C = N/(1 + a(N - 1) + bN(N - 1)): a %.4f, b %.6f, R2 %.6f",
             fit->contention,
             fit->coherence,
             fit->r2);
    pl_anchor_row(report, &row);
}

void pl_group_scaling(struct pl_report *report)
{
    static const double users[] = {1, 2, 4, 8, 16, 24, 32, 48, 64};
    struct pl_usl fits[2];
    struct pl_plot plot;
    at_will(report);
    pl_plot_begin(&plot, "Work done against users in lockstep", "users", "capacity C(N)");
    pl_plot_range(&plot, 0.0, 66.0, 0.0, 22.0);
    pl_plot_name(&plot, 0, "lone lock, a 0.05");
    pl_plot_name(&plot, 1, "lock and pairwise exchange, b 0.001");
    for (uint32_t k = 0; k < 2; k++) {
        double x[COUNT_OF(users)];
        for (size_t i = 0; i < COUNT_OF(users); i++) {
            bool shown = i == 3 || i == 8;
            x[i] = users[i] * lockstep(report, (uint32_t)users[i], 0.05, k * 0.001, shown);
            pl_plot_point(&plot, k, users[i], x[i] / x[0], 0.0);
        }
        fits[k] = pl_truth_usl(users, x, COUNT_OF(users));
        for (uint32_t i = 2; i <= 132; i++) {
            double n = 0.5 * (double)i;
            double c = 1.0 + fits[k].contention * (n - 1.0) + fits[k].coherence * n * (n - 1.0);
            pl_plot_curve(&plot, k, n, n / c);
        }
    }
    pl_plot_write(&plot, report->folder, "scalability.svg");
    fit_row(report,
            "lone lock: b within 0.00005 of 0, R2 above 0.99",
            &fits[0],
            fabs(fits[0].coherence) < 0.00005 && fits[0].r2 > 0.99);
    fit_row(report,
            "with exchange: R2 above 0.99, b within 5 % of e",
            &fits[1],
            fits[1].r2 > 0.99 && fabs(fits[1].coherence / 0.001 - 1.0) < 0.05);
}
