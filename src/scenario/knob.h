// SPDX-License-Identifier: Apache-2.0
//
// Ranges of the tunables of world.h, looked up by scope and knob.
#ifndef PL_SCENARIO_KNOB_H
#define PL_SCENARIO_KNOB_H

#include "model/world.h"

#include <stdbool.h>
#include <stdint.h>

/** Range of a knob. */
typedef struct {
    const char *name;
    const char *unit;
    double low;
    double high;
} pl_knob_range;

/** Range of a knob of a scope; scope and knob must exist (checked). */
pl_knob_range pl_field_knob(uint32_t scope, uint32_t knob);

/** True for knobs whose values content gives for the fleet (pods, rates, cores, quotas ...). */
bool pl_field_knob_sliced(uint32_t scope, uint32_t knob);

#endif
