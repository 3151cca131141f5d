// SPDX-License-Identifier: Apache-2.0
//
// A content document while it is read: nodes by name, and mistakes with their places.
//
// Every reader reports what was found and what is expected, and goes on, so that one pass over a
// file lists all of its mistakes.
#ifndef PL_SCENARIO_READER_H
#define PL_SCENARIO_READER_H

#include "base/buf.h"
#include "base/error.h"
#include "text/yaml.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_READER_SHOWN_MAX = 60 /* bytes of a value that a message quotes */ };

/** A file in memory. */
struct pl_file {
    const char *path; /* as errors shall name it; borrowed for the call */
    pl_slice text;
};

/** A document being read, with everything that its readers share. */
struct pl_reader {
    const struct pl_yaml *yaml;
    struct pl_errors *errors;
    double slice; /* fleet / simulated, at least 1 */
};

/** Report a mistake at the value of a node. */
void pl_reader_error(struct pl_reader *reader, uint32_t node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Report a mistake at the key of a node. */
void pl_reader_key_error(struct pl_reader *reader, uint32_t node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Node of a document. */
const struct pl_yaml_node *pl_reader_at(const struct pl_reader *reader, uint32_t node);

/** First entry of a map or list, 0 when empty or a scalar. */
uint32_t pl_reader_first(const struct pl_reader *reader, uint32_t node);

/** Next entry of the same parent, 0 at the end. */
uint32_t pl_reader_next(const struct pl_reader *reader, uint32_t node);

/** Entry of a map with this key, 0 when there is none. */
uint32_t pl_reader_get(const struct pl_reader *reader, uint32_t map, const char *key);

/**
 * Check that a node is a map (list, scalar), else report what it is.
 *
 * @param what  name of the thing in the message: "pools"
 */
bool pl_reader_is_map(struct pl_reader *reader, uint32_t node, const char *what);
/** As pl_reader_is_map, for lists. */
bool pl_reader_is_list(struct pl_reader *reader, uint32_t node, const char *what);
/** As pl_reader_is_map, for single values; an empty value is reported too. */
bool pl_reader_is_scalar(struct pl_reader *reader, uint32_t node, const char *what);

/** True when the text of a scalar is exactly this. */
bool pl_reader_text_is(const struct pl_reader *reader, uint32_t node, const char *text);

/**
 * Copy a name into a struct and report what is not one.
 *
 * @param text   name as written
 * @param node   place for the message
 * @param what   "service"
 * @param out    filled, size bytes
 */
bool pl_reader_copy_name(struct pl_reader *reader,
                         pl_slice text,
                         uint32_t node,
                         const char *what,
                         char *out,
                         size_t size);

/** Bytes of a slice that a message quotes, for `%.*s`. */
int pl_reader_shown(pl_slice text);

/** Position of a word in `one|two|three`, or PL_NONE. */
uint32_t pl_field_choice(const char *words, pl_slice word);

/**
 * Write ` (did you mean `x`?)` into `out` when one of `words` is near, else nothing.
 *
 * @param words  `one|two|three`
 */
void pl_reader_hint(const char *words, pl_slice word, char *out, size_t size);

#endif
