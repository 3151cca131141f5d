// SPDX-License-Identifier: Apache-2.0
#include "session/notice.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *event_kind(const json_t *answer, size_t index)
{
    const json_t *event = json_array_get(json_object_get(answer, "events"), index);
    const char *kind = json_string_value(json_object_get(event, "kind"));
    return kind != NULL ? kind : "";
}

static double event_time(const json_t *answer, size_t index)
{
    const json_t *event = json_array_get(json_object_get(answer, "events"), index);
    return json_number_value(json_object_get(event, "t_s"));
}

/* Without any update somebody asks after 5 minutes and then every 10. */
static void silence_is_noticed(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    const json_t *answer = test_session_apply(s, "{\"do\":\"wait\",\"for\":\"26m\"}");
    uint32_t asked = 0;
    const json_t *events = json_object_get(answer, "events");
    for (size_t i = 0; i < json_array_size(events); i++) {
        if (strcmp(event_kind(answer, i), "stakeholder") == 0) {
            assert_true(test_same(event_time(answer, i), 300.0 + 600.0 * asked));
            asked++;
        }
    }
    assert_int_equal(asked, 3);
    test_session_close(s);
}

/* Two acts with different lead times: their effects are told in the order in which they come. */
static void effects_are_told_in_order(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    (void)test_session_apply(s,
                             "{\"do\":\"act\",\"action\":\"scale\",\"args\":[\"till-api\",\"3\"],"
                             "\"confirm\":true}");
    (void)test_session_apply(s,
                             "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"inline-check\","
                             "\"50%\"],\"confirm\":true}");
    assert_true(pl_session_next(s->session) <= pl_session_opens(s->session) + 20 * PL_NS_PER_S);
    const json_t *answer = test_session_apply(s, "{\"do\":\"wait\",\"for\":\"90s\"}");
    double before = -1.0;
    uint32_t effects = 0;
    for (size_t i = 0; i < json_array_size(json_object_get(answer, "events")); i++) {
        assert_true(event_time(answer, i) >= before);
        before = event_time(answer, i);
        effects += strcmp(event_kind(answer, i), "effect") == 0 ? 1 : 0;
    }
    assert_int_equal(effects, 2);
    answer = test_session_apply(s, "{\"do\":\"wait\",\"for\":\"1s\"}");
    assert_int_equal(json_array_size(json_object_get(answer, "events")), 0);
    test_session_close(s);
}

static void the_opening_pages(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    pl_buf_clear(&s->answer);
    pl_session_opening(s->session, &s->answer);
    assert_non_null(strstr(s->answer.data, "\"kind\":\"page\""));
    assert_non_null(strstr(s->answer.data, "TillSlow"));
    /* Nothing that the player sees first names the cause. */
    assert_null(strstr(s->answer.data, "inline-check"));
    assert_null(strstr(s->answer.data, "check-inside"));
    test_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_is_noticed),
        cmocka_unit_test(effects_are_told_in_order),
        cmocka_unit_test(the_opening_pages),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
