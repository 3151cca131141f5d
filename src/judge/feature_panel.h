// SPDX-License-Identifier: Apache-2.0
//
// Features of a panel: each series as a curve, series of one folded name together.
#ifndef PL_JUDGE_FEATURE_PANEL_H
#define PL_JUDGE_FEATURE_PANEL_H

#include "judge/feature_writer.h"
#include "judge/scan.h"

/** What the panel says before its series. */
struct pl_feature_axis {
    enum pl_scale scale;
    double step_s; /* above 0 */
};

/** Read `series` and add their features; the cursor is at its value. */
void pl_feature_panel_series(struct pl_feature_writer *writer,
                             struct pl_scan *scan,
                             const struct pl_feature_axis *axis);

#endif
