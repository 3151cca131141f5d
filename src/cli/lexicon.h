// SPDX-License-Identifier: Apache-2.0
//
// The words that mean something at the prompt, by kind.
#ifndef PL_CLI_LEXICON_H
#define PL_CLI_LEXICON_H

#include "model/world.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_LEXICON_WORDS_MAX = 512 };

/** Kinds of words, as bits. */
enum pl_words {
    PL_WORDS_NONE = 0,
    PL_WORDS_SERVICE = 1 << 0,
    PL_WORDS_DATABASE = 1 << 1,
    PL_WORDS_OTHER = 1 << 2, /* caches and topics */
    PL_WORDS_PANEL = 1 << 3, /* panels of a dashboard */
    PL_WORDS_VIEW = 1 << 4,  /* views of a database console */
    PL_WORDS_PERSON = 1 << 5,
    PL_WORDS_PAGE = 1 << 6, /* pages of the runbook */
    PL_WORDS_VERB = 1 << 7, /* commands that are no actions */
    PL_WORDS_ACTION = 1 << 8,
    PL_WORDS_FLAG = 1 << 9,
    PL_WORDS_VENDOR = 1 << 10,
    PL_WORDS_STATUS = 1 << 11, /* of the status page */
    PL_WORDS_SOURCE = 1 << 12, /* of logs, beside services and databases */
    PL_WORDS_BY = 1 << 13,     /* what a panel can be split by */
    PL_WORDS_STATEMENT = 1 << 14,
    PL_WORDS_ROUTE = 1 << 15,
    PL_WORDS_TARGET = PL_WORDS_SERVICE | PL_WORDS_DATABASE | PL_WORDS_OTHER
};

/** Where the words come from. */
struct pl_lexicon {
    const struct pl_world *world;       /* borrowed */
    const struct pl_scenario *scenario; /* borrowed */
    const char *const *verbs;           /* NULL-terminated, borrowed */
};

/**
 * Collect all words of some kinds.
 *
 * @param lexicon  sources
 * @param kinds    bits of enum pl_words
 * @param words    filled, words[PL_LEXICON_WORDS_MAX], borrowed from the sources
 * @return number of words
 */
uint32_t pl_lexicon_words(const struct pl_lexicon *lexicon, uint32_t kinds, const char **words);

/** How a typed word was understood. */
enum pl_match {
    PL_MATCH_NONE,  /* nothing is near */
    PL_MATCH_EXACT, /* as typed, up to case */
    PL_MATCH_START, /* the typed word is the start of this one only */
    PL_MATCH_NEAR,  /* probably a misspelling of this one */
    PL_MATCH_MANY   /* the start of several */
};

/**
 * Find the word that was meant.
 *
 * @param lexicon  sources
 * @param kinds    bits of enum pl_words
 * @param typed    what was typed
 * @param word     set to the word; PL_MATCH_MANY: the first; PL_MATCH_NONE: NULL
 */
enum pl_match pl_lexicon_find(const struct pl_lexicon *lexicon,
                              uint32_t kinds,
                              const char *typed,
                              const char **word);

/** True when `word` starts with `start`, which may be empty; case does not count. */
bool pl_lexicon_starts(const char *word, const char *start);

#endif
