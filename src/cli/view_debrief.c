// SPDX-License-Identifier: Apache-2.0
#include "cli/view_debrief.h"

#include "base/check.h"
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COURSE_MAX = 512, COURSE_ROWS = 6 };

static void put_heading(const struct pl_term *term, struct pl_buf *out, const char *text)
{
    pl_buf_puts(out, "\n");
    pl_term_wrap(term, out, PL_STYLE_STRONG, 2, text);
}

static void
put_line(const struct pl_term *term, struct pl_buf *out, const char *name, const char *text)
{
    uint32_t width = pl_term_width(name);
    pl_buf_puts(out, "  ");
    pl_term_put(term, out, PL_STYLE_FAINT, name);
    pl_term_pad(out, width < 12 ? 12 - width : 1);
    /* The text starts on the line of its name: drop the first indent. */
    char memory[4096];
    struct pl_buf wrapped;
    pl_buf_init(&wrapped, memory, sizeof memory);
    pl_term_flow(term, &wrapped, PL_STYLE_PLAIN, 14, text);
    pl_buf_puts(out, memory + strspn(memory, " "));
}

static void draw_cause(struct pl_view *view, const json_t *debrief, struct pl_buf *out)
{
    const struct pl_term *term = &view->term;
    const json_t *cause = json_object_get(debrief, "cause");
    const json_t *triggers = json_object_get(debrief, "trigger");
    const json_t *helps = json_object_get(cause, "helps");
    put_heading(term, out, "What was wrong");
    put_line(term, out, "cause", pl_view_string(cause, "title"));
    put_line(term, out, "", pl_view_string(cause, "text"));
    if (json_array_size(triggers) == 0) {
        put_line(term, out, "trigger", "Nothing in the change feed tells of it.");
    }
    for (size_t i = 0; i < json_array_size(triggers); i++) {
        const json_t *trigger = json_array_get(triggers, i);
        char text[512];
        snprintf(text,
                 sizeof text,
                 "%.5s %s %s: %s%s",
                 pl_view_string(trigger, "clock"),
                 pl_view_string(trigger, "kind"),
                 pl_view_string(trigger, "target"),
                 pl_view_string(trigger, "text"),
                 json_is_true(json_object_get(trigger, "in_the_feed")) ? "" : " (not in the feed)");
        put_line(term, out, i == 0 ? "trigger" : "", text);
    }
    put_line(term, out, "the tell", pl_view_string(cause, "tell"));
    for (size_t i = 0; i < json_array_size(helps); i++) {
        const char *call = json_string_value(json_array_get(helps, i));
        put_line(term, out, i == 0 ? "helps" : "", call != NULL ? call : "");
    }
}

static void draw_red_herrings(struct pl_view *view, const json_t *debrief, struct pl_buf *out)
{
    const json_t *list = json_object_get(debrief, "red_herrings");
    if (json_array_size(list) == 0) {
        return;
    }
    put_heading(&view->term, out, "What only looked guilty");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *herring = json_array_get(list, i);
        put_line(&view->term, out, "-", pl_view_string(herring, "text"));
    }
}

/* `12 min 30 s`, `45 s`. */
static void duration_text(char *text, size_t size, double seconds)
{
    uint32_t whole = (uint32_t)(fabs(seconds) + 0.5);
    if (whole < 60) {
        snprintf(text, size, "%u s", whole);
    } else if (whole % 60 == 0) {
        snprintf(text, size, "%u min", whole / 60);
    } else {
        snprintf(text, size, "%u min %u s", whole / 60, whole % 60);
    }
}

static void put_time(struct pl_view *view,
                     const json_t *times,
                     const char *clock_key,
                     const char *after_key,
                     const char *name,
                     const char *after_what,
                     struct pl_buf *out)
{
    char text[128];
    const char *clock = pl_view_string(times, clock_key);
    if (clock[0] == '\0') {
        snprintf(text, sizeof text, "did not happen");
    } else {
        char duration[48];
        duration_text(duration, sizeof duration, pl_view_number(times, after_key, 0.0));
        snprintf(text, sizeof text, "%s, %s after %s", clock, duration, after_what);
    }
    put_line(&view->term, out, name, text);
}

