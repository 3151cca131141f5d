// SPDX-License-Identifier: Apache-2.0
#include "exam/host_view.h"

#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void scenarios_and_words_are_listed(void **state)
{
    (void)state;
    assert_int_equal(pl_test_hosted_ask(PL_ASK_SCENARIOS, NULL, NULL, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "\"name\":\"torn-till\""));
    assert_non_null(strstr(pl_test_hosted.text, "\"plays\":0"));
    assert_int_equal(pl_test_hosted_ask(PL_ASK_LEXICON, "torn-till", NULL, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "\"what\":\"panel\",\"cost_s\":"));
    assert_int_equal(pl_test_hosted_ask(PL_ASK_LEXICON, "no-such", NULL, 0), PL_REPLY_NOT_FOUND);
}

/* Goal: a session is shown to its owner and to nobody else. */
static void a_session_is_its_owners(void **state)
{
    (void)state;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    assert_int_equal(pl_test_hosted_ask(PL_ASK_SESSIONS, NULL, NULL, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, pl_test_hosted.id));
    assert_int_equal(pl_test_hosted_ask(PL_ASK_DESCRIBE, NULL, NULL, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "\"kind\":\"open\""));
    assert_non_null(strstr(pl_test_hosted.text, "\"topology\":{\"services\":["));
    assert_int_equal(pl_test_hosted_ask_as("eve", PL_ASK_SESSIONS, NULL, NULL), PL_REPLY_OK);
    assert_string_equal(pl_test_hosted.text, "[]");
    assert_int_equal(pl_test_hosted_ask_as("eve", PL_ASK_DESCRIBE, NULL, NULL), PL_REPLY_NOT_FOUND);
    assert_int_equal(pl_test_hosted_ask_as("eve", PL_ASK_COMMAND, NULL, "{\"do\":\"close\"}"),
                     PL_REPLY_NOT_FOUND);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            scenarios_and_words_are_listed, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            a_session_is_its_owners, pl_test_hosted_set_up, pl_test_hosted_tear_down),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
