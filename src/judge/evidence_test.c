// SPDX-License-Identifier: Apache-2.0
#include "judge/evidence.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CAUSES = 4, PARTICLES = 32, ROWS = CAUSES * PARTICLES };

static struct pl_feature_set sets[ROWS];
static _Alignas(16) char memory[2000000];

static double noise(uint64_t row, uint64_t key)
{
    return pl_random_normal(pl_random_bits(row + 1, key));
}

static void clear(void)
{
    memset(sets, 0, sizeof sets);
}

/** Keys have to be added in rising order. */
static void add(uint32_t row, uint64_t key, uint32_t kind, double value, double sd)
{
    struct pl_feature_set *set = &sets[row];
    set->items[set->count++] =
        (struct pl_feature){.key = key, .value = (float)value, .sd = (float)sd, .kind = kind};
}

static struct pl_evidence *build(uint32_t live)
{
    const struct pl_evidence_def def = {
        .cause_count = CAUSES, .particles = PARTICLES, .live = live};
    assert_true(pl_evidence_size(CAUSES, PARTICLES) <= sizeof memory);
    return pl_evidence_build(&def, sets, memory, sizeof memory);
}

static void what_separates_causes_is_kept_in_order(void **state)
{
    (void)state;
    clear();
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t cause = row / PARTICLES;
        add(row, 1, PL_FEATURE_LEVEL, noise(row, 1), 0.01);
        add(row, 2, PL_FEATURE_LEVEL, cause + noise(row, 2), 0.01);
        add(row, 3, PL_FEATURE_COUNT, (row / PARTICLES == 2 ? 8.0 : 0.0) + noise(row, 3), 0.01);
        add(row, 4, PL_FEATURE_WORD, cause, 0.0);
    }
    struct pl_evidence *evidence = build(15);
    assert_int_equal(evidence->dims, 2);
    assert_int_equal(evidence->key[0], 3);
    assert_int_equal(evidence->key[1], 2);
    assert_true(evidence->gain[0] > evidence->gain[1]);
    assert_int_equal(evidence->bits, 0);
    assert_int_equal(evidence->features, 4);
}

static void a_copy_of_a_feature_is_not_kept(void **state)
{
    (void)state;
    clear();
    for (uint32_t row = 0; row < ROWS; row++) {
        uint32_t cause = row / PARTICLES;
        double value = (double)cause + noise(row, 2);
        add(row, 1, PL_FEATURE_LEVEL, value, 0.01);
        add(row, 2, PL_FEATURE_LEVEL, 2.0 * value + 0.01 * noise(row, 3), 0.01);
    }
    assert_int_equal(build(15)->dims, 1);
}

/** Of 150 features without any difference hardly one survives, and none is trusted much. */
static void chance_is_not_taken_for_a_difference(void **state)
{
    (void)state;
    clear();
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint64_t key = 1; key <= 150; key++) {
            add(row, key, PL_FEATURE_LEVEL, noise(row, key), 0.01);
        }
    }
    const struct pl_evidence *evidence = build(15);
    for (uint32_t i = 0; i < evidence->dims; i++) {
        assert_true(evidence->trust[i] < 0.85);
        assert_true(evidence->gain[i] < 0.12);
    }
}

static void what_is_missing_is_told_by_a_bit(void **state)
{
    (void)state;
    clear();
    for (uint32_t row = 0; row < ROWS; row++) {
        bool shown = row / PARTICLES != 1;
        if (shown) {
            add(row, 1, PL_FEATURE_PRESENT, 1.0, 0.0);
            uint32_t cause = row / PARTICLES;
            add(row, 2, PL_FEATURE_LEVEL, (double)cause + noise(row, 2), 0.01);
        }
        add(row, 3, PL_FEATURE_PRESENT, 1.0, 0.0);
    }
    const struct pl_evidence *evidence = build(15);
    assert_int_equal(evidence->bits, 1);
    assert_int_equal(evidence->bit_key[0], 1);
    assert_int_equal(evidence->dims, 1);
    assert_true(isnan(evidence->value[PARTICLES]));
    assert_int_equal(evidence->pattern[PARTICLES], 0);
    assert_int_equal(evidence->pattern[0], 1);

    struct pl_reading reading;
    pl_evidence_read(evidence, &sets[PARTICLES], &reading);
    assert_true(isnan(reading.value[0]));
    assert_int_equal(reading.pattern, 0);
    pl_evidence_read(evidence, &sets[0], &reading);
    assert_true(fabs(reading.value[0] - (double)evidence->value[0]) < 1e-6);
    assert_int_equal(reading.pattern, 1);
}

/** Causes without particles are not read: their sets may hold anything. */
static void frozen_causes_are_not_read(void **state)
{
    (void)state;
    clear();
    for (uint32_t row = 0; row < ROWS; row++) {
        add(row, 1, PL_FEATURE_LEVEL, (double)(row / PARTICLES == 3) * 9.0 + noise(row, 1), 0.01);
    }
    assert_int_equal(build(15)->dims, 1);
    for (uint32_t row = 3 * PARTICLES; row < ROWS; row++) {
        sets[row].count = UINT32_MAX;
    }
    const struct pl_evidence *evidence = build(7);
    assert_int_equal(evidence->dims, 0);
    assert_int_equal(evidence->live, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_separates_causes_is_kept_in_order),
        cmocka_unit_test(a_copy_of_a_feature_is_not_kept),
        cmocka_unit_test(chance_is_not_taken_for_a_difference),
        cmocka_unit_test(what_is_missing_is_told_by_a_bit),
        cmocka_unit_test(frozen_causes_are_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
