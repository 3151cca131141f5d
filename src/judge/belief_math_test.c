// SPDX-License-Identifier: Apache-2.0
#include "judge/belief_math.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pl_belief_def three(void)
{
    struct pl_belief_def def = pl_belief_def_default();
    def.cause_count = 3;
    def.class_count = 2;
    def.class_of[2] = 1;
    return def;
}

static void bayes_rule_without_a_floor(void **state)
{
    (void)state;
    struct pl_belief_def def = three();
    def.misread = 0.0;
    const double before[4] = {log(0.5), log(0.2), log(0.2), log(0.1)};
    const double likelihood[4] = {log(0.1) - 900.0, log(0.4) - 900.0, log(0.2) - 900.0, -990.0};
    double after[4];
    pl_belief_apply(&def, 7, likelihood, before, after);
    assert_true(fabs(exp(after[0]) - 0.05 / 0.17) < 1e-12);
    assert_true(fabs(exp(after[1]) - 0.08 / 0.17) < 1e-12);
    assert_true(fabs(exp(after[2]) - 0.04 / 0.17) < 1e-12);
    assert_true(after[3] < -80.0);
}

static void frozen_causes_keep_what_they_have(void **state)
{
    (void)state;
    struct pl_belief_def def = three();
    const double before[4] = {log(0.5), log(0.2), log(0.2), log(0.1)};
    const double likelihood[4] = {-3.0, -100.0, -1.0, -2.0};
    double after[4];
    pl_belief_apply(&def, 5, likelihood, before, after);
    assert_true(fabs(exp(after[1]) - 0.2) < 1e-12);
    double sum = exp(after[0]) + exp(after[1]) + exp(after[2]) + exp(after[3]);
    assert_true(fabs(sum - 1.0) < 1e-12);
}

static void misreading_bounds_what_one_look_can_do(void **state)
{
    (void)state;
    struct pl_belief_def def = three();
    const double before[4] = {log(0.5), log(0.2), log(0.2), log(0.1)};
    const double likelihood[4] = {-500.0, 0.0, -500.0, -1.0};
    double after[4];
    pl_belief_apply(&def, 7, likelihood, before, after);
    double floor = 0.02 * exp(-1.0);
    double ratio = exp(after[0] - after[1]) / (0.5 / 0.2);
    assert_true(fabs(ratio - floor / (0.98 + floor)) < 1e-9);
}

static void views_sum_over_classes(void **state)
{
    (void)state;
    struct pl_belief_def def = three();
    const double log_belief[4] = {log(0.5), log(0.125), log(0.125), log(0.25)};
    struct pl_belief_view view;
    pl_belief_view_of(&def, log_belief, &view);
    assert_true(fabs(view.remedy[0] - 0.625) < 1e-12);
    assert_true(fabs(view.remedy[1] - 0.125) < 1e-12);
    assert_true(fabs(view.cause_entropy_bits - 1.75) < 1e-12);
    double expected = pl_belief_entropy_term(0.625) + 0.375 + 0.5;
    assert_true(fabs(view.entropy_bits - expected) < 1e-12);
    assert_true(fabs(pl_belief_entropy_term(0.0)) < 1e-300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bayes_rule_without_a_floor),
        cmocka_unit_test(frozen_causes_keep_what_they_have),
        cmocka_unit_test(misreading_bounds_what_one_look_can_do),
        cmocka_unit_test(views_sum_over_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
