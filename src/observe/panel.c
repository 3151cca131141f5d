// SPDX-License-Identifier: Apache-2.0
#include "observe/panel.h"

#include "base/check.h"
#include "observe/display.h"
#include "observe/panel_table.h"
#include "observe/promql_parse.h"
#include "text/suggest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_WINDOW_NS (INT64_C(1800) * 1000000000)

enum { TARGET_KINDS = 6, NAME_TEXT_MAX = 200, TITLE_MAX = 160 };

/* A matrix being written. */
struct matrix {
    struct pl_observe *observe;
    struct pl_json_out json;
    struct pl_promql_grid grid;
    const char *by;   /* how series are named: "" by all labels */
    double objective; /* of the number that is shown, 0: none */
    uint32_t shown;
    uint32_t left_out;
};

struct pl_promql_grid pl_panel_grid(const struct pl_observe *observe, int64_t window_ns)
{
    uint32_t count = pl_tracks_count(observe->tracks);
    if (count == 0) {
        return (struct pl_promql_grid){0, 1, 0};
    }
    int64_t wanted_ns = window_ns > 0 ? window_ns : DEFAULT_WINDOW_NS;
    int64_t wanted = wanted_ns / observe->scrape.interval_ns;
    uint32_t span = wanted < count - 1 ? (uint32_t)wanted : count - 1;
    uint32_t stride = (span + PL_PANEL_STEPS_MAX - 2) / (PL_PANEL_STEPS_MAX - 1);
    stride = stride < 1 ? 1 : stride;
    uint32_t steps = span / stride + 1;
    return (struct pl_promql_grid){count - 1 - (steps - 1) * stride, stride, steps};
}

/* ---- Series ---- */

static const char *
word_of(const struct matrix *matrix, const struct pl_labels *labels, uint32_t key)
{
    return pl_intern_word(&matrix->observe->intern, labels->value[key]);
}

/* Name of a series for a legend: short where the panel knows what it is split by. */
static void put_name(const struct matrix *matrix,
                     const char *name,
                     const struct pl_labels *labels,
                     struct pl_buf *out)
{
    if (name[0] != '\0') {
        pl_buf_puts(out, name);
        return;
    }
    if (matrix->by == NULL) {
        pl_labels_put(&matrix->observe->intern, labels, out);
        return;
    }
    if (labels->value[PL_KEY_ROUTE] != 0) {
        const char *method = word_of(matrix, labels, PL_KEY_METHOD);
        pl_buf_printf(out,
                      "%s%s%s",
                      method,
                      method[0] != '\0' ? " " : "",
                      word_of(matrix, labels, PL_KEY_ROUTE));
        return;
    }
    static const uint32_t keys[] = {PL_KEY_POD,
                                    PL_KEY_CODE,
                                    PL_KEY_SERVER_ADDRESS,
                                    PL_KEY_ERROR_TYPE,
                                    PL_KEY_QUERY_SUMMARY,
                                    PL_KEY_STATE,
                                    PL_KEY_QUERY,
                                    PL_KEY_PARTITION,
                                    PL_KEY_OUTCOME,
                                    PL_KEY_INSTANCE};
    const char *separator = "";
    for (uint32_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        bool is_host = keys[i] == PL_KEY_INSTANCE && separator[0] != '\0';
        if (labels->value[keys[i]] != 0 && !is_host) {
            pl_buf_printf(out, "%s%s", separator, word_of(matrix, labels, keys[i]));
            separator = " ";
        }
    }
    if (separator[0] == '\0') {
        pl_labels_put(&matrix->observe->intern, labels, out);
    }
}

static void put_labels(struct matrix *matrix, const struct pl_labels *labels)
{
    pl_json_out_key(&matrix->json, "labels");
    pl_json_out_object_begin(&matrix->json);
    for (uint32_t key = PL_KEY_NAME + 1; key < PL_KEY_COUNT; key++) {
        if (labels->value[key] != 0) {
            pl_json_out_member_string(
                &matrix->json, pl_label_name(key), word_of(matrix, labels, key));
        }
    }
    pl_json_out_object_end(&matrix->json);
}

