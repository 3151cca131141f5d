// SPDX-License-Identifier: Apache-2.0
//
// What a look can and cannot do: its expected bits, and which causes it leaves together. Authors
// read it when a scenario misses Q5: a look that leaves every cause alone tells all.
#ifndef PL_JUDGE_LOOK_POWER_H
#define PL_JUDGE_LOOK_POWER_H

#include "judge/gates.h"

#include <stdint.h>

/** One look. */
struct pl_look_power {
    double bits;     /* expected, of remedy classes, under the belief at the opening */
    double cost_s;   /* simulated seconds that it takes */
    uint32_t look;   /* position in the list of looks */
    uint32_t groups; /* of causes that the look tells apart, 1..cause_count */
    uint8_t group_of[PL_CAUSES_MAX]; /* 0..groups-1, numbered in the order of causes */
};

/**
 * Bits by which a look tells two causes of even odds apart: 0 to 1.
 *
 * @param predictive  densities of all looks
 * @param look        of them
 * @param a           a cause
 * @param b           another one
 */
double
pl_look_pair_bits(const struct pl_predictive *predictive, uint32_t look, uint32_t a, uint32_t b);

/**
 * Measure all looks. Two causes stay together when a look tells less than half a bit between them,
 * or when both stay together with a third one.
 *
 * @param def     as for pl_gates_judge
 * @param powers  filled, powers[def->predictive->look_count], most bits first
 */
void pl_look_powers(const struct pl_gates_def *def, struct pl_look_power *powers);

#endif
