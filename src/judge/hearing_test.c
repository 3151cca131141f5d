// SPDX-License-Identifier: Apache-2.0
#include "judge/hearing.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_choice_becomes_an_epoch(void **state)
{
    (void)state;
    static const uint32_t kinds[] = {PL_EPOCH_LOOK,
                                     PL_EPOCH_LOOK,
                                     PL_EPOCH_SAY,
                                     PL_EPOCH_ACT,
                                     PL_EPOCH_WAIT,
                                     PL_EPOCH_WAIT,
                                     PL_EPOCH_WAIT,
                                     PL_EPOCH_LOOK,
                                     PL_EPOCH_SAY,
                                     PL_EPOCH_CLOSE};
    struct test_judge *judge = test_judge_open(3, NULL);
    test_judge_play(judge);
    pl_hearing_end(judge->judge); /* a closed session has its end already */
    const struct pl_judge *inside = judge->judge;
    uint32_t chosen = 0;
    for (uint32_t i = 0; i < inside->epoch_count; i++) {
        const struct pl_epoch *epoch = &inside->epochs[i];
        if (epoch->kind != PL_EPOCH_NEWS) { /* what is told is not chosen */
            assert_true(chosen < sizeof kinds / sizeof kinds[0]);
            assert_int_equal(epoch->kind, kinds[chosen++]);
        }
        assert_true(epoch->until_ns >= epoch->t_ns);
        double sum = epoch->belief[PL_BELIEF_FULL].other;
        for (uint32_t h = 0; h < 3; h++) {
            sum += epoch->belief[PL_BELIEF_FULL].cause[h];
        }
        assert_true(sum > 0.999 && sum < 1.001);
    }
    assert_int_equal(chosen, sizeof kinds / sizeof kinds[0]);
    assert_string_equal(inside->epochs[0].text, "panel till-api latency");
    assert_string_equal(inside->epochs[1].about, "books-db");
    assert_int_equal(inside->epochs[2].statement, 0);
    test_judge_close(judge);
}

static void looking_makes_the_true_cause_likelier(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    double before = 1.0 / 3.0;
    test_judge_feed(judge,
                    "{\"do\":\"look\",\"what\":\"db\",\"db\":\"books-db\",\"view\":\"activity\"}");
    test_judge_feed(judge, "{\"do\":\"look\",\"what\":\"pods\",\"service\":\"till-api\"}");
    struct pl_belief_view view;
    pl_belief_read(judge->judge->belief, PL_BELIEF_FULL, &view);
    assert_true(view.cause[judge->judge->cause] > before);
    test_judge_close(judge);
}

/*
 * Goal: what is told by itself moves beliefs, and what it could have been is foreseen like a look.
 * Vacuuming repairs one cause; where it does the page resolves by itself some minutes later, and in
 * the worlds of the other causes it does not.
 */
static void what_is_told_by_itself_is_foreseen(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    const struct pl_judge *inside = judge->judge;
    uint32_t news = 0;
    test_judge_feed(judge, "{\"do\":\"act\",\"action\":\"vacuum\",\"args\":[\"books-db\"]}");
    for (uint32_t i = 0; i < 8; i++) {
        test_judge_feed(judge, "{\"do\":\"wait\",\"for\":\"1m\"}");
    }
    for (uint32_t i = 0; i < inside->epoch_count; i++) {
        if (inside->epochs[i].kind == PL_EPOCH_NEWS) {
            assert_int_not_equal(inside->epochs[i].draws, PL_NONE);
            news++;
        }
    }
    assert_true(news > 0);
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_choice_becomes_an_epoch),
        cmocka_unit_test(looking_makes_the_true_cause_likelier),
        cmocka_unit_test(what_is_told_by_itself_is_foreseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