static void put_series(struct matrix *matrix,
                       const struct pl_promql_result *result,
                       const char *name,
                       uint32_t row)
{
    char text[NAME_TEXT_MAX];
    struct pl_buf title;
    pl_buf_init(&title, text, sizeof(text));
    put_name(matrix, name, &result->labels[row], &title);
    pl_json_out_object_begin(&matrix->json);
    pl_json_out_member_string(&matrix->json, "name", text);
    put_labels(matrix, &result->labels[row]);
    pl_json_out_key(&matrix->json, "points");
    pl_json_out_array_begin(&matrix->json);
    for (uint32_t step = 0; step < result->steps; step++) {
        pl_display_number(&matrix->json, result->points[(size_t)row * result->steps + step]);
    }
    pl_json_out_array_end(&matrix->json);
    pl_json_out_object_end(&matrix->json);
    matrix->shown += 1;
}

/* Newest value of a row; minus infinity when it has none. */
static double newest_of(const struct pl_promql_result *result, uint32_t row)
{
    for (uint32_t step = result->steps; step > 0; step--) {
        double value = result->points[(size_t)row * result->steps + step - 1];
        if (!isnan(value)) {
            return value;
        }
    }
    return -(double)INFINITY;
}

/* Write all rows of a result, highest newest value first. */
static void put_rows(struct matrix *matrix, const struct pl_promql_result *result, const char *name)
{
    uint32_t order[PL_PANEL_SERIES_MAX];
    uint32_t count = 0;
    for (uint32_t row = 0; row < result->row_count; row++) {
        double value = newest_of(result, row);
        uint32_t at = count;
        while (at > 0 && newest_of(result, order[at - 1]) < value) {
            if (at < PL_PANEL_SERIES_MAX) {
                order[at] = order[at - 1];
            }
            at--;
        }
        if (at < PL_PANEL_SERIES_MAX) {
            order[at] = row;
        }
        count = count < PL_PANEL_SERIES_MAX ? count + 1 : count;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (matrix->shown < PL_PANEL_SERIES_MAX) {
            put_series(matrix, result, name, order[i]);
        } else {
            matrix->left_out += 1;
        }
    }
    matrix->left_out += result->row_count - count;
}

static pl_status add_expr(struct matrix *matrix, const char *name, const char *expr, pl_error *err)
{
    struct pl_observe *observe = matrix->observe;
    struct pl_promql_result result = {0};
    pl_status status = pl_promql_parse(observe->program, expr, err);
    if (status == PL_OK && matrix->grid.count > 0) {
        status = pl_promql_eval(
            &observe->series, observe->program, &matrix->grid, &observe->work, &result, err);
    }
    if (status == PL_OK && matrix->grid.count > 0) {
        put_rows(matrix, &result, name);
    }
    return status;
}

static void matrix_begin(struct matrix *matrix, const char *title, const char *unit)
{
    const struct pl_observe *observe = matrix->observe;
    struct pl_json_out *json = &matrix->json;
    char clock[PL_CLOCK_TEXT_MAX];
    double interval_s = (double)observe->scrape.interval_ns / 1e9;
    int64_t start_ns =
        matrix->grid.count > 0 ? pl_tracks_time(observe->tracks, matrix->grid.first) : 0;
    pl_display_clock(observe->world, start_ns, clock);
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "type", "panel");
    pl_json_out_member_string(json, "title", title);
    pl_json_out_member_string(json, "unit", unit);
    pl_json_out_member_number(json, "start_s", (double)start_ns / 1e9);
    pl_json_out_member_string(json, "start_clock", clock);
    pl_json_out_member_number(json, "step_s", interval_s * (double)matrix->grid.stride);
    if (matrix->objective > 0.0) {
        pl_json_out_member_number(json, "objective", matrix->objective);
    }
    pl_json_out_key(json, "series");
    pl_json_out_array_begin(json);
}

