// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_gates.h"

#include "base/check.h"
#include "base/random.h"
#include "bots/roster.h"
#include "cli/pack_looks.h"
#include "exam/bot_play.h"
#include "exam/worlds.h"
#include "judge/survey.h"
#include "os/pages.h"
#include "os/threads.h"
#include "sim/clock.h"

#include <stdlib.h>
#include <string.h>

#define REFERENCE_BOT "planner"

enum {
    SEEDS = 4, /* futures, when the opening has to be surveyed */
    SEEDS_MIN = 2,
    FIRST_FORM = 200000,
    FORMS_MAX = 512
};

/** What one run works with; freed at its end. */
struct work {
    const struct pl_gates_plan *plan;
    struct pl_worlds *worlds;
    struct pl_bank *bank;
    const struct pl_constants *constants;
    struct pl_constants *surveyed; /* owned, when there are none that fit */
    struct pl_pack_looks looks;
    uint32_t causes;
    uint32_t workers;
    double belief[PL_CAUSES_MAX];
    struct pl_belief_def belief_def;
};

static void run_tasks(void *context, uint32_t count, pl_task task, void *argument)
{
    const struct work *work = context;
    pl_threads_run(work->workers, count, task, argument);
}

static void say(void (*tell)(const char *sentence), const char *sentence)
{
    if (tell != NULL) {
        tell(sentence);
    }
}

static pl_status no_memory(pl_error *err)
{
    return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the gates.");
}

/* ---- Opening -------------------------------------------------------------------------------- */

static pl_status survey(struct work *work, pl_error *err)
{
    const struct pl_content *content = work->plan->content;
    struct pl_parallel parallel = {.context = work, .run = run_tasks, .workers = work->workers};
    struct pl_classes classes;
    int64_t opens_ns = pl_bank_now(work->bank);
    struct pl_survey survey = {.world = content->world,
                               .scenario = content->scenario,
                               .bank = work->bank,
                               .belief = work->belief,
                               .particles = work->plan->particles,
                               .seeds = SEEDS,
                               .seeds_min = SEEDS_MIN,
                               .seed = pl_random_child(0, 0x67617465),
                               .opens_ns = opens_ns,
                               .ends_ns = opens_ns + pl_clock_ns(content->scenario->horizon_s),
                               .parallel = parallel,
                               .scratch_size = pl_survey_scratch(content->world, &parallel)};
    pl_status status = pl_pages_reserve(survey.scratch_size, &survey.scratch, err);
    work->surveyed = calloc(1, sizeof *work->surveyed);
    if (status == PL_OK && work->surveyed == NULL) {
        status = no_memory(err);
    }
    if (status == PL_OK) {
        pl_constants_init(work->surveyed);
        pl_survey_rates(&survey, work->surveyed);
        pl_survey_node(&survey, work->surveyed);
        pl_survey_classes(work->surveyed, &classes);
        work->constants = work->surveyed;
    }
    pl_pages_release(survey.scratch, survey.scratch_size);
    return status;
}

static pl_status open_all(struct work *work, void (*tell)(const char *), pl_error *err)
{
    const struct pl_gates_plan *plan = work->plan;
    const struct pl_scenario *scenario = plan->content->scenario;
    struct pl_worlds_def def = {.content = plan->content,
                                .directory = plan->directory,
                                .particles = plan->particles,
                                .workers = work->workers};
    pl_error stale = {0};
    double total = 0.0;
    say(tell, "opening the worlds");
    pl_status status = pl_worlds_open(&work->worlds, &def, err);
    if (status != PL_OK) {
        return status;
    }
    work->bank = pl_worlds_trunk(work->worlds)->bank;
    work->causes = scenario->cause_count;
    work->constants = pl_worlds_constants(work->worlds, &stale);
    for (uint32_t h = 0; h < work->causes; h++) {
        work->belief[h] = scenario->causes[h].prior * pl_bank_acceptance(work->bank, h);
        total += work->belief[h];
    }
    for (uint32_t h = 0; h < work->causes && total > 0.0; h++) {
        work->belief[h] /= total;
    }
    if (work->constants == NULL) {
        say(tell, plan->directory != NULL ? stale.message : "surveying the opening");
        status = survey(work, err);
    }
    return status;
}

/* ---- Gates ---------------------------------------------------------------------------------- */

static void define_belief(struct work *work)
{
    work->belief_def = pl_belief_def_default();
    work->belief_def.cause_count = work->causes;
    work->belief_def.particles = work->plan->particles;
    work->belief_def.class_count = work->constants->class_count;
    work->belief_def.eta = work->constants->eta;
    for (uint32_t h = 0; h < work->causes; h++) {
        work->belief_def.prior[h] = work->belief[h];
        work->belief_def.class_of[h] = work->constants->class_of[h];
    }
}

