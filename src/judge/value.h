// SPDX-License-Identifier: Apache-2.0
//
// What a belief is worth: V, Q of acts, looks and waits, and the luck-adjusted damage.
//
//   V(b, t)       damage still to come under belief b for somebody who goes on sensibly
//   Q(b, a, t)    the same when act a is done now        Q(b, x, t)  when look x is taken now
//   D_adj         V(b_0) + sum over moves of [Q - V]     luck = D - D_adj
//
// One V stands on both sides, so luck has mean zero for every player who uses only the evidence
// that is judged, whatever V is; a V that is near the truth makes D_adj less noisy.
//
// This V is cheap on purpose: it is needed at every possible next belief of every look. Sensible
// means: find out what it is, which takes `search_floor_s` + `search_s_per_bit` times the class
// entropy of b, then do what is best for it. Acts take no time of the player, so looking goes on
// beside them: an act that does not repair is worth the search after it, its harm added.
//   I_h       = passed_h(t, t+T) + L_{t+T}[h, best_h],  T = floor + per_bit * H(b)
//   Q_h(a)    = min(L[h,a], max(L[h,best_h], I_h L[h,a] / L[h,noop]))   a does not harm under h
//             = min(L[h,a], I_h + L[h,a] - L[h,noop])                   a does
//   Q(b,a)    = sum_h b(h) Q_h(a)        V(b) = min over options of Q(b,a), doing nothing among
//   them
// search.h has the dear estimate of the same thing, which sets the two search numbers and judges
// haste and dithering.
#ifndef PL_JUDGE_VALUE_H
#define PL_JUDGE_VALUE_H

#include "judge/segment.h"

#include <stdint.h>

/** Between two acts: the table and how long finding out takes. */
struct pl_value_model {
    const struct pl_segment *segment; /* borrowed */
    const uint32_t *class_of;         /* borrowed, class_of[cause_count] */
    double search_floor_s;            /* time from knowing to doing */
    double search_s_per_bit;          /* simulated seconds of looks per bit of class entropy */
};

/** A number with the standard error of its simulation. */
struct pl_estimate {
    double value;
    double se;
};

/** Next beliefs after a look, as far as can be foreseen. */
struct pl_draws {
    uint32_t count;
    uint32_t cause_count;
    const double *weights; /* weights[count], sum 1 */
    const double *beliefs; /* beliefs[count][cause_count] */
};

/** Entropy of a belief over remedy classes, bits. */
double pl_value_entropy(const struct pl_value_model *model, const double *belief);

/** Q of an option (0: nothing for now, which means going on to look). */
struct pl_estimate pl_value_option(const struct pl_value_model *model,
                                   const double *belief,
                                   int64_t t_ns,
                                   uint32_t option);

/** V: the least Q over the options; `best` filled with its option when not NULL. */
double
pl_value_of(const struct pl_value_model *model, const double *belief, int64_t t_ns, uint32_t *best);

/**
 * What an option costs more than the best one: Q(b, option) - min Q, with the optimism of picking
 * the lowest of noisy numbers taken out. For regrets, never for luck. Not below 0.
 *
 * @param best  filled with the best option when not NULL
 */
struct pl_estimate pl_value_regret(const struct pl_value_model *model,
                                   const double *belief,
                                   int64_t t_ns,
                                   uint32_t option,
                                   uint32_t *best);

/** Q of letting time pass up to `until_ns` with the same belief. */
double pl_value_wait(const struct pl_value_model *model,
                     const double *belief,
                     int64_t t_ns,
                     int64_t until_ns);

/** Q of a look that is answered at `until_ns`; draws of the belief after it. */
struct pl_estimate pl_value_look(const struct pl_value_model *model,
                                 const double *belief,
                                 int64_t t_ns,
                                 int64_t until_ns,
                                 const struct pl_draws *draws);

/** Running sum of the luck-adjusted damage; zeroed is empty. */
struct pl_adjusted {
    uint32_t moves;
    uint32_t reserved;
    double opening;  /* V(b_0) */
    double sum;      /* of Q - V */
    double variance; /* of the simulation */
};

/** Begin with the value of the opening. */
void pl_adjusted_begin(struct pl_adjusted *adjusted, struct pl_estimate opening);

/**
 * Add one move: V of the belief before it, Q of what was done. Both must come from the V above; an
 * act's Q is V right after it, in the segment that it opens, with the belief before it.
 */
void pl_adjusted_add(struct pl_adjusted *adjusted, double v, struct pl_estimate q);

/** D_adj with its simulation error. */
struct pl_estimate pl_adjusted_damage(const struct pl_adjusted *adjusted);

/** Luck of a session: realised damage minus D_adj; below 0 is good luck. */
struct pl_estimate pl_adjusted_luck(const struct pl_adjusted *adjusted, double realised);

#endif