/* What the world promises its users about the number that a panel shows; 0: nothing. */
static double objective_of(const struct pl_observe *observe, const struct pl_panel_def *def)
{
    const struct pl_objectives *objectives = &observe->world->objectives;
    if (strcmp(def->name, "latency") == 0) {
        return objectives->latency_p99_s;
    }
    if (strcmp(def->name, "latency-mean") == 0) {
        return objectives->latency_mean_s;
    }
    bool ratio = strcmp(def->name, "errors") == 0 && strcmp(def->unit, "ratio") == 0;
    return ratio ? objectives->error_ratio : 0.0;
}

static void put_note(struct pl_json_out *json, bool *open, const char *note)
{
    if (!*open) {
        pl_json_out_key(json, "notes");
        pl_json_out_array_begin(json);
        *open = true;
    }
    pl_json_out_string(json, note);
}

/* End the matrix with what the reader has to know about it. */
static void matrix_end(struct matrix *matrix, int64_t window_ns)
{
    const struct pl_observe *observe = matrix->observe;
    struct pl_json_out *json = &matrix->json;
    bool open = false;
    char text[TITLE_MAX];
    pl_json_out_array_end(json);
    if (matrix->left_out > 0) {
        snprintf(text, sizeof(text), "%u more series are left out.", (unsigned)matrix->left_out);
        put_note(json, &open, text);
    }
    int64_t reach_ns =
        matrix->grid.count > 0 ? pl_tracks_time(observe->tracks, matrix->grid.first) : 0;
    int64_t wanted_ns = window_ns > 0 ? window_ns : DEFAULT_WINDOW_NS;
    if (matrix->grid.count > 0 && reach_ns == 0 &&
        observe->seen_ns < wanted_ns - observe->scrape.interval_ns) {
        char clock[PL_CLOCK_TEXT_MAX];
        pl_display_clock(observe->world, 0, clock);
        snprintf(text, sizeof(text), "Metrics are kept from %s on.", clock);
        put_note(json, &open, text);
    }
    for (uint32_t i = 0; i < observe->def->hole_count && matrix->shown == 0; i++) {
        const struct pl_observe_hole *hole = &observe->def->holes[i];
        for (uint32_t j = 0; j < observe->program->selector_count; j++) {
            const char *name = pl_family_def(observe->program->selectors[j].name.family)->name;
            if (strncmp(hole->what, name, strlen(name)) == 0 && hole->text != NULL) {
                put_note(json, &open, hole->text);
                break;
            }
        }
    }
    if (open) {
        pl_json_out_array_end(json);
    }
    pl_json_out_object_end(json);
    pl_json_out_end(json);
}

/* ---- Choosing a panel ---- */

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static const char *target_name(const struct pl_world *world, uint32_t of, uint32_t index)
{
    switch ((enum pl_panel_of)of) {
    case PL_PANEL_OF_SERVICE:
        return index < world->service_count ? world->services[index].name : NULL;
    case PL_PANEL_OF_DATABASE:
        return index < world->database_count ? world->databases[index].name : NULL;
    case PL_PANEL_OF_CACHE:
        return index < world->cache_count ? world->caches[index].name : NULL;
    case PL_PANEL_OF_TOPIC:
        return index < world->topic_count ? world->topics[index].name : NULL;
    case PL_PANEL_OF_STREAM:
        return index < world->streams.stream_count ? world->streams.streams[index].name : NULL;
    case PL_PANEL_OF_VOLUME:
        return index < world->streams.volume_count ? world->streams.volumes[index].name : NULL;
    case PL_PANEL_OF_USERS:
        break;
    }
    return NULL;
}

/* True when something of this kind has the name. */
static bool is_target(const struct pl_world *world, uint32_t of, const char *name)
{
    for (uint32_t i = 0; target_name(world, of, i) != NULL; i++) {
        if (strcmp(target_name(world, of, i), name) == 0) {
            return true;
        }
    }
    return false;
}

