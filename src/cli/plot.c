// SPDX-License-Identifier: Apache-2.0
//
// A plot is drawn into a grid of cells. Each cell keeps eight dots (braille), the series that drew
// last, and whether a mark stands there. Columns of the grid are moments, so a sample is looked up
// per half column and neighbours are joined by a vertical run of dots: steps stay steps.
//
//    y label |  cells ...........................  legend
//             11:12        11:22        11:32
#include "cli/plot.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LABEL_COLUMNS = 8, /* room for a value at the left, its space and the axis follow */
    DOTS_X = 2,
    DOTS_Y = 4,
    GRID_COLUMNS_MAX = PL_TERM_COLUMNS_MAX,
    MARK_EVERY = 14, /* columns between two marks of a series */
    NO_SERIES = 255
};

struct cell {
    uint8_t dots;
    uint8_t series; /* drew last */
    uint8_t mark;   /* 1: the series' mark stands here */
    uint8_t dashed; /* 1: the objective passes here */
};

struct grid {
    uint32_t columns;
    uint32_t rows;
    double top; /* value at the upper edge, above 0 */
    struct cell cells[PL_PLOT_ROWS_MAX][GRID_COLUMNS_MAX];
};

const char *pl_plot_mark(const struct pl_term *term, uint32_t series)
{
    static const char *const utf8[PL_TERM_SERIES] = {"\xe2\x97\x8f",
                                                     "\xe2\x96\xb2",
                                                     "\xe2\x96\xa0",
                                                     "\xe2\x97\x86",
                                                     "\xe2\x97\x8b",
                                                     "\xe2\x96\xb3"};
    static const char *const ascii[PL_TERM_SERIES] = {"*", "+", "o", "x", "#", "@"};
    PL_CHECK(series < PL_TERM_SERIES);
    return term->utf8 ? utf8[series] : ascii[series];
}

void pl_plot_clock(char *text, size_t size, double seconds)
{
    double day = fmod(seconds + 0.5, 86400.0);
    uint32_t minutes = (uint32_t)((day < 0.0 ? day + 86400.0 : day) / 60.0);
    snprintf(text, size, "%02u:%02u", (minutes / 60) % 24, minutes % 60);
}

/* Three significant digits without trailing zeros: 4.81, 12.3, 620, 0.0031, 17.6k. */
static void number_text(char *text, size_t size, double value)
{
    static const struct {
        double from;
        double unit;
        const char *suffix;
    } large[] = {{999.5e9, 0.0, ""}, {999.5e3, 1e6, "M"}, {9995.0, 1e3, "k"}};
    double magnitude = fabs(value);
    const char *suffix = "";
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        if (magnitude >= large[i].from) {
            if (!(large[i].unit > 0.0)) {
                snprintf(text, size, "%.3g", value);
                return;
            }
            value /= large[i].unit;
            magnitude /= large[i].unit;
            suffix = large[i].suffix;
            break;
        }
    }
    int decimals = magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : magnitude >= 0.0995 ? 2 : 4;
    snprintf(text, size, "%.*f", decimals, value);
    char *dot = strchr(text, '.');
    if (dot != NULL) {
        char *end = text + strlen(text);
        while (end > dot && (end[-1] == '0' || end[-1] == '.')) {
            end--;
            if (*end == '.') {
                *end = '\0';
                break;
            }
            *end = '\0';
        }
    }
    if (strcmp(text, "-0") == 0) {
        snprintf(text, size, "0");
    }
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", suffix);
}

