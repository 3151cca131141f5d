// SPDX-License-Identifier: Apache-2.0
//
// Memory: belief | scratch of belief | scratch of expectations | evidence | sets of one look.
#include "judge/holdout.h"

#include "base/check.h"
#include "base/random.h"
#include "judge/eig.h"
#include "judge/evidence.h"

#include <stdbool.h>
#include <string.h>

enum { ALIGNMENT = 64, LOOKS_MAX = 256, CAUSE_DRAW = 1000, EIG_DRAWS = 1 };

/** Parts of the memory. */
struct parts {
    void *belief;
    void *scratch;
    void *eig;
    void *evidence;
    size_t belief_size;
    size_t evidence_size;
    struct pl_feature_set *others;
};

/** One session. */
struct play {
    const struct pl_holdout_def *def;
    const struct parts *parts;
    struct pl_belief *belief;
    uint32_t cause;
    uint32_t k;
    uint8_t used[LOOKS_MAX];
    double gap;
    double gap_mix;
};

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static size_t sets_size(const struct pl_belief_def *belief)
{
    return aligned((size_t)belief->cause_count * belief->particles * sizeof(struct pl_feature_set));
}

size_t pl_holdout_size(const struct pl_holdout_def *def)
{
    PL_CHECK(def != NULL && def->belief != NULL);
    const struct pl_belief_def *belief = def->belief;
    return aligned(pl_belief_size(belief)) + aligned(pl_belief_scratch_size(belief)) +
           aligned(pl_eig_scratch_size(belief)) +
           aligned(pl_evidence_size(belief->cause_count, belief->particles)) + sets_size(belief);
}

static struct parts lay_out(const struct pl_belief_def *belief, char *at)
{
    struct parts parts;
    parts.belief_size = aligned(pl_belief_size(belief));
    parts.evidence_size = aligned(pl_evidence_size(belief->cause_count, belief->particles));
    parts.belief = at;
    at += parts.belief_size;
    parts.scratch = at;
    at += aligned(pl_belief_scratch_size(belief));
    parts.eig = at;
    at += aligned(pl_eig_scratch_size(belief));
    parts.evidence = at;
    at += parts.evidence_size;
    parts.others = (struct pl_feature_set *)(void *)at;
    return parts;
}

/* Position of a draw among weights, by their sum; the last one that has weight when sums round. */
static uint32_t draw_of(const double *weights, const uint8_t *taken, uint32_t count, uint64_t bits)
{
    double total = 0.0;
    uint32_t last = count;
    for (uint32_t i = 0; i < count; i++) {
        total += taken != NULL && taken[i] != 0 ? 0.0 : weights[i];
    }
    double left = pl_random_unit(bits) * total;
    for (uint32_t i = 0; i < count; i++) {
        if ((taken != NULL && taken[i] != 0) || !(weights[i] > 0.0)) {
            continue;
        }
        last = i;
        left -= weights[i];
        if (left < 0.0) {
            break;
        }
    }
    return last;
}

/* What the look shows in all worlds but those of the truth's position. */
static void leave_out(const struct play *play, const struct pl_feature_set *all)
{
    struct pl_feature_set *to = play->parts->others;
    for (uint32_t h = 0; h < play->def->belief->cause_count; h++) {
        const struct pl_feature_set *from = all + (size_t)h * play->def->particles;
        for (uint32_t k = 0; k < play->def->particles; k++) {
            if (k != play->k) {
                *to++ = from[k];
            }
        }
    }
}

