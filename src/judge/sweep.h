// SPDX-License-Identifier: Apache-2.0
//
// What every available look would have been worth at one moment.
#ifndef PL_JUDGE_SWEEP_H
#define PL_JUDGE_SWEEP_H

#include "judge/judge_types.h"

#include <stdint.h>

/** What one look would have told. */
struct pl_sweep_look {
    struct pl_eig perceived;
    struct pl_eig full;
};

/**
 * Value one look at the bank's present.
 *
 * @param judge  its bank is looked at
 * @param call   the look
 * @param full   true: the full stream too, and the densities of the look stay in judge->density
 * @param look   filled
 * @return PL_OK, or what the instruments answered
 */
pl_status pl_sweep_one(struct pl_judge *judge,
                       const struct pl_look_call *call,
                       bool full,
                       struct pl_sweep_look *look,
                       pl_error *err) __attribute__((warn_unused_result));

/** Bytes that remember what all looks showed; a judge has two of them, a trunk one. */
size_t pl_sweep_memory_size(uint32_t causes, uint32_t particles);

/** Begin one, in pl_sweep_memory_size bytes aligned to 16. */
struct pl_look_memory *
pl_sweep_memory_init(uint32_t causes, uint32_t particles, void *memory, size_t size);

/**
 * Find the look of the list with the best rate at the bank's present. All are gone through with few
 * particles, and with what they showed some minutes ago when nobody has acted since; the best ones
 * are then valued afresh. When one class is nearly sure there is nothing left to find out: no look
 * is valued.
 *
 * @param judge  its bank is looked at
 * @param epoch  best, best_expected, best_rate and swept are filled; its belief is read
 * @param keep   true: densities are kept for the value of looking first; epoch->search tells where
 */
void pl_sweep_all(struct pl_judge *judge, struct pl_epoch *epoch, bool keep);

/**
 * Put the densities of news into judge->density.
 *
 * @param judge     changed: density
 * @param evidence  what was told, over the bank
 */
void pl_sweep_news(struct pl_judge *judge, const struct pl_evidence *evidence);

/**
 * Keep what the look in judge->density may show, for the value of having looked.
 *
 * @param judge  after pl_sweep_one with `full`
 * @param epoch  draws is filled
 */
void pl_sweep_keep_draws(struct pl_judge *judge, struct pl_epoch *epoch);

#endif
