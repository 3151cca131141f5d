// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include "base/check.h"

#include <string.h>

enum { INDENT = 2, GAP = 2, FLEX_MIN = 6 };

void pl_table_begin(struct pl_table *table, uint32_t column_count)
{
    PL_CHECK(table != NULL);
    PL_CHECK(column_count >= 1 && column_count <= PL_TABLE_COLUMNS_MAX);
    table->column_count = column_count;
    table->row_count = 0;
    for (uint32_t column = 0; column < PL_TABLE_COLUMNS_MAX; column++) {
        table->heads[column] = "";
        table->right[column] = false;
    }
    pl_buf_init(&table->text, table->memory, sizeof table->memory);
    pl_buf_put(&table->text, "", 1); /* offset 0 is the empty text */
}

bool pl_table_row(struct pl_table *table, enum pl_style style)
{
    PL_CHECK(table != NULL);
    if (table->row_count == PL_TABLE_ROWS_MAX) {
        return false;
    }
    memset(table->cells[table->row_count], 0, sizeof table->cells[0]);
    table->styles[table->row_count] = style;
    table->row_count++;
    return true;
}

void pl_table_set(struct pl_table *table, uint32_t column, const char *text)
{
    PL_CHECK(table->row_count > 0);
    PL_CHECK(column < table->column_count);
    PL_CHECK(text != NULL);
    size_t size = strlen(text) + 1;
    if (table->text.size + size >= table->text.capacity) {
        return; /* stays empty; the observation itself is bounded far below this */
    }
    table->cells[table->row_count - 1][column] = (uint32_t)table->text.size;
    pl_buf_put(&table->text, text, size);
}

static const char *cell_text(const struct pl_table *table, uint32_t row, uint32_t column)
{
    return table->memory + table->cells[row][column];
}

static void measure(const struct pl_table *table, uint32_t *widths)
{
    for (uint32_t column = 0; column < table->column_count; column++) {
        widths[column] = pl_term_width(table->heads[column]);
        for (uint32_t row = 0; row < table->row_count; row++) {
            uint32_t width = pl_term_width(cell_text(table, row, column));
            widths[column] = width > widths[column] ? width : widths[column];
        }
    }
}

static uint32_t total_width(const struct pl_table *table, const uint32_t *widths)
{
    uint32_t total = INDENT + GAP * (table->column_count - 1);
    for (uint32_t column = 0; column < table->column_count; column++) {
        total += widths[column];
    }
    return total;
}

/* Take columns from the widest text columns until the table fits or nothing can give way. */
static void shrink(const struct pl_term *term, const struct pl_table *table, uint32_t *widths)
{
    uint32_t total = total_width(table, widths);
    while (total > term->columns) {
        uint32_t widest = PL_TABLE_COLUMNS_MAX;
        for (uint32_t column = 0; column < table->column_count; column++) {
            if (!table->right[column] && widths[column] > FLEX_MIN &&
                (widest == PL_TABLE_COLUMNS_MAX || widths[column] >= widths[widest])) {
                widest = column;
            }
        }
        if (widest == PL_TABLE_COLUMNS_MAX) {
            return;
        }
        widths[widest]--;
        total--;
    }
}

/* Bytes of the next line of a cell: up to `width` columns, broken at a space if there is one. */
static size_t piece(const char *text, uint32_t width)
{
    size_t fit = pl_term_fit(text, width);
    if (text[fit] == '\0') {
        return fit;
    }
    size_t end = fit;
    while (end > 0 && text[end] != ' ') {
        end--;
    }
    return end > fit / 2 ? end : fit;
}

static void put_padded(const struct pl_term *term,
                       struct pl_buf *out,
                       enum pl_style style,
                       pl_slice text,
                       uint32_t pad_before,
                       uint32_t pad_after)
{
    pl_term_pad(out, pad_before);
    pl_term_put_slice(term, out, style, text);
    pl_term_pad(out, pad_after);
}

/* Draw one row of cells on as many lines as its longest cell needs. */
static void draw_cells(const struct pl_term *term,
                       struct pl_buf *out,
                       const struct pl_table *table,
                       const uint32_t *widths,
                       const char **rest,
                       enum pl_style style)
{
    bool more = true;
    while (more) {
        more = false;
        uint32_t owed = INDENT; /* spaces not written yet, so that no line ends in spaces */
        for (uint32_t column = 0; column < table->column_count; column++) {
            size_t size = piece(rest[column], widths[column]);
            pl_slice part = {rest[column], size};
            uint32_t width = 0;
            for (size_t i = 0; i < size;) {
                uint32_t point = 0;
                i += pl_term_decode(part.data + i, &point);
                width++;
            }
            uint32_t slack = widths[column] > width ? widths[column] - width : 0;
            if (width > 0) {
                uint32_t before = table->right[column] ? slack : 0;
                put_padded(term, out, style, part, owed + before, 0);
                owed = GAP + slack - before;
            } else {
                owed += widths[column] + GAP;
            }
            rest[column] += size;
            rest[column] += strspn(rest[column], " ");
            more = more || rest[column][0] != '\0';
        }
        pl_buf_puts(out, "\n");
    }
}

void pl_table_draw(const struct pl_term *term, const struct pl_table *table, struct pl_buf *out)
{
    PL_CHECK(term != NULL);
    PL_CHECK(table != NULL);
    uint32_t widths[PL_TABLE_COLUMNS_MAX];
    const char *rest[PL_TABLE_COLUMNS_MAX];
    measure(table, widths);
    shrink(term, table, widths);
    bool has_head = false;
    for (uint32_t column = 0; column < table->column_count; column++) {
        rest[column] = table->heads[column];
        has_head = has_head || table->heads[column][0] != '\0';
    }
    if (has_head) {
        draw_cells(term, out, table, widths, rest, PL_STYLE_FAINT);
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        for (uint32_t column = 0; column < table->column_count; column++) {
            rest[column] = cell_text(table, row, column);
        }
        draw_cells(term, out, table, widths, rest, table->styles[row]);
    }
}
