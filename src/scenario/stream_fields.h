// SPDX-License-Identifier: Apache-2.0
//
// The keys of streams, groups, tenants and volumes in a world file.
#ifndef PL_SCENARIO_STREAM_FIELDS_H
#define PL_SCENARIO_STREAM_FIELDS_H

#include "scenario/field.h"

/** Entities, each an entry of a map whose key is the name. */
extern const struct pl_key_table pl_stream_table;
extern const struct pl_key_table pl_group_table;
extern const struct pl_key_table pl_tenant_table;
extern const struct pl_key_table pl_volume_table;

#endif
