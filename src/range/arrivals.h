// SPDX-License-Identifier: Apache-2.0
//
// When requests are due: a seeded law of arrivals that nothing else can shift.
//
// The n-th moment is a function of law, rate and seed alone, so a slow system never makes the
// sender slower (an open loop), and two runs send at the same moments.
#ifndef PL_RANGE_ARRIVALS_H
#define PL_RANGE_ARRIVALS_H

#include <stdint.h>

/** Laws of the distance between two arrivals. */
enum pl_arrival_law {
    PL_ARRIVAL_POISSON, /* exponential distances */
    PL_ARRIVAL_CONSTANT /* equal distances */
};

/** Smallest and largest rate in requests per second. */
#define PL_ARRIVALS_RATE_MIN 0.001
#define PL_ARRIVALS_RATE_MAX 1e6

/** A sequence of moments. */
struct pl_arrivals {
    uint64_t key;   /* stream of draws */
    uint64_t index; /* arrivals given out */
    double rate;    /* requests per second */
    double at_s;    /* moment of the last one */
    uint32_t law;   /* enum pl_arrival_law */
    uint32_t reserved;
};

/**
 * Start a sequence at moment 0.
 *
 * @param law   enum pl_arrival_law
 * @param rate  requests per second, PL_ARRIVALS_RATE_MIN..PL_ARRIVALS_RATE_MAX (checked)
 * @param seed  fixes every distance
 */
struct pl_arrivals pl_arrivals_start(uint32_t law, double rate, uint64_t seed);

/** Next moment in nanoseconds from the start; never earlier than the one before. */
int64_t pl_arrivals_next(struct pl_arrivals *arrivals);

#endif
