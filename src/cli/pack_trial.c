// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_trial.h"

#include "base/check.h"
#include "model/model.h"
#include "model/record.h"
#include "scenario/action.h"

#include <stdlib.h>
#include <string.h>

enum { STEP_S = 15, WINDOW_STEPS = 8 /* 2 min */ };

/** Memory of one cause's trials. */
struct bench {
    const struct pl_trial_plan *plan;
    struct pl_opening *opening;
    void *state_memory;
    void *fork_memory;
    void *record_memory;
    size_t state_size;
    struct pl_state *state;
    struct pl_record *record;
    double damage_open; /* at the opening */
};

static void *aligned(size_t size)
{
    return aligned_alloc(64, (size + 63) / 64 * 64);
}

static void bench_free(struct bench *bench)
{
    free(bench->opening);
    free(bench->state_memory);
    free(bench->fork_memory);
    free(bench->record_memory);
}

static pl_status bench_init(struct bench *bench, const struct pl_trial_plan *plan, pl_error *err)
{
    memset(bench, 0, sizeof *bench);
    bench->plan = plan;
    bench->state_size = pl_model_size(plan->world);
    bench->opening = calloc(1, sizeof *bench->opening);
    bench->state_memory = aligned(bench->state_size);
    bench->fork_memory = aligned(bench->state_size);
    bench->record_memory = aligned(pl_record_size(plan->world));
    if (bench->opening == NULL || bench->state_memory == NULL || bench->fork_memory == NULL ||
        bench->record_memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the trials.");
    }
    return PL_OK;
}

/* Damage of all users so far, for the fleet. */
static double damage_of(const struct pl_world *world, const struct pl_state *state)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < world->source_count; i++) {
        sum += pl_model_outcome(state, i).damage;
    }
    return sum * (double)world->slice_of;
}

/* ---- The opening alert ---------------------------------------------------------------------- */

/** Counts of the page's service in the last minutes, and the alert over them. */
struct gauge {
    uint64_t counts[WINDOW_STEPS + 1][PL_HTTP_BUCKETS];
    uint32_t steps;
    bool above;
    bool fired;
    double above_since_s; /* relative to the opening */
    double fired_s;
};

/* Add the buckets of one route on one pod, all codes together. */
static void add_counts(const struct bench *bench, uint32_t pod, uint32_t route, uint64_t *counts)
{
    for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
        const struct pl_http_cell *cell =
            pl_record_server(bench->record, pod, route, (enum pl_code)code);
        for (uint32_t i = 0; i < PL_HTTP_BUCKETS; i++) {
            counts[i] += cell->count[i];
        }
    }
}

static void read_counts(const struct bench *bench, uint32_t service, uint64_t *counts)
{
    const struct pl_world *world = bench->plan->world;
    memset(counts, 0, sizeof(uint64_t) * PL_HTTP_BUCKETS);
    uint32_t pod0 = pl_model_pod0(world, service);
    for (uint32_t pod = pod0; pod < pod0 + world->services[service].pods_max; pod++) {
        for (uint32_t route = 0; route < world->route_count; route++) {
            if (world->routes[route].service == service) {
                add_counts(bench, pod, route, counts);
            }
        }
    }
}

/* Quantile as Prometheus interpolates it within a bucket. */
static double bucket_quantile(const uint64_t *now, const uint64_t *before, double q)
{
    double total = 0.0;
    for (uint32_t i = 0; i < PL_HTTP_BUCKETS; i++) {
        total += (double)(now[i] - before[i]);
    }
    double rank = q * total;
    double seen = 0.0;
    for (uint32_t i = 0; i < PL_HTTP_BUCKETS && total > 0.0; i++) {
        double here = (double)(now[i] - before[i]);
        if (seen + here >= rank && here > 0.0) {
            if (i == PL_HTTP_BUCKETS - 1) {
                return pl_http_bounds[PL_HTTP_BUCKETS - 2];
            }
            double low = i > 0 ? pl_http_bounds[i - 1] : 0.0;
            return low + (pl_http_bounds[i] - low) * (rank - seen) / here;
        }
        seen += here;
    }
    return 0.0;
}

