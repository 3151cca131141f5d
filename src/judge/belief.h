// SPDX-License-Identifier: Apache-2.0
//
// What the displayed evidence says about the cause: a filter over looks.
//
// Two streams run side by side. The full stream takes everything displayed as read exactly; it
// carries luck, adjusted damage and the ledger. The perceived stream knows the noise of reading
// and that a part of what is shown goes unnoticed; it decides what may be held against a player.
//
// Weighted synthetic likelihood: particles of a cause that explain the past looks badly count less
// when the next look's mean and covariance are taken, so that two panels that show the same thing
// are not counted twice. Student-t for what a few particles can't know, covariances pooled over
// causes, a floor for misreading, a class "other" for what is not in the list, a learning rate that
// calibration fits. Source: docs/design/0018-belief.md.
//
// A belief is one block without pointers: a copy of its bytes is a fork.
#ifndef PL_JUDGE_BELIEF_H
#define PL_JUDGE_BELIEF_H

#include "judge/evidence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Probability that something displayed is taken in, where nothing else is known. */
#define PL_BELIEF_NOTICED 0.9

/** The streams. */
enum pl_belief_stream { PL_BELIEF_FULL, PL_BELIEF_PERCEIVED, PL_BELIEF_STREAM_COUNT };

/** What a belief is made of; start from pl_belief_def_default. */
struct pl_belief_def {
    uint32_t cause_count; /* 1..PL_CAUSES_MAX */
    uint32_t particles;   /* per cause, 2..PL_PARTICLES_MAX */
    uint32_t class_count; /* remedy classes, 1..cause_count */
    uint32_t reserved;
    double prior[PL_CAUSES_MAX];      /* any scale; 0: never pages; not all of them */
    uint32_t class_of[PL_CAUSES_MAX]; /* 0..class_count-1 */
    double other;                     /* prior of "something else", 0..1 */
    double eta;                       /* learning rate */
    double kappa;                     /* particles that pooling counts for */
    double misread;                   /* share of readings that mean nothing */
    double process;                   /* share of a feature's variance within a cause that is
                                         noise of the moment, not of the form, 0..1 */
    double discrepancy;               /* of the sd between causes, added to the noise */
};

/** Values of the specification; the caller fills causes, particles, classes and prior. */
struct pl_belief_def pl_belief_def_default(void);

/** What is believed. Everything with "something else" sums to 1. */
struct pl_belief_view {
    double cause[PL_CAUSES_MAX];
    double remedy[PL_CAUSES_MAX]; /* by class */
    double other;
    double entropy_bits;       /* over remedy classes and other */
    double cause_entropy_bits; /* over causes and other */
};

/** What one look did to both streams. */
struct pl_belief_step {
    struct pl_belief_view before[PL_BELIEF_STREAM_COUNT];
    struct pl_belief_view after[PL_BELIEF_STREAM_COUNT];
    double kl_bits[PL_BELIEF_STREAM_COUNT];   /* from before to after, over classes */
    double log_likelihood[PL_CAUSES_MAX + 1]; /* full stream, nats, before eta; other last */
    double fresh;  /* share of the look that earlier ones did not tell (full); 1: all of it */
    double tail;   /* probability of a reading as far off, under the leading cause (full) */
    bool unstable; /* the two ways to count dependence differ by more than half a bit */
    bool alarm;    /* the leading cause could not explain two looks or more so far */
};

/** The filter; opaque, in memory of the caller, without pointers. */
struct pl_belief;

/** Bytes of a belief; a fork is a copy of that many bytes. */
size_t pl_belief_size(const struct pl_belief_def *def);

/** Bytes of working memory for pl_belief_update. */
size_t pl_belief_scratch_size(const struct pl_belief_def *def);

/**
 * Begin with the prior.
 *
 * @param def     copied
 * @param memory  pl_belief_size bytes, aligned to 16, owned by the caller
 * @param size    bytes of memory
 * @return the belief, inside `memory`
 */
struct pl_belief *pl_belief_init(const struct pl_belief_def *def, void *memory, size_t size);

/**
 * From now on the first particles of a cause stand for it alone: the weights of the others are 0.
 *
 * @param belief  changed
 * @param cause   of the definition
 * @param worlds  so many, 2 or more; what was given up before does not come back
 */
void pl_belief_keep(struct pl_belief *belief, uint32_t cause, uint32_t worlds);

/** Particles that stand for a cause, the first so many. */
uint32_t pl_belief_worlds(const struct pl_belief *belief, uint32_t cause);

/**
 * The same belief over the first particles, for numbers that need not be as fine: what looks are
 * expected to tell (eig.h). It cannot be updated.
 *
 * @param belief  borrowed for the call
 * @param worlds  so many per cause, 2..particles
 * @param memory  pl_belief_size bytes for that many particles fewer, aligned to 16
 * @param size    bytes of memory
 */
struct pl_belief *
pl_belief_thin(const struct pl_belief *belief, uint32_t worlds, void *memory, size_t size);

/**
 * How features of the next look are to be chosen: beliefs and weights of the full stream.
 *
 * @param belief           borrowed for the life of the result
 * @param live             bit per cause whose particles take part
 * @param belief_of_cause  room for cause_count numbers, borrowed too
 */
struct pl_evidence_def
pl_belief_evidence_def(const struct pl_belief *belief, uint32_t live, double *belief_of_cause);

/**
 * How much of a look is new, after those that were learned from: the learning rate of the look is
 * that share of eta (judge/past.h).
 */
double pl_belief_fresh(const struct pl_belief *belief,
                       const struct pl_evidence *evidence,
                       uint32_t stream);

/**
 * Learn from a look.
 *
 * @param belief    changed
 * @param evidence  of the same look, from the bank
 * @param observed  features of what was displayed
 * @param noticed   probability that the player took it in, 0..1 (perceived stream only)
 * @param scratch   pl_belief_scratch_size bytes, aligned to 16
 * @param step      filled
 */
void pl_belief_update(struct pl_belief *belief,
                      const struct pl_evidence *evidence,
                      const struct pl_feature_set *observed,
                      double noticed,
                      void *scratch,
                      struct pl_belief_step *step);

/** What is believed now. */
void pl_belief_read(const struct pl_belief *belief, uint32_t stream, struct pl_belief_view *view);

/** Logs of the probabilities, cause_count + 1 numbers, "other" last; valid until an update. */
const double *pl_belief_log(const struct pl_belief *belief, uint32_t stream);

/** The definition that the belief was made with. */
const struct pl_belief_def *pl_belief_definition(const struct pl_belief *belief);

/** Weights of particles, weight[cause * particles + k], sum 1 per cause; valid until an update. */
const double *pl_belief_weights(const struct pl_belief *belief, uint32_t stream);

/** log2 of what the step did to the class of the true cause; sums up to log2 b_T(c*) / b_0(c*). */
double pl_belief_truth_bits(const struct pl_belief *belief,
                            const struct pl_belief_step *step,
                            uint32_t stream,
                            uint32_t cause);

/** Looks that the leading cause could not explain (tail below .001); 2 or more are a defect. */
uint32_t pl_belief_surprises(const struct pl_belief *belief);

#endif
