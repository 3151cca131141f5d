// SPDX-License-Identifier: Apache-2.0
#include "text/suggest.h"

#include "base/check.h"

#include <stddef.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t pl_suggest_distance(pl_slice a, pl_slice b)
{
    if (a.size > PL_SUGGEST_WORD_MAX || b.size > PL_SUGGEST_WORD_MAX) {
        return UINT32_MAX;
    }
    /* Three rows of the usual table: the swap of neighbours looks back two. */
    uint32_t rows[3][PL_SUGGEST_WORD_MAX + 1];
    for (uint32_t j = 0; j <= b.size; j++) {
        rows[0][j] = j;
    }
    for (uint32_t i = 1; i <= a.size; i++) {
        uint32_t *row = rows[i % 3];
        const uint32_t *above = rows[(i + 2) % 3];
        const uint32_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (uint32_t j = 1; j <= b.size; j++) {
            uint32_t differs = lower(a.data[i - 1]) != lower(b.data[j - 1]);
            uint32_t steps = smaller(above[j] + 1, row[j - 1] + 1);
            steps = smaller(steps, above[j - 1] + differs);
            if (i > 1 && j > 1 && lower(a.data[i - 1]) == lower(b.data[j - 2]) &&
                lower(a.data[i - 2]) == lower(b.data[j - 1])) {
                steps = smaller(steps, two_above[j - 2] + 1);
            }
            row[j] = steps;
        }
    }
    return rows[a.size % 3][b.size];
}

static uint32_t limit_for(size_t word_size)
{
    return word_size < 6 ? 1 : (uint32_t)(word_size / 3);
}

static int continues(pl_slice name, pl_slice word)
{
    if (word.size < 3 || name.size <= word.size) {
        return 0;
    }
    for (size_t i = 0; i < word.size; i++) {
        if (lower(name.data[i]) != lower(word.data[i])) {
            return 0;
        }
    }
    return 1;
}

void pl_suggest_begin(struct pl_suggest *suggest, pl_slice word)
{
    PL_CHECK(suggest != NULL);
    suggest->word = word;
    suggest->best = (pl_slice){NULL, 0};
    suggest->distance = UINT32_MAX;
}

void pl_suggest_offer(struct pl_suggest *suggest, pl_slice name)
{
    PL_CHECK(suggest != NULL);
    PL_CHECK(name.data != NULL);
    uint32_t distance = pl_suggest_distance(suggest->word, name);
    if (distance > 1 && name.size <= PL_SUGGEST_WORD_MAX && continues(name, suggest->word)) {
        distance = 1;
    }
    if (distance <= limit_for(suggest->word.size) && distance < suggest->distance) {
        suggest->best = name;
        suggest->distance = distance;
    }
}

pl_slice pl_suggest_best(const struct pl_suggest *suggest)
{
    PL_CHECK(suggest != NULL);
    return suggest->best;
}

const char *pl_suggest_name(pl_slice word, const char *const *names, uint32_t name_count)
{
    PL_CHECK(names != NULL || name_count == 0);
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, word);
    for (uint32_t i = 0; i < name_count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(names[i]));
    }
    return suggest.best.data;
}
