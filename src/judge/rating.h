// SPDX-License-Identifier: Apache-2.0
//
// Intrinsic rating: which temperature of choice fits what a player did.
//
//   P(option) ~ exp(-regret / s)      regret as a share of D_noop, under the evidence
//
// A small s picks the best option nearly always, a large one picks blindly. The fit maximises the
// likelihood over all moments of all incidents; its error treats an incident as one sample, because
// the moments of one incident hang together. Only moments at which something is at stake belong in.
// Source: Regan and Haworth, AAAI-11 (decisions are rated, not results).
#ifndef PL_JUDGE_RATING_H
#define PL_JUDGE_RATING_H

#include "judge/option_set.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_RATING_INCIDENTS_MAX = 256 };

/** One choice. */
struct pl_rating_choice {
    uint32_t incident; /* 0..incident_count-1 */
    uint32_t count;    /* options, 2..PL_OPTIONS_MAX */
    uint32_t chosen;
    uint32_t reserved;
    double regrets[PL_OPTIONS_MAX]; /* shares of D_noop, 0 or more */
};

/** A fitted temperature. */
struct pl_rating {
    double temperature; /* s, in shares of D_noop */
    double log_se;      /* standard error of log s, clustered by incident; 0 with one incident */
    bool given;         /* false: no choice, always the best, or no better than blind */
    uint8_t reserved[7];
};

/** Bounds of a temperature that can be told. */
#define PL_RATING_LEAST 1e-4
#define PL_RATING_MOST  10.0

/**
 * Fit the temperature.
 *
 * @param choices         choices[count]
 * @param count           any number
 * @param incident_count  1..PL_RATING_INCIDENTS_MAX
 */
struct pl_rating
pl_rating_fit(const struct pl_rating_choice *choices, uint32_t count, uint32_t incident_count);

#endif
