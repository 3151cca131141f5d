// SPDX-License-Identifier: Apache-2.0
#include "bots/filter.h"

#include "support/lessons.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_filter filter;

static void see(uint32_t kind, uint32_t look, uint8_t level, double *posterior)
{
    const uint8_t levels[PL_KNOWN_TRAITS_MAX] = {level};
    pl_filter_init(&filter, test_lesson(), kind);
    pl_filter_look(&filter, look, 0, levels);
    pl_filter_posterior(&filter, posterior);
}

static void the_prior_comes_first(void **state)
{
    (void)state;
    double posterior[PL_KNOWN_CAUSES_MAX];
    pl_filter_init(&filter, test_lesson(), PL_FILTER_CLASSES);
    pl_filter_posterior(&filter, posterior);
    assert_true(fabs(posterior[TEST_POOL] - 0.5) < 1e-12);
    assert_true(fabs(posterior[TEST_INDEX] - 0.2) < 1e-12);
}

/* Both ways believe what a telling look shows, and a share for misreading is left. */
static void a_telling_look_moves_the_belief(void **state)
{
    (void)state;
    for (uint32_t kind = PL_FILTER_CLASSES; kind <= PL_FILTER_KERNEL; kind++) {
        double p[PL_KNOWN_CAUSES_MAX];
        see(kind, TEST_LOOK_FIRST, 76, p);
        assert_true(p[TEST_POOL] > 0.95 && p[TEST_POOL] < 1.0);
        see(kind, TEST_LOOK_SECOND, 16, p);
        assert_true(p[TEST_INDEX] > 0.8);
        assert_true(p[TEST_POOL] > 1e-4);
    }
}

static void an_idle_look_changes_nothing(void **state)
{
    (void)state;
    double p[PL_KNOWN_CAUSES_MAX];
    see(PL_FILTER_CLASSES, TEST_LOOK_IDLE, 40, p);
    assert_true(fabs(p[TEST_VENDOR] - 0.3) < 1e-12);
    assert_true(pl_filter_expected_bits(&filter, p, TEST_LOOK_IDLE, 0) <= 0.0);
}

/* Nothing can promise more than the entropy, and the dear panel tells everything. */
static void expected_bits_lie_below_the_entropy(void **state)
{
    (void)state;
    double p[PL_KNOWN_CAUSES_MAX];
    pl_filter_init(&filter, test_lesson(), PL_FILTER_CLASSES);
    pl_filter_posterior(&filter, p);
    double entropy = pl_filter_entropy(p, TEST_CAUSES);
    double first = pl_filter_expected_bits(&filter, p, TEST_LOOK_FIRST, 0);
    double dear = pl_filter_expected_bits(&filter, p, TEST_LOOK_DEAR, 0);
    assert_true(fabs(entropy - 1.4854752972273344) < 1e-9);
    assert_true(dear > first && dear < entropy && dear > 0.9 * entropy);
    assert_true(first > 0.8 && first < 1.0); /* pool or not: one bit at most */
}

static void a_failed_move_speaks_against_its_cause(void **state)
{
    (void)state;
    double p[PL_KNOWN_CAUSES_MAX];
    pl_filter_init(&filter, test_lesson(), PL_FILTER_KERNEL);
    pl_filter_move(&filter, 0, 0);
    pl_filter_posterior(&filter, p);
    assert_true(p[TEST_POOL] < 0.2 && p[TEST_VENDOR] > p[TEST_INDEX]);
    pl_filter_reset(&filter);
    pl_filter_move(&filter, 0, 1);
    pl_filter_posterior(&filter, p);
    assert_true(p[TEST_POOL] > 0.85);
}

/* Belief stays a law of chance however often and however strangely one looks. */
static void belief_sums_to_one_after_many_looks(void **state)
{
    (void)state;
    for (uint32_t kind = PL_FILTER_CLASSES; kind <= PL_FILTER_KERNEL; kind++) {
        pl_filter_init(&filter, test_lesson(), kind);
        for (uint32_t i = 0; i < 200; i++) {
            double p[PL_KNOWN_CAUSES_MAX];
            const uint8_t levels[PL_KNOWN_TRAITS_MAX] = {(uint8_t)(i * 37 % (PL_LEVEL_MAX + 1))};
            pl_filter_look(&filter, i % TEST_LOOKS, i % PL_KNOWN_TIMES, levels);
            pl_filter_posterior(&filter, p);
            assert_true(fabs(p[0] + p[1] + p[2] - 1.0) < 1e-9);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prior_comes_first),
        cmocka_unit_test(a_telling_look_moves_the_belief),
        cmocka_unit_test(an_idle_look_changes_nothing),
        cmocka_unit_test(expected_bits_lie_below_the_entropy),
        cmocka_unit_test(a_failed_move_speaks_against_its_cause),
        cmocka_unit_test(belief_sums_to_one_after_many_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
