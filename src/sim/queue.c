// SPDX-License-Identifier: Apache-2.0
#include "sim/queue.h"

#include "base/check.h"

uint32_t pl_queue_leaves(uint32_t slots)
{
    uint32_t leaves = 2;
    PL_CHECK(slots <= PL_QUEUE_SLOTS_MAX);
    while (leaves < slots) {
        leaves *= 2;
    }
    return leaves;
}

void pl_queue_init(uint64_t *tree, uint32_t leaf_count)
{
    PL_CHECK(leaf_count >= 2);
    for (uint32_t i = 0; i < 2 * leaf_count; i++) {
        tree[i] = PL_QUEUE_IDLE;
    }
}

void pl_queue_grow(uint64_t *tree, uint32_t from, uint32_t to)
{
    PL_CHECK(from >= 2 && to > from);
    for (uint32_t i = from; i-- > 0;) {
        tree[to + i] = tree[from + i];
    }
    for (uint32_t i = to + from; i < 2 * to; i++) {
        tree[i] = PL_QUEUE_IDLE;
    }
    for (uint32_t i = to - 1; i > 0; i--) {
        tree[i] = tree[2 * i] < tree[2 * i + 1] ? tree[2 * i] : tree[2 * i + 1];
    }
}

void pl_queue_validate(const uint64_t *tree, uint32_t leaf_count)
{
    for (uint32_t i = 1; i < leaf_count; i++) {
        uint64_t left = tree[2 * i];
        uint64_t right = tree[2 * i + 1];
        PL_CHECK(tree[i] == (left < right ? left : right));
    }
}