static const struct pl_alert_def *page_rule(const struct pl_scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->setting.alert_count; i++) {
        if (strcmp(scenario->setting.alerts[i].name, scenario->page_alert) == 0) {
            return &scenario->setting.alerts[i];
        }
    }
    return NULL;
}

static uint32_t page_service(const struct pl_trial_plan *plan)
{
    for (uint32_t i = 0; i < plan->world->service_count; i++) {
        if (strcmp(plan->world->services[i].name, plan->scenario->page_service) == 0) {
            return i;
        }
    }
    PL_CHECK(false); /* the reader has resolved it */
    return 0;
}

static void
gauge_step(struct gauge *gauge, const struct bench *bench, uint32_t service, double relative_s)
{
    const struct pl_alert_def *rule = page_rule(bench->plan->scenario);
    PL_CHECK(rule != NULL);
    memmove(gauge->counts[1], gauge->counts[0], sizeof gauge->counts - sizeof gauge->counts[0]);
    read_counts(bench, service, gauge->counts[0]);
    gauge->steps++;
    if (gauge->steps <= WINDOW_STEPS) {
        return;
    }
    double p99 = bucket_quantile(gauge->counts[0], gauge->counts[WINDOW_STEPS], 0.99);
    if (!(p99 > rule->threshold)) {
        gauge->above = false;
        return;
    }
    if (!gauge->above) {
        gauge->above = true;
        gauge->above_since_s = relative_s;
    }
    if (!gauge->fired && relative_s - gauge->above_since_s >= rule->for_s) {
        gauge->fired = true;
        gauge->fired_s = relative_s;
    }
}

/* ---- Runs ----------------------------------------------------------------------------------- */

static void run_to(const struct bench *bench, double relative_s, struct gauge *gauge)
{
    const struct pl_world *world = bench->plan->world;
    int64_t until_ns = bench->opening->opens_ns + (int64_t)(relative_s * 1e9);
    uint32_t service = page_service(bench->plan);
    while (pl_model_now(bench->state) < until_ns) {
        int64_t next_ns = pl_model_now(bench->state) + STEP_S * PL_NS_PER_S;
        pl_model_run(world, bench->state, bench->record, next_ns < until_ns ? next_ns : until_ns);
        double now_s = (double)(pl_model_now(bench->state) - bench->opening->opens_ns) * 1e-9;
        gauge_step(gauge, bench, service, now_s);
    }
}

static pl_status start(struct bench *bench, uint64_t seed, pl_error *err)
{
    const struct pl_world *world = bench->plan->world;
    pl_status status = pl_scenario_open(
        world, bench->plan->scenario, seed, bench->plan->cause, bench->opening, err);
    if (status != PL_OK) {
        return status;
    }
    bench->state = pl_model_init(world, bench->state_memory, bench->state_size, seed);
    bench->record = pl_record_init(world, bench->record_memory, 0.0);
    for (uint32_t i = 0; i < bench->opening->change_count; i++) {
        status = pl_model_change(world, bench->state, &bench->opening->changes[i], err);
        if (status != PL_OK) {
            return status;
        }
    }
    return PL_OK;
}

/* Damage from the opening to the horizon when `call` (NULL: nothing) is done now. */
static pl_status
fork_damage(struct bench *bench, const struct pl_call *call, double *damage, pl_error *err)
{
    const struct pl_trial_plan *plan = bench->plan;
    struct pl_state *fork = pl_model_fork(bench->fork_memory, bench->state_size, bench->state);
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    uint32_t count = 0;
    if (call != NULL) {
        pl_status status =
            pl_action_changes(plan->world, plan->scenario, fork, call, changes, &count, err);
        for (uint32_t i = 0; i < count && status == PL_OK; i++) {
            status = pl_model_change(plan->world, fork, &changes[i], err);
        }
        if (status != PL_OK) {
            return status;
        }
    }
    int64_t end_ns = bench->opening->opens_ns + (int64_t)(plan->horizon_s * 1e9);
    pl_model_run(plan->world, fork, NULL, end_ns);
    *damage = damage_of(plan->world, fork) - bench->damage_open;
    return PL_OK;
}

