// SPDX-License-Identifier: Apache-2.0
//
// Strict reading of one JSON text through jansson: duplicate keys, trailing text, NUL characters,
// depth above PL_JSON_IN_DEPTH_MAX and texts above the caller's limit are refused with their place.
// The tree is jansson's own, allocated by it; the reader owns one reference: json_decref() it.
#ifndef PL_TEXT_JSON_IN_H
#define PL_TEXT_JSON_IN_H

#include "base/buf.h"
#include "base/error.h"

#include <jansson.h>
#include <stddef.h>

enum { PL_JSON_IN_DEPTH_MAX = 64, PL_JSON_IN_TEXT_MAX = 1 << 20 };

/**
 * Read a text that holds one object or array.
 *
 * @param text      UTF-8, borrowed for the call
 * @param size_max  largest size accepted, up to PL_JSON_IN_TEXT_MAX
 * @param path      name of the source for the position, may be NULL
 * @param json      filled with a new reference, NULL on failure
 * @param err       filled on failure
 * @return PL_OK, PL_BAD_INPUT, PL_LIMIT or PL_NO_MEMORY
 */
pl_status
pl_json_in_load(pl_slice text, size_t size_max, const char *path, json_t **json, pl_error *err)
    __attribute__((warn_unused_result));

#endif
