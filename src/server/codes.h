// SPDX-License-Identifier: Apache-2.0
//
// The codes by which an answer of the API says what went wrong. They are stable: a client may
// compare them, so a code is never renamed and never changes its meaning. The docs page lists them.
#ifndef PL_SERVER_CODES_H
#define PL_SERVER_CODES_H

#include "base/error.h"

/** One line per code: constant, name, HTTP status, what it means. */
#define PL_CODES_MAP(X)                                                                            \
    X(PL_CODES_BAD_REQUEST, "bad_request", 400, "The request does not follow HTTP/1.1 strictly.")  \
    X(PL_CODES_BAD_PATH, "bad_path", 400, "The path has dots, empty parts or bytes not allowed.")  \
    X(PL_CODES_BAD_HOST, "bad_host", 400, "The Host header is missing, repeated or malformed.")    \
    X(PL_CODES_BAD_JSON, "bad_json", 400, "The body is not the JSON that this call wants.")        \
    X(PL_CODES_BAD_VALUE, "bad_value", 400, "A parameter has a value that is not possible.")       \
    X(PL_CODES_SIGN_IN, "sign_in_required", 401, "This call needs somebody who is signed in.")     \
    X(PL_CODES_WRONG_PASSWORD, "wrong_password", 401, "Name and password do not fit together.")    \
    X(PL_CODES_NEEDS_CODE, "code_required", 401, "The account asks for a code as well.")           \
    X(PL_CODES_WRONG_CODE, "wrong_code", 401, "The code is not good, or was used already.")        \
    X(PL_CODES_CROSS_SITE, "cross_site", 403, "The request was made by a page of another site.")   \
    X(PL_CODES_FORBIDDEN, "forbidden", 403, "This call is not for this role.")                     \
    X(PL_CODES_NOT_FOUND, "not_found", 404, "Nothing is at this address, or it is not yours.")     \
    X(PL_CODES_BAD_METHOD, "bad_method", 405, "The address exists, for other methods.")            \
    X(PL_CODES_TIMEOUT, "timeout", 408, "The request did not arrive completely in time.")          \
    X(PL_CODES_CONFLICT, "conflict", 409, "The call does not fit the state of the session.")       \
    X(PL_CODES_SESSION_OPEN, "session_open", 409, "This is shown after the end of the session.")   \
    X(PL_CODES_SESSION_CLOSED, "session_closed", 409, "The session has ended.")                    \
    X(PL_CODES_NOT_SEEN, "not_seen", 409, "A panel is refreshed only after a first look at it.")   \
    X(PL_CODES_LENGTH_REQUIRED, "length_required", 411, "A body needs a Content-Length.")          \
    X(PL_CODES_BODY_TOO_LARGE, "body_too_large", 413, "The body is larger than this call takes.")  \
    X(PL_CODES_PATH_TOO_LONG, "path_too_long", 414, "The address is longer than any of ours.")     \
    X(PL_CODES_WRONG_TYPE, "wrong_content_type", 415, "The body must be application/json.")        \
    X(PL_CODES_EXPECTATION, "expectation_failed", 417, "The Expect header asks what is not done.") \
    X(PL_CODES_WRONG_HOST, "wrong_host", 421, "The server is not known under this name.")          \
    X(PL_CODES_REFUSED, "command_refused", 422, "The command was understood and refused.")         \
    X(PL_CODES_TOO_MANY, "too_many_requests", 429, "The rate limit of this call is used up.")      \
    X(PL_CODES_TOO_MANY_STREAMS,                                                                   \
      "too_many_streams",                                                                          \
      429,                                                                                         \
      "The limit of event streams is used up.")                                                    \
    X(PL_CODES_HEAD_TOO_LARGE,                                                                     \
      "head_too_large",                                                                            \
      431,                                                                                         \
      "The head is too large or has too many lines.")                                              \
    X(PL_CODES_INTERNAL,                                                                           \
      "internal",                                                                                  \
      500,                                                                                         \
      "The server failed; the request id helps to find out why.")                                  \
    X(PL_CODES_UNKNOWN_METHOD, "unknown_method", 501, "The method is none that the server knows.") \
    X(PL_CODES_BUSY, "busy", 503, "The server has no room now; Retry-After says when to try.")     \
    X(PL_CODES_NOT_READY, "not_ready", 503, "The server is starting or stopping.")                 \
    X(PL_CODES_BAD_VERSION, "bad_version", 505, "Only HTTP/1.1 and HTTP/1.0 are spoken.")

/** What went wrong, for programs. */
enum pl_codes_id {
#define X(constant, name, http, meaning) constant,
    PL_CODES_MAP(X)
#undef X
        PL_CODES_COUNT
};

/** Stable lower-case name of a code. */
const char *pl_codes_name(enum pl_codes_id code);

/** HTTP status that goes with a code, 400..599. */
int pl_codes_http(enum pl_codes_id code);

/** One sentence that says what a code means. */
const char *pl_codes_meaning(enum pl_codes_id code);

/** The code that stands for a status other than PL_OK of a function below the server. */
enum pl_codes_id pl_codes_of_status(pl_status status);

#endif
