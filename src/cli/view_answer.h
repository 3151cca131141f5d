// SPDX-License-Identifier: Apache-2.0
//
// Answers of a session drawn for a terminal: the observation, and what came in meanwhile.
#ifndef PL_CLI_VIEW_ANSWER_H
#define PL_CLI_VIEW_ANSWER_H

#include "cli/view.h"

/**
 * Draw an answer: error, observation of any kind, events.
 *
 * @param view    face
 * @param answer  object as pl_session_apply gives it
 * @param out     appended
 */
void pl_view_answer(struct pl_view *view, const json_t *answer, struct pl_buf *out);

/** Draw a list of events, each with its clock. */
void pl_view_events(struct pl_view *view, const json_t *events, struct pl_buf *out);

/** Draw the opening of a session: what it is, the briefing, the page. */
void pl_view_opening(struct pl_view *view, const json_t *answer, struct pl_buf *out);

/** Draw claims as the player made them; `belief` has `claims` and `something_else`. */
void pl_view_belief(struct pl_view *view, const json_t *belief, struct pl_buf *out);

#endif
