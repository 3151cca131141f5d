// SPDX-License-Identifier: Apache-2.0
#include "range/arrivals.h"

#include "stats/interval.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void poisson_has_the_rate_and_exponential_gaps(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    struct pl_arrivals arrivals = pl_arrivals_start(PL_ARRIVAL_POISSON, 250.0, 7);
    struct pl_moments gaps = {0};
    int64_t before = 0;
    for (int i = 0; i < COUNT; i++) {
        int64_t now = pl_arrivals_next(&arrivals);
        assert_true(now >= before);
        pl_moments_add(&gaps, (double)(now - before) * 1e-9);
        before = now;
    }
    /* Five standard errors of the mean and of the variance of exponential gaps. */
    assert_true(fabs(gaps.mean * 250.0 - 1.0) < 5.0 / sqrt((double)COUNT));
    double variance = pl_moments_variance(&gaps) * 250.0 * 250.0;
    assert_true(fabs(variance - 1.0) < 5.0 * sqrt(8.0 / (double)COUNT));
}

static void constant_keeps_equal_distances(void **state)
{
    (void)state;
    struct pl_arrivals arrivals = pl_arrivals_start(PL_ARRIVAL_CONSTANT, 1000.0, 7);
    for (int64_t i = 1; i <= 1000; i++) {
        int64_t off = pl_arrivals_next(&arrivals) - i * 1000000;
        assert_true(off >= -2 && off <= 2);
    }
}

static void the_seed_decides_every_moment(void **state)
{
    (void)state;
    struct pl_arrivals a = pl_arrivals_start(PL_ARRIVAL_POISSON, 100.0, 1);
    struct pl_arrivals same = pl_arrivals_start(PL_ARRIVAL_POISSON, 100.0, 1);
    struct pl_arrivals other = pl_arrivals_start(PL_ARRIVAL_POISSON, 100.0, 2);
    int different = 0;
    for (int i = 0; i < 100; i++) {
        int64_t moment = pl_arrivals_next(&a);
        assert_int_equal(moment, pl_arrivals_next(&same));
        different += moment != pl_arrivals_next(&other);
    }
    assert_int_equal(different, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poisson_has_the_rate_and_exponential_gaps),
        cmocka_unit_test(constant_keeps_equal_distances),
        cmocka_unit_test(the_seed_decides_every_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
