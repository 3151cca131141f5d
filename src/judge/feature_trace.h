// SPDX-License-Identifier: Apache-2.0
//
// Features of a trace: where its time goes and where its errors begin.
#ifndef PL_JUDGE_FEATURE_TRACE_H
#define PL_JUDGE_FEATURE_TRACE_H

#include "judge/feature_writer.h"
#include "judge/scan.h"

/** Read `spans` and add their features; the cursor is at its value. */
void pl_feature_trace_spans(struct pl_feature_writer *writer, struct pl_scan *scan);

#endif