static pl_status unknown_target(const struct pl_world *world, const char *name, pl_error *err)
{
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, pl_slice_of(name));
    char list[200];
    struct pl_buf all;
    pl_buf_init(&all, list, sizeof(list));
    for (uint32_t of = 0; of < TARGET_KINDS; of++) {
        for (uint32_t i = 0; target_name(world, of, i) != NULL; i++) {
            pl_suggest_offer(&suggest, pl_slice_of(target_name(world, of, i)));
            pl_buf_printf(&all, "%s%s", all.size > 0 ? ", " : "", target_name(world, of, i));
        }
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "There is no `%.48s`; did you mean `%.*s`?",
                       name,
                       (int)best.size,
                       best.data);
    }
    if (name[0] == '\0') {
        return pl_fail(err, PL_BAD_INPUT, NULL, "A panel is of something; there are %s.", list);
    }
    return pl_fail(err, PL_NOT_FOUND, NULL, "There is no `%.48s`; there are %s.", name, list);
}

/* The target has no such panel: name the likeliest one, or all that it has. */
static pl_status
foreign_panel(const struct pl_world *world, const char *target, const char *panel, pl_error *err)
{
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, pl_slice_of(panel));
    char list[360];
    struct pl_buf all;
    pl_buf_init(&all, list, sizeof(list));
    const char *last = "";
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        const struct pl_panel_def *def = pl_panel_at(i);
        bool fits = def->of == PL_PANEL_OF_USERS || is_target(world, def->of, target);
        if (fits && strcmp(def->name, last) != 0) {
            last = def->name;
            pl_suggest_offer(&suggest, pl_slice_of(last));
            pl_buf_printf(&all, "%s%s", all.size > 0 ? ", " : "", last);
        }
    }
    pl_slice best = pl_suggest_best(&suggest);
    if (best.data != NULL) {
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "%.48s has no panel `%.48s`; did you mean `%.*s`?",
                       target,
                       panel,
                       (int)best.size,
                       best.data);
    }
    return pl_fail(
        err, PL_NOT_FOUND, NULL, "%.48s has no panel `%.48s`; there are %s.", target, panel, list);
}

/* No panel of this name fits the target, or it cannot be split so: say what exists. */
static pl_status no_such_panel(const struct pl_world *world,
                               const char *target,
                               const char *panel,
                               const char *by,
                               pl_error *err)
{
    char list[160];
    struct pl_buf splits;
    bool known = false;
    pl_buf_init(&splits, list, sizeof(list));
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        const struct pl_panel_def *def = pl_panel_at(i);
        bool fits = def->of == PL_PANEL_OF_USERS || is_target(world, def->of, target);
        if (fits && strcmp(def->name, panel) == 0) {
            known = true;
            if (def->by[0] != '\0' && strstr(list, def->by) == NULL) {
                pl_buf_printf(&splits, "%s%s", splits.size > 0 ? ", " : "", def->by);
            }
        }
    }
    if (!known || by[0] == '\0') {
        return foreign_panel(world, target, panel, err);
    }
    return pl_fail(err,
                   PL_BAD_INPUT,
                   NULL,
                   "The panel `%s` of %s cannot be split by `%.32s`%s%s.",
                   panel,
                   target,
                   by,
                   list[0] != '\0' ? "; possible: " : "",
                   list);
}

static const struct pl_panel_def *
find_panel(const struct pl_world *world, const char *target, const char *panel, const char *by)
{
    for (uint32_t i = 0; i < pl_panel_count(); i++) {
        const struct pl_panel_def *def = pl_panel_at(i);
        bool fits = def->of == PL_PANEL_OF_USERS || is_target(world, def->of, target);
        if (fits && strcmp(def->name, panel) == 0 && (by[0] == '\0' || strcmp(def->by, by) == 0)) {
            return def;
        }
    }
    return NULL;
}

