// SPDX-License-Identifier: Apache-2.0
#include "bots/bot.h"

#include "bots/bot_types.h"
#include "support/lessons.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *
reply(struct pl_bot *bot, const char *command, double t_s, double p99, double errors)
{
    if (strstr(command, "\"latency\"") != NULL) {
        return test_lesson_next(bot, test_lesson_panel(t_s, p99));
    }
    if (strstr(command, "\"errors\"") != NULL) {
        return test_lesson_next(bot, test_lesson_panel(t_s, errors));
    }
    return test_lesson_next(bot, test_lesson_answer(t_s, "wait"));
}

/* Users are well after the act: told, watched, told again, closed; a belief before each. */
static void a_cured_incident_is_watched_and_closed(void **state)
{
    (void)state;
    static const char *const expected[] = {"believe",
                                           "slow-path",
                                           "wait",
                                           "latency",
                                           "errors",
                                           "believe",
                                           "monitoring",
                                           "wait",
                                           "latency",
                                           "errors",
                                           "believe",
                                           "resolved",
                                           "close"};
    struct pl_bot *bot = test_lesson_bot("oracle", TEST_POOL);
    const char *next = test_lesson_next(bot, test_lesson_opening());
    double t = 0.0;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        if (strstr(next, expected[i]) == NULL) {
            fail_msg("step %zu: %s, not %s", i, next, expected[i]);
        }
        const char *at = strstr(next, "\"for\":");
        t += at != NULL ? strtod(at + 6, NULL) : 10.0;
        next = reply(bot, next, t, 0.5, 0.0);
    }
}

static void a_move_that_fails_is_followed_by_another(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("planner", PL_NONE);
    const char *next = test_lesson_next(bot, test_lesson_opening());
    uint32_t acts = 0;
    char first[PL_BOT_COMMAND_MAX] = "";
    for (double t = 30.0; t < 2400.0 && acts < 2; t += 60.0) {
        if (strstr(next, "\"act\"") != NULL) {
            acts++;
            assert_string_not_equal(next, first);
            snprintf(first, sizeof first, "%s", next);
        }
        next = reply(bot, next, t, 9.0, 0.5);
    }
    assert_int_equal(acts, 2);
}

/* The first update is due at 600 s and then every 1200 s; it is posted shortly before. */
static void updates_are_posted_in_time(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("noop", PL_NONE);
    const char *next = test_lesson_next(bot, test_lesson_opening());
    double t = 0.0;
    double posted[4] = {0};
    uint32_t count = 0;
    while (t < 2390.0 && count < 4) {
        double wait = 0.0;
        if (strstr(next, "\"update\"") != NULL) {
            posted[count++] = t;
        }
        const char *at = strstr(next, "\"for\":");
        wait = at != NULL ? strtod(at + 6, NULL) : 0.0;
        t += wait;
        next = test_lesson_next(bot, test_lesson_answer(t, "wait"));
    }
    assert_int_equal(count, 2);
    assert_true(posted[0] >= 540.0 && posted[0] <= 600.0);
    assert_true(posted[1] - posted[0] >= 1140.0 && posted[1] - posted[0] <= 1200.0);
}

static uint32_t said_before_act(const char *name, const char *what)
{
    struct pl_bot *bot = test_lesson_bot(name, PL_NONE);
    const char *next = test_lesson_next(bot, test_lesson_opening());
    uint32_t count = 0;
    for (double t = 30.0; t < 900.0 && strstr(next, "\"act\"") == NULL; t += 30.0) {
        count += strstr(next, what) != NULL ? 1 : 0;
        next = reply(bot, next, t, 9.0, 0.5);
    }
    return count;
}

static void tricks_change_what_is_said(void **state)
{
    (void)state;
    assert_true(said_before_act("greedy-info", "\"believe\"") >= 1);
    assert_int_equal(said_before_act("statement-avoider", "\"believe\""), 0);
    assert_true(said_before_act("hedger", "\"p\":0.4}") >= 1);
    assert_true(said_before_act("update-spammer", "\"update\"") >
                said_before_act("greedy-info", "\"update\""));
}

static void the_end_is_the_end(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("noop", PL_NONE);
    assert_string_equal(
        test_lesson_next(
            bot, "{\"t_s\":2400,\"done\":true,\"kind\":\"wait\",\"observation\":{},\"events\":[]}"),
        "");
    bot = test_lesson_bot("noop", PL_NONE);
    assert_string_equal(test_lesson_next(bot, "no session"), "");
}

/* A refused act is not waited for: the bot looks at once and goes on. */
static void a_refused_act_is_not_waited_for(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("oracle", TEST_POOL);
    (void)test_lesson_next(bot, test_lesson_opening());
    const char *next = test_lesson_next(bot, test_lesson_answer(0.0, "say"));
    assert_non_null(strstr(next, "slow-path"));
    next = test_lesson_next(bot,
                            "{\"t_s\":0,\"done\":false,\"kind\":\"error\",\"error\":{\"code\":"
                            "\"limit\",\"message\":\"x\"},"
                            "\"events\":[]}");
    assert_non_null(strstr(next, "latency"));
}

/* When the page goes away by itself, even a bot that does nothing looks and closes. */
static void self_healing_is_noticed(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("noop", PL_NONE);
    (void)test_lesson_next(bot, test_lesson_opening());
    const char *next = test_lesson_next(
        bot,
        "{\"t_s\":120,\"done\":false,\"kind\":\"wait\",\"observation\":{},\"events\":[{\"t_s\":110,"
        "\"kind\":\"resolved\",\"title\":\"[RESOLVED] ApiSlow eu1 api\"}]}");
    assert_non_null(strstr(next, "latency"));
}

