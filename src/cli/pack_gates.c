// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_gates.h"

#include "base/check.h"
#include "base/random.h"
#include "bots/roster.h"
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
    READINGS = 2, /* perception draws per particle */
    LOOKS = 5,    /* of a session in belief space */
    SEEDS = 4,    /* futures, when the opening has to be surveyed */
    SEEDS_MIN = 2,
    FIRST_FORM = 200000,
    FORMS_MAX = 512
};

#define APPEAL_LEAST 0.02 /* bits: looks that tell nothing are taken now and then */

/** What one run works with; freed at its end. */
struct work {
    const struct pl_gates_plan *plan;
    struct pl_worlds *worlds;
    struct pl_bank *bank;
    const struct pl_constants *constants;
    struct pl_constants *surveyed; /* owned, when there are none that fit */
    struct pl_look_list *list;
    uint32_t causes;
    uint32_t workers;
    uint32_t look_count; /* that can be taken */
    uint32_t look_of[PL_GATE_LOOKS_MAX];
    double cost_s[PL_GATE_LOOKS_MAX];
    double appeal[PL_GATE_LOOKS_MAX];
    uint8_t there[PL_GATE_LOOKS_MAX];
    struct pl_eig_value bits[PL_GATE_LOOKS_MAX];
    struct pl_feature_set *shown; /* shown[look][cause * particles + k] */
    float *density;               /* of one look, with "something else" */
    float *densities;             /* of all */
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

static void *room(size_t size)
{
    return aligned_alloc(64, (size + 63) / 64 * 64);
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

/* ---- Looks ---------------------------------------------------------------------------------- */

static size_t world_count(const struct work *work)
{
    return (size_t)work->causes * work->plan->particles;
}

static pl_status take_room(struct work *work, pl_error *err)
{
    const struct pl_content *content = work->plan->content;
    size_t size = pl_look_list_size(content->world, content->scenario);
    void *list = room(size);
    if (list == NULL) {
        return no_memory(err);
    }
    work->list = pl_look_list_init(content->world, content->scenario, list, size);
    size_t looks = pl_look_list_count(work->list);
    looks = looks < PL_GATE_LOOKS_MAX ? looks : PL_GATE_LOOKS_MAX;
    size_t worlds = world_count(work);
    work->shown = calloc(looks * worlds, sizeof *work->shown);
    work->density = calloc(worlds * (work->causes + 1), sizeof *work->density);
    work->densities = calloc(looks * worlds * work->causes, sizeof *work->densities);
    bool all = work->shown != NULL && work->density != NULL && work->densities != NULL;
    return all ? PL_OK : no_memory(err);
}

/* What every look shows in all worlds; those that nobody can take now are left out. */
static void look_everywhere(struct work *work)
{
    for (uint32_t i = 0; i < pl_look_list_count(work->list); i++) {
        const struct pl_look_call *call = pl_look_list_call(work->list, i);
        uint32_t at = work->look_count;
        pl_error err = {0};
        if (at == PL_GATE_LOOKS_MAX ||
            pl_bank_look(work->bank, call, work->shown + at * world_count(work), &err) != PL_OK) {
            continue;
        }
        work->look_of[at] = i;
        work->cost_s[at] = (double)call->cost_ns / 1e9;
        work->there[at] = 1;
        work->look_count++;
    }
}

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

/* Bits and densities of one look under the prior. */
static void value_look(
    struct work *work, const struct pl_belief *belief, uint32_t look, void *scratch, void *memory)
{
    double of_cause[PL_CAUSES_MAX];
    struct pl_eig eig;
    struct pl_eig_def def = {.stream = PL_BELIEF_PERCEIVED, .draws = READINGS, .key = look};
    struct pl_evidence_def evidence_def =
        pl_belief_evidence_def(belief, (UINT32_C(1) << work->causes) - 1, of_cause);
    const struct pl_evidence *evidence =
        pl_evidence_build(&evidence_def,
                          work->shown + look * world_count(work),
                          memory,
                          pl_evidence_size(work->causes, work->plan->particles));
    pl_eig_look(belief, evidence, &def, scratch, &eig);
    def.stream = PL_BELIEF_FULL;
    pl_eig_densities(belief, evidence, &def, scratch, work->density);
    work->bits[look] = eig.remedy;
    work->appeal[look] = eig.remedy.mix + APPEAL_LEAST;
    float *to = work->densities + look * world_count(work) * work->causes;
    for (size_t row = 0; row < world_count(work); row++) {
        memcpy(to + row * work->causes,
               work->density + row * (work->causes + 1),
               work->causes * sizeof *to);
    }
}

static pl_status value_looks(struct work *work, pl_error *err)
{
    const struct pl_belief_def *def = &work->belief_def;
    void *memory = room(pl_belief_size(def));
    void *scratch = room(pl_eig_scratch_size(def));
    void *evidence = room(pl_evidence_size(work->causes, def->particles));
    pl_status status = PL_OK;
    if (memory == NULL || scratch == NULL || evidence == NULL) {
        status = no_memory(err);
    } else {
        const struct pl_belief *belief = pl_belief_init(def, memory, pl_belief_size(def));
        for (uint32_t i = 0; i < work->look_count; i++) {
            value_look(work, belief, i, scratch, evidence);
        }
    }
    free(memory);
    free(scratch);
    free(evidence);
    return status;
}

/* ---- Gates ---------------------------------------------------------------------------------- */

static void judge(const struct work *work, struct pl_gates *gates)
{
    const struct pl_predictive predictive = {.look_count = work->look_count,
                                             .cause_count = work->causes,
                                             .draw_count = work->plan->particles,
                                             .eta = 1.0, /* stands in the densities already */
                                             .cost_s = work->cost_s,
                                             .log_density = work->densities};
    struct pl_gates_def def = {.scenario = work->plan->content->scenario,
                               .constants = work->constants,
                               .looks = work->list,
                               .predictive = &predictive,
                               .look_of = work->look_of,
                               .bits = work->bits,
                               .belief = work->belief,
                               .opens_ns = pl_bank_now(work->bank),
                               .seed = pl_random_child(0, 0x71737173)};
    pl_gates_judge(&def, gates);
}

static pl_status hold_out(const struct work *work, struct pl_gates *gates, pl_error *err)
{
    struct pl_belief_def belief = work->belief_def;
    struct pl_holdout holdout;
    belief.particles = work->plan->particles - 1;
    struct pl_holdout_def def = {.belief = &belief,
                                 .shown = work->shown,
                                 .there = work->there,
                                 .appeal = work->appeal,
                                 .look_count = work->look_count,
                                 .particles = work->plan->particles,
                                 .sessions = work->plan->sessions,
                                 .looks = LOOKS,
                                 .seed = pl_random_child(0, 0x686f6c64)};
    size_t size = pl_holdout_size(&def);
    void *memory = room(size);
    if (memory == NULL) {
        return no_memory(err);
    }
    pl_holdout_run(&def, memory, size, &holdout);
    pl_gates_add_beliefs(gates, &holdout);
    free(memory);
    return PL_OK;
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
    status = status == PL_OK ? take_room(work, err) : status;
    if (status == PL_OK) {
        say(tell, "looking everywhere");
        look_everywhere(work);
        define_belief(work);
        status = value_looks(work, err);
    }
    if (status == PL_OK) {
        say(tell, "judging");
        judge(work, gates);
        status = hold_out(work, gates, err);
    }
    if (status == PL_OK) {
        say(tell, "letting the planner play");
        status = play(work, gates, err);
    }
    pl_worlds_close(work->worlds);
    free(work->surveyed);
    free(work->list);
    free(work->shown);
    free(work->density);
    free(work->densities);
    free(work);
    return status;
}
