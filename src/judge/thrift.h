// SPDX-License-Identifier: Apache-2.0
//
// How many worlds stand for a cause: simulation is spent where belief is.
//
// A cause starts with K worlds. What is believed little, or what nobody asks about while time
// passes, goes on with the first of them; they are drawn alike, so that any of them stand for the
// cause. There are always enough for a likelihood, so a cause whose belief returns is judged by its
// own worlds, with a wider density. Worlds that were given up do not come back.
//
// Source: docs/design/0035-adaptive-bank.md.
#ifndef PL_JUDGE_THRIFT_H
#define PL_JUDGE_THRIFT_H

#include "judge/judge_types.h"

#include <stdint.h>

enum { PL_THRIFT_LEAST = 8 /* of a cause that is not given up, or K */ };

/** What comes next. */
enum pl_thrift_use {
    PL_THRIFT_LOOKED, /* somebody looks around: every cause that may be it is needed whole */
    PL_THRIFT_PASSIVE /* an act was chosen or time passes: what follows is a mean over causes */
};

/**
 * Worlds that a cause needs.
 *
 * @param particles  K
 * @param belief     of the cause, the larger of both streams, 0..1
 * @param use        enum pl_thrift_use
 * @return 0: none any more; else PL_THRIFT_LEAST..particles, or all where there are fewer
 */
uint32_t pl_thrift_needed(uint32_t particles, double belief, uint32_t use);

/**
 * Give up what is not needed any more, in the bank and in the belief. What has passed in the
 * present stretch stays what it was.
 *
 * @param judge  at the present, with a stretch
 * @param use    enum pl_thrift_use
 */
void pl_thrift_spare(struct pl_judge *judge, uint32_t use);

/** Mean damage so far over the worlds that stand for a cause. */
double pl_thrift_damage(const struct pl_judge *judge, uint32_t cause);

#endif
