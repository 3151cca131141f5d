// SPDX-License-Identifier: Apache-2.0
#include "bots/policy.h"

#include "support/lessons.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Play on with a world in which a cause is true until an act comes, and return the act. */
static const char *first_act(struct pl_bot *bot, uint32_t cause, uint32_t *looks)
{
    static const uint8_t levels[TEST_CAUSES][TEST_LOOKS] = {
        {1, 76, 46, 16}, {1, 16, 76, 46}, {1, 16, 16, 76}};
    const struct pl_knowledge *lesson = test_lesson();
    const char *next = test_lesson_next(bot, test_lesson_opening());
    *looks = 0;
    for (double t = 30.0; t < 2400.0; t += 30.0) {
        uint32_t look = 0;
        while (look < TEST_LOOKS && strcmp(next, lesson->looks[look].command) != 0) {
            look++;
        }
        if (strstr(next, "\"act\"") != NULL) {
            return next;
        }
        *looks += strstr(next, "\"look\"") != NULL ? 1 : 0;
        if (look < TEST_LOOKS) {
            const struct pl_known_trait *trait = &lesson->looks[TEST_LOOK_FIRST].traits[0];
            double value = test_lesson_value(trait, levels[cause][look]);
            next = test_lesson_next(bot, test_lesson_panel(t, value));
        } else {
            next = test_lesson_next(bot, test_lesson_answer(t, "wait"));
        }
    }
    return "";
}

static void
check_act(const char *name, uint32_t cause, const char *act, uint32_t low, uint32_t high)
{
    uint32_t looks = 0;
    struct pl_bot *bot = test_lesson_bot(name, cause);
    const char *found = first_act(bot, cause, &looks);
    if (strstr(found, act) == NULL || looks < low || looks > high) {
        fail_msg("%s on cause %u: %s after %u looks", name, cause, found, looks);
    }
}

static void informed_bots_find_each_cause(void **state)
{
    (void)state;
    static const char *const acts[] = {"slow-path", "api/vendor", "db/list"};
    for (uint32_t cause = 0; cause < TEST_CAUSES; cause++) {
        check_act("planner", cause, acts[cause], 1, 3);
        check_act("greedy-info", cause, acts[cause], 1, 3);
        check_act("dithering", cause, acts[cause], 1, 4);
        check_act("metric-tourist", cause, acts[cause], TEST_LOOKS, TEST_LOOKS);
        check_act("hedger", cause, acts[cause], 1, 3);
        check_act("ladder-01", cause, acts[cause], 1, 4);
    }
}

static void the_oracle_acts_without_looking(void **state)
{
    (void)state;
    check_act("oracle", TEST_POOL, "slow-path", 0, 0);
    check_act("oracle", TEST_INDEX, "db/list", 0, 0);
    check_act("harmful-but-lucky", TEST_INDEX, "failover", 0, 0);
}

static void haste_takes_one_look(void **state)
{
    (void)state;
    check_act("premature-map", TEST_POOL, "slow-path", 1, 1);
    check_act("premature-map", TEST_VENDOR, "api/vendor", 1, 1);
    check_act("premature-map", TEST_INDEX, "api/vendor", 1, 1); /* not to be told from a vendor */
}

/* Of many private guesses 60 % are right. */
static void lucky_guesses_are_right_six_times_in_ten(void **state)
{
    (void)state;
    void *memory = aligned_alloc(64, (pl_bot_size() + 63) / 64 * 64);
    assert_non_null(memory);
    uint32_t right = 0;
    const struct pl_knowledge *lesson = test_lesson();
    for (uint64_t seed = 0; seed < 400; seed++) {
        char text[PL_BOT_COMMAND_MAX];
        struct pl_buf command;
        struct pl_bot_setup setup = {.def = pl_roster_find("lucky-prior"),
                                     .knowledge = lesson,
                                     .seed = seed,
                                     .cause = TEST_VENDOR};
        struct pl_bot *bot = pl_bot_init(&setup, memory);
        pl_buf_init(&command, text, sizeof text);
        assert_true(pl_bot_next(bot, pl_slice_of(test_lesson_opening()), &command));
        const char *at = strstr(text, "\"component\":\"");
        assert_non_null(at);
        right += strncmp(at + 13, "vendor", 6) == 0 ? 1 : 0;
    }
    free(memory);
    assert_in_range(right, 205, 275);
}

/* Dozens of cheap looks before the act, and no other difference. */
static void spam_is_added_and_the_act_stays(void **state)
{
    (void)state;
    check_act("look-spammer", TEST_POOL, "slow-path", 13, 15);
    uint32_t looks = 0;
    assert_string_equal(
        first_act(test_lesson_bot("wait-for-self-heal", PL_NONE), TEST_POOL, &looks), "");
    assert_in_range(looks, 1, 10);
}

/* What speaks against the favourite is not seen: the belief in it never falls. */
static void tunnel_vision_sees_only_support(void **state)
{
    (void)state;
    struct pl_bot *bot = test_lesson_bot("tunnel-vision", PL_NONE);
    const uint8_t against[PL_KNOWN_TRAITS_MAX] = {16};
    const uint8_t support[PL_KNOWN_TRAITS_MAX] = {76};
    bot->favourite = TEST_POOL;
    pl_policy_look(bot, TEST_LOOK_FIRST, against);
    assert_true(bot->belief[TEST_POOL] > 0.499);
    pl_policy_look(bot, TEST_LOOK_FIRST, support);
    assert_true(bot->belief[TEST_POOL] > 0.9);
}

/* The higher the rung, the more often the choice differs from the planner's. */
static void high_rungs_err_more(void **state)
{
    (void)state;
    static const char *const rungs[] = {"ladder-01", "ladder-12"};
    uint32_t wrong[2] = {0, 0};
    void *memory = aligned_alloc(64, (pl_bot_size() + 63) / 64 * 64);
    assert_non_null(memory);
    for (uint32_t rung = 0; rung < 2; rung++) {
        for (uint64_t seed = 0; seed < 60; seed++) {
            uint32_t looks = 0;
            struct pl_bot_setup setup = {.def = pl_roster_find(rungs[rung]),
                                         .knowledge = test_lesson(),
                                         .seed = seed,
                                         .cause = PL_NONE};
            struct pl_bot *bot = pl_bot_init(&setup, memory);
            wrong[rung] += strstr(first_act(bot, TEST_VENDOR, &looks), "api/vendor") == NULL;
        }
    }
    free(memory);
    assert_true(wrong[0] <= 3);
    assert_true(wrong[1] >= wrong[0] + 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(informed_bots_find_each_cause),
        cmocka_unit_test(the_oracle_acts_without_looking),
        cmocka_unit_test(haste_takes_one_look),
        cmocka_unit_test(lucky_guesses_are_right_six_times_in_ten),
        cmocka_unit_test(spam_is_added_and_the_act_stays),
        cmocka_unit_test(tunnel_vision_sees_only_support),
        cmocka_unit_test(high_rungs_err_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
