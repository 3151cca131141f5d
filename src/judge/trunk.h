// SPDX-License-Identifier: Apache-2.0
//
// What all sessions of a scenario share before their first move: the bank at the opening and what
// follows from it alone.
//
//   pl_trunk_open     runs the bank to the opening, once
//   struct pl_judge_def.trunk   makes a judge begin there; it copies only the worlds that it runs
//
// A judge with a trunk writes the same report as one without. Judges that share a trunk take turns.
#ifndef PL_JUDGE_TRUNK_H
#define PL_JUDGE_TRUNK_H

#include "base/error.h"
#include "judge/bank.h"
#include "judge/classes.h"
#include "judge/constants.h"
#include "judge/eig.h"
#include "judge/judge.h"
#include "judge/look_memory.h"

#include <stddef.h>
#include <stdint.h>

/** The best look at the opening, when nothing has been shown yet. */
struct pl_trunk_sweep {
    uint32_t known; /* 0: no judge has needed it yet */
    uint32_t best;  /* position in the look list, PL_NONE: none */
    double best_rate;
    struct pl_eig_value best_expected;
};

/** A trunk; in memory of the caller. What stands behind `bank` is filled by the first judge. */
struct pl_trunk {
    const struct pl_world *world;
    const struct pl_scenario *scenario;
    uint32_t particles;
    uint32_t replicate;
    struct pl_bank *bank;
    uint32_t surveyed; /* 1: `constants` and `classes` are there; for judges without constants */
    uint32_t reserved;
    struct pl_constants constants;
    struct pl_classes classes;
    struct pl_trunk_sweep sweep;
    struct pl_look_memory *shown; /* what looks showed at the opening, when `sweep` is known */
};

/** Bytes of memory of a trunk; `seed`, `clock` and `trunk` of the definition are not looked at. */
size_t pl_trunk_size(const struct pl_judge_def *def);

/**
 * Run the bank of worlds to the opening.
 *
 * @param def     as for a judge
 * @param memory  pl_trunk_size bytes, aligned to 64, owned by the caller; take it from os/pages
 * @param size    bytes of memory
 * @param trunk   filled: the trunk, inside `memory`
 * @param err     sentence
 * @return as pl_bank_open
 */
pl_status pl_trunk_open(const struct pl_judge_def *def,
                        void *memory,
                        size_t size,
                        struct pl_trunk **trunk,
                        pl_error *err) __attribute__((warn_unused_result));

#endif
