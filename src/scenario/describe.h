// SPDX-License-Identifier: Apache-2.0
//
// The tables of the content format, told to editors and to people.
//
// Both texts are made from the rows that the readers use, so neither can promise a key that does
// not exist or forget one that does.
#ifndef PL_SCENARIO_DESCRIBE_H
#define PL_SCENARIO_DESCRIBE_H

#include "base/buf.h"
#include "model/world.h"
#include "scenario/field.h"

/**
 * Write the JSON Schema (draft 2020-12) of a file.
 *
 * @param root   pl_world_table or pl_scenario_table
 * @param title  of the schema
 * @param out    appended, compact JSON
 */
void pl_describe_schema(const struct pl_key_table *root, const char *title, struct pl_buf *out);

/** Write the reference of both kinds of files in Markdown. */
void pl_describe_reference(struct pl_buf *out);

/** Write the params of a sealed world as aligned lines: path, value, range and unit. */
void pl_describe_params(const struct pl_world *world, struct pl_buf *out);

#endif
