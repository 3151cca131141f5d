// SPDX-License-Identifier: Apache-2.0
#include "stats/linear.h"

#include "base/check.h"
#include "base/fmath.h"

#include <math.h>

bool pl_cholesky(double *a, uint32_t n)
{
    for (uint32_t j = 0; j < n; j++) {
        double *row = a + (uint64_t)j * n;
        double pivot = row[j];
        for (uint32_t k = 0; k < j; k++) {
            pivot -= row[k] * row[k];
        }
        if (!(pivot > 0.0)) {
            return false;
        }
        pivot = sqrt(pivot);
        row[j] = pivot;
        for (uint32_t i = j + 1; i < n; i++) {
            double *below = a + (uint64_t)i * n;
            double sum = below[j];
            for (uint32_t k = 0; k < j; k++) {
                sum -= below[k] * row[k];
            }
            below[j] = sum / pivot;
        }
    }
    return true;
}

void pl_cholesky_forward(const double *l, uint32_t n, double *b)
{
    for (uint32_t i = 0; i < n; i++) {
        const double *row = l + (uint64_t)i * n;
        double sum = b[i];
        for (uint32_t k = 0; k < i; k++) {
            sum -= row[k] * b[k];
        }
        b[i] = sum / row[i];
    }
}

void pl_cholesky_solve(const double *l, uint32_t n, double *b)
{
    pl_cholesky_forward(l, n, b);
    for (uint32_t i = n; i-- > 0;) {
        double sum = b[i];
        for (uint32_t k = i + 1; k < n; k++) {
            sum -= l[(uint64_t)k * n + i] * b[k];
        }
        b[i] = sum / l[(uint64_t)i * n + i];
    }
}

double pl_cholesky_log_determinant(const double *l, uint32_t n)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        sum += pl_log(l[(uint64_t)i * n + i]);
    }
    return 2.0 * sum;
}

void pl_weighted_mean(
    const double *samples, const double *weights, uint32_t count, uint32_t dims, double *mean)
{
    double total = 0.0;
    for (uint32_t i = 0; i < dims; i++) {
        mean[i] = 0.0;
    }
    for (uint32_t k = 0; k < count; k++) {
        PL_CHECK(weights[k] >= 0.0);
        total += weights[k];
        for (uint32_t i = 0; i < dims; i++) {
            mean[i] += weights[k] * samples[(uint64_t)k * dims + i];
        }
    }
    PL_CHECK(total > 0.0);
    for (uint32_t i = 0; i < dims; i++) {
        mean[i] /= total;
    }
}

void pl_weighted_covariance(const double *samples,
                            const double *weights,
                            uint32_t count,
                            uint32_t dims,
                            const double *mean,
                            double *covariance)
{
    double total = 0.0;
    double squares = 0.0;
    for (uint64_t i = 0; i < (uint64_t)dims * dims; i++) {
        covariance[i] = 0.0;
    }
    for (uint32_t k = 0; k < count; k++) {
        const double *sample = samples + (uint64_t)k * dims;
        total += weights[k];
        squares += weights[k] * weights[k];
        for (uint32_t i = 0; i < dims; i++) {
            double distance = weights[k] * (sample[i] - mean[i]);
            for (uint32_t j = 0; j <= i; j++) {
                covariance[(uint64_t)i * dims + j] += distance * (sample[j] - mean[j]);
            }
        }
    }
    PL_CHECK(total > 0.0);
    double divisor = total - squares / total;
    double scale = divisor > 1e-12 * total ? 1.0 / divisor : 0.0;
    for (uint32_t i = 0; i < dims; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            double value = covariance[(uint64_t)i * dims + j] * scale;
            covariance[(uint64_t)i * dims + j] = value;
            covariance[(uint64_t)j * dims + i] = value;
        }
    }
}

double pl_effective_size(const double *weights, uint32_t count)
{
    double total = 0.0;
    double squares = 0.0;
    for (uint32_t k = 0; k < count; k++) {
        total += weights[k];
        squares += weights[k] * weights[k];
    }
    return squares > 0.0 ? total * total / squares : 0.0;
}
