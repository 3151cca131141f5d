// SPDX-License-Identifier: Apache-2.0
#include "judge/profile.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void what_was_said_is_compared_with_the_evidence(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    test_judge_play(judge);
    const struct pl_report *report = test_judge_finish(judge);
    const struct pl_profile *profile = judge->judge->profile;
    assert_int_equal(profile->statements, 1);
    assert_int_equal(profile->look_count, 3);
    assert_true(report->profile.calibration.given);
    assert_true(report->profile.calibration.value >= 0.0);
    assert_true(report->profile.calibration.value <= 100.0);
    assert_true(report->profile.premature.given);
    assert_true(report->profile.premature.value >= 0.0);
    assert_true(report->profile.efficiency.value > 0.0);
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_is_compared_with_the_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
