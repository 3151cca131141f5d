// SPDX-License-Identifier: Apache-2.0
#include "cli/view.h"

#include "base/check.h"
#include "cli/plot.h"
#include "cli/view_logs.h"
#include "cli/waterfall.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POINTS_MAX = 4096, PARTS_MAX = 12 };

const char *pl_view_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

double pl_view_number(const json_t *object, const char *key, double otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

static void put_title(const struct pl_view *view, const json_t *observation, struct pl_buf *out)
{
    const char *title = pl_view_string(observation, "title");
    if (title[0] != '\0') {
        pl_term_wrap(&view->term, out, PL_STYLE_STRONG, 2, title);
    }
}

static void put_notes(const struct pl_view *view, const json_t *observation, struct pl_buf *out)
{
    const json_t *notes = json_object_get(observation, "notes");
    for (size_t i = 0; i < json_array_size(notes); i++) {
        const char *note = json_string_value(json_array_get(notes, i));
        if (note != NULL) {
            pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, note);
        }
    }
}

/* Copy the points of a series; null and whatever is no number become gaps. */
static uint32_t read_points(const json_t *series, double *points)
{
    const json_t *array = json_object_get(series, "points");
    size_t size = json_array_size(array);
    uint32_t count = size < POINTS_MAX ? (uint32_t)size : POINTS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const json_t *point = json_array_get(array, i);
        points[i] = json_is_number(point) ? json_number_value(point) : (double)NAN;
    }
    return count;
}

static double last_point(const json_t *series)
{
    const json_t *array = json_object_get(series, "points");
    for (size_t i = json_array_size(array); i > 0; i--) {
        const json_t *point = json_array_get(array, i - 1);
        if (json_is_number(point)) {
            return json_number_value(point);
        }
    }
    return -HUGE_VAL;
}

/* Positions of the series to draw: those with the highest last values when there are too many. */
static uint32_t choose_series(const json_t *all, size_t *chosen)
{
    uint32_t count = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        double value = last_point(json_array_get(all, i));
        uint32_t at = count < PL_TERM_SERIES ? count++ : PL_TERM_SERIES;
        while (at > 0 && last_point(json_array_get(all, chosen[at - 1])) < value) {
            if (at < PL_TERM_SERIES) {
                chosen[at] = chosen[at - 1];
            }
            at--;
        }
        if (at < PL_TERM_SERIES) {
            chosen[at] = i;
        }
    }
    return count;
}

/* Series that found no place in the plot are listed with their last values. */
static void
put_other_series(struct pl_view *view, const json_t *all, const size_t *chosen, struct pl_buf *out)
{
    size_t size = json_array_size(all);
    if (size <= PL_TERM_SERIES) {
        return;
    }
    char line[160];
    snprintf(line, sizeof line, "%zu more series are lower than these.", size - PL_TERM_SERIES);
    (void)chosen;
    pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, line);
}

static void draw_panel(struct pl_view *view, const json_t *panel, struct pl_buf *out)
{
    const json_t *all = json_object_get(panel, "series");
    struct pl_plot plot = {.unit = pl_view_string(panel, "unit"),
                           .start_s = view->origin_s + pl_view_number(panel, "start_s", 0.0),
                           .step_s = pl_view_number(panel, "step_s", 15.0),
                           .objective = pl_view_number(panel, "objective", 0.0),
                           .rows = view->plot_rows};
    size_t chosen[PL_TERM_SERIES];
    plot.series_count = choose_series(all, chosen);
    if (plot.series_count == 0 || !(plot.step_s > 0.0)) {
        pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, "No data in this window.");
        return;
    }
    for (uint32_t s = 0; s < plot.series_count; s++) {
        const json_t *series = json_array_get(all, chosen[s]);
        plot.series[s].name = pl_view_string(series, "name");
        plot.series[s].points = view->points[s];
        plot.series[s].point_count = read_points(series, view->points[s]);
    }
    pl_plot_draw(&view->term, &plot, out);
    put_other_series(view, all, chosen, out);
}

