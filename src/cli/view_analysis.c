// SPDX-License-Identifier: Apache-2.0
#include "cli/view_analysis.h"

#include "base/check.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CURVE_ROWS = 6, CURVE_STEP_S = 30, NAME_COLUMNS = 15, TEXT_SIZE = 512, LEADERS = 3 };

static void put_heading(const struct pl_term *term, struct pl_buf *out, const char *text)
{
    pl_buf_puts(out, "\n");
    pl_term_wrap(term, out, PL_STYLE_STRONG, 2, text);
}

static void
put_line(const struct pl_term *term, struct pl_buf *out, const char *name, const char *text)
{
    char memory[2048];
    struct pl_buf wrapped;
    uint32_t width = pl_term_width(name);
    pl_buf_puts(out, "  ");
    pl_term_put(term, out, PL_STYLE_FAINT, name);
    pl_term_pad(out, width < NAME_COLUMNS ? NAME_COLUMNS - width : 1);
    /* The text starts on the line of its name: drop the first indent. */
    pl_buf_init(&wrapped, memory, sizeof memory);
    pl_term_flow(term, &wrapped, PL_STYLE_PLAIN, NAME_COLUMNS + 2, text);
    pl_buf_puts(out, memory + strspn(memory, " "));
}

static bool is_given(const json_t *object, const char *key)
{
    return json_is_number(json_object_get(object, key));
}

/* `61.3 +- 2.0` times a scale; the sign is ± where the terminal has it. */
static void figure_text(const struct pl_term *term,
                        char *text,
                        size_t size,
                        const json_t *figure,
                        double scale,
                        const char *unit)
{
    if (!is_given(figure, "value")) {
        snprintf(text, size, "none");
        return;
    }
    double value = scale * pl_view_number(figure, "value", 0.0);
    double se = scale * pl_view_number(figure, "se", -1.0);
    value = fabs(value) < 0.05 ? 0.0 : value;
    if (is_given(figure, "se")) {
        snprintf(text, size, "%.1f %s %.1f%s", value, term->utf8 ? "±" : "+-", se, unit);
    } else {
        snprintf(text, size, "%.1f%s", value, unit);
    }
}

struct profile_row {
    const char *key;
    const char *name;
    const char *meaning;
    double scale;
    const char *unit;
};

static void put_profile_rows(struct pl_view *view,
                             const json_t *profile,
                             const struct profile_row *rows,
                             size_t count,
                             struct pl_buf *out)
{
    for (size_t i = 0; i < count; i++) {
        char number[64];
        char text[TEXT_SIZE];
        const json_t *figure = json_object_get(profile, rows[i].key);
        figure_text(&view->term, number, sizeof number, figure, rows[i].scale, rows[i].unit);
        int width = (int)pl_term_width(number);
        snprintf(
            text, sizeof text, "%s%*s%s", number, width < 16 ? 16 - width : 1, "", rows[i].meaning);
        put_line(&view->term, out, rows[i].name, text);
    }
}

static void draw_profile(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    static const struct profile_row rows[] = {
        {"decision",
         "decisions",
         "100 is an independent planner, 0 is doing nothing; luck is taken out",
         1.0,
         ""},
        {"efficiency",
         "looking",
         "information per minute, against the best look each time",
         1.0,
         ""},
        {"calibration",
         "believing",
         "what was said to be likely, against what the evidence supported",
         1.0,
         ""},
        {"communication",
         "telling",
         "status updates: facts, impact, next step, in time; checked mechanically",
         1.0,
         ""},
    };
    static const struct profile_row shares[] = {
        {"premature", "too early", "cost of acting before looking further", 100.0, " %"},
        {"dithering", "too late", "cost of looking when acting was better", 100.0, " %"},
        {"harm", "harm", "damage that acts added", 100.0, " %"},
        {"harm_foreseeable", "foreseeable", "of it, what the evidence showed before", 100.0, " %"},
        {"lock_in",
         "lock-in",
         "share of looking at the favourite when it led nowhere",
         100.0,
         " %"},
        {"evidence_destroyed_bits", "evidence", "bits that acts made unobtainable", 1.0, ""},
    };
    const json_t *profile = json_object_get(report, "profile");
    put_heading(&view->term, out, "Profile (0 to 100)");
    put_profile_rows(view, profile, rows, sizeof rows / sizeof rows[0], out);
    put_heading(&view->term, out, "What it cost (share of the damage of doing nothing)");
    put_profile_rows(view, profile, shares, sizeof shares / sizeof shares[0], out);
}

/* `12:30` for 750 s after the opening. */
static void since_text(char *text, size_t size, double seconds)
{
    long whole = lround(seconds);
    snprintf(text, size, "%s%ld:%02ld", whole < 0 ? "-" : "", labs(whole) / 60, labs(whole) % 60);
}

