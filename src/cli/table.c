// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include "base/check.h"

#include <string.h>

enum {
    INDENT = 2,
    GAP = 2,
    FLEX_MIN = 6,
    LONG_TABLE = 4,  /* rows above which a table is long */
    LINES_SHORT = 4, /* lines of a cell in tables of three and four rows ... */
    LINES_LONG = 2,  /* ... and in longer ones; shorter ones show all */
    CUT_SIZE = 1024, /* bytes of a cell that was cut to a line */
    NOTE_SIZE = 512
};

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

/* How a table is laid out on a face. */
struct layout {
    uint32_t gap;
    uint32_t shown;                        /* columns that are drawn ... */
    uint32_t order[PL_TABLE_COLUMNS_MAX];  /* ... and which */
    uint32_t widths[PL_TABLE_COLUMNS_MAX]; /* by position in the table */
};

static void measure(const struct pl_table *table, struct layout *layout)
{
    layout->gap = GAP;
    layout->shown = table->column_count;
    for (uint32_t column = 0; column < table->column_count; column++) {
        uint32_t widest = pl_term_width(table->heads[column]);
        for (uint32_t row = 0; row < table->row_count; row++) {
            uint32_t width = pl_term_width(cell_text(table, row, column));
            widest = width > widest ? width : widest;
        }
        layout->order[column] = column;
        layout->widths[column] = widest;
    }
}

static uint32_t total_width(const struct layout *layout)
{
    uint32_t total = INDENT + layout->gap * (layout->shown - 1);
    for (uint32_t i = 0; i < layout->shown; i++) {
        total += layout->widths[layout->order[i]];
    }
    return total;
}

static uint32_t longest_word(const char *text)
{
    uint32_t longest = 0;
    uint32_t width = 0;
    while (*text != '\0') {
        uint32_t point = 0;
        text += pl_term_decode(text, &point);
        width = point == ' ' ? 0 : width + 1;
        longest = width > longest ? width : longest;
    }
    return longest;
}

/* Columns below which a break would split words or numbers. */
static uint32_t least_width(const struct pl_table *table, uint32_t column)
{
    uint32_t least = longest_word(table->heads[column]);
    for (uint32_t row = 0; row < table->row_count; row++) {
        const char *text = cell_text(table, row, column);
        uint32_t width = table->right[column] ? pl_term_width(text) : longest_word(text);
        least = width > least ? width : least;
    }
    return least;
}

/* Take from the widest columns until the table fits or all are at their floors. */
static void take(const struct pl_term *term, struct layout *layout, const uint32_t *floors)
{
    uint32_t total = total_width(layout);
    while (total > term->columns) {
        uint32_t widest = PL_TABLE_COLUMNS_MAX;
        for (uint32_t i = 0; i < layout->shown; i++) {
            uint32_t column = layout->order[i];
            if (layout->widths[column] > floors[column] &&
                (widest == PL_TABLE_COLUMNS_MAX ||
                 layout->widths[column] >= layout->widths[widest])) {
                widest = column;
            }
        }
        if (widest == PL_TABLE_COLUMNS_MAX) {
            return;
        }
        layout->widths[widest]--;
        total--;
    }
}

static bool is_constant(const struct pl_table *table, uint32_t column)
{
    for (uint32_t row = 1; row < table->row_count; row++) {
        if (strcmp(cell_text(table, row, column), cell_text(table, 0, column)) != 0) {
            return false;
        }
    }
    return table->row_count > 1;
}

/* Leave out one column that says the same in every row and tell it in a sentence instead. */
static bool drop_constant(const struct pl_table *table, struct layout *layout, struct pl_buf *note)
{
    for (uint32_t i = 0; i < layout->shown && layout->shown > 2; i++) {
        uint32_t column = layout->order[i];
        if (!is_constant(table, column)) {
            continue;
        }
        pl_buf_printf(note,
                      "%s%s %s",
                      note->size > 0 ? ", " : "In every row: ",
                      table->heads[column],
                      cell_text(table, 0, column));
        for (uint32_t k = i + 1; k < layout->shown; k++) {
            layout->order[k - 1] = layout->order[k];
        }
        layout->shown--;
        return true;
    }
    return false;
}

/*
 * Make the table fit: words stay whole as long as they can. Before words are split, columns that
 * say nothing go and the gaps close.
 */
static void fit(const struct pl_term *term,
                const struct pl_table *table,
                struct layout *layout,
                struct pl_buf *note)
{
    uint32_t floors[PL_TABLE_COLUMNS_MAX];
    if (total_width(layout) <= term->columns) {
        return;
    }
    for (uint32_t column = 0; column < table->column_count; column++) {
        floors[column] = least_width(table, column);
    }
    layout->gap = 1;
    if (total_width(layout) <= term->columns) {
        return;
    }
    layout->gap = GAP; /* closing the gaps alone does not help */
    /* In a long table a column that says nothing costs a line per row: it goes at once. */
    while (table->row_count > LONG_TABLE && total_width(layout) > term->columns &&
           drop_constant(table, layout, note)) {
    }
    take(term, layout, floors);
    while (total_width(layout) > term->columns && drop_constant(table, layout, note)) {
    }
    if (total_width(layout) > term->columns) {
        layout->gap = 1;
    }
    for (uint32_t column = 0; column < table->column_count; column++) {
        if (!table->right[column] && floors[column] > FLEX_MIN) {
            floors[column] = FLEX_MIN;
        }
    }
    take(term, layout, floors);
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
    return end > 0 ? end : fit;
}