/* Scale a value to a readable unit; returns the unit's text. */
static const char *scale_unit(double *value, double reference, const char *unit)
{
    double size = fabs(reference);
    if (strcmp(unit, "s") == 0) {
        if (size >= 1.0 || !(size > 0.0)) {
            return " s";
        }
        *value *= size >= 1e-3 ? 1e3 : 1e6;
        return size >= 1e-3 ? " ms" : " us";
    }
    if (strcmp(unit, "By") == 0) {
        static const char *const names[] = {" B", " KiB", " MiB", " GiB", " TiB"};
        uint32_t power = 0;
        while (size >= 1024.0 && power < 4) {
            size /= 1024.0;
            *value /= 1024.0;
            power++;
        }
        return names[power];
    }
    if (strcmp(unit, "ratio") == 0 || strcmp(unit, "%") == 0) {
        *value *= strcmp(unit, "%") == 0 ? 1.0 : 100.0;
        return " %";
    }
    if (strcmp(unit, "1") == 0 || unit[0] == '\0') {
        return "";
    }
    return strstr(unit, "/s") != NULL ? " /s" : strstr(unit, "/min") != NULL ? " /min" : "";
}

static void format_like(char *text, size_t size, double value, double reference, const char *unit)
{
    if (isnan(value)) {
        snprintf(text, size, "-");
        return;
    }
    char number[32];
    const char *suffix = scale_unit(&value, reference, unit);
    number_text(number, sizeof number, value);
    snprintf(text, size, "%s%s", number, suffix);
}

void pl_plot_format(char *text, size_t size, double value, const char *unit)
{
    PL_CHECK(size >= 24);
    PL_CHECK(unit != NULL);
    format_like(text, size, value, value, unit);
}

/* Smallest 1, 2, 2.5 or 5 times a power of ten that is not below the value. */
static double nice_top(double value, const char *unit)
{
    if (!(value > 0.0)) {
        return 1.0;
    }
    double base = strcmp(unit, "By") == 0 ? 1024.0 : 10.0;
    double power = 1.0;
    while (power * base <= value) {
        power *= base;
    }
    while (power > value) {
        power /= base;
    }
    static const double steps[] = {1.0,
                                   1.5,
                                   2.0,
                                   2.5,
                                   3.0,
                                   4.0,
                                   5.0,
                                   6.0,
                                   8.0,
                                   10.0,
                                   16.0,
                                   32.0,
                                   64.0,
                                   128.0,
                                   256.0,
                                   512.0,
                                   1024.0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i] * power >= value * (1.0 - 1e-9)) {
            return steps[i] * power;
        }
    }
    return power * base;
}

static double highest(const struct pl_plot *plot)
{
    double top = 0.0;
    for (uint32_t s = 0; s < plot->series_count; s++) {
        for (uint32_t i = 0; i < plot->series[s].point_count; i++) {
            double value = plot->series[s].points[i];
            top = value > top ? value : top; /* false for NaN */
        }
    }
    /* An objective far above the data would flatten it. */
    return plot->objective > top && plot->objective < 3.0 * top ? plot->objective : top;
}

static uint32_t longest_series(const struct pl_plot *plot)
{
    uint32_t count = 0;
    for (uint32_t s = 0; s < plot->series_count; s++) {
        uint32_t points = plot->series[s].point_count;
        count = points > count ? points : count;
    }
    return count;
}

/* Dot row of a value, 0 at the bottom. */
static int32_t dot_of(const struct grid *grid, double value)
{
    double last = (double)(grid->rows * DOTS_Y - 1);
    double dot = value / grid->top * last + 0.5;
    return dot <= 0.0 ? 0 : dot >= last ? (int32_t)last : (int32_t)dot;
}

static void set_dot(struct grid *grid, uint32_t x, int32_t y, uint8_t series)
{
    static const uint8_t bits[DOTS_Y][DOTS_X] = {
        {0x40, 0x80}, {0x04, 0x20}, {0x02, 0x10}, {0x01, 0x08}}; /* from the bottom up */
    uint32_t row = grid->rows - 1 - (uint32_t)y / DOTS_Y;
    struct cell *cell = &grid->cells[row][x / DOTS_X];
    cell->dots |= bits[(uint32_t)y % DOTS_Y][x % DOTS_X];
    cell->series = series;
}

