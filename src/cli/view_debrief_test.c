// SPDX-License-Identifier: Apache-2.0
//
// The whole picture is a golden of view_answer_test; here are the sentences that depend on data.
#include "cli/view_debrief.h"

#include "support/goldens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *draw(const char *text)
{
    return golden_text(golden_faces[0], pl_view_debrief, text);
}

static void what_did_not_happen_is_said(void **state)
{
    (void)state;
    const char *text = draw("{\"times\":{\"page\":\"10:00:00\",\"detect_s\":150,"
                            "\"mitigated\":null,\"mitigate_s\":null}}");
    assert_non_null(strstr(text, "10:00:00, 2 min 30 s after it began"));
    assert_non_null(strstr(text, "mitigated   did not happen"));
    assert_non_null(strstr(text, "Nothing."));
}

static void harm_that_stays_is_said(void **state)
{
    (void)state;
    assert_non_null(strstr(draw("{\"still_hurting\":true}"), "still hurt"));
    assert_null(strstr(draw("{\"still_hurting\":false}"), "still hurt"));
}

static void damage_has_its_share_of_the_budget(void **state)
{
    (void)state;
    const char *text = draw("{\"damage\":{\"requests\":1234,\"budget_share\":0.256}}");
    assert_non_null(strstr(text, "1234 requests, 25.6 % of the month's error budget"));
    text = draw("{\"damage\":{\"requests\":1234,\"budget_share\":null}}");
    assert_non_null(strstr(text, "1234 requests\n"));
}

static void damage_beyond_requests_is_named(void **state)
{
    (void)state;
    const char *text = draw("{\"damage\":{\"requests\":1234,\"counts_too\":\"done twice\"}}");
    assert_non_null(strstr(text, "requests slow, failed or given up, done twice, per minute"));
    assert_non_null(strstr(text, "worth 1234 requests\n"));
    text = draw("{\"damage\":{\"requests\":1234}}");
    assert_non_null(strstr(text, "requests slow, failed or given up, per minute"));
    assert_null(strstr(text, "worth"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_did_not_happen_is_said),
        cmocka_unit_test(harm_that_stays_is_said),
        cmocka_unit_test(damage_has_its_share_of_the_budget),
        cmocka_unit_test(damage_beyond_requests_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
