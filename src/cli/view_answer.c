// SPDX-License-Identifier: Apache-2.0
#include "cli/view_answer.h"

#include "base/check.h"
#include "cli/plot.h"
#include "cli/view_debrief.h"

#include <stdio.h>
#include <string.h>

enum { EVENT_INDENT = 20, EFFECTS_SHOWN = 6 };

static bool is_type(const json_t *observation, const char *type)
{
    return strcmp(pl_view_string(observation, "type"), type) == 0;
}

static enum pl_style event_style(const char *kind)
{
    if (strcmp(kind, "page") == 0) {
        return PL_STYLE_BAD;
    }
    if (strcmp(kind, "resolved") == 0) {
        return PL_STYLE_GOOD;
    }
    return PL_STYLE_PROMPT;
}

static const char *event_word(const char *kind)
{
    static const struct {
        const char *kind;
        const char *word;
    } words[] = {{"page", "PAGE"},
                 {"resolved", "RESOLVED"},
                 {"answer", "ANSWER"},
                 {"message", "MESSAGE"},
                 {"effect", "DONE"},
                 {"stakeholder", "ASKED"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].kind, kind) == 0) {
            return words[i].word;
        }
    }
    return "EVENT";
}

static void put_event(struct pl_view *view, const json_t *event, struct pl_buf *out)
{
    const struct pl_term *term = &view->term;
    const char *kind = pl_view_string(event, "kind");
    const char *title = pl_view_string(event, "title");
    const char *text = pl_view_string(event, "text");
    const char *runbook = pl_view_string(event, "runbook");
    const char *word = event_word(kind);
    uint32_t width = pl_term_width(word);
    pl_buf_puts(out, "  ");
    pl_term_put(term, out, PL_STYLE_FAINT, pl_view_string(event, "clock"));
    pl_buf_puts(out, " ");
    pl_term_put(term, out, event_style(kind), word);
    pl_term_pad(out, width < 9 ? 9 - width : 1);
    /* Wrapped at words; the first line stands behind the word of the event. */
    char memory[2048];
    struct pl_buf wrapped;
    pl_buf_init(&wrapped, memory, sizeof memory);
    pl_term_wrap(term, &wrapped, PL_STYLE_STRONG, EVENT_INDENT, title);
    pl_buf_puts(out, memory + strspn(memory, " "));
    if (text[0] != '\0') {
        pl_term_flow(term, out, PL_STYLE_PLAIN, EVENT_INDENT, text);
    }
    if (runbook[0] != '\0') {
        char line[96];
        snprintf(line, sizeof line, "runbook: runbook %s", runbook);
        pl_term_wrap(term, out, PL_STYLE_FAINT, EVENT_INDENT, line);
    }
}

void pl_view_events(struct pl_view *view, const json_t *events, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    for (size_t i = 0; i < json_array_size(events); i++) {
        put_event(view, json_array_get(events, i), out);
    }
}

void pl_view_opening(struct pl_view *view, const json_t *answer, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    const json_t *opening = json_object_get(answer, "observation");
    pl_term_flow(&view->term, out, PL_STYLE_PLAIN, 2, pl_view_string(opening, "text"));
    pl_term_wrap(
        &view->term, out, PL_STYLE_FAINT, 2, "Type `help` for one screen, Tab to complete.");
    pl_buf_puts(out, "\n");
    pl_view_events(view, json_object_get(answer, "events"), out);
}

static void put_percent(struct pl_view *view, struct pl_buf *out, double p)
{
    char text[16];
    snprintf(text, sizeof text, "%5.0f %%  ", p * 100.0);
    pl_term_put(&view->term, out, PL_STYLE_STRONG, text);
}

