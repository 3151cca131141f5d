// SPDX-License-Identifier: Apache-2.0
//
// Quantiles keep their stated error, sums are exact, merging equals adding.
#include "stats/histogram.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLE_COUNT = 20000 };

static struct pl_histogram histogram;
static int64_t samples[SAMPLE_COUNT];

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Durations spread over eight decades, from 20 ns on. */
static void draw_samples(void)
{
    pl_histogram_clear(&histogram);
    for (uint64_t i = 0; i < SAMPLE_COUNT; i++) {
        double unit = pl_random_unit(pl_random_bits(3, i));
        samples[i] = (int64_t)(20.0 * exp(unit * 18.0));
        pl_histogram_add(&histogram, samples[i]);
    }
}

static void quantile_error_is_within_the_bound(void **state)
{
    (void)state;
    draw_samples();
    qsort(samples, SAMPLE_COUNT, sizeof samples[0], compare);
    for (int i = 0; i <= 1000; i++) {
        double q = i / 1000.0;
        uint64_t rank = (uint64_t)ceil(q * SAMPLE_COUNT);
        int64_t exact = samples[rank == 0 ? 0 : rank - 1];
        int64_t error = llabs(pl_histogram_quantile(&histogram, q) - exact);
        int64_t bound = exact < 1024 ? 16 : exact / 64 + 1;
        assert_true(error <= bound);
    }
    assert_int_equal(pl_histogram_quantile(&histogram, 1.0) <= histogram.max_ns, 1);
    assert_int_equal(histogram.max_ns, samples[SAMPLE_COUNT - 1]);
    assert_int_equal(histogram.min_ns, samples[0]);
}

static void single_value_is_its_own_quantile(void **state)
{
    (void)state;
    static const int64_t values[] = {0,
                                     1,
                                     31,
                                     32,
                                     1023,
                                     1024,
                                     1055,
                                     150000000,
                                     PL_HISTOGRAM_LIMIT_NS - 1,
                                     PL_HISTOGRAM_LIMIT_NS,
                                     INT64_MAX};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        pl_histogram_clear(&histogram);
        pl_histogram_add(&histogram, values[i]);
        assert_int_equal(pl_histogram_quantile(&histogram, 0.5), values[i]);
        assert_int_equal(histogram.min_ns, values[i]);
        assert_int_equal(histogram.max_ns, values[i]);
    }
}

static void every_power_of_two_starts_a_bucket(void **state)
{
    (void)state;
    for (int e = 10; e < 43; e++) {
        pl_histogram_clear(&histogram);
        pl_histogram_add(&histogram, (INT64_C(1) << e) - 1);
        pl_histogram_add(&histogram, INT64_C(1) << e);
        uint32_t used = 0;
        for (uint32_t i = 0; i < PL_HISTOGRAM_BUCKET_COUNT; i++) {
            used += histogram.buckets[i] == 1;
        }
        assert_int_equal(used, 2);
        assert_int_equal(histogram.buckets[(e - 9) * 32], 1);
    }
}

static void sum_is_exact_past_64_bits(void **state)
{
    (void)state;
    pl_histogram_clear(&histogram);
    for (int i = 0; i < 6; i++) {
        pl_histogram_add(&histogram, INT64_MAX);
    }
    assert_true(histogram.sum_high == 2);
    assert_true(histogram.sum_low == UINT64_C(0) - 6);
    assert_true(fabs(pl_histogram_mean(&histogram) / 0x1p63 - 1.0) < 1e-15);
    pl_histogram_clear(&histogram);
    pl_histogram_add(&histogram, 3);
    pl_histogram_add(&histogram, 4);
    assert_true(fabs(pl_histogram_mean(&histogram) - 3.5) < 1e-15);
}

static void merge_equals_adding_all(void **state)
{
    (void)state;
    draw_samples();
    static struct pl_histogram parts[2];
    pl_histogram_clear(&parts[0]);
    pl_histogram_clear(&parts[1]);
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        pl_histogram_add(&parts[i % 3 == 0], samples[i]);
    }
    pl_histogram_merge(&parts[1], &parts[0]);
    assert_memory_equal(&parts[1], &histogram, sizeof histogram);
    static struct pl_histogram empty;
    pl_histogram_merge(&parts[1], &empty);
    assert_memory_equal(&parts[1], &histogram, sizeof histogram);
}

static void difference_undoes_merge(void **state)
{
    (void)state;
    draw_samples();
    static struct pl_histogram before;
    static struct pl_histogram later;
    static struct pl_histogram out;
    before = histogram;
    pl_histogram_clear(&later);
    for (int64_t i = 0; i < 100; i++) {
        pl_histogram_add(&histogram, 5000000 + i * 1000);
        pl_histogram_add(&later, 5000000 + i * 1000);
    }
    pl_histogram_difference(&histogram, &before, &out);
    assert_int_equal(out.count, 100);
    assert_memory_equal(out.buckets, later.buckets, sizeof out.buckets);
    assert_true(out.sum_low == later.sum_low && out.sum_high == later.sum_high);
    assert_true(out.min_ns <= later.min_ns && out.max_ns >= later.max_ns);
    assert_true(out.min_ns > later.min_ns * 31 / 32 && out.max_ns < later.max_ns * 33 / 32);
    pl_histogram_difference(&histogram, &histogram, &out);
    assert_int_equal(out.count, 0);
    assert_int_equal(out.max_ns, 0);
}

static void count_up_to_grows_to_the_count(void **state)
{
    (void)state;
    draw_samples();
    double last = 0.0;
    for (int64_t limit = 1024; limit < INT64_C(1) << 36; limit += limit / 8 + 1) {
        double share = pl_histogram_count_up_to(&histogram, limit);
        assert_true(share >= last);
        double exact = 0.0;
        for (int i = 0; i < SAMPLE_COUNT; i++) {
            exact += samples[i] <= limit ? 1.0 : 0.0;
        }
        /* From 1024 ns on, a bucket holds about 35 of these samples. */
        assert_true(fabs(share - exact) < 60.0);
        last = share;
    }
    assert_true(last >= SAMPLE_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantile_error_is_within_the_bound),
        cmocka_unit_test(single_value_is_its_own_quantile),
        cmocka_unit_test(every_power_of_two_starts_a_bucket),
        cmocka_unit_test(sum_is_exact_past_64_bits),
        cmocka_unit_test(merge_equals_adding_all),
        cmocka_unit_test(difference_undoes_merge),
        cmocka_unit_test(count_up_to_grows_to_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
