// SPDX-License-Identifier: Apache-2.0
//
// Actions of a setting: their arguments become lists of what exists in the world.
#ifndef PL_SCENARIO_SETTING_ACTIONS_H
#define PL_SCENARIO_SETTING_ACTIONS_H

#include "scenario/setting_changes.h"

#include <stdint.h>

/** Read one action of the map `actions`. */
void pl_setting_action(struct pl_setting_reader *reader, uint32_t node);

#endif
