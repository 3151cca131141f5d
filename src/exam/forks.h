// SPDX-License-Identifier: Apache-2.0
//
// What-if copies of a running session for machines.
//
//   {"do":"fork"}                   a copy of the session at its present; the answer names its id
//   {"do":"look",...,"fork":1}      any command, obeyed by the copy
//   {"do":"fork","fork":1}          a copy of the copy
//   {"do":"drop","fork":1}          give it back
//
// A copy is made by applying the session's commands to a fresh one: the instruments are copied with
// the rest, so a copy can be looked at like the original. What happens in copies goes into the
// evidence log as entries of kind `fork` and never touches the main line.
#ifndef PL_EXAM_FORKS_H
#define PL_EXAM_FORKS_H

#include "exam/episode.h"

enum { PL_FORKS_MAX = 8, PL_FORK_COMMANDS_MAX = 4096 };

/** A command that a line of play has obeyed. */
struct pl_fork_command {
    char *text; /* owned */
    int64_t before_ns;
};

/** Commands of a line of play in their order. */
struct pl_fork_line {
    uint32_t count;
    struct pl_fork_command commands[PL_FORK_COMMANDS_MAX];
};

/** All copies of one episode; zeroed before use. */
struct pl_forks {
    struct pl_fork_line main;
    struct pl_fork_line *lines[PL_FORKS_MAX]; /* owned; NULL: free */
    struct pl_session *sessions[PL_FORKS_MAX];
    void *memories[PL_FORKS_MAX]; /* owned */
};

/**
 * Obey one command, on the main line or on a copy.
 *
 * @param forks    changed
 * @param episode  main line, with its log
 * @param command  JSON, anything may stand there
 * @param answer   set to the buffer that holds the answer
 * @param err      why the entry could not be kept
 * @return PL_OK, or the failure of the log: the answer must not be shown
 */
pl_status pl_forks_apply(struct pl_forks *forks,
                         struct pl_episode *episode,
                         pl_slice command,
                         struct pl_buf **answer,
                         pl_error *err) __attribute__((warn_unused_result));

/** Give everything back. */
void pl_forks_end(struct pl_forks *forks);

#endif
