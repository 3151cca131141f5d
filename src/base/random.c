// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include "base/fmath.h"

double pl_random_normal_tail(uint64_t bits)
{
    return pl_normal_quantile(pl_random_unit(bits));
}
