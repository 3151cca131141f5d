// SPDX-License-Identifier: Apache-2.0
#include "session/act.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FLAG "{\"do\":\"act\",\"action\":\"flag\",\"args\":"

/* A share may come as a number, as a percentage, by name or by position. */
static void arguments_come_in_many_forms(void **state)
{
    (void)state;
    static const char *const forms[] = {
        FLAG "{\"flag\":\"inline-check\",\"share\":0.25}}",
        FLAG "{\"share\":\"25%\",\"flag\":\"inline-check\"}}",
        FLAG "[\"inline-check\",0.25]}",
        FLAG "[\"inline-check\",\"25%\"]}",
    };
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const json_t *answer = test_session_apply(s, forms[i]);
        const json_t *effects = json_object_get(json_object_get(answer, "observation"), "effects");
        double after = json_number_value(json_object_get(json_array_get(effects, 0), "after"));
        assert_true(test_same(after, 0.25));
    }
    test_session_close(s);
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        FLAG "7}",
        FLAG "[]}",
        FLAG "[\"inline-check\"]}",
        FLAG "[\"inline-check\",\"150%\"]}",
        FLAG "[\"inline-check\",null]}",
        FLAG "[\"inline-check\",[1]]}",
        FLAG "[\"inline-chek\",\"5%\"]}",
        FLAG "[\"inline-check\",\"5%\",1,2,3]}",
        FLAG "{\"flag\":\"inline-check\",\"shar\":0.5}}",
    };
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        (void)test_session_apply(s, bad[i]);
        if (test_session_error(s)[0] == '\0') {
            fail_msg("not refused: %s", bad[i]);
        }
    }
    test_session_close(s);
}

static void the_list_has_all_actions(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    const json_t *answer = test_session_apply(s, "{\"do\":\"actions\"}");
    const json_t *actions = json_object_get(json_object_get(answer, "observation"), "actions");
    assert_int_equal(json_array_size(actions), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(actions, 0), "name")),
                        "flag");
    assert_false(s->outcome.kept);
    test_session_close(s);
}

/* The same call in a fork of the session's state: the same bits, a moment's work apart. */
static void an_act_needs_no_session(void **state)
{
    (void)state;
    static const char done[] = FLAG "[\"inline-check\",0.25],\"confirm\":true}";
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    struct pl_session *session = s->session;
    pl_error err = {0};
    json_t *command = NULL;
    struct pl_call call;
    bool sure = false;
    int64_t effect_ns = 0;
    struct pl_feed_entry no_feed = {.kind = ""};
    struct pl_state *fork = pl_model_fork(session->spare, session->state_size, session->state);
    assert_int_equal(pl_json_in_load(pl_slice_of(done), PL_COMMAND_SIZE_MAX, NULL, &command, &err),
                     PL_OK);
    assert_int_equal(pl_act_read(session->def.scenario, command, &call, &sure, &err), PL_OK);
    json_decref(command);
    assert_true(sure);
    const struct pl_act_place place = {
        session->def.world, session->def.scenario, fork, session->observe};
    assert_int_equal(pl_act_do(&place, &call, &no_feed, &effect_ns, &err), PL_OK);
    (void)test_session_apply(s, done);
    assert_int_equal(session->act_count, 1);
    assert_int_equal(session->acts[0].effect_ns, effect_ns);
    pl_hash128 a = pl_model_hash(fork);
    pl_hash128 b = pl_model_hash(session->state);
    assert_true(a.low == b.low && a.high == b.high);
    test_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_act_needs_no_session),
        cmocka_unit_test(arguments_come_in_many_forms),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(the_list_has_all_actions),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
