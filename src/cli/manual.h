// SPDX-License-Identifier: Apache-2.0
//
// The pages about the command line, made of its tables: the man page and the page of the reference.
// Nothing stands in them that `--help` does not know.
#ifndef PL_CLI_MANUAL_H
#define PL_CLI_MANUAL_H

#include "base/buf.h"
#include "cli/options.h"

/** Bytes that hold any of these pages and any completion. */
enum { PL_MANUAL_SIZE = 65536 };

/**
 * The man page `plumb(1)`, for man(7).
 *
 * @param table    all commands; the last has name NULL
 * @param version  such as "0.1.0"
 * @param out      appended to
 */
void pl_manual_man(const struct pl_command_def *table, const char *version, struct pl_buf *out);

/** The page of the reference, in Markdown; `table` as above, `out` is appended to. */
void pl_manual_markdown(const struct pl_command_def *table, struct pl_buf *out);

#endif