/* Put the target and the window of rates into a query. */
static void fill_expr(const char *expr, const char *target, const char *window, struct pl_buf *out)
{
    for (const char *at = expr; *at != '\0'; at++) {
        if (at[0] == '$' && at[1] == 't') {
            pl_buf_puts(out, target);
            at++;
        } else if (at[0] == '$' && at[1] == 'w') {
            pl_buf_puts(out, window);
            at++;
        } else {
            pl_buf_put(out, at, 1);
        }
    }
}

/* What a panel says when nobody built it, or NULL. */
static const char *
hole_text(const struct pl_observe *observe, const char *target, const struct pl_panel_def *def)
{
    for (uint32_t i = 0; i < observe->def->hole_count; i++) {
        const struct pl_observe_hole *hole = &observe->def->holes[i];
        const char *of = or_empty(hole->target);
        if (strcmp(hole->what, def->name) != 0 || (of[0] != '\0' && strcmp(of, target) != 0)) {
            continue;
        }
        bool split = hole->kind == PL_OBSERVE_HOLE_NO_LABEL && def->by[0] != '\0';
        if (hole->kind == PL_OBSERVE_HOLE_ABSENT || split) {
            return hole->text != NULL ? hole->text : "Nobody has built this panel.";
        }
    }
    return NULL;
}

static void matrix_init(struct matrix *matrix,
                        struct pl_observe *observe,
                        int64_t window_ns,
                        struct pl_buf *out)
{
    memset(matrix, 0, sizeof(*matrix));
    matrix->observe = observe;
    matrix->grid = pl_panel_grid(observe, window_ns);
    observe->program->selector_count = 0;
    pl_json_out_begin(&matrix->json, out);
}

static pl_status kpi_look(struct pl_observe *observe,
                          const struct pl_panel_look *look,
                          struct pl_buf *out,
                          pl_error *err)
{
    const struct pl_observe_def *def = observe->def;
    if (def->indicator_count == 0) {
        struct pl_json_out json;
        pl_json_out_begin(&json, out);
        pl_display_text(&json, "kpi", "Nobody has built a dashboard of the business numbers.");
        return PL_OK;
    }
    pl_buf_puts(out, "{\"type\":\"panels\",\"title\":\"kpi\",\"parts\":[");
    for (uint32_t i = 0; i < def->indicator_count; i++) {
        const struct pl_observe_indicator *indicator = &def->indicators[i];
        struct matrix matrix;
        pl_buf_puts(out, i > 0 ? "," : "");
        matrix_init(&matrix, observe, look->window_ns, out);
        matrix.by = "";
        matrix_begin(&matrix, indicator->title, or_empty(indicator->unit));
        pl_status status = add_expr(&matrix, indicator->name, indicator->expr, err);
        if (status != PL_OK) {
            return status;
        }
        matrix_end(&matrix, look->window_ns);
    }
    pl_buf_puts(out, "]}");
    return PL_OK;
}