static void draw_times(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    static const struct {
        const char *key;
        const char *name;
        const char *never;
    } rows[] = {
        {"sufficient_s", "evidence", "what was looked at never was enough (80 % for one class)"},
        {"stated_s", "stated", "the right class was never said with 50 % or more"},
        {"first_act_s", "first act", "nothing was done"},
        {"mitigated_s", "mitigated", "users were not relieved while the incident was open"},
        {"resolved_s", "resolved", "not before the close"},
    };
    const json_t *profile = json_object_get(report, "profile");
    put_heading(&view->term, out, "When (minutes after the page)");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[TEXT_SIZE];
        const json_t *figure = json_object_get(profile, rows[i].key);
        if (is_given(figure, "value")) {
            since_text(text, sizeof text, pl_view_number(figure, "value", 0.0));
        } else {
            snprintf(text, sizeof text, "%s", rows[i].never);
        }
        put_line(&view->term, out, rows[i].name, text);
    }
}

static void put_share(struct pl_view *view,
                      const json_t *report,
                      const char *key,
                      const char *name,
                      const char *meaning,
                      struct pl_buf *out)
{
    char number[64];
    char text[TEXT_SIZE];
    const json_t *member = json_object_get(report, key);
    if (json_is_number(member)) {
        snprintf(number, sizeof number, "%.1f %%", 100.0 * json_number_value(member));
    } else {
        figure_text(&view->term, number, sizeof number, member, 100.0, " %");
    }
    int width = (int)pl_term_width(number);
    snprintf(text, sizeof text, "%s%*s%s", number, width < 16 ? 16 - width : 1, "", meaning);
    put_line(&view->term, out, name, text);
}

static void draw_damage(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    put_heading(&view->term, out, "Damage (share of the month's error budget)");
    put_share(
        view, report, "damage", "happened", "from the page to the end of the incident's time", out);
    put_share(view, report, "damage_noop", "no act", "the same, had nobody acted", out);
    put_share(view,
              report,
              "damage_adjusted",
              "luck-adjusted",
              "what these decisions cost on average, by the evidence of their moment",
              out);
    put_share(view,
              report,
              "luck",
              "luck",
              "the difference; above 0 is bad luck, and it is not held against anybody",
              out);
}

static void draw_uncertainty(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    const json_t *beliefs = json_object_get(report, "belief");
    size_t count = json_array_size(beliefs);
    if (count < 2) {
        return;
    }
    uint32_t points = 0;
    size_t next = 0;
    double bits = pl_view_number(json_array_get(beliefs, 0), "entropy_bits", 0.0);
    double end_s = pl_view_number(json_array_get(beliefs, count - 1), "t_s", 0.0);
    while (points < 4096 && (double)points * CURVE_STEP_S <= end_s) {
        double t = (double)points * CURVE_STEP_S;
        while (next < count && pl_view_number(json_array_get(beliefs, next), "t_s", 0.0) <= t) {
            bits = pl_view_number(json_array_get(beliefs, next), "entropy_bits", bits);
            next++;
        }
        view->points[0][points++] = bits;
    }
    put_heading(&view->term, out, "Uncertainty about the remedy, bits, by what had been shown");
    struct pl_plot plot = {.unit = "1",
                           .start_s = view->opening_s,
                           .step_s = CURVE_STEP_S,
                           .rows = CURVE_ROWS,
                           .series_count = 1};
    plot.series[0].name = "bits";
    plot.series[0].points = view->points[0];
    plot.series[0].point_count = points;
    if (points > 1) {
        pl_plot_draw(&view->term, &plot, out);
    }
}

/* The leading classes of the last belief. */
static void draw_leaders(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    const json_t *beliefs = json_object_get(report, "belief");
    size_t count = json_array_size(beliefs);
    if (count == 0) {
        return;
    }
    /* The iterator of jansson takes a tree that may be changed; it is only read here. */
    union {
        const json_t *borrowed;
        json_t *tree;
    } access = {.borrowed = json_object_get(json_array_get(beliefs, count - 1), "classes")};
    double above = 2.0;
    for (uint32_t i = 0; i < LEADERS; i++) {
        const char *name = NULL;
        double best = -1.0;
        for (void *at = json_object_iter(access.tree); at != NULL;
             at = json_object_iter_next(access.tree, at)) {
            double p = json_number_value(json_object_iter_value(at));
            if (p < above && p > best) {
                best = p;
                name = json_object_iter_key(at);
            }
        }
        if (name == NULL || best < 0.005) {
            return;
        }
        char text[TEXT_SIZE];
        snprintf(text, sizeof text, "%3.0f %%  %s", 100.0 * best, name);
        put_line(&view->term, out, i == 0 ? "at the end" : "", text);
        above = best;
    }
}

static const char *glyph(const struct pl_term *term, const char *label)
{
    if (strcmp(label, "sound") == 0) {
        return term->utf8 ? "✓" : "ok";
    }
    if (strcmp(label, "error") == 0) {
        return "??";
    }
    if (strcmp(label, "lucky") == 0) {
        return "?!";
    }
    return strcmp(label, "unlucky") == 0 ? "~" : "";
}