static void draw_times(struct pl_view *view, const json_t *debrief, struct pl_buf *out)
{
    const json_t *times = json_object_get(debrief, "times");
    put_heading(&view->term, out, "When");
    put_line(&view->term, out, "began", pl_view_string(times, "onset"));
    put_time(view, times, "page", "detect_s", "detected", "it began (the page)", out);
    put_time(view, times, "first_act", "first_act_s", "first act", "the page", out);
    put_time(view, times, "mitigated", "mitigate_s", "mitigated", "the page", out);
    put_time(view, times, "resolved", "resolve_s", "resolved", "the page", out);
    pl_term_wrap(&view->term,
                 out,
                 PL_STYLE_FAINT,
                 2,
                 "Mitigated: damage at most a tenth of its worst minute for five minutes. "
                 "Resolved: from then on, until the close.");
}

static uint32_t read_course(const json_t *array, double *points)
{
    uint32_t count = 0;
    for (size_t i = 0; i < json_array_size(array) && count < COURSE_MAX; i++) {
        points[count++] = json_number_value(json_array_get(array, i));
    }
    return count;
}

/* What is not a request weighs as many as its world says; so the sum is only worth that many. */
static void put_damage_line(struct pl_view *view,
                            const char *name,
                            const json_t *damage,
                            const char *keys[2],
                            struct pl_buf *out)
{
    char text[160];
    const char *worth = pl_view_string(damage, "counts_too")[0] != '\0' ? "worth " : "";
    double requests = pl_view_number(damage, keys[0], 0.0);
    const json_t *share = json_object_get(damage, keys[1]);
    if (json_is_number(share)) {
        snprintf(text,
                 sizeof text,
                 "%s%.0f requests, %.1f %% of the month's error budget",
                 worth,
                 requests,
                 100.0 * json_number_value(share));
    } else {
        snprintf(text, sizeof text, "%s%.0f requests", worth, requests);
    }
    put_line(&view->term, out, name, text);
}

static void draw_damage(struct pl_view *view, const json_t *debrief, struct pl_buf *out)
{
    const json_t *damage = json_object_get(debrief, "damage");
    char heading[160];
    const char *other = pl_view_string(damage, "counts_too");
    snprintf(heading,
             sizeof heading,
             "What users felt: requests slow, failed or given up%s%s, per minute",
             other[0] != '\0' ? ", " : "",
             other);
    put_heading(&view->term, out, heading);
    struct pl_plot plot = {.unit = "1",
                           .start_s = view->opening_s + pl_view_number(damage, "from_s", 0.0),
                           .step_s = 60.0,
                           .rows = COURSE_ROWS,
                           .series_count = 2};
    plot.series[0].name = "you";
    plot.series[0].points = view->points[0];
    plot.series[0].point_count =
        read_course(json_object_get(damage, "per_minute"), view->points[0]);
    /* A minute that the end broke off would look like a fall. */
    bool broken = pl_view_number(damage, "last_minute_s", 60.0) < 60.0;
    plot.series[0].point_count -= broken && plot.series[0].point_count > 1 ? 1 : 0;
    plot.series[1].name = "no act";
    plot.series[1].points = view->points[1];
    plot.series[1].point_count =
        read_course(json_object_get(damage, "per_minute_without_any_act"), view->points[1]);
    plot.series[1].point_count -= broken && plot.series[1].point_count > 1 ? 1 : 0;
    pl_plot_draw(&view->term, &plot, out);
    static const char *keys[3][2] = {
        {"requests", "budget_share"},
        {"requests_after_page", "budget_share_after_page"},
        {"requests_after_page_without_any_act", "budget_share_after_page_without_any_act"},
    };
    put_damage_line(view, "in all", damage, keys[0], out);
    put_damage_line(view, "after page", damage, keys[1], out);
    put_damage_line(view, "no act", damage, keys[2], out);
}

