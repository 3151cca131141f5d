// SPDX-License-Identifier: Apache-2.0
//
// What all looks of the list showed in the worlds of the bank at one moment, packed. Some minutes
// later it still tells which looks are worth a fresh glance.
#ifndef PL_JUDGE_LOOK_MEMORY_H
#define PL_JUDGE_LOOK_MEMORY_H

#include "judge/feature.h"

#include <stddef.h>
#include <stdint.h>

/** What is known of one look. */
enum pl_look_known {
    PL_LOOK_UNKNOWN, /* not looked at, or there was no room */
    PL_LOOK_REFUSED, /* nobody could take it */
    PL_LOOK_SHOWN
};

/** A memory; opaque, in memory of the caller, without pointers. */
struct pl_look_memory;

/** Bytes for so many looks over so many worlds; most of it stays untouched. */
size_t pl_look_memory_size(uint32_t looks, uint32_t worlds);

/**
 * Begin with nothing known.
 *
 * @param looks   of the list, 1 or more
 * @param worlds  sets of one look, 1 or more
 * @param memory  pl_look_memory_size bytes, aligned to 16, owned by the caller
 */
struct pl_look_memory *pl_look_memory_init(uint32_t looks, uint32_t worlds, void *memory);

/** Forget everything; what is kept from here on was shown at `t_ns`. */
void pl_look_memory_clear(struct pl_look_memory *memory, int64_t t_ns);

/** Moment that was given to the last clear, -1: never. */
int64_t pl_look_memory_moment(const struct pl_look_memory *memory);

/**
 * Keep what a look showed; when there is no room it stays unknown.
 *
 * @param memory  changed
 * @param look    position in the list, unknown so far
 * @param sets    sets[worlds]; NULL: it was refused
 */
void pl_look_memory_keep(struct pl_look_memory *memory,
                         uint32_t look,
                         const struct pl_feature_set *sets);

/**
 * Give back what a look showed.
 *
 * @param memory  borrowed for the call
 * @param look    position in the list
 * @param sets    sets[worlds], filled for PL_LOOK_SHOWN
 * @return enum pl_look_known
 */
uint32_t pl_look_memory_give(const struct pl_look_memory *memory,
                             uint32_t look,
                             struct pl_feature_set *sets);

#endif
