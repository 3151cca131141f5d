// SPDX-License-Identifier: Apache-2.0
#include "exam/refusals.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

void pl_refusals_keep(struct pl_refusals *refusals, pl_slice key, pl_slice answer)
{
    PL_CHECK(refusals != NULL && key.size > 0);
    char *copy = malloc(answer.size + 1);
    if (copy == NULL) {
        return;
    }
    memcpy(copy, answer.data, answer.size);
    copy[answer.size] = '\0';
    struct pl_refusal_kept *kept = &refusals->kept[refusals->next++ % PL_REFUSALS_MAX];
    free(kept->answer);
    *kept = (struct pl_refusal_kept){
        .key = pl_hash_bytes(key.data, key.size, 0), .answer = copy, .size = answer.size};
}

bool pl_refusals_find(const struct pl_refusals *refusals, pl_slice key, pl_slice *answer)
{
    PL_CHECK(refusals != NULL && answer != NULL);
    pl_hash128 hash = pl_hash_bytes(key.data, key.size, 0);
    for (uint32_t i = 0; i < PL_REFUSALS_MAX && key.size > 0; i++) {
        const struct pl_refusal_kept *kept = &refusals->kept[i];
        if (kept->answer != NULL && memcmp(&kept->key, &hash, sizeof hash) == 0) {
            *answer = (pl_slice){kept->answer, kept->size};
            return true;
        }
    }
    return false;
}

void pl_refusals_fini(struct pl_refusals *refusals)
{
    PL_CHECK(refusals != NULL);
    for (uint32_t i = 0; i < PL_REFUSALS_MAX; i++) {
        free(refusals->kept[i].answer);
    }
    memset(refusals, 0, sizeof *refusals);
}
