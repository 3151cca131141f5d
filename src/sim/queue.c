// SPDX-License-Identifier: Apache-2.0
#include "sim/queue.h"

#include "base/check.h"

_Static_assert(((uint64_t)(PL_TIME_MAX - 1) << PL_QUEUE_SLOT_BITS) < (UINT64_C(1) << 62),
               "keys are positive doubles");

uint32_t pl_queue_leaves(uint32_t slots)
{
    PL_CHECK(slots <= PL_QUEUE_SLOTS_MAX);
    uint32_t nodes = (slots + PL_QUEUE_NODE - 1) / PL_QUEUE_NODE;
    return (nodes > 0 ? nodes : 1) * PL_QUEUE_NODE;
}

uint32_t pl_queue_words(uint32_t leaf_count)
{
    uint32_t words = PL_QUEUE_LEAF0 + leaf_count;
    for (uint32_t count = leaf_count; count > PL_QUEUE_NODE;) {
        count = pl_queue_above(count);
        words += count;
    }
    return words;
}

/* Fill all that lies above the leaves. */
static void mend(uint64_t *tree, uint32_t leaf_count)
{
    uint64_t *level = tree + PL_QUEUE_LEAF0;
    for (uint32_t count = leaf_count; count > PL_QUEUE_NODE;) {
        uint64_t *above = level + count;
        uint32_t nodes = pl_queue_above(count);
        for (uint32_t i = 0; i < nodes; i++) {
            above[i] = i < count / PL_QUEUE_NODE ? pl_queue_least(&level[i * PL_QUEUE_NODE])
                                                 : PL_QUEUE_IDLE;
        }
        level = above;
        count = nodes;
    }
    tree[0] = pl_queue_least(level);
}

void pl_queue_init(uint64_t *tree, uint32_t leaf_count)
{
    pl_queue_grow(tree, 0, leaf_count);
}

void pl_queue_grow(uint64_t *tree, uint32_t from, uint32_t to)
{
    PL_CHECK(to > from && to % PL_QUEUE_NODE == 0);
    for (uint32_t i = 0; i < PL_QUEUE_LEAF0; i++) {
        tree[i] = PL_QUEUE_IDLE;
    }
    for (uint32_t i = from; i < to; i++) {
        tree[PL_QUEUE_LEAF0 + i] = PL_QUEUE_IDLE;
    }
    mend(tree, to);
}

void pl_queue_validate(const uint64_t *tree, uint32_t leaf_count)
{
    const uint64_t *level = tree + PL_QUEUE_LEAF0;
    for (uint32_t count = leaf_count; count > PL_QUEUE_NODE;) {
        const uint64_t *above = level + count;
        for (uint32_t i = 0; i < count / PL_QUEUE_NODE; i++) {
            PL_CHECK(above[i] == pl_queue_least(&level[i * PL_QUEUE_NODE]));
        }
        level = above;
        count = pl_queue_above(count);
    }
    PL_CHECK(tree[0] == pl_queue_least(level));
}

void pl_queue_put_far(uint64_t *tree, uint32_t leaf_count, uint32_t slot, uint64_t key)
{
    pl_queue_put(tree, leaf_count, slot, key);
}
