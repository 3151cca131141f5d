// SPDX-License-Identifier: Apache-2.0
#include "text/excerpt.h"

#include "base/check.h"

#include <stddef.h>
#include <string.h>

static size_t character_size(unsigned char lead)
{
    return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

/* ASCII controls, a stray continuation byte, or a C1 control in its two-byte form. */
static int is_unsafe(const char *at, size_t size)
{
    unsigned char first = (unsigned char)at[0];
    if (first < 0x20 || first == 0x7f || (first >= 0x80 && first < 0xc2)) {
        return 1;
    }
    return size == 2 && first == 0xc2 && (unsigned char)at[1] < 0xa0;
}

/* Bytes of the next character, kept inside the text. */
static size_t next_size(pl_slice text, size_t at)
{
    size_t size = character_size((unsigned char)text.data[at]);
    return size < text.size - at ? size : text.size - at;
}

void pl_excerpt_put(struct pl_buf *buf, pl_slice text)
{
    PL_CHECK(buf != NULL);
    PL_CHECK(text.data != NULL || text.size == 0);
    size_t at = 0;
    while (at < text.size) {
        size_t size = next_size(text, at);
        if (is_unsafe(text.data + at, size)) {
            pl_buf_put(buf, "?", 1);
        } else {
            pl_buf_put(buf, text.data + at, size);
        }
        at += size;
    }
}

pl_excerpt pl_excerpt_of(pl_slice text)
{
    static const char mark[] = "...";
    PL_CHECK(text.data != NULL || text.size == 0);
    size_t whole = 0;     /* bytes that fit */
    size_t shortened = 0; /* bytes that fit with the mark behind them */
    while (whole < text.size && whole + next_size(text, whole) < PL_EXCERPT_SIZE) {
        whole += next_size(text, whole);
        if (whole + sizeof mark <= PL_EXCERPT_SIZE) {
            shortened = whole;
        }
    }
    pl_excerpt out;
    struct pl_buf buf;
    pl_buf_init(&buf, out.text, sizeof out.text);
    if (whole == text.size) {
        pl_excerpt_put(&buf, text);
    } else {
        pl_excerpt_put(&buf, (pl_slice){text.data, shortened});
        pl_buf_puts(&buf, mark);
    }
    PL_CHECK(!buf.overflow);
    return out;
}
