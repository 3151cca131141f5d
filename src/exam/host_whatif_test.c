// SPDX-License-Identifier: Apache-2.0
#include "exam/host_whatif.h"

#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char question[] = "{\"at_s\":30,\"commands\":[],\"horizon_s\":300,"
                               "\"panels\":[{\"service\":\"till-api\",\"panel\":\"latency\"}]}";

/* Goal: without any other move both futures are the same, to the byte. */
static void without_another_move_the_futures_are_the_same(void **state)
{
    (void)state;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    assert_int_equal(pl_test_hosted_ask(PL_ASK_WHATIF, NULL, question, 0), PL_REPLY_SESSION_OPEN);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, "{\"do\":\"close\"}", 0),
                     PL_REPLY_OK);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_WHATIF, NULL, question, 0), PL_REPLY_OK);
    const char *played = strstr(pl_test_hosted.text, "\"played\":");
    const char *tried = strstr(pl_test_hosted.text, ",\"tried\":");
    const char *end = strstr(pl_test_hosted.text, ",\"damage_played\":");
    assert_true(played != NULL && tried != NULL && end != NULL);
    size_t size = (size_t)(tried - played) - strlen("\"played\":");
    assert_int_equal(size, (size_t)(end - tried) - strlen(",\"tried\":"));
    assert_memory_equal(played + strlen("\"played\":"), tried + strlen(",\"tried\":"), size);
    assert_non_null(strstr(played, "\"damage\":[["));
}

static void a_wrong_question_is_told(void **state)
{
    (void)state;
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, "{\"do\":\"close\"}", 0),
                     PL_REPLY_OK);
    static const char *const bodies[] = {"", "{}", "{\"at_s\":-1}", "{\"at_s\":1e9}"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(pl_test_hosted_ask(PL_ASK_WHATIF, NULL, bodies[i], 0), PL_REPLY_BAD_INPUT);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_another_move_the_futures_are_the_same,
                                        pl_test_hosted_set_up,
                                        pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            a_wrong_question_is_told, pl_test_hosted_set_up, pl_test_hosted_tear_down),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
