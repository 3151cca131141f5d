// SPDX-License-Identifier: Apache-2.0
//
// Fitting the learning rate: how much of a look's log likelihood is to be believed, found by how
// well beliefs come out for simulated truths. One number per scenario, kept in its calibration.
#ifndef PL_JUDGE_TEMPER_H
#define PL_JUDGE_TEMPER_H

#include "judge/belief.h"

#include <stdint.h>

/** What one look of a session said. */
struct pl_temper_look {
    uint32_t session; /* looks of a session stand together, in order */
    uint32_t truth;   /* cause of the session */
    uint32_t live;    /* bit per cause */
    uint32_t reserved;
    double fresh;                             /* of pl_belief_step, above 0 */
    double log_likelihood[PL_CAUSES_MAX + 1]; /* likewise */
};

/** Recorded sessions. */
struct pl_temper_def {
    struct pl_belief_def belief; /* prior, other, misread; its eta is not read */
    const struct pl_temper_look *looks;
    uint32_t count; /* 1 or more */
    uint32_t reserved;
};

/** The fit. */
struct pl_temper {
    double eta;
    double score;      /* mean log2 b(truth) at the end of a session, with eta */
    double score_at_1; /* with eta 1 */
    uint32_t sessions;
    uint32_t reserved;
};

/** Mean log2 b(truth) at the end of a session for one learning rate, above 0. */
double pl_temper_score(const struct pl_temper_def *def, double eta);

/** The learning rate in .4..1.3 that scores best. */
struct pl_temper pl_temper_fit(const struct pl_temper_def *def);

#endif
