// SPDX-License-Identifier: Apache-2.0
#include "exam/host_judge.h"

#include "os/now.h"
#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PAUSE_NS 20000000
#define SOON_NS  (INT64_C(1000) * 1000 * 1000)

static void play(void)
{
    static const char *const commands[] = {"{\"do\":\"look\",\"what\":\"alerts\"}",
                                           "{\"do\":\"wait\",\"for\":60}",
                                           "{\"do\":\"close\"}"};
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, commands[i], 0), PL_REPLY_OK);
    }
}

static void await_analysis(void)
{
    uint32_t code = PL_REPLY_WORKING;
    while (code == PL_REPLY_WORKING) {
        pl_now_sleep_until(pl_now_monotonic_ns() + PAUSE_NS);
        code = pl_test_hosted_ask(PL_ASK_ANALYSIS, NULL, NULL, 0);
    }
    if (code != PL_REPLY_OK) {
        fail_msg("%s", pl_test_hosted.text);
    }
}

/* Goal: an analysis in the middle of its worlds delays the end of the host by no second. */
static void the_host_ends_while_an_analysis_runs(void **state)
{
    (void)state;
    struct pl_host_stats stats;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    play();
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ANALYSIS, NULL, NULL, 0), PL_REPLY_WORKING);
    pl_host_measure(pl_test_hosted.host, &stats);
    assert_int_equal(stats.analyses, 1);
    int64_t start_ns = pl_now_monotonic_ns();
    pl_host_close(pl_test_hosted.host);
    assert_true(pl_now_monotonic_ns() - start_ns < SOON_NS);
    pl_test_hosted.host = NULL;
    pl_test_hosted_again();
}

/* Goal: a stopped analysis is out of the way, and comes when it is asked for again. */
static void an_analysis_is_stopped_and_made_later(void **state)
{
    (void)state;
    struct pl_host_stats stats;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ANALYSIS_STOP, NULL, NULL, 0), PL_REPLY_OK);
    play();
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ANALYSIS_STOP, NULL, NULL, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "not asked for"));
    pl_host_measure(pl_test_hosted.host, &stats);
    assert_int_equal(stats.analyses, 0);
    await_analysis();
    assert_non_null(strstr(pl_test_hosted.text, "\"particles\":4"));
}

/* Goal: the one that waits is told how many are before it, and both are made. */
static void analyses_queue(void **state)
{
    (void)state;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    play();
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":4}");
    play();
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ANALYSIS, NULL, NULL, 0), PL_REPLY_WORKING);
    await_analysis();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_host_ends_while_an_analysis_runs, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            an_analysis_is_stopped_and_made_later, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            analyses_queue, pl_test_hosted_set_up, pl_test_hosted_tear_down),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
