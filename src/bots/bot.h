// SPDX-License-Identifier: Apache-2.0
//
// Bots: policies of known skill that play through the machine interface.
//
//   opening ---> pl_bot_next ---> command ---> session ---> answer ---> pl_bot_next ---> ...
//
// A bot sees the answers of the session and what it has learned before (knowledge.h), nothing else.
// It never sees the opening's definition, the truth or the cause; the three bots that need the
// cause (oracle, lucky-prior, harmful-but-lucky) are given it as an argument of their own. Bots
// know nothing of how they will be judged. The same answers and seed give the same commands.
#ifndef PL_BOTS_BOT_H
#define PL_BOTS_BOT_H

#include "base/buf.h"
#include "bots/knowledge.h"
#include "bots/roster.h"
#include "model/world.h" /* PL_NONE */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_BOT_COMMAND_MAX = 4096 /* bytes of a command with its terminator */ };

/** A bot in play; opaque, in memory of the caller. */
struct pl_bot;

/** Bytes that a bot needs. */
size_t pl_bot_size(void);

/** What a bot is made of. */
struct pl_bot_setup {
    const struct pl_bot_def *def;
    const struct pl_knowledge *knowledge; /* borrowed; NULL when nothing was learned */
    uint64_t seed;                        /* of the bot's own draws */
    uint32_t cause;                       /* secret of the few that need it, else PL_NONE */
};

/**
 * Start a bot.
 *
 * @param setup   copied; a def that needs knowledge or a cause has them (checked)
 * @param memory  pl_bot_size bytes aligned to 16, owned by the caller
 * @return the bot, inside `memory`
 */
struct pl_bot *pl_bot_init(const struct pl_bot_setup *setup, void *memory);

/**
 * Decide.
 *
 * @param bot      changed
 * @param answer   answer to the last command, first the opening; borrowed for the call
 * @param command  emptied and filled: the next command, PL_BOT_COMMAND_MAX bytes of room
 * @return false when the session is over and nothing is left to say
 */
bool pl_bot_next(struct pl_bot *bot, pl_slice answer, struct pl_buf *command);

#endif
