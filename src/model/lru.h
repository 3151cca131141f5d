// SPDX-License-Identifier: Apache-2.0
//
// Order of use of the keys on one node of a cache: a list in two arrays, newest first. It knows
// nothing of time, traffic or other nodes.
#ifndef PL_MODEL_LRU_H
#define PL_MODEL_LRU_H

#include "model/state.h"

/** Put a key that is not in the list to its front. `links` has one entry per key of the cache. */
void pl_lru_add(struct pl_lru *lru, struct pl_lru_link *links, uint32_t key);

/** Put a key that is not in the list to its end, as the one to leave next. */
void pl_lru_add_oldest(struct pl_lru *lru, struct pl_lru_link *links, uint32_t key);

/** Take a key out of the list. */
void pl_lru_remove(struct pl_lru *lru, struct pl_lru_link *links, uint32_t key);

/** A key of the list was used: to the front. */
void pl_lru_touch(struct pl_lru *lru, struct pl_lru_link *links, uint32_t key);

#endif
