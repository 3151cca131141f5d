// SPDX-License-Identifier: Apache-2.0
//
// The debrief: what was wrong, what the player did, and what that meant for users.
//
// It describes and does not score. All of it comes from the simulation: the course is what the
// session's own run recorded, the comparison is a fork of the state at the opening, run without any
// act to the same moment.
#ifndef PL_SESSION_DEBRIEF_H
#define PL_SESSION_DEBRIEF_H

#include "session/session_types.h"

/**
 * Append the debrief, one JSON object.
 *
 * @param session  done; its spare state is used
 * @param out      appended
 */
void pl_debrief(struct pl_session *session, struct pl_buf *out);

#endif
