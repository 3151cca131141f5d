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

/* The instruments and the model are enough: no byte of what is shown comes from the session. */
static void a_look_needs_no_session(void **state)
{
    (void)state;
    static const char *const looks[] = {
        "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\"}",
        "{\"do\":\"look\",\"what\":\"logs\",\"service\":\"till-api\"}",
        "{\"do\":\"look\",\"what\":\"db\",\"db\":\"books-db\",\"view\":\"activity\"}",
        "{\"do\":\"look\",\"what\":\"runbook\"}",
    };
    struct test_session *s = test_session_open(1, PL_CLOCK_LIVE);
    char *memory = malloc(PL_OBSERVATION_SIZE_MAX);
    assert_non_null(memory);
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        pl_error err = {0};
        json_t *command = NULL;
        struct pl_look_call call;
        struct pl_buf out;
        const json_t *shown = json_object_get(test_session_apply(s, looks[i]), "observation");
        char *expected = json_dumps(shown, JSON_COMPACT | JSON_SORT_KEYS);
        assert_int_equal(
            pl_json_in_load(pl_slice_of(looks[i]), PL_COMMAND_SIZE_MAX, NULL, &command, &err),
            PL_OK);
        const struct pl_scenario *scenario = s->session->def.scenario;
        assert_int_equal(pl_look_read(scenario, command, &call, &err), PL_OK);
        struct pl_scene at = {s->session->observe, s->session->state, s->session->record};
        pl_buf_init(&out, memory, PL_OBSERVATION_SIZE_MAX);
        assert_true(pl_look_of_world(&call));
        assert_int_equal(pl_look_at(scenario, &at, &call, &out, &err), PL_OK);
        json_t *seen = json_loadb(out.data, out.size, 0, NULL);
        char *found = json_dumps(seen, JSON_COMPACT | JSON_SORT_KEYS);
        assert_string_equal(found, expected);
        json_decref(seen);
        json_decref(command);
        free(found);
        free(expected);
    }
    free(memory);
    test_session_close(s);
}

static void people_are_found_by_id_or_name(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    assert_int_equal(pl_look_person(s->session->def.scenario, "ada"), 0);
    assert_int_equal(pl_look_person(s->session->def.scenario, "ADA"), 0);
    assert_int_equal(pl_look_person(s->session->def.scenario, "ada byrne"), 0);
    assert_int_equal(pl_look_person(s->session->def.scenario, "ad"), PL_NONE);
    assert_int_equal(pl_look_person(s->session->def.scenario, ""), PL_NONE);
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
        cmocka_unit_test(a_look_needs_no_session),
        cmocka_unit_test(people_are_found_by_id_or_name),
        cmocka_unit_test(looks_are_remembered_as_they_would_be_typed),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
