// SPDX-License-Identifier: Apache-2.0
//
// Does a healthy world hold its normal numbers (scenario/kpi.h) at its busiest time?
//
// The world runs with its own instruments and cron, without any fault. Every half hour each query
// is asked as a player would ask it, over that half hour; all of its points have to lie in the
// range. Nothing may page, and the limit of requests in flight may not be met.
#ifndef PL_CLI_PACK_KPIS_H
#define PL_CLI_PACK_KPIS_H

#include "base/error.h"
#include "scenario/kpi.h"
#include "scenario/scenario.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stdint.h>

/** What a run is asked. */
struct pl_kpi_plan {
    const struct pl_kpis *kpis;
    struct pl_world *world; /* sealed; its time of day is set */
    const struct pl_setting *setting;
    uint32_t seeds; /* runs, seeds 1..seeds */
    double for_s;   /* measured in each, at most that of the file */
};

/** What one number did. */
struct pl_kpi_seen {
    struct pl_moments points;
    double least;
    double most;
    uint64_t outside; /* points that are not in the range */
    uint64_t empty;   /* half hours in which the query showed nothing */
};

/** What all of them did. */
struct pl_kpi_result {
    struct pl_kpi_seen seen[PL_KPIS_MAX];
    uint32_t pages;               /* alerts that paged */
    uint32_t overflowed;          /* runs that met the limit of requests in flight */
    uint64_t state_size;          /* bytes of the world's state */
    double cpu_s;                 /* of 40 simulated minutes, mean */
    char paged[PL_LABEL_MAX * 2]; /* title of the first page */
};

/**
 * Run a world and look at its numbers.
 *
 * @param plan    what to run
 * @param result  filled
 * @param err     sentence
 * @return PL_OK, PL_NO_MEMORY, or why a query cannot be answered
 */
pl_status pl_pack_kpis_run(const struct pl_kpi_plan *plan,
                           struct pl_kpi_result *result,
                           pl_error *err) __attribute__((warn_unused_result));

/** True when a number held. */
bool pl_kpi_held(const struct pl_kpi_seen *seen);

/** True when all `count` numbers held, nothing paged and no run met its limit. */
bool pl_kpis_held(const struct pl_kpi_result *result, uint32_t count);

#endif