/* Mean of the samples that fall on dot column x, NaN when there are none. */
static double
sample_at(const struct pl_plot_series *series, uint32_t x, uint32_t width, uint32_t count)
{
    uint32_t from = (uint32_t)((uint64_t)x * count / width);
    uint32_t until = (uint32_t)((uint64_t)(x + 1) * count / width);
    until = until > from ? until : from + 1;
    double sum = 0.0;
    uint32_t used = 0;
    for (uint32_t i = from; i < until && i < series->point_count; i++) {
        if (!isnan(series->points[i])) {
            sum += series->points[i];
            used++;
        }
    }
    return used > 0 ? sum / used : (double)NAN;
}

static void draw_series(struct grid *grid, const struct pl_plot *plot, uint32_t s, uint32_t count)
{
    uint32_t width = grid->columns * DOTS_X;
    int32_t before = -1;
    for (uint32_t x = 0; x < width; x++) {
        double value = sample_at(&plot->series[s], x, width, count);
        if (isnan(value)) {
            before = -1;
            continue;
        }
        int32_t y = dot_of(grid, value);
        int32_t from = before < 0 ? y : before;
        int32_t low = from < y ? from : y;
        int32_t high = from < y ? y : from;
        for (int32_t dot = low; dot <= high; dot++) {
            set_dot(grid, x, dot, (uint8_t)s);
        }
        before = y;
        uint32_t column = x / DOTS_X;
        if (x % DOTS_X == 0 && column % MARK_EVERY == (MARK_EVERY / 2 + s * 3) % MARK_EVERY) {
            struct cell *cell = &grid->cells[grid->rows - 1 - (uint32_t)y / DOTS_Y][column];
            cell->mark = 1;
            cell->series = (uint8_t)s;
        }
    }
}

/* False when the objective is not in the picture. */
static bool draw_objective(struct grid *grid, double objective)
{
    if (!(objective > 0.0) || objective > grid->top) {
        return false;
    }
    uint32_t row = grid->rows - 1 - (uint32_t)dot_of(grid, objective) / DOTS_Y;
    for (uint32_t column = 0; column < grid->columns; column++) {
        grid->cells[row][column].dashed = 1;
    }
    return true;
}

static void put_cell(const struct pl_term *term, struct pl_buf *out, const struct cell *cell)
{
    if (cell->dots == 0) {
        if (cell->dashed) {
            pl_term_put(term, out, PL_STYLE_FAINT, term->utf8 ? "\xe2\x94\x84" : "-");
        } else {
            pl_buf_puts(out, " ");
        }
        return;
    }
    enum pl_style style = (enum pl_style)(PL_STYLE_SERIES + cell->series);
    if (cell->mark || !term->utf8) {
        pl_term_put(term, out, style, pl_plot_mark(term, cell->series));
        return;
    }
    uint32_t point = 0x2800u + cell->dots;
    char braille[4] = {(char)(0xe0u | (point >> 12)),
                       (char)(0x80u | ((point >> 6) & 0x3fu)),
                       (char)(0x80u | (point & 0x3fu)),
                       '\0'};
    pl_term_put(term, out, style, braille);
}

static double last_value(const struct pl_plot_series *series)
{
    for (uint32_t i = series->point_count; i > 0; i--) {
        if (!isnan(series->points[i - 1])) {
            return series->points[i - 1];
        }
    }
    return (double)NAN;
}

