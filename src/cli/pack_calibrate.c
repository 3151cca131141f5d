// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_calibrate.h"

#include "base/check.h"
#include "base/random.h"
#include "bots/roster.h"
#include "cli/pack_looks.h"
#include "exam/bot_play.h"
#include "exam/constants_file.h"
#include "judge/bank.h"
#include "judge/survey.h"
#include "os/pages.h"
#include "os/threads.h"
#include "session/truth.h"
#include "sim/clock.h"
#include "stats/interval.h"

#include <stdio.h>
#include <string.h>

#define REFERENCE_BOT "planner"

enum {
    SENTENCE_SIZE = 160,
    FIRST_FORM = 100000,
    FORMS_MAX = 1000,
    HELD_MIN = 12,      /* worlds per cause below which the rate says more of them than of looks */
    HELD_SESSIONS = 960 /* that the rate is fitted to */
};

/* What one calibration works with. */
struct work {
    const struct pl_calibrate_plan *plan;
    void (*tell)(const char *sentence);
    struct pl_survey survey;
    struct pl_bank *bank;
    void *bank_memory;
    size_t bank_size;
    double belief[PL_CAUSES_MAX];
    uint32_t workers;
};

static void run_tasks(void *context, uint32_t count, pl_task task, void *argument)
{
    const struct work *work = context;
    pl_threads_run(work->workers, count, task, argument);
}

static void say(const struct work *work, const char *sentence)
{
    if (work->tell != NULL) {
        work->tell(sentence);
    }
}

static pl_status open_bank(struct work *work, pl_error *err)
{
    const struct pl_content *content = work->plan->content;
    struct pl_parallel parallel = {.context = work, .run = run_tasks, .workers = work->workers};
    struct pl_bank_def def = {.world = content->world,
                              .scenario = content->scenario,
                              .particles = work->plan->particles,
                              .parallel = parallel};
    work->bank_size = pl_bank_size(&def);
    work->survey.scratch_size = pl_survey_scratch(content->world, &parallel);
    pl_status status = pl_pages_reserve(work->bank_size, &work->bank_memory, err);
    if (status == PL_OK) {
        status = pl_pages_reserve(work->survey.scratch_size, &work->survey.scratch, err);
    }
    if (status == PL_OK) {
        say(work, "opening the worlds");
        status = pl_bank_open(&def, work->bank_memory, work->bank_size, &work->bank, err);
    }
    if (status != PL_OK) {
        return status;
    }
    for (uint32_t h = 0; h < content->scenario->cause_count; h++) {
        work->belief[h] = content->scenario->causes[h].prior * pl_bank_acceptance(work->bank, h);
    }
    work->survey.world = content->world;
    work->survey.scenario = content->scenario;
    work->survey.bank = work->bank;
    work->survey.belief = work->belief;
    work->survey.particles = work->plan->particles;
    work->survey.seeds = work->plan->seeds;
    work->survey.seeds_min = 2;
    work->survey.seed = pl_random_child(0, 0x63616c69);
    work->survey.opens_ns = pl_bank_now(work->bank);
    work->survey.ends_ns = work->survey.opens_ns + pl_clock_ns(content->scenario->horizon_s);
    work->survey.parallel = parallel;
    return PL_OK;
}

/* The learning rate: worlds of the bank are the truth in turns, at the opening. */
static pl_status fit_rate(struct work *work, struct pl_constants *constants, pl_error *err)
{
    const struct pl_calibrate_plan *plan = work->plan;
    struct pl_belief_def belief = pl_belief_def_default();
    struct pl_pack_looks looks = {0};
    struct pl_holdout holdout;
    struct pl_temper fit;
    if (plan->particles < HELD_MIN) {
        return PL_OK;
    }
    say(work, "fitting the learning rate");
    belief.cause_count = plan->content->scenario->cause_count;
    belief.particles = plan->particles;
    belief.class_count = constants->class_count;
    memcpy(belief.prior, work->belief, sizeof belief.prior);
    memcpy(belief.class_of, constants->class_of, sizeof belief.class_of);
    pl_status status = pl_pack_looks_take(
        work->bank, &belief, plan->content->world, plan->content->scenario, &looks, err);
    if (status == PL_OK) {
        status = pl_pack_looks_hold(&looks, &belief, HELD_SESSIONS, &holdout, &fit, err);
    }
    if (status == PL_OK) {
        constants->eta = fit.eta;
    }
    pl_pack_looks_free(&looks);
    return status;
}

