// SPDX-License-Identifier: Apache-2.0
//
// Log lines drawn for a terminal.
//
// A line that is the JSON of an application is drawn as time, severity, body and the attributes
// that matter for search; every other line stands as it was written. Long lines continue indented.
#ifndef PL_CLI_VIEW_LOGS_H
#define PL_CLI_VIEW_LOGS_H

#include "cli/view.h"

/**
 * Draw an observation with `lines`, `matched` and `shown`.
 *
 * @param view         face
 * @param observation  object, borrowed
 * @param out          appended
 */
void pl_view_logs(struct pl_view *view, const json_t *observation, struct pl_buf *out);

#endif
