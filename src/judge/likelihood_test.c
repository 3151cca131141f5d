// SPDX-License-Identifier: Apache-2.0
//
// Evidence is filled by hand, so that every density is known.
#include "judge/likelihood.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CAUSES = 2, PARTICLES = 128, ROWS = CAUSES * PARTICLES, DIMS = 2 };

static float value[ROWS * DIMS];
static uint8_t pattern[ROWS];
static double weight[ROWS];
static struct pl_likelihood likelihood;

static struct pl_evidence fill(void)
{
    struct pl_evidence evidence = {.cause_count = CAUSES,
                                   .particles = PARTICLES,
                                   .live = 3,
                                   .dims = DIMS,
                                   .bits = 1,
                                   .sd = {0.1, 0.1},
                                   .trust = {1.0, 1.0},
                                   .value = value,
                                   .pattern = pattern};
    for (uint32_t row = 0; row < ROWS; row++) {
        double first = pl_random_normal(pl_random_bits(5, 2 * row));
        double second = pl_random_normal(pl_random_bits(5, 2 * row + 1));
        value[row * DIMS] = (float)((row < PARTICLES ? 0.0 : 2.0) + first);
        value[row * DIMS + 1] = (float)(0.6 * first + 0.8 * second);
        pattern[row] = row < PARTICLES && row % 4 == 0 ? 1 : 0;
        weight[row] = 1.0 / PARTICLES;
    }
    return evidence;
}

static const struct pl_likelihood_def def = {.weight = weight, .kappa = 10.0, .discrepancy = 0.1};

/** With many particles the density is close to the normal one that the numbers come from. */
static void the_density_is_near_the_true_one(void **state)
{
    (void)state;
    struct pl_evidence evidence = fill();
    pl_likelihood_fit(&def, &evidence, &likelihood);
    const struct pl_reading reading = {.value = {0.5, -0.2}, .pattern = 0};
    double second = (-0.2 - 0.3) / 0.8;
    double exact = -log(2.0 * acos(-1.0)) - log(0.8) - 0.5 * (0.25 + second * second);
    double pattern_log = log((96.0 + 0.5) / 129.0);
    double got = pl_likelihood_log(&likelihood, 0, &reading);
    assert_true(fabs(got - exact - pattern_log) < 0.15);
    uint32_t shown = 0;
    double distance = pl_likelihood_distance(&likelihood, 0, &reading, &shown);
    assert_int_equal(shown, 2);
    assert_true(fabs(distance - 0.25 - second * second) < 0.25);
}

/* A mean of few particles is itself off: with nine effective ones the density is a ninth wider. */
static void a_finite_bank_pays_for_its_means(void **state)
{
    (void)state;
    struct pl_evidence evidence = fill();
    for (uint32_t row = 0; row < ROWS; row++) {
        weight[row] = row % PARTICLES < 9 ? 1.0 / 9.0 : 0.0;
    }
    pl_likelihood_fit(&def, &evidence, &likelihood);
    const struct pl_likelihood_part *part = &likelihood.part[0];
    assert_true(fabs(part->effective - 9.0) < 1e-9);
    for (uint32_t i = 0; i < DIMS; i++) {
        double own = part->covariance[i * DIMS + i] - likelihood.extra[i];
        assert_true(fabs(own / part->spread[i * DIMS + i] - 10.0 / 9.0) < 1e-6);
    }
}

static void bits_have_half_a_particle_on_both_sides_and_a_floor(void **state)
{
    (void)state;
    struct pl_evidence evidence = fill();
    pl_likelihood_fit(&def, &evidence, &likelihood);
    assert_true(fabs(likelihood.part[0].log_pattern[1] - log(32.5 / 129.0)) < 1e-9);
    assert_true(fabs(likelihood.part[1].log_pattern[1] - log(0.02)) < 1e-9);
    assert_true(fabs(likelihood.part[1].log_pattern[0] - log(0.98)) < 1e-9);
}

