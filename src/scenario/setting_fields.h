// SPDX-License-Identifier: Apache-2.0
//
// The keys of what surrounds a world (`setting` of a world file) and of a scenario file.
#ifndef PL_SCENARIO_SETTING_FIELDS_H
#define PL_SCENARIO_SETTING_FIELDS_H

#include "scenario/field.h"

/** What surrounds a world; a scenario may add to it. */
extern const struct pl_key_table pl_setting_table;
extern const struct pl_key_table pl_team_table;
extern const struct pl_key_table pl_person_table;
extern const struct pl_key_table pl_answer_table;
extern const struct pl_key_table pl_alert_table;
extern const struct pl_key_table pl_noise_table;
extern const struct pl_key_table pl_hole_table;
extern const struct pl_key_table pl_gap_table;
extern const struct pl_key_table pl_indicator_table;
extern const struct pl_key_table pl_announcement_table;
extern const struct pl_key_table pl_feed_table;
extern const struct pl_key_table pl_change_table;
extern const struct pl_key_table pl_action_table;
extern const struct pl_key_table pl_arg_table;

/** The whole scenario file. */
extern const struct pl_key_table pl_scenario_table;
extern const struct pl_key_table pl_cause_table;
extern const struct pl_key_table pl_red_herring_table;

/** Words of the kind of an argument: numbers first, then the kinds of entities. */
#define PL_ARG_WORDS                                                                            \
    "count|number|share|duration|choice|service|route|edge|pool|database|statement|job|vendor|" \
    "cache|topic|source|flag|stream|group|tenant|volume"

#endif
