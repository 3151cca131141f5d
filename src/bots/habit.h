// SPDX-License-Identifier: Apache-2.0
//
// Policies without a belief of their own: nothing, chance, reflexes, the newest change, a
// checklist.
#ifndef PL_BOTS_HABIT_H
#define PL_BOTS_HABIT_H

#include "bots/bot_types.h"

/** Queue the next commands of a policy up to PL_BOT_CHECKLIST. */
void pl_habit_step(struct pl_bot *bot);

/**
 * What undoes a change of the feed.
 *
 * @param change  a line of the feed
 * @param action  set to the name of the action
 * @param value   filled with its second argument, PL_BOT_NAME_SIZE bytes; empty: it has none
 * @return false when nothing undoes that kind of change
 */
bool pl_habit_undo(const struct pl_bot_change *change, const char **action, char *value);

/**
 * Cause that a rule table names: one rule per cause, made of the number that sets it apart best.
 *
 * @param filter     laws of the looks
 * @param looks      looks[count], what was looked at
 * @param levels     levels[count][PL_KNOWN_TRAITS_MAX], what was seen
 * @param count      number of looks
 * @param time       moment
 * @param candidate  candidate[cause_count], 1: a cause that may be named
 * @return cause, or PL_KNOWN_CAUSES_MAX when no rule fires
 */
uint32_t pl_habit_rule(const struct pl_filter *filter,
                       const uint32_t *looks,
                       uint8_t (*levels)[PL_KNOWN_TRAITS_MAX],
                       uint32_t count,
                       uint32_t time,
                       const uint8_t *candidate);

#endif
