// SPDX-License-Identifier: Apache-2.0
//
// What can be held for or against a player: labels of moves, haste, dithering, harm, evidence lost,
// lock-in, moments, and the sign of knowledge from elsewhere.
//
// Everything is a sum over moves of numbers that value.h, search.h and rollout.h gave, so nothing
// is simulated here. Sums are shares of D_noop, the damage of the scenario when nobody acts.
#ifndef PL_JUDGE_AUDIT_H
#define PL_JUDGE_AUDIT_H

#include "judge/report.h"
#include "judge/value.h"

#include <stdbool.h>
#include <stdint.h>

/** A sum of shares of D_noop with its error. */
struct pl_audit_sum {
    double value;
    double variance;
    uint32_t count;   /* moves that added to it */
    uint32_t flagged; /* moves beyond 2 % of D_noop and two standard errors */
};

/** Running audit of one session; begin with pl_audit_begin. */
struct pl_audit {
    double d_noop; /* damage, above 0 */
    struct pl_audit_sum premature;
    struct pl_audit_sum dithering;
    struct pl_audit_sum harm;        /* against doing nothing, under the true cause */
    struct pl_audit_sum foreseeable; /* the part that the evidence foretold */
    double evidence_bits;            /* destroyed where it could have been kept for nothing */
    uint32_t irreversible;           /* foreseeable harm that cannot be taken back */
    uint32_t reserved;
    double look_s;   /* time of looks under a stated favourite */
    double locked_s; /* of it: on the favourite while the best look was elsewhere */
};

/** Begin. `d_noop` is above 0. */
void pl_audit_begin(struct pl_audit *audit, double d_noop);

/** True when a regret is not told from none: below the larger of 2 SE and 2 % of D_noop. */
bool pl_audit_small(struct pl_estimate regret, double d_noop);

/**
 * Label of a move.
 *
 * @param by_evidence  regret under the belief that the evidence supports
 * @param by_truth     regret under the true cause
 * @param d_noop       above 0
 * @return enum pl_move_label: sound, unlucky, lucky or error
 */
uint32_t pl_audit_label(struct pl_estimate by_evidence, struct pl_estimate by_truth, double d_noop);

/** An act: max(0, Q(b, a) - V_inv(b)) is haste. */
void pl_audit_act(struct pl_audit *audit, struct pl_estimate q, struct pl_estimate v_inv);

/** A look: max(0, Q(b, x) - min_a Q(b, a)) is dithering. */
void pl_audit_look(struct pl_audit *audit, struct pl_estimate q, struct pl_estimate best_act);

/**
 * Harm of an act.
 *
 * @param by_truth     damage to go with the act minus without, true cause
 * @param by_evidence  the same under the belief; foreseeable when it is above its own small limit
 * @param reversible   false: what it did cannot be taken back
 */
void pl_audit_harm(struct pl_audit *audit,
                   struct pl_estimate by_truth,
                   struct pl_estimate by_evidence,
                   bool reversible);

/**
 * An act that takes evidence away (a restart, a failover).
 *
 * @param bits_before   most expected bits of any look right before
 * @param bits_after    right after
 * @param capture_cost  damage that passes while the best look is taken first
 */
void pl_audit_evidence(struct pl_audit *audit,
                       double bits_before,
                       double bits_after,
                       double capture_cost);

/** A look of `seconds` under a stated favourite; was it about it, and was the best rate elsewhere?
 */
void pl_audit_attention(struct pl_audit *audit,
                        double seconds,
                        bool on_favourite,
                        bool best_elsewhere);

/** Share of D_noop and its error. */
struct pl_estimate pl_audit_share(const struct pl_audit_sum *sum);

/** Share of the looking time that was locked in; 0 without any. */
double pl_audit_lock_in(const struct pl_audit *audit);

/** One moment of belief and statement, for lags. */
struct pl_audit_moment {
    double t_s;
    double claimed;  /* stated probability of the class that was stated highest at first */
    double believed; /* what the evidence gives it */
};

/**
 * Contradiction lag: seconds from the first moment at which the evidence gives the favourite less
 * than 10 % to the moment at which the claim is lowered below half of what it was.
 *
 * @return seconds; below 0: never contradicted. When it was never lowered, the lag up to the end.
 */
double pl_audit_contradiction(const struct pl_audit_moment *moments, uint32_t count);

/** What an acting player got wrong: the belief, or the choice under it. */
struct pl_audit_split {
    double wrong_belief; /* Q(b, a*(q)) - min Q(b, .) */
    double against_own;  /* Q(b, a) - Q(b, a*(q)); below 0: better than the own belief asked for */
    uint32_t asked;      /* a*(q) */
    uint32_t reserved;
};

/** Split the regret of an act by the stated belief q over causes. */
struct pl_audit_split pl_audit_split(const struct pl_value_model *model,
                                     const double *belief,
                                     const double *stated,
                                     int64_t t_ns,
                                     uint32_t option);

/**
 * Knowledge from elsewhere: z of the summed luck over sessions. Below -3 a person should look at
 * it (a leaked scenario, help, or real expertise outside the priors); nothing follows by itself.
 *
 * @param luck   luck[count], damage minus adjusted damage
 * @param count  1 or more
 * @param se     simulation error of one session's luck, used alone below 3 sessions
 */
double pl_audit_private(const double *luck, uint32_t count, double se);

#endif