/* What is left of a cell while its row is drawn. */
struct rest {
    const char *text[PL_TABLE_COLUMNS_MAX];
};

static uint32_t slice_width(pl_slice text)
{
    uint32_t width = 0;
    for (size_t i = 0; i < text.size; width++) {
        uint32_t point = 0;
        i += pl_term_decode(text.data + i, &point);
    }
    return width;
}

/* Draw one line of a row; true when something is left for the next one. */
static bool draw_line(const struct pl_term *term,
                      struct pl_buf *out,
                      const struct pl_table *table,
                      const struct layout *layout,
                      struct rest *rest,
                      enum pl_style style)
{
    bool more = false;
    uint32_t owed = INDENT; /* spaces not written yet, so that no line ends in spaces */
    for (uint32_t i = 0; i < layout->shown; i++) {
        uint32_t column = layout->order[i];
        const char *text = rest->text[column];
        size_t size = piece(text, layout->widths[column]);
        pl_slice part = {text, size};
        uint32_t width = slice_width(part);
        uint32_t slack = layout->widths[column] > width ? layout->widths[column] - width : 0;
        uint32_t before = table->right[column] ? slack : 0;
        if (width > 0) {
            pl_term_pad(out, owed + before);
            pl_term_put_slice(term, out, style, part);
            owed = layout->gap + slack - before;
        } else {
            owed += layout->widths[column] + layout->gap;
        }
        text += size;
        rest->text[column] = text + strspn(text, " ");
        more = more || rest->text[column][0] != '\0';
    }
    pl_buf_puts(out, "\n");
    return more;
}

/* Cut what does not fit on the last line that a cell may have. */
static void draw_last_line(const struct pl_term *term,
                           struct pl_buf *out,
                           const struct pl_table *table,
                           const struct layout *layout,
                           struct rest *rest,
                           enum pl_style style)
{
    static const char *const dots[] = {"...", "\xe2\x80\xa6"};
    char cut[PL_TABLE_COLUMNS_MAX][CUT_SIZE];
    for (uint32_t i = 0; i < layout->shown; i++) {
        uint32_t column = layout->order[i];
        const char *text = rest->text[column];
        uint32_t width = layout->widths[column];
        if (pl_term_width(text) <= width || width < 4) {
            continue;
        }
        size_t size = pl_term_fit(text, width - (term->utf8 ? 1 : 3));
        struct pl_buf buf;
        pl_buf_init(&buf, cut[column], CUT_SIZE);
        pl_buf_put(&buf, text, size);
        pl_buf_puts(&buf, dots[term->utf8 ? 1 : 0]);
        rest->text[column] = cut[column];
    }
    (void)draw_line(term, out, table, layout, rest, style);
}

static void draw_row(const struct pl_term *term,
                     struct pl_buf *out,
                     const struct pl_table *table,
                     const struct layout *layout,
                     struct rest *rest,
                     enum pl_style style)
{
    uint32_t lines = 1;
    uint32_t lines_max = table->row_count <= 2            ? UINT32_MAX
                         : table->row_count <= LONG_TABLE ? LINES_SHORT
                                                          : LINES_LONG;
    while (draw_line(term, out, table, layout, rest, style)) {
        lines++;
        if (lines == lines_max) {
            draw_last_line(term, out, table, layout, rest, style);
            return;
        }
    }
}

void pl_table_draw(const struct pl_term *term, const struct pl_table *table, struct pl_buf *out)
{
    PL_CHECK(term != NULL);
    PL_CHECK(table != NULL);
    struct layout layout;
    struct rest rest;
    char note_memory[NOTE_SIZE];
    struct pl_buf note;
    pl_buf_init(&note, note_memory, sizeof note_memory);
    measure(table, &layout);
    fit(term, table, &layout, &note);
    bool has_head = false;
    for (uint32_t column = 0; column < table->column_count; column++) {
        rest.text[column] = table->heads[column];
        has_head = has_head || table->heads[column][0] != '\0';
    }
    while (has_head && draw_line(term, out, table, &layout, &rest, PL_STYLE_FAINT)) {
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        for (uint32_t column = 0; column < table->column_count; column++) {
            rest.text[column] = cell_text(table, row, column);
        }
        draw_row(term, out, table, &layout, &rest, table->styles[row]);
    }
    if (note.size > 0 && !note.overflow) {
        pl_buf_puts(&note, ".");
        pl_term_wrap(term, out, PL_STYLE_FAINT, INDENT, note_memory);
    }
}
