// SPDX-License-Identifier: Apache-2.0
#include "stats/rank.h"

#include "base/check.h"
#include "base/fmath.h"

#include <math.h>
#include <stdbool.h>

double pl_correlation(const double *a, const double *b, uint32_t count)
{
    double mean_a = 0.0;
    double mean_b = 0.0;
    PL_CHECK(count >= 2);
    for (uint32_t i = 0; i < count; i++) {
        mean_a += a[i] / (double)count;
        mean_b += b[i] / (double)count;
    }
    double cross = 0.0;
    double square_a = 0.0;
    double square_b = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        cross += (a[i] - mean_a) * (b[i] - mean_b);
        square_a += (a[i] - mean_a) * (a[i] - mean_a);
        square_b += (b[i] - mean_b) * (b[i] - mean_b);
    }
    bool constant = !(square_a > 0.0) || !(square_b > 0.0);
    return constant ? 0.0 : cross / sqrt(square_a * square_b);
}

/** Ranks by counting: exact for ties, quadratic, which is enough for tables of people. */
static void rank(const double *values, uint32_t count, double *ranks)
{
    for (uint32_t i = 0; i < count; i++) {
        double below = 0.0;
        double same = 0.0;
        for (uint32_t j = 0; j < count; j++) {
            below += values[j] < values[i] ? 1.0 : 0.0;
            same += !(values[j] < values[i]) && !(values[j] > values[i]) ? 1.0 : 0.0;
        }
        ranks[i] = below + 0.5 * (same + 1.0);
    }
}

double pl_spearman(const double *a, const double *b, uint32_t count, double *ranks)
{
    PL_CHECK(count >= 2);
    rank(a, count, ranks);
    rank(b, count, ranks + count);
    return pl_correlation(ranks, ranks + count, count);
}

static double sign(double x)
{
    return x > 0.0 ? 1.0 : (x < 0.0 ? -1.0 : 0.0);
}

double pl_kendall(const double *a, const double *b, uint32_t count)
{
    double agree = 0.0;
    double pairs_a = 0.0;
    double pairs_b = 0.0;
    PL_CHECK(count >= 2);
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            double first = sign(a[i] - a[j]);
            double second = sign(b[i] - b[j]);
            agree += first * second;
            pairs_a += first * first;
            pairs_b += second * second;
        }
    }
    bool constant = !(pairs_a > 0.0) || !(pairs_b > 0.0);
    return constant ? 0.0 : agree / sqrt(pairs_a * pairs_b);
}

pl_interval pl_auc(const double *above,
                   uint32_t above_count,
                   const double *below,
                   uint32_t below_count,
                   double confidence)
{
    PL_CHECK(above_count >= 1 && below_count >= 1);
    PL_CHECK(confidence > 0.0 && confidence < 1.0);
    double wins = 0.0;
    for (uint32_t i = 0; i < above_count; i++) {
        for (uint32_t j = 0; j < below_count; j++) {
            wins += 0.5 + 0.5 * sign(above[i] - below[j]);
        }
    }
    double m = (double)above_count;
    double n = (double)below_count;
    double area = wins / (m * n);
    double both_above = area / (2.0 - area);
    double both_below = 2.0 * area * area / (1.0 + area);
    double variance = (area * (1.0 - area) + (m - 1.0) * (both_above - area * area) +
                       (n - 1.0) * (both_below - area * area)) /
                      (m * n);
    double half =
        pl_normal_quantile(0.5 + 0.5 * confidence) * sqrt(variance > 0.0 ? variance : 0.0);
    return (pl_interval){.estimate = area,
                         .low = area - half > 0.0 ? area - half : 0.0,
                         .high = area + half < 1.0 ? area + half : 1.0};
}
