// SPDX-License-Identifier: Apache-2.0
//
// What a player said to believe, as a distribution over remedy classes, and how well it fits what
// the evidence supports.
//
// A claim (component, mechanism, trigger) is compared with every cause by words. The best fitting
// causes get its probability; a claim with the right place and the wrong mechanism still names the
// remedy when all causes of that place share one class. What fits nothing, and what the claims
// leave open, is "something else".
#ifndef PL_JUDGE_CLAIMS_H
#define PL_JUDGE_CLAIMS_H

#include "scenario/scenario.h"

#include <stdbool.h>
#include <stdint.h>

/** A claim as said; texts are borrowed for the call, never NULL. */
struct pl_claim_said {
    const char *component;
    const char *mechanism; /* with its detail */
    const char *trigger;
    double p; /* 0..1 */
};

/** Probabilities of classes; with `other` they sum to 1. */
struct pl_stated {
    double classes[PL_CAUSES_MAX];
    double other;    /* something else */
    uint32_t mapped; /* claims that fit a class */
    uint32_t unmapped;
};

/**
 * Map claims to remedy classes. Probabilities above a sum of 1 are scaled down.
 *
 * @param scenario  loaded
 * @param class_of  class_of[cause_count]
 * @param claims    claims[count]
 * @param count     number of claims, 0: everything is "something else"
 * @param stated    filled
 */
void pl_claims_map(const struct pl_scenario *scenario,
                   const uint32_t *class_of,
                   const struct pl_claim_said *claims,
                   uint32_t count,
                   struct pl_stated *stated);

/** Class of one claim, or PL_NONE when it fits none or several equally well. */
uint32_t pl_claims_class(const struct pl_scenario *scenario,
                         const uint32_t *class_of,
                         const struct pl_claim_said *claim);

/**
 * A stated belief over causes: each class's share is spread as the evidence has it, "something
 * else" over all causes as the evidence has them.
 *
 * @param stated       over classes
 * @param class_of     class_of[cause_count]
 * @param belief       belief[cause_count]
 * @param cause_count  1..PL_CAUSES_MAX
 * @param causes       filled, causes[cause_count]
 */
void pl_claims_spread(const struct pl_stated *stated,
                      const uint32_t *class_of,
                      const double *belief,
                      uint32_t cause_count,
                      double *causes);

/** Running calibration; zeroed is empty. Statements hold until the next one. */
struct pl_claims_account {
    double seconds;
    double brier; /* integral of sum_c (q_c - b_c)^2 over time */
    double log;   /* integral of KL(b || q~) in bits over time */
    double truth; /* integral of the Brier score against the truth */
};

/**
 * A stretch of time with the same statement and the same belief.
 *
 * @param calibration  changed
 * @param seconds      simulated, 0 or more
 * @param stated       what was said
 * @param classes      classes[class_count], what the evidence supports, sums to 1
 * @param class_count  1..PL_CAUSES_MAX
 * @param true_class   for the score against the truth
 */
void pl_claims_add(struct pl_claims_account *calibration,
                   double seconds,
                   const struct pl_stated *stated,
                   const double *classes,
                   uint32_t class_count,
                   uint32_t true_class);

/** S_cal = 100 (1 - mean BR / 2); 0 seconds give 0. */
double pl_claims_score(const struct pl_claims_account *calibration);

/** Mean of KL(b || q~), q~ = .98 q + .02 / (classes and something else), bits. */
double pl_claims_log(const struct pl_claims_account *calibration);

/** Mean Brier score against the truth, 0..2. */
double pl_claims_truth(const struct pl_claims_account *calibration);

#endif