/* Columns of the widest `mark name value` entry. */
static uint32_t legend_width(const struct pl_plot *plot)
{
    char objective[32];
    pl_plot_format(objective, sizeof objective, plot->objective, plot->unit);
    uint32_t widest = plot->objective > 0.0 ? 12 + pl_term_width(objective) : 0;
    for (uint32_t s = 0; s < plot->series_count; s++) {
        char value[32];
        pl_plot_format(value, sizeof value, last_value(&plot->series[s]), plot->unit);
        uint32_t width = 2 + pl_term_width(plot->series[s].name) + 2 + pl_term_width(value);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Order of the legend: highest last value first, as the lines end. */
static void legend_order(const struct pl_plot *plot, uint32_t *order)
{
    for (uint32_t s = 0; s < plot->series_count; s++) {
        uint32_t at = s;
        double value = last_value(&plot->series[s]);
        while (at > 0) {
            double other = last_value(&plot->series[order[at - 1]]);
            if (!(value > other) && !(isnan(other) && !isnan(value))) {
                break;
            }
            order[at] = order[at - 1];
            at--;
        }
        order[at] = s;
    }
}

static void put_legend_entry(const struct pl_term *term,
                             struct pl_buf *out,
                             const struct pl_plot *plot,
                             uint32_t s)
{
    const struct pl_plot_series *series = &plot->series[s];
    enum pl_style style = (enum pl_style)(PL_STYLE_SERIES + s);
    double value = last_value(series);
    char text[32];
    pl_plot_format(text, sizeof text, value, plot->unit);
    pl_term_put(term, out, style, pl_plot_mark(term, s));
    pl_buf_puts(out, " ");
    pl_term_put(term, out, PL_STYLE_PLAIN, series->name);
    pl_buf_puts(out, "  ");
    bool breaks = plot->objective > 0.0 && value > plot->objective;
    pl_term_put(term, out, breaks ? PL_STYLE_BAD : PL_STYLE_STRONG, text);
}

static void
put_objective(const struct pl_term *term, struct pl_buf *out, const struct pl_plot *plot)
{
    char text[32];
    char line[64];
    pl_plot_format(text, sizeof text, plot->objective, plot->unit);
    snprintf(line, sizeof line, "%s objective %s", term->utf8 ? "\xe2\x94\x84" : "-", text);
    pl_term_put(term, out, PL_STYLE_FAINT, line);
}

static void put_y_label(const struct pl_term *term,
                        struct pl_buf *out,
                        const struct pl_plot *plot,
                        const struct grid *grid,
                        uint32_t row)
{
    char text[32] = "";
    if (row == 0) {
        format_like(text, sizeof text, grid->top, grid->top, plot->unit);
    } else if (row == grid->rows / 2 && grid->rows >= 4) {
        double middle = grid->top * (double)(grid->rows - row) / (double)grid->rows;
        format_like(text, sizeof text, middle, grid->top, plot->unit);
    } else if (row == grid->rows - 1) {
        snprintf(text, sizeof text, "0");
    }
    uint32_t width = pl_term_width(text);
    pl_term_pad(out, width < LABEL_COLUMNS ? LABEL_COLUMNS - width : 0);
    pl_term_put(term, out, PL_STYLE_FAINT, text);
    pl_buf_puts(out, " ");
    pl_term_put(
        term, out, PL_STYLE_FAINT, term->utf8 ? (text[0] ? "\xe2\x94\xa4" : "\xe2\x94\x82") : "|");
}

/* Minutes between two labels so that each has at least ten columns. */
static double label_step_s(double span_s, uint32_t columns)
{
    static const double steps[] = {60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400};
    double wanted = span_s * 10.0 / (double)columns;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i] >= wanted) {
            return steps[i];
        }
    }
    return 86400.0;
}

static void put_x_axis(const struct pl_term *term,
                       struct pl_buf *out,
                       const struct pl_plot *plot,
                       const struct grid *grid,
                       uint32_t count,
                       uint32_t overhang)
{
    char line[GRID_COLUMNS_MAX + 16];
    memset(line, ' ', sizeof line);
    double span = plot->step_s * (double)count;
    double step = label_step_s(span, grid->columns);
    uint32_t used = 0;
    double first = ceil(plot->start_s / step) * step;
    for (uint32_t i = 0; i <= grid->columns; i++) {
        double t = first + step * (double)i;
        if (t > plot->start_s + span) {
            break;
        }
        uint32_t column = (uint32_t)((t - plot->start_s) / span * (double)grid->columns);
        if (column + 5 > grid->columns + overhang || column < used) {
            continue;
        }
        char label[8];
        pl_plot_clock(label, sizeof label, t);
        memcpy(line + column, label, 5);
        used = column + 7;
    }
    uint32_t end = grid->columns + 8;
    while (end > 0 && line[end - 1] == ' ') {
        end--;
    }
    pl_term_pad(out, LABEL_COLUMNS + 2);
    pl_slice labels = {line, end};
    pl_term_put_slice(term, out, PL_STYLE_FAINT, labels);
    pl_buf_puts(out, "\n");
}

