// SPDX-License-Identifier: Apache-2.0
//
// What shells complete, made of the tables of the command line: commands, options, values that are
// a choice, files where files are meant, and the scenarios that are there.
#ifndef PL_CLI_COMPLETION_H
#define PL_CLI_COMPLETION_H

#include "base/buf.h"
#include "base/error.h"
#include "cli/options.h"

/**
 * The completion for a shell, to be sourced by it.
 *
 * @param table  all commands; the last has name NULL
 * @param shell  bash, zsh or fish
 * @param out    appended to
 * @param err    sentence that names the shell
 * @return PL_OK, or PL_BAD_INPUT for another shell
 */
pl_status pl_completion_write(const struct pl_command_def *table,
                              const char *shell,
                              struct pl_buf *out,
                              pl_error *err) __attribute__((warn_unused_result));

#endif
