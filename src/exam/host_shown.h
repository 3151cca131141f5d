// SPDX-License-Identifier: Apache-2.0
//
// Incidents that are over and closed for ever, shown without replaying them.
// Everything here runs in the lane of the session.
#ifndef PL_EXAM_HOST_SHOWN_H
#define PL_EXAM_HOST_SHOWN_H

#include "exam/host_types.h"

/**
 * Do what is asked if it needs no more than what was shown.
 *
 * @param slot  session
 * @param ask   answered when true is returned, else still the caller's
 * @param desk  of the thread
 * @return false: the session has to be brought back
 */
bool pl_host_shown_serve(struct pl_slot *slot, struct pl_ask *ask, struct pl_desk *desk);

/** Keep what was shown of a session that is in memory, over and closed for ever. */
void pl_host_shown_keep(struct pl_slot *slot, struct pl_desk *desk);

/** Give back what was read. */
void pl_host_shown_drop(struct pl_slot *slot);

#endif
