// SPDX-License-Identifier: Apache-2.0
//
// All scenarios of a directory, each read once and shared by all sessions that play it.
#ifndef PL_EXAM_LIBRARY_H
#define PL_EXAM_LIBRARY_H

#include "base/error.h"
#include "exam/content.h"

#include <stdint.h>

enum { PL_LIBRARY_MAX = 128 /* scenarios */ };

/** Scenarios; opaque, for any thread. */
struct pl_library;

/**
 * Find the scenarios; none is read yet.
 *
 * @param library  filled with an owned handle for pl_library_close
 * @param option   value of --content, or NULL
 * @param err      sentence
 * @return PL_OK, PL_NOT_FOUND, PL_IO or PL_NO_MEMORY
 */
pl_status pl_library_open(struct pl_library **library, const char *option, pl_error *err)
    __attribute__((warn_unused_result));

/** Directory of the content. */
const char *pl_library_directory(const struct pl_library *library);

/** Number of scenarios. */
uint32_t pl_library_count(const struct pl_library *library);

/** Name of scenario 0..count-1. */
const char *pl_library_name(const struct pl_library *library, uint32_t index);

/**
 * The content of a scenario, read at its first use.
 *
 * @param library  open
 * @param name     of a scenario of the directory
 * @param err      sentence; which name is unknown
 * @return content, until pl_library_close; NULL on failure
 */
const struct pl_content *
pl_library_get(struct pl_library *library, const char *name, pl_error *err);

/** Free everything; NULL is allowed. */
void pl_library_close(struct pl_library *library);

#endif
