// SPDX-License-Identifier: Apache-2.0
//
// A mailbox of one thread, into which any thread puts items. Its descriptor becomes readable when
// there is something to take, so that an event loop can wait for it beside its sockets.
//
// Items are linked through a member of the caller's own structure; putting never allocates and
// never fails. Items of one thread are taken in the order in which it put them.
#ifndef PL_OS_MAILBOX_H
#define PL_OS_MAILBOX_H

#include "base/error.h"

/** A mailbox; opaque. */
struct pl_mailbox;

/** First member of what is put. */
struct pl_mailbox_item {
    struct pl_mailbox_item *next; /* set by the mailbox */
};

/**
 * Open an empty mailbox.
 *
 * @param mailbox  filled with an owned handle for pl_mailbox_close
 * @param err      filled on failure
 * @return PL_OK, PL_NO_MEMORY or PL_IO
 */
pl_status pl_mailbox_open(struct pl_mailbox **mailbox, pl_error *err)
    __attribute__((warn_unused_result));

/** Put an item; it is the taker's now. Any thread may call it. */
void pl_mailbox_put(struct pl_mailbox *mailbox, struct pl_mailbox_item *item);

/** Make the descriptor readable without an item. Signal handlers may call it. */
void pl_mailbox_wake(struct pl_mailbox *mailbox);

/** Take all items, linked in their order, NULL when there is none. One thread calls it. */
struct pl_mailbox_item *pl_mailbox_take(struct pl_mailbox *mailbox);

/** Descriptor that is readable while pl_mailbox_take has something to do. */
int pl_mailbox_descriptor(const struct pl_mailbox *mailbox);

/** Free the handle; the mailbox must be empty (checked). NULL is allowed. */
void pl_mailbox_close(struct pl_mailbox *mailbox);

#endif
