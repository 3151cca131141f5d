// SPDX-License-Identifier: Apache-2.0
//
// A thread that works beside the caller and takes what it is handed, in order.
//
//   caller   pl_beside_start, pl_beside_put ..., pl_beside_end (waits for the last one)
//   thread   take(context, item) for each item put, then done
//
// Shared facts about progress are the user's own, behind pl_beside_note and pl_beside_read.
#ifndef PL_OS_BESIDE_H
#define PL_OS_BESIDE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/** A thread with its queue; opaque. */
struct pl_beside;

/** What the thread does. Both are called on the thread. */
struct pl_beside_work {
    void *context;                           /* borrowed until pl_beside_end */
    void (*begin)(void *context);            /* once, before anything is taken; may be NULL */
    void (*take)(void *context, void *item); /* once per item; the item is the context's now */
};

/**
 * Start the thread.
 *
 * @param beside  filled with an owned handle for pl_beside_end
 * @param work    copied
 * @param err     filled on failure
 * @return PL_OK, PL_NO_MEMORY or PL_LIMIT (the machine refuses a thread)
 */
pl_status pl_beside_start(struct pl_beside **beside,
                          const struct pl_beside_work *work,
                          pl_error *err) __attribute__((warn_unused_result));

/**
 * Hand over an item; the call does not wait for the thread.
 *
 * @return false when there is no memory; the item stays the caller's
 */
bool pl_beside_put(struct pl_beside *beside, void *item);

/** Set the share of the work that is done, 0..1000; any thread may call it. */
void pl_beside_note(struct pl_beside *beside, uint32_t per_mille);

/** Last noted share, 0..1000. */
uint32_t pl_beside_read(const struct pl_beside *beside);

/**
 * Wait until everything that was put is taken, at most `timeout_ms`.
 *
 * @return true when nothing is left
 */
bool pl_beside_wait(struct pl_beside *beside, uint32_t timeout_ms);

/** Take no more items, wait until the last one is done, and free the handle. NULL is allowed. */
void pl_beside_end(struct pl_beside *beside);

#endif
