// SPDX-License-Identifier: Apache-2.0
#include "bots/health.h"

#include <stdint.h>

enum { LAST_POINTS = 4 };

#define WELL_LATENCY 1.25 /* p99 per objective */
#define WELL_ERRORS  0.02 /* share of errors */

double pl_health_now(const json_t *observation)
{
    /* The median would need sorting of few. */
    const json_t *series = json_array_get(json_object_get(observation, "series"), 0);
    const json_t *points = json_object_get(series, "points");
    size_t size = json_array_size(points);
    double sum = 0.0;
    uint32_t count = 0;
    for (size_t i = size > LAST_POINTS ? size - LAST_POINTS : 0; i < size; i++) {
        const json_t *point = json_array_get(points, i);
        if (json_is_number(point)) {
            sum += json_number_value(point);
            count++;
        }
    }
    return count > 0 ? sum / (double)count : 0.0;
}

bool pl_health_is_well(double p99_s, double objective_s, double errors)
{
    return p99_s <= WELL_LATENCY * objective_s && errors <= WELL_ERRORS;
}

double pl_health_badness(double p99_s, double objective_s, double errors)
{
    double objective = objective_s > 0.0 ? objective_s : 1.0;
    return p99_s / objective + 10.0 * errors;
}
