// SPDX-License-Identifier: Apache-2.0
#include "observe/pattern.h"

#include "base/check.h"

#include <string.h>

enum { KIND_BYTE, KIND_ANY, KIND_CLASS, TEXT_MAX = 256 };

_Static_assert(PL_PATTERN_LENGTH_MAX < 63, "positions of an alternative fit 64 bits");

static void class_add(uint32_t *set, uint32_t low, uint32_t high)
{
    for (uint32_t byte = low; byte <= high; byte++) {
        set[byte / 32] |= UINT32_C(1) << (byte % 32);
    }
}

/* Set of an escape letter; false when the letter stands for itself. */
static bool class_escape(uint32_t *set, char letter)
{
    switch (letter) {
    case 'd':
        class_add(set, '0', '9');
        return true;
    case 'w':
        class_add(set, '0', '9');
        class_add(set, 'a', 'z');
        class_add(set, 'A', 'Z');
        class_add(set, '_', '_');
        return true;
    case 's':
        class_add(set, ' ', ' ');
        class_add(set, '\t', '\r');
        return true;
    default:
        return false;
    }
}

/* Read `[...]` from `at`, just after the bracket; returns the position after it, 0 on error. */
static size_t read_class(uint32_t *set, pl_slice text, size_t at)
{
    bool negate = at < text.size && text.data[at] == '^';
    at += negate ? 1 : 0;
    size_t first = at;
    while (at < text.size && (text.data[at] != ']' || at == first)) {
        unsigned char low = (unsigned char)text.data[at];
        if (low == '\\' && at + 1 < text.size) {
            at++;
            if (class_escape(set, text.data[at])) {
                at++;
                continue;
            }
            low = (unsigned char)text.data[at];
        }
        unsigned char high = low;
        if (at + 2 < text.size && text.data[at + 1] == '-' && text.data[at + 2] != ']') {
            high = (unsigned char)text.data[at + 2];
            at += 2;
        }
        if (high < low) {
            return 0;
        }
        class_add(set, low, high);
        at++;
    }
    if (at >= text.size) {
        return 0;
    }
    for (uint32_t i = 0; negate && i < 8; i++) {
        set[i] = ~set[i];
    }
    return at + 1;
}

static const char *
add_class(struct pl_pattern *pattern, struct pl_pattern_element *element, const uint32_t *set)
{
    if (pattern->class_count == PL_PATTERN_CLASSES_MAX) {
        return "has too many classes";
    }
    memcpy(pattern->classes[pattern->class_count], set, sizeof(pattern->classes[0]));
    element->kind = KIND_CLASS;
    element->number = (uint8_t)pattern->class_count;
    pattern->class_count += 1;
    return NULL;
}

/* Read one element at `*at` and move on. */
static const char *read_element(struct pl_pattern *pattern,
                                struct pl_pattern_element *element,
                                pl_slice text,
                                size_t *at)
{
    char letter = text.data[*at];
    uint32_t set[8] = {0};
    *at += 1;
    if (letter == '.') {
        element->kind = KIND_ANY;
        return NULL;
    }
    if (letter == '[') {
        size_t next = read_class(set, text, *at);
        if (next == 0) {
            return "has a `[` without its `]`, or a range that runs backwards";
        }
        *at = next;
        return add_class(pattern, element, set);
    }
    if (letter == '\\') {
        if (*at == text.size) {
            return "ends with a lone backslash";
        }
        letter = text.data[*at];
        *at += 1;
        if (class_escape(set, letter)) {
            return add_class(pattern, element, set);
        }
    } else if (strchr("*+?", letter) != NULL) {
        return "has a quantifier that follows nothing";
    } else if (strchr("()", letter) != NULL) {
        return "uses more than one group, a nested group or an unbalanced one";
    } else if (strchr("{}", letter) != NULL) {
        return "uses a counted repetition, which is not supported here";
    }
    element->kind = KIND_BYTE;
    element->byte = (uint8_t)letter;
    return NULL;
}

/* Compile one alternative without groups and `|`. */
static const char *compile_alternative(struct pl_pattern *pattern, pl_slice text)
{
    if (pattern->alternative_count == PL_PATTERN_ALTERNATIVES_MAX) {
        return "has too many alternatives";
    }
    uint32_t start = pattern->element_count;
    size_t at = 0;
    while (at < text.size) {
        if (pattern->element_count == PL_PATTERN_ELEMENTS_MAX ||
            pattern->element_count - start == PL_PATTERN_LENGTH_MAX) {
            return "is too long";
        }
        struct pl_pattern_element *element = &pattern->elements[pattern->element_count];
        *element = (struct pl_pattern_element){0, 0, 0, 0};
        const char *wrong = read_element(pattern, element, text, &at);
        if (wrong != NULL) {
            return wrong;
        }
        if (at < text.size && strchr("*+?", text.data[at]) != NULL) {
            element->quantifier = (uint8_t)text.data[at];
            at++;
        }
        pattern->element_count += 1;
    }
    pattern->alternative_count += 1;
    pattern->starts[pattern->alternative_count] = pattern->element_count;
    return NULL;
}

