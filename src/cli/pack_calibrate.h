// SPDX-License-Identifier: Apache-2.0
//
// Constants of a scenario for the judge, computed once: see judge/survey.h and judge/constants.h.
#ifndef PL_CLI_PACK_CALIBRATE_H
#define PL_CLI_PACK_CALIBRATE_H

#include "base/error.h"
#include "bots/knowledge.h"
#include "exam/content.h"
#include "judge/constants.h"

#include <stdint.h>

/** How thoroughly. */
struct pl_calibrate_plan {
    const struct pl_content *content;
    const struct pl_knowledge *knowledge; /* of the reference planner; NULL: none is played */
    uint32_t particles;                   /* worlds per cause */
    uint32_t seeds;                       /* futures of options that stay, 2..PL_NODE_SEEDS_MAX */
    uint32_t forms;                       /* that the reference planner plays */
    uint32_t workers;                     /* threads, 0: one per processor */
    double step_s;                        /* between two nodes */
};

/**
 * Compute the constants.
 *
 * @param plan       what
 * @param tell       called with a sentence about the progress; may be NULL
 * @param constants  filled
 * @param err        sentence
 * @return PL_OK, or why worlds cannot be opened
 */
pl_status pl_calibrate_run(const struct pl_calibrate_plan *plan,
                           void (*tell)(const char *sentence),
                           struct pl_constants *constants,
                           pl_error *err) __attribute__((warn_unused_result));

#endif