pl_status pl_panel_look(struct pl_observe *observe,
                        const struct pl_panel_look *look,
                        struct pl_buf *out,
                        pl_error *err)
{
    PL_CHECK(observe != NULL && look != NULL && out != NULL);
    const char *target = or_empty(look->service);
    const char *panel = or_empty(look->panel);
    const char *by = or_empty(look->by);
    panel = panel[0] == '\0' ? "latency" : panel;
    if (strcmp(panel, "kpi") == 0) {
        return kpi_look(observe, look, out, err);
    }
    const struct pl_panel_def *def = find_panel(observe->world, target, panel, by);
    if (def == NULL) {
        bool known = false;
        for (uint32_t of = 0; of < TARGET_KINDS; of++) {
            known = known || is_target(observe->world, of, target);
        }
        return known ? no_such_panel(observe->world, target, panel, by, err)
                     : unknown_target(observe->world, target, err);
    }
    target = def->of == PL_PANEL_OF_USERS ? "users" : target;
    char title[TITLE_MAX];
    snprintf(title,
             sizeof(title),
             "%s, %s%s%s",
             target,
             def->title,
             def->by[0] != '\0' ? ", by " : "",
             def->by);
    const char *hole = hole_text(observe, target, def);
    struct matrix matrix;
    matrix_init(&matrix, observe, look->window_ns, out);
    matrix.by = def->by;
    if (hole != NULL) {
        pl_display_text(&matrix.json, title, hole);
        return PL_OK;
    }
    matrix.objective = objective_of(observe, def);
    matrix_begin(&matrix, title, def->unit);
    const char *window = matrix.grid.stride <= 1 ? "1m" : matrix.grid.stride <= 4 ? "2m" : "5m";
    for (uint32_t i = 0; i < PL_PANEL_EXPRS_MAX && def->exprs[i].expr != NULL; i++) {
        char expr[PL_EXPR_MAX];
        struct pl_buf text;
        pl_buf_init(&text, expr, sizeof(expr));
        fill_expr(def->exprs[i].expr, target, window, &text);
        PL_CHECK(!text.overflow);
        pl_status status = add_expr(&matrix, def->exprs[i].name, expr, err);
        if (status != PL_OK) {
            return status;
        }
    }
    matrix_end(&matrix, look->window_ns);
    return PL_OK;
}

pl_status pl_panel_query(struct pl_observe *observe,
                         const char *expr,
                         int64_t window_ns,
                         struct pl_buf *out,
                         pl_error *err)
{
    PL_CHECK(observe != NULL && expr != NULL && out != NULL);
    struct matrix matrix;
    matrix_init(&matrix, observe, window_ns, out);
    matrix_begin(&matrix, expr, "");
    pl_status status = add_expr(&matrix, "", expr, err);
    if (status == PL_OK) {
        matrix_end(&matrix, window_ns);
    }
    return status;
}

pl_status
pl_panel_metrics(struct pl_observe *observe, const char *filter, struct pl_buf *out, pl_error *err)
{
    static const char *const names[] = {"name", "type", "unit", "help"};
    static const char *const units[] = {"", "", "", ""};
    static const char *const types[] = {"counter", "gauge", "histogram", "summary"};
    (void)err;
    PL_CHECK(observe != NULL && filter != NULL && out != NULL);
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_display_table_begin(&json, "metrics", names, units, 4);
    for (uint32_t i = 0; i < PL_FAMILY_COUNT; i++) {
        const struct pl_family_def *def = pl_family_def(i);
        bool absent = false;
        for (uint32_t j = 0; j < observe->def->hole_count; j++) {
            const struct pl_observe_hole *hole = &observe->def->holes[j];
            absent = absent ||
                     (hole->kind == PL_OBSERVE_HOLE_ABSENT && strcmp(hole->what, def->name) == 0);
        }
        if (absent ||
            !(pl_display_contains(def->name, filter) || pl_display_contains(def->help, filter))) {
            continue;
        }
        pl_json_out_array_begin(&json);
        pl_json_out_string(&json, def->name);
        pl_json_out_string(&json, types[def->type]);
        pl_json_out_string(&json, def->unit);
        pl_json_out_string(&json, def->help);
        pl_json_out_array_end(&json);
    }
    pl_display_rows_end(&json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    return PL_OK;
}

double pl_panel_value(struct pl_observe *observe, const char *expr)
{
    pl_error err = {0};
    struct pl_promql_grid grid = pl_panel_grid(observe, observe->scrape.interval_ns);
    if (grid.count == 0) {
        return (double)NAN;
    }
    grid = (struct pl_promql_grid){grid.first + (grid.count - 1) * grid.stride, 1, 1};
    struct pl_promql_result result = {0};
    pl_status status = pl_promql_parse(observe->program, expr, &err);
    PL_CHECK(status == PL_OK);
    status =
        pl_promql_eval(&observe->series, observe->program, &grid, &observe->work, &result, &err);
    return status == PL_OK && result.row_count > 0 ? result.points[0] : (double)NAN;
}
