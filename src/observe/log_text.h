// SPDX-License-Identifier: Apache-2.0
//
// Text of log lines, in the formats of applications, PostgreSQL and Kubernetes.
#ifndef PL_OBSERVE_LOG_TEXT_H
#define PL_OBSERVE_LOG_TEXT_H

#include "base/buf.h"
#include "observe/observe_block_types.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_LOG_LINE_MAX = 2048 };

/** Severities, rising. */
enum pl_log_level { PL_LEVEL_INFO, PL_LEVEL_WARN, PL_LEVEL_ERROR };

/** Where a line is written. */
enum pl_log_place { PL_LOG_OF_SERVICE, PL_LOG_OF_DATABASE, PL_LOG_OF_EVENTS, PL_LOG_OF_EDGE };

/** One event of the fleet: an event of the record, or a copy of it on a twin. */
struct pl_log_line {
    const struct pl_log *log;
    int64_t t_ns;
    uint64_t key; /* stream of its random details */
    uint32_t twin;
    uint32_t reserved;
};

/** True when an event is written at a place: `index` is the service or database, else unused. */
bool pl_log_text_belongs(const struct pl_world *world,
                         const struct pl_log *log,
                         uint32_t place,
                         uint32_t index);

/** Severity of an event at a place. */
enum pl_log_level pl_log_text_level(const struct pl_log *log, uint32_t place);

/** Name of a severity: INFO, WARN, ERROR. */
const char *pl_log_text_level_name(uint32_t level);

/** Append the line of an event at a place, without a newline. */
void pl_log_text_put(const struct pl_observe *observe,
                     const struct pl_log_line *line,
                     uint32_t place,
                     struct pl_buf *out);

/** A line of an application that is not an event of the record. */
struct pl_log_app {
    int64_t t_ns;
    uint64_t key;
    uint32_t service;
    uint32_t pod; /* global, or PL_NONE */
    uint32_t twin;
    uint32_t level; /* enum pl_log_level */
    uint64_t trace; /* 0: none */
    uint32_t route; /* or PL_NONE */
    uint32_t release;
    const char *body;
    const char *exception; /* type, or NULL */
};

/** Append the JSON line of an application. */
void pl_log_text_app(const struct pl_observe *observe,
                     const struct pl_log_app *app,
                     struct pl_buf *out);

/** Append a line of a PostgreSQL server: time, process, user and the message. */
void pl_log_text_postgres(const struct pl_observe *observe,
                          int64_t t_ns,
                          uint64_t key,
                          uint32_t database,
                          const char *message,
                          struct pl_buf *out);

/** Write the 32 hex digits of a trace's id and a terminator. */
void pl_log_text_trace_id(uint64_t trace, char *text);

/** Name of the pod at a position at a moment, "" when it is not known. */
const char *
pl_log_text_pod(const struct pl_observe *observe, uint32_t pod, uint32_t twin, int64_t t_ns);

#endif