static pl_status run_actions(struct bench *bench, struct pl_trial *trial, pl_error *err)
{
    double none = 0.0;
    pl_status status = fork_damage(bench, NULL, &none, err);
    if (status != PL_OK) {
        return status;
    }
    pl_moments_add(&trial->none, none);
    for (uint32_t i = 0; i < trial->action_count; i++) {
        struct pl_trial_action *action = &trial->actions[i];
        double damage = 0.0;
        status =
            fork_damage(bench, &bench->plan->scenario->setting.calls[action->call], &damage, err);
        if (status != PL_OK) {
            return status;
        }
        pl_moments_add(&action->damage, damage);
        pl_moments_add(&action->difference, damage - none);
    }
    return PL_OK;
}

static pl_status run_seed(struct bench *bench, uint64_t seed, struct pl_trial *trial, pl_error *err)
{
    struct gauge gauge = {.steps = 0};
    pl_status status = start(bench, seed, err);
    if (status != PL_OK) {
        return status;
    }
    run_to(bench, 0.0, &gauge);
    bench->damage_open = damage_of(bench->plan->world, bench->state);
    pl_moments_add(&trial->before, bench->damage_open);
    run_to(bench, bench->plan->scenario->test_act_s, &gauge);
    bool timely =
        gauge.fired && gauge.fired_s >= -PL_TRIAL_EARLY_S && gauge.fired_s <= PL_TRIAL_LATE_S;
    trial->fired += timely ? 1 : 0;
    if (gauge.fired) {
        pl_moments_add(&trial->fired_s, gauge.fired_s);
    }
    status = run_actions(bench, trial, err);
    trial->overflowed += pl_model_overflows(bench->state) > 0 ? 1 : 0;
    return status;
}

/* ---- Verdicts ------------------------------------------------------------------------------- */

/* A remedy takes a third of the damage away, a harmful move adds to it; both beyond chance. */
static uint32_t as_expected(const struct pl_trial *trial, const struct pl_trial_action *action)
{
    double mean = action->difference.mean;
    double error = pl_moments_standard_error(&action->difference);
    if (action->helps != 0) {
        return mean + 2.0 * error < 0.0 && action->damage.mean < 0.67 * trial->none.mean ? 1 : 0;
    }
    return mean - 2.0 * error > 0.0 ? 1 : 0;
}

static void list_actions(const struct pl_trial_plan *plan, struct pl_trial *trial)
{
    const struct pl_cause *cause = &plan->scenario->causes[plan->cause];
    for (uint32_t i = 0; i < cause->helps_count + cause->harms_count; i++) {
        if (trial->action_count == PL_TRIAL_ACTIONS_MAX) {
            return;
        }
        bool helps = i < cause->helps_count;
        struct pl_trial_action *action = &trial->actions[trial->action_count++];
        action->helps = helps ? 1 : 0;
        action->call = helps ? cause->helps0 + i : cause->harms0 + (i - cause->helps_count);
    }
}

pl_status pl_trial_run(const struct pl_trial_plan *plan, struct pl_trial *trial, pl_error *err)
{
    PL_CHECK(plan->cause < plan->scenario->cause_count);
    PL_CHECK(plan->seeds > 0);
    struct bench bench;
    memset(trial, 0, sizeof *trial);
    trial->cause = plan->cause;
    trial->seeds = plan->seeds;
    list_actions(plan, trial);
    pl_status status = bench_init(&bench, plan, err);
    for (uint32_t seed = 1; seed <= plan->seeds && status == PL_OK; seed++) {
        status = run_seed(&bench, seed, trial, err);
    }
    for (uint32_t i = 0; i < trial->action_count; i++) {
        trial->actions[i].good = as_expected(trial, &trial->actions[i]);
    }
    bench_free(&bench);
    return status;
}

bool pl_trial_good(const struct pl_trial *trial)
{
    bool good = trial->fired * 5 >= trial->seeds * 4 && trial->overflowed == 0;
    for (uint32_t i = 0; i < trial->action_count; i++) {
        good = good && trial->actions[i].good != 0;
    }
    return good;
}
