// SPDX-License-Identifier: Apache-2.0
#include "judge/priors.h"

#include "judge/course.h"
#include "support/trials.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The scenario's causes are equally likely, so all three priors are the same one. */
static void equal_priors_are_one(void **state)
{
    (void)state;
    struct pl_priors priors;
    struct test_judge *judge = test_judge_open(3, NULL);
    test_judge_play(judge);
    const struct pl_report *report = test_judge_finish(judge);
    const struct pl_value_model model = pl_course_model(judge->judge, 0);
    double reference = pl_value_of(
        &model, judge->judge->epochs[0].belief[PL_BELIEF_FULL].cause, judge->judge->opens_ns, NULL);
    pl_priors_weigh(judge->judge, reference, &priors);
    assert_true(fabs(priors.decision[0] - report->profile.decision.value) < 1e-6);
    assert_true(fabs(priors.decision[1] - priors.decision[0]) < 1e-6);
    assert_true(fabs(priors.decision[2] - priors.decision[0]) < 1e-6);
    test_judge_close(judge);
}

/* With a likely cause each of the three priors gives a figure of its own. Which is larger is not
 * fixed: the scale goes along with the prior. */
static void another_prior_moves_decisions(void **state)
{
    (void)state;
    struct pl_priors priors;
    struct test_judge *judge = test_judge_open(3, NULL);
    test_judge_play(judge);
    (void)test_judge_finish(judge);
    const struct pl_value_model model = pl_course_model(judge->judge, 0);
    double reference = pl_value_of(
        &model, judge->judge->epochs[0].belief[PL_BELIEF_FULL].cause, judge->judge->opens_ns, NULL);
    judge->scenario->causes[0].prior = 0.7;
    judge->scenario->causes[1].prior = 0.2;
    judge->scenario->causes[2].prior = 0.1;
    pl_priors_weigh(judge->judge, reference, &priors);
    assert_true(fabs(priors.decision[1] - priors.decision[0]) > 0.01);
    assert_true(fabs(priors.decision[2] - priors.decision[0]) > 0.01);
    assert_true(fabs(priors.decision[2] - priors.decision[1]) > 0.01);
    for (uint32_t i = 0; i < PL_PRIORS; i++) {
        assert_true(isfinite(priors.decision[i]));
    }
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_priors_are_one),
        cmocka_unit_test(another_prior_moves_decisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
