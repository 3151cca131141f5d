// SPDX-License-Identifier: Apache-2.0
//
// Values of the parameters of faults, by their kinds.
#ifndef PL_SCENARIO_FAULT_VALUE_H
#define PL_SCENARIO_FAULT_VALUE_H

#include "scenario/fault.h"

#include <stdbool.h>

/** True for kinds whose values name an entity of the world. */
bool pl_fault_is_entity(uint32_t kind);

/**
 * Read a value by its kind.
 *
 * @param kind   enum pl_fault_kind
 * @param text   as written
 * @param value  filled for kinds with a size, in base units
 * @return false when the text is no value of this kind
 */
bool pl_fault_parse(uint32_t kind, pl_slice text, double *value);

/** What a value of a kind looks like: "a share such as 40%". */
const char *pl_fault_form(uint32_t kind);

/**
 * Check a value against kind and limits of its parameter.
 *
 * @param parameter  with its limits
 * @param text       value as written
 * @param err        sentence without the name of the parameter
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_fault_check(const struct pl_fault_parameter *parameter, pl_slice text, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Check that an entity of a kind exists.
 *
 * @param world  sealed
 * @param kind   an entity's
 * @param text   `checkout-api/orders-db`, dots are as good; the last parts of a name suffice, since
 *               a fault may put the first ones before it
 * @param err    sentence with what was probably meant
 * @return PL_OK or PL_NOT_FOUND
 */
pl_status pl_fault_entity(const struct pl_world *world, uint32_t kind, pl_slice text, pl_error *err)
    __attribute__((warn_unused_result));

#endif
