// SPDX-License-Identifier: Apache-2.0
//
// The debrief drawn for a terminal.
#ifndef PL_CLI_VIEW_DEBRIEF_H
#define PL_CLI_VIEW_DEBRIEF_H

#include "cli/view.h"

/**
 * Draw a debrief.
 *
 * @param view     face
 * @param debrief  object of type `debrief`
 * @param out      appended
 */
void pl_view_debrief(struct pl_view *view, const json_t *debrief, struct pl_buf *out);

#endif