/* Legend below the plot, as many entries per line as fit. */
static void put_legend_below(const struct pl_term *term,
                             struct pl_buf *out,
                             const struct pl_plot *plot,
                             const uint32_t *order)
{
    uint32_t width = legend_width(plot) + 3;
    uint32_t per_line = (term->columns - 2) / width;
    per_line = per_line > 0 ? per_line : 1;
    for (uint32_t i = 0; i < plot->series_count; i++) {
        if (i % per_line == 0) {
            pl_buf_puts(out, "  ");
        }
        const struct pl_plot_series *series = &plot->series[order[i]];
        char value[32];
        pl_plot_format(value, sizeof value, last_value(series), plot->unit);
        put_legend_entry(term, out, plot, order[i]);
        bool last = i + 1 == plot->series_count || (i + 1) % per_line == 0;
        if (last) {
            pl_buf_puts(out, "\n");
        } else {
            pl_term_pad(out, width - 4 - pl_term_width(series->name) - pl_term_width(value));
        }
    }
}

void pl_plot_draw(const struct pl_term *term, const struct pl_plot *plot, struct pl_buf *out)
{
    PL_CHECK(term != NULL);
    PL_CHECK(plot->series_count >= 1 && plot->series_count <= PL_TERM_SERIES);
    PL_CHECK(plot->rows >= 2 && plot->rows <= PL_PLOT_ROWS_MAX);
    PL_CHECK(plot->step_s > 0.0);
    uint32_t count = longest_series(plot);
    uint32_t order[PL_TERM_SERIES];
    legend_order(plot, order);
    uint32_t legend = legend_width(plot);
    bool beside = legend + 4 <= term->columns / 3;
    struct grid grid = {.rows = plot->rows, .top = nice_top(highest(plot), plot->unit)};
    uint32_t taken = LABEL_COLUMNS + 3 + (beside ? legend + 3 : 0);
    grid.columns = term->columns > taken + 10 ? term->columns - taken : 10;
    bool dashed = draw_objective(&grid, plot->objective);
    for (uint32_t s = plot->series_count; s > 0; s--) {
        draw_series(&grid, plot, s - 1, count > 0 ? count : 1);
    }
    for (uint32_t row = 0; row < grid.rows; row++) {
        put_y_label(term, out, plot, &grid, row);
        uint32_t end = grid.columns;
        bool entry = beside && row < plot->series_count + (dashed ? 1 : 0);
        while (!entry && end > 0 && grid.cells[row][end - 1].dots == 0 &&
               !grid.cells[row][end - 1].dashed) {
            end--;
        }
        for (uint32_t column = 0; column < end; column++) {
            put_cell(term, out, &grid.cells[row][column]);
        }
        if (entry && row < plot->series_count) {
            pl_buf_puts(out, "  ");
            put_legend_entry(term, out, plot, order[row]);
        } else if (entry) {
            pl_buf_puts(out, "  ");
            put_objective(term, out, plot);
        }
        pl_buf_puts(out, "\n");
    }
    /* Beside the legend there is room for a label that begins at the right edge. */
    put_x_axis(term, out, plot, &grid, count > 0 ? count : 1, beside ? 5 : 0);
    if (!beside) {
        put_legend_below(term, out, plot, order);
    }
    if (!beside && dashed) {
        pl_buf_puts(out, "  ");
        put_objective(term, out, plot);
        pl_buf_puts(out, "\n");
    }
}
