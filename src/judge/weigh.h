// SPDX-License-Identifier: Apache-2.0
//
// What one choice was worth, by the evidence of its moment and by the truth. Damage of the fleet.
#ifndef PL_JUDGE_WEIGH_H
#define PL_JUDGE_WEIGH_H

#include "judge/judge_types.h"

#include <stdbool.h>

/** What is worked out about one epoch. */
struct pl_worth {
    double v;                       /* V before the choice, full stream */
    double v_perceived;             /* the same, perceived stream */
    struct pl_estimate value;       /* Q of what was chosen, full stream */
    struct pl_estimate chosen;      /* Q of what was chosen, perceived stream */
    struct pl_estimate best_act;    /* least Q of an act, perceived stream */
    struct pl_estimate v_inv;       /* acts: looking first, perceived stream */
    struct pl_estimate regret;      /* perceived stream */
    struct pl_estimate regret_true; /* by the true cause */
    struct pl_estimate harm;        /* acts: against doing nothing, perceived stream */
    struct pl_estimate harm_true;   /* acts: the same in the true world */
    double capture_cost;            /* acts: damage that passes while the best look is taken */
    uint32_t best;                  /* option of least Q, perceived stream */
    bool truth_known;
    bool searched; /* v_inv is there */
};

/**
 * Weigh one epoch.
 *
 * @param judge  all entries are taken
 * @param epoch  one of its epochs
 * @param worth  filled
 */
void pl_weigh_epoch(const struct pl_judge *judge,
                    const struct pl_epoch *epoch,
                    struct pl_worth *worth);

/**
 * V before a choice and Q of it under another prior of the causes, full stream.
 *
 * @param judge  all entries are taken
 * @param epoch  one of its epochs
 * @param tilt   tilt[cause_count], the other prior over the given one, above 0, any scale
 * @param v      filled
 * @param q      filled
 */
void pl_weigh_tilted(const struct pl_judge *judge,
                     const struct pl_epoch *epoch,
                     const double *tilt,
                     double *v,
                     double *q);

#endif
