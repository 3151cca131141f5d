// SPDX-License-Identifier: Apache-2.0
//
// One bank is opened; each of its worlds is the truth once, and the others are the bank. Worlds
// with the same position have the same seed under every cause, so that position is left out under
// all of them: no world of the bank shares its chance with the truth. What every look shows at a
// few moments is computed once, so sessions cost nothing but beliefs.
#include "validation/proof.h"

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "judge/bank.h"
#include "judge/eig.h"
#include "judge/look_list.h"
#include "os/now.h"
#include "os/pages.h"
#include "sim/clock.h"

#include <stdlib.h>
#include <string.h>

enum { MOMENTS = 3, LOOKS = 6, DRAWS = 4, ALIGNMENT = 64 };

static const double moments_s[MOMENTS] = {30.0, 150.0, 330.0};

/* All that sessions in belief work with. */
struct hold {
    struct pl_proof_stand *stand;
    struct pl_bank *bank;
    const struct pl_look_list *list;
    uint32_t causes;
    uint32_t particles; /* with the truth */
    uint32_t look_count;
    struct pl_feature_set *shown[MOMENTS]; /* [look][cause * particles + k] */
    bool *there[MOMENTS];                  /* [look] */
    struct pl_feature_set *others;         /* of one look without the truth */
    struct pl_belief_def def;
    void *belief_memory;
    void *belief_scratch;
    void *eig_scratch;
    void *evidence;
    struct pl_temper_look *fitted;
    uint32_t fitted_count;
};

