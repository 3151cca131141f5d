// SPDX-License-Identifier: Apache-2.0
#include "session/debrief.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const json_t *member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL) {
        fail_msg("the debrief has no `%s`", key);
    }
    return value;
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(member(object, key));
}

/* All numbers of the debrief follow from the two courses that it shows. */
static void the_debrief_adds_up(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(5, PL_CLOCK_TURN);
    (void)test_session_apply(s,
                             "{\"do\":\"say\",\"what\":\"believe\",\"claims\":[{\"component\":"
                             "\"till-api\",\"mechanism\":\"pool\",\"detail\":\"held too long\","
                             "\"trigger\":\"flag inline-check\",\"p\":0.7},{\"component\":"
                             "\"books-db\",\"mechanism\":\"plan\",\"p\":0.1}]}");
    (void)test_session_apply(s,
                             "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"inline-check\","
                             "\"0%\"],\"confirm\":true}");
    (void)test_session_apply(s, "{\"do\":\"wait\",\"for\":\"10m\"}");
    const json_t *answer = test_session_apply(s, "{\"do\":\"close\"}");
    const json_t *debrief = member(answer, "observation");
    const json_t *damage = member(debrief, "damage");
    const json_t *course = member(damage, "per_minute");
    const json_t *without = member(damage, "per_minute_without_any_act");
    assert_int_equal(json_array_size(course), json_array_size(without));
    double after = 0.0;
    double idle = 0.0;
    size_t page = (size_t)(-number(damage, "from_s") / 60.0);
    for (size_t i = page; i < json_array_size(course); i++) {
        after += json_number_value(json_array_get(course, i));
        idle += json_number_value(json_array_get(without, i));
    }
    assert_true(test_same(after, number(damage, "requests_after_page")));
    assert_true(test_same(idle, number(damage, "requests_after_page_without_any_act")));
    assert_true(idle > 3.0 * after);
    assert_true(number(damage, "requests") >= after);
    assert_null(json_object_get(damage, "counts_too"));
    assert_string_equal(json_string_value(member(member(debrief, "cause"), "name")),
                        "check-inside");
    assert_int_equal(json_array_size(member(debrief, "red_herrings")), 1);
    assert_true(json_is_false(member(debrief, "still_hurting")));
    test_session_close(s);
}

static void beliefs_stand_beside_the_truth(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(5, PL_CLOCK_TURN);
    (void)test_session_apply(s,
                             "{\"do\":\"say\",\"what\":\"believe\",\"claims\":[{\"component\":"
                             "\"till-api\",\"mechanism\":\"pool\",\"detail\":\"held too long\","
                             "\"trigger\":\"flag inline-check\",\"p\":0.7},{\"component\":"
                             "\"vendor\",\"mechanism\":\"brownout\",\"p\":0.1}]}");
    const json_t *answer = test_session_apply(s, "{\"do\":\"close\"}");
    const json_t *debrief = member(answer, "observation");
    const json_t *belief = json_array_get(member(debrief, "beliefs"), 0);
    const json_t *first = json_array_get(member(belief, "claims"), 0);
    const json_t *second = json_array_get(member(belief, "claims"), 1);
    assert_true(json_is_true(member(first, "component_fits")));
    assert_true(json_is_true(member(first, "mechanism_fits")));
    assert_true(json_is_true(member(first, "trigger_fits")));
    assert_true(json_is_false(member(second, "mechanism_fits")));
    assert_true(test_same(number(belief, "on_the_cause"), 0.7));
    assert_true(json_is_true(member(debrief, "still_hurting")));
    test_session_close(s);
}

/* The debrief is a function of the session: asked twice it is the same. */
static void the_debrief_can_be_asked_for_again(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(5, PL_CLOCK_TURN);
    const json_t *answer = test_session_apply(s, "{\"do\":\"close\"}");
    json_t *first = json_incref((json_t *)(uintptr_t)member(answer, "observation"));
    answer = test_session_apply(s, "{\"do\":\"debrief\"}");
    assert_true(json_equal(first, (json_t *)(uintptr_t)member(answer, "observation")));
    assert_false(s->outcome.kept);
    json_decref(first);
    test_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_debrief_adds_up),
        cmocka_unit_test(beliefs_stand_beside_the_truth),
        cmocka_unit_test(the_debrief_can_be_asked_for_again),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
