// SPDX-License-Identifier: Apache-2.0
#include "scenario/reader.h"

#include "model/world.h"
#include "text/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static void
report(struct pl_reader *reader, const pl_pos *pos, const char *format, va_list list)
{
    char text[PL_ERROR_MESSAGE_MAX];
    (void)vsnprintf(text, sizeof text, format, list);
    pl_errors_add(reader->errors, PL_BAD_INPUT, pos, "%s", text);
}

void pl_reader_error(struct pl_reader *reader, uint32_t node, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    pl_pos pos = pl_yaml_pos(reader->yaml, node);
    report(reader, &pos, format, list);
    va_end(list);
}

void pl_reader_key_error(struct pl_reader *reader, uint32_t node, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    pl_pos pos = pl_yaml_key_pos(reader->yaml, node);
    report(reader, &pos, format, list);
    va_end(list);
}

const struct pl_yaml_node *pl_reader_at(const struct pl_reader *reader, uint32_t node)
{
    return pl_yaml_at(reader->yaml, node);
}

uint32_t pl_reader_first(const struct pl_reader *reader, uint32_t node)
{
    return pl_yaml_at(reader->yaml, node)->first_child;
}

uint32_t pl_reader_next(const struct pl_reader *reader, uint32_t node)
{
    return pl_yaml_at(reader->yaml, node)->next;
}

uint32_t pl_reader_get(const struct pl_reader *reader, uint32_t map, const char *key)
{
    return pl_yaml_find(reader->yaml, map, key);
}

int pl_reader_shown(pl_slice text)
{
    return text.size > PL_READER_SHOWN_MAX ? PL_READER_SHOWN_MAX : (int)text.size;
}

static const char *kind_name(const struct pl_reader *reader, uint32_t node)
{
    switch (pl_reader_at(reader, node)->kind) {
    case PL_YAML_MAP:
        return "a map";
    case PL_YAML_LIST:
        return "a list";
    case PL_YAML_SCALAR:
        break;
    }
    return pl_yaml_is_null(reader->yaml, node) ? "nothing" : "a single value";
}

bool pl_reader_is_map(struct pl_reader *reader, uint32_t node, const char *what)
{
    if (pl_reader_at(reader, node)->kind == PL_YAML_MAP) {
        return true;
    }
    pl_reader_error(
        reader, node, "`%s` is %s; a map `key: value` is expected.", what, kind_name(reader, node));
    return false;
}

bool pl_reader_is_list(struct pl_reader *reader, uint32_t node, const char *what)
{
    if (pl_reader_at(reader, node)->kind == PL_YAML_LIST) {
        return true;
    }
    pl_reader_error(reader,
                    node,
                    "`%s` is %s; a list of `- entries` is expected.",
                    what,
                    kind_name(reader, node));
    return false;
}

bool pl_reader_is_scalar(struct pl_reader *reader, uint32_t node, const char *what)
{
    if (pl_reader_at(reader, node)->kind == PL_YAML_SCALAR &&
        !pl_yaml_is_null(reader->yaml, node)) {
        return true;
    }
    pl_reader_error(
        reader, node, "`%s` is %s; a single value is expected.", what, kind_name(reader, node));
    return false;
}

bool pl_reader_text_is(const struct pl_reader *reader, uint32_t node, const char *text)
{
    const struct pl_yaml_node *at = pl_reader_at(reader, node);
    return at->kind == PL_YAML_SCALAR && pl_slice_equal(at->text, pl_slice_of(text));
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool pl_reader_copy_name(struct pl_reader *reader,
                         pl_slice text,
                         uint32_t node,
                         const char *what,
                         char *out,
                         size_t size)
{
    bool good = text.size > 0 && text.size < size;
    for (size_t i = 0; good && i < text.size; i++) {
        good = is_name_byte(text.data[i]);
    }
    if (!good) {
        pl_reader_key_error(reader,
                            node,
                            "`%.*s` is no name for a %s; 1 to %zu letters, digits, - and _ are "
                            "expected.",
                            pl_reader_shown(text),
                            text.data,
                            what,
                            size - 1);
        return false;
    }
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return true;
}

uint32_t pl_field_choice(const char *words, pl_slice word)
{
    uint32_t index = 0;
    const char *at = words;
    for (;;) {
        const char *end = strchr(at, '|');
        pl_slice one = {.data = at, .size = end != NULL ? (size_t)(end - at) : strlen(at)};
        if (pl_slice_equal(one, word)) {
            return index;
        }
        if (end == NULL) {
            return PL_NONE;
        }
        at = end + 1;
        index++;
    }
}

void pl_reader_hint(const char *words, pl_slice word, char *out, size_t size)
{
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, word);
    for (const char *at = words; at != NULL;) {
        const char *end = strchr(at, '|');
        pl_slice one = {.data = at, .size = end != NULL ? (size_t)(end - at) : strlen(at)};
        pl_suggest_offer(&suggest, one);
        at = end != NULL ? end + 1 : NULL;
    }
    pl_slice best = pl_suggest_best(&suggest);
    out[0] = '\0';
    if (best.data != NULL) {
        (void)snprintf(out, size, " (did you mean `%.*s`?)", (int)best.size, best.data);
    }
}
