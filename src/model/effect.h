// SPDX-License-Identifier: Apache-2.0
//
// The ledger of effects: what customers wished and what was done to them, by key.
//
// A wish is the trace of a user's request. A route that makes an effect (a charge, a capture)
// begins with `intend`: the wish is noted, and a request that the client only sent again is
// answered without doing it once more, if the earlier one can be seen. The effect is done where it
// is done: at the vendor, also when its caller has given up, once per key. A retry carries the key
// of the first attempt unless `fresh_key` says otherwise; a vendor that sees a key again does
// nothing. More effects than wished, none although the user was told so, and one although the user
// was told of an error are harm, whatever the status codes said.
#ifndef PL_MODEL_EFFECT_H
#define PL_MODEL_EFFECT_H

#include "model/state.h"

/** Entries of the table of wishes; 0 when the world has no effects. */
uint32_t pl_effect_wish_count(const struct pl_world *world);

/**
 * A request reached `intend`.
 *
 * @return true: go on; false: it was seen before and is answered as then
 */
bool pl_effect_intend(struct pl_ctx *ctx, uint32_t frame, uint32_t effect);

/** The step of `caller` does an effect through a vendor; `frame` is the call that arrived there. */
void pl_effect_at_vendor(struct pl_ctx *ctx, uint32_t frame, uint32_t caller);

/** A step without a vendor does an effect: it writes, prints, shows. */
void pl_effect_here(struct pl_ctx *ctx, uint32_t frame, uint32_t effect);

/** A user learns how it went; `done` false: an error, or the user had left. */
void pl_effect_settled(struct pl_ctx *ctx, uint64_t trace, uint32_t source, bool done);

/** Check the table: places, counts. */
void pl_effect_validate(const struct pl_ctx *ctx);

#endif
