// SPDX-License-Identifier: Apache-2.0
//
// V_inv: what it is worth to investigate and then act, by policies in the space of beliefs.
//
// A policy takes the look with the highest expected information per second until one remedy class
// has probability tau, then does what the table says is best under that belief. Costs come from
// the table, beliefs from predictive densities that were computed once per moment, so nothing is
// simulated. The least mean cost over tau in {.5, .65, .8, .9} is V_inv.
#ifndef PL_JUDGE_SEARCH_H
#define PL_JUDGE_SEARCH_H

#include "judge/value.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PL_SEARCH_TAUS = 4,
    PL_SEARCH_LOOKS_MAX = 24, /* looks of one run before it acts anyhow */
    PL_PREDICTIVE_LOOKS_MAX = 256
};

/**
 * Predictive densities of all looks at a moment: what particle d of cause h would show, and how
 * likely every cause makes that. Looks are taken to be independent given the cause.
 */
struct pl_predictive {
    uint32_t look_count;
    uint32_t cause_count;
    uint32_t draw_count;
    uint32_t reserved;
    double eta;               /* learning rate */
    double missed;            /* chance that what a look shows goes unnoticed, 0..1 */
    const double *cost_s;     /* cost_s[look_count], simulated seconds */
    const float *log_density; /* [look_count][cause_count][draw_count][cause_count], natural logs */
};

/**
 * Belief after look `look` shows what draw `draw` of cause `cause` would show.
 *
 * @param belief  belief[cause_count] before
 * @param next    filled, sums to 1
 */
void pl_predictive_next(const struct pl_predictive *predictive,
                        uint32_t look,
                        uint32_t cause,
                        uint32_t draw,
                        const double *belief,
                        double *next);

/** Expected information of a look about remedy classes, bits (in-sample). */
double pl_predictive_bits(const struct pl_predictive *predictive,
                          const uint32_t *class_of,
                          uint32_t look,
                          const double *belief);

/** All next beliefs of a look as draws: cause_count * draw_count of them. */
void pl_predictive_draws(const struct pl_predictive *predictive,
                         uint32_t look,
                         const double *belief,
                         double *weights,
                         double *beliefs,
                         struct pl_draws *draws);

/**
 * Set the two search numbers of a model so that its cheap value of going on to look equals V_inv at
 * one belief. The floor stays as it is; the seconds per bit are found by bisection in 0..1200.
 *
 * @param model   search_s_per_bit is set
 * @param target  V_inv at this belief and moment
 */
void pl_search_fit(struct pl_value_model *model, const double *belief, int64_t t_ns, double target);

/** What policies of investigating cost. */
struct pl_search {
    struct pl_estimate cost; /* V_inv */
    double tau;              /* of the best policy */
    double seconds;          /* it looks this long on average */
    double looks;            /* so many */
    double right;            /* share of runs that act as is best for the true cause's class */
    struct pl_estimate by_tau[PL_SEARCH_TAUS];
};

/**
 * Estimate V_inv.
 *
 * @param model       table of the segment
 * @param predictive  densities at the moment
 * @param belief      belief[cause_count]
 * @param t_ns        the moment
 * @param runs        belief-space rollouts; 64 is usual
 * @param seed        of the draws
 * @param search      filled
 */
void pl_search_run(const struct pl_value_model *model,
                   const struct pl_predictive *predictive,
                   const double *belief,
                   int64_t t_ns,
                   uint32_t runs,
                   uint64_t seed,
                   struct pl_search *search);

#endif
