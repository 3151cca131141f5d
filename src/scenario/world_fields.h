// SPDX-License-Identifier: Apache-2.0
//
// The keys of a world file that describe the model. What surrounds it is in setting_fields.h.
#ifndef PL_SCENARIO_WORLD_FIELDS_H
#define PL_SCENARIO_WORLD_FIELDS_H

#include "scenario/field.h"
#include "scenario/step_fields.h"

enum { PL_CALL_EDGE_ROW0 = 1 /* first row of pl_call_table that is also one of pl_edge_table */ };

/** What the map form of `call` says. */
struct pl_call_form {
    struct pl_edge edge;
    struct pl_step step;
};

/** What an entry of a traffic mix says. */
struct pl_mix_form {
    double share; /* 0..1 */
    double worth; /* weight of a failure in the damage */
};

/** The whole world file. */
extern const struct pl_key_table pl_world_table;
/** Entities, each an entry of a map whose key is the name. */
extern const struct pl_key_table pl_service_table;
extern const struct pl_key_table pl_route_table;
extern const struct pl_key_table pl_edge_table;
extern const struct pl_key_table pl_pool_table;
extern const struct pl_key_table pl_database_table;
extern const struct pl_key_table pl_statement_table;
extern const struct pl_key_table pl_lock_table;
extern const struct pl_key_table pl_job_table;
extern const struct pl_key_table pl_vendor_table;
extern const struct pl_key_table pl_cache_table;
extern const struct pl_key_table pl_topic_table;
extern const struct pl_key_table pl_flag_table;
extern const struct pl_key_table pl_source_table;
extern const struct pl_key_table pl_link_table;
extern const struct pl_key_table pl_effect_table;
/** The map form of `call`: target, client policy, modifiers; fills a pl_call_form. */
extern const struct pl_key_table pl_call_table;
/** The map form of an entry of a traffic mix; fills a pl_mix_form. */
extern const struct pl_key_table pl_mix_table;

#endif
