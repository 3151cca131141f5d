// SPDX-License-Identifier: Apache-2.0
//
// How somebody who looks well gets to the cause of an incident: paths of looks in belief space.
//
// In each path a world of the bank is the truth. The look with the most expected bits per second is
// taken until one remedy class is sure, nothing more can be learned, or the time is up. What a look
// shows comes from predictive densities, so nothing is simulated.
#ifndef PL_JUDGE_GATE_PATHS_H
#define PL_JUDGE_GATE_PATHS_H

#include "judge/search.h"
#include "judge/value.h"

#include <stdint.h>

/** What paths start from. Pointers are borrowed. */
struct pl_gate_paths_def {
    const struct pl_value_model *model;     /* table before the first act */
    const struct pl_predictive *predictive; /* at the opening */
    const double *belief;                   /* belief[cause_count] at the opening, sums to 1 */
    int64_t opens_ns;
    double limit_s; /* simulated time that a path may take */
    double enough;  /* belief in the true class with which a path has found it */
    double sure;    /* belief in any class that ends a path */
    double stake;   /* damage: a moment matters when options differ by more (standard deviation) */
    uint32_t draws; /* paths per cause, at most the draws of the densities */
    uint32_t reserved;
};

/** What paths told. Means over causes are weighed by the belief. */
struct pl_gate_paths {
    double solved[PL_CAUSES_MAX]; /* share of a cause's paths that find its class on the way */
    double bits;                  /* fall of the class entropy, mean of all paths */
    double top_share;             /* of it, by the look that gave most */
    uint32_t top_look;            /* which that is */
    uint32_t reserved;
    double looks;   /* mean number */
    double seconds; /* mean time */
    double staked;  /* mean number of moments that mattered, the act among them */
};

/** Walk all paths. */
void pl_gate_paths_walk(const struct pl_gate_paths_def *def, struct pl_gate_paths *paths);

#endif
