// SPDX-License-Identifier: Apache-2.0
//
// The moves whose worth is compared at a moment: doing nothing, remedies, tempting moves, and what
// the player did.
//
// The list is the same for all causes, because the comparison is made before anybody knows the
// cause. Option 0 is always "do nothing for now".
#ifndef PL_JUDGE_OPTION_SET_H
#define PL_JUDGE_OPTION_SET_H

#include "base/buf.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_OPTIONS_MAX = 24, PL_OPTIONS_TEMPTING = 4 };

/** One option. */
struct pl_option {
    uint32_t noop;       /* 1: do nothing; `call` is unused */
    uint32_t player;     /* 1: the player did it */
    uint32_t helps_mask; /* bit per cause whose author lists it as a remedy */
    uint32_t harms_mask; /* bit per cause whose author lists it as a tempting move */
    struct pl_call call;
};

/** The options of a moment. */
struct pl_option_set {
    uint32_t count;
    uint32_t reserved;
    struct pl_option items[PL_OPTIONS_MAX];
};

/**
 * Options of a scenario, without the player's own, at most `max`.
 *
 * Order, which is also the order in which the limit cuts: doing nothing; the first remedy of each
 * cause; moves that tempt, those of most causes first; further remedies.
 *
 * @param scenario  loaded
 * @param causes    bit per cause that is still believed in; others bring no options
 * @param max       1..PL_OPTIONS_MAX
 * @param options   filled
 */
void pl_option_set_build(const struct pl_scenario *scenario,
                         uint32_t causes,
                         uint32_t max,
                         struct pl_option_set *options);

/**
 * Options of the scenario's constants: doing nothing, the first remedy of each cause, and up to
 * PL_OPTIONS_TEMPTING moves that tempt. With fewer a cause could be left without its remedy.
 */
void pl_option_set_trunk(const struct pl_scenario *scenario, struct pl_option_set *options);

/** Position of a call among the options, or PL_NONE. */
uint32_t pl_option_set_find(const struct pl_option_set *options, const struct pl_call *call);

/**
 * Add what the player did. When the list is full, the last option that is not the player's goes.
 *
 * @return position of the call
 */
uint32_t pl_option_set_add(struct pl_option_set *options, const struct pl_call *call);

/** True when both calls are the same action with the same arguments. */
bool pl_call_same(const struct pl_call *a, const struct pl_call *b);

/** Write an option as it would be typed; `nothing for now` for option 0. */
void pl_option_format(const struct pl_scenario *scenario,
                      const struct pl_option *option,
                      struct pl_buf *out);

#endif
