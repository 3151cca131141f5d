// SPDX-License-Identifier: Apache-2.0
#include "stats/linear.h"

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

static void the_factor_of_a_known_matrix(void **state)
{
    (void)state;
    double a[9] = {4, 12, -16, 12, 37, -43, -16, -43, 98};
    assert_true(pl_cholesky(a, 3));
    static const double l[9] = {2, 0, 0, 6, 1, 0, -8, 5, 3};
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j <= i; j++) {
            assert_near(a[i * 3 + j], l[i * 3 + j], 1e-13);
        }
    }
    assert_near(pl_cholesky_log_determinant(a, 3), log(36.0), 1e-13);
}

static void solving_gives_back_what_was_multiplied(void **state)
{
    (void)state;
    enum { N = 16 };
    double a[N * N];
    double l[N * N];
    double x[N];
    double b[N];
    uint64_t counter = 0;
    for (int i = 0; i < N; i++) {
        x[i] = pl_random_normal(pl_random_bits(7, counter++));
        for (int j = 0; j <= i; j++) {
            double value = pl_random_normal(pl_random_bits(7, counter++));
            a[i * N + j] = value + (i == j ? 20.0 : 0.0);
            a[j * N + i] = a[i * N + j];
        }
    }
    double distance = 0.0;
    for (int i = 0; i < N; i++) {
        b[i] = 0.0;
        for (int j = 0; j < N; j++) {
            b[i] += a[i * N + j] * x[j];
            l[i * N + j] = a[i * N + j];
        }
        distance += b[i] * x[i];
    }
    assert_true(pl_cholesky(l, N));
    double forward[N];
    double square = 0.0;
    for (int i = 0; i < N; i++) {
        forward[i] = b[i];
    }
    pl_cholesky_forward(l, N, forward);
    pl_cholesky_solve(l, N, b);
    for (int i = 0; i < N; i++) {
        assert_near(b[i], x[i], 1e-12);
        square += forward[i] * forward[i];
    }
    assert_near(square / distance, 1.0, 1e-12);
}

static void what_is_not_positive_definite_is_refused(void **state)
{
    (void)state;
    double indefinite[4] = {1, 2, 2, 1};
    assert_false(pl_cholesky(indefinite, 2));
    double singular[4] = {1, 1, 1, 1};
    assert_false(pl_cholesky(singular, 2));
    assert_true(pl_cholesky(singular, 0));
}

static void weights_that_are_equal_change_nothing(void **state)
{
    (void)state;
    static const double samples[8] = {1, 2, 3, 5, 5, 4, 7, 9};
    static const double weights[4] = {0.5, 0.5, 0.5, 0.5};
    double mean[2];
    double covariance[4];
    pl_weighted_mean(samples, weights, 4, 2, mean);
    pl_weighted_covariance(samples, weights, 4, 2, mean, covariance);
    assert_near(mean[0], 4.0, 1e-15);
    assert_near(mean[1], 5.0, 1e-15);
    assert_near(covariance[0], 20.0 / 3.0, 1e-14);
    assert_near(covariance[1], 20.0 / 3.0, 1e-14);
    assert_near(covariance[3], 26.0 / 3.0, 1e-14);
    assert_near(pl_effective_size(weights, 4), 4.0, 1e-15);
}

static void a_sample_without_weight_does_not_count(void **state)
{
    (void)state;
    static const double samples[3] = {1, 3, 1000};
    static const double weights[3] = {1, 1, 0};
    double mean = 0.0;
    double variance = 0.0;
    pl_weighted_mean(samples, weights, 3, 1, &mean);
    pl_weighted_covariance(samples, weights, 3, 1, &mean, &variance);
    assert_near(mean, 2.0, 1e-15);
    assert_near(variance, 2.0, 1e-15);
    assert_near(pl_effective_size(weights, 3), 2.0, 1e-15);
    static const double one[3] = {0, 1, 0};
    pl_weighted_mean(samples, one, 3, 1, &mean);
    pl_weighted_covariance(samples, one, 3, 1, &mean, &variance);
    assert_near(variance, 0.0, 1e-15);
    assert_near(pl_effective_size(weights, 0), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_factor_of_a_known_matrix),
        cmocka_unit_test(solving_gives_back_what_was_multiplied),
        cmocka_unit_test(what_is_not_positive_definite_is_refused),
        cmocka_unit_test(weights_that_are_equal_change_nothing),
        cmocka_unit_test(a_sample_without_weight_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
