// SPDX-License-Identifier: Apache-2.0
//
// Topics and their consumers. What it does is told at the top of topic.c.
#ifndef PL_MODEL_TOPIC_H
#define PL_MODEL_TOPIC_H

#include "model/state.h"

/** Append a message. */
void pl_topic_publish(struct pl_ctx *ctx, uint32_t topic, uint64_t key);

/** A consumer's frame ended. */
void pl_topic_answer(struct pl_ctx *ctx, uint32_t frame, enum pl_code code);

/** Let idle consumers take messages. */
void pl_topic_pump(struct pl_ctx *ctx, uint32_t topic);

#endif
