// SPDX-License-Identifier: Apache-2.0
#include "range/arrivals.h"

#include "base/check.h"
#include "base/random.h"

struct pl_arrivals pl_arrivals_start(uint32_t law, double rate, uint64_t seed)
{
    PL_CHECK(law == PL_ARRIVAL_POISSON || law == PL_ARRIVAL_CONSTANT);
    PL_CHECK(rate >= PL_ARRIVALS_RATE_MIN && rate <= PL_ARRIVALS_RATE_MAX);
    return (struct pl_arrivals){
        .key = pl_random_child(seed, law),
        .rate = rate,
        .law = law,
    };
}

int64_t pl_arrivals_next(struct pl_arrivals *arrivals)
{
    uint64_t index = arrivals->index++;
    if (arrivals->law == PL_ARRIVAL_CONSTANT) {
        arrivals->at_s = (double)arrivals->index / arrivals->rate; /* no error adds up */
    } else {
        arrivals->at_s += pl_random_exp(pl_random_bits(arrivals->key, index)) / arrivals->rate;
    }
    return (int64_t)(arrivals->at_s * 1e9);
}
