// SPDX-License-Identifier: Apache-2.0
//
// What the host shows of itself and of a session, as JSON. Nothing of a scenario that its player
// could not find out stands in any of it.
#ifndef PL_EXAM_HOST_VIEW_H
#define PL_EXAM_HOST_VIEW_H

#include "exam/host_types.h"

/** Write the list of scenarios, with what their owner has played of each. */
pl_status
pl_host_view_scenarios(struct pl_host *host, const char *owner, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** Write the list of the owner's sessions and of samples, newest first. */
void pl_host_view_sessions(struct pl_host *host, const char *owner, struct pl_buf *out);

/** Write the words of a scenario: services, panels, looks, people, actions. */
pl_status
pl_host_view_lexicon(struct pl_host *host, const char *scenario, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/** Answer with id and opening of a session. In its lane. */
void pl_host_view_created(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Write what a client needs to show a session that is in memory to the desk. In its lane. */
void pl_host_view_put_session(struct pl_slot *slot, struct pl_desk *desk);

/** Answer with what a client needs to show a session. In its lane. */
void pl_host_view_session(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/**
 * Write the event `clock`. In its lane.
 *
 * @param slot    session
 * @param due_ns  moment of the monotonic clock that it was to be told at; shown as `due_ms`, UTC
 * @param out     cleared, then written
 */
void pl_host_view_clock(struct pl_slot *slot, int64_t due_ns, struct pl_buf *out);

#endif