static void take_look(struct play *play, uint32_t look, struct pl_holdout *holdout)
{
    const struct pl_holdout_def *def = play->def;
    const struct parts *parts = play->parts;
    size_t worlds = (size_t)def->belief->cause_count * def->particles;
    const struct pl_feature_set *all = def->shown + look * worlds;
    const struct pl_feature_set *truth = &all[(size_t)play->cause * def->particles + play->k];
    double of_cause[PL_CAUSES_MAX];
    uint32_t live = (UINT32_C(1) << def->belief->cause_count) - 1;
    /* The truth's position was left out under all causes, so it is for the expectation. */
    struct pl_eig_def eig_def = {
        .stream = PL_BELIEF_FULL, .draws = EIG_DRAWS, .key = look, .apart = true};
    struct pl_belief_step step;
    struct pl_eig eig;
    leave_out(play, all);
    struct pl_evidence_def evidence_def = pl_belief_evidence_def(play->belief, live, of_cause);
    const struct pl_evidence *evidence =
        pl_evidence_build(&evidence_def, parts->others, parts->evidence, parts->evidence_size);
    pl_eig_look(play->belief, evidence, &eig_def, parts->eig, &eig);
    pl_belief_update(play->belief, evidence, truth, 1.0, parts->scratch, &step);
    double bits = pl_belief_truth_bits(play->belief, &step, PL_BELIEF_FULL, play->cause);
    play->gap += bits - eig.remedy.loo;
    play->gap_mix += bits - eig.remedy.mix;
    play->used[look] = 1;
    if (def->record != NULL) {
        struct pl_temper_look *to = &def->record[holdout->looks];
        *to = (struct pl_temper_look){
            .session = holdout->sessions, .truth = play->cause, .live = live, .fresh = step.fresh};
        memcpy(to->log_likelihood, step.log_likelihood, sizeof to->log_likelihood);
    }
    holdout->looks++;
    holdout->unstable += step.unstable ? 1 : 0;
}

static void end(const struct play *play, struct pl_holdout *holdout)
{
    struct pl_belief_view view;
    const struct pl_belief_def *def = play->def->belief;
    uint32_t best = 0;
    pl_belief_read(play->belief, PL_BELIEF_FULL, &view);
    for (uint32_t c = 1; c < def->class_count; c++) {
        best = view.remedy[c] > view.remedy[best] ? c : best;
    }
    double top = view.remedy[best] < 1.0 ? view.remedy[best] : 1.0;
    pl_ece_add(&holdout->top, top, best == def->class_of[play->cause] ? 1 : 0);
    holdout->sessions++;
}

/* Play one session; its gaps are added to those of `played`. */
static void session(const struct pl_holdout_def *def,
                    const struct parts *parts,
                    uint32_t k,
                    uint64_t key,
                    struct pl_holdout *holdout,
                    struct play *played)
{
    struct play play = {.def = def, .parts = parts, .k = k};
    play.belief = pl_belief_init(def->belief, parts->belief, parts->belief_size);
    play.cause = draw_of(
        def->belief->prior, NULL, def->belief->cause_count, pl_random_bits(key, CAUSE_DRAW));
    for (uint32_t i = 0; i < def->look_count; i++) {
        play.used[i] = def->there[i] != 0 ? 0 : 1;
    }
    for (uint32_t i = 0; i < def->looks; i++) {
        uint32_t look = draw_of(def->appeal, play.used, def->look_count, pl_random_bits(key, i));
        if (look < def->look_count) {
            take_look(&play, look, holdout);
        }
    }
    end(&play, holdout);
    played->gap += play.gap;
    played->gap_mix += play.gap_mix;
}

void pl_holdout_run(const struct pl_holdout_def *def,
                    void *memory,
                    size_t size,
                    struct pl_holdout *holdout)
{
    PL_CHECK(def != NULL && holdout != NULL);
    PL_CHECK(memory != NULL && size >= pl_holdout_size(def));
    PL_CHECK(def->particles >= 3 && def->belief->particles == def->particles - 1);
    PL_CHECK(def->look_count <= LOOKS_MAX && def->sessions >= def->particles);
    struct parts parts = lay_out(def->belief, memory);
    memset(holdout, 0, sizeof *holdout);
    /* Sessions with one truth's position are no independent samples; their mean is one. */
    for (uint32_t k = 0; k < def->particles; k++) {
        uint32_t count = def->sessions / def->particles;
        struct play sum = {.gap = 0.0};
        for (uint32_t i = 0; i < count; i++) {
            uint64_t key = pl_random_child(pl_random_child(def->seed, k), i);
            session(def, &parts, k, key, holdout, &sum);
        }
        pl_moments_add(&holdout->gap, sum.gap / count);
        pl_moments_add(&holdout->gap_mix, sum.gap_mix / count);
    }
}
