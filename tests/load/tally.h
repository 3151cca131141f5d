// SPDX-License-Identifier: Apache-2.0
//
// Durations of a load run: all are kept, so a quantile is exact.
#ifndef PL_LOAD_TALLY_H
#define PL_LOAD_TALLY_H

#include <stddef.h>
#include <stdint.h>

/** Durations in nanoseconds; a zeroed one is empty. */
struct pl_tally {
    int64_t *values; /* owned */
    size_t count;
    size_t room;
};

/** Keep a duration in nanoseconds. The process ends when there is no memory. */
void pl_tally_add(struct pl_tally *tally, int64_t value_ns);

/**
 * Quantile of what was kept, by the nearest rank.
 *
 * @param tally  sorted on the way
 * @param share  0..1
 * @return nanoseconds; 0 when nothing was kept
 */
int64_t pl_tally_quantile(struct pl_tally *tally, double share);

/** Give the memory back. */
void pl_tally_fini(struct pl_tally *tally);

#endif
