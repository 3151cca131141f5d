// SPDX-License-Identifier: Apache-2.0
#include "cli/waterfall.h"

#include "base/check.h"
#include "cli/plot.h"

#include <stdio.h>
#include <string.h>

enum { NAME_COLUMNS_MIN = 20, NAME_COLUMNS_MAX = 48, BAR_COLUMNS_MAX = 200, DEPTH_MAX = 16 };

struct span {
    const json_t *json;
    const char *id;
    const char *parent;
    double start_ms;
    double end_ms;
    uint32_t depth;
    uint32_t parent_index; /* in the list, SPANS_MAX: root or parent unknown */
    uint32_t drawn;
};

struct trace {
    uint32_t count;
    double start_ms;
    double end_ms;
    struct span spans[PL_WATERFALL_SPANS_MAX];
    uint32_t order[PL_WATERFALL_SPANS_MAX];
};

static void read_spans(struct trace *trace, const json_t *spans)
{
    memset(trace, 0, sizeof *trace);
    for (size_t i = 0; i < json_array_size(spans) && trace->count < PL_WATERFALL_SPANS_MAX; i++) {
        const json_t *json = json_array_get(spans, i);
        struct span *span = &trace->spans[trace->count];
        span->json = json;
        span->id = pl_view_string(json, "id");
        span->parent = pl_view_string(json, "parent");
        span->start_ms = pl_view_number(json, "start_ms", 0.0);
        span->end_ms = span->start_ms + pl_view_number(json, "duration_ms", 0.0);
        bool first = trace->count == 0;
        trace->start_ms =
            first || span->start_ms < trace->start_ms ? span->start_ms : trace->start_ms;
        trace->end_ms = first || span->end_ms > trace->end_ms ? span->end_ms : trace->end_ms;
        trace->count++;
    }
    for (uint32_t i = 0; i < trace->count; i++) {
        trace->spans[i].parent_index = PL_WATERFALL_SPANS_MAX;
        for (uint32_t k = 0; k < trace->count && trace->spans[i].parent[0] != '\0'; k++) {
            if (k != i && strcmp(trace->spans[k].id, trace->spans[i].parent) == 0) {
                trace->spans[i].parent_index = k;
            }
        }
    }
}

/* Next undrawn child of `parent` by start, then by position; SPANS_MAX when there is none. */
static uint32_t next_child(const struct trace *trace, uint32_t parent)
{
    uint32_t best = PL_WATERFALL_SPANS_MAX;
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct span *span = &trace->spans[i];
        if (!span->drawn && span->parent_index == parent &&
            (best == PL_WATERFALL_SPANS_MAX || span->start_ms < trace->spans[best].start_ms)) {
            best = i;
        }
    }
    return best;
}

/* Depth first without recursion: the stack is the chain of parents. Spans in a cycle of parents,
 * which only broken data has, are never reached and therefore not drawn. */
static uint32_t sort_spans(struct trace *trace)
{
    uint32_t sorted = 0;
    uint32_t at = PL_WATERFALL_SPANS_MAX;
    for (;;) {
        uint32_t child = next_child(trace, at);
        if (child != PL_WATERFALL_SPANS_MAX) {
            struct span *span = &trace->spans[child];
            span->drawn = 1;
            span->depth = at == PL_WATERFALL_SPANS_MAX ? 0 : trace->spans[at].depth + 1;
            trace->order[sorted++] = child;
            at = child;
        } else if (at != PL_WATERFALL_SPANS_MAX) {
            at = trace->spans[at].parent_index;
        } else {
            return sorted;
        }
    }
}

/* True when a child of `parent` is at work in from..until milliseconds. */
static bool child_covers(const struct trace *trace, uint32_t parent, double from, double until)
{
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct span *span = &trace->spans[i];
        if (span->parent_index == parent && span->start_ms < until && span->end_ms > from) {
            return true;
        }
    }
    return false;
}

