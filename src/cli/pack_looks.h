// SPDX-License-Identifier: Apache-2.0
//
// All looks of a scenario at its opening, taken in all worlds of a bank: what each is worth, how
// well beliefs from them come out for worlds held out, and the learning rate that suits them.
#ifndef PL_CLI_PACK_LOOKS_H
#define PL_CLI_PACK_LOOKS_H

#include "base/error.h"
#include "judge/bank.h"
#include "judge/belief.h"
#include "judge/eig.h"
#include "judge/gates.h"
#include "judge/holdout.h"
#include "judge/look_list.h"
#include "judge/temper.h"
#include "scenario/scenario.h"

#include <stdint.h>

/** What was seen. Zeroed, it is empty. */
struct pl_pack_looks {
    struct pl_look_list *list; /* all looks of the scenario */
    uint32_t causes;
    uint32_t particles;
    uint32_t count;                      /* of looks that can be taken */
    uint32_t look_of[PL_GATE_LOOKS_MAX]; /* their positions in the list */
    double cost_s[PL_GATE_LOOKS_MAX];
    double appeal[PL_GATE_LOOKS_MAX];
    uint8_t there[PL_GATE_LOOKS_MAX];
    struct pl_eig_value bits[PL_GATE_LOOKS_MAX];
    struct pl_feature_set *shown; /* shown[look][cause * particles + k] */
    float *density;               /* of one look, with "something else" */
    float *densities;             /* densities[look][cause * particles + k][cause], perceived */
};

/**
 * Take every look in every world and value it under the prior.
 *
 * @param bank      at the moment to look at
 * @param belief    prior, classes, learning rate; its particles are those of the bank
 * @param scenario  of the bank
 * @param looks     filled; free with pl_pack_looks_free, after failures too
 * @param err       sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_pack_looks_take(struct pl_bank *bank,
                             const struct pl_belief_def *belief,
                             const struct pl_world *world,
                             const struct pl_scenario *scenario,
                             struct pl_pack_looks *looks,
                             pl_error *err) __attribute__((warn_unused_result));

/**
 * Let worlds be the truth in turns (judge/holdout.h), and fit the learning rate to other sessions
 * of the same kind.
 *
 * @param looks     taken
 * @param belief    as taken with
 * @param sessions  at least the worlds per cause
 * @param holdout   filled
 * @param fit       filled
 * @param err       sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_pack_looks_hold(const struct pl_pack_looks *looks,
                             const struct pl_belief_def *belief,
                             uint32_t sessions,
                             struct pl_holdout *holdout,
                             struct pl_temper *fit,
                             pl_error *err) __attribute__((warn_unused_result));

/** Free what was taken. */
void pl_pack_looks_free(struct pl_pack_looks *looks);

#endif
