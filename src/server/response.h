// SPDX-License-Identifier: Apache-2.0
//
// The bytes of an answer. Every answer, whatever it is, carries the same security headers.
#ifndef PL_SERVER_RESPONSE_H
#define PL_SERVER_RESPONSE_H

#include "base/buf.h"
#include "server/codes.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_RESPONSE_HEAD_MAX = 4096, /* bytes of the head of an answer */
    PL_RESPONSE_ERROR_MAX = 4096 /* bytes of the JSON of an error */
};

/** One header line of an answer. */
struct pl_http_header {
    const char *name;
    const char *value; /* without control characters (checked) */
};

/** What the head of an answer says. */
struct pl_response_def {
    int status;                           /* 100..599 */
    const char *type;                     /* content type, NULL when there is no body */
    uint64_t body_size;                   /* bytes of the body */
    bool streams;                         /* the body ends with the connection: no Content-Length */
    bool keep_alive;                      /* else the connection is closed after it */
    bool secure;                          /* the base URL is https: tell browsers to stay there */
    const char *cache;                    /* Cache-Control, NULL for no-store */
    const char *request_id;               /* may be NULL */
    const struct pl_http_header *headers; /* further ones, headers[header_count] */
    uint32_t header_count;
};

/** Append the head of an answer with its empty line. */
void pl_response_put_head(struct pl_buf *buf, const struct pl_response_def *def);

/**
 * Append the JSON of an error.
 *
 * @param buf         appended to, PL_RESPONSE_ERROR_MAX bytes are enough
 * @param code        what went wrong
 * @param message     what happened, one sentence
 * @param hint        what to do, may be NULL
 * @param request_id  id of the request
 */
void pl_response_put_error(struct pl_buf *buf,
                           enum pl_codes_id code,
                           const char *message,
                           const char *hint,
                           const char *request_id);

/** Reason phrase of an HTTP status, "" for one that has none here. */
const char *pl_response_reason(int status);

#endif
