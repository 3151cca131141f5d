// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_looks.h"

#include "base/check.h"
#include "base/random.h"

#include <stdlib.h>
#include <string.h>

enum {
    READINGS = 2, /* perception draws per particle */
    LOOKS = 5,    /* of a session in belief space */
    FITTED = 1000 /* sessions that the learning rate is fitted to, at most */
};

#define APPEAL_LEAST 0.02 /* bits: looks that tell nothing are taken now and then */

static void *room(size_t size)
{
    return aligned_alloc(64, (size + 63) / 64 * 64);
}

static pl_status no_memory(pl_error *err)
{
    return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for all looks.");
}

static size_t world_count(const struct pl_pack_looks *looks)
{
    return (size_t)looks->causes * looks->particles;
}

static pl_status take_room(const struct pl_world *world,
                           const struct pl_scenario *scenario,
                           struct pl_pack_looks *looks,
                           pl_error *err)
{
    size_t size = pl_look_list_size(world, scenario);
    void *list = room(size);
    if (list == NULL) {
        return no_memory(err);
    }
    looks->list = pl_look_list_init(world, scenario, list, size);
    size_t count = pl_look_list_count(looks->list);
    count = count < PL_GATE_LOOKS_MAX ? count : PL_GATE_LOOKS_MAX;
    size_t worlds = world_count(looks);
    looks->shown = calloc(count * worlds, sizeof *looks->shown);
    looks->density = calloc(worlds * (looks->causes + 1), sizeof *looks->density);
    looks->densities = calloc(count * worlds * looks->causes, sizeof *looks->densities);
    bool all = looks->shown != NULL && looks->density != NULL && looks->densities != NULL;
    return all ? PL_OK : no_memory(err);
}

/* What every look shows in all worlds; those that nobody can take now are left out. */
static void look_everywhere(struct pl_bank *bank, struct pl_pack_looks *looks)
{
    for (uint32_t i = 0; i < pl_look_list_count(looks->list); i++) {
        const struct pl_look_call *call = pl_look_list_call(looks->list, i);
        uint32_t at = looks->count;
        pl_error err = {0};
        if (at == PL_GATE_LOOKS_MAX ||
            pl_bank_look(bank, call, looks->shown + at * world_count(looks), &err) != PL_OK) {
            continue;
        }
        looks->look_of[at] = i;
        looks->cost_s[at] = (double)call->cost_ns / 1e9;
        looks->there[at] = 1;
        looks->count++;
    }
}

/* Bits and densities of one look under the prior, as somebody would read it. */
static void value_look(struct pl_pack_looks *looks,
                       const struct pl_belief *belief,
                       uint32_t look,
                       void *scratch,
                       void *memory)
{
    double of_cause[PL_CAUSES_MAX];
    struct pl_eig eig;
    struct pl_eig_def def = {.stream = PL_BELIEF_PERCEIVED, .draws = READINGS, .key = look};
    struct pl_evidence_def evidence_def =
        pl_belief_evidence_def(belief, (UINT32_C(1) << looks->causes) - 1, of_cause);
    const struct pl_evidence *evidence =
        pl_evidence_build(&evidence_def,
                          looks->shown + look * world_count(looks),
                          memory,
                          pl_evidence_size(looks->causes, looks->particles));
    pl_eig_look(belief, evidence, &def, scratch, &eig);
    pl_eig_densities(belief, evidence, &def, scratch, looks->density);
    looks->bits[look] = eig.remedy;
    looks->appeal[look] = eig.remedy.mix + APPEAL_LEAST;
    float *to = looks->densities + look * world_count(looks) * looks->causes;
    for (size_t row = 0; row < world_count(looks); row++) {
        memcpy(to + row * looks->causes,
               looks->density + row * (looks->causes + 1),
               looks->causes * sizeof *to);
    }
}

static pl_status
value_looks(struct pl_pack_looks *looks, const struct pl_belief_def *def, pl_error *err)
{
    void *memory = room(pl_belief_size(def));
    void *scratch = room(pl_eig_scratch_size(def));
    void *evidence = room(pl_evidence_size(looks->causes, looks->particles));
    pl_status status = PL_OK;
    if (memory == NULL || scratch == NULL || evidence == NULL) {
        status = no_memory(err);
    } else {
        const struct pl_belief *belief = pl_belief_init(def, memory, pl_belief_size(def));
        for (uint32_t i = 0; i < looks->count; i++) {
            value_look(looks, belief, i, scratch, evidence);
        }
    }
    free(memory);
    free(scratch);
    free(evidence);
    return status;
}

pl_status pl_pack_looks_take(struct pl_bank *bank,
                             const struct pl_belief_def *belief,
                             const struct pl_world *world,
                             const struct pl_scenario *scenario,
                             struct pl_pack_looks *looks,
                             pl_error *err)
{
    PL_CHECK(bank != NULL && belief != NULL && looks != NULL);
    memset(looks, 0, sizeof *looks);
    looks->causes = belief->cause_count;
    looks->particles = belief->particles;
    pl_status status = take_room(world, scenario, looks, err);
    if (status == PL_OK) {
        look_everywhere(bank, looks);
        status = value_looks(looks, belief, err);
    }
    return status;
}

pl_status pl_pack_looks_hold(const struct pl_pack_looks *looks,
                             const struct pl_belief_def *belief,
                             uint32_t sessions,
                             struct pl_holdout *holdout,
                             struct pl_temper *fit,
                             pl_error *err)
{
    PL_CHECK(looks != NULL && belief != NULL);
    PL_CHECK(holdout != NULL && fit != NULL);
    struct pl_belief_def fewer = *belief;
    fewer.particles = looks->particles - 1;
    struct pl_holdout_def def = {.belief = &fewer,
                                 .shown = looks->shown,
                                 .there = looks->there,
                                 .appeal = looks->appeal,
                                 .look_count = looks->count,
                                 .particles = looks->particles,
                                 .sessions = sessions < FITTED ? sessions : FITTED,
                                 .looks = LOOKS,
                                 .seed = pl_random_child(0, 0x65746173)};
    size_t size = pl_holdout_size(&def);
    void *memory = room(size);
    def.record = calloc((size_t)def.sessions * LOOKS, sizeof *def.record);
    pl_status status = memory != NULL && def.record != NULL ? PL_OK : no_memory(err);
    if (status == PL_OK) {
        pl_holdout_run(&def, memory, size, holdout);
        struct pl_temper_def temper = {
            .belief = fewer, .looks = def.record, .count = holdout->looks};
        *fit = pl_temper_fit(&temper);
        /* What is reported comes from sessions that the fit has not seen. */
        free(def.record);
        def.record = NULL;
        def.seed = pl_random_child(0, 0x686f6c64);
        def.sessions = sessions;
        pl_holdout_run(&def, memory, size, holdout);
    }
    free(def.record);
    free(memory);
    return status;
}

void pl_pack_looks_free(struct pl_pack_looks *looks)
{
    PL_CHECK(looks != NULL);
    free(looks->list);
    free(looks->shown);
    free(looks->density);
    free(looks->densities);
    memset(looks, 0, sizeof *looks);
}
