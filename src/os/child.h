// SPDX-License-Identifier: Apache-2.0
//
// This program once more, as a child that works apart: with memory of its own, at a low priority,
// and ended at any moment without asking it.
//
//   parent   pl_child_start ["work"], pl_child_send, pl_child_receive ..., pl_child_end
//   child    main sees "work": pl_child_self, pl_child_receive, pl_child_send ...
//
// Messages go both ways over one pair of sockets, whole or not at all. Both ends are the same
// program on the same machine: a message may hold structures as they lie in memory.
#ifndef PL_OS_CHILD_H
#define PL_OS_CHILD_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_CHILD_MESSAGE_MAX = 8 * 1024 * 1024, PL_CHILD_FOREVER = -1 };

/** One end of the way between parent and child; opaque. */
struct pl_child;

/** What pl_child_receive met. */
enum pl_child_heard {
    PL_CHILD_NOTHING, /* no message in that time */
    PL_CHILD_MESSAGE,
    PL_CHILD_GONE /* the other side has ended, or sends nonsense */
};

/** A message; `data` is valid until the next is received at this end. */
struct pl_child_message {
    uint32_t kind; /* the callers' own */
    pl_slice data;
};

/**
 * Start this program again with one argument. It dies with the calling thread at the latest.
 *
 * @param child     filled with an owned handle for pl_child_end
 * @param argument  by which its main knows what it is
 * @param steps     0..19 above this process's; 19 runs only when nobody else would
 * @param err       sentence
 * @return PL_OK, PL_NO_MEMORY or PL_LIMIT (the machine refuses a process)
 */
pl_status pl_child_start(struct pl_child **child, const char *argument, int steps, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * The child's own end, once; NULL when nobody has started it so. It goes to pl_child_end. The
 * process ends when its parent has ended already.
 */
struct pl_child *pl_child_self(void);

/** Send a message of at most PL_CHILD_MESSAGE_MAX bytes; false when the other side has ended. */
bool pl_child_send(struct pl_child *child, uint32_t kind, pl_slice data);

/** Wait for a message, at most `timeout_ms`; PL_CHILD_FOREVER: as long as it takes. */
enum pl_child_heard
pl_child_receive(struct pl_child *child, int timeout_ms, struct pl_child_message *message);

/** Close this end. Of a parent's: kill the child, in whatever it is, and wait for it. NULL is
 * allowed. */
void pl_child_end(struct pl_child *child);

#endif
