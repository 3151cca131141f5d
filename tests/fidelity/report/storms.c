// SPDX-License-Identifier: Apache-2.0
//
// Failures that outlive their trigger.
//
// (1) After Bronson et al. (HotOS 2021): a database good for 300 requests per second, callers with
//     a timeout and one retry. Fluid rule with r retries: safe below C/(1 + r) = 150, vulnerable
//     up to C = 300; recovery needs a load below C/(1 + r), not below C.
// (2) After the retry artifact of Huang et al. (OSDI 2022): a primary on 2 processors whose quota
//     is cut for ten seconds, a timeout of 3 s and 4 resends. Four outcomes in order. The absolute
//     rate of that test bed means nothing here; one number, the utilisation, is tuned.
#include "base/check.h"
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/storm.h"
#include "fidelity/report/svg.h"

#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* One experiment: a caller and a database. */
struct storm {
    double rate;
    double service_s;
    uint32_t workers;
    double cores;
    double queue_limit; /* 0: none */
    double timeout_s;
    double retries;
    double budget;
    double trigger_s; /* 0: none; it begins at 30 s */
    const char *trigger_path;
    double trigger_value;
    double normal_value;
    double later_rate; /* factor on the rate from 120 s on, 0: stays */
    double end_s;
};

static const struct pl_world *storm_world(const struct storm *storm)
{
    struct pl_world *world = pl_build_begin(65536);
    pl_build_service(world, "app", 0, 1.0);
    pl_build_route(world, "ask");
    pl_build_call(world, 0, 1);
    struct pl_service *db = pl_build_service(world, "db", storm->workers, storm->cores);
    db->queue_limit = (uint32_t)storm->queue_limit;
    pl_build_route(world, "query");
    pl_build_cpu(world, pl_law_exponential(storm->service_s));
    struct pl_edge *edge = pl_build_edge(world, 0, 1);
    edge->timeout_s = storm->timeout_s;
    edge->retries = storm->retries;
    edge->backoff_s = 0.0;
    edge->budget = storm->budget;
    pl_build_source(world, storm->rate);
    return pl_build_seal(world);
}

/* The experiment as a trial, whose world the caller frees. */
static struct pl_trial trial_of(const struct storm *storm)
{
    struct pl_trial trial = pl_trial_of(storm_world(storm), storm->end_s);
    trial.fork_s = 29.0;
    if (storm->trigger_s > 0.0) {
        pl_trial_add(&trial, storm->trigger_path, storm->trigger_value, 30.0);
        pl_trial_add(&trial, storm->trigger_path, storm->normal_value, 30.0 + storm->trigger_s);
    }
    if (storm->later_rate > 0.0) {
        pl_trial_add(&trial, "traffic.users.rate", storm->later_rate, 120.0);
    }
    return trial;
}

static uint32_t
storm_down(struct pl_report *report, const struct storm *storm, uint64_t seed0, uint32_t count)
{
    struct pl_trial trial = trial_of(storm);
    uint32_t down = pl_trial_down(report, &trial, seed0, count);
    pl_trial_free(&trial);
    return down;
}

static void storm_row(struct pl_report *report,
                      const char *anchor,
                      const char *parameters,
                      const struct storm *storm,
                      bool must_stay_down)
{
    struct pl_trial trial = trial_of(storm);
    pl_trial_row(
        report, anchor, parameters, &trial, must_stay_down ? PL_TRIAL_DOWN : PL_TRIAL_WELL);
}

/* ---- HotOS toy ------------------------------------------------------------------------------- */

static struct storm toy(double rate, bool trigger)
{
    return (struct storm){
        .rate = rate,
        .service_s = 0.1,
        .workers = 30,
        .cores = 30.0,
        .queue_limit = 1000.0,
        .timeout_s = 1.0,
        .retries = 1.0,
        .trigger_s = trigger ? 10.0 : 0.0,
        .trigger_path = "service.db.cpu_factor",
        .trigger_value = 50.0,
        .normal_value = 1.0,
        .end_s = 200.0,
    };
}

static void toy_rows(struct pl_report *report)
{
    static const struct {
        double rate;
        uint32_t trigger;
        uint32_t down;
    } rows[] = {{140, 0, 0}, {140, 1, 0}, {280, 0, 0}, {280, 1, 1}, {310, 0, 1}, {310, 1, 1}};
    char parameters[96];
    struct storm storm;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        storm = toy(rows[i].rate, rows[i].trigger != 0);
        snprintf(parameters,
                 sizeof parameters,
                 "%.0f /s, 1 retry, %s",
                 rows[i].rate,
                 rows[i].trigger ? "10 s trigger" : "no trigger");
        storm_row(report, "Metastable toy (HotOS 2021)", parameters, &storm, rows[i].down != 0);
    }
    storm = toy(280.0, true);
    storm.end_s = 260.0;
    storm.later_rate = 200.0 / 280.0;
    storm_row(report, "Metastable toy, load shed", "280, later 200 /s (> 150)", &storm, true);
    storm.later_rate = 130.0 / 280.0;
    storm_row(report, "Metastable toy, load shed", "280, later 130 /s (< 150)", &storm, false);
    storm = toy(240.0, true);
    storm.budget = 0.1;
    storm_row(report, "Metastable toy, retry budget", "240 /s, budget 10 %", &storm, false);
    storm = toy(240.0, true);
    storm.retries = 0.0;
    storm_row(report, "Metastable toy, no retries", "240 /s", &storm, false);
}

