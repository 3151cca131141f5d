// SPDX-License-Identifier: Apache-2.0
//
// Lines from the player: with editing, history and completion in a terminal, plain from a file or a
// pipe. A transcript of the latter shows what was read, as if it had been typed.
#ifndef PL_CLI_PROMPT_H
#define PL_CLI_PROMPT_H

#include "base/error.h"
#include "cli/lexicon.h"
#include "cli/term.h"

#include <stdbool.h>
#include <stddef.h>

/** Source of lines; opaque, owned by whoever opened it. */
struct pl_prompt;

/** What a prompt needs. */
struct pl_prompt_def {
    const char *script;               /* file of lines; NULL: standard input */
    const struct pl_term *term;       /* face, borrowed */
    const struct pl_lexicon *lexicon; /* for completion, borrowed */
    bool (*idle)(void *context);      /* called while nothing is typed; true: it printed something.
                                         NULL: nothing happens meanwhile */
    void *context;                    /* handed to idle */
};

/**
 * Open a source of lines.
 *
 * @param prompt  filled with an owned handle for pl_prompt_close
 * @param def     copied
 * @param err     sentence
 * @return PL_OK, PL_NOT_FOUND, PL_IO or PL_NO_MEMORY
 */
pl_status pl_prompt_open(struct pl_prompt **prompt, const struct pl_prompt_def *def, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Read a line.
 *
 * @param prompt  open
 * @param label   what stands before the line, plain text
 * @param line    filled without the line break, line[size]
 * @param size    room; a longer line is cut between characters
 * @return false at the end of the input
 */
bool pl_prompt_read(struct pl_prompt *prompt, const char *label, char *line, size_t size);

/** Change what stands before the line that is being read; for use in `idle`. */
void pl_prompt_relabel(struct pl_prompt *prompt, const char *label);

/**
 * Write a remark at the right end of the line that was read last.
 *
 * @param prompt  open
 * @param remark  plain text, "": none
 */
void pl_prompt_remark(struct pl_prompt *prompt, const char *remark);

/** Give everything back. NULL is allowed. */
void pl_prompt_close(struct pl_prompt *prompt);

/**
 * Find out what standard output can do.
 *
 * @param term   filled
 * @param ascii  true: 7-bit characters only
 */
void pl_prompt_detect(struct pl_term *term, bool ascii);

#endif
