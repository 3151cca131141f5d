// SPDX-License-Identifier: Apache-2.0
//
// Log likelihoods with a known mistake: multiplied by a factor, the best learning rate is its
// inverse.
#include "judge/temper.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CAUSES = 4, SESSIONS = 400, LOOKS = 4, COUNT = SESSIONS * LOOKS };

static struct pl_temper_look looks[COUNT];

/** A reading is normal around the cause's number with sd 2; its likelihood is told too sharp. */
static struct pl_temper_def record(double sharpness)
{
    struct pl_temper_def def = {.belief = pl_belief_def_default(), .looks = looks, .count = COUNT};
    def.belief.cause_count = CAUSES;
    def.belief.class_count = CAUSES;
    def.belief.other = 0.0;
    def.belief.misread = 0.0;
    for (uint32_t h = 0; h < CAUSES; h++) {
        def.belief.prior[h] = 1.0;
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        struct pl_temper_look *look = &looks[i];
        look->session = i / LOOKS;
        look->truth = look->session % CAUSES;
        look->live = 15;
        double reading = (double)look->truth + 2.0 * pl_random_normal(pl_random_bits(3, i));
        for (uint32_t h = 0; h < CAUSES; h++) {
            double distance = (reading - (double)h) / 2.0;
            look->log_likelihood[h] = -0.5 * sharpness * distance * distance;
        }
        look->log_likelihood[CAUSES] = -30.0;
        look->fresh = 1.0;
    }
    return def;
}

static void the_best_rate_undoes_a_known_mistake(void **state)
{
    (void)state;
    struct pl_temper_def def = record(1.0);
    struct pl_temper fit = pl_temper_fit(&def);
    assert_true(fabs(fit.eta - 1.0) < 0.12);
    assert_int_equal(fit.sessions, SESSIONS);
    assert_true(fit.score >= fit.score_at_1 - 1e-4);
    assert_true(fit.score > -2.0 && fit.score < 0.0);
    def = record(1.8);
    struct pl_temper sharp = pl_temper_fit(&def);
    assert_true(fabs(sharp.eta * 1.8 / fit.eta - 1.0) < 0.03);
    assert_true(sharp.score > sharp.score_at_1);
    assert_true(fabs(sharp.score - fit.score) < 1e-3);
}

static void rates_stay_within_their_range(void **state)
{
    (void)state;
    struct pl_temper_def def = record(10.0);
    assert_true(fabs(pl_temper_fit(&def).eta - 0.4) < 0.01);
    def = record(0.1);
    assert_true(fabs(pl_temper_fit(&def).eta - 1.3) < 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_rate_undoes_a_known_mistake),
        cmocka_unit_test(rates_stay_within_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