void pl_view_belief(struct pl_view *view, const json_t *belief, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    const json_t *claims = json_object_get(belief, "claims");
    for (size_t i = 0; i < json_array_size(claims); i++) {
        const json_t *claim = json_array_get(claims, i);
        const char *trigger = pl_view_string(claim, "trigger");
        char text[512];
        snprintf(text,
                 sizeof text,
                 "%s  %s  %s%s%s",
                 pl_view_string(claim, "component"),
                 pl_view_string(claim, "mechanism"),
                 pl_view_string(claim, "detail"),
                 trigger[0] != '\0' ? "  trigger: " : "",
                 trigger);
        put_percent(view, out, pl_view_number(claim, "p", 0.0));
        pl_term_put_cut(&view->term, out, PL_STYLE_PLAIN, text, view->term.columns - 10);
        pl_buf_puts(out, "\n");
    }
    put_percent(view, out, pl_view_number(belief, "something_else", 0.0));
    pl_term_put(&view->term, out, PL_STYLE_PLAIN, "something else");
    pl_buf_puts(out, "\n");
}

static void put_sentence(struct pl_buf *text, const char *sentence)
{
    if (sentence[0] == '\0') {
        return;
    }
    size_t size = strlen(sentence);
    bool ends = sentence[size - 1] == '.' || sentence[size - 1] == '?';
    pl_buf_printf(text, "%s%s%s", text->size > 0 ? " " : "", sentence, ends ? "" : ".");
}

/* What an act would do, in the order in which one wants to know it. */
static void draw_preview(struct pl_view *view, const json_t *preview, struct pl_buf *out)
{
    char memory[2048];
    char line[512];
    struct pl_buf text;
    pl_buf_init(&text, memory, sizeof memory);
    const json_t *effects = json_object_get(preview, "effects");
    pl_term_wrap(&view->term, out, PL_STYLE_STRONG, 2, pl_view_string(preview, "title"));
    size_t shown_count = 0;
    for (size_t i = 0; i < json_array_size(effects); i++) {
        const json_t *effect = json_array_get(effects, i);
        const char *unit = pl_view_string(effect, "unit");
        const char *shown = strcmp(unit, "p") == 0 ? "ratio" : strcmp(unit, "s") == 0 ? "s" : "1";
        char before[32];
        char after[32];
        pl_plot_format(before, sizeof before, pl_view_number(effect, "before", 0.0), shown);
        pl_plot_format(after, sizeof after, pl_view_number(effect, "after", 0.0), shown);
        if (strcmp(unit, "pulse") == 0 || strcmp(before, after) == 0) {
            continue;
        }
        if (++shown_count > EFFECTS_SHOWN) {
            continue;
        }
        snprintf(line, sizeof line, "%s: %s -> %s", pl_view_string(effect, "what"), before, after);
        pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 4, line);
    }
    if (shown_count > EFFECTS_SHOWN) {
        snprintf(line, sizeof line, "and %zu more", shown_count - EFFECTS_SHOWN);
        pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 4, line);
    }
    const char *takes = pl_view_string(preview, "takes");
    const char *touches = pl_view_string(preview, "touches");
    snprintf(line,
             sizeof line,
             "%s%s%s%s",
             takes[0] == '\0'                    ? ""
             : strncmp(takes, "at once", 7) == 0 ? "Takes effect "
                                                 : "Takes ",
             takes,
             touches[0] == '\0' ? ""
             : takes[0] != '\0' ? ", touches "
                                : "Touches ",
             touches);
    put_sentence(&text, line);
    put_sentence(&text, pl_view_string(preview, "connections"));
    put_sentence(&text, pl_view_string(preview, "risk"));
    put_sentence(&text,
                 json_is_true(json_object_get(preview, "reversible")) ? "Reversible"
                                                                      : "Not reversible");
    pl_term_wrap(&view->term, out, PL_STYLE_PLAIN, 2, memory);
}

static void draw_act(struct pl_view *view, const json_t *act, struct pl_buf *out)
{
    char line[512];
    snprintf(line,
             sizeof line,
             "%s, by you; in effect from %s.",
             pl_view_string(act, "title"),
             pl_view_string(act, "effective"));
    pl_term_wrap(&view->term, out, PL_STYLE_PLAIN, 2, line);
}

