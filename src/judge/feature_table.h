// SPDX-License-Identifier: Apache-2.0
//
// Features of a table: rows are found by their words, numbers are compared cell by cell.
#ifndef PL_JUDGE_FEATURE_TABLE_H
#define PL_JUDGE_FEATURE_TABLE_H

#include "judge/feature_writer.h"
#include "judge/scan.h"

/** Read `columns`; the cursor is at its value. */
void pl_feature_table_columns(struct pl_feature_writer *writer, struct pl_scan *scan);

/** Read `rows` after the columns and add their features; the cursor is at its value. */
void pl_feature_table_rows(struct pl_feature_writer *writer, struct pl_scan *scan);

#endif
