// SPDX-License-Identifier: Apache-2.0
//
// Trials of a scenario: does the opening fire, do remedies help, do tempting moves harm?
//
// For each cause and seed one run goes to the opening and a few minutes further. From there it is
// forked once per action and once without any; all forks share their random draws, so the damage
// of an action is compared with doing nothing request by request. A fork runs to the horizon.
#ifndef PL_CLI_PACK_TRIAL_H
#define PL_CLI_PACK_TRIAL_H

#include "base/error.h"
#include "scenario/scenario.h"
#include "stats/interval.h"

#include <stdint.h>

enum { PL_TRIAL_ACTIONS_MAX = 16 /* expected actions of one cause */ };

/** What a trial is asked. */
struct pl_trial_plan {
    const struct pl_world *world;
    const struct pl_scenario *scenario;
    uint32_t cause;
    uint32_t seeds;   /* forms, seeds 1..seeds */
    double horizon_s; /* simulated after the opening */
};

/** One action over all seeds. */
struct pl_trial_action {
    uint32_t call;  /* index in the setting's calls */
    uint32_t helps; /* 1: expected to help, 0: expected to harm */
    uint32_t good;  /* 1: it did what was expected */
    uint32_t reserved;
    struct pl_moments damage; /* of users until the horizon, in weighted requests of the fleet */
    struct pl_moments difference; /* against no action, same seed */
};

/** A cause over all seeds. */
struct pl_trial {
    uint32_t cause;
    uint32_t seeds;
    uint32_t fired; /* forms whose opening alert fired in the window around the opening */
    uint32_t action_count;
    uint32_t overflowed; /* runs that met the limit of frames */
    uint32_t reserved;
    struct pl_moments fired_s; /* when, relative to the opening */
    struct pl_moments before;  /* damage before the opening */
    struct pl_moments none;    /* damage after it without any action */
    struct pl_trial_action actions[PL_TRIAL_ACTIONS_MAX];
};

/** Seconds before and after the opening in which the alert has to begin to fire. */
enum { PL_TRIAL_EARLY_S = 180, PL_TRIAL_LATE_S = 180 };

/**
 * Run the trials of one cause.
 *
 * @param plan   what to run
 * @param trial  filled
 * @param err    sentence
 * @return PL_OK, PL_NO_MEMORY, or what an action or opening refused
 */
pl_status pl_trial_run(const struct pl_trial_plan *plan, struct pl_trial *trial, pl_error *err)
    __attribute__((warn_unused_result));

/** True when the alert fired in at least four of five forms and all actions did as expected. */
bool pl_trial_good(const struct pl_trial *trial);

#endif
