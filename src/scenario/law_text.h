// SPDX-License-Identifier: Apache-2.0
//
// Laws of random durations as content writes them.
#ifndef PL_SCENARIO_LAW_TEXT_H
#define PL_SCENARIO_LAW_TEXT_H

#include "model/world.h"
#include "scenario/reader.h"

#include <stdbool.h>
#include <stdint.h>

/** Read a law: `12ms`, `exponential mean 2s`, `lognormal mean 12ms p99 40ms`, ... */
bool pl_field_law(struct pl_reader *reader, uint32_t node, pl_law *law);

#endif
