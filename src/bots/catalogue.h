// SPDX-License-Identifier: Apache-2.0
//
// What a bot may think of: the looks and the moves that an engineer would try in any incident.
//
// Made from what is published: names of services, databases, panels, actions and their arguments.
// The causes of the scenario, their remedies and their tempting moves are not read.
#ifndef PL_BOTS_CATALOGUE_H
#define PL_BOTS_CATALOGUE_H

#include "bots/knowledge.h"
#include "model/world.h"
#include "scenario/scenario.h"

#include <stdint.h>

enum { PL_CATALOGUE_MOVES_MAX = 128 };

/** A move with the bound call that its effect is measured with. */
struct pl_catalogue_move {
    struct pl_call call;
    char text[PL_KNOWN_NAME_MAX];    /* as it would be typed */
    char command[PL_KNOWN_TEXT_MAX]; /* JSON, confirmed */
    double lead_s;
};

/**
 * List looks: command, cost and whether it is on the runbook walker's list. Traits stay empty.
 *
 * @param world     sealed
 * @param scenario  loaded
 * @param looks     filled, looks[PL_KNOWN_LOOKS_MAX]
 * @return how many
 */
uint32_t pl_catalogue_looks(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            struct pl_known_look *looks);

/** List moves, moves[PL_CATALOGUE_MOVES_MAX]; returns how many. */
uint32_t pl_catalogue_moves(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            struct pl_catalogue_move *moves);

#endif
