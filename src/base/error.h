// SPDX-License-Identifier: Apache-2.0
//
// Status codes, positions and error values.
//
// A function that can fail because of input or environment returns pl_status and fills a pl_error
// that the caller owns. The message is one full sentence fit for the user. The first error wins.
// Content readers report many errors at once: they collect pl_error values in a pl_errors list.
#ifndef PL_BASE_ERROR_H
#define PL_BASE_ERROR_H

#include <stdbool.h>
#include <stdint.h>

/** One line per status: constant, name, exit code of the process, HTTP status. */
#define PL_STATUS_MAP(X)                 \
    X(PL_OK, "ok", 0, 200)               \
    X(PL_BAD_INPUT, "bad_input", 2, 400) \
    X(PL_NOT_FOUND, "not_found", 2, 404) \
    X(PL_CONFLICT, "conflict", 2, 409)   \
    X(PL_LIMIT, "limit", 2, 413)         \
    X(PL_CORRUPT, "corrupt", 3, 500)     \
    X(PL_IO, "io", 3, 500)               \
    X(PL_NO_MEMORY, "no_memory", 3, 500) \
    X(PL_UNSUPPORTED, "unsupported", 2, 501)

/** Outcome of a call that can fail for reasons outside the code. PL_OK is 0. */
typedef enum {
#define X(constant, name, exit_code, http) constant,
    PL_STATUS_MAP(X)
#undef X
} pl_status;

enum {
    PL_ERROR_MESSAGE_MAX = 320, /* bytes of a message with its terminator */
    PL_ERROR_PATH_MAX = 200,    /* bytes of a path with its terminator */
    PL_ERRORS_MAX = 64          /* errors that one list keeps */
};

/** Place in a text: line and column count from 1, 0 means unknown. */
typedef struct {
    uint32_t line;
    uint32_t column;
    char path[PL_ERROR_PATH_MAX]; /* file name as the user gave it, may be empty */
} pl_pos;

/** An error with its place and one whole sentence. A zeroed value means "no error yet". */
typedef struct {
    pl_status status;
    pl_pos pos;
    char message[PL_ERROR_MESSAGE_MAX];
} pl_error;

/** A bounded list of errors; `count` keeps counting past PL_ERRORS_MAX, `items` does not. */
struct pl_errors {
    uint32_t count;
    pl_error items[PL_ERRORS_MAX];
};

/**
 * Fill `err` unless it holds an error already, and return `status`. Control characters that the
 * arguments bring along become `?`, so a message may quote foreign text.
 *
 * @param err     filled, may be NULL when the caller wants only the status
 * @param status  any status but PL_OK
 * @param pos     place, copied, may be NULL
 * @param format  printf format of one sentence without a final newline
 * @return status
 */
pl_status pl_fail(pl_error *err, pl_status status, const pl_pos *pos, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/**
 * Append an error to a list; past the limit only the count grows.
 *
 * @param errors  list, changed
 * @param status  any status but PL_OK
 * @param pos     place, copied, may be NULL
 * @param format  printf format of one sentence
 */
void pl_errors_add(struct pl_errors *errors,
                   pl_status status,
                   const pl_pos *pos,
                   const char *format,
                   ...) __attribute__((format(printf, 4, 5)));

/** Stable lower-case name of a status, for JSON and logs. */
const char *pl_status_name(pl_status status);

/** Exit code of a process that ends with this status: 0 ok, 2 the user's input, 3 environment. */
int pl_status_exit_code(pl_status status);

/** HTTP status that stands for this status. */
int pl_status_http(pl_status status);

/**
 * Write `path:line:column: message` (parts that are unknown are left out) into `text`.
 *
 * @param err   error to render
 * @param text  filled, always terminated
 * @param size  bytes of `text`, at least 1
 */
void pl_error_format(const pl_error *err, char *text, uint32_t size);

#endif
