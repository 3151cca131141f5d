// SPDX-License-Identifier: Apache-2.0
//
// The keys of a fault of the library (content/faults/NAME.yaml), and of its use in a cause.
#ifndef PL_SCENARIO_FAULT_FIELDS_H
#define PL_SCENARIO_FAULT_FIELDS_H

#include "scenario/field.h"

/** The whole file of a fault; fills struct pl_fault. */
extern const struct pl_key_table pl_fault_table;
/** One of its parameters; fills struct pl_fault_parameter. */
extern const struct pl_key_table pl_fault_parameter_table;
/** One entry of `faults` of a cause; fills struct pl_fault_use. */
extern const struct pl_key_table pl_fault_use_table;

/**
 * Kinds of parameters. The first ones are kinds of entities: the word is the first part of a path
 * of params, and the value must be an entity of that kind in the world.
 */
#define PL_FAULT_ENTITY_WORDS                                                        \
    "service|route|step|call|pool|db|statement|job|vendor|cache|topic|traffic|flag|" \
    "stream|group|tenant|volume|link|effect"
/** Kinds of values, in the order of enum pl_fault_kind. */
#define PL_FAULT_VALUE_WORDS "share|duration|factor|number|count|release|rate|switch|param|value"
/** All kinds. */
#define PL_FAULT_KIND_WORDS PL_FAULT_ENTITY_WORDS "|" PL_FAULT_VALUE_WORDS

/** Kind of a parameter: its position in PL_FAULT_KIND_WORDS. */
enum pl_fault_kind {
    PL_FAULT_SERVICE,
    PL_FAULT_FLAG = 12,
    PL_FAULT_EFFECT = 18, /* the last entity */
    PL_FAULT_SHARE,       /* 40% */
    PL_FAULT_DURATION,    /* 150ms */
    PL_FAULT_FACTOR,      /* times what it is */
    PL_FAULT_NUMBER,
    PL_FAULT_COUNT,   /* whole number */
    PL_FAULT_RELEASE, /* whole number: releases since the world's */
    PL_FAULT_RATE,    /* 220/s */
    PL_FAULT_SWITCH,  /* yes or no */
    PL_FAULT_PARAM,   /* path of a param */
    PL_FAULT_VALUE    /* whatever a change may say */
};

#endif
