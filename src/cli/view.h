// SPDX-License-Identifier: Apache-2.0
//
// Observations drawn for a terminal.
//
// An observation carries data, never layout; what it is follows from its members: `series` is
// drawn as a plot, `rows` as a table, `lines` as log lines, `spans` as a waterfall, `text` as
// paragraphs, `parts` is a list of observations. An observation that lacks what it should have is
// drawn as far as it goes: a picture must not take the session down.
#ifndef PL_CLI_VIEW_H
#define PL_CLI_VIEW_H

#include "cli/table.h"
#include "cli/term.h"
#include "text/json_in.h"

#include <stdint.h>

/** Scratch memory of the views; about 200 KB, allocated once by the face. */
struct pl_view {
    struct pl_term term;
    double origin_s;    /* time of day of simulated second 0 of the observations */
    double opening_s;   /* time of day of the opening, where t_s is 0 */
    uint32_t plot_rows; /* rows of a plot's drawing */
    struct pl_table table;
    double points[PL_TERM_SERIES][4096];
};

/**
 * Draw one observation.
 *
 * @param view         face and scratch memory
 * @param observation  object, borrowed
 * @param out          appended
 */
void pl_view_observation(struct pl_view *view, const json_t *observation, struct pl_buf *out);

/** String member of an object, "" when it is absent or no string. */
const char *pl_view_string(const json_t *object, const char *key);

/** Number member of an object, `otherwise` when it is absent or no number. */
double pl_view_number(const json_t *object, const char *key, double otherwise);

#endif
