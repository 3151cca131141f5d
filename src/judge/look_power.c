// SPDX-License-Identifier: Apache-2.0
#include "judge/look_power.h"

#include "base/check.h"
#include "base/fmath.h"

#define TOGETHER 0.5 /* bits between two causes below which a look leaves them together */

double
pl_look_pair_bits(const struct pl_predictive *predictive, uint32_t look, uint32_t a, uint32_t b)
{
    PL_CHECK(predictive != NULL && look < predictive->look_count);
    PL_CHECK(a != b && a < predictive->cause_count && b < predictive->cause_count);
    double belief[PL_CAUSES_MAX] = {0};
    double next[PL_CAUSES_MAX] = {0};
    double bits = 0.0;
    belief[a] = 0.5;
    belief[b] = 0.5;
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t cause = i == 0 ? a : b;
        for (uint32_t d = 0; d < predictive->draw_count; d++) {
            pl_predictive_next(predictive, look, cause, d, belief, next);
            double p = next[cause] > 1e-6 ? next[cause] : 1e-6;
            bits += 0.5 * (pl_log(2.0 * p) / pl_log(2.0)) / predictive->draw_count;
        }
    }
    return bits;
}

/* The smaller of two groups' numbers swallows the other. */
static void join(uint8_t *group_of, uint32_t count, uint32_t a, uint32_t b)
{
    uint8_t into = group_of[a] < group_of[b] ? group_of[a] : group_of[b];
    uint8_t from = group_of[a] < group_of[b] ? group_of[b] : group_of[a];
    for (uint32_t h = 0; h < count; h++) {
        group_of[h] = group_of[h] == from ? into : group_of[h];
    }
}

/* A group bears its first cause's number until here; without gaps afterwards. */
static uint32_t close_gaps(uint8_t *group_of, uint32_t count)
{
    uint8_t number[PL_CAUSES_MAX] = {0};
    uint8_t groups = 0;
    for (uint32_t h = 0; h < count; h++) {
        if (group_of[h] == h) {
            number[h] = groups++;
        }
    }
    for (uint32_t h = 0; h < count; h++) {
        group_of[h] = number[group_of[h]];
    }
    return groups;
}

static void measure(const struct pl_gates_def *def, uint32_t look, struct pl_look_power *power)
{
    const struct pl_predictive *predictive = def->predictive;
    uint32_t causes = predictive->cause_count;
    *power = (struct pl_look_power){.bits = def->bits[look].mix,
                                    .cost_s = predictive->cost_s[look],
                                    .look = def->look_of[look]};
    for (uint32_t h = 0; h < causes; h++) {
        power->group_of[h] = (uint8_t)h;
    }
    for (uint32_t a = 0; a < causes; a++) {
        for (uint32_t b = a + 1; b < causes; b++) {
            if (pl_look_pair_bits(predictive, look, a, b) < TOGETHER) {
                join(power->group_of, causes, a, b);
            }
        }
    }
    power->groups = close_gaps(power->group_of, causes);
}

void pl_look_powers(const struct pl_gates_def *def, struct pl_look_power *powers)
{
    PL_CHECK(def != NULL && powers != NULL);
    PL_CHECK(def->predictive->cause_count <= PL_CAUSES_MAX);
    for (uint32_t i = 0; i < def->predictive->look_count; i++) {
        struct pl_look_power power;
        uint32_t at = i;
        measure(def, i, &power);
        for (; at > 0 && powers[at - 1].bits < power.bits; at--) {
            powers[at] = powers[at - 1];
        }
        powers[at] = power;
    }
}
