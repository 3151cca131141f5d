// SPDX-License-Identifier: Apache-2.0
//
// The set of pending events: a winner tree over 64-bit keys.
//
// There is one slot per thing that can fire, so scheduling, moving and cancelling are the same
// operation (write the leaf, replay its path), the slot is the handle, and the tree is one flat
// array inside the state block. key = time << 20 | slot: events of one moment fire in the order of
// their slots, which is their priority class. First-in-first-out among equals is the business of
// the ready ring, not of this set.
//
//            tree[1] = smallest key
//           tree[2]        tree[3]
//        tree[4] tree[5] tree[6] tree[7]     leaves: tree[leaf_count + slot]
//
// Invariant: tree[i] = min(tree[2i], tree[2i + 1]) for 1 <= i < leaf_count. The number of leaves
// need not be a power of two: whatever it is, every leaf's path of halves ends at 1. But when it
// is, all paths are equally long, and no processor guesses wrong where one ends. For the same
// reason a path is walked to the root even where nothing changes any more.
#ifndef PL_SIM_QUEUE_H
#define PL_SIM_QUEUE_H

#include "base/check.h"
#include "sim/clock.h"

#include <stdint.h>

enum { PL_QUEUE_SLOT_BITS = 20 };

#define PL_QUEUE_IDLE      UINT64_MAX
#define PL_QUEUE_SLOTS_MAX (UINT32_C(1) << PL_QUEUE_SLOT_BITS)

/** Leaves of a tree for `slots` slots: the next power of two, at least 2. */
uint32_t pl_queue_leaves(uint32_t slots);

/**
 * Empty the set.
 *
 * @param tree        2 * leaf_count words
 * @param leaf_count  from pl_queue_leaves
 */
void pl_queue_init(uint64_t *tree, uint32_t leaf_count);

/**
 * Make room for more slots; those that were there keep their events.
 *
 * @param tree  2 * to words
 * @param from  present number of leaves
 * @param to    new number, larger
 */
void pl_queue_grow(uint64_t *tree, uint32_t from, uint32_t to);

/** Abort unless every inner node is the smaller of its children. O(leaf_count). */
void pl_queue_validate(const uint64_t *tree, uint32_t leaf_count);

/**
 * Write a leaf and replay its path to the root. What the others on the path have is compared apart
 * from the key: of the way to the next event, only one comparison waits for it.
 */
static inline void pl_queue_write(uint64_t *tree, uint32_t leaf_count, uint32_t slot, uint64_t key)
{
    uint64_t i = (uint64_t)leaf_count + slot; /* as wide as an address: no widening on the way */
    uint64_t others = tree[i ^ 1u];
    tree[i] = key;
    for (i >>= 1; i > 1; i >>= 1) {
        uint64_t other = tree[i ^ 1u];
        tree[i] = others < key ? others : key;
        others = other < others ? other : others;
    }
    tree[1] = others < key ? others : key;
}

/** Key of an event. */
static inline uint64_t pl_queue_key(uint32_t slot, int64_t t_ns)
{
    PL_DCHECK(t_ns >= 0 && t_ns < PL_TIME_MAX);
    return ((uint64_t)t_ns << PL_QUEUE_SLOT_BITS) | slot;
}

/** Schedule or move the event of `slot` to `t_ns`, 0..PL_TIME_MAX - 1. */
static inline void pl_queue_set(uint64_t *tree, uint32_t leaf_count, uint32_t slot, int64_t t_ns)
{
    pl_queue_write(tree, leaf_count, slot, pl_queue_key(slot, t_ns));
}

/** Cancel the event of `slot`; nothing happens when there is none. */
static inline void pl_queue_clear(uint64_t *tree, uint32_t leaf_count, uint32_t slot)
{
    if (tree[leaf_count + slot] != PL_QUEUE_IDLE) {
        pl_queue_write(tree, leaf_count, slot, PL_QUEUE_IDLE);
    }
}

/** Time of the next event, or INT64_MAX when there is none. */
static inline int64_t pl_queue_next_ns(const uint64_t *tree)
{
    return tree[1] == PL_QUEUE_IDLE ? INT64_MAX : (int64_t)(tree[1] >> PL_QUEUE_SLOT_BITS);
}

/** Slot of the next event; meaningless when there is none. */
static inline uint32_t pl_queue_next_slot(const uint64_t *tree)
{
    return (uint32_t)(tree[1] & (PL_QUEUE_SLOTS_MAX - 1u));
}

#endif