/* The judge's remark on a move, empty when there is nothing to say. */
static void remark_text(const json_t *move, char *text, size_t size)
{
    char look[TEXT_SIZE / 2] = "";
    const char *better_look = pl_view_string(move, "better_look");
    const char *better = pl_view_string(move, "better");
    if (better_look[0] != '\0' && is_given(move, "bits_best")) {
        snprintf(look,
                 sizeof look,
                 "`%s` would have removed %.1f bits",
                 better_look,
                 pl_view_number(move, "bits_best", 0.0));
    }
    if (better[0] != '\0') {
        snprintf(text,
                 size,
                 "%s%sbetter: `%s`, saves %.0f %% of what was still at stake",
                 look,
                 look[0] != '\0' ? "; " : "",
                 better,
                 100.0 * pl_view_number(move, "saving", 0.0));
    } else {
        snprintf(text, size, "%s", look);
    }
}

static void set_number(
    struct pl_table *table, uint32_t column, const json_t *move, const char *key, double scale)
{
    char text[32] = "";
    if (is_given(move, key)) {
        double value = scale * pl_view_number(move, key, 0.0);
        snprintf(text, sizeof text, "%.*f", scale > 1.0 ? 1 : 2, fabs(value) < 0.005 ? 0.0 : value);
    }
    pl_table_set(table, column, text);
}

static void draw_moves(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    const json_t *moves = json_object_get(report, "moves");
    struct pl_table *table = &view->table;
    static const char *const heads[] = {
        "at", "what", "bits", "expected", "best", "regret %", "", "judged"};
    put_heading(&view->term, out, "Moves (bits of uncertainty; regret as share of the budget)");
    pl_table_begin(table, 8);
    for (uint32_t i = 0; i < 8; i++) {
        table->heads[i] = heads[i];
        table->right[i] = i >= 2 && i <= 5;
    }
    for (size_t i = 0; i < json_array_size(moves); i++) {
        const json_t *move = json_array_get(moves, i);
        char at[32];
        char what[TEXT_SIZE];
        bool act = strcmp(pl_view_string(move, "kind"), "act") == 0;
        if (!pl_table_row(table, act ? PL_STYLE_STRONG : PL_STYLE_PLAIN)) {
            break;
        }
        since_text(at, sizeof at, pl_view_number(move, "t_s", 0.0));
        snprintf(what, sizeof what, "%s", pl_view_string(move, "text"));
        pl_table_set(table, 0, at);
        pl_table_set(table, 1, what);
        set_number(table, 2, move, "bits", 1.0);
        set_number(table, 3, move, "bits_expected", 1.0);
        set_number(table, 4, move, "bits_best", 1.0);
        set_number(table, 5, move, "regret", 100.0);
        pl_table_set(table, 6, glyph(&view->term, pl_view_string(move, "label")));
        pl_table_set(table, 7, pl_view_string(move, "label"));
    }
    pl_table_draw(&view->term, table, out);
}

static void draw_better(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    const json_t *moves = json_object_get(report, "moves");
    bool headed = false;
    for (size_t i = 0; i < json_array_size(moves); i++) {
        const json_t *move = json_array_get(moves, i);
        char at[32];
        char remark[TEXT_SIZE];
        remark_text(move, remark, sizeof remark);
        if (remark[0] == '\0') {
            continue;
        }
        if (!headed) {
            put_heading(&view->term, out, "Better lines");
            headed = true;
        }
        since_text(at, sizeof at, pl_view_number(move, "t_s", 0.0));
        put_line(&view->term, out, at, remark);
    }
}

static void draw_score(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    char number[64];
    char text[TEXT_SIZE];
    figure_text(&view->term, number, sizeof number, json_object_get(report, "score"), 1.0, "");
    put_heading(&view->term, out, "Score");
    put_line(&view->term, out, "of 100", number);
    pl_term_wrap(&view->term,
                 out,
                 PL_STYLE_FAINT,
                 2,
                 "One incident says little: the range above is one standard error, in which the "
                 "difference from incident to incident is assumed, not measured. How well the "
                 "score separates players is not known yet, and nothing may be decided by it.");
    const json_t *notes = json_object_get(report, "notes");
    for (size_t i = 0; i < json_array_size(notes); i++) {
        const char *note = json_string_value(json_array_get(notes, i));
        put_line(&view->term, out, i == 0 ? "note" : "", note != NULL ? note : "");
    }
    snprintf(text,
             sizeof text,
             "%.0f worlds per cause; %.1f CPU-seconds.",
             pl_view_number(report, "particles", 0.0),
             pl_view_number(report, "cpu_s", 0.0));
    put_line(&view->term, out, "cost", text);
}

void pl_view_analysis(struct pl_view *view, const json_t *report, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    PL_CHECK(out != NULL);
    pl_term_wrap(&view->term, out, PL_STYLE_STRONG, 2, "Analysis");
    draw_profile(view, report, out);
    draw_times(view, report, out);
    draw_damage(view, report, out);
    draw_uncertainty(view, report, out);
    draw_leaders(view, report, out);
    draw_moves(view, report, out);
    draw_better(view, report, out);
    draw_score(view, report, out);
}
