// SPDX-License-Identifier: Apache-2.0
#include "judge/cross.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CAUSES = 3, PARTICLES = 64, ROWS = CAUSES * PARTICLES };

static float value[ROWS];
static uint8_t pattern[ROWS];
static double weight[ROWS];
static struct pl_likelihood likelihood;
static _Alignas(16) char memory[400000];
static _Alignas(16) char scratch[400000];

/** One look of one number: cause h is around h. */
static struct pl_evidence look_at(uint64_t panel, double common)
{
    struct pl_evidence evidence = {.cause_count = CAUSES,
                                   .particles = PARTICLES,
                                   .live = 7,
                                   .dims = 1,
                                   .trust = {1.0},
                                   .value = value,
                                   .pattern = pattern};
    for (uint32_t row = 0; row < ROWS; row++) {
        double shared = pl_random_normal(pl_random_bits(1, row));
        double own = pl_random_normal(pl_random_bits(1 + panel, row));
        uint32_t cause = row / PARTICLES;
        value[row] = (float)((double)cause + common * shared + (1.0 - common) * own);
        weight[row] = 1.0 / PARTICLES;
    }
    const struct pl_likelihood_def def = {.weight = weight, .kappa = 10.0, .discrepancy = 0.1};
    pl_likelihood_fit(&def, &evidence, &likelihood);
    return evidence;
}

/* Nothing is ever misread. */
static const struct pl_cross_rule plain = {.kappa = 10.0};

static double ratio_after(struct pl_cross *cross)
{
    double log_likelihood[PL_CAUSES_MAX] = {0};
    assert_true(pl_cross_scratch_size() <= sizeof scratch);
    assert_int_equal(pl_cross_log_likelihood(cross, &plain, scratch, log_likelihood), 7);
    return log_likelihood[1] - log_likelihood[0];
}

static struct pl_cross *start(void)
{
    assert_true(pl_cross_size(CAUSES, PARTICLES) <= sizeof memory);
    return pl_cross_init(CAUSES, PARTICLES, memory);
}

/** The same number twice says hardly more than once; two independent ones say twice as much. */
static void what_is_shown_twice_counts_once(void **state)
{
    (void)state;
    const struct pl_reading reading = {.value = {1.2}};
    struct pl_cross *cross = start();
    struct pl_evidence evidence = look_at(1, 0.98);
    pl_cross_add(cross, &evidence, &likelihood, &reading);
    double once = ratio_after(cross);
    evidence = look_at(2, 0.98);
    pl_cross_add(cross, &evidence, &likelihood, &reading);
    double twice = ratio_after(cross);
    assert_true(once > 0.3);
    assert_true(twice < 1.5 * once);

    cross = start();
    evidence = look_at(1, 0.0);
    pl_cross_add(cross, &evidence, &likelihood, &reading);
    once = ratio_after(cross);
    evidence = look_at(2, 0.0);
    pl_cross_add(cross, &evidence, &likelihood, &reading);
    assert_true(ratio_after(cross) > 1.6 * once);
}

static void too_many_numbers_end_the_check(void **state)
{
    (void)state;
    const struct pl_reading reading = {.value = {1.2}};
    double log_likelihood[PL_CAUSES_MAX];
    struct pl_cross *cross = start();
    struct pl_evidence evidence = look_at(1, 0.5);
    for (uint32_t i = 0; i < PL_CROSS_DIMS_MAX; i++) {
        pl_cross_add(cross, &evidence, &likelihood, &reading);
    }
    assert_int_equal(pl_cross_log_likelihood(cross, &plain, scratch, log_likelihood), 7);
    pl_cross_add(cross, &evidence, &likelihood, &reading);
    assert_int_equal(pl_cross_log_likelihood(cross, &plain, scratch, log_likelihood), 0);
}

static void frozen_causes_drop_out_and_gaps_are_passed(void **state)
{
    (void)state;
    const struct pl_reading gap = {.value = {(double)NAN}};
    double log_likelihood[PL_CAUSES_MAX] = {0};
    struct pl_cross *cross = start();
    struct pl_evidence evidence = look_at(1, 0.5);
    evidence.live = 5;
    pl_cross_add(cross, &evidence, &likelihood, &gap);
    assert_int_equal(pl_cross_log_likelihood(cross, &plain, scratch, log_likelihood), 5);
    assert_true(fabs(log_likelihood[0]) < 1e-12);
}

/* A look may have been misread: a number that no cause explains takes little from any of them. */
static void a_look_that_may_be_misread_takes_little(void **state)
{
    (void)state;
    const struct pl_reading far = {.value = {60.0}};
    double log_likelihood[PL_CAUSES_MAX] = {0};
    const struct pl_cross_rule rule = {.kappa = 10.0, .misread = 0.02, .log_other = -3.0};
    struct pl_cross *cross = start();
    struct pl_evidence evidence = look_at(1, 0.5);
    pl_cross_add(cross, &evidence, &likelihood, &far);
    assert_int_equal(pl_cross_log_likelihood(cross, &rule, scratch, log_likelihood), 7);
    for (uint32_t h = 0; h < CAUSES; h++) {
        assert_true(fabs(log_likelihood[h] - (-3.0 + log(0.02))) < 1e-6);
    }
    cross = start();
    pl_cross_add(cross, &evidence, &likelihood, &far);
    assert_int_equal(pl_cross_log_likelihood(cross, &plain, scratch, log_likelihood), 7);
    assert_true(log_likelihood[0] < -50.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_twice_counts_once),
        cmocka_unit_test(too_many_numbers_end_the_check),
        cmocka_unit_test(frozen_causes_drop_out_and_gaps_are_passed),
        cmocka_unit_test(a_look_that_may_be_misread_takes_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
