// SPDX-License-Identifier: Apache-2.0
//
// What surrounds a world, from its file: teams, people, alerts, noise, looks, actions.
#ifndef PL_SCENARIO_SETTING_READER_H
#define PL_SCENARIO_SETTING_READER_H

#include "scenario/setting_changes.h"

#include <stdint.h>

/** Fill or extend a setting from its map. */
void pl_setting_read(struct pl_setting_reader *reader, uint32_t node);

/** Give a setting the default costs of looks and labels. */
void pl_setting_init(struct pl_setting *setting);

#endif
