// SPDX-License-Identifier: Apache-2.0
#include "stats/histogram.h"

#include "base/check.h"

#include <assert.h>
#include <string.h>

static_assert(1 << PL_HISTOGRAM_SUB_BITS == PL_HISTOGRAM_BUCKETS_PER_OCTAVE, "sub-bucket bits");
static_assert(PL_HISTOGRAM_BUCKET_COUNT ==
                  (1 + 43 - PL_HISTOGRAM_FIRST_BITS) * PL_HISTOGRAM_BUCKETS_PER_OCTAVE,
              "the last octave ends at PL_HISTOGRAM_LIMIT_NS");
static_assert(sizeof(struct pl_histogram) == 5 * 8 + 4 * PL_HISTOGRAM_BUCKET_COUNT, "no padding");

/* Smallest duration of a bucket; for the index after the last one, the limit. */
static int64_t bucket_start(uint32_t bucket)
{
    uint32_t octave = bucket / PL_HISTOGRAM_BUCKETS_PER_OCTAVE;
    int64_t sub = bucket % PL_HISTOGRAM_BUCKETS_PER_OCTAVE;
    if (octave == 0) {
        return sub << (PL_HISTOGRAM_FIRST_BITS - PL_HISTOGRAM_SUB_BITS);
    }
    uint32_t exponent = octave + PL_HISTOGRAM_FIRST_BITS - 1;
    return (PL_HISTOGRAM_BUCKETS_PER_OCTAVE + sub) << (exponent - PL_HISTOGRAM_SUB_BITS);
}

void pl_histogram_clear(struct pl_histogram *histogram)
{
    PL_CHECK(histogram != NULL);
    memset(histogram, 0, sizeof *histogram);
}

void pl_histogram_widen(struct pl_histogram *histogram, int64_t duration_ns)
{
    PL_CHECK(duration_ns >= 0);
    if (histogram->count == 0 || duration_ns < histogram->min_ns) {
        histogram->min_ns = duration_ns;
    }
    if (duration_ns > histogram->max_ns) {
        histogram->max_ns = duration_ns;
    }
}

void pl_histogram_merge(struct pl_histogram *into, const struct pl_histogram *from)
{
    PL_CHECK(into != NULL && from != NULL);
    PL_CHECK(into != from);
    if (from->count == 0) {
        return;
    }
    if (into->count == 0 || from->min_ns < into->min_ns) {
        into->min_ns = from->min_ns;
    }
    if (from->max_ns > into->max_ns) {
        into->max_ns = from->max_ns;
    }
    for (uint32_t i = 0; i < PL_HISTOGRAM_BUCKET_COUNT; i++) {
        PL_CHECK(from->buckets[i] <= UINT32_MAX - into->buckets[i]);
        into->buckets[i] += from->buckets[i];
    }
    into->count += from->count;
    into->sum_low += from->sum_low;
    into->sum_high += from->sum_high + (into->sum_low < from->sum_low);
}

void pl_histogram_difference(const struct pl_histogram *now,
                             const struct pl_histogram *before,
                             struct pl_histogram *out)
{
    PL_CHECK(now != NULL && before != NULL && out != NULL);
    PL_CHECK(out != now && out != before);
    pl_histogram_clear(out);
    uint32_t first = PL_HISTOGRAM_BUCKET_COUNT;
    uint32_t last = 0;
    for (uint32_t i = 0; i < PL_HISTOGRAM_BUCKET_COUNT; i++) {
        PL_CHECK(now->buckets[i] >= before->buckets[i]);
        out->buckets[i] = now->buckets[i] - before->buckets[i];
        if (out->buckets[i] > 0) {
            first = i < first ? i : first;
            last = i;
        }
    }
    out->count = now->count - before->count;
    if (out->count == 0) {
        return;
    }
    out->sum_low = now->sum_low - before->sum_low;
    out->sum_high = now->sum_high - before->sum_high - (now->sum_low < before->sum_low);
    int64_t low = bucket_start(first);
    int64_t high = last + 1 < PL_HISTOGRAM_BUCKET_COUNT ? bucket_start(last + 1) - 1 : now->max_ns;
    out->min_ns = low > now->min_ns ? low : now->min_ns;
    out->max_ns = high < now->max_ns ? high : now->max_ns;
}

/* The smallest whole rank that is at least q * count, in 1..count. */
static uint64_t nearest_rank(uint64_t count, double q)
{
    double exact = q * (double)count;
    uint64_t rank = exact >= (double)count ? count : (uint64_t)exact;
    if ((double)rank < exact && rank < count) {
        rank++;
    }
    return rank == 0 ? 1 : rank;
}

int64_t pl_histogram_quantile(const struct pl_histogram *histogram, double q)
{
    PL_CHECK(histogram != NULL);
    PL_CHECK(q >= 0.0 && q <= 1.0);
    if (histogram->count == 0) {
        return 0;
    }
    uint64_t rank = nearest_rank(histogram->count, q);
    uint64_t below = 0;
    uint32_t bucket = 0;
    while (below + histogram->buckets[bucket] < rank) {
        below += histogram->buckets[bucket];
        bucket++;
        PL_CHECK(bucket < PL_HISTOGRAM_BUCKET_COUNT);
    }
    if (bucket == PL_HISTOGRAM_BUCKET_COUNT - 1 && histogram->max_ns >= PL_HISTOGRAM_LIMIT_NS) {
        return histogram->max_ns;
    }
    int64_t start = bucket_start(bucket);
    int64_t middle = start + (bucket_start(bucket + 1) - start) / 2;
    if (middle < histogram->min_ns) {
        return histogram->min_ns;
    }
    return middle > histogram->max_ns ? histogram->max_ns : middle;
}

double pl_histogram_mean(const struct pl_histogram *histogram)
{
    PL_CHECK(histogram != NULL);
    if (histogram->count == 0) {
        return 0.0;
    }
    double sum = (double)histogram->sum_high * 0x1p64 + (double)histogram->sum_low;
    return sum / (double)histogram->count;
}

double pl_histogram_count_up_to(const struct pl_histogram *histogram, int64_t limit_ns)
{
    PL_CHECK(histogram != NULL);
    PL_CHECK(limit_ns >= 0);
    if (limit_ns >= histogram->max_ns) {
        return (double)histogram->count;
    }
    uint32_t last = pl_histogram_bucket(limit_ns);
    uint64_t whole = 0;
    for (uint32_t i = 0; i < last; i++) {
        whole += histogram->buckets[i];
    }
    if (limit_ns >= PL_HISTOGRAM_LIMIT_NS) {
        return (double)whole;
    }
    int64_t start = bucket_start(last);
    int64_t width = bucket_start(last + 1) - start;
    double share = (double)(limit_ns - start + 1) / (double)width;
    return (double)whole + share * (double)histogram->buckets[last];
}
