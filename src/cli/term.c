// SPDX-License-Identifier: Apache-2.0
#include "cli/term.h"

#include "base/check.h"

#include <string.h>

enum { FLOW_SIZE = 8192 /* longer prose keeps its line breaks */ };

/* Parameters of the escape sequence that starts each style. Yellow and blue of the 16 colours are
 * weak on white and on black respectively, so the first series use neither. */
static const char *const sgr[PL_STYLE_SERIES + PL_TERM_SERIES] = {
    "", "90", "1", "33", "31", "32", "36", "35", "33", "32", "34", "1"};

static const struct {
    uint32_t point;
    const char *plain;
} plain_forms[] = {
    {0x00b5, "u"},  {0x00b7, "."},  {0x00d7, "x"},  {0x2013, "-"},  {0x2014, "-"},
    {0x2018, "'"},  {0x2019, "'"},  {0x201c, "\""}, {0x201d, "\""}, {0x2026, "..."},
    {0x2190, "<-"}, {0x2192, "->"}, {0x2265, ">="}, {0x2264, "<="}, {0x00e9, "e"},
    {0x00fc, "ue"}, {0x00f6, "oe"}, {0x00e4, "ae"}, {0x00df, "ss"}, {0x2248, "~"},
    {0x2022, "*"},  {0x2713, "ok"}, {0x2717, "x"},  {0x00a0, " "},  {0x202f, " "},
};

size_t pl_term_decode(const char *text, uint32_t *point)
{
    PL_CHECK(text != NULL);
    PL_CHECK(point != NULL);
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = 1;
    uint32_t value = bytes[0];
    if (bytes[0] >= 0xf0 && bytes[0] < 0xf5) {
        length = 4;
        value = bytes[0] & 0x07u;
    } else if (bytes[0] >= 0xe0 && bytes[0] < 0xf0) {
        length = 3;
        value = bytes[0] & 0x0fu;
    } else if (bytes[0] >= 0xc2 && bytes[0] < 0xe0) {
        length = 2;
        value = bytes[0] & 0x1fu;
    } else if (bytes[0] >= 0x80) {
        *point = 0xfffd;
        return 1;
    }
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0u) != 0x80u) {
            *point = 0xfffd;
            return 1;
        }
        value = (value << 6) | (bytes[i] & 0x3fu);
    }
    *point = value;
    return length;
}

void pl_term_encode(struct pl_buf *out, uint32_t point)
{
    char bytes[4];
    size_t size = 0;
    if (point < 0x80) {
        bytes[size++] = (char)point;
    } else if (point < 0x800) {
        bytes[size++] = (char)(0xc0u | (point >> 6));
        bytes[size++] = (char)(0x80u | (point & 0x3fu));
    } else if (point < 0x10000) {
        bytes[size++] = (char)(0xe0u | (point >> 12));
        bytes[size++] = (char)(0x80u | ((point >> 6) & 0x3fu));
        bytes[size++] = (char)(0x80u | (point & 0x3fu));
    } else {
        bytes[size++] = (char)(0xf0u | ((point >> 18) & 0x07u));
        bytes[size++] = (char)(0x80u | ((point >> 12) & 0x3fu));
        bytes[size++] = (char)(0x80u | ((point >> 6) & 0x3fu));
        bytes[size++] = (char)(0x80u | (point & 0x3fu));
    }
    pl_buf_put(out, bytes, size);
}

/* C0 and C1 controls, and the marks that reorder text, must not reach the terminal. */
static bool drives_terminal(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

static void put_point(const struct pl_term *term, struct pl_buf *out, uint32_t point)
{
    if (drives_terminal(point)) {
        pl_buf_puts(out, "?");
    } else if (term->utf8 || point < 0x80) {
        pl_term_encode(out, point);
    } else {
        for (size_t i = 0; i < sizeof plain_forms / sizeof plain_forms[0]; i++) {
            if (plain_forms[i].point == point) {
                pl_buf_puts(out, plain_forms[i].plain);
                return;
            }
        }
        pl_buf_puts(out, "?");
    }
}

void pl_term_put_slice(const struct pl_term *term,
                       struct pl_buf *out,
                       enum pl_style style,
                       pl_slice text)
{
    PL_CHECK(term != NULL);
    PL_CHECK((size_t)style < sizeof sgr / sizeof sgr[0]);
    bool styled = term->colour && sgr[style][0] != '\0' && text.size > 0;
    if (styled) {
        pl_buf_printf(out, "\033[%sm", sgr[style]);
    }
    for (size_t i = 0; i < text.size;) {
        /* A character may be cut by the end of the slice: decode from a terminated copy. */
        char next[5] = {0};
        size_t left = text.size - i;
        memcpy(next, text.data + i, left < 4 ? left : 4);
        uint32_t point = 0;
        i += pl_term_decode(next, &point);
        put_point(term, out, point);
    }
    if (styled) {
        pl_buf_puts(out, "\033[0m");
    }
}

void pl_term_put(const struct pl_term *term,
                 struct pl_buf *out,
                 enum pl_style style,
                 const char *text)
{
    pl_term_put_slice(term, out, style, pl_slice_of(text));
}

void pl_term_pad(struct pl_buf *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        pl_buf_puts(out, " ");
    }
}

