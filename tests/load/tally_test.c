// SPDX-License-Identifier: Apache-2.0
#include "tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Goal: quantiles are values that were kept, by the nearest rank, in whatever order they came. */
static void quantiles_are_the_nearest_ranks(void **context)
{
    struct pl_tally tally = {0};
    (void)context;
    assert_int_equal(pl_tally_quantile(&tally, 0.5), 0);
    for (int64_t i = 10000; i >= 1; i--) {
        pl_tally_add(&tally, i);
    }
    assert_int_equal(tally.count, 10000);
    assert_int_equal(pl_tally_quantile(&tally, 0.0), 1);
    assert_int_equal(pl_tally_quantile(&tally, 0.5), 5000);
    assert_int_equal(pl_tally_quantile(&tally, 0.99), 9900);
    assert_int_equal(pl_tally_quantile(&tally, 1.0), 10000);
    pl_tally_add(&tally, 20000);
    assert_int_equal(pl_tally_quantile(&tally, 1.0), 20000);
    pl_tally_fini(&tally);
    assert_int_equal(tally.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(quantiles_are_the_nearest_ranks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
