// SPDX-License-Identifier: Apache-2.0
//
// Constants of a scenario from a bank of its worlds: how much hurts, which causes are one class,
// and what each option is worth at the moments before anybody acts.
//
//   pl_survey_rates     once, at the opening
//   pl_survey_node      at every moment that is wanted, in ascending time
//   pl_survey_classes   once, after the first node
#ifndef PL_JUDGE_SURVEY_H
#define PL_JUDGE_SURVEY_H

#include "judge/bank.h"
#include "judge/classes.h"
#include "judge/constants.h"
#include "judge/segment.h"

#include <stddef.h>
#include <stdint.h>

/** What a survey works with. Pointers are borrowed. */
struct pl_survey {
    const struct pl_world *world;
    const struct pl_scenario *scenario;
    const struct pl_bank *bank; /* at the present of each call */
    const double *belief;       /* belief[cause_count]: prior of the causes */
    uint32_t particles;         /* of the bank */
    uint32_t seeds;             /* futures of the options that stay, 2..PL_NODE_SEEDS_MAX */
    uint32_t seeds_min;         /* futures of every option, 2..seeds */
    uint32_t reserved;
    uint64_t seed; /* parent of the futures' seeds */
    int64_t opens_ns;
    int64_t ends_ns;
    struct pl_parallel parallel;
    void *scratch; /* pl_survey_scratch bytes, aligned to 64 */
    size_t scratch_size;
    double start_damage[PL_CAUSES_MAX]; /* at the opening; filled by pl_survey_rates */
};

/** Bytes of scratch that all calls need. */
size_t pl_survey_scratch(const struct pl_world *world, const struct pl_parallel *parallel);

/**
 * Rates and the damage of doing nothing, from the bank at the opening.
 *
 * @param survey     changed: start_damage
 * @param constants  initialised; cause_count, hurt_rate, quiet_rate, d_noop, acceptance and the
 *                   options of the trunk are filled
 */
void pl_survey_rates(struct pl_survey *survey, struct pl_constants *constants);

/** Rollout definition that follows from constants. */
struct pl_rollout_def pl_survey_rollout(const struct pl_survey *survey,
                                        const struct pl_constants *constants);

/**
 * Add the bank's present as a node of the trunk.
 *
 * @param survey     after pl_survey_rates
 * @param constants  changed; past PL_TRUNK_NODES_MAX nothing is added
 */
void pl_survey_node(const struct pl_survey *survey, struct pl_constants *constants);

/** Group the causes by the first node: 2 % of the damage of doing nothing is no difference. */
void pl_survey_classes(struct pl_constants *constants, struct pl_classes *classes);

#endif
