// SPDX-License-Identifier: Apache-2.0
//
// Counter-based random draws.
//
// A draw is a pure function of a key and a counter, so an action of a player never shifts the
// draws of anybody else: the n-th request of a source needs the same work in every fork. Keys form
// a tree: seed -> entity -> purpose -> index. There is no generator state anywhere.
// Source: splitmix64 finaliser (Steele, Lea, Flood, OOPSLA 2014).
#ifndef PL_BASE_RANDOM_H
#define PL_BASE_RANDOM_H

#include <stdint.h>

/** Finaliser: spreads every input bit over all output bits. */
static inline uint64_t pl_random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/**
 * Key of a child stream.
 *
 * @param key    parent key
 * @param child  number of the child (entity, purpose, index), any value
 */
static inline uint64_t pl_random_child(uint64_t key, uint64_t child)
{
    return pl_random_mix(key ^ pl_random_mix(child + UINT64_C(0x9e3779b97f4a7c15)));
}

/** Draw `counter` of stream `key`: 64 uniform bits. */
static inline uint64_t pl_random_bits(uint64_t key, uint64_t counter)
{
    return pl_random_mix(key + (counter + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

/** Uniform in (0, 1), never 0 and never 1: 52 bits, so that the half added is exact. */
static inline double pl_random_unit(uint64_t bits)
{
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

/** Exp(1) by inversion, so that scaled laws stay coupled across forks. */
double pl_random_exp(uint64_t bits);

/** N(0, 1) by inversion. */
double pl_random_normal(uint64_t bits);

#endif
