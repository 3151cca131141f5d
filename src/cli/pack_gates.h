// SPDX-License-Identifier: Apache-2.0
//
// The gates of a scenario (judge/gates.h), measured: worlds are opened, looks are taken in them, a
// planner plays. Without constants that fit, the opening is surveyed first.
#ifndef PL_CLI_PACK_GATES_H
#define PL_CLI_PACK_GATES_H

#include "base/error.h"
#include "bots/bot.h"
#include "exam/content.h"
#include "judge/gates.h"
#include "judge/look_power.h"

#include <stdint.h>

/** How thoroughly. */
struct pl_gates_plan {
    const struct pl_content *content;
    const char *directory;                /* of the content, for its constants; NULL: none */
    const struct pl_knowledge *knowledge; /* of the planner; NULL: it does not play */
    uint32_t particles;                   /* worlds per cause, 4..128 */
    uint32_t sessions;                    /* in belief space, particles or more */
    uint32_t forms;                       /* that the planner plays; 0: it does not */
    uint32_t workers;                     /* threads, 0: one per processor */
};

/** One look, named. */
struct pl_gates_look {
    struct pl_look_power power;
    char text[PL_GATE_WHAT_MAX]; /* as a player calls it */
};

/** All looks at the opening, most bits first. */
struct pl_gates_looks {
    uint32_t count;
    uint32_t reserved;
    struct pl_gates_look items[PL_GATE_LOOKS_MAX];
};

/**
 * Measure.
 *
 * @param plan   what
 * @param tell   called with a sentence about the progress; may be NULL
 * @param gates  filled
 * @param looks  filled with what each look can do; may be NULL
 * @param err    sentence
 * @return PL_OK, PL_NO_MEMORY, or why worlds cannot be opened
 */
pl_status pl_pack_gates_run(const struct pl_gates_plan *plan,
                            void (*tell)(const char *sentence),
                            struct pl_gates *gates,
                            struct pl_gates_looks *looks,
                            pl_error *err) __attribute__((warn_unused_result));

#endif