static void toy_plots(struct pl_report *report)
{
    static const char *names[] = {
        "280 /s, trigger", "280 /s, no trigger", "140 /s, trigger", "240 /s, trigger, budget 10 %"};
    static const double rates[] = {
        120, 130, 140, 150, 160, 170, 180, 200, 220, 240, 260, 280, 300, 320};
    struct pl_plot plot;
    pl_plot_begin(&plot,
                  "Goodput over time; the trigger lasts from 30 s to 40 s",
                  "seconds",
                  "answers per second");
    pl_plot_range(&plot, 0.0, 200.0, 0.0, 420.0);
    for (uint32_t k = 0; k < COUNT_OF(names); k++) {
        struct storm storm = toy(k < 2 ? 280.0 : k == 2 ? 140.0 : 240.0, k != 1);
        double bins[PL_TRIAL_BINS_MAX] = {0};
        storm.budget = k == 3 ? 0.1 : 0.0;
        struct pl_trial trial = trial_of(&storm);
        pl_trial_run(report, &trial, 1, bins);
        pl_trial_free(&trial);
        pl_plot_name(&plot, k, names[k]);
        for (uint32_t b = 0; b < 40; b++) {
            pl_plot_curve(&plot, k, ((double)b + 0.5) * PL_TRIAL_BIN_S, bins[b]);
        }
    }
    pl_plot_write(&plot, report->folder, "metastable.svg");
    pl_plot_begin(&plot,
                  "Who stays down after the trigger; fluid rule: from 150 /s on",
                  "requests per second",
                  "share of 24 seeds that stay down");
    pl_plot_range(&plot, 100.0, 320.0, 0.0, 1.2);
    pl_plot_name(&plot, 0, "10 s trigger");
    pl_plot_name(&plot, 1, "no trigger");
    pl_plot_name(&plot, 7, "fluid rule");
    for (uint32_t k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < COUNT_OF(rates); i++) {
            double rate = rates[i];
            struct storm storm = toy(rate, k == 0);
            double down = (double)storm_down(report, &storm, 1, PL_ANCHOR_SEEDS);
            pl_plot_curve(&plot, k, rate, down / PL_ANCHOR_SEEDS);
            pl_plot_point(&plot, k, rate, down / PL_ANCHOR_SEEDS, 0.0);
        }
    }
    pl_plot_curve(&plot, 7, 150.0, 0.0);
    pl_plot_curve(&plot, 7, 150.0, 1.0);
    pl_plot_write(&plot, report->folder, "fluid.svg");
}

/* ---- OSDI retry artifact --------------------------------------------------------------------- */

/* The four cases: length of the cut, quota during it, rate against the base. */
static const struct {
    const char *name;
    double trigger_s;
    double quota;
    double rate;
    uint32_t down;
} cases[] = {
    {"(a) 10 s, 2 to 0.45 cores", 10.0, 0.45, 1.0, 0},
    {"(b) 10 s, 2 to 0.40 cores", 10.0, 0.40, 1.0, 1},
    {"(c) 9 s, 2 to 0.40 cores", 9.0, 0.40, 1.0, 0},
    {"(d) 10 s, 2 to 0.40 cores, rate x 0.75", 10.0, 0.40, 0.75, 0},
};

static struct storm artifact(size_t which, double utilisation)
{
    const double rate = 400.0;
    return (struct storm){
        .rate = rate * cases[which].rate,
        .service_s = 2.0 * utilisation / rate,
        .workers = 128,
        .cores = 2.0,
        .timeout_s = 3.0,
        .retries = 4.0,
        .trigger_s = cases[which].trigger_s,
        .trigger_path = "service.db.cpu_quota",
        .trigger_value = cases[which].quota,
        .normal_value = 0.0,
        .end_s = 80.0,
    };
}

/* The utilisation at which (b) differs most from the other three, by its own seeds. */
static double scan(struct pl_report *report, struct pl_plot *plot)
{
    double best = 0.0;
    double best_gap = -2.0;
    for (uint32_t i = 0; i <= 16; i++) {
        double utilisation = 0.34 + 0.005 * (double)i;
        double p[COUNT_OF(cases)];
        for (size_t k = 0; k < COUNT_OF(cases); k++) {
            struct storm storm = artifact(k, utilisation);
            p[k] = (double)storm_down(report, &storm, 1, 20) / 20.0;
            pl_plot_curve(plot, (uint32_t)k, utilisation, p[k]);
            pl_plot_point(plot, (uint32_t)k, utilisation, p[k], 0.0);
        }
        double worst = p[0] > p[2] ? p[0] : p[2];
        worst = p[3] > worst ? p[3] : worst;
        if (p[1] - worst > best_gap) {
            best_gap = p[1] - worst;
            best = utilisation;
        }
    }
    return best;
}

static void artifact_rows(struct pl_report *report)
{
    struct pl_plot plot;
    char parameters[96];
    pl_plot_begin(&plot,
                  "Retry artifact: probability that the failure stays",
                  "utilisation before the trigger",
                  "share of 20 seeds that stay down");
    pl_plot_range(&plot, 0.335, 0.425, 0.0, 1.4);
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        pl_plot_name(&plot, (uint32_t)k, cases[k].name);
    }
    double utilisation = scan(report, &plot);
    pl_plot_write(&plot, report->folder, "artifact.svg");
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        struct storm storm = artifact(k, utilisation);
        snprintf(parameters,
                 sizeof parameters,
                 "%s; utilisation %.3f (tuned)",
                 cases[k].name,
                 utilisation);
        struct pl_trial trial = trial_of(&storm);
        pl_trial_rollout_row(report,
                             "Retry artifact (OSDI 2022)",
                             parameters,
                             &trial,
                             cases[k].down ? PL_TRIAL_DOWN : PL_TRIAL_WELL);
    }
}

void pl_group_storms(struct pl_report *report)
{
    toy_rows(report);
    toy_plots(report);
    artifact_rows(report);
}
