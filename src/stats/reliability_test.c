// SPDX-License-Identifier: Apache-2.0
//
// Shrout and Fleiss 1979, table 2, and components of simulated designs.
#include "stats/reliability.h"

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

static const double judges[] = {9, 2, 5, 8, 6,  1, 3, 2, 8, 4, 6, 8,
                                7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7};

static void mean_squares_of_shrout_and_fleiss(void **state)
{
    (void)state;
    struct pl_components components = pl_components_of(judges, 6, 4);
    assert_near(components.mean_square_person, 11.24, 0.005);
    assert_near(components.mean_square_item, 32.49, 0.005);
    assert_near(components.mean_square_rest, 1.02, 0.005);
    assert_near(components.person, (11.2417 - 1.0194) / 4.0, 1e-3);
    assert_near(pl_generalisability(&components, 4), 0.9093, 1e-3);
}

static void intraclass_correlations_of_shrout_and_fleiss(void **state)
{
    (void)state;
    pl_interval one = pl_icc_one_way(judges, 6, 4, 0.95);
    assert_near(one.estimate, 0.1657, 1e-4);
    assert_near(one.low, -0.1329, 1e-3);
    assert_near(one.high, 0.7226, 1e-3);
    pl_interval two = pl_icc_two_way(judges, 6, 4, 0.95);
    assert_near(two.estimate, 0.7148, 1e-4);
    assert_near(two.low, 0.3425, 1e-3);
    assert_near(two.high, 0.9459, 1e-3);
}

static double normal(uint64_t key, uint64_t index)
{
    return pl_random_normal(pl_random_bits(key, index));
}

/** Components that went into a design come out of it. */
static void nested_components_are_recovered(void **state)
{
    (void)state;
    enum { PERSONS = 150, FAMILIES = 20, ITEMS = 4 };
    static double score[PERSONS * FAMILIES * ITEMS];
    for (uint32_t p = 0; p < PERSONS; p++) {
        for (uint32_t f = 0; f < FAMILIES; f++) {
            for (uint32_t i = 0; i < ITEMS; i++) {
                uint32_t cell = (p * FAMILIES + f) * ITEMS + i;
                score[cell] = 2.0 * normal(1, p) + 0.5 * normal(2, f) +
                              normal(3, (uint64_t)f * ITEMS + i) +
                              1.5 * normal(4, (uint64_t)p * FAMILIES + f) + 3.0 * normal(5, cell);
            }
        }
    }
    struct pl_nested_components components =
        pl_nested_components_of(score, PERSONS, FAMILIES, ITEMS);
    assert_near(components.person, 4.0, 1.0);
    assert_near(components.family, 0.25, 0.35);
    assert_near(components.item, 1.0, 0.45);
    assert_near(components.person_family, 2.25, 0.3);
    assert_near(components.rest, 9.0, 0.4);
    double g = pl_nested_generalisability(&components, 3, 1);
    assert_near(g, 4.0 / (4.0 + 0.75 + 3.0), 0.08);
    assert_true(pl_nested_dependability(&components, 3, 1) < g);
}

static void reliability_of_nothing_is_none(void **state)
{
    (void)state;
    static const double flat[] = {1, 2, 1, 2, 1, 2};
    struct pl_components components = pl_components_of(flat, 3, 2);
    assert_near(components.person, 0.0, 1e-12);
    assert_near(pl_generalisability(&components, 5), 0.0, 1e-12);
    struct pl_nested_components none = {.person = -1.0};
    assert_near(pl_nested_generalisability(&none, 1, 1), 0.0, 0.0);
    assert_near(pl_nested_dependability(&none, 1, 1), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_squares_of_shrout_and_fleiss),
        cmocka_unit_test(intraclass_correlations_of_shrout_and_fleiss),
        cmocka_unit_test(nested_components_are_recovered),
        cmocka_unit_test(reliability_of_nothing_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
