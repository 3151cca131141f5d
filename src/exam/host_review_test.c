// SPDX-License-Identifier: Apache-2.0
#include "exam/host_review.h"

#include "os/now.h"
#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PAUSE_NS 50000000

static void play(void)
{
    static const char *const commands[] = {"{\"do\":\"look\",\"what\":\"alerts\"}",
                                           "{\"do\":\"wait\",\"for\":60}",
                                           "{\"do\":\"close\"}"};
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ANALYSIS, NULL, NULL, 0), PL_REPLY_SESSION_OPEN);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, commands[i], 0), PL_REPLY_OK);
    }
}

/* Goal: the analysis follows the end by itself, with the debrief, and is made once. */
static void an_analysis_follows_the_end(void **state)
{
    (void)state;
    static char first[PL_TEST_HOSTED_TEXT];
    play();
    uint32_t code = PL_REPLY_WORKING;
    while (code == PL_REPLY_WORKING) {
        code = pl_test_hosted_ask(PL_ASK_ANALYSIS, NULL, NULL, 0);
        pl_now_sleep_until(pl_now_monotonic_ns() + PAUSE_NS);
    }
    if (code != PL_REPLY_OK) {
        fail_msg("%s", pl_test_hosted.text);
    }
    assert_non_null(strstr(pl_test_hosted.text, "\"moves\":["));
    assert_non_null(strstr(pl_test_hosted.text, ",\"debrief\":{"));
    snprintf(first, sizeof first, "%s", pl_test_hosted.text);
    pl_test_hosted_again();
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ANALYSIS, NULL, NULL, 0), PL_REPLY_OK);
    assert_string_equal(pl_test_hosted.text, first);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_SESSIONS, NULL, NULL, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "\"judged\":true"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_analysis_follows_the_end, pl_test_hosted_set_up, pl_test_hosted_tear_down),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