static pl_status survey_nodes(struct work *work, struct pl_constants *constants, pl_error *err)
{
    struct pl_classes classes;
    pl_status status = PL_OK;
    int64_t step_ns = pl_clock_ns(work->plan->step_s);
    say(work, "measuring what doing nothing costs");
    pl_survey_rates(&work->survey, constants);
    for (int64_t t_ns = work->survey.opens_ns; t_ns < work->survey.ends_ns && status == PL_OK;
         t_ns += step_ns) {
        char sentence[SENTENCE_SIZE];
        snprintf(sentence,
                 sizeof sentence,
                 "rolling out %u options at minute %.0f",
                 constants->trunk.options.count,
                 pl_clock_s(t_ns - work->survey.opens_ns) / 60.0);
        say(work, sentence);
        pl_bank_advance(work->bank, t_ns);
        pl_survey_node(&work->survey, constants);
        if (t_ns == work->survey.opens_ns) {
            pl_survey_classes(constants, &classes);
            status = fit_rate(work, constants, err);
        }
    }
    return status;
}

/*
 * Mean damage of the reference planner. A few forms are ten times as bad as others, and those that
 * it plays are not those of the bank: what is measured is its share of the damage of doing nothing
 * in the same forms, taken of what doing nothing costs in the bank.
 */
static struct pl_estimate
reference_of(const double *damage, const double *idle, uint32_t count, double d_noop)
{
    double sum = 0.0;
    double all = 0.0;
    struct pl_moments left = {0};
    for (uint32_t i = 0; i < count; i++) {
        sum += damage[i];
        all += idle[i];
    }
    if (!(all > 0.0)) {
        return (struct pl_estimate){.value = 0.0};
    }
    double share = sum / all;
    for (uint32_t i = 0; i < count; i++) {
        pl_moments_add(&left, (damage[i] - share * idle[i]) * count / all);
    }
    return (struct pl_estimate){.value = share * d_noop,
                                .se = pl_moments_standard_error(&left) * d_noop};
}

/* Let the reference planner play forms that nobody else plays. */
static pl_status play_reference(struct work *work, struct pl_constants *constants, pl_error *err)
{
    const struct pl_calibrate_plan *plan = work->plan;
    const struct pl_bot_def *bot = pl_roster_find(REFERENCE_BOT);
    struct pl_bot_desk desk = {0};
    double damage[FORMS_MAX];
    double idle[FORMS_MAX];
    uint32_t forms = plan->forms < FORMS_MAX ? plan->forms : FORMS_MAX;
    if (plan->knowledge == NULL || bot == NULL || forms < 2 ||
        !(pl_truth_budget(plan->content->world) > 0.0)) {
        return PL_OK;
    }
    say(work, "playing the reference planner");
    pl_status status = pl_bot_desk_init(&desk, plan->content, err);
    for (uint32_t i = 0; i < forms && status == PL_OK; i++) {
        struct pl_bot_result result = {0};
        struct pl_bot_plan play = {.content = plan->content,
                                   .knowledge = plan->knowledge,
                                   .bot = bot,
                                   .seed = FIRST_FORM + i,
                                   .created_at = "",
                                   .stay = true};
        status = pl_bot_play(&play, &desk, &result, err);
        damage[i] = result.damage;
        idle[i] = result.damage_noop;
    }
    pl_bot_desk_free(&desk);
    if (status == PL_OK) {
        constants->d_ref = reference_of(damage, idle, forms, constants->d_noop);
    }
    return status;
}

pl_status pl_calibrate_run(const struct pl_calibrate_plan *plan,
                           void (*tell)(const char *sentence),
                           struct pl_constants *constants,
                           pl_error *err)
{
    PL_CHECK(plan != NULL && constants != NULL);
    PL_CHECK(plan->step_s > 0.0 && plan->seeds >= 2);
    struct work work = {.plan = plan,
                        .tell = tell,
                        .workers = plan->workers > 0 ? plan->workers : pl_threads_processors()};
    pl_constants_init(constants);
    pl_constants_file_engine(constants->engine, sizeof constants->engine);
    snprintf(constants->pack, sizeof constants->pack, "%s", plan->content->hash);
    snprintf(constants->command,
             sizeof constants->command,
             "plumb pack calibrate %s --k %u --seeds %u --step %.0f --forms %u",
             plan->content->scenario->name,
             plan->particles,
             plan->seeds,
             plan->step_s,
             plan->forms);
    pl_status status = open_bank(&work, err);
    status = status == PL_OK ? survey_nodes(&work, constants, err) : status;
    status = status == PL_OK ? play_reference(&work, constants, err) : status;
    pl_pages_release(work.bank_memory, work.bank_size);
    pl_pages_release(work.survey.scratch, work.survey.scratch_size);
    return status;
}
