// SPDX-License-Identifier: Apache-2.0
#include "model/law.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { DRAWS = 200000 };

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean and 99th percentile of many draws. */
static void sample(pl_law law, double *mean, double *p99)
{
    double *draws = malloc(DRAWS * sizeof *draws);
    double sum = 0.0;
    assert_non_null(draws);
    for (uint64_t i = 0; i < DRAWS; i++) {
        draws[i] = pl_law_draw(&law, pl_random_bits(11, i));
        assert_true(draws[i] >= 0.0);
        sum += draws[i];
    }
    qsort(draws, DRAWS, sizeof *draws, ascending);
    *mean = sum / DRAWS;
    *p99 = draws[DRAWS * 99 / 100];
    free(draws);
}

static void draws_have_the_mean_and_tail_of_their_law(void **unused)
{
    const struct {
        pl_law law;
        double mean;
        double p99;
    } cases[] = {
        {pl_law_constant(0.25), 0.25, 0.25},
        {pl_law_exponential(0.1), 0.1, 0.1 * 4.605170},
        {pl_law_lognormal(0.012, 0.040), 0.012, 0.040},
        {pl_law_lognormal_quantiles(0.07, 0.4), 0.0926, 0.4},
        {pl_law_lognormal_scv(1.0, 4.0), 1.0, 8.565},
        {pl_law_uniform(0.2, 0.4), 0.3, 0.398},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double mean;
        double p99;
        sample(cases[i].law, &mean, &p99);
        assert_true(fabs(mean / cases[i].mean - 1.0) < 0.02);
        assert_true(fabs(p99 / cases[i].p99 - 1.0) < 0.03);
        assert_true(fabs(cases[i].law.mean_s / cases[i].mean - 1.0) < 0.01);
    }
}

static void same_bits_scale_with_the_mean(void **unused)
{
    /* Common random numbers: twice the mean is twice every draw. */
    pl_law one = pl_law_exponential(1.0);
    pl_law two = pl_law_exponential(2.0);
    (void)unused;
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t bits = pl_random_bits(3, i);
        assert_true(fabs(pl_law_draw(&two, bits) - 2.0 * pl_law_draw(&one, bits)) < 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_have_the_mean_and_tail_of_their_law),
        cmocka_unit_test(same_bits_scale_with_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
