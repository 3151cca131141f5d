// SPDX-License-Identifier: Apache-2.0
//
// Acts: what a player changes. Without `confirm` an act is a preview that changes nothing.
#ifndef PL_SESSION_ACT_H
#define PL_SESSION_ACT_H

#include "session/session_types.h"

/**
 * Obey an `act` command.
 *
 * @param session    changed when the act is confirmed
 * @param command    object with `action`, `args` (object by name, or list by position), `confirm`
 * @param out        appended: the preview, or what was done
 * @param move       appended: the act as it would be typed
 * @param confirmed  set: true when the act was done
 * @param err        sentence
 * @return PL_OK, PL_BAD_INPUT, PL_NOT_FOUND or PL_LIMIT
 */
pl_status pl_act(struct pl_session *session,
                 const json_t *command,
                 struct pl_buf *out,
                 struct pl_buf *move,
                 bool *confirmed,
                 pl_error *err) __attribute__((warn_unused_result));

/** Append the list of all actions with their arguments, one JSON object. */
void pl_act_list(const struct pl_session *session, struct pl_buf *out);

#endif
