// SPDX-License-Identifier: Apache-2.0
//
// The least of some numbers that come and go, without a branch that depends on them.
//
// A heap moves few numbers, but each of its steps is a guess that the processor gets wrong half of
// the time. Here the numbers lie in groups of eight in no order, and beside them the least of each
// group:
//
//   values  | 7 3 9 4 8 5 6 8 | 2 6 . . . . . . |     . is PL_LEAST_NONE
//   groups  | 3 2 . . . . . . |
//
// Adding one is a store and two comparisons. Taking one out moves the last into its place and looks
// at two groups. That is less work than a heap's up to some hundred numbers, and not more than a
// few times as much with thousands.
#ifndef PL_SIM_LEAST_H
#define PL_SIM_LEAST_H

#include <float.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/** Numbers in a group; both arrays are a multiple of this long. */
enum { PL_LEAST_GROUP = 8 };

/** Stands where no number is; larger than any that is. */
#define PL_LEAST_NONE DBL_MAX

/** Numbers 0..PL_LEAST_NONE, borrowed memory aligned to 16 bytes. */
struct pl_least {
    double *values; /* room for them, in whole groups */
    double *groups; /* [group] the least of each, in whole groups, too */
};

/** Places that `values` needs for so many numbers. */
static inline uint32_t pl_least_values(uint32_t count)
{
    return (count + PL_LEAST_GROUP - 1) / PL_LEAST_GROUP * PL_LEAST_GROUP;
}

/** Places that `groups` needs for so many numbers. */
static inline uint32_t pl_least_groups(uint32_t count)
{
    return pl_least_values(pl_least_values(count) / PL_LEAST_GROUP);
}

/** The lesser of two. */
static inline double pl_least_less(double a, double b)
{
    return b < a ? b : a;
}

/**
 * The least of eight, one by one: two of them as one vector would have to wait until the one that
 * was just written is in the cache.
 */
static inline double pl_least_of(const double *eight)
{
    double a = pl_least_less(eight[0], eight[1]);
    double b = pl_least_less(eight[2], eight[3]);
    double c = pl_least_less(eight[4], eight[5]);
    double d = pl_least_less(eight[6], eight[7]);
    return pl_least_less(pl_least_less(a, b), pl_least_less(c, d));
}

/** Where in eight the first one stands that equals `least`; it does stand there. */
static inline uint32_t pl_least_at(const double *eight, double least)
{
#ifdef __SSE2__
    __m128d wanted = _mm_set1_pd(least);
    __m128i a = _mm_castpd_si128(_mm_cmpeq_pd(wanted, _mm_load_pd(&eight[0])));
    __m128i b = _mm_castpd_si128(_mm_cmpeq_pd(wanted, _mm_load_pd(&eight[2])));
    __m128i c = _mm_castpd_si128(_mm_cmpeq_pd(wanted, _mm_load_pd(&eight[4])));
    __m128i d = _mm_castpd_si128(_mm_cmpeq_pd(wanted, _mm_load_pd(&eight[6])));
    /* Two bits for each of the eight. */
    __m128i bytes = _mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d));
    return (uint32_t)__builtin_ctz((uint32_t)_mm_movemask_epi8(bytes) | 1u << 16) / 2;
#else
    uint32_t i = 0;
    while (i < PL_LEAST_GROUP - 1 && eight[i] > least) {
        i++;
    }
    return i;
#endif
}

/** Forget all numbers, of room for `count`. */
void pl_least_clear(struct pl_least least, uint32_t count);

/** Add a number behind the `count` that are there. */
static inline void pl_least_add(struct pl_least least, uint32_t count, double value)
{
    double *group = &least.groups[count / PL_LEAST_GROUP];
    least.values[count] = value;
    *group = value < *group ? value : *group;
}

/** The least of so many numbers, at least one: known before where it stands. */
struct pl_least_place {
    double value;
    uint32_t index;
};

/** The least of so many numbers, at least one. */
static inline struct pl_least_place pl_least_find(struct pl_least least, uint32_t count)
{
    const double *best = least.groups;
    double lowest = 0.0;
    uint32_t first = 0;
    if (count <= 4 * PL_LEAST_GROUP) {
        /* Up to four groups: those without numbers are known to be empty. */
        double a = pl_least_less(least.groups[0], least.groups[1]);
        double b = pl_least_less(least.groups[2], least.groups[3]);
        uint32_t low = least.groups[1] < least.groups[0] ? 1 : 0;
        uint32_t high = least.groups[3] < least.groups[2] ? 3 : 2;
        first = b < a ? high : low;
        lowest = pl_least_less(a, b);
    } else {
        const double *eight = least.groups;
        lowest = pl_least_of(eight);
        for (uint32_t i = PL_LEAST_GROUP * PL_LEAST_GROUP; i < count;
             i += PL_LEAST_GROUP * PL_LEAST_GROUP) {
            eight += PL_LEAST_GROUP;
            double other = pl_least_of(eight);
            best = other < lowest ? eight : best;
            lowest = other < lowest ? other : lowest;
        }
        first = (uint32_t)(best - least.groups) + pl_least_at(best, lowest);
    }
    uint32_t within = pl_least_at(&least.values[first * PL_LEAST_GROUP], lowest);
    return (struct pl_least_place){lowest, first * PL_LEAST_GROUP + within};
}

/** Take out the only number. */
static inline void pl_least_empty(struct pl_least least)
{
    least.values[0] = PL_LEAST_NONE;
    least.groups[0] = PL_LEAST_NONE;
}

/** Take out the number at `i` of `count + 1`; the last one takes its place. */
static inline void pl_least_cut(struct pl_least least, uint32_t count, uint32_t i)
{
    uint32_t to = i / PL_LEAST_GROUP;
    uint32_t from = count / PL_LEAST_GROUP;
    least.values[i] = least.values[count];
    least.values[count] = PL_LEAST_NONE;
    least.groups[to] = pl_least_of(&least.values[to * PL_LEAST_GROUP]);
    least.groups[from] = pl_least_of(&least.values[from * PL_LEAST_GROUP]);
}

#endif
