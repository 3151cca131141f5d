// SPDX-License-Identifier: Apache-2.0
//
// The keys of the steps of a route. They describe; world_steps.h compiles.
#ifndef PL_SCENARIO_STEP_FIELDS_H
#define PL_SCENARIO_STEP_FIELDS_H

#include "scenario/field.h"

/* Rows of the modifiers of a step. `prefix` is empty or names the member that is the step. */
#define PL_STEP_MODIFIERS(type, prefix)                                                           \
    {PL_ROW(                                                                                      \
         "times", PL_FIELD_NUMBER, PL_STORE_F64, type, prefix times, "Repetitions in sequence."), \
     .scope = PL_SCOPE_STEP,                                                                      \
     .knob = PL_STEP_TIMES},                                                                      \
        {PL_ROW("share",                                                                          \
                PL_FIELD_SHARE,                                                                   \
                PL_STORE_F64,                                                                     \
                type,                                                                             \
                prefix share,                                                                     \
                "Share of requests that run it."),                                                \
         .scope = PL_SCOPE_STEP,                                                                  \
         .knob = PL_STEP_SHARE},                                                                  \
        {PL_ROW(                                                                                  \
             "factor", PL_FIELD_NUMBER, PL_STORE_F64, type, prefix factor, "Factor on its law."), \
         .scope = PL_SCOPE_STEP,                                                                  \
         .knob = PL_STEP_FACTOR},                                                                 \
        {PL_ROW("error",                                                                          \
                PL_FIELD_SHARE,                                                                   \
                PL_STORE_F64,                                                                     \
                type,                                                                             \
                prefix error,                                                                     \
                "Share that fails after the work."),                                              \
         .scope = PL_SCOPE_STEP,                                                                  \
         .knob = PL_STEP_ERROR},                                                                  \
        {PL_ROW("label", PL_FIELD_NAME, PL_STORE_TEXT, type, prefix label, "Name for changes.")}, \
        {PL_ROW("optional",                                                                       \
                PL_FIELD_BOOL,                                                                    \
                PL_STORE_U32,                                                                     \
                type,                                                                             \
                prefix optional,                                                                  \
                "Its failure does not fail the request.")},

/** One step of a route: exactly one operator and any modifiers. */
extern const struct pl_key_table pl_step_table;
/** The map form of `when`. */
extern const struct pl_key_table pl_when_table;
/** The map form of `hold`. */
extern const struct pl_key_table pl_hold_table;
/** The map form of `get`. */
extern const struct pl_key_table pl_get_table;

#endif
