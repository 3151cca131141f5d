// SPDX-License-Identifier: Apache-2.0
#include "text/json_out.h"

#include "base/check.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a level expects next. */
enum {
    ROOT_VALUE,   /* the one value of the document */
    ROOT_DONE,    /* nothing more */
    OBJECT_FIRST, /* first key or the end */
    OBJECT_NEXT,  /* comma and key, or the end */
    OBJECT_VALUE, /* value of the last key */
    ARRAY_FIRST,  /* first value or the end */
    ARRAY_NEXT    /* comma and value, or the end */
};

void pl_json_out_begin(struct pl_json_out *out, struct pl_buf *buf)
{
    PL_CHECK(out != NULL && buf != NULL);
    memset(out, 0, sizeof *out);
    out->buf = buf;
    out->states[0] = ROOT_VALUE;
}

void pl_json_out_end(const struct pl_json_out *out)
{
    PL_CHECK(out != NULL);
    PL_CHECK(out->depth == 0);
    PL_CHECK(out->states[0] == ROOT_DONE);
}

/* Check that a value may stand here, write the comma before it, and step the level on. */
static void before_value(struct pl_json_out *out)
{
    PL_CHECK(out != NULL);
    uint8_t *state = &out->states[out->depth];
    PL_CHECK(*state == ROOT_VALUE || *state == OBJECT_VALUE || *state == ARRAY_FIRST ||
             *state == ARRAY_NEXT);
    if (*state == ARRAY_NEXT) {
        pl_buf_put(out->buf, ",", 1);
    }
    *state = *state == ROOT_VALUE ? ROOT_DONE : *state == OBJECT_VALUE ? OBJECT_NEXT : ARRAY_NEXT;
}

static void open_level(struct pl_json_out *out, const char *bracket, uint8_t state)
{
    before_value(out);
    PL_CHECK(out->depth < PL_JSON_OUT_DEPTH_MAX);
    out->depth++;
    out->states[out->depth] = state;
    pl_buf_put(out->buf, bracket, 1);
}

static void close_level(struct pl_json_out *out, const char *bracket, uint8_t first, uint8_t next)
{
    PL_CHECK(out != NULL);
    PL_CHECK(out->depth > 0);
    PL_CHECK(out->states[out->depth] == first || out->states[out->depth] == next);
    out->depth--;
    pl_buf_put(out->buf, bracket, 1);
}

void pl_json_out_object_begin(struct pl_json_out *out)
{
    open_level(out, "{", OBJECT_FIRST);
}

void pl_json_out_object_end(struct pl_json_out *out)
{
    close_level(out, "}", OBJECT_FIRST, OBJECT_NEXT);
}

void pl_json_out_array_begin(struct pl_json_out *out)
{
    open_level(out, "[", ARRAY_FIRST);
}

void pl_json_out_array_end(struct pl_json_out *out)
{
    close_level(out, "]", ARRAY_FIRST, ARRAY_NEXT);
}

void pl_json_out_key(struct pl_json_out *out, const char *key)
{
    PL_CHECK(out != NULL && key != NULL);
    uint8_t *state = &out->states[out->depth];
    PL_CHECK(*state == OBJECT_FIRST || *state == OBJECT_NEXT);
    if (*state == OBJECT_NEXT) {
        pl_buf_put(out->buf, ",", 1);
    }
    *state = OBJECT_VALUE;
    pl_json_out_put_string(out->buf, pl_slice_of(key));
    pl_buf_put(out->buf, ":", 1);
}

void pl_json_out_string(struct pl_json_out *out, const char *text)
{
    pl_json_out_slice(out, pl_slice_of(text));
}

void pl_json_out_slice(struct pl_json_out *out, pl_slice text)
{
    before_value(out);
    pl_json_out_put_string(out->buf, text);
}

void pl_json_out_integer(struct pl_json_out *out, int64_t value)
{
    before_value(out);
    pl_buf_printf(out->buf, "%lld", (long long)value);
}

void pl_json_out_number(struct pl_json_out *out, double value)
{
    before_value(out);
    pl_json_out_put_number(out->buf, value);
}