static void draw_timeline(struct pl_view *view, const json_t *debrief, struct pl_buf *out)
{
    const json_t *timeline = json_object_get(debrief, "timeline");
    struct pl_table *table = &view->table;
    put_heading(&view->term, out, "What you did, and what users felt in that minute");
    pl_table_begin(table, 4);
    table->heads[0] = "at";
    table->heads[1] = "kind";
    table->heads[2] = "what";
    table->heads[3] = "damage/min";
    table->right[3] = true;
    for (size_t i = 0; i < json_array_size(timeline); i++) {
        const json_t *moment = json_array_get(timeline, i);
        char rate[32];
        snprintf(rate, sizeof rate, "%.0f", pl_view_number(moment, "damage_per_minute", 0.0));
        const char *kind = pl_view_string(moment, "kind");
        bool act = strcmp(kind, "act") == 0;
        if (!pl_table_row(table, act ? PL_STYLE_STRONG : PL_STYLE_PLAIN)) {
            break;
        }
        pl_table_set(table, 0, pl_view_string(moment, "clock"));
        pl_table_set(table, 1, kind);
        pl_table_set(table, 2, pl_view_string(moment, "text"));
        pl_table_set(table, 3, rate);
    }
    pl_table_draw(&view->term, table, out);
}

static void draw_beliefs(struct pl_view *view, const json_t *debrief, struct pl_buf *out)
{
    const json_t *beliefs = json_object_get(debrief, "beliefs");
    if (json_array_size(beliefs) == 0) {
        return;
    }
    put_heading(&view->term, out, "What you believed, and which parts fit the cause");
    for (size_t i = 0; i < json_array_size(beliefs); i++) {
        const json_t *belief = json_array_get(beliefs, i);
        const json_t *claims = json_object_get(belief, "claims");
        for (size_t k = 0; k < json_array_size(claims); k++) {
            const json_t *claim = json_array_get(claims, k);
            char text[768];
            snprintf(text,
                     sizeof text,
                     "%.0f %%  %s%s%s%s%s%s%s: component %s, mechanism %s, trigger %s",
                     100.0 * pl_view_number(claim, "p", 0.0),
                     pl_view_string(claim, "component"),
                     pl_view_string(claim, "mechanism")[0] != '\0' ? " " : "",
                     pl_view_string(claim, "mechanism"),
                     pl_view_string(claim, "detail")[0] != '\0' ? " " : "",
                     pl_view_string(claim, "detail"),
                     pl_view_string(claim, "trigger")[0] != '\0' ? " because " : "",
                     pl_view_string(claim, "trigger"),
                     json_is_true(json_object_get(claim, "component_fits")) ? "fits" : "no",
                     json_is_true(json_object_get(claim, "mechanism_fits")) ? "fits" : "no",
                     json_is_true(json_object_get(claim, "trigger_fits")) ? "fits" : "no");
            put_line(&view->term, out, k == 0 ? pl_view_string(belief, "clock") : "", text);
        }
    }
}

static void draw_updates(struct pl_view *view, const json_t *debrief, struct pl_buf *out)
{
    const json_t *updates = json_object_get(debrief, "updates");
    const json_t *posts = json_object_get(updates, "posts");
    double asked = pl_view_number(updates, "asked_for", 0.0);
    char text[160];
    put_heading(&view->term, out, "What customers were told");
    for (size_t i = 0; i < json_array_size(posts); i++) {
        const json_t *post = json_array_get(posts, i);
        char line[1400];
        snprintf(line,
                 sizeof line,
                 "%s: %s",
                 pl_view_string(post, "status"),
                 pl_view_string(post, "text"));
        put_line(&view->term, out, pl_view_string(post, "clock"), line);
    }
    if (json_array_size(posts) == 0) {
        put_line(&view->term, out, "-", "Nothing.");
    }
    if (asked > 0.0) {
        snprintf(text,
                 sizeof text,
                 "Somebody had to ask for an update %.0f time%s.",
                 asked,
                 asked > 1.0 ? "s" : "");
        put_line(&view->term, out, "-", text);
    }
}

void pl_view_debrief(struct pl_view *view, const json_t *debrief, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    PL_CHECK(out != NULL);
    pl_term_wrap(&view->term, out, PL_STYLE_STRONG, 2, pl_view_string(debrief, "title"));
    if (json_is_true(json_object_get(debrief, "still_hurting"))) {
        pl_term_wrap(&view->term,
                     out,
                     PL_STYLE_BAD,
                     2,
                     "Users were still hurt when the incident was closed.");
    }
    draw_cause(view, debrief, out);
    draw_red_herrings(view, debrief, out);
    draw_times(view, debrief, out);
    draw_damage(view, debrief, out);
    draw_timeline(view, debrief, out);
    draw_beliefs(view, debrief, out);
    draw_updates(view, debrief, out);
}
