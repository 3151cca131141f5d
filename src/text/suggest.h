// SPDX-License-Identifier: Apache-2.0
//
// "Did you mean ...": the known name nearest to a mistyped word.
//
// Distance is Damerau-Levenshtein in its optimal string alignment form (insert, delete, replace,
// swap of neighbours), blind to the case of ASCII letters. A name that merely continues the word
// counts as one step away, so that `met` finds `metrics`.
#ifndef PL_TEXT_SUGGEST_H
#define PL_TEXT_SUGGEST_H

#include "base/buf.h"

#include <stdint.h>

enum { PL_SUGGEST_WORD_MAX = 64 /* bytes; longer words and names are never near */ };

/** A search in progress: begin, offer every known name, ask for the best. */
struct pl_suggest {
    pl_slice word;     /* mistyped word, borrowed until the search is over */
    pl_slice best;     /* nearest name so far, borrowed, data is NULL when none is near */
    uint32_t distance; /* its distance; a later name must be nearer, so the first wins ties */
};

/** Steps that turn one word into the other; UINT32_MAX when one is too long. */
uint32_t pl_suggest_distance(pl_slice a, pl_slice b);

/**
 * Start a search.
 *
 * @param suggest  filled
 * @param word     mistyped word, borrowed until the search is over
 */
void pl_suggest_begin(struct pl_suggest *suggest, pl_slice word);

/** Offer a known name; it is borrowed until the search is over. */
void pl_suggest_offer(struct pl_suggest *suggest, pl_slice name);

/**
 * Nearest of the offered names.
 *
 * @return the name, or a slice whose data is NULL when none is within a third of the word's length
 *         (at least one step)
 */
pl_slice pl_suggest_best(const struct pl_suggest *suggest);

/**
 * Nearest name of an array.
 *
 * @param word        mistyped word
 * @param names       names[name_count], terminated strings
 * @param name_count  0 or more
 * @return one of names, or NULL when none is near
 */
const char *pl_suggest_name(pl_slice word, const char *const *names, uint32_t name_count);

#endif
