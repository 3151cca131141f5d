// SPDX-License-Identifier: Apache-2.0
//
// `plumb bot learn`: the tasks of bots/learn.h over the processors, with their memory.
#ifndef PL_CLI_BOT_LEARN_H
#define PL_CLI_BOT_LEARN_H

#include "base/error.h"
#include "bots/knowledge.h"
#include "exam/content.h"

#include <stdint.h>

/** How to learn. */
struct pl_bot_learn_plan {
    const struct pl_content *content;
    uint32_t forms;   /* per cause, 1..PL_KNOWN_FORMS_MAX / causes */
    uint32_t trials;  /* forms per cause that moves are measured on, 1 or more */
    uint64_t seed;    /* parent of all seeds */
    uint32_t workers; /* threads; the result does not depend on it */
};

/** What was learned and what it took. */
struct pl_bot_lesson {
    struct pl_knowledge knowledge;
    uint32_t accepted; /* forms that sent the page */
    uint32_t tried;
};

/**
 * Learn.
 *
 * @param plan    see above
 * @param lesson  filled
 * @param err     sentence
 * @return PL_OK, PL_BAD_INPUT (no form sends the page) or PL_NO_MEMORY
 */
pl_status pl_bot_learn(const struct pl_bot_learn_plan *plan,
                       struct pl_bot_lesson *lesson,
                       pl_error *err) __attribute__((warn_unused_result));

#endif
