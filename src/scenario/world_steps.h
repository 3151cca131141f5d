// SPDX-License-Identifier: Apache-2.0
//
// Routes of a world file to programs of the model.
#ifndef PL_SCENARIO_WORLD_STEPS_H
#define PL_SCENARIO_WORLD_STEPS_H

#include "scenario/world_names.h"

/** Compile the steps of all routes; `steps_node` names their lists. */
void pl_world_reader_steps(struct pl_world_reader *reader);

#endif