static void a_number_that_is_not_shown_is_left_out(void **state)
{
    (void)state;
    struct pl_evidence evidence = fill();
    pl_likelihood_fit(&def, &evidence, &likelihood);
    const struct pl_reading both = {.value = {(double)NAN, 0.4}, .pattern = 0};
    uint32_t shown = 0;
    (void)pl_likelihood_distance(&likelihood, 0, &both, &shown);
    assert_int_equal(shown, 1);
    // The second number alone has the same law under both causes; bits are what is left.
    double difference =
        pl_likelihood_log(&likelihood, 0, &both) - pl_likelihood_log(&likelihood, 1, &both);
    assert_true(fabs(difference - log(96.5 / 129.0 / 0.98)) < 0.25);
    const struct pl_reading none = {.value = {(double)NAN, (double)NAN}, .pattern = 0};
    assert_true(fabs(pl_likelihood_log(&likelihood, 1, &none) - log(0.98)) < 1e-9);
}

/** Particles that do not show a number are not taken for zeros. */
static void particles_may_lack_numbers(void **state)
{
    (void)state;
    struct pl_evidence evidence = fill();
    pl_likelihood_fit(&def, &evidence, &likelihood);
    double mean = likelihood.part[1].mean[0];
    for (uint32_t row = PARTICLES; row < ROWS; row += 2) {
        value[row * DIMS] = (float)NAN;
    }
    pl_likelihood_fit(&def, &evidence, &likelihood);
    assert_true(fabs(likelihood.part[1].mean[0] - mean) < 0.3);
    assert_true(fabs(likelihood.part[1].covariance[0] - 1.0) < 0.35);
    for (uint32_t row = PARTICLES; row < ROWS; row++) {
        value[row * DIMS] = (float)NAN;
    }
    pl_likelihood_fit(&def, &evidence, &likelihood);
    // Nothing is known about it under this cause: the pooled mean, and no sharper than the other.
    assert_true(fabs(likelihood.part[1].mean[0] - likelihood.part[0].mean[0]) < 1e-9);
    assert_true(likelihood.part[1].covariance[0] >= likelihood.part[0].covariance[0] * 0.99);
}

/** Leaving a particle out is the same as giving it no weight. */
static void without_equals_no_weight(void **state)
{
    (void)state;
    struct pl_evidence evidence = fill();
    struct pl_likelihood_part part;
    pl_likelihood_fit(&def, &evidence, &likelihood);
    pl_likelihood_without(&likelihood, &def, &evidence, 0, 3, &part);
    weight[3] = 0.0;
    static struct pl_likelihood second;
    pl_likelihood_fit(&def, &evidence, &second);
    for (uint32_t i = 0; i < DIMS; i++) {
        assert_true(fabs(part.mean[i] - second.part[0].mean[i]) < 0.01);
        assert_true(fabs(part.covariance[i] - second.part[0].covariance[i]) < 0.01);
    }
    assert_true(fabs(part.effective - 127.0) < 1e-9);
}

static void perception_widens(void **state)
{
    (void)state;
    struct pl_evidence evidence = fill();
    struct pl_likelihood_def noisy = def;
    pl_likelihood_fit(&noisy, &evidence, &likelihood);
    double exact = likelihood.part[0].covariance[0];
    noisy.perception = 1.0;
    pl_likelihood_fit(&noisy, &evidence, &likelihood);
    assert_true(fabs(likelihood.part[0].covariance[0] - exact - 0.01) < 1e-9);
}

/** A number that is the same in all particles has no variance, and still a density. */
static void constants_do_no_harm(void **state)
{
    (void)state;
    struct pl_evidence evidence = fill();
    for (uint32_t row = 0; row < ROWS; row++) {
        value[row * DIMS] = row < PARTICLES ? 1.0F : 2.0F;
        value[row * DIMS + 1] = 7.0F;
    }
    pl_likelihood_fit(&def, &evidence, &likelihood);
    const struct pl_reading reading = {.value = {1.0, 7.0}, .pattern = 0};
    double own = pl_likelihood_log(&likelihood, 0, &reading);
    double other = pl_likelihood_log(&likelihood, 1, &reading);
    assert_true(isfinite(own) && isfinite(other));
    assert_true(own > other + 5.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_density_is_near_the_true_one),
        cmocka_unit_test(a_finite_bank_pays_for_its_means),
        cmocka_unit_test(bits_have_half_a_particle_on_both_sides_and_a_floor),
        cmocka_unit_test(a_number_that_is_not_shown_is_left_out),
        cmocka_unit_test(particles_may_lack_numbers),
        cmocka_unit_test(without_equals_no_weight),
        cmocka_unit_test(perception_widens),
        cmocka_unit_test(constants_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
