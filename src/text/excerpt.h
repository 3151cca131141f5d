// SPDX-License-Identifier: Apache-2.0
//
// Foreign text made safe to quote in a message: short, one line, no control characters (a file may
// hold terminal escapes), cut between characters.
#ifndef PL_TEXT_EXCERPT_H
#define PL_TEXT_EXCERPT_H

#include "base/buf.h"

enum { PL_EXCERPT_SIZE = 48 /* bytes with the terminator */ };

/** A quotable copy, passed by value: `pl_excerpt_of(text).text` may be a printf argument. */
typedef struct {
    char text[PL_EXCERPT_SIZE];
} pl_excerpt;

/**
 * Copy the beginning of `text`. Control characters become `?`, and `...` marks what was cut.
 *
 * @param text  any bytes
 */
pl_excerpt pl_excerpt_of(pl_slice text);

/**
 * Append all of `text` with `?` for each control character.
 *
 * @param buf   appended to
 * @param text  any bytes
 */
void pl_excerpt_put(struct pl_buf *buf, pl_slice text);

#endif
