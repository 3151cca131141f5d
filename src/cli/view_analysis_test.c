// SPDX-License-Identifier: Apache-2.0
#include "cli/view_analysis.h"

#include "support/goldens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *draw(const char *text)
{
    return golden_text(golden_faces[0], pl_view_analysis, text);
}

static void figures_stand_with_their_error(void **state)
{
    (void)state;
    const char *text = draw("{\"profile\":{\"decision\":{\"value\":82.25,\"se\":4.5}},"
                            "\"damage\":0.613,\"damage_adjusted\":{\"value\":0.66,\"se\":0.03},"
                            "\"score\":{\"value\":78,\"se\":6}}");
    assert_non_null(strstr(text, "82.2 "));
    assert_non_null(strstr(text, " 4.5"));
    assert_non_null(strstr(text, "61.3 %"));
    assert_non_null(strstr(text, "66.0 "));
    assert_non_null(strstr(text, "nothing may be decided"));
}

static void moves_are_told_with_the_better_line(void **state)
{
    (void)state;
    const char *text = draw(
        "{\"moves\":[{\"t_s\":90,\"kind\":\"look\",\"text\":\"panel till latency\","
        "\"bits\":0.2,\"bits_expected\":0.3,\"bits_best\":1.4,\"better_look\":\"db stock locks\","
        "\"better\":\"\",\"label\":\"\"},"
        "{\"t_s\":150,\"kind\":\"act\",\"text\":\"restart till\",\"value\":0.4,\"regret\":0.12,"
        "\"label\":\"error\",\"better\":\"stop-job import\",\"saving\":0.38}]}");
    assert_non_null(strstr(text, "1:30"));
    assert_non_null(strstr(text, "`db stock locks` would have removed 1.4"));
    assert_non_null(strstr(text, "`stop-job import`, saves 38 %"));
    assert_non_null(strstr(text, "12.0"));
    assert_non_null(strstr(text, "error"));
}

static void what_did_not_happen_is_said(void **state)
{
    (void)state;
    const char *text =
        draw("{\"profile\":{\"first_act_s\":{\"value\":null,\"se\":null}},"
             "\"notes\":[\"There was no look, so nothing is said about looking.\"]}");
    assert_non_null(strstr(text, "nothing was done"));
    assert_non_null(strstr(text, "There was no look"));
}

static void the_curve_needs_two_beliefs(void **state)
{
    (void)state;
    const char *text = draw("{\"belief\":[{\"t_s\":0,\"entropy_bits\":2.5,\"classes\":{\"a\":1}},"
                            "{\"t_s\":600,\"entropy_bits\":0.5,\"classes\":{\"a\":0.25,"
                            "\"b\":0.75}}]}");
    assert_non_null(strstr(text, "Uncertainty about the remedy"));
    assert_non_null(strstr(text, " 75 %  b"));
    assert_null(strstr(draw("{\"belief\":[]}"), "Uncertainty about the remedy"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_stand_with_their_error),
        cmocka_unit_test(moves_are_told_with_the_better_line),
        cmocka_unit_test(what_did_not_happen_is_said),
        cmocka_unit_test(the_curve_needs_two_beliefs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
