// SPDX-License-Identifier: Apache-2.0
#include "cli/view_logs.h"

#include "base/check.h"

#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 4096, CONTINUE_INDENT = 4 };

/* Severity words as they stand in application, PostgreSQL and Kubernetes lines. */
static enum pl_style line_style(const char *text)
{
    static const char *const bad[] = {"ERROR", "FATAL", "PANIC", "CRITICAL", NULL};
    for (size_t i = 0; bad[i] != NULL; i++) {
        if (strstr(text, bad[i]) != NULL) {
            return PL_STYLE_BAD;
        }
    }
    return strstr(text, "WARN") != NULL ? PL_STYLE_PROMPT : PL_STYLE_PLAIN;
}

/* Attributes that only repeat what the player asked for. */
static bool is_noise(const char *key)
{
    static const char *const keys[] = {
        "timestamp", "severity_text", "body", "service.name", "service.version", "span_id", NULL};
    for (size_t i = 0; keys[i] != NULL; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Sixteen digits of a trace id are enough to look it up, and the pod is what the name says. */
static void put_attribute(struct pl_buf *line, const char *key, const json_t *value)
{
    if (strcmp(key, "trace_id") == 0 && json_is_string(value)) {
        pl_buf_printf(line, "  %s=%.16s", key, json_string_value(value));
    } else if (strcmp(key, "k8s.pod.name") == 0 && json_is_string(value)) {
        pl_buf_printf(line, "  pod=%s", json_string_value(value));
    } else if (json_is_string(value)) {
        pl_buf_printf(line, "  %s=%s", key, json_string_value(value));
    } else if (json_is_integer(value)) {
        pl_buf_printf(line, "  %s=%" JSON_INTEGER_FORMAT, key, json_integer_value(value));
    } else if (json_is_real(value)) {
        pl_buf_printf(line, "  %s=%g", key, json_real_value(value));
    } else if (json_is_boolean(value)) {
        pl_buf_printf(line, "  %s=%s", key, json_is_true(value) ? "true" : "false");
    }
}

/* `2026-11-21T11:41:58.113Z` becomes `11:41:58.113`. */
static void put_time(struct pl_buf *line, const char *timestamp)
{
    const char *time = strchr(timestamp, 'T');
    time = time != NULL ? time + 1 : timestamp;
    pl_slice shown = {time, strcspn(time, "Z+")};
    pl_buf_put(line, shown.data, shown.size);
}

/* Rewrite an application's JSON line; false when it is none. */
static bool rewrite(const char *text, struct pl_buf *line)
{
    if (text[0] != '{') {
        return false;
    }
    json_t *record = NULL;
    pl_error err = {0};
    if (pl_json_in_load(pl_slice_of(text), LINE_SIZE * 4, NULL, &record, &err) != PL_OK) {
        return false;
    }
    const char *body = json_string_value(json_object_get(record, "body"));
    if (body != NULL) {
        put_time(line, pl_view_string(record, "timestamp"));
        pl_buf_printf(line, " %-5s %s", pl_view_string(record, "severity_text"), body);
        const char *key = NULL;
        json_t *value = NULL;
        json_object_foreach(record, key, value)
        {
            if (!is_noise(key)) {
                put_attribute(line, key, value);
            }
        }
    }
    json_decref(record);
    return body != NULL;
}

/* First line indented by two, continuation by more. */
static void
put_hanging(const struct pl_term *term, struct pl_buf *out, enum pl_style style, const char *text)
{
    uint32_t room = term->columns - 2;
    uint32_t indent = 2;
    while (*text != '\0') {
        size_t newline = strcspn(text, "\n");
        size_t fit = pl_term_fit(text, room);
        size_t length = newline < fit ? newline : fit;
        if (length == fit && text[fit] != '\0' && text[fit] != '\n') {
            size_t end = fit;
            while (end > fit / 2 && text[end] != ' ') {
                end--;
            }
            length = end > fit / 2 ? end : fit;
        }
        pl_term_pad(out, indent);
        pl_slice part = {text, length};
        while (part.size > 0 && text[part.size - 1] == ' ') {
            part.size--;
        }
        pl_term_put_slice(term, out, style, part);
        pl_buf_puts(out, "\n");
        text += length;
        text += *text == '\n' ? 1 : strspn(text, " ");
        indent = CONTINUE_INDENT;
        room = term->columns - CONTINUE_INDENT;
    }
}

/* The most frequent messages, when more lines matched than are shown. */
static void put_patterns(struct pl_view *view, const json_t *patterns, struct pl_buf *out)
{
    pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, "By message:");
    for (size_t i = 0; i < json_array_size(patterns); i++) {
        const json_t *pattern = json_array_get(patterns, i);
        char memory[LINE_SIZE];
        struct pl_buf line;
        pl_buf_init(&line, memory, sizeof memory);
        pl_buf_printf(&line,
                      "%8.0f  %s",
                      pl_view_number(pattern, "count", 0.0),
                      pl_view_string(pattern, "text"));
        put_hanging(&view->term, out, PL_STYLE_PLAIN, memory);
    }
}

void pl_view_logs(struct pl_view *view, const json_t *observation, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    const json_t *lines = json_object_get(observation, "lines");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const char *text = pl_view_string(json_array_get(lines, i), "text");
        char memory[LINE_SIZE];
        struct pl_buf line;
        pl_buf_init(&line, memory, sizeof memory);
        const char *shown = rewrite(text, &line) ? memory : text;
        put_hanging(&view->term, out, line_style(shown), shown);
    }
    double matched = pl_view_number(observation, "matched", 0.0);
    double count = pl_view_number(observation, "shown", (double)json_array_size(lines));
    char note[120];
    snprintf(note, sizeof note, "%.0f of %.0f matching lines.", count, matched);
    pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, matched > 0.0 ? note : "No line matches.");
    const json_t *patterns = json_object_get(observation, "patterns");
    if (matched > count && json_array_size(patterns) > 1) {
        put_patterns(view, patterns, out);
    }
}
