// SPDX-License-Identifier: Apache-2.0
//
// Changes, feed entries and times of content files; what the readers of settings share.
#ifndef PL_SCENARIO_SETTING_CHANGES_H
#define PL_SCENARIO_SETTING_CHANGES_H

#include "scenario/reader.h"
#include "scenario/scenario.h"
#include "scenario/setting_fields.h"

#include <stdbool.h>
#include <stdint.h>

struct pl_fault_library;

/** How times are written. */
enum pl_time_mode {
    PL_TIME_CLOCK,   /* of a world: time of day; kept as seconds since midnight */
    PL_TIME_OPENING, /* of a scenario: time of day or offset; kept relative to the opening */
    PL_TIME_ACTION   /* of an action: offset from the moment of effect, 0 or more */
};

/** A setting or scenario being read. */
struct pl_setting_reader {
    struct pl_reader reader;
    const struct pl_world *world;       /* sealed, or not: then paths are not checked */
    struct pl_setting *setting;         /* filled */
    const struct pl_scenario *scenario; /* causes for references, NULL in a world file */
    struct pl_fault_library *library;   /* faults that causes may use, or NULL */
    double opens_clock_s;
};

/** A list of changes: where they went. */
struct pl_span_of {
    uint32_t first;
    uint32_t count;
};

/**
 * Read a list of changes into the setting.
 *
 * @param node    list, or 0: none
 * @param mode    how times are written
 * @param action  whose arguments braces may name, or NULL
 */
struct pl_span_of pl_setting_changes(struct pl_setting_reader *reader,
                                     uint32_t node,
                                     enum pl_time_mode mode,
                                     const struct pl_action *action);

/**
 * Read one change into the setting.
 *
 * @param map     the change
 * @param mode    as in pl_setting_changes
 * @param action  as in pl_setting_changes
 */
void pl_setting_change(struct pl_setting_reader *reader,
                       uint32_t map,
                       enum pl_time_mode mode,
                       const struct pl_action *action);

/** Read `while` of a map into a change; without it nothing happens. */
void pl_setting_gate(struct pl_setting_reader *reader,
                     uint32_t map,
                     const struct pl_action *action,
                     struct pl_change_def *def);

/** Read a list of feed entries into the setting; node 0: none. */
struct pl_span_of
pl_setting_feed(struct pl_setting_reader *reader, uint32_t node, enum pl_time_mode mode);

/** Time `at` of a map in the given mode; `fallback` when it is not there. */
double pl_setting_time(struct pl_setting_reader *reader,
                       uint32_t map,
                       enum pl_time_mode mode,
                       double fallback,
                       bool *from_start);

/** Number, share, duration, rate, yes or no as a value in base units; reports otherwise. */
bool pl_setting_value(struct pl_reader *reader, uint32_t node, double *value);

#endif
