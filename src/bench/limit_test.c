// SPDX-License-Identifier: Apache-2.0
#include "bench/limit.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_limit_tables tables;

static int setup(void **state)
{
    (void)state;
    pl_limit_tables_init(&tables);
    return 0;
}

static void ziggurat_draws_are_exponential(void **state)
{
    /* Moments and tail of 2 million draws, each within 5 standard errors. */
    enum { DRAWS = 2000000 };
    double sum = 0.0;
    double squares = 0.0;
    double tail = 0.0;
    double far = 0.0;
    (void)state;
    for (uint64_t i = 0; i < DRAWS; i++) {
        double x = pl_limit_exponential(&tables, pl_random_bits(5, i));
        assert_true(x >= 0.0);
        sum += x;
        squares += x * x;
        tail += x > 1.0 ? 1.0 : 0.0;
        far += x > 8.0 ? 1.0 : 0.0;
    }
    double n = DRAWS;
    assert_true(fabs(sum / n - 1.0) < 5.0 / sqrt(n));
    assert_true(fabs(squares / n - 2.0) < 5.0 * sqrt(20.0 / n));
    double p = exp(-1.0);
    assert_true(fabs(tail / n - p) < 5.0 * sqrt(p * (1.0 - p) / n));
    p = exp(-8.0); /* beyond the last layer */
    assert_true(fabs(far / n - p) < 5.0 * sqrt(p / n));
}

static void mm1_sojourn_is_10(void **state)
{
    /* Standard error 0.134 at 2 million requests: variance constant 36000 at load 0.9. */
    struct pl_limit_mm1 *queue = calloc(1, sizeof *queue);
    (void)state;
    assert_non_null(queue);
    pl_limit_mm1_init(&tables, queue, 1);
    pl_limit_mm1_run(&tables, queue, 2000000);
    assert_int_equal(queue->count.requests, 2000000);
    assert_true(fabs(queue->count.sojourn / 2e6 - 10.0) < 4.0 * 0.134);
    assert_true(fabs((double)queue->count.events / 2e6 - 2.0) < 0.001);
    free(queue);
}

static void tandem_sojourn_is_the_product_form(void **state)
{
    struct pl_limit_tandem *tandem = calloc(1, sizeof *tandem);
    double sum = 0.0;
    double squares = 0.0;
    (void)state;
    assert_non_null(tandem);
    pl_limit_tandem_init(&tables, tandem, 1);
    pl_limit_tandem_run(&tables, tandem, 20000, PL_LIMIT_NO_DEADLINES);
    for (uint32_t i = 0; i < 50; i++) {
        double before = tandem->count.sojourn;
        pl_limit_tandem_run(&tables, tandem, 10000, PL_LIMIT_NO_DEADLINES);
        double mean = (tandem->count.sojourn - before) / 10000.0;
        sum += mean;
        squares += mean * mean;
    }
    double mean = sum / 50.0;
    double error = sqrt((squares / 50.0 - mean * mean) / 49.0);
    assert_true(error < 0.2);
    assert_true(fabs(mean - 40.2227) < 4.0 * error);
    free(tandem);
}

static void deadlines_pass_without_changing_what_is_served(void **state)
{
    struct pl_limit_tandem *with = calloc(1, sizeof *with);
    struct pl_limit_tandem *without = calloc(1, sizeof *without);
    (void)state;
    assert_non_null(with);
    assert_non_null(without);
    pl_limit_tandem_init(&tables, with, 3);
    pl_limit_tandem_init(&tables, without, 3);
    pl_limit_tandem_run(&tables, with, 200000, PL_LIMIT_DEADLINES);
    pl_limit_tandem_run(&tables, without, 200000, PL_LIMIT_NO_DEADLINES);
    assert_true(fabs(with->count.sojourn - without->count.sojourn) < 1e-6);
    assert_in_range(with->late, 20, 200); /* 0.04 % of 200,000 is 80 */
    assert_true(with->count.events > without->count.events);
    free(with);
    free(without);
}

static void a_fork_goes_on_as_its_origin(void **state)
{
    struct pl_limit_tandem *origin = calloc(2, sizeof *origin);
    (void)state;
    assert_non_null(origin);
    pl_limit_tandem_init(&tables, origin, 4);
    pl_limit_tandem_run(&tables, origin, 1000, PL_LIMIT_NO_DEADLINES);
    origin[1] = origin[0];
    pl_limit_tandem_run(&tables, &origin[0], 1000, PL_LIMIT_NO_DEADLINES);
    pl_limit_tandem_run(&tables, &origin[1], 1000, PL_LIMIT_NO_DEADLINES);
    assert_memory_equal(&origin[0], &origin[1], sizeof *origin);
    pl_limit_tandem_reseed(&tables, &origin[1], 9);
    pl_limit_tandem_run(&tables, &origin[0], 10, PL_LIMIT_NO_DEADLINES);
    pl_limit_tandem_run(&tables, &origin[1], 10, PL_LIMIT_NO_DEADLINES);
    assert_true(origin[0].tree[1] != origin[1].tree[1]);
    free(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ziggurat_draws_are_exponential),
        cmocka_unit_test(mm1_sojourn_is_10),
        cmocka_unit_test(tandem_sojourn_is_the_product_form),
        cmocka_unit_test(deadlines_pass_without_changing_what_is_served),
        cmocka_unit_test(a_fork_goes_on_as_its_origin),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
