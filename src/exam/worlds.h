// SPDX-License-Identifier: Apache-2.0
//
// Opened worlds of one scenario that many analyses begin in, with the constants of the scenario.
//
// To open them is most of the work of an analysis; `plumb judge A B C` does it once.
#ifndef PL_EXAM_WORLDS_H
#define PL_EXAM_WORLDS_H

#include "base/error.h"
#include "exam/content.h"
#include "judge/constants.h"
#include "judge/trunk.h"

#include <stdint.h>

/** What is opened. */
struct pl_worlds_def {
    const struct pl_content *content; /* borrowed until pl_worlds_close */
    const char *directory;            /* of the content; NULL: without constants */
    uint32_t particles;               /* worlds per cause */
    uint32_t replicate;               /* which of the independent banks */
    uint32_t workers;                 /* threads, 0: one per processor */
    /* How far opening is, from any thread; may be NULL. */
    void (*told)(void *context, uint32_t done, uint32_t total);
    void *told_context;
};

/** Opened worlds; opaque. */
struct pl_worlds;

/**
 * Draw the worlds and run them to the opening.
 *
 * @param worlds  filled with an owned handle for pl_worlds_close; NULL on failure
 * @param def     copied
 * @param err     sentence
 * @return PL_OK, PL_NO_MEMORY, or what drawing answered
 */
pl_status pl_worlds_open(struct pl_worlds **worlds, const struct pl_worlds_def *def, pl_error *err)
    __attribute__((warn_unused_result));

/** The trunk for the definition of a judge. */
struct pl_trunk *pl_worlds_trunk(struct pl_worlds *worlds);

/** Constants of the scenario; NULL with `err` set when there are none that fit. */
const struct pl_constants *pl_worlds_constants(const struct pl_worlds *worlds, pl_error *err);

/** Processor time that it took to open them, seconds. */
double pl_worlds_cpu_s(const struct pl_worlds *worlds);

/** Give everything back; NULL is allowed. */
void pl_worlds_close(struct pl_worlds *worlds);

#endif
