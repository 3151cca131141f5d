// SPDX-License-Identifier: Apache-2.0
#include "judge/past.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAUSES = 3, PARTICLES = 24, ROWS = CAUSES * PARTICLES, DIMS = 2 };

/** A look of two numbers over all worlds. */
struct bench {
    float value[ROWS * DIMS];
    uint8_t pattern[ROWS];
    double weight[ROWS];
    struct pl_evidence evidence;
};

/* Numbers of a cause around its mean: `share` of their variance is that of the look before. */
static void show(struct bench *bench, const struct bench *before, double share, uint64_t key)
{
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t cause = row / PARTICLES;
        double mean = cause;
        for (uint32_t i = 0; i < DIMS; i++) {
            double own = pl_random_normal(pl_random_bits(key, row * DIMS + i));
            double old = before != NULL ? (double)before->value[row * DIMS + i] - mean : 0.0;
            bench->value[row * DIMS + i] =
                (float)(mean + sqrt(share) * old + sqrt(1.0 - share) * own);
        }
        bench->pattern[row] = 0;
        bench->weight[row] = 1.0 / PARTICLES;
    }
    bench->evidence = (struct pl_evidence){.cause_count = CAUSES,
                                           .particles = PARTICLES,
                                           .live = 7,
                                           .dims = DIMS,
                                           .value = bench->value,
                                           .pattern = bench->pattern};
}

static struct pl_past *new_past(uint32_t particles)
{
    struct pl_past *past = malloc(pl_past_size(CAUSES, particles));
    assert_non_null(past);
    return pl_past_init(CAUSES, particles, past);
}

/* Goal: a look is new at first, worth next to nothing a second time, and in between in between. */
static void what_was_seen_is_not_new(void **state)
{
    (void)state;
    static struct bench first;
    static struct bench second;
    struct pl_past *past = new_past(PARTICLES);
    show(&first, NULL, 0.0, 1);
    assert_true(pl_past_fresh(past, &first.evidence, first.weight) >= 1.0);
    pl_past_add(past, &first.evidence);
    assert_true(pl_past_fresh(past, &first.evidence, first.weight) < 0.03);
    show(&second, &first, 0.0, 2);
    assert_true(pl_past_fresh(past, &second.evidence, second.weight) > 0.9);
    show(&second, &first, 0.5, 3);
    double half = pl_past_fresh(past, &second.evidence, second.weight);
    assert_true(half > 0.5 && half < 0.95);
    free(past);
}

/* Goal: numbers that are the same in all worlds of a cause tell nothing the second time either. */
static void constant_numbers_are_not_new_twice(void **state)
{
    (void)state;
    static struct bench bench;
    struct pl_past *past = new_past(PARTICLES);
    show(&bench, NULL, 0.0, 1);
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t cause = row / PARTICLES;
        bench.value[row * DIMS] = bench.value[row * DIMS + 1] = (float)cause;
    }
    pl_past_add(past, &bench.evidence);
    assert_true(pl_past_fresh(past, &bench.evidence, bench.weight) < 0.03);
    free(past);
}

/* Goal: missing numbers, more looks than have room, and a bank with fewer worlds. */
static void the_last_looks_are_remembered_in_a_thinner_bank_too(void **state)
{
    (void)state;
    enum { THIN = PARTICLES / 2 };
    static struct bench bench;
    static struct bench thin;
    struct pl_past *past = new_past(PARTICLES);
    struct pl_past *fewer = new_past(THIN);
    show(&bench, NULL, 0.0, 9);
    pl_past_add(past, &bench.evidence);
    for (uint32_t i = 0; i < PL_PAST_LOOKS_MAX; i++) {
        show(&bench, NULL, 0.0, 10 + i);
        bench.value[0] = NAN;
        pl_past_add(past, &bench.evidence);
    }
    assert_true(pl_past_fresh(past, &bench.evidence, bench.weight) < 0.05);
    pl_past_thin(past, fewer);
    for (uint32_t row = 0; row < CAUSES * THIN; row++) {
        uint32_t from = row / THIN * PARTICLES + row % THIN;
        memcpy(&thin.value[row * DIMS], &bench.value[from * DIMS], DIMS * sizeof(float));
        thin.weight[row] = 1.0 / THIN;
    }
    thin.evidence = bench.evidence;
    thin.evidence.particles = THIN;
    thin.evidence.value = thin.value;
    thin.evidence.pattern = thin.pattern;
    assert_true(pl_past_fresh(fewer, &thin.evidence, thin.weight) < 0.05);
    /* The very first look had to make room. */
    show(&bench, NULL, 0.0, 9);
    assert_true(pl_past_fresh(past, &bench.evidence, bench.weight) > 0.5);
    free(past);
    free(fewer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_seen_is_not_new),
        cmocka_unit_test(constant_numbers_are_not_new_twice),
        cmocka_unit_test(the_last_looks_are_remembered_in_a_thinner_bank_too),
    };
    return cmocka_run_group_tests_name("past", tests, NULL, NULL);
}
