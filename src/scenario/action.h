// SPDX-License-Identifier: Apache-2.0
//
// What a player does: from typed arguments to changes of the world.
//
//   words -> pl_action_bind -> pl_call -> pl_action_preview   what it would do
//                                      -> pl_action_changes   the changes themselves
//
// An action has no power of its own: all of its effects are changes, the same kind that faults are
// made of.
#ifndef PL_SCENARIO_ACTION_H
#define PL_SCENARIO_ACTION_H

#include "base/buf.h"
#include "base/error.h"
#include "model/model.h"
#include "scenario/scenario.h"

#include <stdint.h>

enum { PL_ACTION_CHANGES_MAX = 32 /* changes that one call can make */ };

/** One argument as the player gave it. */
struct pl_arg_text {
    const char *name;  /* borrowed for the call; empty: by position */
    const char *value; /* borrowed for the call */
};

/** Index of the action with this name, or PL_NONE. */
uint32_t pl_action_find(const struct pl_scenario *scenario, const char *name);

/**
 * Check the arguments of an action and turn them into numbers.
 *
 * @param scenario  loaded
 * @param name      of the action; `err` says what was probably meant when there is none
 * @param args      args[count]
 * @param count     number of arguments given
 * @param call      filled
 * @param err       sentence: which argument, what was found, what is expected
 * @return PL_OK, PL_NOT_FOUND (no such action) or PL_BAD_INPUT
 */
pl_status pl_action_bind(const struct pl_scenario *scenario,
                         const char *name,
                         const struct pl_arg_text *args,
                         uint32_t count,
                         struct pl_call *call,
                         pl_error *err) __attribute__((warn_unused_result));

/**
 * The changes that a call makes when it is decided at the state's present.
 *
 * @param world     sealed
 * @param scenario  loaded
 * @param state     present of the run; relative values start from its params. NULL: the start of a
 *                  run, to check a call while content is read
 * @param call      bound
 * @param out       filled, out[PL_ACTION_CHANGES_MAX]
 * @param count     filled
 * @param err       sentence, e.g. the value is outside the param's range
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_action_changes(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            const struct pl_state *state,
                            const struct pl_call *call,
                            struct pl_change *out,
                            uint32_t *count,
                            pl_error *err) __attribute__((warn_unused_result));

/** One value that a call would change, in fleet numbers. */
struct pl_effect {
    char what[PL_LABEL_MAX * 2]; /* path */
    char unit[8];
    double before;
    double after;
    double at_s; /* from the decision */
};

/** What a player is shown before confirming. */
struct pl_preview {
    char text[PL_LABEL_MAX * 2]; /* `scale checkout-api 20` */
    char takes[PL_LABEL_MAX * 2];
    char touches[PL_LABEL_MAX * 3];
    char risk[PL_TEXT_MAX];
    char connections[PL_LABEL_MAX * 2]; /* effect on database connections, may be empty */
    uint32_t reversible;
    uint32_t effect_count;
    struct pl_effect effects[PL_ACTION_CHANGES_MAX];
    struct pl_feed_entry feed; /* kind is empty when the action leaves no entry; at_s is unused */
};

/** Describe a call; same inputs and errors as pl_action_changes. */
pl_status pl_action_preview(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            const struct pl_state *state,
                            const struct pl_call *call,
                            struct pl_preview *preview,
                            pl_error *err) __attribute__((warn_unused_result));

/** Write a call as it would be typed: `flag fraud-inline-v2 40%`. */
void pl_action_format(const struct pl_scenario *scenario,
                      const struct pl_call *call,
                      struct pl_buf *out);

#endif
