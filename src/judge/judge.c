// SPDX-License-Identifier: Apache-2.0
//
// Memory of a judge, in this order, each part aligned to 64 bytes: struct pl_judge, the true
// session, the bank, the look list, the belief, feature sets, working memory, kept readings.
#include "judge/judge.h"

#include "base/check.h"
#include "judge/course.h"
#include "judge/hearing.h"
#include "judge/judge_types.h"
#include "judge/profile.h"
#include "judge/survey.h"
#include "judge/sweep.h"
#include "judge/trunk.h"
#include "judge/verdict.h"
#include "session/truth.h"

#include <string.h>

enum { ALIGNMENT = 64 };

#define DRAWS_PER_LOOK(causes) \
    ((size_t)PL_BELIEF_STREAM_COUNT * (causes)*PL_EPOCH_DRAWS * (1 + (size_t)(causes)))
#define DENSITIES_PER_SEARCH(causes) \
    ((size_t)PL_SEARCH_LOOK_LIST_MAX * (causes)*PL_SEARCH_DRAWS * (causes))

/* Sizes of everything that lies behind the judge. */
struct plan {
    struct pl_session_def session_def;
    struct pl_bank_def bank_def;
    struct pl_belief_def belief_def;
    size_t session;
    size_t bank;
    size_t looks;
    size_t belief;
    size_t sets;
    size_t evidence;
    size_t thin;
    size_t belief_scratch;
    size_t eig_scratch;
    size_t density;
    size_t node_scratch;
    size_t draws;
    size_t search_density;
    size_t profile;
    size_t shown;
};

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static struct plan plan_of(const struct pl_judge_def *def)
{
    struct plan plan;
    memset(&plan, 0, sizeof plan);
    uint32_t causes = def->scenario->cause_count;
    size_t worlds = (size_t)causes * def->particles;
    plan.session_def = (struct pl_session_def){.world = def->world,
                                               .scenario = def->scenario,
                                               .seed = def->seed,
                                               .clock = def->clock,
                                               .cause = PL_NONE};
    plan.bank_def = (struct pl_bank_def){.world = def->world,
                                         .scenario = def->scenario,
                                         .particles = def->particles,
                                         .replicate = def->replicate,
                                         .parallel = def->parallel};
    plan.belief_def = pl_belief_def_default();
    plan.belief_def.cause_count = causes;
    plan.belief_def.particles = def->particles;
    plan.belief_def.class_count = causes;
    plan.session = aligned(pl_session_size(&plan.session_def));
    plan.bank = aligned(pl_bank_size(&plan.bank_def));
    plan.looks = aligned(pl_look_list_size(def->world, def->scenario));
    plan.belief = aligned(pl_belief_size(&plan.belief_def));
    plan.sets = aligned(worlds * sizeof(struct pl_feature_set));
    plan.evidence = aligned(pl_evidence_size(causes, def->particles));
    plan.thin = plan.belief;
    plan.belief_scratch = aligned(pl_belief_scratch_size(&plan.belief_def));
    plan.eig_scratch = aligned(pl_eig_scratch_size(&plan.belief_def));
    plan.density = aligned(worlds * (causes + 1) * sizeof(float));
    plan.node_scratch = aligned(pl_survey_scratch(def->world, &def->parallel));
    plan.profile = aligned(sizeof(struct pl_profile));
    plan.shown = aligned(pl_sweep_memory_size(causes, def->particles));
    plan.draws = aligned(PL_EPOCH_LOOKS_MAX * DRAWS_PER_LOOK(causes) * sizeof(float));
    plan.search_density = aligned(PL_SEARCHES_MAX * DENSITIES_PER_SEARCH(causes) * sizeof(float));
    return plan;
}

size_t pl_judge_size(const struct pl_judge_def *def)
{
    PL_CHECK(def != NULL);
    PL_CHECK(def->particles >= PL_JUDGE_PARTICLES_MIN && def->particles <= PL_JUDGE_PARTICLES_MAX);
    struct plan plan = plan_of(def);
    return aligned(sizeof(struct pl_judge)) + plan.session + plan.bank + plan.looks + plan.belief +
           plan.sets + plan.evidence + plan.thin + plan.belief_scratch + plan.eig_scratch +
           plan.density + plan.node_scratch + plan.draws + plan.search_density + plan.profile +
           2 * plan.shown + aligned(PL_ANSWER_SIZE_MAX) + aligned(PL_ENTRY_SIZE_MAX);
}

static void *take(char **at, size_t size)
{
    char *part = *at;
    *at += size;
    return part;
}

