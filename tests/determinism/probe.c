// SPDX-License-Identifier: Apache-2.0
//
// Prints hashes of what the engine computes with below the model: mathematics and random draws.
// matrix.py compares the lines between compilers, optimisation levels and sanitizers. When the
// state hashes of simulations differ, these lines tell whether the ground is at fault.

#include <stdint.h>
#include <stdio.h>

#include "base/fmath.h"
#include "base/hash.h"
#include "base/random.h"

enum { PROBE_DRAWS = 20000 };

static void print_hash(const char *subject, const void *data, size_t size)
{
    char text[PL_HASH_TEXT_SIZE];
    pl_hash_format(pl_hash_bytes(data, size, 0), text);
    printf("%s %s\n", subject, text);
}

int main(void)
{
    static double values[PROBE_DRAWS];
    const uint64_t key = pl_random_child(pl_random_child(42, 1), 2);

    for (uint64_t i = 0; i < PROBE_DRAWS; i++) {
        values[i] = pl_random_unit(pl_random_bits(key, i));
    }
    print_hash("uniform", values, sizeof values);
    for (uint64_t i = 0; i < PROBE_DRAWS; i++) {
        values[i] = pl_random_exp(pl_random_bits(key, i));
    }
    print_hash("exponential", values, sizeof values);
    for (uint64_t i = 0; i < PROBE_DRAWS; i++) {
        values[i] = pl_random_normal(pl_random_bits(key, i));
    }
    print_hash("normal", values, sizeof values);
    for (uint64_t i = 0; i < PROBE_DRAWS; i++) {
        const double x = pl_random_unit(pl_random_bits(key, i));
        values[i] = pl_exp(1400.0 * x - 700.0);
    }
    print_hash("exp", values, sizeof values);
    for (uint64_t i = 0; i < PROBE_DRAWS; i++) {
        const double x = pl_random_unit(pl_random_bits(key, i));
        values[i] = pl_pow(1e6 * x, 3.0 * x - 1.5) + pl_normal_cdf(6.0 * x - 3.0);
    }
    print_hash("pow", values, sizeof values);
    return 0;
}
