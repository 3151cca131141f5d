// SPDX-License-Identifier: Apache-2.0
//
// The score: four parts, a composite, and how much of it is noise.
//
//   S_dec   100 (D_noop - D_adj) / (D_noop - D_ref): 0 is doing nothing, 100 the reference planner
//   S_eff   100 x expected information per time over the best possible
//   S_cal   100 (1 - mean distance of statement and evidence / 2)
//   S_comm  share of mechanical checks of status updates that hold
//   S = .55 S_dec + .15 S_eff + .15 S_cal + .15 S_comm, fixed before any result was seen
//
// What users really suffered has weight 0; it stands beside the score as luck.
#ifndef PL_JUDGE_SCORE_H
#define PL_JUDGE_SCORE_H

#include "judge/report.h"
#include "judge/value.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_SCORE_PARTS = 4, PL_SCORE_VARIANTS_MAX = 16 };

/** Parts in the order of the composite. */
enum pl_score_part { PL_SCORE_DEC, PL_SCORE_EFF, PL_SCORE_CAL, PL_SCORE_COMM };

/** Weight of a part; the four sum to 1. */
double pl_score_weight(uint32_t part);

/**
 * S_dec with its simulation error. It can exceed 100, and be below 0 for somebody who made the
 * incident worse.
 *
 * @param d_noop    damage when nobody acts
 * @param d_ref     mean damage of the reference planner, with its error; below d_noop
 * @param adjusted  luck-adjusted damage
 */
struct pl_estimate
pl_score_decisions(double d_noop, struct pl_estimate d_ref, struct pl_estimate adjusted);

/** Running efficiency of looks; zeroed is empty. */
struct pl_efficiency {
    double bits;      /* expected bits of the looks taken */
    double bits_best; /* what the best rate would have given in the same time */
    double variance;  /* of `bits` */
    uint32_t looks;
    uint32_t reserved;
};

/**
 * Add a look that is graded: the class is not sure yet (below .9) and some look has .05 bit.
 *
 * @param bits       expected bits of the look, with error
 * @param cost_s     its cost in simulated seconds, above 0
 * @param best_rate  highest expected bits per second of any look at that moment
 */
void pl_efficiency_add(struct pl_efficiency *efficiency,
                       struct pl_estimate bits,
                       double cost_s,
                       double best_rate);

/** S_eff; not given without graded looks. */
struct pl_figure pl_efficiency_score(const struct pl_efficiency *efficiency);

/** Where the error of a score comes from, all in points and as standard deviations. */
struct pl_score_error {
    double incident;   /* of one person over incidents, from validation; 0: unknown */
    double simulation; /* of this analysis */
    double prior;      /* of the composite over other priors and perception noises */
};

/**
 * The composite. A part that is not given leaves its weight to the others.
 *
 * @param parts      parts[PL_SCORE_PARTS], by enum pl_score_part
 * @param variants   composites under other priors and perceptions, variants[variant_count]
 * @param incident   standard deviation over incidents in points, 0: unknown
 * @param error      filled when not NULL
 */
struct pl_figure pl_score_composite(const struct pl_figure *parts,
                                    const double *variants,
                                    uint32_t variant_count,
                                    double incident,
                                    struct pl_score_error *error);

/** A score over several incidents. */
struct pl_score_mean {
    struct pl_estimate raw;
    struct pl_estimate shrunk; /* mu + G (mean - mu), with its posterior error */
    double low68;
    double high68;
    double low95;
    double high95;
};

/**
 * Mean of composites over incidents, shrunk towards the population.
 *
 * @param scores       scores[count]
 * @param count        1 or more
 * @param population   mean of the population, in points
 * @param reliability  G at this number of incidents, 0..1
 */
struct pl_score_mean pl_score_shrink(const struct pl_figure *scores,
                                     uint32_t count,
                                     double population,
                                     double reliability);

/**
 * Feedback of one move, 0..100: 50 means twice the best achievable damage to go. Never a grade.
 *
 * @param best    Q of the best option, 0 or more
 * @param chosen  Q of what was done
 * @param d_noop  above 0
 */
double pl_score_accuracy(double best, double chosen, double d_noop);

/** True when something hangs on a moment: standard deviation of Q over options above 2 %. */
bool pl_score_stake(const double *q, uint32_t count, double d_noop);

#endif
