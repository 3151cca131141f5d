// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault_fields.h"

#include "scenario/fault.h"
#include "scenario/setting_fields.h"

#define TABLE(rows) .fields = (rows), .field_count = PL_FIELD_COUNT_OF(rows)
#define F64         PL_STORE_F64
#define U32         PL_STORE_U32
#define STR         PL_STORE_TEXT

#define P(name, kind, store, member, text) \
    PL_ROW(name, kind, store, pl_fault_parameter, member, text)
static const struct pl_field parameter_rows[] = {
    {P("kind", PL_FIELD_CHOICE, U32, kind, "What it is: a kind of entity, or of value."),
     .words = PL_FAULT_KIND_WORDS,
     .required = 1},
    {P("help", PL_FIELD_TEXT, STR, help, "What it means, for authors."), .required = 1},
    {P("default", PL_FIELD_TEXT, STR, initial, "Value when a use gives none.")},
    {P("from", PL_FIELD_TEXT, STR, low, "Smallest value.")},
    {P("to", PL_FIELD_TEXT, STR, high, "Largest value.")},
    {P("optional",
       PL_FIELD_BOOL,
       U32,
       optional,
       "May be left out, with the changes that name it.")},
};
const struct pl_key_table pl_fault_parameter_table = {
    .name = "fault parameter",
    .doc = "A value that a use of the fault gives. Without `default` and `optional` it is needed.",
    TABLE(parameter_rows),
    .size = sizeof(struct pl_fault_parameter),
};

#define F(name, kind, store, member, text) PL_ROW(name, kind, store, pl_fault, member, text)
static const struct pl_field fault_rows[] = {
    {F("fault", PL_FIELD_TEXT, STR, name, "Name, as the file's: pool.long_hold."), .required = 1},
    {F("number", PL_FIELD_TEXT, STR, number, "Number in the taxonomy: F01."), .required = 1},
    {F("title", PL_FIELD_TEXT, STR, title, "One line."), .required = 1},
    {F("summary", PL_FIELD_TEXT, STR, summary, "What happens and why; where it was seen."),
     .required = 1},
    {PL_ROW_CODE("parameters", PL_FIELD_MAP, "Parameters by name."),
     .sub = &pl_fault_parameter_table},
    {PL_ROW_CODE("changes",
                 PL_FIELD_LIST,
                 "What goes wrong. `${name}` stands for a parameter, `${vary}`, `${ramp}` and "
                 "`${for}` for those of the use; `at` counts from the moment of the use."),
     .sub = &pl_change_table,
     .required = 1},
    {PL_ROW_CODE("tells", PL_FIELD_OTHER, "Instruments that separate it from what looks alike."),
     .words = "list of sentences",
     .required = 1},
    {PL_ROW_CODE("tempting", PL_FIELD_OTHER, "Moves that look right and harm."),
     .words = "list of sentences"},
};
const struct pl_key_table pl_fault_table = {
    .name = "fault",
    .doc = "A mechanism that causes of any world can use. Values with `${` stand in quotes.",
    TABLE(fault_rows),
    .size = sizeof(struct pl_fault),
};

#define E(name, kind, store, member, text) PL_ROW(name, kind, store, pl_fault_use, member, text)
static const struct pl_field use_rows[] = {
    {E("use", PL_FIELD_TEXT, STR, name, "Name of the fault: pool.long_hold."), .required = 1},
    {PL_ROW_CODE("with", PL_FIELD_OTHER, "Its parameters."), .words = "map of names to values"},
    {PL_ROW_CODE("at", PL_FIELD_OTHER, "When, as in a change; else at the opening."),
     .words = "\"11:15\", -7m or start"},
    {E("jitter", PL_FIELD_DURATION, F64, jitter_s, "As in a change, for all of its changes."),
     .low = 0,
     .high = 3600},
    {E("vary", PL_FIELD_SHARE, F64, vary, "As in a change, for the sizes that the fault varies."),
     .low = 0,
     .high = 0.9},
    {E("ramp", PL_FIELD_DURATION, F64, ramp_s, "As in a change, where the fault ramps."),
     .low = 0,
     .high = 14400},
    {E("for", PL_FIELD_DURATION, F64, for_s, "As in a change, where the fault goes back."),
     .low = 0,
     .high = 14400},
    {PL_ROW_CODE("while", PL_FIELD_OTHER, "As in a change, for all that have none of their own."),
     .words = "map of one path to a value"},
};
const struct pl_key_table pl_fault_use_table = {
    .name = "use of a fault",
    .doc = "A fault of the library with its values; it stands for the changes of the fault.",
    TABLE(use_rows),
    .size = sizeof(struct pl_fault_use),
};