void pl_json_out_bool(struct pl_json_out *out, bool value)
{
    before_value(out);
    pl_buf_puts(out->buf, value ? "true" : "false");
}

void pl_json_out_null(struct pl_json_out *out)
{
    before_value(out);
    pl_buf_puts(out->buf, "null");
}

void pl_json_out_raw(struct pl_json_out *out, pl_slice json)
{
    PL_CHECK(json.size > 0);
    before_value(out);
    pl_buf_put(out->buf, json.data, json.size);
}

void pl_json_out_member_string(struct pl_json_out *out, const char *key, const char *text)
{
    pl_json_out_key(out, key);
    pl_json_out_string(out, text);
}

void pl_json_out_member_slice(struct pl_json_out *out, const char *key, pl_slice text)
{
    pl_json_out_key(out, key);
    pl_json_out_slice(out, text);
}

void pl_json_out_member_integer(struct pl_json_out *out, const char *key, int64_t value)
{
    pl_json_out_key(out, key);
    pl_json_out_integer(out, value);
}

void pl_json_out_member_number(struct pl_json_out *out, const char *key, double value)
{
    pl_json_out_key(out, key);
    pl_json_out_number(out, value);
}

void pl_json_out_member_bool(struct pl_json_out *out, const char *key, bool value)
{
    pl_json_out_key(out, key);
    pl_json_out_bool(out, value);
}

/* Bytes of the well-formed UTF-8 character at `at`, 0 when there is none (RFC 3629, section 4). */
static size_t utf8_size(const unsigned char *at, size_t left)
{
    unsigned char first = at[0];
    size_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (size == 0 || size > left || first > 0xf4) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    if ((first == 0xe0 && at[1] < 0xa0) || (first == 0xed && at[1] > 0x9f) ||
        (first == 0xf0 && at[1] < 0x90) || (first == 0xf4 && at[1] > 0x8f)) {
        return 0;
    }
    return size;
}

static void put_escape(struct pl_buf *buf, unsigned char c)
{
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; i + 1 < sizeof named; i += 2) {
        if ((unsigned char)named[i] == c) {
            pl_buf_put(buf, "\\", 1);
            pl_buf_put(buf, &named[i + 1], 1);
            return;
        }
    }
    pl_buf_printf(buf, "\\u%04x", c);
}

void pl_json_out_put_string(struct pl_buf *buf, pl_slice text)
{
    PL_CHECK(buf != NULL);
    PL_CHECK(text.data != NULL || text.size == 0);
    pl_buf_put(buf, "\"", 1);
    size_t plain = 0; /* start of the run that needs no change */
    size_t at = 0;
    while (at < text.size) {
        const unsigned char *byte = (const unsigned char *)text.data + at;
        size_t size = utf8_size(byte, text.size - at);
        if (size > 0 && *byte >= 0x20 && *byte != '"' && *byte != '\\') {
            at += size;
            continue;
        }
        pl_buf_put(buf, text.data + plain, at - plain);
        if (size == 0) {
            pl_buf_puts(buf, "\xef\xbf\xbd");
        } else {
            put_escape(buf, *byte);
        }
        at++;
        plain = at;
    }
    if (at > plain) {
        pl_buf_put(buf, text.data + plain, at - plain);
    }
    pl_buf_put(buf, "\"", 1);
}

void pl_json_out_put_number(struct pl_buf *buf, double value)
{
    PL_CHECK(buf != NULL);
    PL_CHECK(isfinite(value));
    if (fpclassify(value) == FP_ZERO) {
        pl_buf_put(buf, "0", 1);
        return;
    }
    char text[32];
    for (int precision = 15; precision <= 17; precision++) {
        (void)snprintf(text, sizeof text, "%.*g", precision, value);
        double back = strtod(text, NULL);
        if (memcmp(&back, &value, sizeof value) == 0) {
            break;
        }
    }
    /* A host program may have set a locale that writes a comma. */
    char *comma = strchr(text, ',');
    if (comma != NULL) {
        *comma = '.';
    }
    pl_buf_puts(buf, text);
}
