// SPDX-License-Identifier: Apache-2.0
//
// Expected information gain: how many bits a look is worth before it is done.
//
// Causes are a finite list, so the marginal is an exact sum and nothing is nested:
//   EIG = sum_h b(h) sum_k w_hk 1/R sum_r log2 [ b'(h | y_hkr) / b(h) ],   y = s(h,k) + perception
// A density fitted to the same particles that it is asked about says too much, one fitted without
// the particle too little; .6 and .4 of them come out right, and the two are the bracket.
#ifndef PL_JUDGE_EIG_H
#define PL_JUDGE_EIG_H

#include "judge/belief.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One expectation in four numbers. */
struct pl_eig_value {
    double in;  /* fitted with the particle itself: too high */
    double loo; /* fitted without it: too low */
    double mix; /* .6 in + .4 loo, at least 0; the number to use */
    double se;  /* Monte-Carlo standard error of mix */
};

/** What a look is worth. */
struct pl_eig {
    struct pl_eig_value remedy;           /* bits on remedy classes: what looks are graded by */
    struct pl_eig_value cause;            /* bits on causes */
    struct pl_eig_value probability_gain; /* rise of the largest class probability, 0..1 */
};

/** How to sample. */
struct pl_eig_def {
    uint32_t stream; /* enum pl_belief_stream */
    uint32_t draws;  /* readings per particle, 1..16; 4 is usual */
    uint64_t key;    /* of the perception draws; the same key, the same draws */
    bool apart;      /* `loo` leaves a particle's position out under all causes, not its own only:
                        particles of one position share their chance, and a true world shares it
                        with none; for comparing with what sessions gained */
};

/** Bytes of working memory for pl_eig_look. */
size_t pl_eig_scratch_size(const struct pl_belief_def *def);

/**
 * Value a look.
 *
 * @param belief    read only: looks may be valued side by side
 * @param evidence  the look over the bank, chosen with pl_belief_evidence_def
 * @param def       stream and draws
 * @param scratch   pl_eig_scratch_size bytes, aligned to 16
 * @param eig       filled
 */
void pl_eig_look(const struct pl_belief *belief,
                 const struct pl_evidence *evidence,
                 const struct pl_eig_def *def,
                 void *scratch,
                 struct pl_eig *eig);

/**
 * Predictive densities of a look, for policies in belief space without simulation: if a rollout
 * draws row (h, k) as what the look shows, log b(h') changes by row[h'], for "other" row[N].
 *
 * @param belief       read only
 * @param evidence     the look over the bank
 * @param def          stream and draws (one draw per row is made)
 * @param scratch      pl_eig_scratch_size bytes
 * @param log_density  filled, log_density[(cause * particles + k) * (cause_count + 1) + h'], nats,
 *                     eta and the floor for misreading included; without the particle itself where
 *                     h' is its own cause. Rows of causes that are not live are zero.
 */
void pl_eig_densities(const struct pl_belief *belief,
                      const struct pl_evidence *evidence,
                      const struct pl_eig_def *def,
                      void *scratch,
                      float *log_density);

#endif