/* Divide the caller's memory; the session, bank and belief are set up by the caller. */
static void lay_out(struct pl_judge *judge, const struct plan *plan, char **at)
{
    judge->sets = take(at, plan->sets);
    judge->evidence_memory = take(at, plan->evidence);
    judge->evidence_size = plan->evidence;
    judge->thin_memory = take(at, plan->thin);
    judge->thin_size = plan->thin;
    judge->belief_scratch = take(at, plan->belief_scratch);
    judge->eig_scratch = take(at, plan->eig_scratch);
    judge->density = take(at, plan->density);
    judge->node_scratch = take(at, plan->node_scratch);
    judge->node_scratch_size = plan->node_scratch;
    judge->draws = take(at, plan->draws);
    judge->search_density = take(at, plan->search_density);
    judge->profile = take(at, plan->profile);
    uint32_t causes = judge->def.scenario->cause_count;
    uint32_t particles = judge->def.particles;
    const struct pl_trunk *trunk = judge->def.trunk;
    void *first = take(at, plan->shown);
    judge->shown_first =
        trunk != NULL ? trunk->shown : pl_sweep_memory_init(causes, particles, first, plan->shown);
    judge->shown_later =
        pl_sweep_memory_init(causes, particles, take(at, plan->shown), plan->shown);
    pl_buf_init(&judge->answer, take(at, aligned(PL_ANSWER_SIZE_MAX)), PL_ANSWER_SIZE_MAX);
    pl_buf_init(&judge->entry, take(at, aligned(PL_ENTRY_SIZE_MAX)), PL_ENTRY_SIZE_MAX);
}

/* Priors of the causes are those of the scenario times how often they send the page. */
static void begin_belief(struct pl_judge *judge, struct plan *plan, void *memory)
{
    const struct pl_scenario *scenario = judge->def.scenario;
    struct pl_belief_def *def = &plan->belief_def;
    for (uint32_t h = 0; h < scenario->cause_count; h++) {
        def->prior[h] = scenario->causes[h].prior * pl_bank_acceptance(judge->bank, h);
        def->class_of[h] = judge->classes.class_of[h];
    }
    def->class_count = judge->classes.count;
    if (judge->def.constants != NULL) {
        def->eta = judge->def.constants->eta;
    }
    judge->belief_def = *def;
    judge->belief = pl_belief_init(def, memory, plan->belief);
}

/* A bank of its own, or one that begins in the trunk. */
static pl_status
open_bank(struct pl_judge *judge, const struct plan *plan, void *memory, pl_error *err)
{
    const struct pl_trunk *trunk = judge->def.trunk;
    if (trunk == NULL) {
        return pl_bank_open(&plan->bank_def, memory, plan->bank, &judge->bank, err);
    }
    PL_CHECK(trunk->world == judge->def.world && trunk->scenario == judge->def.scenario);
    PL_CHECK(trunk->particles == judge->def.particles);
    PL_CHECK(trunk->replicate == judge->def.replicate);
    judge->bank = pl_bank_borrow(trunk->bank, &judge->def.parallel, memory, plan->bank);
    return PL_OK;
}

pl_status pl_judge_open(const struct pl_judge_def *def,
                        void *memory,
                        size_t size,
                        struct pl_judge **judge_out,
                        pl_error *err)
{
    PL_CHECK(def != NULL && judge_out != NULL);
    PL_CHECK(memory != NULL && size >= pl_judge_size(def));
    struct plan plan = plan_of(def);
    char *at = memory;
    struct pl_judge *judge = take(&at, aligned(sizeof *judge));
    memset(judge, 0, sizeof *judge);
    judge->def = *def;
    judge->acted_ns = -1;
    pl_status status = pl_session_open(
        &plan.session_def, take(&at, plan.session), plan.session, &judge->session, err);
    if (status == PL_OK) {
        status = open_bank(judge, &plan, take(&at, plan.bank), err);
    }
    if (status != PL_OK) {
        return status;
    }
    judge->looks = pl_look_list_init(def->world, def->scenario, take(&at, plan.looks), plan.looks);
    void *belief = take(&at, plan.belief);
    lay_out(judge, &plan, &at);
    judge->opens_ns = pl_session_opens(judge->session);
    judge->now_ns = judge->opens_ns;
    judge->cause = judge->session->opening.cause;
    judge->damage_at_opening = pl_truth_damage(def->world, judge->session->state);
    pl_course_prepare(judge);
    begin_belief(judge, &plan, belief);
    pl_course_begin(judge);
    *judge_out = judge;
    return PL_OK;
}

pl_status pl_judge_feed(struct pl_judge *judge, const struct pl_judge_entry *entry, pl_error *err)
{
    PL_CHECK(judge != NULL && entry != NULL);
    if (judge->broken != 0) {
        return pl_fail(err, PL_CORRUPT, NULL, "An entry before this one could not be judged.");
    }
    pl_status status = pl_hearing_take(judge, entry, err);
    judge->broken = status != PL_OK ? 1 : 0;
    return status;
}

int64_t pl_judge_at(const struct pl_judge *judge)
{
    PL_CHECK(judge != NULL);
    return judge->now_ns - judge->opens_ns;
}

void pl_judge_finish(struct pl_judge *judge, struct pl_report *report)
{
    PL_CHECK(judge != NULL && report != NULL);
    pl_hearing_end(judge);
    pl_verdict_write(judge, report);
}
