// SPDX-License-Identifier: Apache-2.0
//
// In the sharpness 1/s the likelihood is that of an exponential family: its slope, expected minus
// chosen regret, falls steadily, so bisection finds the one maximum.
#include "judge/rating.h"

#include "base/check.h"
#include "base/fmath.h"

#include <math.h>
#include <stddef.h>

/** Mean and variance of the regret that a sharpness expects at one choice. */
struct expected {
    double mean;
    double variance;
};

static struct expected expect(const struct pl_rating_choice *choice, double sharpness)
{
    double least = choice->regrets[0];
    double total = 0.0;
    double sum = 0.0;
    double square = 0.0;
    for (uint32_t i = 1; i < choice->count; i++) {
        least = choice->regrets[i] < least ? choice->regrets[i] : least;
    }
    for (uint32_t i = 0; i < choice->count; i++) {
        double p = pl_exp(-sharpness * (choice->regrets[i] - least));
        total += p;
        sum += p * choice->regrets[i];
        square += p * choice->regrets[i] * choice->regrets[i];
    }
    double mean = sum / total;
    return (struct expected){.mean = mean, .variance = square / total - mean * mean};
}

static double slope(const struct pl_rating_choice *choices, uint32_t count, double sharpness)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        sum += expect(&choices[i], sharpness).mean - choices[i].regrets[choices[i].chosen];
    }
    return sum;
}

/* Sandwich error of log s: slopes summed by incident against the curvature. */
static double log_error(const struct pl_rating_choice *choices,
                        uint32_t count,
                        uint32_t incident_count,
                        double sharpness)
{
    double slopes[PL_RATING_INCIDENTS_MAX] = {0};
    double curvature = 0.0;
    double spread = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        struct expected expected = expect(&choices[i], sharpness);
        slopes[choices[i].incident] += expected.mean - choices[i].regrets[choices[i].chosen];
        curvature += expected.variance;
    }
    for (uint32_t i = 0; i < incident_count; i++) {
        spread += slopes[i] * slopes[i];
    }
    if (incident_count < 2 || !(curvature > 0.0)) {
        return 0.0;
    }
    double small = (double)incident_count / (double)(incident_count - 1);
    return sqrt(small * spread) / (curvature * sharpness);
}

struct pl_rating
pl_rating_fit(const struct pl_rating_choice *choices, uint32_t count, uint32_t incident_count)
{
    PL_CHECK(choices != NULL || count == 0);
    PL_CHECK(incident_count >= 1 && incident_count <= PL_RATING_INCIDENTS_MAX);
    struct pl_rating rating = {.given = false};
    for (uint32_t i = 0; i < count; i++) {
        PL_CHECK(choices[i].incident < incident_count);
        PL_CHECK(choices[i].count <= PL_OPTIONS_MAX && choices[i].chosen < choices[i].count);
    }
    double low = pl_log(1.0 / PL_RATING_MOST);
    double high = pl_log(1.0 / PL_RATING_LEAST);
    if (count == 0 || !(slope(choices, count, pl_exp(low)) > 0.0) ||
        !(slope(choices, count, pl_exp(high)) < 0.0)) {
        return rating;
    }
    for (uint32_t i = 0; i < 60; i++) {
        double middle = 0.5 * (low + high);
        if (slope(choices, count, pl_exp(middle)) > 0.0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    double sharpness = pl_exp(0.5 * (low + high));
    rating.temperature = 1.0 / sharpness;
    rating.log_se = log_error(choices, count, incident_count, sharpness);
    rating.given = true;
    return rating;
}
