// SPDX-License-Identifier: Apache-2.0
#include "observe/intern.h"

#include "base/check.h"
#include "base/hash.h"

#include <string.h>

_Static_assert((PL_INTERN_SLOTS & (PL_INTERN_SLOTS - 1)) == 0, "slots are a power of two");
_Static_assert(PL_INTERN_WORDS_MAX * 2 < PL_INTERN_SLOTS, "the table stays half empty");
_Static_assert(PL_INTERN_WORDS_MAX <= UINT16_MAX, "a number fits 16 bits");

void pl_intern_init(struct pl_intern *intern)
{
    PL_CHECK(intern != NULL);
    intern->count = 0;
    intern->used = 0;
    intern->full = 0;
    memset(intern->slots, 0, sizeof(intern->slots));
}

void pl_intern_fork(struct pl_intern *copy, const struct pl_intern *source)
{
    PL_CHECK(copy != NULL && source != NULL);
    copy->count = source->count;
    copy->used = source->used;
    copy->full = source->full;
    memcpy(copy->offsets, source->offsets, (source->count + 1) * sizeof(source->offsets[0]));
    memcpy(copy->slots, source->slots, sizeof(source->slots));
    memcpy(copy->text, source->text, source->used);
}

/* Slot that holds the word, or the free slot where it would go. */
static uint32_t slot_of(const struct pl_intern *intern, pl_slice word)
{
    pl_hash128 hash = pl_hash_bytes(word.data, word.size, 0);
    uint32_t slot = (uint32_t)(hash.low & (PL_INTERN_SLOTS - 1));
    while (intern->slots[slot] != 0) {
        const char *kept = pl_intern_word(intern, intern->slots[slot]);
        if (strlen(kept) == word.size && memcmp(kept, word.data, word.size) == 0) {
            return slot;
        }
        slot = (slot + 1) & (PL_INTERN_SLOTS - 1);
    }
    return slot;
}

uint16_t pl_intern_add(struct pl_intern *intern, const char *word)
{
    PL_CHECK(intern != NULL);
    PL_CHECK(word != NULL);
    pl_slice slice = pl_slice_of(word);
    if (slice.size == 0) {
        return 0;
    }
    uint32_t slot = slot_of(intern, slice);
    if (intern->slots[slot] != 0) {
        return intern->slots[slot];
    }
    if (intern->count == PL_INTERN_WORDS_MAX ||
        slice.size + 1 > PL_INTERN_BYTES_MAX - intern->used) {
        intern->full = 1;
        return 0;
    }
    intern->count += 1;
    intern->offsets[intern->count] = intern->used;
    memcpy(intern->text + intern->used, slice.data, slice.size + 1);
    intern->used += (uint32_t)slice.size + 1;
    intern->slots[slot] = (uint16_t)intern->count;
    return (uint16_t)intern->count;
}

uint16_t pl_intern_find(const struct pl_intern *intern, pl_slice word)
{
    PL_CHECK(intern != NULL);
    return word.size == 0 ? 0 : intern->slots[slot_of(intern, word)];
}

const char *pl_intern_word(const struct pl_intern *intern, uint16_t number)
{
    PL_CHECK(number <= intern->count);
    return number == 0 ? "" : intern->text + intern->offsets[number];
}
