// SPDX-License-Identifier: Apache-2.0
//
// Answers to commands that were refused, by the key under which they came. A refused command leaves
// no entry, so the transcript does not have its answer; a client that lost it and asks again gets
// it from here, and the command is not tried a second time. The last few are kept, in memory only.
#ifndef PL_EXAM_REFUSALS_H
#define PL_EXAM_REFUSALS_H

#include "base/buf.h"
#include "base/hash.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_REFUSALS_MAX = 32 };

/** One answer. */
struct pl_refusal_kept {
    pl_hash128 key;
    char *answer; /* owned; NULL: free */
    size_t size;
};

/** The last answers; zeroed memory is empty. One thread at a time. */
struct pl_refusals {
    struct pl_refusal_kept kept[PL_REFUSALS_MAX];
    uint32_t next; /* the one that makes room */
};

/** Keep a copy of an answer under a key of 1 byte or more. Without memory it is not kept. */
void pl_refusals_keep(struct pl_refusals *refusals, pl_slice key, pl_slice answer);

/**
 * The answer that was kept under a key.
 *
 * @param answer  filled, borrowed until the next pl_refusals_keep
 * @return false when there is none, or the key is empty
 */
bool pl_refusals_find(const struct pl_refusals *refusals, pl_slice key, pl_slice *answer);

/** Give the memory back. */
void pl_refusals_fini(struct pl_refusals *refusals);

#endif
