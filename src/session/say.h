// SPDX-License-Identifier: Apache-2.0
//
// What a player says: beliefs, status updates, messages, the postmortem.
#ifndef PL_SESSION_SAY_H
#define PL_SESSION_SAY_H

#include "session/session_types.h"

/** Words of the status page in their order, NULL-terminated. */
const char *const *pl_say_statuses(void);

/** Names of the postmortem's fields, NULL-terminated. */
const char *const *pl_say_postmortem_fields(void);

/**
 * Obey a `say` command.
 *
 * @param session  changed
 * @param command  object with `what`
 * @param out      appended: the observation, one JSON object
 * @param move     appended: what was said, as it would be typed
 * @param err      sentence
 * @return PL_OK, PL_BAD_INPUT, PL_NOT_FOUND or PL_LIMIT
 */
pl_status pl_say(struct pl_session *session,
                 const json_t *command,
                 struct pl_buf *out,
                 struct pl_buf *move,
                 pl_error *err) __attribute__((warn_unused_result));

#endif
