// SPDX-License-Identifier: Apache-2.0
//
// The judge's analysis of a session drawn for a terminal: the profile first, then damage and luck,
// the course of the uncertainty, the moves in plain words, and the score last.
#ifndef PL_CLI_VIEW_ANALYSIS_H
#define PL_CLI_VIEW_ANALYSIS_H

#include "cli/view.h"

/**
 * Draw an analysis.
 *
 * @param view    face
 * @param report  object as pl_report_json writes it
 * @param out     appended
 */
void pl_view_analysis(struct pl_view *view, const json_t *report, struct pl_buf *out);

#endif
