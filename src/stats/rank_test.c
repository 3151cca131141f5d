// SPDX-License-Identifier: Apache-2.0
//
// Small cases by hand.
#include "stats/rank.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.15g is not within %g of %.15g", value, tolerance, expected);
    }
}

static void correlations_of_ranks_with_ties(void **state)
{
    (void)state;
    static const double a[] = {1, 2, 2, 4};
    static const double b[] = {1, 3, 2, 4};
    double ranks[8];
    assert_near(pl_spearman(a, b, 4, ranks), 4.5 / sqrt(4.5 * 5.0), 1e-14);
    assert_near(pl_kendall(a, b, 4), 5.0 / sqrt(30.0), 1e-14);
    static const double falling[] = {9, 7, 5, 1};
    assert_near(pl_spearman(b, falling, 4, ranks), -0.8, 1e-14);
    static const double flat[] = {3, 3, 3, 3};
    assert_near(pl_spearman(a, flat, 4, ranks), 0.0, 0.0);
    assert_near(pl_kendall(a, flat, 4), 0.0, 0.0);
    assert_near(pl_correlation(a, flat, 4), 0.0, 0.0);
}

static void the_area_counts_wins_and_half_of_ties(void **state)
{
    (void)state;
    static const double above[] = {3, 4, 5};
    static const double below[] = {1, 3, 2};
    pl_interval area = pl_auc(above, 3, below, 3, 0.95);
    assert_near(area.estimate, 8.5 / 9.0, 1e-14);
    assert_true(area.low < area.estimate && area.high <= 1.0 && area.low >= 0.0);
    area = pl_auc(below, 3, above, 3, 0.95);
    assert_near(area.estimate, 0.5 / 9.0, 1e-14);
    area = pl_auc(above, 1, below, 1, 0.95);
    assert_near(area.estimate, 1.0, 0.0);
    assert_near(area.high, 1.0, 0.0);
}

/** For two normal laws one sd apart the area is Phi(1 / sqrt 2); 95 % intervals hold it. */
static void intervals_of_areas_cover(void **state)
{
    (void)state;
    enum { N = 40, ROUNDS = 300 };
    uint32_t covered = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        double above[N];
        double below[N];
        for (uint32_t i = 0; i < N; i++) {
            above[i] = 1.0 + pl_random_normal(pl_random_bits(round, 2 * i));
            below[i] = pl_random_normal(pl_random_bits(round, 2 * i + 1));
        }
        pl_interval area = pl_auc(above, N, below, N, 0.95);
        covered += area.low <= 0.76024993890652326 && area.high >= 0.76024993890652326 ? 1 : 0;
    }
    assert_true(covered > ROUNDS * 91 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(correlations_of_ranks_with_ties),
        cmocka_unit_test(the_area_counts_wins_and_half_of_ties),
        cmocka_unit_test(intervals_of_areas_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
