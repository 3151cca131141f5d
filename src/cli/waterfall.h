// SPDX-License-Identifier: Apache-2.0
//
// A trace drawn as a waterfall.
//
// Each span is one row: its name indented by its depth, its bar on a common time axis, its
// duration. A bar is thin where a child of the span was at work and thick where none was: waiting
// and own work, which no instrument saw from inside, stand out.
#ifndef PL_CLI_WATERFALL_H
#define PL_CLI_WATERFALL_H

#include "cli/view.h"

enum { PL_WATERFALL_SPANS_MAX = 128 /* spans drawn; the rest is counted in a note */ };

/**
 * Draw an observation with `spans`.
 *
 * @param view         face
 * @param observation  object, borrowed
 * @param out          appended
 */
void pl_waterfall_draw(struct pl_view *view, const json_t *observation, struct pl_buf *out);

#endif
