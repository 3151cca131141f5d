// SPDX-License-Identifier: Apache-2.0
//
// A second opinion on dependence between looks: one joint Student-t over the numbers of all looks
// so far, with much pooling, instead of particles weighted look by look. Where the two disagree by
// more than half a bit, neither is to be trusted with a verdict. Both read the same numbers of a
// look, and in both it may have been misread: they can disagree about dependence alone.
#ifndef PL_JUDGE_CROSS_H
#define PL_JUDGE_CROSS_H

#include "judge/likelihood.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PL_CROSS_DIMS_MAX = 96 /* numbers kept over all looks; later ones are not cross-checked */
};

/** Numbers of all looks; without pointers, a copy of its bytes is a fork. */
struct pl_cross;

/** Bytes for this many causes and particles. */
size_t pl_cross_size(uint32_t cause_count, uint32_t particles);

/** Bytes of working memory. */
size_t pl_cross_scratch_size(void);

/** Start without looks, in pl_cross_size bytes. */
struct pl_cross *pl_cross_init(uint32_t cause_count, uint32_t particles, void *memory);

/** From now on the first `worlds` particles of a cause stand for it alone, 2 or more. */
void pl_cross_keep(struct pl_cross *cross, uint32_t cause, uint32_t worlds);

/**
 * Add a look.
 *
 * @param cross       changed
 * @param evidence    the look over the bank
 * @param likelihood  fitted to it; its noise and its patterns are used
 * @param reading     of the true observation
 */
void pl_cross_add(struct pl_cross *cross,
                  const struct pl_evidence *evidence,
                  const struct pl_likelihood *likelihood,
                  const struct pl_reading *reading);

/** What the check needs beside the numbers. */
struct pl_cross_rule {
    double kappa;     /* pooling */
    double misread;   /* share of readings that mean nothing */
    double log_other; /* log density of the look that was added last, under "something else" */
};

/**
 * Log likelihood of everything added, per cause: the sum over looks of what each tells given those
 * before it by the joint density, with the floor for misreading. Once after each pl_cross_add.
 *
 * @param cross           changed
 * @param rule            borrowed for the call
 * @param scratch         pl_cross_scratch_size bytes, aligned to 16
 * @param log_likelihood  filled for causes that were live in every look, log_likelihood[cause]
 * @return bit per cause that is filled; 0 when the numbers do not fit any more
 */
uint32_t pl_cross_log_likelihood(struct pl_cross *cross,
                                 const struct pl_cross_rule *rule,
                                 void *scratch,
                                 double *log_likelihood);

#endif
