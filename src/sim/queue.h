// SPDX-License-Identifier: Apache-2.0
//
// The set of pending events: a tree of least keys, eight children to a node.
//
// There is one slot per thing that can fire, so scheduling, moving and cancelling are the same
// operation (write the leaf, mend its path), the slot is the handle, and the tree is one flat array
// inside the state block. key = time << 18 | slot: events of one moment fire in the order of their
// slots, which is their priority class. First-in-first-out among equals is the business of the
// ready ring, not of this set.
//
//   first     the least key of all, alone in front
//   leaves    | 7 3 9 4 8 . 6 8 | 2 6 . . . . . . | ...     one per slot
//   above     | 3 2 . . . . . . | ...                       least of each eight leaves
//   ...                                                     and so on, up to eight nodes
//
// A key that is less than the slot's last one, or the first for a slot without an event, is
// compared once per level. Any other change looks at eight nodes per level. So an event is taken
// out when it fires, and what its handler schedules costs next to nothing.
//
// No branch depends on a key, but one: where there are many slots, a key that has just been worked
// out is guessed not to be the next. A key is also a positive double, and doubles are in the same
// order: the lesser of two of them is one instruction.
#ifndef PL_SIM_QUEUE_H
#define PL_SIM_QUEUE_H

#include "base/check.h"
#include "base/random.h"
#include "sim/clock.h"

#include <stdint.h>

enum {
    PL_QUEUE_SLOT_BITS = 18,
    PL_QUEUE_NODE = 8, /* children of a node; each level is a multiple of this long */
    PL_QUEUE_LEAF0 = 8 /* position of the first leaf, behind the first key */
};

/** The key of a slot without an event: the largest double. */
#define PL_QUEUE_IDLE      UINT64_C(0x7fefffffffffffff)
#define PL_QUEUE_SLOTS_MAX (UINT32_C(1) << PL_QUEUE_SLOT_BITS)

/** Leaves of a tree for `slots` slots: whole nodes, at least one. */
uint32_t pl_queue_leaves(uint32_t slots);

/** Words of a tree with so many leaves. */
uint32_t pl_queue_words(uint32_t leaf_count);

/**
 * Empty the set.
 *
 * @param tree        pl_queue_words of them
 * @param leaf_count  from pl_queue_leaves
 */
void pl_queue_init(uint64_t *tree, uint32_t leaf_count);

/**
 * Make room for more slots; those that were there keep their events.
 *
 * @param tree  pl_queue_words(to) words
 * @param from  present number of leaves
 * @param to    new number, larger, from pl_queue_leaves
 */
void pl_queue_grow(uint64_t *tree, uint32_t from, uint32_t to);

/** Abort unless every node is the least of its children. O(leaf_count). */
void pl_queue_validate(const uint64_t *tree, uint32_t leaf_count);

/** Nodes of the level above one of so many. */
static inline uint32_t pl_queue_above(uint32_t count)
{
    return (count / PL_QUEUE_NODE + PL_QUEUE_NODE - 1) / PL_QUEUE_NODE * PL_QUEUE_NODE;
}

/** The lesser of two keys as doubles. */
static inline double pl_queue_lesser(double a, double b)
{
    return b < a ? b : a;
}

/** The least of the eight children of a node, one by one: one of them has just been written. */
static inline uint64_t pl_queue_least(const uint64_t *keys)
{
    double a = pl_queue_lesser(pl_random_double_of(keys[0]), pl_random_double_of(keys[1]));
    double b = pl_queue_lesser(pl_random_double_of(keys[2]), pl_random_double_of(keys[3]));
    double c = pl_queue_lesser(pl_random_double_of(keys[4]), pl_random_double_of(keys[5]));
    double d = pl_queue_lesser(pl_random_double_of(keys[6]), pl_random_double_of(keys[7]));
    return pl_random_bits_of(pl_queue_lesser(pl_queue_lesser(a, b), pl_queue_lesser(c, d)));
}

/** Key of the next event, PL_QUEUE_IDLE: there is none. */
static inline uint64_t pl_queue_first(const uint64_t *tree)
{
    return tree[0];
}

/** Key of the event of a slot, PL_QUEUE_IDLE: it has none. */
static inline uint64_t pl_queue_leaf(const uint64_t *tree, uint32_t slot)
{
    return tree[PL_QUEUE_LEAF0 + slot];
}

/** Write a key, whatever the slot's last one. */
static inline void pl_queue_put(uint64_t *tree, uint32_t leaf_count, uint32_t slot, uint64_t key)
{
    uint64_t *level = tree + PL_QUEUE_LEAF0;
    uint64_t i = slot; /* as wide as an address: no widening on the way */
    level[i] = key;
    for (uint64_t count = leaf_count; count > PL_QUEUE_NODE;) {
        i /= PL_QUEUE_NODE;
        uint64_t least = pl_queue_least(&level[i * PL_QUEUE_NODE]);
        level += count;
        count = pl_queue_above((uint32_t)count);
        level[i] = least;
    }
    tree[0] = pl_queue_least(level);
}

/** Write a key that is not larger than the slot's last one: it may have had none. */
static inline void pl_queue_lower(uint64_t *tree, uint32_t leaf_count, uint32_t slot, uint64_t key)
{
    uint64_t *level = tree + PL_QUEUE_LEAF0;
    uint64_t i = slot;
    PL_DCHECK(key <= level[i]);
    level[i] = key;
    for (uint64_t count = leaf_count; count > PL_QUEUE_NODE;) {
        i /= PL_QUEUE_NODE;
        level += count;
        count = pl_queue_above((uint32_t)count);
        level[i] = key < level[i] ? key : level[i];
    }
    if (leaf_count > PL_QUEUE_NODE) {
        /* Among many it is seldom the next event: that one can begin before this key is known. */
        if (__builtin_expect(key < tree[0], 0)) {
            tree[0] = key;
        }
        return;
    }
    tree[0] = key < tree[0] ? key : tree[0];
}

/** pl_queue_put, out of the way of those who seldom need it. */
void pl_queue_put_far(uint64_t *tree, uint32_t leaf_count, uint32_t slot, uint64_t key);

/** Write a key. */
static inline void pl_queue_write(uint64_t *tree, uint32_t leaf_count, uint32_t slot, uint64_t key)
{
    if (key <= pl_queue_leaf(tree, slot)) {
        pl_queue_lower(tree, leaf_count, slot, key);
    } else {
        pl_queue_put_far(tree, leaf_count, slot, key);
    }
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
    if (pl_queue_leaf(tree, slot) != PL_QUEUE_IDLE) {
        pl_queue_put_far(tree, leaf_count, slot, PL_QUEUE_IDLE);
    }
}

/** Time of the next event, or INT64_MAX when there is none. */
static inline int64_t pl_queue_next_ns(const uint64_t *tree)
{
    return tree[0] == PL_QUEUE_IDLE ? INT64_MAX : (int64_t)(tree[0] >> PL_QUEUE_SLOT_BITS);
}

/** Slot of the next event; meaningless when there is none. */
static inline uint32_t pl_queue_next_slot(const uint64_t *tree)
{
    return (uint32_t)(tree[0] & (PL_QUEUE_SLOTS_MAX - 1u));
}

#endif
