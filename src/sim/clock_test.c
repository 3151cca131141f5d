// SPDX-License-Identifier: Apache-2.0
#include "sim/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void seconds_become_the_nearest_nanosecond_within_bounds(void **unused)
{
    (void)unused;
    assert_int_equal(pl_clock_ns(0.0), 0);
    assert_int_equal(pl_clock_ns(1.5), 1500000000);
    assert_int_equal(pl_clock_ns(1e-9), 1);
    assert_int_equal(pl_clock_ns(0.4e-9), 0);
    assert_int_equal(pl_clock_ns(-3.0), 0);
    assert_int_equal(pl_clock_ns(1e300), PL_TIME_MAX);
    assert_int_equal(pl_clock_ns(0.0 / (double)PL_NS_PER_S), 0);
    assert_true(pl_clock_s(PL_NS_PER_MS) > 0.000999 && pl_clock_s(PL_NS_PER_MS) < 0.001001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_become_the_nearest_nanosecond_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
