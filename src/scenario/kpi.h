// SPDX-License-Identifier: Apache-2.0
//
// What a world's numbers are on a good day: content/kpis/WORLD.yaml.
//
// These are claims about a world and no part of it. They stand in a file of their own, so that a
// sharper claim makes nothing stale that was computed from the world.
#ifndef PL_SCENARIO_KPI_H
#define PL_SCENARIO_KPI_H

#include "base/error.h"
#include "model/world.h"
#include "observe/observe_types.h"
#include "scenario/field.h"
#include "scenario/reader.h"

#include <stdint.h>

enum { PL_KPIS_MAX = 24 /* of one world */ };

/** A number that stays in a range while nothing is wrong. */
struct pl_kpi {
    char name[PL_NAME_MAX];
    char title[PL_LABEL_MAX];
    char query[PL_EXPR_MAX]; /* as in a query look; each of its series has to hold */
    char unit[8];            /* s, ratio, /s, or empty */
    double low;              /* base units */
    double high;
};

/** All of a world. */
struct pl_kpis {
    char world[PL_NAME_MAX];
    double at_s;     /* time of day at which they are measured first */
    double warmup_s; /* simulated before that */
    double for_s;    /* measured */
    uint32_t count;
    uint32_t reserved;
    struct pl_kpi items[PL_KPIS_MAX];
};

/** The whole file; fills struct pl_kpis. */
extern const struct pl_key_table pl_kpis_table;
/** One number; fills struct pl_kpi. */
extern const struct pl_key_table pl_kpi_table;

/**
 * Read the file of a world's numbers.
 *
 * @param file    the YAML; its name is that of the world
 * @param kpis    filled
 * @param memory  PL_LOAD_SCRATCH bytes, aligned to 16
 * @param errors  all mistakes
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_kpis_load(const struct pl_file *file,
                       struct pl_kpis *kpis,
                       void *memory,
                       struct pl_errors *errors) __attribute__((warn_unused_result));

#endif
