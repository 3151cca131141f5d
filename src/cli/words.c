// SPDX-License-Identifier: Apache-2.0
#include "cli/words.h"

#include "base/check.h"

#include <ctype.h>
#include <string.h>

static int lower(char c)
{
    return tolower((unsigned char)c);
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment over three rows: a swap of neighbours counts as one edit. */
uint32_t pl_word_distance(const char *a, const char *b)
{
    PL_CHECK(a != NULL);
    PL_CHECK(b != NULL);
    size_t length_a = strlen(a);
    size_t length_b = strlen(b);
    if (length_a > PL_WORD_MAX || length_b > PL_WORD_MAX) {
        return UINT32_MAX;
    }
    uint32_t rows[3][PL_WORD_MAX + 1];
    for (size_t j = 0; j <= length_b; j++) {
        rows[0][j] = (uint32_t)j;
    }
    for (size_t i = 1; i <= length_a; i++) {
        uint32_t *row = rows[i % 3];
        const uint32_t *above = rows[(i - 1) % 3];
        const uint32_t *above2 = rows[(i + 1) % 3];
        row[0] = (uint32_t)i;
        for (size_t j = 1; j <= length_b; j++) {
            uint32_t cost = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + cost);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1])) {
                row[j] = least(row[j], above2[j - 2] + 1);
            }
        }
    }
    return rows[length_a % 3][length_b];
}

bool pl_word_starts(const char *word, const char *start)
{
    PL_CHECK(word != NULL);
    PL_CHECK(start != NULL);
    for (; *start != '\0'; word++, start++) {
        if (lower(*word) != lower(*start)) {
            return false;
        }
    }
    return true;
}

const char *pl_word_closest(const char *word, const char *const *candidates)
{
    PL_CHECK(word != NULL);
    PL_CHECK(candidates != NULL);
    const char *best = NULL;
    uint32_t best_edits = UINT32_MAX;
    for (; *candidates != NULL; candidates++) {
        size_t length = strlen(*candidates);
        uint32_t edits = pl_word_distance(word, *candidates);
        if (strlen(word) >= 2 && pl_word_starts(*candidates, word)) {
            edits = 0;
        }
        /* One edit per three letters: `act` is not a misspelt `ask`, `pannel` is `panel`. */
        if (edits < best_edits && edits <= (length + 2) / 3 && edits < length) {
            best = *candidates;
            best_edits = edits;
        }
    }
    return best;
}
