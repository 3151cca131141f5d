// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration.h"

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

static void what_is_stated_right_has_no_error_beyond_chance(void **state)
{
    (void)state;
    struct pl_ece right = {0};
    struct pl_ece bold = {0};
    for (uint64_t i = 0; i < 20000; i++) {
        double p = pl_random_unit(pl_random_bits(1, i));
        uint32_t happened = pl_random_unit(pl_random_bits(2, i)) < p ? 1 : 0;
        pl_ece_add(&right, p, happened);
        pl_ece_add(&bold, p > 0.5 ? 0.5 + 0.5 * p : 0.5 * p, happened);
    }
    assert_true(pl_ece_error(&right) < 2.0 * pl_ece_chance(&right));
    assert_near(pl_ece_error(&bold), 0.125, 0.015);
    struct pl_ece none = {0};
    assert_near(pl_ece_error(&none), 0.0, 0.0);
    pl_ece_add(&none, 1.0, 0);
    assert_near(pl_ece_error(&none), 1.0, 1e-15);
}

static double hill(void *context, double x)
{
    uint32_t *calls = context;
    *calls += 1;
    return -(x - 0.73) * (x - 0.73) * (x - 0.73) * (x - 0.73);
}

static void the_peak_is_found(void **state)
{
    (void)state;
    uint32_t calls = 0;
    assert_near(pl_golden_maximum(hill, &calls, 0.4, 1.3, 1e-4), 0.73, 1e-2);
    assert_true(calls < 40);
    assert_near(pl_golden_maximum(hill, &calls, 1.0, 2.0, 1e-3), 1.0, 1e-3);
}

struct sample {
    double values[50];
};

static double mean(void *context, const uint32_t *units, uint32_t count)
{
    const struct sample *sample = context;
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        sum += sample->values[units[i]] / (double)count;
    }
    return sum;
}

static void intervals_of_the_bootstrap_have_the_width_of_theory(void **state)
{
    (void)state;
    struct sample sample;
    uint32_t units[50];
    static double results[2000];
    double square = 0.0;
    for (uint32_t i = 0; i < 50; i++) {
        sample.values[i] = pl_random_normal(pl_random_bits(9, i));
        square += sample.values[i] * sample.values[i] / 50.0;
    }
    const struct pl_bootstrap bootstrap = {.statistic = mean,
                                           .context = &sample,
                                           .count = 50,
                                           .draws = 2000,
                                           .units = units,
                                           .results = results,
                                           .key = 4,
                                           .confidence = 0.95};
    pl_interval first = pl_bootstrap_run(&bootstrap);
    double sd = sqrt((square - first.estimate * first.estimate) / 50.0);
    assert_near((first.high - first.low) / (2.0 * 1.96 * sd), 1.0, 0.08);
    assert_true(first.low < first.estimate && first.estimate < first.high);
    pl_interval second = pl_bootstrap_run(&bootstrap);
    assert_near(first.low, second.low, 0.0);
    assert_near(first.high, second.high, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_stated_right_has_no_error_beyond_chance),
        cmocka_unit_test(the_peak_is_found),
        cmocka_unit_test(intervals_of_the_bootstrap_have_the_width_of_theory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
