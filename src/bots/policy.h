// SPDX-License-Identifier: Apache-2.0
//
// What each policy does next while the incident is open.
#ifndef PL_BOTS_POLICY_H
#define PL_BOTS_POLICY_H

#include "bots/bot_types.h"

/** Queue the next command or commands of the bot's policy; at least one. */
void pl_policy_step(struct pl_bot *bot);

/** Refresh what the bot would state from its filter or its secret. */
void pl_policy_believe(struct pl_bot *bot);

/** Take a look of the catalogue into account; its levels as read. */
void pl_policy_look(struct pl_bot *bot, uint32_t look, const uint8_t *levels);

/** The last remedy did not help: learn from it and be ready for another. */
void pl_policy_failed(struct pl_bot *bot);

#endif