static void draw_posted(struct pl_view *view, const json_t *posted, struct pl_buf *out)
{
    char line[160];
    const char *next = pl_view_string(posted, "next_due");
    snprintf(line,
             sizeof line,
             "Posted %.5s.%s%.5s%s",
             pl_view_string(posted, "posted"),
             next[0] != '\0' ? " Next update due " : "",
             next,
             next[0] != '\0' ? "." : "");
    pl_term_wrap(&view->term, out, PL_STYLE_PLAIN, 2, line);
}

static void put_arguments(struct pl_buf *text, const json_t *action)
{
    const json_t *args = json_object_get(action, "args");
    pl_buf_puts(text, pl_view_string(action, "name"));
    for (size_t i = 0; i < json_array_size(args); i++) {
        pl_buf_printf(text, " %s", pl_view_string(json_array_get(args, i), "name"));
    }
}

static void draw_actions(struct pl_view *view, const json_t *list, struct pl_buf *out)
{
    const json_t *actions = json_object_get(list, "actions");
    struct pl_table *table = &view->table;
    pl_table_begin(table, 3);
    table->heads[0] = "action";
    table->heads[1] = "what it does";
    table->heads[2] = "takes";
    table->right[2] = true;
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *action = json_array_get(actions, i);
        char memory[256];
        char takes[32];
        struct pl_buf text;
        pl_buf_init(&text, memory, sizeof memory);
        put_arguments(&text, action);
        pl_plot_format(takes, sizeof takes, pl_view_number(action, "lead_s", 0.0), "s");
        if (!pl_table_row(table, PL_STYLE_PLAIN)) {
            break;
        }
        pl_table_set(table, 0, memory);
        pl_table_set(table, 1, pl_view_string(action, "title"));
        pl_table_set(table, 2, takes);
    }
    pl_table_draw(&view->term, table, out);
}

static void draw_postmortem(struct pl_view *view, const json_t *postmortem, struct pl_buf *out)
{
    /* The fields in the order in which the session writes them. */
    union {
        const json_t *borrowed;
        json_t *tree;
    } fields = {.borrowed = json_object_get(postmortem, "fields")};
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(fields.tree, key, value)
    {
        const char *text = json_string_value(value);
        if (text != NULL && text[0] != '\0') {
            pl_term_wrap(&view->term, out, PL_STYLE_STRONG, 2, key);
            pl_term_wrap(&view->term, out, PL_STYLE_PLAIN, 4, text);
        }
    }
}

static void draw_wait(struct pl_view *view, const json_t *answer, struct pl_buf *out)
{
    if (json_array_size(json_object_get(answer, "events")) == 0) {
        char line[64];
        snprintf(line, sizeof line, "Nothing came in until %s.", pl_view_string(answer, "clock"));
        pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, line);
    }
}

static void draw_observation(struct pl_view *view, const json_t *answer, struct pl_buf *out)
{
    const json_t *observation = json_object_get(answer, "observation");
    if (is_type(observation, "belief")) {
        pl_view_belief(view, observation, out);
    } else if (is_type(observation, "preview")) {
        draw_preview(view, observation, out);
    } else if (is_type(observation, "act")) {
        draw_act(view, observation, out);
    } else if (is_type(observation, "posted")) {
        draw_posted(view, observation, out);
    } else if (is_type(observation, "actions")) {
        draw_actions(view, observation, out);
    } else if (is_type(observation, "postmortem")) {
        draw_postmortem(view, observation, out);
    } else if (is_type(observation, "wait")) {
        draw_wait(view, answer, out);
    } else if (is_type(observation, "debrief")) {
        pl_view_debrief(view, observation, out);
    } else if (!is_type(observation, "tick")) {
        pl_view_observation(view, observation, out);
    }
}

void pl_view_answer(struct pl_view *view, const json_t *answer, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    const json_t *error = json_object_get(answer, "error");
    if (error != NULL) {
        pl_term_wrap(&view->term, out, PL_STYLE_PLAIN, 2, pl_view_string(error, "message"));
    } else {
        draw_observation(view, answer, out);
    }
    pl_view_events(view, json_object_get(answer, "events"), out);
}
