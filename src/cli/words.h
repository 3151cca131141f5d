// SPDX-License-Identifier: Apache-2.0
//
// Finding the word that was probably meant.
#ifndef PL_CLI_WORDS_H
#define PL_CLI_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_WORD_MAX = 63 /* longer words are never matched approximately */ };

/**
 * Edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
 * Case does not count.
 *
 * @param a  first word
 * @param b  second word
 * @return number of edits; a large number when a word is longer than PL_WORD_MAX
 */
uint32_t pl_word_distance(const char *a, const char *b);

/** True when `word` starts with `start`, which may be empty; case does not count. */
bool pl_word_starts(const char *word, const char *start);

/**
 * Closest of the candidates.
 *
 * @param word        what was typed
 * @param candidates  terminated by NULL
 * @return the candidate with the fewest edits, if they are few enough for its length; else NULL.
 *         A candidate that starts with `word` wins over an edit.
 */
const char *pl_word_closest(const char *word, const char *const *candidates);

#endif
