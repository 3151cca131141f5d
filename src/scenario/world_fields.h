// SPDX-License-Identifier: Apache-2.0
//
// The keys of a world file that describe the model. What surrounds it is in setting_fields.h.
#ifndef PL_SCENARIO_WORLD_FIELDS_H
#define PL_SCENARIO_WORLD_FIELDS_H

#include "scenario/field.h"

/** The whole world file. */
extern const struct pl_table pl_world_table;
/** Entities, each an entry of a map whose key is the name. */
extern const struct pl_table pl_service_table;
extern const struct pl_table pl_route_table;
extern const struct pl_table pl_edge_table;
extern const struct pl_table pl_pool_table;
extern const struct pl_table pl_database_table;
extern const struct pl_table pl_statement_table;
extern const struct pl_table pl_lock_table;
extern const struct pl_table pl_job_table;
extern const struct pl_table pl_vendor_table;
extern const struct pl_table pl_cache_table;
extern const struct pl_table pl_topic_table;
extern const struct pl_table pl_flag_table;
extern const struct pl_table pl_source_table;
/** One step of a route: exactly one operator and any modifiers. */
extern const struct pl_table pl_step_table;
/** The map form of `call`; keys of the client policy may stand beside these. */
extern const struct pl_table pl_call_table;
/** The map form of `when`. */
extern const struct pl_table pl_when_table;
/** The map form of `hold`. */
extern const struct pl_table pl_hold_table;
/** The map form of `get`. */
extern const struct pl_table pl_get_table;
/** The map form of an entry of a traffic mix. */
extern const struct pl_table pl_mix_table;

#endif
