// SPDX-License-Identifier: Apache-2.0
#include "judge/thrift.h"

#include "base/check.h"
#include "session/truth.h"

#define GIVEN_UP 0.002 /* belief below which a cause is run no further */

/** Belief from which a cause keeps all of its worlds, and half of them; a quarter below. */
struct shares {
    double whole;
    double half;
};

static const struct shares shares_of[] = {
    [PL_THRIFT_LOOKED] = {0.05, 0.01}, [PL_THRIFT_PASSIVE] = {0.25, 0.05}};

uint32_t pl_thrift_needed(uint32_t particles, double belief, uint32_t use)
{
    PL_CHECK(use <= PL_THRIFT_PASSIVE);
    const struct shares *shares = &shares_of[use];
    if (belief < GIVEN_UP) {
        return 0;
    }
    uint32_t divisor = belief >= shares->whole ? 1 : belief >= shares->half ? 2 : 4;
    uint32_t worlds = particles / divisor;
    uint32_t least = particles < PL_THRIFT_LEAST ? particles : PL_THRIFT_LEAST;
    return worlds > least ? worlds : least;
}

double pl_thrift_damage(const struct pl_judge *judge, uint32_t cause)
{
    PL_CHECK(judge != NULL);
    double sum = 0.0;
    uint32_t worlds = pl_bank_worlds(judge->bank, cause);
    worlds = worlds > 0 ? worlds : 1; /* of a cause that was given up the first stands for it */
    for (uint32_t k = 0; k < worlds; k++) {
        sum += pl_truth_damage(judge->def.world, pl_bank_state(judge->bank, cause, k));
    }
    return sum / worlds;
}

/* Fewer worlds have another mean: what has passed since the stretch began must not jump. */
static void keep(struct pl_judge *judge, struct pl_stretch *stretch, uint32_t cause, uint32_t count)
{
    double before = pl_thrift_damage(judge, cause);
    pl_bank_keep(judge->bank, cause, count);
    if (count > 0) {
        pl_belief_keep(judge->belief, cause, count);
        stretch->start_damage[cause] += pl_thrift_damage(judge, cause) - before;
    }
}

void pl_thrift_spare(struct pl_judge *judge, uint32_t use)
{
    PL_CHECK(judge != NULL && judge->stretch_count > 0);
    struct pl_stretch *stretch = &judge->stretches[judge->stretch_count - 1];
    struct pl_belief_view full;
    struct pl_belief_view perceived;
    pl_belief_read(judge->belief, PL_BELIEF_FULL, &full);
    pl_belief_read(judge->belief, PL_BELIEF_PERCEIVED, &perceived);
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        double most = full.cause[h] > perceived.cause[h] ? full.cause[h] : perceived.cause[h];
        uint32_t count = pl_thrift_needed(judge->belief_def.particles, most, use);
        if (count < pl_bank_worlds(judge->bank, h)) {
            keep(judge, stretch, h, count);
        }
    }
}
