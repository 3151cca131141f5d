// SPDX-License-Identifier: Apache-2.0
//
// The change feed: deploys, flags, jobs, migrations, vendors' maintenance, in order of time.
//
// A scenario supplies entries; a session adds what the player does. Entries that are not visible
// (console edits) are kept for the debrief and never shown. Texts that are added later are copied.
#ifndef PL_OBSERVE_FEED_H
#define PL_OBSERVE_FEED_H

#include "observe/observe_types.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_FEED_TEXT_MAX = 64 * 1024 };

/** The feed. */
struct pl_feed {
    uint32_t count;
    uint32_t text_used;
    struct pl_observe_change entries[PL_OBSERVE_FEED_MAX]; /* ascending in time */
    char text[PL_FEED_TEXT_MAX];
};

/** Start with the entries of a definition, whose texts are borrowed. */
void pl_feed_init(struct pl_feed *feed, const struct pl_observe_def *def);

/** Start with the entries of a definition and what was added to another feed. */
void pl_feed_fork(struct pl_feed *copy,
                  const struct pl_feed *source,
                  const struct pl_observe_def *def);

/** Add an entry, texts copied; false when the feed is full. */
bool pl_feed_add(struct pl_feed *feed, const struct pl_observe_change *entry);

/**
 * Collect the visible entries of a window, newest first.
 *
 * @param feed      any
 * @param from_ns   included
 * @param until_ns  included: what lies in the future is not known yet
 * @param out       filled, out[PL_OBSERVE_FEED_MAX]
 * @return number of entries
 */
uint32_t pl_feed_window(const struct pl_feed *feed,
                        int64_t from_ns,
                        int64_t until_ns,
                        const struct pl_observe_change **out);

#endif
