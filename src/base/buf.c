// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"

#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

pl_slice pl_slice_of(const char *text)
{
    PL_CHECK(text != NULL);
    return (pl_slice){text, strlen(text)};
}

bool pl_slice_equal(pl_slice a, pl_slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

void pl_buf_init(struct pl_buf *buf, char *data, size_t capacity)
{
    PL_CHECK(buf != NULL);
    PL_CHECK(data != NULL);
    PL_CHECK(capacity >= 1);
    buf->data = data;
    buf->capacity = capacity;
    pl_buf_clear(buf);
}

void pl_buf_clear(struct pl_buf *buf)
{
    buf->size = 0;
    buf->overflow = false;
    buf->data[0] = '\0';
}

void pl_buf_put(struct pl_buf *buf, const char *bytes, size_t size)
{
    PL_CHECK(buf != NULL);
    PL_CHECK(bytes != NULL || size == 0);
    PL_CHECK(buf->size < buf->capacity);
    if (size == 0) {
        return;
    }
    size_t room = buf->capacity - 1 - buf->size;
    if (size > room) {
        buf->overflow = true;
        size = room;
    }
    memcpy(buf->data + buf->size, bytes, size);
    buf->size += size;
    buf->data[buf->size] = '\0';
}

void pl_buf_puts(struct pl_buf *buf, const char *text)
{
    PL_CHECK(text != NULL);
    pl_buf_put(buf, text, strlen(text));
}

void pl_buf_printf(struct pl_buf *buf, const char *format, ...)
{
    PL_CHECK(buf != NULL);
    PL_CHECK(format != NULL);
    PL_CHECK(buf->size < buf->capacity);
    size_t room = buf->capacity - buf->size;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buf->data + buf->size, room, format, arguments);
    va_end(arguments);
    PL_CHECK(length >= 0);
    if ((size_t)length >= room) {
        buf->overflow = true;
        buf->size = buf->capacity - 1;
    } else {
        buf->size += (size_t)length;
    }
}
