// SPDX-License-Identifier: Apache-2.0
//
// Reads one HTTP/1.1 answer from bytes that arrive in any pieces.
//
// Enough for a load generator: the status, where the answer ends, and whether the connection may be
// used again. The body is skipped, not kept. Chunked bodies are refused.
// Source: RFC 9112, sections 4, 5 and 6.
#ifndef PL_RANGE_REPLY_H
#define PL_RANGE_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_REPLY_HEAD_MAX = 4096 };

/** How far an answer is. */
enum pl_reply_phase { PL_REPLY_HEAD, PL_REPLY_BODY, PL_REPLY_DONE, PL_REPLY_BROKEN };

/** An answer being read; zeroed memory is one that has not begun. */
struct pl_reply {
    uint32_t phase;     /* enum pl_reply_phase */
    uint32_t status;    /* HTTP status, 0 until the head is there */
    uint32_t close;     /* 1: the connection ends with this answer */
    uint32_t head_size; /* bytes of head */
    uint64_t body_left; /* bytes of the body that are still missing */
    char head[PL_REPLY_HEAD_MAX];
};

/**
 * Take the next bytes of a connection.
 *
 * @param reply  changed; not DONE or BROKEN (checked)
 * @param bytes  bytes[size]
 * @param size   0 or more
 * @return bytes taken; fewer than `size` only when the answer is DONE or BROKEN
 */
size_t pl_reply_take(struct pl_reply *reply, const char *bytes, size_t size);

#endif
