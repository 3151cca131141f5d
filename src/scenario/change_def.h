// SPDX-License-Identifier: Apache-2.0
//
// From a change as content writes it to changes of the model.
//
// Content speaks of the fleet; the model simulates a slice. Values of params that a slice divides
// (pods, quotas, connection limits ...) are divided here and nowhere else.
#ifndef PL_SCENARIO_CHANGE_DEF_H
#define PL_SCENARIO_CHANGE_DEF_H

#include "base/error.h"
#include "model/model.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_CHANGE_MADE_MAX = 2 /* changes that one definition can become */ };

/** True when content gives the values of this param for the fleet; param is 1..param_count. */
bool pl_slice_param(const struct pl_world *world, uint32_t param);

/** Fleet value of a param as the slice's value; what counts things is rounded up to whole ones. */
double pl_slice_value(const struct pl_world *world, uint32_t param, double fleet);

/** Slice's value of a param as the fleet's. */
double pl_slice_fleet(const struct pl_world *world, uint32_t param, double value);

/** A definition with everything that is known at a moment. */
struct pl_change_bound {
    const struct pl_change_def *def;
    uint32_t param;      /* 1..param_count */
    uint32_t gate_param; /* 0: none */
    int64_t t_ns;        /* moment of the change */
    double before;       /* value of the param until then, of the slice */
    double value;        /* value of the definition, of the fleet */
};

/**
 * Make the changes of one definition: itself, and the way back when it lasts only for a time.
 *
 * @param world  sealed
 * @param bound  definition and moment
 * @param out    filled, out[PL_CHANGE_MADE_MAX]
 * @param err    sentence: the value is outside the param's range
 * @return number of changes, 0 after an error
 */
uint32_t pl_change_make(const struct pl_world *world,
                        const struct pl_change_bound *bound,
                        struct pl_change *out,
                        pl_error *err);

/** Values of the arguments of a call by name, for templates. */
struct pl_template_value {
    const char *name;
    const char *text;
};

/**
 * Fill a template: `{name}` becomes the value of that name.
 *
 * @param text    template
 * @param values  values[count]
 * @param path    true: slashes of values become dots, as in paths of params
 * @param out     filled, size bytes; too long is cut
 * @return false when a brace names nothing or does not end
 */
bool pl_template_fill(const char *text,
                      const struct pl_template_value *values,
                      uint32_t count,
                      bool path,
                      char *out,
                      size_t size);

#endif
