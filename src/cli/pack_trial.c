// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_trial.h"

#include "base/check.h"
#include "cli/watched.h"
#include "scenario/action.h"

#include <stdlib.h>
#include <string.h>

/** The runs of one cause's trials. */
struct bench {
    const struct pl_trial_plan *plan;
    struct pl_watched run;
    void *fork_memory;
    double damage_open; /* at the opening */
    bool overflowed;    /* a fork of this form met the limit of frames */
};

static void bench_free(struct bench *bench)
{
    free(bench->fork_memory);
    pl_watched_free(&bench->run);
}

static pl_status bench_init(struct bench *bench, const struct pl_trial_plan *plan, pl_error *err)
{
    memset(bench, 0, sizeof *bench);
    bench->plan = plan;
    pl_status status = pl_watched_init(&bench->run, plan->world, err);
    bench->fork_memory = status == PL_OK ? pl_watched_room(bench->run.state_size) : NULL;
    if (bench->fork_memory == NULL) {
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

/** The page that opens the scenario, as the instruments send it. */
struct opening_page {
    bool sent;
    double at_s; /* relative to the opening */
};

static bool is_opening_page(const struct bench *bench, const struct pl_observe_event *event)
{
    const struct pl_setting *setting = &bench->plan->scenario->setting;
    return bench->plan->scenario->page_alert[0] != '\0' && event->kind == PL_EVENT_PAGE &&
           event->source < setting->alert_count &&
           strcmp(setting->alerts[event->source].name, bench->plan->scenario->page_alert) == 0;
}

static void look_for_page(const struct bench *bench, struct opening_page *page)
{
    if (bench->plan->scenario->page_alert[0] == '\0') {
        *page = (struct opening_page){.sent = true}; /* somebody tells, in every form */
    }
    for (uint32_t i = 0; i < pl_observe_event_count(bench->run.observe) && !page->sent; i++) {
        const struct pl_observe_event *event = pl_observe_event(bench->run.observe, i);
        if (is_opening_page(bench, event)) {
            page->sent = true;
            page->at_s = (double)(event->t_ns - bench->run.opening->opens_ns) * 1e-9;
        }
    }
}

/* ---- Runs ----------------------------------------------------------------------------------- */

static void run_to(struct bench *bench, double relative_s)
{
    pl_watched_run(&bench->run, bench->run.opening->opens_ns + (int64_t)(relative_s * 1e9));
}

static pl_status start(struct bench *bench, uint64_t seed, pl_error *err)
{
    const struct pl_trial_plan *plan = bench->plan;
    pl_status status =
        pl_scenario_open(plan->world, plan->scenario, seed, plan->cause, bench->run.opening, err);
    return status == PL_OK ? pl_watched_start(&bench->run, plan->scenario, seed, err) : status;
}

/* Damage from the opening to the horizon when `call` (NULL: nothing) is done now. */
static pl_status
fork_damage(struct bench *bench, const struct pl_call *call, double *damage, pl_error *err)
{
    const struct pl_trial_plan *plan = bench->plan;
    struct pl_state *fork =
        pl_model_fork(bench->fork_memory, bench->run.state_size, bench->run.state);
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
    int64_t end_ns = bench->run.opening->opens_ns + (int64_t)(plan->horizon_s * 1e9);
    pl_model_run(plan->world, fork, NULL, end_ns);
    *damage = damage_of(plan->world, fork) - bench->damage_open;
    bench->overflowed = bench->overflowed || pl_model_overflows(fork) > 0;
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
    struct opening_page page = {.sent = false};
    bench->overflowed = false;
    pl_status status = start(bench, seed, err);
    if (status != PL_OK) {
        return status;
    }
    run_to(bench, 0.0);
    bench->damage_open = damage_of(bench->plan->world, bench->run.state);
    pl_moments_add(&trial->before, bench->damage_open);
    run_to(bench, bench->plan->scenario->test_act_s);
    look_for_page(bench, &page);
    bool timely = page.sent && page.at_s >= -PL_TRIAL_EARLY_S && page.at_s <= PL_TRIAL_LATE_S;
    trial->fired += timely ? 1 : 0;
    if (page.sent) {
        pl_moments_add(&trial->fired_s, page.at_s);
    }
    status = run_actions(bench, trial, err);
    trial->overflowed += bench->overflowed || pl_model_overflows(bench->run.state) > 0 ? 1 : 0;
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