static void *room(size_t size)
{
    void *memory = aligned_alloc(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    PL_CHECK(memory != NULL);
    return memory;
}

/* What every look shows at one moment in every world. */
static void look_everywhere(struct hold *hold, uint32_t moment)
{
    size_t worlds = (size_t)hold->causes * hold->particles;
    hold->shown[moment] = calloc(hold->look_count * worlds, sizeof *hold->shown[moment]);
    hold->there[moment] = calloc(hold->look_count, sizeof *hold->there[moment]);
    PL_CHECK(hold->shown[moment] != NULL && hold->there[moment] != NULL);
    for (uint32_t i = 0; i < hold->look_count; i++) {
        pl_error err = {0};
        hold->there[moment][i] = pl_bank_look(hold->bank,
                                              pl_look_list_call(hold->list, i),
                                              hold->shown[moment] + i * worlds,
                                              &err) == PL_OK;
    }
}

static void define_belief(struct hold *hold)
{
    const struct pl_scenario *scenario = hold->stand->content.scenario;
    hold->def = pl_belief_def_default();
    hold->def.cause_count = hold->causes;
    hold->def.particles = hold->particles - 1;
    hold->def.class_count = hold->stand->constants->class_count;
    hold->def.eta = hold->stand->constants->eta;
    for (uint32_t h = 0; h < hold->causes; h++) {
        hold->def.prior[h] = scenario->causes[h].prior * pl_bank_acceptance(hold->bank, h);
        hold->def.class_of[h] = hold->stand->constants->class_of[h];
    }
    hold->belief_memory = room(pl_belief_size(&hold->def));
    hold->belief_scratch = room(pl_belief_scratch_size(&hold->def));
    hold->eig_scratch = room(pl_eig_scratch_size(&hold->def));
    hold->evidence = room(pl_evidence_size(hold->causes, hold->def.particles));
    hold->others = room((size_t)hold->causes * hold->def.particles * sizeof *hold->others);
}

/* The bank of one look without the position of the truth. */
static void leave_out(struct hold *hold, const struct pl_feature_set *all, uint32_t k)
{
    uint32_t at = 0;
    for (uint32_t h = 0; h < hold->causes; h++) {
        for (uint32_t i = 0; i < hold->particles; i++) {
            if (i != k) {
                hold->others[at++] = all[(size_t)h * hold->particles + i];
            }
        }
    }
}

/* What one session gave. */
struct told {
    double truth_bits;
    double truth_perceived;
    double loo;
    double mix;
    double perceived;
};

static void take_look(struct hold *hold,
                      struct pl_belief *belief,
                      uint32_t cause,
                      const struct pl_feature_set *truth,
                      struct told *told,
                      struct pl_proof_held *held)
{
    double of_cause[PL_CAUSES_MAX];
    uint32_t live = (UINT32_C(1) << hold->causes) - 1;
    struct pl_evidence_def def = pl_belief_evidence_def(belief, live, of_cause);
    /* The truth shares its chance with no world, so its position is left out under all causes. */
    struct pl_eig_def eig_def = {
        .stream = PL_BELIEF_FULL, .draws = DRAWS, .key = held->looks, .apart = true};
    struct pl_eig eig;
    struct pl_belief_step step;
    const struct pl_evidence *evidence = pl_evidence_build(
        &def, hold->others, hold->evidence, pl_evidence_size(hold->causes, hold->def.particles));
    pl_eig_look(belief, evidence, &eig_def, hold->eig_scratch, &eig);
    told->loo += eig.remedy.loo;
    told->mix += eig.remedy.mix;
    eig_def.stream = PL_BELIEF_PERCEIVED;
    pl_eig_look(belief, evidence, &eig_def, hold->eig_scratch, &eig);
    told->perceived += eig.remedy.loo;
    pl_belief_update(belief, evidence, truth, 1.0, hold->belief_scratch, &step);
    told->truth_bits += pl_belief_truth_bits(belief, &step, PL_BELIEF_FULL, cause);
    told->truth_perceived += pl_belief_truth_bits(belief, &step, PL_BELIEF_PERCEIVED, cause);
    held->unstable += step.unstable ? 1 : 0;
    held->looks++;
    if (hold->fitted_count < PL_PROOF_LOOKS_MAX) {
        struct pl_temper_look *look = &hold->fitted[hold->fitted_count++];
        memset(look, 0, sizeof *look);
        look->session = held->sessions;
        look->truth = cause;
        look->live = live;
        look->fresh = step.fresh;
        memcpy(look->log_likelihood, step.log_likelihood, sizeof step.log_likelihood);
    }
}

static void read_end(const struct hold *hold,
                     const struct pl_belief *belief,
                     uint32_t cause,
                     struct pl_proof_held *held)
{
    struct pl_belief_view view;
    uint32_t right = hold->def.class_of[cause];
    uint32_t best = 0;
    pl_belief_read(belief, PL_BELIEF_FULL, &view);
    for (uint32_t c = 0; c < hold->def.class_count; c++) {
        double p = view.remedy[c] < 1.0 ? view.remedy[c] : 1.0;
        pl_ece_add(&held->ece, p, c == right ? 1 : 0);
        best = view.remedy[c] > view.remedy[best] ? c : best;
    }
    double top = view.remedy[best] < 1.0 ? view.remedy[best] : 1.0;
    pl_ece_add(&held->top, top, best == right ? 1 : 0);
}

/* Different looks, in ascending time, of which the truth shows something. */
static struct told
play(struct hold *hold, uint32_t cause, uint32_t k, uint64_t key, struct pl_proof_held *held)
{
    size_t worlds = (size_t)hold->causes * hold->particles;
    struct pl_belief *belief =
        pl_belief_init(&hold->def, hold->belief_memory, pl_belief_size(&hold->def));
    struct told told = {0};
    for (uint32_t i = 0; i < LOOKS; i++) {
        uint32_t moment = i * MOMENTS / LOOKS;
        uint32_t look = (uint32_t)(pl_random_bits(key, i) % hold->look_count);
        const struct pl_feature_set *all = hold->shown[moment] + look * worlds;
        if (!hold->there[moment][look]) {
            continue;
        }
        leave_out(hold, all, k);
        take_look(hold, belief, cause, &all[(size_t)cause * hold->particles + k], &told, held);
    }
    read_end(hold, belief, cause, held);
    return told;
}

/* Draw causes by the prior that beliefs begin with, so that calibrated beliefs come out so. */
static uint32_t draw_cause(const struct hold *hold, uint64_t bits)
{
    double total = 0.0;
    for (uint32_t h = 0; h < hold->causes; h++) {
        total += hold->def.prior[h];
    }
    double left = pl_random_unit(bits) * total;
    for (uint32_t h = 0; h < hold->causes; h++) {
        left -= hold->def.prior[h];
        if (left < 0.0) {
            return h;
        }
    }
    return hold->causes - 1;
}

/* Sessions of one position are no independent samples; their mean is one. */
static void run_all(struct hold *hold, uint32_t sessions, struct pl_proof_held *held)
{
    uint64_t base = pl_random_child(pl_hash_name("held out"), 0);
    for (uint32_t k = 0; k < hold->particles; k++) {
        uint32_t count = sessions / hold->particles + 1;
        struct told sum = {0};
        for (uint32_t i = 0; i < count; i++) {
            uint64_t key = pl_random_child(pl_random_child(base, k), i);
            uint32_t cause = draw_cause(hold, pl_random_bits(key, 1000));
            struct told told = play(hold, cause, k, key, held);
            held->sessions++;
            sum.truth_bits += told.truth_bits / count;
            sum.truth_perceived += told.truth_perceived / count;
            sum.loo += told.loo / count;
            sum.mix += told.mix / count;
            sum.perceived += told.perceived / count;
        }
        pl_moments_add(&held->gap, sum.truth_bits - sum.loo);
        pl_moments_add(&held->gap_mix, sum.truth_bits - sum.mix);
        pl_moments_add(&held->gap_perceived, sum.truth_perceived - sum.perceived);
    }
}

static void fit(struct hold *hold, struct pl_proof_held *held)
{
    struct pl_temper_def def = {
        .belief = hold->def, .looks = hold->fitted, .count = hold->fitted_count};
    if (hold->fitted_count == 0) {
        return;
    }
    struct pl_temper temper = pl_temper_fit(&def);
    held->eta = temper.eta;
    held->score_eta = temper.score;
    held->score_one = temper.score_at_1;
    held->eta_sessions = temper.sessions;
}

static void free_all(struct hold *hold)
{
    for (uint32_t m = 0; m < MOMENTS; m++) {
        free(hold->shown[m]);
        free(hold->there[m]);
    }
    free(hold->belief_memory);
    free(hold->belief_scratch);
    free(hold->eig_scratch);
    free(hold->evidence);
    free(hold->others);
    free(hold->fitted);
}

pl_status pl_proof_hold(struct pl_proof_stand *stand,
                        const struct pl_proof_effort *effort,
                        struct pl_proof_held *held,
                        pl_error *err)
{
    PL_CHECK(stand != NULL && effort != NULL && held != NULL);
    PL_CHECK(effort->held_particles >= 3);
    memset(held, 0, sizeof *held);
    int64_t start_ns = pl_now_thread_cpu_ns();
    struct hold hold = {.stand = stand,
                        .causes = stand->content.scenario->cause_count,
                        .particles = effort->held_particles};
    struct pl_bank_def def = {.world = stand->content.world,
                              .scenario = stand->content.scenario,
                              .particles = hold.particles,
                              .replicate = 7};
    size_t size = pl_bank_size(&def);
    void *memory = NULL;
    pl_status status = pl_pages_reserve(size, &memory, err);
    if (status == PL_OK) {
        status = pl_bank_open(&def, memory, size, &hold.bank, err);
    }
    if (status != PL_OK) {
        pl_pages_release(memory, size);
        return status;
    }
    size_t list_size = pl_look_list_size(def.world, def.scenario);
    void *list = room(list_size);
    hold.list = pl_look_list_init(def.world, def.scenario, list, list_size);
    hold.look_count = pl_look_list_count(hold.list);
    hold.fitted = calloc(PL_PROOF_LOOKS_MAX, sizeof *hold.fitted);
    PL_CHECK(hold.fitted != NULL);
    define_belief(&hold);
    int64_t opens_ns = pl_bank_now(hold.bank);
    for (uint32_t m = 0; m < MOMENTS; m++) {
        pl_bank_advance(hold.bank, opens_ns + pl_clock_ns(moments_s[m]));
        look_everywhere(&hold, m);
    }
    run_all(&hold, effort->held_sessions, held);
    fit(&hold, held);
    free_all(&hold);
    free(list);
    pl_pages_release(memory, size);
    held->cpu_s = (double)(pl_now_thread_cpu_ns() - start_ns) / 1e9;
    return PL_OK;
}
