// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault_text.h"

#include "base/check.h"
#include "model/world.h"

#include <string.h>

void pl_fault_bind(struct pl_fault_bindings *bindings, pl_slice name, pl_slice value, bool entity)
{
    PL_CHECK(bindings->count < PL_FAULT_BINDINGS_MAX);
    uint32_t at = bindings->count++;
    bindings->items[at].name = name;
    bindings->items[at].value = value;
    bindings->items[at].entity = entity;
    bindings->items[at].used = false;
}

uint32_t pl_fault_bound(const struct pl_fault_bindings *bindings, pl_slice name)
{
    for (uint32_t i = 0; i < bindings->count; i++) {
        if (pl_slice_equal(bindings->items[i].name, name)) {
            return i;
        }
    }
    return PL_NONE;
}

bool pl_fault_next(pl_slice text, size_t *from, pl_slice *name, size_t *open)
{
    for (size_t at = *from; at + 1 < text.size; at++) {
        if (text.data[at] != '$' || text.data[at + 1] != '{') {
            continue;
        }
        const char *start = text.data + at + 2;
        const char *end = memchr(start, '}', text.size - at - 2);
        *open = at;
        *name = (pl_slice){start, end != NULL ? (size_t)(end - start) : 0};
        *from = end != NULL ? (size_t)(end - text.data) + 1 : text.size;
        return true;
    }
    return false;
}

void pl_fault_fill(pl_slice text, const struct pl_fault_bindings *bindings, struct pl_buf *out)
{
    size_t done = 0;
    size_t from = 0;
    size_t open = 0;
    pl_slice name = {NULL, 0};
    while (pl_fault_next(text, &from, &name, &open)) {
        uint32_t at = pl_fault_bound(bindings, name);
        PL_CHECK(at != PL_NONE && bindings->items[at].value.data != NULL);
        pl_buf_put(out, text.data + done, open - done);
        pl_slice value = bindings->items[at].value;
        for (size_t i = 0; i < value.size; i++) {
            bool slash = bindings->items[at].entity && value.data[i] == '/';
            pl_buf_put(out, slash ? "." : value.data + i, 1);
        }
        done = from;
    }
    pl_buf_put(out, text.data + done, text.size - done);
}
