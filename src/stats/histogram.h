// SPDX-License-Identifier: Apache-2.0
//
// Log-linear histogram over durations, after HdrHistogram: 32 buckets of equal width in each
// octave.
//
//   0 .. 1023 ns            32 buckets of 32 ns
//   2^e .. 2^(e+1) - 1 ns   32 buckets of 2^(e-5) ns, e = 10 .. 42
//
// A histogram is plain data without pointers or padding; zeroed memory is an empty histogram, so it
// may lie in a state or record block and be copied with it. Sums are exact integers: merging in any
// order gives the same bits.
#ifndef PL_STATS_HISTOGRAM_H
#define PL_STATS_HISTOGRAM_H

#include "base/check.h"

#include <stdint.h>

enum {
    PL_HISTOGRAM_SUB_BITS = 5,    /* 2^5 buckets per octave */
    PL_HISTOGRAM_FIRST_BITS = 10, /* below 2^10 ns the buckets are linear */
    PL_HISTOGRAM_BUCKETS_PER_OCTAVE = 32,
    PL_HISTOGRAM_BUCKET_COUNT = 1088
};

/** Durations from here on (2.4 hours) share the last bucket; max_ns still has them exactly. */
#define PL_HISTOGRAM_LIMIT_NS (INT64_C(1) << 43)

/** Distribution of durations. */
struct pl_histogram {
    uint64_t count;                              /* durations added */
    uint64_t sum_low;                            /* sum of durations in ns, low 64 bits */
    uint64_t sum_high;                           /* and high 64 bits */
    int64_t min_ns;                              /* smallest, 0 while count is 0 */
    int64_t max_ns;                              /* largest, 0 while count is 0 */
    uint32_t buckets[PL_HISTOGRAM_BUCKET_COUNT]; /* durations per bucket */
};

/** Forget everything. */
void pl_histogram_clear(struct pl_histogram *histogram);

/** Bucket of a duration of 0 ns or more. */
static inline uint32_t pl_histogram_bucket(int64_t duration_ns)
{
    uint64_t value = (uint64_t)duration_ns;
    if (duration_ns >= PL_HISTOGRAM_LIMIT_NS) {
        return PL_HISTOGRAM_BUCKET_COUNT - 1;
    }
    if (value < UINT64_C(1) << PL_HISTOGRAM_FIRST_BITS) {
        return (uint32_t)(value >> (PL_HISTOGRAM_FIRST_BITS - PL_HISTOGRAM_SUB_BITS));
    }
    /* The bits behind the first count the buckets of an octave, and the first carries over. */
    uint32_t shift = 63u - PL_HISTOGRAM_SUB_BITS - (uint32_t)__builtin_clzll(value);
    uint32_t octave = shift - (PL_HISTOGRAM_FIRST_BITS - PL_HISTOGRAM_SUB_BITS);
    return octave * PL_HISTOGRAM_BUCKETS_PER_OCTAVE + (uint32_t)(value >> shift);
}

/** Note a duration beyond the present minimum or maximum, or a negative one (checked). */
void pl_histogram_widen(struct pl_histogram *histogram, int64_t duration_ns);

/**
 * Add one duration.
 *
 * @param histogram    changed; at most 2^32 - 1 durations per bucket (checked)
 * @param duration_ns  nanoseconds, 0 or more (checked)
 */
static inline void pl_histogram_add(struct pl_histogram *histogram, int64_t duration_ns)
{
    /* Both bounds by one comparison: below the minimum, the difference is a huge number. An empty
     * histogram has the bounds 0 and 0. */
    uint64_t above = (uint64_t)duration_ns - (uint64_t)histogram->min_ns;
    uint64_t width = (uint64_t)histogram->max_ns - (uint64_t)histogram->min_ns;
    if (__builtin_expect(above > width, 0)) {
        pl_histogram_widen(histogram, duration_ns);
    }
    uint32_t *bucket = &histogram->buckets[pl_histogram_bucket(duration_ns)];
    uint32_t count = *bucket + 1;
    PL_CHECK(count != 0);
    *bucket = count;
    histogram->count++;
    histogram->sum_high += (uint64_t)__builtin_add_overflow(
        histogram->sum_low, (uint64_t)duration_ns, &histogram->sum_low);
}

/** Add everything in `from` to `into`; they may not be the same object. */
void pl_histogram_merge(struct pl_histogram *into, const struct pl_histogram *from);

/**
 * What `now` has more than `before`, an earlier copy of the same histogram. Minimum and maximum of
 * the difference are only known up to the width of a bucket.
 *
 * @param now     cumulative histogram
 * @param before  earlier copy, every bucket at most as full (checked)
 * @param out     filled
 */
void pl_histogram_difference(const struct pl_histogram *now,
                             const struct pl_histogram *before,
                             struct pl_histogram *out);

/**
 * Quantile by nearest rank: the middle of the bucket that holds the ceil(q * count)-th smallest
 * duration, kept between min_ns and max_ns.
 *
 * @param histogram  any
 * @param q          0..1
 * @return nanoseconds, 0 when empty. Off from the exact nearest-rank quantile by at most 1/64 of
 *         it, or 16 ns below 1024 ns; from PL_HISTOGRAM_LIMIT_NS on it is max_ns.
 */
int64_t pl_histogram_quantile(const struct pl_histogram *histogram, double q);

/** Exact arithmetic mean in nanoseconds (rounded once), 0 when empty. */
double pl_histogram_mean(const struct pl_histogram *histogram);

/**
 * Estimated number of durations up to `limit_ns`: whole buckets, and a linear share of the bucket
 * that the limit falls into.
 *
 * @param histogram  any
 * @param limit_ns   nanoseconds, 0 or more (checked)
 * @return 0..count, not decreasing in limit_ns; count from max_ns on
 */
double pl_histogram_count_up_to(const struct pl_histogram *histogram, int64_t limit_ns);

#endif
