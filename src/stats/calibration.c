// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration.h"

#include "base/check.h"
#include "base/random.h"

#include <math.h>

void pl_ece_add(struct pl_ece *ece, double p, uint32_t happened)
{
    PL_CHECK(p >= 0.0 && p <= 1.0 + 1e-9);
    uint32_t bin = (uint32_t)(p * PL_ECE_BINS);
    bin = bin < PL_ECE_BINS ? bin : PL_ECE_BINS - 1;
    ece->stated[bin] += p;
    ece->happened[bin] += happened != 0 ? 1.0 : 0.0;
    ece->count[bin] += 1.0;
}

double pl_ece_error(const struct pl_ece *ece)
{
    double sum = 0.0;
    double count = 0.0;
    for (uint32_t i = 0; i < PL_ECE_BINS; i++) {
        sum += fabs(ece->stated[i] - ece->happened[i]);
        count += ece->count[i];
    }
    return count > 0.0 ? sum / count : 0.0;
}

double pl_ece_chance(const struct pl_ece *ece)
{
    static const double mean_of_half_normal = 0.79788456080286536;
    double sum = 0.0;
    double count = 0.0;
    for (uint32_t i = 0; i < PL_ECE_BINS; i++) {
        double n = ece->count[i];
        double p = n > 0.0 ? ece->stated[i] / n : 0.0;
        sum += mean_of_half_normal * sqrt(n * p * (p < 1.0 ? 1.0 - p : 0.0));
        count += n;
    }
    return count > 0.0 ? sum / count : 0.0;
}

double pl_golden_maximum(double (*value)(void *context, double x),
                         void *context,
                         double low,
                         double high,
                         double tolerance)
{
    static const double golden = 0.61803398874989485;
    PL_CHECK(high > low && tolerance > 0.0);
    double a = high - golden * (high - low);
    double b = low + golden * (high - low);
    double at_a = value(context, a);
    double at_b = value(context, b);
    for (int step = 0; step < 200 && high - low > tolerance; step++) {
        if (at_a > at_b) {
            high = b;
            b = a;
            at_b = at_a;
            a = high - golden * (high - low);
            at_a = value(context, a);
        } else {
            low = a;
            a = b;
            at_a = at_b;
            b = low + golden * (high - low);
            at_b = value(context, b);
        }
    }
    return 0.5 * (low + high);
}

static void sort(double *values, uint32_t count)
{
    for (uint32_t gap = count / 2; gap > 0; gap /= 2) {
        for (uint32_t i = gap; i < count; i++) {
            double value = values[i];
            uint32_t at = i;
            while (at >= gap && values[at - gap] > value) {
                values[at] = values[at - gap];
                at -= gap;
            }
            values[at] = value;
        }
    }
}

static double quantile(const double *sorted, uint32_t count, double p)
{
    double place = p * (double)(count - 1);
    uint32_t below = (uint32_t)place;
    uint32_t above = below + 1 < count ? below + 1 : below;
    double part = place - (double)below;
    return sorted[below] + part * (sorted[above] - sorted[below]);
}

pl_interval pl_bootstrap_run(const struct pl_bootstrap *bootstrap)
{
    PL_CHECK(bootstrap->count >= 1 && bootstrap->draws >= 2);
    PL_CHECK(bootstrap->confidence > 0.0 && bootstrap->confidence < 1.0);
    uint32_t count = bootstrap->count;
    for (uint32_t i = 0; i < count; i++) {
        bootstrap->units[i] = i;
    }
    pl_interval interval = {.estimate =
                                bootstrap->statistic(bootstrap->context, bootstrap->units, count)};
    for (uint32_t draw = 0; draw < bootstrap->draws; draw++) {
        uint64_t key = pl_random_child(bootstrap->key, draw);
        for (uint32_t i = 0; i < count; i++) {
            double unit = pl_random_unit(pl_random_bits(key, i)) * (double)count;
            uint32_t index = (uint32_t)unit;
            bootstrap->units[i] = index < count ? index : count - 1;
        }
        bootstrap->results[draw] =
            bootstrap->statistic(bootstrap->context, bootstrap->units, count);
    }
    sort(bootstrap->results, bootstrap->draws);
    double tail = 0.5 * (1.0 - bootstrap->confidence);
    interval.low = quantile(bootstrap->results, bootstrap->draws, tail);
    interval.high = quantile(bootstrap->results, bootstrap->draws, 1.0 - tail);
    return interval;
}
