// SPDX-License-Identifier: Apache-2.0
//
// Tabulated values and closed forms.
#include "stats/density.h"

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

static void log_gamma_at_known_points(void **state)
{
    (void)state;
    assert_near(pl_log_gamma(1.0), 0.0, 1e-14);
    assert_near(pl_log_gamma(0.5), 0.5 * log(acos(-1.0)), 1e-14);
    assert_near(pl_log_gamma(5.0), log(24.0), 1e-13);
    assert_near(pl_log_gamma(101.0), 363.73937555556349, 1e-10);
    assert_near(pl_log_gamma(0.1), 2.2527126517342060, 1e-13);
}

/** One dimension, three degrees of freedom, scale 4: t(2) at x = 2 has a closed form. */
static void student_density_in_one_dimension(void **state)
{
    (void)state;
    double value = pl_student_log_constant(1, 3.0, log(4.0)) + pl_student_log_kernel(1, 3.0, 1.0);
    // t_3(1) = 2 / (pi sqrt 3) / (1 + 1/3)^2 = .20674833578317
    assert_near(value, log(0.206748335783172 / 2.0), 1e-12);
}

/** With many degrees of freedom it is the normal law. */
static void student_density_tends_to_the_normal(void **state)
{
    (void)state;
    double value = pl_student_log_constant(3, 1e8, 0.0) + pl_student_log_kernel(3, 1e8, 2.5);
    assert_near(value, -1.5 * log(2.0 * acos(-1.0)) - 1.25, 1e-6);
    assert_near(
        pl_student_log_constant(0, 5.0, 0.0) + pl_student_log_kernel(0, 5.0, 0.0), 0.0, 0.0);
}

/** A density sums to 1 over a grid in two dimensions. */
static void student_density_sums_to_one(void **state)
{
    (void)state;
    double constant = pl_student_log_constant(2, 12.0, 0.0);
    double sum = 0.0;
    for (int i = -200; i <= 200; i++) {
        for (int j = -200; j <= 200; j++) {
            double distance = 0.01 * (double)(i * i + j * j);
            sum += 0.01 * exp(constant + pl_student_log_kernel(2, 12.0, distance));
        }
    }
    assert_near(sum, 1.0, 1e-6);
}

static void f_tail_at_known_points(void **state)
{
    (void)state;
    assert_near(pl_f_tail(4.0, 1.0, 10.0), 0.073388034770740393, 1e-12);
    // For two numerator degrees of freedom the tail is (1 + 2f/n)^(-n/2).
    assert_near(pl_f_tail(3.0, 2.0, 8.0), pow(1.75, -4.0), 1e-13);
    assert_near(pl_f_tail(0.0, 2.0, 8.0), 1.0, 0.0);
    assert_near(pl_beta_regularised(2.0, 3.0, 0.4, 0.6), 0.5248, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_gamma_at_known_points),
        cmocka_unit_test(student_density_in_one_dimension),
        cmocka_unit_test(student_density_tends_to_the_normal),
        cmocka_unit_test(student_density_sums_to_one),
        cmocka_unit_test(f_tail_at_known_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
