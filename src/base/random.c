// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include "base/fmath.h"

double pl_random_exp(uint64_t bits)
{
    return -pl_log(pl_random_unit(bits));
}

double pl_random_normal(uint64_t bits)
{
    return pl_normal_quantile(pl_random_unit(bits));
}
