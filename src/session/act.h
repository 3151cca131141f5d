// SPDX-License-Identifier: Apache-2.0
//
// Acts: what a player changes. Without `confirm` an act is a preview that changes nothing.
#ifndef PL_SESSION_ACT_H
#define PL_SESSION_ACT_H

#include "session/session_types.h"

/** A world in which an act is done. */
struct pl_act_place {
    const struct pl_world *world; /* sealed */
    const struct pl_scenario *scenario;
    struct pl_state *state;
    struct pl_observe *observe;
};

/**
 * Do a call at the present of a world: its changes, after their lead time, and its entry in the
 * change feed. A session does its acts with it, and so does whoever repeats a session's acts in a
 * world that is only supposed.
 *
 * @param place      state and instruments are changed; relative values start from its present; a
 *                   full feed is no error
 * @param call       bound
 * @param feed       entry that it leaves; empty kind: none
 * @param effect_ns  set: simulated moment at which it takes effect
 * @param err        sentence, e.g. a value is outside the param's range
 * @return PL_OK, PL_BAD_INPUT or PL_LIMIT
 */
pl_status pl_act_do(const struct pl_act_place *place,
                    const struct pl_call *call,
                    const struct pl_feed_entry *feed,
                    int64_t *effect_ns,
                    pl_error *err) __attribute__((warn_unused_result));

/**
 * Read an `act` command.
 *
 * @param scenario  knows the actions
 * @param command   object with `action`, `args` (object by name, or list by position), `confirm`
 * @param call      filled
 * @param sure      set: the command has `confirm`
 * @param err       sentence
 * @return PL_OK, PL_BAD_INPUT, PL_NOT_FOUND or PL_LIMIT
 */
pl_status pl_act_read(const struct pl_scenario *scenario,
                      const json_t *command,
                      struct pl_call *call,
                      bool *sure,
                      pl_error *err) __attribute__((warn_unused_result));

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
