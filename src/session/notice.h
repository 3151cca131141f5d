// SPDX-License-Identifier: Apache-2.0
//
// Things that the session itself tells the player: the opening's page, acts that take effect, and
// somebody who asks for a status update when its time has passed. They are told together with what
// the instruments deliver, in the order of time.
#ifndef PL_SESSION_NOTICE_H
#define PL_SESSION_NOTICE_H

#include "session/session_types.h"

/** Moments that never come. */
#define PL_NOTICE_NEVER INT64_MAX

/**
 * Moment of the next status update that is due after one at the session's present.
 *
 * @param session  its scenario has the cadence
 * @param last     true: the update said that all is resolved, none is due any more
 */
int64_t pl_notice_next_due(const struct pl_session *session, bool last);

/** Moment of the first status update that is due. */
int64_t pl_notice_first_due(const struct pl_session *session);

/**
 * Add a notice; it is told when its time has come. Past PL_NOTICES_MAX it is dropped.
 *
 * @param session  changed
 * @param t_ns     not before the present
 * @param kind     effect or stakeholder
 * @param from     who says so
 * @param title    one line
 * @param text     further words, may be empty
 */
void pl_notice_add(struct pl_session *session,
                   int64_t t_ns,
                   const char *kind,
                   const char *from,
                   const char *title,
                   const char *text);

/** Let somebody ask for an update if that is due at the present. */
void pl_notice_ask_for_update(struct pl_session *session);

/** Forget the moments before the opening, so that they are never told. */
void pl_notice_start(struct pl_session *session);

/** True when something waits to be told. */
bool pl_notice_pending(const struct pl_session *session);

/** Write an array of all that happened up to the present and has not been told yet. */
void pl_notice_tell(struct pl_session *session, struct pl_json_out *json);

/** Write the opening's page as an event. */
void pl_notice_page(const struct pl_session *session, struct pl_json_out *json);

#endif
