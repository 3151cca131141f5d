// SPDX-License-Identifier: Apache-2.0
#include "bots/habit.h"

#include "support/lessons.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void changes_are_undone_by_their_kind(void **state)
{
    (void)state;
    static const struct {
        struct pl_bot_change change;
        const char *action;
        const char *value;
    } cases[] = {
        {{"deploy", "api", "1.2"}, "rollback", ""},
        {{"cron", "import", "started"}, "stop-job", ""},
        {{"flag", "f", "40 % -> 80 %"}, "flag", "40%"},
        {{"flag", "f", "on for all"}, "flag", "0%"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *action = NULL;
        char value[PL_BOT_NAME_SIZE];
        assert_true(pl_habit_undo(&cases[i].change, &action, value));
        assert_string_equal(action, cases[i].action);
        assert_string_equal(value, cases[i].value);
    }
    const struct pl_bot_change infra = {"infra", "cache", "patched"};
    const char *action = NULL;
    char value[PL_BOT_NAME_SIZE];
    assert_false(pl_habit_undo(&infra, &action, value));
}

static void a_rule_names_the_cause_that_it_stands_for(void **state)
{
    (void)state;
    static struct pl_filter filter;
    const uint32_t looks[] = {TEST_LOOK_FIRST, TEST_LOOK_SECOND, TEST_LOOK_DEAR};
    uint8_t pool[3][PL_KNOWN_TRAITS_MAX] = {{76}, {46}, {16}};
    uint8_t index[3][PL_KNOWN_TRAITS_MAX] = {{16}, {16}, {76}};
    const uint8_t all[] = {1, 1, 1};
    const uint8_t none[] = {0, 0, 0};
    pl_filter_init(&filter, test_lesson(), PL_FILTER_CLASSES);
    assert_int_equal(pl_habit_rule(&filter, looks, pool, 3, 0, all), TEST_POOL);
    assert_int_equal(pl_habit_rule(&filter, looks, index, 3, 0, all), TEST_INDEX);
    assert_int_equal(pl_habit_rule(&filter, looks, pool, 3, 0, none), PL_KNOWN_CAUSES_MAX);
    assert_int_equal(pl_habit_rule(&filter, looks, pool, 0, 0, all), PL_KNOWN_CAUSES_MAX);
}

static void the_restarter_restarts_at_once(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("reflex-restarter", PL_NONE);
    assert_non_null(strstr(test_lesson_next(bot, test_lesson_opening()), "\"believe\""));
    assert_string_equal(
        test_lesson_next(bot, test_lesson_answer(0.0, "say")),
        "{\"do\":\"act\",\"action\":\"restart\",\"args\":[\"api\"],\"confirm\":true}");
}

static void scaling_starts_with_the_paged_service(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("scale-everything", PL_NONE);
    assert_non_null(strstr(test_lesson_next(bot, test_lesson_opening()), "topology"));
    const char *next = test_lesson_next(bot,
                                        "{\"t_s\":20,\"done\":false,\"kind\":\"look\","
                                        "\"observation\":{\"type\":\"parts\",\"parts\":"
                                        "[{\"type\":\"table\",\"rows\":[[\"web\",\"team\",12],["
                                        "\"api\",\"team\",8]]}]},\"events\":[]}");
    assert_non_null(strstr(next, "\"believe\""));
    assert_non_null(
        strstr(test_lesson_next(bot, test_lesson_answer(20.0, "say")), "[\"api\",\"20\"]"));
}

static void the_newest_change_is_undone_and_claimed(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("rollback-last-change", PL_NONE);
    assert_non_null(strstr(test_lesson_next(bot, test_lesson_opening()), "changes"));
    const char *next = test_lesson_next(
        bot,
        "{\"t_s\":30,\"done\":false,\"kind\":\"look\",\"observation\":{\"type\":\"table\",\"rows\":"
        "[[\"11:40\",\"infra\",\"cache\",\"patch\",\"x\"],[\"11:35\",\"flag\",\"f\",\"40 % -> 80 "
        "%\",\"y\"]]},\"events\":[]}");
    assert_non_null(strstr(next, "\"component\":\"f\""));
    assert_non_null(
        strstr(test_lesson_next(bot, test_lesson_answer(30.0, "say")), "[\"f\",\"40%\"]"));
}

/* Every look of the list comes before the act, and the act follows the rule that fires. */
static void the_walker_takes_its_list_and_then_acts(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("runbook-walker", PL_NONE);
    const struct pl_knowledge *lesson = test_lesson();
    const uint8_t levels[] = {1, 16, 76, 46}; /* a vendor, by look */
    const char *next = test_lesson_next(bot, test_lesson_opening());
    for (uint32_t i = 0; i < TEST_LOOKS; i++) {
        assert_string_equal(next, lesson->looks[i].command);
        double value = test_lesson_value(&lesson->looks[TEST_LOOK_FIRST].traits[0], levels[i]);
        next = test_lesson_next(bot, test_lesson_panel(60.0, value));
    }
    assert_non_null(strstr(next, "\"component\":\"vendor-part\""));
    assert_string_equal(test_lesson_next(bot, test_lesson_answer(60.0, "say")),
                        lesson->remedies[1].command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_undone_by_their_kind),
        cmocka_unit_test(a_rule_names_the_cause_that_it_stands_for),
        cmocka_unit_test(the_restarter_restarts_at_once),
        cmocka_unit_test(scaling_starts_with_the_paged_service),
        cmocka_unit_test(the_newest_change_is_undone_and_claimed),
        cmocka_unit_test(the_walker_takes_its_list_and_then_acts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
