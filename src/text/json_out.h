// SPDX-License-Identifier: Apache-2.0
//
// Streaming writer of compact JSON onto a pl_buf.
//
// The same calls give the same bytes on every machine: no spaces, members in the order of the
// calls, numbers as the shortest decimal that reads back as the same double (15, 16 or 17 digits),
// strings escaped where RFC 8259 demands it, bytes that are not UTF-8 replaced by U+FFFD. Misuse
// (a value without a key, an end without its begin, a number that is not finite) is a bug and fails
// a check. What does not fit the buffer shows as buf->overflow.
#ifndef PL_TEXT_JSON_OUT_H
#define PL_TEXT_JSON_OUT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_JSON_OUT_DEPTH_MAX = 64 };

/** A document being written. */
struct pl_json_out {
    struct pl_buf *buf;                        /* borrowed until pl_json_out_end */
    uint32_t depth;                            /* open objects and arrays */
    uint8_t states[PL_JSON_OUT_DEPTH_MAX + 1]; /* what each open level expects next */
};

/** Start a document: exactly one value follows. */
void pl_json_out_begin(struct pl_json_out *out, struct pl_buf *buf);

/** Check that the document is complete. */
void pl_json_out_end(const struct pl_json_out *out);

/** Open an object as the next value. */
void pl_json_out_object_begin(struct pl_json_out *out);

/** Close the innermost object. */
void pl_json_out_object_end(struct pl_json_out *out);

/** Open an array as the next value. */
void pl_json_out_array_begin(struct pl_json_out *out);

/** Close the innermost array. */
void pl_json_out_array_end(struct pl_json_out *out);

/** Write the key of the next member; the caller keeps keys of an object distinct. */
void pl_json_out_key(struct pl_json_out *out, const char *key);

/** Write a string value. */
void pl_json_out_string(struct pl_json_out *out, const char *text);

/** Write a string value from a slice. */
void pl_json_out_slice(struct pl_json_out *out, pl_slice text);

/** Write an integer value. */
void pl_json_out_integer(struct pl_json_out *out, int64_t value);

/** Write a number; it must be finite (checked); -0 is written as 0. */
void pl_json_out_number(struct pl_json_out *out, double value);

/** Write true or false. */
void pl_json_out_bool(struct pl_json_out *out, bool value);

/** Write null. */
void pl_json_out_null(struct pl_json_out *out);

/** Write a value that is JSON already; the caller vouches for it. */
void pl_json_out_raw(struct pl_json_out *out, pl_slice json);

/** Write a member with a string value. */
void pl_json_out_member_string(struct pl_json_out *out, const char *key, const char *text);

/** Write a member with a string value from a slice. */
void pl_json_out_member_slice(struct pl_json_out *out, const char *key, pl_slice text);

/** Write a member with an integer value. */
void pl_json_out_member_integer(struct pl_json_out *out, const char *key, int64_t value);

/** Write a member with a finite number. */
void pl_json_out_member_number(struct pl_json_out *out, const char *key, double value);

/** Write a member with true or false. */
void pl_json_out_member_bool(struct pl_json_out *out, const char *key, bool value);

/** Append `text` to `buf` as a JSON string with its quotes, outside of any document. */
void pl_json_out_put_string(struct pl_buf *buf, pl_slice text);

/** Append the shortest decimal that reads back as `value` (finite, checked). */
void pl_json_out_put_number(struct pl_buf *buf, double value);

#endif
