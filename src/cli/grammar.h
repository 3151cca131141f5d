// SPDX-License-Identifier: Apache-2.0
//
// What an engineer types, turned into a command of the session protocol.
//
//   panel checkout-api latency by route 1h
//   -> {"do":"look","what":"panel","service":"checkout-api","panel":"latency","by":"route",...}
//
// A word may be shortened as long as it stays unique. A word that is probably misspelt is not
// obeyed: the whole line comes back corrected, so that one key accepts it.
#ifndef PL_CLI_GRAMMAR_H
#define PL_CLI_GRAMMAR_H

#include "base/buf.h"
#include "cli/lexicon.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_LINE_MAX = 4096, /* bytes of a typed line with its terminator */
    PL_WORDS_MAX = 256  /* words of a line */
};

/** What a line turned out to be. */
enum pl_parsed_kind {
    PL_PARSED_EMPTY,
    PL_PARSED_COMMAND, /* `json` holds the command */
    PL_PARSED_HELP,    /* `text` is the topic, may be empty */
    PL_PARSED_QUIT,
    PL_PARSED_GUIDED,  /* `postmortem` alone: ask field by field */
    PL_PARSED_SUGGEST, /* `message` says what is wrong, `text` is the corrected line */
    PL_PARSED_ERROR    /* `message` says what is wrong */
};

/** A parsed line. */
struct pl_parsed {
    enum pl_parsed_kind kind;
    bool act; /* the command is an act: it wants a preview first */
    char message[320];
    char text[PL_LINE_MAX];
    struct pl_buf json;
    char json_memory[2 * PL_LINE_MAX];
};

/**
 * Parse a line.
 *
 * @param lexicon  words of the world, the scenario and the prompt
 * @param line     what was typed, up to PL_LINE_MAX-1 bytes
 * @param parsed   filled
 */
void pl_grammar_parse(const struct pl_lexicon *lexicon, const char *line, struct pl_parsed *parsed);

/**
 * Words that may stand at the end of a line.
 *
 * @param lexicon  as above
 * @param line     the line up to the cursor
 * @param words    filled with words that start like the last word, words[PL_LEXICON_WORDS_MAX]
 * @param typed    set to the bytes of the last word that are there already
 * @return number of words
 */
uint32_t pl_grammar_complete(const struct pl_lexicon *lexicon,
                             const char *line,
                             const char **words,
                             size_t *typed);

#endif
