// SPDX-License-Identifier: Apache-2.0
#include "judge/score.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static struct pl_estimate of(double value, double se)
{
    return (struct pl_estimate){.value = value, .se = se};
}

static void decisions_run_from_nothing_to_the_reference(void **state)
{
    (void)state;
    assert_true(near(pl_score_decisions(1000, of(200, 0), of(1000, 0)).value, 0.0));
    assert_true(near(pl_score_decisions(1000, of(200, 0), of(200, 0)).value, 100.0));
    assert_true(pl_score_decisions(1000, of(200, 0), of(100, 0)).value > 100.0);
    assert_true(pl_score_decisions(1000, of(200, 0), of(1300, 0)).value < 0.0);
    assert_true(near(pl_score_decisions(1000, of(200, 0), of(600, 16)).se, 2.0));
    assert_true(near(pl_score_decisions(1000, of(200, 32), of(600, 16)).se, sqrt(8.0)));
}

/* Adding looks that tell little can only lower efficiency. */
static void thoroughness_is_not_efficiency(void **state)
{
    (void)state;
    struct pl_efficiency one = {0};
    struct pl_efficiency many = {0};
    pl_efficiency_add(&one, of(1.2, 0.06), 60.0, 0.025);
    pl_efficiency_add(&many, of(1.2, 0.06), 60.0, 0.025);
    for (uint32_t i = 0; i < 5; i++) {
        pl_efficiency_add(&many, of(0.05, 0.01), 60.0, 0.01);
    }
    assert_true(near(pl_efficiency_score(&one).value, 80.0));
    assert_true(near(pl_efficiency_score(&one).se, 4.0));
    assert_true(pl_efficiency_score(&many).value < 40.0);
    struct pl_efficiency none = {0};
    assert_false(pl_efficiency_score(&none).given);
}

static void the_weights_are_those_that_were_registered(void **state)
{
    (void)state;
    double sum = 0.0;
    for (uint32_t i = 0; i < PL_SCORE_PARTS; i++) {
        sum += pl_score_weight(i);
    }
    assert_true(near(sum, 1.0));
    assert_true(near(pl_score_weight(PL_SCORE_DEC), 0.55));
}

static void errors_of_all_sources_add_up(void **state)
{
    (void)state;
    static const double variants[] = {58.0, 60.0, 62.0};
    struct pl_figure parts[PL_SCORE_PARTS] = {
        pl_figure_of(80, 4), pl_figure_of(40, 0), pl_figure_of(40, 0), pl_figure_exact(40)};
    struct pl_score_error error;
    struct pl_figure score = pl_score_composite(parts, variants, 3, 6.0, &error);
    assert_true(near(score.value, 0.55 * 80 + 0.45 * 40));
    assert_true(near(error.simulation, 2.2));
    assert_true(near(error.prior, 2.0));
    assert_true(near(score.se, sqrt(36.0 + 2.2 * 2.2 + 4.0)));
    parts[PL_SCORE_EFF].given = false;
    score = pl_score_composite(parts, NULL, 0, 0.0, NULL);
    assert_true(near(score.value, (0.55 * 80 + 0.30 * 40) / 0.85));
    for (uint32_t i = 0; i < PL_SCORE_PARTS; i++) {
        parts[i].given = false;
    }
    assert_false(pl_score_composite(parts, NULL, 0, 0.0, NULL).given);
}

static void few_incidents_say_little(void **state)
{
    (void)state;
    const struct pl_figure scores[] = {
        pl_figure_of(80, 6), pl_figure_of(60, 6), pl_figure_of(70, 6)};
    struct pl_score_mean mean = pl_score_shrink(scores, 3, 50.0, 0.64);
    assert_true(near(mean.raw.value, 70.0));
    assert_true(near(mean.raw.se, 6.0 / sqrt(3.0)));
    assert_true(near(mean.shrunk.value, 62.8));
    assert_true(near(mean.shrunk.se, 0.8 * 6.0 / sqrt(3.0)));
    assert_true(mean.low95 < mean.low68 && mean.high68 < mean.high95);
}

static void accuracy_halves_at_twice_the_damage(void **state)
{
    (void)state;
    static const double flat[] = {100, 101, 99};
    static const double steep[] = {100, 400, 30};
    assert_true(near(pl_score_accuracy(100, 100, 1000), 100.0));
    assert_true(near(pl_score_accuracy(100, 210, 1000), 50.0));
    assert_true(near(pl_score_accuracy(0, 10, 1000), 50.0));
    assert_false(pl_score_stake(flat, 3, 1000));
    assert_true(pl_score_stake(steep, 3, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_run_from_nothing_to_the_reference),
        cmocka_unit_test(thoroughness_is_not_efficiency),
        cmocka_unit_test(the_weights_are_those_that_were_registered),
        cmocka_unit_test(errors_of_all_sources_add_up),
        cmocka_unit_test(few_incidents_say_little),
        cmocka_unit_test(accuracy_halves_at_twice_the_damage),
    };
    return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
