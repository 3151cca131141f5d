// SPDX-License-Identifier: Apache-2.0
//
// World files to pl_world.
#ifndef PL_SCENARIO_WORLD_READER_H
#define PL_SCENARIO_WORLD_READER_H

#include "scenario/world_names.h"

/**
 * Fill the model's part of a world from a document. The world is not sealed.
 *
 * @param reader  reader.yaml, reader.errors and world set; the rest is filled
 */
void pl_world_read(struct pl_world_reader *reader);

#endif
