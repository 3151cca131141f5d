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

/* How much a score moves from incident to incident is measured, or a cautious number stands. */
static void the_error_has_the_spread_over_incidents(void **state)
{
    (void)state;
    double errors[2];
    for (uint32_t i = 0; i < 2; i++) {
        struct test_judge *judge = test_judge_open(3, NULL);
        test_judge_play(judge);
        judge->judge->computed.incident_sd = i == 0 ? 0.0 : 40.0;
        errors[i] = test_judge_finish(judge)->score.se;
        test_judge_close(judge);
    }
    assert_true(errors[0] >= 15.0);
    assert_true(errors[1] >= 40.0);
    double assumed = errors[0] * errors[0] - 15.0 * 15.0;
    double measured = errors[1] * errors[1] - 40.0 * 40.0;
    assert_true(assumed - measured < 1e-6 && measured - assumed < 1e-6);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_make_the_score),
        cmocka_unit_test(the_error_has_the_spread_over_incidents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
