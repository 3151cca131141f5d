// SPDX-License-Identifier: Apache-2.0
//
// Every look that a player could take in a scenario, as calls: what the best look is chosen from.
//
// Left out is what shows the same in every world (runbook, people, list of metrics), the status
// page, and what needs words that only a player has (queries, ids of traces). Panels are in their
// usual split; a question to a person stands under the name of its topic.
#ifndef PL_JUDGE_LOOK_LIST_H
#define PL_JUDGE_LOOK_LIST_H

#include "model/world.h"
#include "scenario/scenario.h"
#include "session/look.h"

#include <stddef.h>
#include <stdint.h>

enum { PL_LOOK_LIST_MAX = 256 };

/** The list; opaque, in memory of the caller. */
struct pl_look_list;

/** Bytes of memory of a list. */
size_t pl_look_list_size(const struct pl_world *world, const struct pl_scenario *scenario);

/**
 * Make the list.
 *
 * @param world     sealed, borrowed for the life of the list
 * @param scenario  loaded, borrowed likewise
 * @param memory    pl_look_list_size bytes, aligned to 16
 * @param size      bytes of memory
 * @return the list, inside `memory`
 */
struct pl_look_list *pl_look_list_init(const struct pl_world *world,
                                       const struct pl_scenario *scenario,
                                       void *memory,
                                       size_t size);

/** Number of looks. */
uint32_t pl_look_list_count(const struct pl_look_list *list);

/** Look 0..count-1, with its cost; pl_look_format writes it as typed. */
const struct pl_look_call *pl_look_list_call(const struct pl_look_list *list, uint32_t index);

#endif
