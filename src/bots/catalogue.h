// SPDX-License-Identifier: Apache-2.0
//
// What a bot may think of: the looks and the moves that an engineer would try in any incident.
//
// Made from what is published: names of services, databases, panels, people and what they can be
// asked about, actions and their arguments. The causes of the scenario, their remedies, their
// tempting moves and which answer belongs to which of them are not read.
#ifndef PL_BOTS_CATALOGUE_H
#define PL_BOTS_CATALOGUE_H

#include "bots/knowledge.h"
#include "model/model.h"
#include "model/world.h"
#include "scenario/scenario.h"

#include <stdint.h>

enum {
    PL_CATALOGUE_LOOKS_MAX = 192, /* more than a bot knows: learning keeps the best of them */
    PL_CATALOGUE_MOVES_MAX = 256
};

/** A move with the bound call that its effect is measured with. */
struct pl_catalogue_move {
    struct pl_call call;
    char text[PL_KNOWN_NAME_MAX];    /* as it would be typed */
    char command[PL_KNOWN_TEXT_MAX]; /* JSON, confirmed */
    double lead_s;
};

/**
 * List looks: command, cost, who is asked, and whether it is on the runbook walker's list. Traits
 * stay empty. A question stands under a topic; topics of one person with the same words are the
 * same question.
 *
 * @param world     sealed
 * @param scenario  loaded
 * @param looks     filled, looks[PL_CATALOGUE_LOOKS_MAX]
 * @return how many
 */
uint32_t pl_catalogue_looks(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            struct pl_known_look *looks);

/**
 * List moves.
 *
 * Habits come first: what engineers set in any incident. Then each other action of the list: as it
 * is when it takes nothing, with each choice, and with numbers well below and above the present
 * ones.
 *
 * @param world     sealed
 * @param scenario  loaded
 * @param state     a run at its start, which shows the present numbers; NULL: they are not known
 * @param moves     filled, moves[PL_CATALOGUE_MOVES_MAX]
 * @return how many
 */
uint32_t pl_catalogue_moves(const struct pl_world *world,
                            const struct pl_scenario *scenario,
                            const struct pl_state *state,
                            struct pl_catalogue_move *moves);

#endif
