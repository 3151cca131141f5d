// SPDX-License-Identifier: Apache-2.0
#include "tally.h"

#include "base/check.h"

#include <math.h>
#include <stdlib.h>

enum { FIRST_ROOM = 4096 };

void pl_tally_add(struct pl_tally *tally, int64_t value_ns)
{
    PL_CHECK(tally != NULL);
    if (tally->count == tally->room) {
        tally->room = tally->room == 0 ? FIRST_ROOM : tally->room * 2;
        tally->values = realloc(tally->values, tally->room * sizeof tally->values[0]);
        PL_CHECK(tally->values != NULL);
    }
    tally->values[tally->count++] = value_ns;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int64_t pl_tally_quantile(struct pl_tally *tally, double share)
{
    PL_CHECK(tally != NULL && share >= 0.0 && share <= 1.0);
    if (tally->count == 0) {
        return 0;
    }
    qsort(tally->values, tally->count, sizeof tally->values[0], compare);
    double rank = ceil(share * (double)tally->count);
    size_t at = rank < 1.0 ? 0 : (size_t)rank - 1;
    return tally->values[at < tally->count ? at : tally->count - 1];
}

void pl_tally_fini(struct pl_tally *tally)
{
    PL_CHECK(tally != NULL);
    free(tally->values);
    *tally = (struct pl_tally){0};
}
