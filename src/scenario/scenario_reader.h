// SPDX-License-Identifier: Apache-2.0
//
// Scenario files to pl_scenario. The world must be read before; load.h has the way in.
#ifndef PL_SCENARIO_SCENARIO_READER_H
#define PL_SCENARIO_SCENARIO_READER_H

#include "scenario/setting_reader.h"

/**
 * Read what the world's reader must know first: names, opening time, warm-up. Reports the mistakes
 * of the file's scalars, once.
 *
 * @param reader    of the scenario's document
 * @param scenario  filled with defaults and the file's own keys; its setting is untouched
 */
void pl_scenario_read_head(struct pl_reader *reader, struct pl_scenario *scenario);

/**
 * Read causes, red herrings and what the scenario adds to the setting.
 *
 * @param reader    of the scenario's document; setting is the scenario's, holding the world's
 * @param scenario  from pl_scenario_read_head, changed
 */
void pl_scenario_read_body(struct pl_setting_reader *reader, struct pl_scenario *scenario);

#endif