uint32_t pl_term_width(const char *text)
{
    PL_CHECK(text != NULL);
    uint32_t width = 0;
    while (*text != '\0') {
        uint32_t point = 0;
        text += pl_term_decode(text, &point);
        width++;
    }
    return width;
}

size_t pl_term_fit(const char *text, uint32_t columns)
{
    PL_CHECK(text != NULL);
    const char *at = text;
    for (uint32_t used = 0; *at != '\0' && used < columns; used++) {
        uint32_t point = 0;
        at += pl_term_decode(at, &point);
    }
    return (size_t)(at - text);
}

uint32_t pl_term_put_cut(const struct pl_term *term,
                         struct pl_buf *out,
                         enum pl_style style,
                         const char *text,
                         uint32_t columns)
{
    uint32_t width = pl_term_width(text);
    if (width <= columns) {
        pl_term_put(term, out, style, text);
        return width;
    }
    uint32_t dots = term->utf8 ? 1 : 3;
    uint32_t kept = columns > dots ? columns - dots : 0;
    pl_slice start = {text, pl_term_fit(text, kept)};
    pl_term_put_slice(term, out, style, start);
    if (columns > dots) {
        pl_term_put(term, out, style, "\xe2\x80\xa6");
        return columns;
    }
    return kept;
}

/* Bytes of the longest start of `text` that fits `columns` and ends before a space or newline. */
static size_t line_length(const char *text, uint32_t columns)
{
    size_t newline = strcspn(text, "\n");
    size_t fit = pl_term_fit(text, columns);
    if (newline <= fit) {
        return newline;
    }
    if (text[fit] == '\0') {
        return fit;
    }
    size_t end = fit;
    while (end > 0 && text[end] != ' ') {
        end--;
    }
    return end > 0 ? end : fit;
}

void pl_term_wrap(const struct pl_term *term,
                  struct pl_buf *out,
                  enum pl_style style,
                  uint32_t indent,
                  const char *text)
{
    PL_CHECK(term != NULL);
    PL_CHECK(indent < term->columns);
    do {
        size_t length = line_length(text, term->columns - indent);
        if (length > 0) {
            pl_term_pad(out, indent);
            pl_slice line = {text, length};
            pl_term_put_slice(term, out, style, line);
        }
        pl_buf_puts(out, "\n");
        text += length;
        if (*text == '\n') {
            text++;
        } else {
            text += strspn(text, " ");
        }
    } while (*text != '\0');
}

/* Columns of the mark at the start of a list item, `- ` or `12. `; 0: it is none. */
static uint32_t mark_width(const char *line)
{
    if ((line[0] == '-' || line[0] == '*') && line[1] == ' ') {
        return 2;
    }
    size_t digits = strspn(line, "0123456789");
    return digits > 0 && line[digits] == '.' && line[digits + 1] == ' ' ? (uint32_t)digits + 2 : 0;
}

/* True when the line break before `next` is the author's intent and not the width of a file. */
static bool break_stays(const char *next, bool in_item)
{
    size_t spaces = strspn(next, " ");
    const char *first = next + spaces;
    if (mark_width(first) > 0 || strchr("\n#|-", *first) != NULL) {
        return true;
    }
    return spaces > 0 && (!in_item || spaces > 3);
}

/* One line with its list mark hanging. */
static void wrap_item(const struct pl_term *term,
                      struct pl_buf *out,
                      enum pl_style style,
                      uint32_t indent,
                      char *line)
{
    uint32_t mark = mark_width(line);
    if (mark == 0 || indent + mark + 10 > term->columns) {
        pl_term_wrap(term, out, style, indent, line);
        return;
    }
    char memory[FLOW_SIZE * 2];
    struct pl_buf wrapped;
    pl_buf_init(&wrapped, memory, sizeof memory);
    pl_term_wrap(term, &wrapped, style, indent + mark, line + mark);
    pl_term_pad(out, indent);
    pl_slice head = {line, mark};
    pl_term_put_slice(term, out, style, head);
    pl_buf_puts(out, memory + strspn(memory, " "));
}

/* Take one logical line, its breaks joined; returns where the next one begins. */
static size_t join_line(const char *text, size_t end, size_t at, char *line)
{
    size_t size = 0;
    bool in_item = mark_width(text + at) > 0;
    while (at < end && size + 1 < FLOW_SIZE) {
        if (text[at] != '\n') {
            line[size++] = text[at++];
        } else if (size == 0 || break_stays(text + at + 1, in_item)) {
            break;
        } else {
            line[size++] = ' ';
            at += 1 + strspn(text + at + 1, " ");
        }
    }
    line[size] = '\0';
    return at < end && text[at] != '\n' ? at : at + 1;
}

void pl_term_flow(const struct pl_term *term,
                  struct pl_buf *out,
                  enum pl_style style,
                  uint32_t indent,
                  const char *text)
{
    PL_CHECK(text != NULL);
    char line[FLOW_SIZE];
    size_t end = strlen(text);
    while (end > 0 && text[end - 1] == '\n') {
        end--;
    }
    for (size_t at = 0; at <= end;) {
        at = join_line(text, end, at, line);
        wrap_item(term, out, style, indent, line);
    }
}
