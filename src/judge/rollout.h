// SPDX-License-Identifier: Apache-2.0
//
// Damage still to come when an option is taken now: one silent fork, run to the end.
//
// After the option a standard responder takes over, who knows the cause but needs time: when users
// still suffer `check_s` after the decision (or again later), the right remedy for the cause takes
// effect `responder_s` after that was seen, and what the option and earlier acts of the player had
// set goes back to what it was. The check does not wait for the lead time of the option, so that a
// harmless act costs no more than doing nothing; only a lead near the check puts it off. The
// rollout ends early when users have felt nothing for a while and the remedy is in force; the rest
// of the time counts at the rate of that while. Requests in flight at the very end are priced as
// they come out at that time.
//
// Forks of the same state with the same future seed meet the same users, whatever the option; so do
// forks of particles of different causes that were made with the same seed.
#ifndef PL_JUDGE_ROLLOUT_H
#define PL_JUDGE_ROLLOUT_H

#include "judge/option_set.h"
#include "model/model.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_UNDO_MAX = 64,       /* params that acts of a player have set */
    PL_QUIET_MINUTES = 5,   /* as long users have to feel nothing before a rollout ends early */
    PL_ROLLOUT_MINUTES = 30 /* a rollout runs at most this long, the rest counts at its last rate */
};

/** What acts have set, and what it was before the first of them. */
struct pl_undo {
    uint32_t count;
    uint32_t reserved;
    uint32_t params[PL_UNDO_MAX];
    double values[PL_UNDO_MAX];
};

/**
 * Remember what a call would change, before it is made. Acts that cannot be taken back (a restart,
 * a failover) add nothing.
 *
 * @param world     sealed
 * @param scenario  loaded
 * @param state     at the moment of the act, before it
 * @param call      bound
 * @param undo      changed; past PL_UNDO_MAX params are left out
 */
void pl_undo_add(const struct pl_world *world,
                 const struct pl_scenario *scenario,
                 const struct pl_state *state,
                 const struct pl_call *call,
                 struct pl_undo *undo);

/** What all rollouts of a scenario share. Rates are damage of the fleet per second. */
struct pl_rollout_def {
    const struct pl_world *world;
    const struct pl_scenario *scenario;
    int64_t ends_ns; /* end of the session in simulated time, where nothing is at stake any more */
    double responder_s; /* T_R */
    double check_s;     /* until the responder looks whether users still suffer; 300 is usual */
    double quiet_rate;  /* at or below it users feel nothing */
    uint32_t whole;     /* 1: never end before ends_ns; for tests of the early end */
    uint32_t settled;   /* bit per cause: a remedy for it is in force already */
    double hurt_rate[PL_CAUSES_MAX];        /* above it the incident goes on: 10 % of the peak */
    struct pl_call remedies[PL_CAUSES_MAX]; /* right remedy per cause, from pl_rollout_def_init */
    uint32_t has_remedy[PL_CAUSES_MAX];     /* 0: nothing helps but time */
    struct pl_undo undo;                    /* of acts made before */
};

/** How one rollout went. */
struct pl_rollout {
    double damage;        /* of the fleet from the fork's present to ends_ns */
    double peak_rate;     /* highest minute */
    double last_rate;     /* of the last PL_QUIET_MINUTES minutes that were simulated */
    int64_t simulated_ns; /* how far it was run */
    int64_t remedied_ns;  /* moment at which the responder's remedy took effect, -1: not needed */
    uint32_t refused; /* 1: the option could not be done here; the run is that of doing nothing */
    uint32_t overflowed; /* 1: the state met its limit of frames, the number is not to be trusted */
};

/**
 * Defaults: T_R 12 minutes, check after 5, rates 0 (every damage hurts), each cause's first remedy.
 *
 * @param world     sealed, borrowed
 * @param scenario  loaded, borrowed
 * @param ends_ns   end of the session in simulated time
 * @param def       filled
 */
void pl_rollout_def_init(const struct pl_world *world,
                         const struct pl_scenario *scenario,
                         int64_t ends_ns,
                         struct pl_rollout_def *def);

/**
 * True when an option changes nothing here, such as taking back what was never done: its rollout is
 * that of doing nothing to the last bit and need not be run.
 *
 * @param def     as for pl_rollout_run, likewise the rest
 */
bool pl_rollout_is_idle(const struct pl_rollout_def *def,
                        const struct pl_state *source,
                        uint32_t cause,
                        const struct pl_option *option);

/**
 * Run one option.
 *
 * @param def     what all rollouts share
 * @param source  state at the moment of the choice, not changed
 * @param cause   cause that is in force in it, for the responder
 * @param option  what is done
 * @param future  seed of what is still to come; the same for all options and causes
 * @param memory  pl_model_size bytes for the fork, aligned to 16
 * @param size    bytes of memory
 * @return how it went
 */
struct pl_rollout pl_rollout_run(const struct pl_rollout_def *def,
                                 const struct pl_state *source,
                                 uint32_t cause,
                                 const struct pl_option *option,
                                 uint64_t future,
                                 void *memory,
                                 size_t size);

#endif
