// SPDX-License-Identifier: Apache-2.0
#include "exam/host_play.h"

#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LOOK "{\"do\":\"look\",\"what\":\"alerts\"}"

/* Goal: the same key gets the first answer again, before and after a restart. */
static void a_key_gets_its_first_answer_again(void **state)
{
    (void)state;
    static char first[PL_TEST_HOSTED_TEXT];
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, "k-1", LOOK, 0), PL_REPLY_OK);
    snprintf(first, sizeof first, "%s", pl_test_hosted.text);
    assert_non_null(strstr(first, "{\"seq\":1,\"answer\":{"));
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, "k-1", LOOK, 0), PL_REPLY_OK);
    assert_string_equal(pl_test_hosted.text, first);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, "k-2", LOOK, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "{\"seq\":2,"));
    pl_test_hosted_again();
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, "k-1", LOOK, 0), PL_REPLY_OK);
    assert_string_equal(pl_test_hosted.text, first);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, "k-3", LOOK, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "{\"seq\":3,"));
}

static void a_refused_command_is_told(void **state)
{
    (void)state;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    uint32_t code = pl_test_hosted_ask(PL_ASK_COMMAND, "k", "{\"do\":\"lok\"}", 0);
    assert_int_equal(code, PL_REPLY_REFUSED);
    assert_non_null(strstr(pl_test_hosted.text, "\"error\""));
    code = pl_test_hosted_ask(PL_ASK_COMMAND, "bad key", LOOK, 0);
    assert_int_equal(code, PL_REPLY_BAD_INPUT);
}

/* Goal: what was refused under a key is refused for ever under it, in the same words. */
static void a_refusal_is_answered_again_and_nothing_is_tried(void **state)
{
    (void)state;
    static char first[PL_TEST_HOSTED_TEXT];
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    uint32_t code = pl_test_hosted_ask(PL_ASK_COMMAND, "k", "{\"do\":\"lok\"}", 0);
    assert_int_equal(code, PL_REPLY_REFUSED);
    snprintf(first, sizeof first, "%s", pl_test_hosted.text);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, "k", LOOK, 0), PL_REPLY_REFUSED);
    assert_string_equal(pl_test_hosted.text, first);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, "k-2", LOOK, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "{\"seq\":1,"));
}

static void entries_are_told_from_a_number_on(void **state)
{
    (void)state;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, LOOK, 0), PL_REPLY_OK);
    }
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ENTRIES, NULL, NULL, 1), PL_REPLY_OK);
    assert_null(strstr(pl_test_hosted.text, "\"seq\":1,"));
    assert_non_null(strstr(pl_test_hosted.text, "\"seq\":2,"));
    assert_non_null(strstr(pl_test_hosted.text, "\"last\":3}"));
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ENTRIES, NULL, NULL, INT64_MAX), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "{\"entries\":[],"));
}

/* Goal: a live clock is paused and sped up; a panel is refreshed only after a look at it. */
static void a_live_session_has_a_clock_and_panels(void **state)
{
    (void)state;
    static const char look[] =
        "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\",\"panel\":\"latency\"}";
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3,\"clock\":\"live\"}");
    assert_int_equal(pl_test_hosted_ask(PL_ASK_PANEL, NULL, look, 0), PL_REPLY_NOT_SEEN);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, look, 0), PL_REPLY_OK);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_PANEL, NULL, look, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "{\"seq\":null,\"observation\":{"));
    static const char several[] = "{\"panels\":[{\"service\":\"till-api\",\"panel\":\"latency\"},"
                                  "{\"service\":\"till-api\",\"panel\":\"requests\"},7]}";
    assert_int_equal(pl_test_hosted_ask(PL_ASK_PANELS, NULL, several, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "{\"panels\":[{\"observation\":{"));
    assert_non_null(strstr(pl_test_hosted.text, "},{\"unseen\":true},{\"unseen\":true}]}"));
    assert_int_equal(pl_test_hosted_ask(PL_ASK_PANELS, NULL, "{\"panels\":7}", 0),
                     PL_REPLY_BAD_INPUT);
    uint32_t code = pl_test_hosted_ask(PL_ASK_CLOCK, NULL, "{\"running\":false}", 0);
    assert_int_equal(code, PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "\"running\":false"));
    code = pl_test_hosted_ask(PL_ASK_CLOCK, NULL, "{\"speed\":11}", 0);
    assert_int_equal(code, PL_REPLY_BAD_INPUT);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_key_gets_its_first_answer_again, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            a_refused_command_is_told, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_is_answered_again_and_nothing_is_tried,
                                        pl_test_hosted_set_up,
                                        pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            entries_are_told_from_a_number_on, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            a_live_session_has_a_clock_and_panels, pl_test_hosted_set_up, pl_test_hosted_tear_down),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
