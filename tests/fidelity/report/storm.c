// SPDX-License-Identifier: Apache-2.0
#include "fidelity/report/storm.h"

#include "base/check.h"
#include "stats/interval.h"
#include "support/worlds.h"

#include <stdlib.h>

struct pl_trial pl_trial_of(const struct pl_world *world, double end_s)
{
    return (struct pl_trial){.world = world, .end_s = end_s, .down_below = 0.5};
}

void pl_trial_add(struct pl_trial *trial, const char *path, double value, double at_s)
{
    PL_CHECK(trial->change_count < PL_TRIAL_CHANGES_MAX);
    trial->changes[trial->change_count++] = (struct pl_trial_change){path, value, at_s};
}

void pl_trial_free(struct pl_trial *trial)
{
    union {
        const struct pl_world *borrowed;
        struct pl_world *owned;
    } alias = {trial->world};
    free(alias.owned);
    trial->world = NULL;
}

/* A state at 0 with the trial's timeline. */
static struct pl_state *begin(const struct pl_trial *trial, uint64_t seed)
{
    struct pl_state *state = pl_test_start(trial->world, seed);
    for (uint32_t i = 0; i < trial->change_count; i++) {
        const struct pl_trial_change *change = &trial->changes[i];
        pl_test_change(trial->world, state, change->path, change->value, change->at_s);
    }
    return state;
}

/* Run a state to the end of its trial and free it. */
static double
finish(struct pl_report *report, const struct pl_trial *trial, struct pl_state *state, double *bins)
{
    uint32_t count = (uint32_t)(trial->end_s / PL_TRIAL_BIN_S);
    struct pl_outcome_view start = pl_model_outcome(state, 0);
    struct pl_outcome_view early = {0};
    uint64_t ok = start.ok;
    PL_CHECK(count <= PL_TRIAL_BINS_MAX);
    for (uint32_t b = 0; b < count; b++) {
        int64_t until = (int64_t)(b + 1) * PL_TRIAL_BIN_S * PL_NS_PER_S;
        if (until <= pl_model_now(state)) {
            continue;
        }
        pl_model_run(trial->world, state, NULL, until);
        struct pl_outcome_view now = pl_model_outcome(state, 0);
        if (bins != NULL) {
            bins[b] = (double)(now.ok - ok) / PL_TRIAL_BIN_S;
        }
        ok = now.ok;
        if (b + 1 + 20 / PL_TRIAL_BIN_S == count) {
            early = now;
        }
    }
    pl_anchor_finish(report, trial->world, state, NULL, trial->end_s);
    struct pl_outcome_view last = pl_model_outcome(state, 0);
    report->requests += last.offered - start.offered;
    free(state);
    return (double)(last.ok - early.ok) / (double)(last.offered - early.offered);
}

double
pl_trial_run(struct pl_report *report, const struct pl_trial *trial, uint64_t seed, double *bins)
{
    return finish(report, trial, begin(trial, seed), bins);
}

uint32_t pl_trial_down(struct pl_report *report,
                       const struct pl_trial *trial,
                       uint64_t seed0,
                       uint32_t count)
{
    uint32_t down = 0;
    for (uint32_t i = 0; i < count; i++) {
        down += pl_trial_run(report, trial, seed0 + i, NULL) < trial->down_below ? 1 : 0;
    }
    return down;
}

uint32_t pl_trial_rollouts(struct pl_report *report, const struct pl_trial *trial, uint64_t seed0)
{
    uint32_t down = 0;
    for (uint32_t s = 0; s < PL_TRIAL_STATES; s++) {
        struct pl_state *past = begin(trial, seed0 + s);
        pl_model_run(trial->world, past, NULL, (int64_t)(trial->fork_s * PL_NS_PER_S));
        for (uint32_t i = 0; i < PL_TRIAL_FUTURES; i++) {
            struct pl_state *future = pl_test_fork(trial->world, past);
            pl_model_reseed(future, i + 1);
            down += finish(report, trial, future, NULL) < trial->down_below ? 1 : 0;
        }
        free(past);
    }
    return down;
}

static void add_row(struct pl_report *report,
                    const char *anchor,
                    const char *parameters,
                    const struct pl_row *cost,
                    enum pl_trial_claim claim,
                    const char *of,
                    uint32_t down,
                    uint32_t runs)
{
    pl_interval p = pl_interval_of_proportion(down, runs, 0.95);
    bool holds = claim == PL_TRIAL_DOWN ? down * 10 >= runs * 9 : down * 10 <= runs;
    if (runs > PL_ANCHOR_SEEDS) {
        holds = claim == PL_TRIAL_DOWN ? p.low > 0.5 : p.high < 0.5;
    }
    struct pl_row row = *cost;
    row.verdict = holds ? PL_VERDICT_HOLDS : PL_VERDICT_FAILS;
    snprintf(row.anchor, sizeof row.anchor, "%s", anchor);
    snprintf(row.parameters, sizeof row.parameters, "%s", parameters);
    snprintf(row.formula,
             sizeof row.formula,
             "must %s; stayed down in %u of %u %s (95 %%: %.2f..%.2f)",
             claim == PL_TRIAL_DOWN ? "stay down" : "be well",
             down,
             runs,
             of,
             p.low,
             p.high);
    pl_anchor_row(report, &row);
}

void pl_trial_row(struct pl_report *report,
                  const char *anchor,
                  const char *parameters,
                  struct pl_trial *trial,
                  enum pl_trial_claim claim)
{
    double start = pl_anchor_cpu_s();
    uint64_t before = report->requests;
    uint32_t down = pl_trial_down(report, trial, 5001, PL_ANCHOR_SEEDS);
    struct pl_row cost = {.requests = report->requests - before,
                          .cpu_s = pl_anchor_cpu_s() - start};
    add_row(report, anchor, parameters, &cost, claim, "seeds", down, PL_ANCHOR_SEEDS);
    pl_trial_free(trial);
}

void pl_trial_rollout_row(struct pl_report *report,
                          const char *anchor,
                          const char *parameters,
                          struct pl_trial *trial,
                          enum pl_trial_claim claim)
{
    double start = pl_anchor_cpu_s();
    uint64_t before = report->requests;
    uint32_t runs = PL_TRIAL_STATES * PL_TRIAL_FUTURES;
    uint32_t down = pl_trial_rollouts(report, trial, 7001);
    struct pl_row cost = {.requests = report->requests - before,
                          .cpu_s = pl_anchor_cpu_s() - start};
    add_row(report, anchor, parameters, &cost, claim, "rollouts of 4 states", down, runs);
    pl_trial_free(trial);
}
