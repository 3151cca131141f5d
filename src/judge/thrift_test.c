// SPDX-License-Identifier: Apache-2.0
#include "judge/thrift.h"

#include "judge/course.h"
#include "support/trials.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CAUSES = 3, WORLDS = 32 };

static const char *const look = "{\"do\":\"look\",\"what\":\"db\",\"db\":\"books-db\","
                                "\"view\":\"activity\"}";
static const char *const act = "{\"do\":\"act\",\"action\":\"scale\",\"args\":[\"till-api\",\"8\"],"
                               "\"confirm\":true}";
static const char *const wait = "{\"do\":\"wait\",\"for\":300}";

static void worlds_follow_belief_and_are_never_too_few(void **state)
{
    (void)state;
    assert_int_equal(pl_thrift_needed(48, 0.06, PL_THRIFT_LOOKED), 48);
    assert_int_equal(pl_thrift_needed(48, 0.06, PL_THRIFT_PASSIVE), 24);
    assert_int_equal(pl_thrift_needed(48, 0.30, PL_THRIFT_PASSIVE), 48);
    assert_int_equal(pl_thrift_needed(48, 0.02, PL_THRIFT_LOOKED), 24);
    assert_int_equal(pl_thrift_needed(48, 0.005, PL_THRIFT_LOOKED), 12);
    assert_int_equal(pl_thrift_needed(16, 0.005, PL_THRIFT_LOOKED), PL_THRIFT_LEAST);
    assert_int_equal(pl_thrift_needed(8, 0.005, PL_THRIFT_LOOKED), 8);
    assert_int_equal(pl_thrift_needed(4, 0.005, PL_THRIFT_PASSIVE), 4);
    assert_int_equal(pl_thrift_needed(48, 0.001, PL_THRIFT_LOOKED), 0);
    for (double belief = 0.0; belief < 1.0; belief += 0.001) {
        uint32_t looked = pl_thrift_needed(48, belief, PL_THRIFT_LOOKED);
        assert_true(pl_thrift_needed(48, belief, PL_THRIFT_PASSIVE) <= looked);
        assert_true(pl_thrift_needed(48, belief + 0.01, PL_THRIFT_LOOKED) >= looked);
    }
}

/* Worlds of all causes that are advanced, and that the belief counts the same ones. */
static uint32_t worlds_of(const struct pl_judge *judge)
{
    uint32_t sum = 0;
    for (uint32_t h = 0; h < CAUSES; h++) {
        uint32_t worlds = pl_bank_worlds(judge->bank, h);
        assert_true(worlds == 0 || worlds == pl_belief_worlds(judge->belief, h));
        sum += worlds;
    }
    return sum;
}

static void who_waits_is_judged_with_fewer_worlds(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open_wide(3, WORLDS);
    assert_int_equal(worlds_of(judge->judge), CAUSES * WORLDS);
    test_judge_feed(judge, look);
    uint32_t after_look = worlds_of(judge->judge);
    test_judge_feed(judge, act);
    test_judge_feed(judge, wait);
    uint32_t after_wait = worlds_of(judge->judge);
    assert_true(after_wait < after_look);
    assert_true(after_wait >= PL_THRIFT_LEAST);
    test_judge_close(judge);
}

/* Fewer worlds have another mean, but nothing passes at the moment at which they are given up. */
static void what_has_passed_does_not_jump(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open_wide(3, WORLDS);
    struct pl_judge *inside = judge->judge;
    double passed[CAUSES];
    uint32_t fewer = 0;
    test_judge_feed(judge, look);
    pl_course_pass(inside, inside->now_ns + 400 * PL_NS_PER_S);
    const struct pl_stretch *stretch = &inside->stretches[inside->stretch_count - 1];
    for (uint32_t h = 0; h < CAUSES; h++) {
        passed[h] = pl_thrift_damage(inside, h) - stretch->start_damage[h];
    }
    uint32_t before = worlds_of(inside);
    pl_thrift_spare(inside, PL_THRIFT_PASSIVE);
    assert_true(worlds_of(inside) < before);
    for (uint32_t h = 0; h < CAUSES; h++) {
        double now = pl_thrift_damage(inside, h) - stretch->start_damage[h];
        fewer += pl_bank_worlds(inside->bank, h) < WORLDS ? 1 : 0;
        if (pl_bank_live(inside->bank, h)) {
            assert_true(fabs(now - passed[h]) < 1e-9 * (1.0 + fabs(now)));
        }
    }
    assert_true(fewer > 0);
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worlds_follow_belief_and_are_never_too_few),
        cmocka_unit_test(who_waits_is_judged_with_fewer_worlds),
        cmocka_unit_test(what_has_passed_does_not_jump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
