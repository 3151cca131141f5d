// SPDX-License-Identifier: Apache-2.0
#include "base/draw_table.h"

#include "base/fmath.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void factors_are_near_the_reciprocal(void **state)
{
    (void)state;
    for (int i = 0; i < PL_DRAW_LOGS; i++) {
        double middle = 1.0 + ((double)i + 0.5) / PL_DRAW_LOGS;
        double factor = pl_draw_logs[i].factor;
        assert_true(fabs(middle * factor - 1.0) < 1.0 / 128.0);
        assert_true(fabs(pl_draw_logs[i].log_factor - pl_log(factor)) < 2e-16);
    }
}

static double row_at(int row, double t)
{
    double value = 0.0;
    for (int i = PL_DRAW_DEGREE; i >= 0; i--) {
        value = value * t + pl_draw_quantiles[row].c[i];
    }
    return value;
}

static void rows_are_the_quantile_and_meet(void **state)
{
    (void)state;
    for (int row = 0; row < PL_DRAW_QUANTILES; row++) {
        double octave = 0.25 / (double)(1 << (row / 8));
        double middle = octave * (1.0 + (7.5 - (double)(row % 8)) / 8.0);
        assert_true(fabs(row_at(row, 0.0) - pl_normal_quantile(middle)) < 1e-9);
        double end =
            row + 1 < PL_DRAW_QUANTILES ? row_at(row + 1, 1.0 / 16.0) : pl_normal_quantile(octave);
        assert_true(fabs(row_at(row, -1.0 / 16.0) - end) < 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_are_near_the_reciprocal),
        cmocka_unit_test(rows_are_the_quantile_and_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
