// SPDX-License-Identifier: Apache-2.0
//
// The subcommands of `plumb` and the way from argv to one of them.
//
// To add a command: write cmd_<name>.c with pl_cmd_<name>, declare it here, and add its row to the
// table in commands.c. The row is the only place where its help, options and examples stand.
//
// Exit codes, the same for all commands: 0 done; 1 the thing that was asked about is not well (a
// test failed, a replay differs); 2 the input is wrong; 3 the environment refused (disk, memory,
// permission).
#ifndef PL_CLI_COMMANDS_H
#define PL_CLI_COMMANDS_H

#include "cli/options.h"

#include <stdbool.h>

enum { PL_EXIT_OK = 0, PL_EXIT_FAILED = 1, PL_EXIT_BAD_INPUT = 2, PL_EXIT_ENVIRONMENT = 3 };

/**
 * Run `plumb`.
 *
 * @param argc  of main
 * @param argv  of main
 * @return exit code of the process
 */
int pl_commands_run(int argc, char **argv);

/**
 * Row of a subcommand.
 *
 * @param name  such as "play"
 * @return the row, or NULL
 */
const struct pl_command_def *pl_command_find(const char *name);

/** All rows; the last has name NULL. */
const struct pl_command_def *pl_command_table(void);

/**
 * Parse the words of a subcommand with its own row; on an error print it to stderr.
 *
 * @param args  filled
 * @param argc  as given to pl_cmd_<name>
 * @param argv  as given to pl_cmd_<name>; argv[0] names the row
 * @return PL_OK or PL_BAD_INPUT
 */
pl_status pl_command_parse(struct pl_args *args, int argc, char **argv)
    __attribute__((warn_unused_result));

/**
 * Print an error as `plumb: path:line:column: message` to stderr.
 *
 * @param err  error with a message
 * @return exit code that stands for its status
 */
int pl_command_error(const pl_error *err);

struct pl_content;
struct pl_knowledge;

/** Tell on stderr when what bots have learned is of other content; NULL is allowed. */
void pl_command_warn_stale(const struct pl_knowledge *knowledge, const struct pl_content *content);

/** `plumb play [SCENARIO]`. */
int pl_cmd_play(int argc, char **argv);
/** `plumb demo`. */
int pl_cmd_demo(int argc, char **argv);
/** `plumb gym SCENARIO`. */
int pl_cmd_gym(int argc, char **argv);
/** `plumb judge SESSION`. */
int pl_cmd_judge(int argc, char **argv);
/** `plumb sessions`. */
int pl_cmd_sessions(int argc, char **argv);
/** `plumb replay SESSION`. */
int pl_cmd_replay(int argc, char **argv);
/** `plumb export SESSION [FILE]`. */
int pl_cmd_export(int argc, char **argv);
/** `plumb import FILE`. */
int pl_cmd_import(int argc, char **argv);
/** `plumb help [COMMAND]`. */
int pl_cmd_help(int argc, char **argv);

/** `plumb simulate WORLD.yaml`. */
int pl_cmd_simulate(int argc, char **argv);

/** `plumb bench [NAME...]`. */
int pl_cmd_bench(int argc, char **argv);

/** `plumb bot NAME|all|learn SCENARIO`. */
int pl_cmd_bot(int argc, char **argv);

/** `plumb pack`: new, list, lint, test, calibrate, faults, kpis, schema. */
int pl_cmd_pack(int argc, char **argv);

/**
 * `plumb pack faults [NAME]`.
 *
 * @param directory  of content
 * @param name       one fault with all that is known of it, or NULL: a list of all
 * @param markdown   as a page
 */
int pl_cmd_pack_faults(const char *directory, const char *name, bool markdown);

/**
 * `plumb pack kpis [WORLD]`.
 *
 * @param directory  of content
 * @param name       of a world, or NULL: all that have normal numbers
 * @param args       --seeds, --minutes, --json, --markdown
 */
int pl_cmd_pack_kpis(const char *directory, const char *name, const struct pl_args *args);

/** `plumb serve`. */
int pl_cmd_serve(int argc, char **argv);

/** `plumb doctor`. */
int pl_cmd_doctor(int argc, char **argv);

/** `plumb audit`. */
int pl_cmd_audit(int argc, char **argv);

#endif
