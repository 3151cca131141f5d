// SPDX-License-Identifier: Apache-2.0
#include "observe/labels.h"

#include "base/check.h"
#include "base/hash.h"

#include <string.h>

_Static_assert(PL_KEY_COUNT <= 64, "a mask of keys fits 64 bits");

static const char *const names[PL_KEY_COUNT] = {
#define X(constant, name) name,
    PL_LABEL_KEYS(X)
#undef X
};

const char *pl_label_name(uint32_t key)
{
    PL_CHECK(key < PL_KEY_COUNT);
    return names[key];
}

uint32_t pl_label_find(pl_slice name)
{
    for (uint32_t key = 0; key < PL_KEY_COUNT; key++) {
        if (pl_slice_equal(name, pl_slice_of(names[key]))) {
            return key;
        }
    }
    return PL_KEY_COUNT;
}

uint64_t pl_labels_mask(const struct pl_labels *labels)
{
    PL_CHECK(labels != NULL);
    uint64_t mask = 0;
    for (uint32_t key = 0; key < PL_KEY_COUNT; key++) {
        if (labels->value[key] != 0) {
            mask |= pl_label_bit(key);
        }
    }
    return mask;
}

void pl_labels_keep(struct pl_labels *labels, uint64_t mask)
{
    PL_CHECK(labels != NULL);
    for (uint32_t key = 0; key < PL_KEY_COUNT; key++) {
        if ((mask & pl_label_bit(key)) == 0) {
            labels->value[key] = 0;
        }
    }
}

bool pl_labels_equal(const struct pl_labels *a, const struct pl_labels *b)
{
    return memcmp(a->value, b->value, sizeof(a->value)) == 0;
}

uint64_t pl_labels_hash(const struct pl_labels *labels)
{
    return pl_hash_bytes(labels->value, sizeof(labels->value), 0).low;
}

void pl_labels_put(const struct pl_intern *intern,
                   const struct pl_labels *labels,
                   struct pl_buf *out)
{
    const char *separator = "{";
    for (uint32_t key = PL_KEY_NAME + 1; key < PL_KEY_COUNT; key++) {
        if (labels->value[key] != 0) {
            const char *word = pl_intern_word(intern, labels->value[key]);
            pl_buf_printf(out, "%s%s=\"%s\"", separator, names[key], word);
            separator = ", ";
        }
    }
    pl_buf_puts(out, separator[0] == '{' ? "{}" : "}");
}
