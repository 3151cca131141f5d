// SPDX-License-Identifier: Apache-2.0
//
// Is belief calibrated? Worlds of a bank take turns as the truth of sessions in belief space.
//
// A session is some random looks at one moment. Its truth is world k of a cause; position k is left
// out under all causes, because worlds of one position share their seed. What looks show is given,
// so a session costs nothing but belief.
//
// Two things must come out: what was believed has to happen as often as it was believed (pl_ece),
// and the bits gained for the truth have to equal the bits expected on average (the ledger).
// Expected are the bits with each particle left out of its own density: so is the truth here. The
// mixture that looks are graded by estimates what a bank without end would tell, which is more.
#ifndef PL_JUDGE_HOLDOUT_H
#define PL_JUDGE_HOLDOUT_H

#include "judge/belief.h"
#include "judge/feature.h"
#include "judge/temper.h"
#include "stats/calibration.h"
#include "stats/interval.h"

#include <stddef.h>
#include <stdint.h>

/** What is held out of what. Pointers are borrowed. */
struct pl_holdout_def {
    const struct pl_belief_def *belief; /* its particles are one fewer than those of `shown` */
    const struct pl_feature_set *shown; /* shown[look][cause * particles + k] */
    const uint8_t *there;               /* there[look]: 0 when nobody can look there now */
    const double *appeal;               /* appeal[look]: how likely looks are drawn, 0 or more */
    uint32_t look_count;
    uint32_t particles; /* per cause, the truth among them; 3 or more */
    uint32_t sessions;
    uint32_t looks; /* of a session, different ones */
    uint64_t seed;
    struct pl_temper_look *record; /* record[sessions * looks] for pl_temper_fit; NULL: none */
};

/** What sessions told. */
struct pl_holdout {
    uint32_t sessions;
    uint32_t looks;
    uint32_t unstable; /* looks after which two ways to count dependence disagree */
    uint32_t reserved;
    struct pl_moments gap;     /* bits for the truth minus bits expected, per position held out */
    struct pl_moments gap_mix; /* the same against the mixture; below 0 for a small bank */
    struct pl_ece top;         /* of the leading class at the end */
};

/** Bytes of working memory. */
size_t pl_holdout_size(const struct pl_holdout_def *def);

/**
 * Play the sessions.
 *
 * @param memory   pl_holdout_size bytes, aligned to 64
 * @param size     bytes of memory
 * @param holdout  filled
 * @source JUDGE.md 2.7 (ledger), 9 (Q8)
 */
void pl_holdout_run(const struct pl_holdout_def *def,
                    void *memory,
                    size_t size,
                    struct pl_holdout *holdout);

#endif
