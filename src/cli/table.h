// SPDX-License-Identifier: Apache-2.0
//
// Aligned tables in a bounded width.
#ifndef PL_CLI_TABLE_H
#define PL_CLI_TABLE_H

#include "cli/term.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_TABLE_COLUMNS_MAX = 12, PL_TABLE_ROWS_MAX = 256, PL_TABLE_TEXT_MAX = 65536 };

/** A table being collected. Cells are copied. About 70 KB: keep one and reuse it. */
struct pl_table {
    uint32_t column_count;
    uint32_t row_count;
    const char *heads[PL_TABLE_COLUMNS_MAX];                 /* borrowed until drawn */
    bool right[PL_TABLE_COLUMNS_MAX];                        /* true: a column of numbers */
    uint32_t cells[PL_TABLE_ROWS_MAX][PL_TABLE_COLUMNS_MAX]; /* offsets into text */
    enum pl_style styles[PL_TABLE_ROWS_MAX];
    struct pl_buf text;
    char memory[PL_TABLE_TEXT_MAX];
};

/** Start an empty table with `column_count` columns, 1..PL_TABLE_COLUMNS_MAX. */
void pl_table_begin(struct pl_table *table, uint32_t column_count);

/** Add an empty row in a style; rows past PL_TABLE_ROWS_MAX are dropped and false is returned. */
bool pl_table_row(struct pl_table *table, enum pl_style style);

/** Set a cell of the last row. */
void pl_table_set(struct pl_table *table, uint32_t column, const char *text);

/**
 * Draw the table, indented by two. Columns get what they need; when that is more than there is, the
 * last column that is not of numbers gives way and its text continues on further lines.
 *
 * @param term   face
 * @param table  collected
 * @param out    appended
 */
void pl_table_draw(const struct pl_term *term, const struct pl_table *table, struct pl_buf *out);

#endif
