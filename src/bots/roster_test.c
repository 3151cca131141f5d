// SPDX-License-Identifier: Apache-2.0
#include "bots/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void names_are_found_and_unique(void **state)
{
    (void)state;
    assert_int_equal(pl_roster_count(), 32);
    for (uint32_t i = 0; i < pl_roster_count(); i++) {
        assert_ptr_equal(pl_roster_find(pl_roster_at(i)->name), pl_roster_at(i));
    }
    assert_null(pl_roster_find("planer"));
}

/* A gamer plays like its twin but for its trick; nobody else has one. */
static void gamers_name_their_honest_twin(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < pl_roster_count(); i++) {
        const struct pl_bot_def *bot = pl_roster_at(i);
        assert_int_equal(bot->twin != NULL, bot->trick != PL_BOT_HONEST);
        if (bot->twin != NULL) {
            const struct pl_bot_def *twin = pl_roster_find(bot->twin);
            assert_non_null(twin);
            assert_int_equal(twin->trick, PL_BOT_HONEST);
            assert_int_equal(twin->policy, bot->policy);
            assert_true(twin->threshold >= bot->threshold && twin->threshold <= bot->threshold);
        }
    }
}

static void the_ladder_rises_from_a_quarter_to_four(void **state)
{
    (void)state;
    double last = 0.0;
    uint32_t rungs = 0;
    for (uint32_t i = 0; i < pl_roster_count(); i++) {
        const struct pl_bot_def *bot = pl_roster_at(i);
        if (strcmp(bot->tier, "ladder") == 0) {
            assert_true(bot->noise > last);
            assert_true(rungs > 0 || bot->noise < 0.2501);
            last = bot->noise;
            rungs++;
        }
    }
    assert_int_equal(rungs, 12);
    assert_true(last > 3.999);
}

/* Only the three that say so are given the cause. */
static void few_know_the_cause(void **state)
{
    (void)state;
    uint32_t count = 0;
    for (uint32_t i = 0; i < pl_roster_count(); i++) {
        count += pl_roster_at(i)->needs_cause;
    }
    assert_int_equal(count, 3);
    assert_int_equal(pl_roster_find("planner")->needs_cause, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_and_unique),
        cmocka_unit_test(gamers_name_their_honest_twin),
        cmocka_unit_test(the_ladder_rises_from_a_quarter_to_four),
        cmocka_unit_test(few_know_the_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