/* Text of a table's cell in the unit of its column. */
static void cell_text(char *text, size_t size, const json_t *cell, const char *unit)
{
    if (json_is_string(cell)) {
        snprintf(text, size, "%s", json_string_value(cell));
    } else if (json_is_integer(cell) && (unit[0] == '\0' || unit[0] == '{')) {
        snprintf(text, size, "%" JSON_INTEGER_FORMAT, json_integer_value(cell));
    } else if (json_is_number(cell)) {
        pl_plot_format(text, size, json_number_value(cell), unit);
    } else if (json_is_boolean(cell)) {
        snprintf(text, size, "%s", json_is_true(cell) ? "yes" : "no");
    } else {
        snprintf(text, size, "-");
    }
}

static bool column_is_numeric(const json_t *rows, size_t column)
{
    bool number = false;
    for (size_t row = 0; row < json_array_size(rows); row++) {
        const json_t *cell = json_array_get(json_array_get(rows, row), column);
        if (json_is_string(cell) || json_is_boolean(cell)) {
            return false;
        }
        number = number || json_is_number(cell);
    }
    return number;
}

static void draw_table(struct pl_view *view, const json_t *observation, struct pl_buf *out)
{
    const json_t *columns = json_object_get(observation, "columns");
    const json_t *rows = json_object_get(observation, "rows");
    size_t column_count = json_array_size(columns);
    if (column_count == 0 || column_count > PL_TABLE_COLUMNS_MAX) {
        return;
    }
    struct pl_table *table = &view->table;
    pl_table_begin(table, (uint32_t)column_count);
    for (uint32_t column = 0; column < column_count; column++) {
        table->heads[column] = pl_view_string(json_array_get(columns, column), "name");
        table->right[column] = column_is_numeric(rows, column);
    }
    for (size_t row = 0; row < json_array_size(rows); row++) {
        if (!pl_table_row(table, PL_STYLE_PLAIN)) {
            break;
        }
        const json_t *cells = json_array_get(rows, row);
        for (uint32_t column = 0; column < column_count; column++) {
            const char *unit = pl_view_string(json_array_get(columns, column), "unit");
            char text[2048];
            cell_text(text, sizeof text, json_array_get(cells, column), unit);
            pl_table_set(table, column, text);
        }
    }
    if (json_array_size(rows) == 0) {
        pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, "Nothing to show.");
        return;
    }
    pl_table_draw(&view->term, table, out);
}

static void draw_text(struct pl_view *view, const json_t *observation, struct pl_buf *out)
{
    const char *title = pl_view_string(observation, "title");
    const char *text = pl_view_string(observation, "text");
    /* A page often begins with its title, which stands above already. */
    if (strncmp(text, "# ", 2) == 0 && strncmp(text + 2, title, strlen(title)) == 0) {
        text += 2 + strlen(title);
        text += strspn(text, "\n");
    }
    if (text[0] != '\0') {
        pl_term_flow(&view->term, out, PL_STYLE_PLAIN, 2, text);
    }
}

static void draw_one(struct pl_view *view, const json_t *observation, struct pl_buf *out)
{
    put_title(view, observation, out);
    if (json_object_get(observation, "series") != NULL) {
        draw_panel(view, observation, out);
    } else if (json_object_get(observation, "rows") != NULL) {
        draw_table(view, observation, out);
    } else if (json_object_get(observation, "lines") != NULL) {
        pl_view_logs(view, observation, out);
    } else if (json_object_get(observation, "spans") != NULL) {
        pl_waterfall_draw(view, observation, out);
    } else {
        draw_text(view, observation, out);
    }
    put_notes(view, observation, out);
}

void pl_view_observation(struct pl_view *view, const json_t *observation, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    PL_CHECK(out != NULL);
    const json_t *parts = json_object_get(observation, "parts");
    if (!json_is_array(parts)) {
        draw_one(view, observation, out);
        return;
    }
    put_title(view, observation, out);
    for (size_t i = 0; i < json_array_size(parts) && i < PARTS_MAX; i++) {
        draw_one(view, json_array_get(parts, i), out);
    }
    put_notes(view, observation, out);
}