/* Position of the first unescaped `letter` outside of classes from `at`, or the size. */
static size_t find_plain(pl_slice text, size_t at, char letter)
{
    bool in_class = false;
    while (at < text.size) {
        char here = text.data[at];
        if (here == '\\') {
            at += 2;
            continue;
        }
        if (!in_class && here == letter) {
            return at;
        }
        in_class = here == '[' || (in_class && here != ']');
        at++;
    }
    return text.size;
}

/* One alternative of the whole: expand its group, if it has one. */
static const char *compile_branch(struct pl_pattern *pattern, pl_slice text)
{
    size_t open = find_plain(text, 0, '(');
    if (open == text.size) {
        return compile_alternative(pattern, text);
    }
    size_t close = find_plain(text, open, ')');
    if (close == text.size) {
        return "has a `(` without its `)`";
    }
    if (close + 1 < text.size && strchr("*+?{", text.data[close + 1]) != NULL) {
        return "repeats a group, which is not supported here";
    }
    size_t from = open + 1;
    if (close - from >= 2 && memcmp(text.data + from, "?:", 2) == 0) {
        from += 2;
    }
    while (from <= close) {
        pl_slice inner = {text.data, close};
        size_t end = find_plain(inner, from, '|');
        char joined[TEXT_MAX];
        size_t tail = text.size - close - 1;
        if (open + (end - from) + tail > sizeof(joined)) {
            return "is too long";
        }
        memcpy(joined, text.data, open);
        memcpy(joined + open, text.data + from, end - from);
        memcpy(joined + open + (end - from), text.data + close + 1, tail);
        const char *wrong =
            compile_alternative(pattern, (pl_slice){joined, open + (end - from) + tail});
        if (wrong != NULL) {
            return wrong;
        }
        from = end + 1;
    }
    return NULL;
}

/* End of the alternative that starts at `from`: the next `|` outside of the group. */
static size_t branch_end(pl_slice text, size_t from)
{
    size_t bar = find_plain(text, from, '|');
    size_t open = find_plain(text, from, '(');
    if (open < bar) {
        size_t close = find_plain(text, open, ')');
        bar = close == text.size ? text.size : find_plain(text, close, '|');
    }
    return bar;
}

const char *pl_pattern_compile(struct pl_pattern *pattern, pl_slice text)
{
    PL_CHECK(pattern != NULL);
    memset(pattern, 0, sizeof(*pattern));
    if (text.size >= TEXT_MAX) {
        return "is too long";
    }
    size_t from = 0;
    while (from <= text.size) {
        size_t end = branch_end(text, from);
        const char *wrong = compile_branch(pattern, (pl_slice){text.data + from, end - from});
        if (wrong != NULL) {
            return wrong;
        }
        from = end + 1;
    }
    return NULL;
}

static bool element_takes(const struct pl_pattern *pattern,
                          const struct pl_pattern_element *element,
                          unsigned char byte)
{
    if (element->kind == KIND_CLASS) {
        return (pattern->classes[element->number][byte / 32] >> (byte % 32) & 1) != 0;
    }
    return element->kind == KIND_ANY || element->byte == byte;
}

/* Add the positions that are reached without taking a byte. */
static uint64_t closure(const struct pl_pattern_element *elements, uint32_t count, uint64_t set)
{
    for (uint32_t i = 0; i < count; i++) {
        bool here = (set >> i & 1) != 0;
        if (here && (elements[i].quantifier == '*' || elements[i].quantifier == '?')) {
            set |= UINT64_C(1) << (i + 1);
        }
    }
    return set;
}

static bool alternative_matches(const struct pl_pattern *pattern, uint32_t which, pl_slice text)
{
    const struct pl_pattern_element *elements = pattern->elements + pattern->starts[which];
    uint32_t count = pattern->starts[which + 1] - pattern->starts[which];
    uint64_t set = closure(elements, count, 1);
    for (size_t at = 0; at < text.size && set != 0; at++) {
        uint64_t next = 0;
        for (uint32_t i = 0; i < count; i++) {
            bool takes = (set >> i & 1) != 0 &&
                         element_takes(pattern, &elements[i], (unsigned char)text.data[at]);
            if (!takes) {
                continue;
            }
            bool again = elements[i].quantifier == '*' || elements[i].quantifier == '+';
            next |= UINT64_C(1) << (i + 1);
            next |= again ? UINT64_C(1) << i : 0;
        }
        set = closure(elements, count, next);
    }
    return (set >> count & 1) != 0;
}

bool pl_pattern_match(const struct pl_pattern *pattern, pl_slice text)
{
    PL_CHECK(pattern != NULL);
    for (uint32_t i = 0; i < pattern->alternative_count; i++) {
        if (alternative_matches(pattern, i, text)) {
            return true;
        }
    }
    return false;
}
