// SPDX-License-Identifier: Apache-2.0
//
// The extrapolation of rate follows Prometheus' extrapolatedRate: the increase between the first
// and the last sample is stretched to the ends of the range, but by no more than half a sample
// interval where the range is not covered, and never below zero for a counter.
#include "observe/promql_rate.h"

#include "base/check.h"
#include "observe/promql_types.h"

#include <math.h>
#include <stdbool.h>

static const double nothing = (double)NAN;

/* What a pass over the samples found. */
struct survey {
    uint32_t count;
    uint32_t first;
    uint32_t last;
    uint32_t before_last;
    double sum;
    double low;
    double high;
    double resets; /* what a counter had when it fell */
};

static struct survey survey_of(const struct pl_range *range)
{
    struct survey survey = {0};
    double previous = 0.0;
    for (uint32_t i = 0; i < range->count; i++) {
        double value = range->values[i];
        if (isnan(value)) {
            continue;
        }
        if (survey.count == 0) {
            survey.first = i;
            survey.low = value;
            survey.high = value;
        } else {
            survey.before_last = survey.last;
            survey.resets += value < previous ? previous : 0.0;
        }
        survey.last = i;
        survey.count += 1;
        survey.sum += value;
        survey.low = value < survey.low ? value : survey.low;
        survey.high = value > survey.high ? value : survey.high;
        previous = value;
    }
    return survey;
}

static double extrapolated(const struct pl_range *range, const struct survey *survey, bool counter)
{
    if (survey->count < 2) {
        return nothing;
    }
    double first = range->values[survey->first];
    double more = range->values[survey->last] - first + (counter ? survey->resets : 0.0);
    double covered = (double)(survey->last - survey->first) * range->interval_s;
    double to_end = (double)(range->count - 1 - survey->last) * range->interval_s;
    double to_start = range->range_s - covered - to_end;
    double average = covered / (double)(survey->count - 1);
    if (counter && more > 0.0 && first >= 0.0) {
        double to_zero = covered * (first / more);
        to_start = to_zero < to_start ? to_zero : to_start;
    }
    double threshold = average * 1.1;
    double stretched = covered;
    stretched += to_start < threshold ? to_start : average / 2.0;
    stretched += to_end < threshold ? to_end : average / 2.0;
    return more * (stretched / covered);
}

static double instant_rate(const struct pl_range *range, const struct survey *survey)
{
    if (survey->count < 2) {
        return nothing;
    }
    double before = range->values[survey->before_last];
    double last = range->values[survey->last];
    double more = last < before ? last : last - before;
    return more / ((double)(survey->last - survey->before_last) * range->interval_s);
}

double pl_range_apply(uint32_t function, const struct pl_range *range)
{
    PL_CHECK(range != NULL && range->count >= 1 && range->range_s > 0.0);
    struct survey survey = survey_of(range);
    if (survey.count == 0) {
        return nothing;
    }
    switch (function) {
    case PL_FN_RATE:
        return extrapolated(range, &survey, true) / range->range_s;
    case PL_FN_IRATE:
        return instant_rate(range, &survey);
    case PL_FN_INCREASE:
        return extrapolated(range, &survey, true);
    case PL_FN_DELTA:
        return extrapolated(range, &survey, false);
    case PL_FN_AVG_OVER_TIME:
        return survey.sum / (double)survey.count;
    case PL_FN_MAX_OVER_TIME:
        return survey.high;
    case PL_FN_MIN_OVER_TIME:
        return survey.low;
    case PL_FN_SUM_OVER_TIME:
        return survey.sum;
    case PL_FN_COUNT_OVER_TIME:
        return (double)survey.count;
    case PL_FN_LAST_OVER_TIME:
        return range->values[survey.last];
    default:
        break;
    }
    PL_CHECK(function < PL_FN_COUNT);
    return nothing;
}