/* What each look can do, most bits first. */
static pl_status
weigh_looks(const struct pl_gates_def *def, struct pl_gates_looks *looks, pl_error *err)
{
    uint32_t count = def->predictive->look_count;
    struct pl_look_power *powers = calloc(count, sizeof *powers);
    PL_CHECK(count <= PL_GATE_LOOKS_MAX);
    if (powers == NULL) {
        return no_memory(err);
    }
    pl_look_powers(def, powers);
    looks->count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct pl_buf out;
        looks->items[i].power = powers[i];
        pl_buf_init(&out, looks->items[i].text, sizeof looks->items[i].text);
        pl_look_format(pl_look_list_call(def->looks, powers[i].look), &out);
    }
    free(powers);
    return PL_OK;
}

static pl_status
judge(const struct work *work, struct pl_gates *gates, struct pl_gates_looks *looks, pl_error *err)
{
    const struct pl_predictive predictive = {.look_count = work->looks.count,
                                             .cause_count = work->causes,
                                             .draw_count = work->plan->particles,
                                             .eta = 1.0, /* stands in the densities already */
                                             .missed = 1.0 - PL_BELIEF_NOTICED,
                                             .cost_s = work->looks.cost_s,
                                             .log_density = work->looks.densities};
    struct pl_gates_def def = {.scenario = work->plan->content->scenario,
                               .constants = work->constants,
                               .looks = work->looks.list,
                               .predictive = &predictive,
                               .look_of = work->looks.look_of,
                               .bits = work->looks.bits,
                               .belief = work->belief,
                               .opens_ns = pl_bank_now(work->bank),
                               .seed = pl_random_child(0, 0x71737173)};
    pl_gates_judge(&def, gates);
    return looks != NULL ? weigh_looks(&def, looks, err) : PL_OK;
}

static pl_status hold_out(const struct work *work, struct pl_gates *gates, pl_error *err)
{
    struct pl_holdout holdout;
    struct pl_temper fit;
    pl_status status = pl_pack_looks_hold(
        &work->looks, &work->belief_def, work->plan->sessions, &holdout, &fit, err);
    if (status == PL_OK) {
        pl_gates_add_beliefs(gates, &holdout, work->belief_def.eta, fit.eta);
    }
    return status;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

/* The planner over forms that nobody else plays. */
static pl_status play(const struct work *work, struct pl_gates *gates, pl_error *err)
{
    const struct pl_gates_plan *plan = work->plan;
    const struct pl_bot_def *bot = pl_roster_find(REFERENCE_BOT);
    struct pl_bot_desk desk = {0};
    double shares[FORMS_MAX];
    uint32_t count = plan->forms < FORMS_MAX ? plan->forms : FORMS_MAX;
    if (plan->knowledge == NULL || bot == NULL || count == 0) {
        return PL_OK;
    }
    pl_status status = pl_bot_desk_init(&desk, plan->content, err);
    for (uint32_t i = 0; i < count && status == PL_OK; i++) {
        struct pl_bot_result result;
        struct pl_bot_plan one = {.content = plan->content,
                                  .knowledge = plan->knowledge,
                                  .bot = bot,
                                  .seed = FIRST_FORM + i,
                                  .created_at = "",
                                  .stay = true};
        status = pl_bot_play(&one, &desk, &result, err);
        shares[i] = result.damage_noop > 0.0 ? result.damage / result.damage_noop : 0.0;
    }
    pl_bot_desk_free(&desk);
    if (status == PL_OK) {
        qsort(shares, count, sizeof shares[0], ascending);
        pl_gates_add_planner(gates, 0.5 * (shares[(count - 1) / 2] + shares[count / 2]), count);
    }
    return status;
}

pl_status pl_pack_gates_run(const struct pl_gates_plan *plan,
                            void (*tell)(const char *sentence),
                            struct pl_gates *gates,
                            struct pl_gates_looks *looks,
                            pl_error *err)
{
    PL_CHECK(plan != NULL && gates != NULL);
    PL_CHECK(plan->particles >= 4 && plan->sessions >= plan->particles);
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL) {
        return no_memory(err);
    }
    memset(gates, 0, sizeof *gates);
    work->plan = plan;
    work->workers = plan->workers > 0 ? plan->workers : pl_threads_processors();
    pl_status status = open_all(work, tell, err);
    if (status == PL_OK) {
        say(tell, "looking everywhere");
        define_belief(work);
        status = pl_pack_looks_take(work->bank,
                                    &work->belief_def,
                                    plan->content->world,
                                    plan->content->scenario,
                                    &work->looks,
                                    err);
    }
    if (status == PL_OK) {
        say(tell, "judging");
        status = judge(work, gates, looks, err);
    }
    if (status == PL_OK) {
        status = hold_out(work, gates, err);
    }
    if (status == PL_OK) {
        say(tell, "letting the planner play");
        status = play(work, gates, err);
    }
    pl_worlds_close(work->worlds);
    pl_pack_looks_free(&work->looks);
    free(work->surveyed);
    free(work);
    return status;
}
