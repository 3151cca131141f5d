// SPDX-License-Identifier: Apache-2.0
//
// Rate limits: a bucket of tokens per key. A call takes a token; tokens come back at a fixed rate.
// A bucket is kept as the moment at which it is full again (the generic cell rate algorithm).
// The table has a fixed size: when it is full, the bucket that was used longest ago makes room, so
// that a flood of keys costs no memory. Pure but for the memory, which is the caller's.
#ifndef PL_SERVER_LIMITER_H
#define PL_SERVER_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_LIMITER_SETS = 512, /* a key may be in one set only */
    PL_LIMITER_WAYS = 8,   /* buckets of a set */
    PL_LIMITER_BURST = 60  /* calls that may come at once, if a minute has as many */
};

/** One bucket. */
struct pl_limiter_bucket {
    uint64_t key;    /* 0 when unused */
    int64_t used_ns; /* when a call was last counted */
    int64_t full_ns; /* when the bucket is full again */
};

/** The table; zeroed memory is an empty one. */
struct pl_limiter {
    struct pl_limiter_bucket sets[PL_LIMITER_SETS][PL_LIMITER_WAYS];
};

/**
 * Count a call.
 *
 * @param limiter     table
 * @param key         hash of who calls what
 * @param per_minute  calls that the key may make, 1..1,000,000
 * @param now_ns      moment, not before the last one
 * @return 0 when the call may go on, else the seconds after which it may, 1..60
 */
uint32_t
pl_limiter_take(struct pl_limiter *limiter, uint64_t key, uint32_t per_minute, int64_t now_ns);

#endif
