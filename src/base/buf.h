// SPDX-License-Identifier: Apache-2.0
//
// Borrowed slices and bounded output buffers.
//
// A pl_buf never allocates: it writes into memory of its owner. What does not fit is dropped and
// `overflow` stays set, so a writer may go on and the owner checks once at the end.
// Invariant: data[size] is always a terminating zero.
#ifndef PL_BASE_BUF_H
#define PL_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of somebody else, not terminated. */
typedef struct {
    const char *data;
    size_t size;
} pl_slice;

/** Bounded text output. */
struct pl_buf {
    char *data;      /* borrowed from the owner for the life of the buffer */
    size_t size;     /* bytes written */
    size_t capacity; /* bytes of data, terminator included */
    bool overflow;   /* something did not fit */
};

/** Slice over a terminated string. */
pl_slice pl_slice_of(const char *text);

/** True when both hold the same bytes. */
bool pl_slice_equal(pl_slice a, pl_slice b);

/**
 * Start an empty buffer over `data`.
 *
 * @param buf       filled
 * @param data      borrowed memory
 * @param capacity  bytes of data, at least 1
 */
void pl_buf_init(struct pl_buf *buf, char *data, size_t capacity);

/** Forget what was written, keep the memory. */
void pl_buf_clear(struct pl_buf *buf);

/** Append raw bytes. */
void pl_buf_put(struct pl_buf *buf, const char *bytes, size_t size);

/** Append a terminated string. */
void pl_buf_puts(struct pl_buf *buf, const char *text);

/** Append formatted text. */
void pl_buf_printf(struct pl_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
