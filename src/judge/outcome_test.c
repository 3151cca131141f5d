// SPDX-License-Identifier: Apache-2.0
#include "judge/outcome.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_parts_make_the_score(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    test_judge_play(judge);
    const struct pl_report *report = test_judge_finish(judge);
    const struct pl_report_profile *profile = &report->profile;
    assert_true(profile->decision.given);
    assert_true(profile->communication.given);
    double sum = 0.55 * profile->decision.value + 0.15 * profile->efficiency.value +
                 0.15 * profile->calibration.value + 0.15 * profile->communication.value;
    assert_true(report->score.given);
    assert_true(report->score.value - sum < 1e-6 && sum - report->score.value < 1e-6);
    assert_true(report->score.se > 0.0);
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_make_the_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
