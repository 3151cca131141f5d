// SPDX-License-Identifier: Apache-2.0
//
// Commands and options of the command line as tables, and a parser over them.
//
// One table per command serves the parser, `--help` and the completion of the shell, so they cannot
// disagree. Options may stand before or after operands; `--` ends them; `--name=value` and
// `--name value` are the same.
#ifndef PL_CLI_OPTIONS_H
#define PL_CLI_OPTIONS_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_COMMAND_OPTIONS_MAX = 24, /* options of one command */
    PL_OPERANDS_MAX = 256        /* operands of one call */
};

/** One option. A list ends with an entry whose name is NULL. */
struct pl_option_def {
    const char *name;  /* with its dashes: "--seed" */
    const char *value; /* placeholder of its value: "N"; NULL: a switch */
    const char *help;  /* one phrase, small letter first, no full stop */
};

/** One subcommand with all that help and completion print. */
struct pl_command_def {
    const char *name;
    const char *operands; /* "[SCENARIO]", "" if none */
    const char *summary;  /* one line */
    const char *details;  /* paragraphs, lines up to 79 columns, ends with a newline */
    const struct pl_option_def *options;
    const char *examples;              /* lines, each "  plumb ...", ends with a newline */
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand; returns the exit code */
    uint32_t operands_max;
};

/** What a command line said. Strings are borrowed from argv. */
struct pl_args {
    const struct pl_command_def *command;
    const char *operands[PL_OPERANDS_MAX];
    uint32_t operand_count;
    /* By position in the table; "" for a switch that is on. */
    const char *values[PL_COMMAND_OPTIONS_MAX];
};

/**
 * Sort a command line into options and operands.
 *
 * @param args     filled
 * @param command  table to read with
 * @param argc     words, the first is the subcommand
 * @param argv     words, borrowed as long as `args` lives
 * @param err      sentence that names the word and what was probably meant
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_args_parse(struct pl_args *args,
                        const struct pl_command_def *command,
                        int argc,
                        char **argv,
                        pl_error *err) __attribute__((warn_unused_result));

/**
 * Value of an option.
 *
 * @param args  parsed line
 * @param name  must be in the command's table
 * @return the value, "" for a switch that is on, NULL when it was not given
 */
const char *pl_args_value(const struct pl_args *args, const char *name);

/** True when the option was given. */
bool pl_args_has(const struct pl_args *args, const char *name);

/**
 * Whole number of an option, decimal or 0x; `value` keeps what it had when the option was not
 * given.
 *
 * @param args   parsed line
 * @param name   must be in the command's table
 * @param low    smallest value allowed
 * @param high   largest value allowed
 * @param value  changed when the option was given and is good
 * @param err    sentence
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_args_number(const struct pl_args *args,
                         const char *name,
                         uint64_t low,
                         uint64_t high,
                         uint64_t *value,
                         pl_error *err) __attribute__((warn_unused_result));

/** Write the help text of one command. */
void pl_command_help(const struct pl_command_def *command, struct pl_buf *out);

#endif
