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

#include "base/draw_table.h"

#include <stdint.h>
#include <string.h>

_Static_assert(PL_DRAW_LOGS == 128, "seven bits choose a row");

/** Finaliser: spreads every input bit over all output bits. */
static inline uint64_t pl_random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/** What a child's number brings into its key, for those that are asked for often. */
static inline uint64_t pl_random_child_mix(uint64_t child)
{
    return pl_random_mix(child + UINT64_C(0x9e3779b97f4a7c15));
}

/**
 * Key of a child stream.
 *
 * @param key    parent key
 * @param child  number of the child (entity, purpose, index), any value
 */
static inline uint64_t pl_random_child(uint64_t key, uint64_t child)
{
    return pl_random_mix(key ^ pl_random_child_mix(child));
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

/** Bits of the double that is pl_random_unit(bits), without the detour over a conversion. */
static inline uint64_t pl_random_unit_bits(uint64_t bits)
{
    uint64_t odd = (bits >> 11) | 1u; /* the number times 2^53 */
    uint64_t zeros = (uint64_t)__builtin_clzll(odd);
    return ((UINT64_C(1033) - zeros) << 52) | ((odd << zeros << 1) >> 12);
}

/** N(0, 1) for the 0.03 % of draws beyond the table of pl_random_normal. */
double pl_random_normal_tail(uint64_t bits);

/** Bits of a double. */
static inline uint64_t pl_random_bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/** Double with these bits. */
static inline double pl_random_double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/**
 * Exp(1) by inversion, so that scaled laws stay coupled across forks: -log u, off by less than
 * 1e-11 of its value. Always above 0.
 */
static inline double pl_random_exp(uint64_t bits)
{
    /* As in pl_random_unit_bits, the exponent and the mantissa kept apart: u = 2^-below_one * m. */
    uint64_t odd = (bits >> 11) | 1u;
    int32_t zeros = __builtin_clzll(odd);
    uint64_t behind = odd << zeros << 1; /* the bits behind the first */
    const struct pl_draw_log *row = &pl_draw_logs[behind >> 57];
    double below_one = (double)(zeros - 10);
    double m = pl_random_double_of((behind >> 12) | (UINT64_C(1023) << 52));
    double r = m * row->factor - 1.0;
    double r2 = r * r;
    double log_rest = (r - 0.5 * r2) + r2 * r * (1.0 / 3.0 - r * 0.25 + r2 * 0.2);
    return (below_one * 0x1.62e42fefa39efp-1 + row->log_factor) - log_rest;
}

/** N(0, 1) by inversion, off by less than 1e-9. */
static inline double pl_random_normal(uint64_t bits)
{
    const uint64_t eighth = (UINT64_C(1) << 49) - 1;
    /* Beyond the middle all bits are turned: the tail's probability, below 1/2. */
    uint64_t upper = UINT64_C(0) - (bits >> 63);
    uint64_t v = pl_random_unit_bits(bits ^ upper);
    uint64_t row = 1021 * 8 + 7 - (v >> 49);
    if (row >= PL_DRAW_QUANTILES) {
        return pl_random_normal_tail(bits);
    }
    const double *c = pl_draw_quantiles[row].c;
    double t = pl_random_double_of((v & eighth) | (UINT64_C(1023) << 52)) - 1.0625;
    double t2 = t * t;
    double low = (c[0] + c[1] * t) + t2 * ((c[2] + c[3] * t) + t2 * (c[4] + c[5] * t));
    return pl_random_double_of(pl_random_bits_of(low) ^ (upper << 63));
}

#endif