static void put_bar(const struct pl_term *term,
                    struct pl_buf *out,
                    const struct trace *trace,
                    uint32_t index,
                    uint32_t columns)
{
    const struct span *span = &trace->spans[index];
    double scale = (trace->end_ms - trace->start_ms) / (double)columns;
    double from = scale > 0.0 ? (span->start_ms - trace->start_ms) / scale : 0.0;
    double until = scale > 0.0 ? (span->end_ms - trace->start_ms) / scale : (double)columns;
    uint32_t first = (uint32_t)from < columns ? (uint32_t)from : columns - 1;
    uint32_t last = (uint32_t)until > first ? (uint32_t)until : first + 1;
    bool failed = strcmp(pl_view_string(span->json, "status"), "Error") == 0 ||
                  strcmp(pl_view_string(span->json, "status"), "error") == 0;
    enum pl_style thick = failed ? PL_STYLE_BAD : PL_STYLE_SERIES;
    for (uint32_t column = 0; column < columns; column++) {
        if (column < first || column >= last) {
            pl_buf_puts(out, " ");
            continue;
        }
        double left = trace->start_ms + scale * (double)column;
        bool thin = child_covers(trace, index, left, left + scale);
        const char *glyph = term->utf8 ? (thin ? "\xe2\x94\x80" : "\xe2\x96\x88")
                            : thin     ? "-"
                                       : "=";
        pl_term_put(term, out, thin ? PL_STYLE_FAINT : thick, glyph);
    }
}

static void span_label(char *text, size_t size, const struct span *span, const char *parent_service)
{
    const char *service = pl_view_string(span->json, "service");
    const char *name = pl_view_string(span->json, "name");
    uint32_t depth = span->depth < DEPTH_MAX ? span->depth : DEPTH_MAX;
    bool same = strcmp(service, parent_service) == 0;
    snprintf(text, size, "%*s%s%s%s", (int)depth, "", same ? "" : service, same ? "" : " ", name);
}

static const char *service_above(const struct trace *trace, const struct span *span)
{
    return span->parent_index < PL_WATERFALL_SPANS_MAX
               ? pl_view_string(trace->spans[span->parent_index].json, "service")
               : "";
}

static void put_span(const struct pl_term *term,
                     struct pl_buf *out,
                     const struct trace *trace,
                     uint32_t index,
                     uint32_t name_columns)
{
    const struct span *span = &trace->spans[index];
    char label[256];
    span_label(label, sizeof label, span, service_above(trace, span));
    char duration[32];
    pl_plot_format(duration, sizeof duration, (span->end_ms - span->start_ms) / 1000.0, "s");
    uint32_t bar = term->columns - name_columns - 2 - 1 - 9 - 2;
    pl_term_pad(out, 2);
    uint32_t used = pl_term_put_cut(term, out, PL_STYLE_PLAIN, label, name_columns);
    pl_term_pad(out, name_columns - used + 1);
    put_bar(term, out, trace, index, bar < BAR_COLUMNS_MAX ? bar : BAR_COLUMNS_MAX);
    uint32_t width = pl_term_width(duration);
    pl_term_pad(out, width < 9 ? 9 - width : 1);
    pl_term_put(term, out, PL_STYLE_PLAIN, duration);
    const char *status = pl_view_string(span->json, "status");
    if (strcmp(status, "Error") == 0 || strcmp(status, "error") == 0) {
        pl_term_put(term, out, PL_STYLE_BAD, " !");
    }
    pl_buf_puts(out, "\n");
}

static uint32_t widest_label(const struct pl_term *term, const struct trace *trace, uint32_t count)
{
    uint32_t widest = NAME_COLUMNS_MIN;
    for (uint32_t i = 0; i < count; i++) {
        const struct span *span = &trace->spans[trace->order[i]];
        char label[256];
        span_label(label, sizeof label, span, service_above(trace, span));
        uint32_t width = pl_term_width(label);
        widest = width > widest ? width : widest;
    }
    uint32_t most =
        term->columns / 2 - 4 < NAME_COLUMNS_MAX ? term->columns / 2 - 4 : NAME_COLUMNS_MAX;
    return widest < most ? widest : most;
}

void pl_waterfall_draw(struct pl_view *view, const json_t *observation, struct pl_buf *out)
{
    PL_CHECK(view != NULL);
    const json_t *spans = json_object_get(observation, "spans");
    struct trace trace;
    read_spans(&trace, spans);
    uint32_t count = sort_spans(&trace);
    if (count == 0) {
        pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, "The trace has no spans.");
        return;
    }
    uint32_t name_columns = widest_label(&view->term, &trace, count);
    for (uint32_t i = 0; i < count; i++) {
        put_span(&view->term, out, &trace, trace.order[i], name_columns);
    }
    if (json_array_size(spans) > count) {
        char note[64];
        snprintf(note, sizeof note, "%zu spans are not drawn.", json_array_size(spans) - count);
        pl_term_wrap(&view->term, out, PL_STYLE_FAINT, 2, note);
    }
    pl_term_wrap(&view->term,
                 out,
                 PL_STYLE_FAINT,
                 2,
                 view->term.utf8
                     ? "\xe2\x96\x88 the span itself or an unseen wait, \xe2\x94\x80 inside its "
                       "children, ! error"
                     : "= the span itself or an unseen wait, - inside its children, ! error");
}