/* A lesson in which only Ada knows whether it is the pool: looks at panels tell nothing. */
static struct pl_bot *bot_that_has_to_ask(const char *name, const char *text)
{
    struct pl_bot *bot = test_lesson_bot(name, PL_NONE);
    struct pl_knowledge *lesson = test_lesson();
    struct pl_reading reading;
    pl_reading_hear(text, &reading);
    for (uint32_t i = 0; i < TEST_LOOKS; i++) {
        lesson->looks[i].trait_count = 0;
    }
    struct pl_known_look *look = &lesson->looks[TEST_LOOK_DEAR];
    test_lesson_question(look, "ada", 50.0); /* at 120 it would not pay the planner */
    look->cost_s = 10.0;
    look->trait_count = 1;
    memset(look->levels, 0, sizeof look->levels);
    for (uint32_t i = 0; i < PL_READING_SLOTS; i++) {
        if (reading.slots[i].key != 0) {
            look->traits[0] = (struct pl_known_trait){
                reading.slots[i].key, reading.slots[i].value, reading.slots[i].value};
        }
    }
    for (uint32_t t = 0; t < PL_KNOWN_TIMES; t++) {
        for (uint32_t i = 0; i < TEST_FORMS; i++) {
            bool index = lesson->form_causes[i] == TEST_INDEX;
            look->levels[t][i][0] = index ? pl_knowledge_level(&look->traits[0], 1.0) : 0;
        }
    }
    const struct pl_bot_setup setup = bot->setup;
    return pl_bot_init(&setup, bot);
}

/* The question is asked, its answer waited for and believed. */
static void an_answer_is_waited_for_and_heard(void **state)
{
    (void)state;
    static const char *const names[] = {"planner", "greedy-info", "metric-tourist"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct pl_bot *bot = bot_that_has_to_ask(names[i], "An index is gone.");
        const char *next = test_lesson_next(bot, test_lesson_opening());
        for (uint32_t k = 0; k < 4 && strstr(next, "\"ask\"") == NULL; k++) {
            next = test_lesson_next(bot, test_lesson_panel(30.0, 1.0));
        }
        assert_non_null(strstr(next, "\"ask\""));
        next = test_lesson_next(bot, test_lesson_answer(60.0, "look"));
        assert_non_null(strstr(next, "\"wake\":true"));
        next = test_lesson_next(bot, test_lesson_heard(100.0, "bob", "An index is gone."));
        assert_non_null(strstr(next, "\"wake\":true")); /* that was somebody else */
        next = test_lesson_next(bot, test_lesson_heard(170.0, "ada", "An index is gone."));
        assert_non_null(strstr(next, "\"component\":\"index-part\""));
        next = test_lesson_next(bot, test_lesson_answer(170.0, "say"));
        assert_non_null(strstr(next, "db/list"));
    }
}

/* Panels that are always green say nothing: bots act on what they believe, and then are done. */
static void blind_bots_close_by_belief(void **state)
{
    (void)state;
    static const char *const names[] = {"oracle", "planner", "premature-map"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct pl_bot *bot = test_lesson_bot(names[i], TEST_POOL);
        test_lesson()->unseen = 1;
        const char *next = test_lesson_next(bot, test_lesson_opening());
        const struct pl_known_trait *trait = &test_lesson()->looks[TEST_LOOK_FIRST].traits[0];
        uint32_t acts = 0;
        test_lesson()->unseen = 1;
        for (double t = 30.0; t < 1800.0 && strstr(next, "\"close\"") == NULL; t += 30.0) {
            acts += strstr(next, "\"act\"") != NULL ? 1 : 0;
            bool first = strstr(next, "\"first\"") != NULL;
            bool look = strstr(next, "\"look\"") != NULL;
            double value = test_lesson_value(trait, first ? 76 : 46);
            next = test_lesson_next(
                bot, look ? test_lesson_panel(t, value) : test_lesson_answer(t, "say"));
        }
        assert_int_equal(acts, 1);
        assert_non_null(strstr(next, "\"close\""));
    }
}

/* The same answers and seed give the same commands. */
static void bots_are_deterministic(void **state)
{
    (void)state;
    char first[40][PL_BOT_COMMAND_MAX];
    for (uint32_t run = 0; run < 2; run++) {
        struct pl_bot *bot = test_lesson_bot("random", PL_NONE);
        const char *next = test_lesson_next(bot, test_lesson_opening());
        for (uint32_t i = 0; i < 40; i++) {
            if (run == 0) {
                snprintf(first[i], sizeof first[i], "%s", next);
            }
            assert_string_equal(next, first[i]);
            next = reply(bot, next, 30.0 * (double)(i + 1), 9.0, 0.5);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cured_incident_is_watched_and_closed),
        cmocka_unit_test(a_move_that_fails_is_followed_by_another),
        cmocka_unit_test(updates_are_posted_in_time),
        cmocka_unit_test(tricks_change_what_is_said),
        cmocka_unit_test(the_end_is_the_end),
        cmocka_unit_test(a_refused_act_is_not_waited_for),
        cmocka_unit_test(self_healing_is_noticed),
        cmocka_unit_test(an_answer_is_waited_for_and_heard),
        cmocka_unit_test(blind_bots_close_by_belief),
        cmocka_unit_test(bots_are_deterministic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
