// SPDX-License-Identifier: Apache-2.0
//
// The head of a request: bytes in, a request or a refusal out. It knows no socket and no clock.
//
// Where the standard leaves a choice between accepting and refusing, it refuses, because a proxy in
// front may have chosen otherwise:
//  1. Lines end with CR LF and nothing else; no control character stands anywhere else.
//  2. Header names are tokens directly before their colon; no line continues another one.
//  3. A header that decides something (host, length, type, origin ...) stands at most once.
//  4. A body has one Content-Length of plain digits. Transfer-Encoding is refused with 411, and
//     together with Content-Length with 400.
//  5. A GET, HEAD, OPTIONS or DELETE has no body.
#ifndef PL_SERVER_REQUEST_H
#define PL_SERVER_REQUEST_H

#include "base/buf.h"
#include "server/route.h"
#include "server/target.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_REQUEST_HEAD_MAX = 16384, /* bytes of a head with its empty line */
    PL_REQUEST_HEADERS_MAX = 64  /* header lines */
};

/** What is known about a head of which some bytes have come. */
enum pl_request_progress {
    PL_REQUEST_MORE,   /* further bytes are needed */
    PL_REQUEST_WHOLE,  /* the head is complete */
    PL_REQUEST_REFUSED /* whatever follows, it is no request */
};

/** A head that was read; texts are inside the text that it was read from. */
struct pl_request {
    enum pl_method method;
    struct pl_target target;
    const char *host;      /* value of Host, not empty */
    uint64_t body_size;    /* Content-Length, 0 when there is none */
    bool keep_alive;       /* the connection may stay open */
    bool expects_continue; /* waits for 100 before it sends the body */
    uint32_t header_count;
    struct {
        const char *name;  /* as written */
        const char *value; /* without spaces around */
    } headers[PL_REQUEST_HEADERS_MAX];
};

/**
 * Look for the end of a head.
 *
 * @param bytes      all bytes since the end of the last request
 * @param head_size  filled with the bytes of the head when it is complete
 * @param refusal    filled when it is refused
 * @return what is known
 */
enum pl_request_progress
pl_request_scan(pl_slice bytes, size_t *head_size, struct pl_refusal *refusal);

/**
 * Read a complete head in place.
 *
 * @param request  filled
 * @param head     the bytes of the head, changed, borrowed for the life of `request`
 * @param size     as found by pl_request_scan (checked: ends with an empty line)
 * @param refusal  filled when it is refused
 * @return false when it is refused
 */
bool pl_request_read(struct pl_request *request,
                     char *head,
                     size_t size,
                     struct pl_refusal *refusal);

/** Value of a header, NULL when it is not there; the case of the name does not matter. */
const char *pl_request_header(const struct pl_request *request, const char *name);

#endif
