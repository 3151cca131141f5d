// SPDX-License-Identifier: Apache-2.0
//
// Which knobs of an entity have an effect now.
//
// Most knobs of most entities do nothing at any moment: no shedding, no breaker, no leak. What a
// request meets on its way therefore keeps a word with a bit for each knob that may matter: its
// value is not the neutral one, or it is gated, so that the release of a pod decides. Whoever needs
// ten knobs looks at one word first. The words lie in the state, because the params do; change.c
// keeps them whenever a param changes.
#ifndef PL_MODEL_NEUTRAL_H
#define PL_MODEL_NEUTRAL_H

#include "model/state.h"

/** Bits of a route's word beside those of its knobs. */
enum {
    PL_ROUTE_LEAF = 1 << 13,  /* plain, and its one step is work that does not fail */
    PL_ROUTE_PLAIN = 1 << 14, /* requests come and go, and nothing but a free worker decides */
    PL_ROUTE_WORKS = 1 << 15, /* the first step is work that happens once, as long as it says */
    PL_ROUTE_KNOBS = (1 << 13) - 1
};

/** Bring the words of the param's owner up to date; nothing happens when it keeps none. */
void pl_neutral_changed(struct pl_ctx *ctx, uint32_t param);

/** Bring all words up to date. */
void pl_neutral_start(struct pl_ctx *ctx);

/** Abort unless every word is what the params make of it. */
void pl_neutral_validate(const struct pl_ctx *ctx);

/** Are two values the same? */
static inline bool pl_neutral_is(double value, double wanted)
{
    return value >= wanted && value <= wanted;
}

/** The bit of a knob. */
static inline uint32_t pl_neutral_bit(uint32_t knob)
{
    return UINT32_C(1) << knob;
}

#endif
