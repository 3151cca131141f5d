// SPDX-License-Identifier: Apache-2.0
//
// What a bot takes down from an observation: numbers under keys.
//
// The bots' own way of reading, made for them alone. A panel gives for each series its present
// level, its rise over the first minutes shown, and its unrest. A table gives each number under its
// row and column, and how often each text stands in a column. Logs give the count of each pattern.
// Any other text, such as what a person answers, gives one bit for its content. A trace gives
// nothing.
#ifndef PL_BOTS_READING_H
#define PL_BOTS_READING_H

#include "text/json_in.h"

#include <stdint.h>

enum {
    PL_READING_SLOTS = 512, /* a power of two */
    PL_READING_MAX = 384    /* numbers of one observation; the rest is not taken down */
};

/** One number. */
struct pl_reading_item {
    uint64_t key;    /* hash of what it is about; 0: a free slot */
    double value;    /* log scale for amounts, log(1 + n) for counts */
    uint32_t count;  /* how many values are behind it */
    uint32_t counts; /* 1: the value is the count itself */
};

/** All numbers of one observation, a table with open addresses. */
struct pl_reading {
    uint32_t count; /* slots in use */
    uint32_t reserved;
    struct pl_reading_item slots[PL_READING_SLOTS];
};

/**
 * Read an observation.
 *
 * @param observation  JSON as the session shows it; anything else gives no numbers
 * @param reading      filled
 */
void pl_reading_take(const json_t *observation, struct pl_reading *reading);

/** Read what a person has said: `text` is borrowed for the call, `reading` filled. */
void pl_reading_hear(const char *text, struct pl_reading *reading);

/** The number under a key, or NULL. */
const struct pl_reading_item *pl_reading_find(const struct pl_reading *reading, uint64_t key);

#endif
