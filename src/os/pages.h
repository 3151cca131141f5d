// SPDX-License-Identifier: Apache-2.0
//
// Address space that costs memory only where it is touched.
//
// For blocks whose size is the worst case of everything they might hold, such as hundreds of
// simulated worlds: the machine may have less memory than the block is long.
#ifndef PL_OS_PAGES_H
#define PL_OS_PAGES_H

#include "base/error.h"

#include <stddef.h>

/**
 * Reserve zeroed memory.
 *
 * @param size    bytes, above 0
 * @param memory  set: aligned to a page, given back with pl_pages_release
 * @param err     sentence
 * @return PL_OK or PL_NO_MEMORY
 */
pl_status pl_pages_reserve(size_t size, void **memory, pl_error *err)
    __attribute__((warn_unused_result));

/** Give reserved memory back; NULL is allowed. */
void pl_pages_release(void *memory, size_t size);

/** Bytes of reserved memory that are held at present. */
size_t pl_pages_touched(void *memory, size_t size);

/** Bytes of memory that this process holds; 0 when the machine does not tell. */
size_t pl_pages_resident(void);

/** Bytes of memory that the machine has; 0 when it does not tell. */
size_t pl_pages_machine(void);

#endif
