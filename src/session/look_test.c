// SPDX-License-Identifier: Apache-2.0
#include "session/look.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each kind of look answers with an observation, and with nothing when it is asked for nonsense. */
static void every_look_answers(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    static const char *const members[] = {
        "\"panel\",\"service\":\"till-api\",\"panel\":\"latency\"",
        "\"query\",\"expr\":\"up\"",
        "\"metrics\",\"filter\":\"http\"",
        "\"logs\",\"service\":\"till-api\",\"level\":\"error\",\"limit\":3",
        "\"traces\",\"service\":\"till-api\",\"min_ms\":10,\"errors\":false",
        "\"changes\",\"window\":\"2h\"",
        "\"db\",\"db\":\"books-db\",\"view\":\"activity\"",
        "\"alerts\"",
        "\"topology\"",
        "\"runbook\"",
        "\"runbook\",\"page\":\"latency\"",
        "\"status\"",
        "\"pods\",\"service\":\"till-api\"",
        "\"edges\",\"service\":\"till-api\"",
        "\"flags\"",
        "\"people\"",
        "\"ask\",\"person\":\"Ada Byrne\",\"question\":\"flag?\"",
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        char command[256] = "{\"do\":\"look\",\"what\":";
        strncat(command, members[i], sizeof command - strlen(command) - 1);
        strncat(command, "}", sizeof command - strlen(command) - 1);
        const json_t *answer = test_session_apply(s, command);
        if (test_session_error(s)[0] != '\0') {
            fail_msg("%s: %s", command, s->answer.data);
        }
        assert_true(json_is_object(json_object_get(answer, "observation")));
        assert_true(s->outcome.kept);
    }
    test_session_close(s);
}

static void people_are_found_by_id_or_name(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    assert_int_equal(pl_look_person(s->session, "ada"), 0);
    assert_int_equal(pl_look_person(s->session, "ADA"), 0);
    assert_int_equal(pl_look_person(s->session, "ada byrne"), 0);
    assert_int_equal(pl_look_person(s->session, "ad"), PL_NONE);
    assert_int_equal(pl_look_person(s->session, ""), PL_NONE);
    test_session_close(s);
}

static void looks_are_remembered_as_they_would_be_typed(void **state)
{
    (void)state;
    char memory[128];
    struct pl_buf out;
    struct pl_look_call call = {
        .kind = 0, .service = "till-api", .panel = "latency", .by = "route"};
    pl_buf_init(&out, memory, sizeof memory);
    pl_look_format(&call, &out);
    assert_string_equal(memory, "panel till-api latency by route");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_look_answers),
        cmocka_unit_test(people_are_found_by_id_or_name),
        cmocka_unit_test(looks_are_remembered_as_they_would_be_typed),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
