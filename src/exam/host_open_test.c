// SPDX-License-Identifier: Apache-2.0
#include "exam/host_open.h"

#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_wrong_wish_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        uint32_t code;
    } cases[] = {
        {"", PL_REPLY_BAD_INPUT},
        {"{}", PL_REPLY_BAD_INPUT},
        {"{\"scenario\":\"no-such\"}", PL_REPLY_NOT_FOUND},
        {"{\"scenario\":\"torn-till\",\"clock\":\"sun\"}", PL_REPLY_BAD_INPUT},
        {"{\"scenario\":\"torn-till\",\"speed\":0}", PL_REPLY_BAD_INPUT},
        {"{\"scenario\":\"torn-till\",\"seed\":-1}", PL_REPLY_BAD_INPUT},
        {"{\"from\":{\"session\":\"0123456789abcdef\",\"at_s\":0}}", PL_REPLY_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(pl_test_hosted_ask(PL_ASK_CREATE, NULL, cases[i].body, 0), cases[i].code);
    }
}

/* Goal: a session goes on from a moment of one that is over, with what was shown until then. */
static void a_session_goes_on_from_another(void **state)
{
    (void)state;
    char body[128];
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    static const char *const commands[] = {
        "{\"do\":\"wait\",\"for\":60}", "{\"do\":\"wait\",\"for\":60}", "{\"do\":\"close\"}"};
    snprintf(body, sizeof body, "{\"from\":{\"session\":\"%s\",\"at_s\":90}}", pl_test_hosted.id);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_CREATE, NULL, body, 0), PL_REPLY_CONFLICT);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, commands[i], 0), PL_REPLY_OK);
    }
    pl_test_hosted_begin(body);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ENTRIES, NULL, NULL, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "\"last\":1}"));
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, commands[0], 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "{\"seq\":2,"));
    pl_test_hosted_again();
    assert_int_equal(pl_test_hosted_ask(PL_ASK_ENTRIES, NULL, NULL, 0), PL_REPLY_OK);
    assert_non_null(strstr(pl_test_hosted.text, "\"last\":2}"));
}

/* Goal: a disk that is nearly full takes no new session; the one in play goes on to its end. */
static void a_full_disk_takes_no_new_session(void **state)
{
    (void)state;
    static const char wish[] = "{\"scenario\":\"torn-till\",\"seed\":3}";
    pl_test_hosted_begin(wish);
    pl_test_hosted.host->disk_share = 1.5;
    assert_int_equal(pl_test_hosted_ask(PL_ASK_CREATE, NULL, wish, 0), PL_REPLY_BUSY);
    assert_non_null(strstr(pl_test_hosted.text, "no new session begins"));
    static const char *const commands[] = {"{\"do\":\"wait\",\"for\":60}", "{\"do\":\"close\"}"};
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, commands[i], 0), PL_REPLY_OK);
    }
    pl_test_hosted.host->disk_share = 0.0;
    assert_int_equal(pl_test_hosted_ask(PL_ASK_CREATE, NULL, wish, 0), PL_REPLY_CREATED);
}

/* Goal: a user has a limit of sessions in play; what is over does not count, nor do others. */
static void one_user_does_not_take_everything(void **state)
{
    (void)state;
    static const char wish[] = "{\"scenario\":\"torn-till\",\"seed\":3}";
    pl_test_hosted.host->session_max = 2;
    pl_test_hosted_begin(wish);
    pl_test_hosted_begin(wish);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_CREATE, NULL, wish, 0), PL_REPLY_BUSY);
    assert_non_null(strstr(pl_test_hosted.text, "You have 2 sessions in play"));
    assert_int_equal(pl_test_hosted_ask_as("eve", PL_ASK_CREATE, NULL, wish), PL_REPLY_CREATED);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, "{\"do\":\"close\"}", 0),
                     PL_REPLY_OK);
    pl_test_hosted_begin(wish);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_wrong_wish_is_told, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            a_session_goes_on_from_another, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            a_full_disk_takes_no_new_session, pl_test_hosted_set_up, pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            one_user_does_not_take_everything, pl_test_hosted_set_up, pl_test_hosted_tear_down),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
