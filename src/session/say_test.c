// SPDX-License-Identifier: Apache-2.0
#include "session/say.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BELIEVE "{\"do\":\"say\",\"what\":\"believe\""

static const json_t *observation(const struct test_session *s)
{
    return json_object_get(s->json, "observation");
}

static void beliefs_leave_the_rest_open(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    (void)test_session_apply(s,
                             BELIEVE ",\"claims\":[{\"component\":\"a\",\"p\":0.5},"
                                     "{\"component\":\"b\",\"p\":0.3}]}");
    assert_true(s->outcome.kept);
    double rest = json_number_value(json_object_get(observation(s), "something_else"));
    assert_true(rest > 0.1999 && rest < 0.2001);
    /* Asked without claims it tells the last belief and says nothing. */
    (void)test_session_apply(s, BELIEVE "}");
    assert_false(s->outcome.kept);
    assert_int_equal(json_array_size(json_object_get(observation(s), "claims")), 2);
    test_session_close(s);
}

static void bad_claims_are_refused_whole(void **state)
{
    (void)state;
    static const char *const bad[] = {
        BELIEVE ",\"claims\":7}",
        BELIEVE ",\"claims\":[7]}",
        BELIEVE ",\"claims\":[{\"component\":\"a\"}]}",
        BELIEVE ",\"claims\":[{\"p\":0.5}]}",
        BELIEVE ",\"claims\":[{\"component\":\"a\",\"p\":1.1}]}",
        BELIEVE ",\"claims\":[{\"component\":\"a\",\"p\":0.6},{\"component\":\"b\",\"p\":0.5}]}",
        BELIEVE ",\"claims\":[{\"component\":\"a\",\"p\":0.1,\"cause\":\"x\"}]}",
        BELIEVE ",\"claims\":[{\"component\":\"a\",\"p\":0},{\"component\":\"a\",\"p\":0},"
                "{\"component\":\"a\",\"p\":0},{\"component\":\"a\",\"p\":0},"
                "{\"component\":\"a\",\"p\":0},{\"component\":\"a\",\"p\":0},"
                "{\"component\":\"a\",\"p\":0}]}",
    };
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        (void)test_session_apply(s, bad[i]);
        assert_true(test_session_error(s)[0] != '\0');
    }
    (void)test_session_apply(s, BELIEVE "}");
    assert_int_equal(json_array_size(json_object_get(observation(s), "claims")), 0);
    test_session_close(s);
}

/* The scenario wants the first update after 5 minutes and then one every 10. */
static void updates_move_the_next_due_moment(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    (void)test_session_apply(s, "{\"do\":\"wait\",\"for\":\"4m\"}");
    (void)test_session_apply(s,
                             "{\"do\":\"say\",\"what\":\"update\",\"status\":\"investigating\","
                             "\"text\":\"slow\"}");
    assert_string_equal(json_string_value(json_object_get(observation(s), "next_due")), "10:14:00");
    const json_t *answer = test_session_apply(s, "{\"do\":\"wait\",\"for\":\"9m\"}");
    assert_int_equal(json_array_size(json_object_get(answer, "events")), 0);
    (void)test_session_apply(
        s, "{\"do\":\"say\",\"what\":\"update\",\"status\":\"resolved\",\"text\":\"well\"}");
    assert_null(json_object_get(observation(s), "next_due"));
    answer = test_session_apply(s, "{\"do\":\"wait\",\"for\":\"16m\"}");
    assert_int_equal(json_array_size(json_object_get(answer, "events")), 0);
    test_session_close(s);
}

static void a_postmortem_keeps_its_fields(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    (void)test_session_apply(
        s, "{\"do\":\"say\",\"what\":\"postmortem\",\"fields\":{\"trigger\":\"flag\"}}");
    (void)test_session_apply(
        s, "{\"do\":\"say\",\"what\":\"postmortem\",\"fields\":{\"summary\":\"slow\"}}");
    const json_t *fields = json_object_get(observation(s), "fields");
    assert_string_equal(json_string_value(json_object_get(fields, "trigger")), "flag");
    assert_string_equal(json_string_value(json_object_get(fields, "summary")), "slow");
    (void)test_session_apply(
        s, "{\"do\":\"say\",\"what\":\"postmortem\",\"fields\":{\"sumary\":\"x\"}}");
    assert_string_equal(test_session_error(s), "bad_input");
    test_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beliefs_leave_the_rest_open),
        cmocka_unit_test(bad_claims_are_refused_whole),
        cmocka_unit_test(updates_move_the_next_due_moment),
        cmocka_unit_test(a_postmortem_keeps_its_fields),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
