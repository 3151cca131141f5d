// SPDX-License-Identifier: Apache-2.0
//
// Words kept once: a label value is a 16-bit number, and equal words have equal numbers.
//
// A full table answers 0 ("no word") for new words and keeps the old ones; `full` stays set.
#ifndef PL_OBSERVE_INTERN_H
#define PL_OBSERVE_INTERN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_INTERN_WORDS_MAX = 6144, PL_INTERN_BYTES_MAX = 192 * 1024, PL_INTERN_SLOTS = 16384 };

/** The table. Zeroed memory is an empty one, pl_intern_init makes one without zeroing it all. */
struct pl_intern {
    uint32_t count; /* words, numbered from 1 */
    uint32_t used;  /* bytes of text */
    uint32_t full;  /* 1: a word did not fit */
    uint32_t offsets[PL_INTERN_WORDS_MAX + 1];
    uint16_t slots[PL_INTERN_SLOTS]; /* open addressing by hash; 0 is free */
    char text[PL_INTERN_BYTES_MAX];
};

/** Make an empty table. */
void pl_intern_init(struct pl_intern *intern);

/** Copy a table; what was never used is not touched. */
void pl_intern_fork(struct pl_intern *copy, const struct pl_intern *source);

/** Number of a word, added when it is new; 0 for the empty word and when the table is full. */
uint16_t pl_intern_add(struct pl_intern *intern, const char *word);

/** Number of a word, or 0 when it is not there. */
uint16_t pl_intern_find(const struct pl_intern *intern, pl_slice word);

/** The word with this number; "" for 0. */
const char *pl_intern_word(const struct pl_intern *intern, uint16_t number);

#endif
