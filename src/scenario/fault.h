// SPDX-License-Identifier: Apache-2.0
//
// The fault library: mechanisms with parameters that causes of any world use.
//
// A use is expanded while the scenario is read, into the same changes that an author could have
// written out: what a scenario does has one form, whichever way it was written. A mistake is told
// at the place of the use and names the line of the fault where it arose.
#ifndef PL_SCENARIO_FAULT_H
#define PL_SCENARIO_FAULT_H

#include "base/error.h"
#include "scenario/fault_fields.h"
#include "scenario/setting_changes.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PL_FAULT_FILES_MAX = 64,       /* faults of a library */
    PL_FAULT_PARAMETERS_MAX = 16,  /* of one fault */
    PL_FAULT_LINES_MAX = 8,        /* sentences of a list */
    PL_FAULT_TEXT_MAX = 16 * 1024, /* bytes of a file */
    PL_FAULT_VALUE_SIZE = 48       /* bytes of a limit or default with its terminator */
};

/** Bytes of scratch that reading and expanding any fault needs. */
#define PL_FAULT_SCRATCH ((size_t)3 << 20)

/** A parameter of a fault. */
struct pl_fault_parameter {
    char name[PL_NAME_MAX];
    char help[PL_LABEL_MAX * 2];
    char initial[PL_FAULT_VALUE_SIZE]; /* default as written, empty: none */
    char low[PL_FAULT_VALUE_SIZE];     /* limits as written, empty: none */
    char high[PL_FAULT_VALUE_SIZE];
    uint32_t kind;     /* enum pl_fault_kind */
    uint32_t optional; /* 1: a use may leave it out */
};

/** A fault, without its changes: these are read anew for each use. */
struct pl_fault {
    char name[PL_NAME_MAX];
    char number[16];
    char title[PL_LABEL_MAX];
    char summary[PL_LONG_MAX];
    uint32_t parameter_count;
    uint32_t tell_count;
    uint32_t tempting_count;
    uint32_t change_count;
    struct pl_fault_parameter parameters[PL_FAULT_PARAMETERS_MAX];
    char tells[PL_FAULT_LINES_MAX][PL_TEXT_MAX];
    char tempting[PL_FAULT_LINES_MAX][PL_TEXT_MAX];
};

/** A use as written. */
struct pl_fault_use {
    char name[PL_NAME_MAX];
    double jitter_s;
    double vary;
    double ramp_s;
    double for_s;
};

/** The faults that causes may use. */
struct pl_fault_library {
    const struct pl_file *files; /* files[count], borrowed; NAME.yaml holds the fault NAME */
    uint32_t count;              /* at most PL_FAULT_FILES_MAX */
    void *memory;                /* PL_FAULT_SCRATCH bytes, aligned to 16 */
    uint64_t used;               /* bit per file that a use named */
};

/**
 * Read a fault and check all that can be checked without a world.
 *
 * @param file    the YAML
 * @param fault   filled
 * @param memory  PL_FAULT_SCRATCH bytes, aligned to 16
 * @param errors  all mistakes
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_fault_load(const struct pl_file *file,
                        struct pl_fault *fault,
                        void *memory,
                        struct pl_errors *errors) __attribute__((warn_unused_result));

/**
 * Expand a list of uses into changes of the setting, in the order of the list.
 *
 * @param reader  of a scenario; without a library every use is a mistake
 * @param node    list `faults`, or 0: none
 * @return the changes that were added
 */
struct pl_span_of pl_fault_expand(struct pl_setting_reader *reader, uint32_t node);

#endif
