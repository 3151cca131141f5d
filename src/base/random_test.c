// SPDX-License-Identifier: Apache-2.0
//
// Draws follow their laws and streams are independent of each other. The draws are fixed, so these
// tests cannot fail by bad luck; the bounds are 4 standard errors.
#include "base/random.h"

#include "base/fmath.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { DRAW_COUNT = 200000 };

static void splitmix_values(void **state)
{
    (void)state;
    /* First outputs of splitmix64 from state 0, as published with the generator. */
    assert_true(pl_random_bits(0, 0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(pl_random_bits(0, 1) == UINT64_C(0x6e789e6aa1b965f4));
    assert_true(pl_random_bits(0, 2) == UINT64_C(0x06c45d188009454f));
}

static void unit_is_inside_the_open_interval(void **state)
{
    (void)state;
    assert_true(pl_random_unit(0) > 0.0);
    assert_true(pl_random_unit(UINT64_MAX) < 1.0);
}

static void moments_of_the_laws(void **state)
{
    (void)state;
    uint64_t key = pl_random_child(pl_random_child(42, 7), 1);
    double unit_sum = 0.0;
    double exp_sum = 0.0;
    double normal_sum = 0.0;
    double normal_square_sum = 0.0;
    for (uint64_t i = 0; i < DRAW_COUNT; i++) {
        uint64_t bits = pl_random_bits(key, i);
        unit_sum += pl_random_unit(bits);
        exp_sum += pl_random_exp(bits);
        double normal = pl_random_normal(bits);
        normal_sum += normal;
        normal_square_sum += normal * normal;
    }
    double error = 4.0 / sqrt((double)DRAW_COUNT);
    assert_true(fabs(unit_sum / DRAW_COUNT - 0.5) < error * sqrt(1.0 / 12.0));
    assert_true(fabs(exp_sum / DRAW_COUNT - 1.0) < error);
    assert_true(fabs(normal_sum / DRAW_COUNT) < error);
    assert_true(fabs(normal_square_sum / DRAW_COUNT - 1.0) < error * sqrt(2.0));
}

/* Both inversions against the slow functions: in the middle of every row, and far out. */
static void inversions_agree_with_fmath(void **state)
{
    (void)state;
    uint64_t key = pl_random_child(9, 9);
    for (uint64_t i = 0; i < DRAW_COUNT; i++) {
        uint64_t bits = pl_random_bits(key, i) >> (i % 40);
        bits = i % 3 == 0 ? ~bits : bits;
        double unit = pl_random_unit(bits);
        assert_true(pl_random_unit_bits(bits) == pl_random_bits_of(unit));
        double exact = -pl_log(unit);
        assert_true(pl_random_exp(bits) > 0.0);
        assert_true(fabs(pl_random_exp(bits) - exact) < 1e-11 * exact);
        assert_true(fabs(pl_random_normal(bits) - pl_normal_quantile(unit)) < 1e-9);
    }
    assert_true(pl_random_exp(0) > 36.0);
    assert_true(pl_random_exp(UINT64_MAX) > 0.0);
    assert_true(pl_random_normal(0) < -8.0);
    assert_true(pl_random_normal(UINT64_MAX) > 8.0);
}

static void neighbouring_streams_are_uncorrelated(void **state)
{
    (void)state;
    for (uint64_t child = 0; child < 20; child++) {
        uint64_t key_a = pl_random_child(1, child);
        uint64_t key_b = pl_random_child(1, child + 1);
        double sum = 0.0;
        for (uint64_t i = 0; i < 10000; i++) {
            sum += (pl_random_unit(pl_random_bits(key_a, i)) - 0.5) *
                   (pl_random_unit(pl_random_bits(key_b, i)) - 0.5);
        }
        assert_true(fabs(sum / 10000.0) < 4.0 / 12.0 / sqrt(10000.0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splitmix_values),
        cmocka_unit_test(unit_is_inside_the_open_interval),
        cmocka_unit_test(moments_of_the_laws),
        cmocka_unit_test(inversions_agree_with_fmath),
        cmocka_unit_test(neighbouring_streams_are_uncorrelated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
