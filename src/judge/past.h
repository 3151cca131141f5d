// SPDX-License-Identifier: Apache-2.0
//
// What looks have shown before, in all worlds of the bank, and how much of another look is new.
//
// The filter takes looks as independent given the weighted particles of a cause. A panel that is
// looked at twice is not: its noise is the same noise. What the numbers seen before foretell of a
// look's numbers, within a cause and under the weights of the moment, counts no second time. What
// different panels have in common beyond the weights is left to them and to the learning rate.
#ifndef PL_JUDGE_PAST_H
#define PL_JUDGE_PAST_H

#include "judge/evidence.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PL_PAST_LOOKS_MAX = 32, /* looks that are remembered; the oldest makes room */
    PL_PAST_COLUMNS = 6     /* numbers and bits of each, the most telling ones */
};

/** Looks so far; without pointers, a copy of its bytes is a fork. */
struct pl_past;

/** Bytes for this many causes and particles. */
size_t pl_past_size(uint32_t cause_count, uint32_t particles);

/** Start without looks, in pl_past_size bytes aligned to 8. */
struct pl_past *pl_past_init(uint32_t cause_count, uint32_t particles, void *memory);

/** Take over the looks of another one over its first particles, as many as `to` has. */
void pl_past_thin(const struct pl_past *past, struct pl_past *to);

/** Remember a look. */
void pl_past_add(struct pl_past *past, const struct pl_evidence *evidence);

/**
 * The share of a look that is new: 1 less what the one look before that tells most of it explains
 * of the variance within causes, mean over its numbers and bits; 1 up to what is usual between
 * different panels.
 *
 * @param past      read only
 * @param evidence  the look, over the same causes and particles
 * @param weight    weight[cause * particles + k], sum 1 per cause
 * @return PL_PAST_LEAST..1; 1 when nothing was looked at before
 */
double
pl_past_fresh(const struct pl_past *past, const struct pl_evidence *evidence, const double *weight);

/** A look never counts for nothing: dividing by what it tells has to stay possible. */
#define PL_PAST_LEAST 0.02

#endif
