// SPDX-License-Identifier: Apache-2.0
//
// What a bot believes, from what it has seen and what it has learned.
//
// Two ways, neither of them the judge's:
//   classes  per cause and look a normal law of each level (naive: traits are independent)
//   kernel   the learned forms are particles; a look weighs each by how near it is (nuisance that
//            looks have in common stays in the weights, so it is not counted twice)
// Both temper each look, bound what one trait can say and keep a share for misreading.
#ifndef PL_BOTS_FILTER_H
#define PL_BOTS_FILTER_H

#include "bots/knowledge.h"
#include "bots/reading.h"

#include <stdint.h>

/** Which way. */
enum pl_filter_kind { PL_FILTER_CLASSES, PL_FILTER_KERNEL };

/** Normal laws of a look's levels at a moment. */
struct pl_filter_laws {
    double means[PL_KNOWN_CAUSES_MAX][PL_KNOWN_TRAITS_MAX];
    double variances[PL_KNOWN_CAUSES_MAX][PL_KNOWN_TRAITS_MAX];
    double norms[PL_KNOWN_CAUSES_MAX]; /* half the sum of the logs of the variances */
};

/** Belief in progress; about 600 KiB, in memory of the bot. */
struct pl_filter {
    const struct pl_knowledge *knowledge; /* borrowed */
    uint32_t kind;                        /* enum pl_filter_kind */
    uint32_t reserved;
    double evidence[PL_KNOWN_CAUSES_MAX]; /* log likelihood of causes: looks and failed moves */
    double weights[PL_KNOWN_FORMS_MAX];   /* log weights of forms within their causes */
    struct pl_filter_laws laws[PL_KNOWN_TIMES][PL_KNOWN_LOOKS_MAX];
};

/** Start at the prior. */
void pl_filter_init(struct pl_filter *filter, const struct pl_knowledge *knowledge, uint32_t kind);

/** Forget the evidence, keep the laws. */
void pl_filter_reset(struct pl_filter *filter);

/** Levels of an observation of a look: levels[PL_KNOWN_TRAITS_MAX]. */
void pl_filter_levels(const struct pl_known_look *look,
                      const struct pl_reading *reading,
                      uint8_t *levels);

/**
 * Log likelihood of levels under each cause by the normal laws.
 *
 * @param filter  any kind
 * @param look    index
 * @param time    moment, see pl_knowledge_time
 * @param levels  of the look
 * @param out     filled, out[cause_count]
 */
void pl_filter_likelihood(const struct pl_filter *filter,
                          uint32_t look,
                          uint32_t time,
                          const uint8_t *levels,
                          double *out);

/** Take a look into account. */
void pl_filter_look(struct pl_filter *filter, uint32_t look, uint32_t time, const uint8_t *levels);

/** Take into account that a move did not help (or did). */
void pl_filter_move(struct pl_filter *filter, uint32_t remedy, uint32_t helped);

/** Posterior, posterior[cause_count], sums to 1. */
void pl_filter_posterior(const struct pl_filter *filter, double *posterior);

/** Make probabilities from log weights in place: values[count], sums to 1. */
void pl_filter_normalise(double *values, uint32_t count);

/** Entropy of probabilities[count] in bits. */
double pl_filter_entropy(const double *probabilities, uint32_t count);

/**
 * Expected fall of the entropy by a look, over the learned forms as possible truths.
 *
 * @param filter     any kind; the normal laws are used
 * @param posterior  belief at present, posterior[cause_count]
 * @param look       index
 * @param time       moment
 * @return bits, 0 or more
 */
double pl_filter_expected_bits(const struct pl_filter *filter,
                               const double *posterior,
                               uint32_t look,
                               uint32_t time);

#endif
