// SPDX-License-Identifier: Apache-2.0
#include "server/limiter.h"

#include "base/check.h"

#include <stddef.h>

#define SECOND_NS INT64_C(1000000000)
#define MINUTE_NS (60 * SECOND_NS)

/* The bucket of a key; another key's when there is none yet. */
static struct pl_limiter_bucket *find(struct pl_limiter_bucket *set, uint64_t key)
{
    struct pl_limiter_bucket *oldest = &set[0];
    for (uint32_t i = 0; i < PL_LIMITER_WAYS; i++) {
        if (set[i].key == key) {
            return &set[i];
        }
        if (set[i].key == 0 || (oldest->key != 0 && set[i].used_ns < oldest->used_ns)) {
            oldest = &set[i];
        }
    }
    return oldest;
}

uint32_t
pl_limiter_take(struct pl_limiter *limiter, uint64_t key, uint32_t per_minute, int64_t now_ns)
{
    PL_CHECK(limiter != NULL);
    PL_CHECK(per_minute >= 1 && per_minute <= 1000000);
    key = key == 0 ? 1 : key;
    struct pl_limiter_bucket *bucket = find(limiter->sets[key % PL_LIMITER_SETS], key);
    if (bucket->key != key) {
        *bucket = (struct pl_limiter_bucket){.key = key};
    }
    PL_CHECK(now_ns >= bucket->used_ns);
    int64_t token_ns = MINUTE_NS / per_minute;
    int64_t burst_ns = per_minute < PL_LIMITER_BURST ? MINUTE_NS : PL_LIMITER_BURST * token_ns;
    int64_t full_ns = (bucket->full_ns > now_ns ? bucket->full_ns : now_ns) + token_ns;
    bucket->used_ns = now_ns;
    if (full_ns - now_ns <= burst_ns) {
        bucket->full_ns = full_ns;
        return 0;
    }
    int64_t wait_ns = full_ns - now_ns - burst_ns;
    return (uint32_t)((wait_ns + SECOND_NS - 1) / SECOND_NS);
}
