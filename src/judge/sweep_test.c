// SPDX-License-Identifier: Apache-2.0
#include "judge/sweep.h"

#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void all_looks_are_valued_and_one_is_best(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_epoch epoch = {0};
    pl_sweep_all(judge->judge, &epoch, true);
    assert_true(epoch.best < pl_look_list_count(judge->judge->looks));
    assert_true(epoch.best_rate > 0.0);
    assert_true(epoch.best_expected.mix > 0.3);
    assert_int_equal(epoch.search, 0);
    assert_true(judge->judge->searches[0].look_count > 10);
    struct pl_sweep_look look;
    pl_error err = {0};
    const struct pl_look_call *best = pl_look_list_call(judge->judge->looks, epoch.best);
    assert_int_equal(pl_sweep_one(judge->judge, best, true, &look, &err), PL_OK);
    assert_true(look.full.remedy.mix > 0.0);
    pl_sweep_keep_draws(judge->judge, &epoch);
    assert_int_equal(epoch.draws, 0);
    test_judge_close(judge);
}

/* With many particles the list is gone through with fewer; the best look is found all the same, and
 * its value is the one over all particles. */
static void the_best_look_is_found_with_few_particles(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open_wide(3, 32);
    struct pl_epoch epoch = {0};
    double best_rate = 0.0;
    pl_sweep_all(judge->judge, &epoch, false);
    for (uint32_t i = 0; i < pl_look_list_count(judge->judge->looks); i++) {
        const struct pl_look_call *call = pl_look_list_call(judge->judge->looks, i);
        struct pl_sweep_look look;
        pl_error err = {0};
        if (pl_sweep_one(judge->judge, call, false, &look, &err) == PL_OK) {
            double rate = look.perceived.remedy.mix / pl_clock_s(call->cost_ns);
            best_rate = rate > best_rate ? rate : best_rate;
        }
    }
    assert_true(epoch.best_rate < (1.0 + 1e-9) * best_rate);
    assert_true(epoch.best_rate > 0.98 * best_rate);
    test_judge_close(judge);
}

/* Readings that are kept of a look weigh as much as the belief in the causes that they come from.
 */
static void foreseen_readings_weigh_as_their_causes(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge *inside = judge->judge;
    struct pl_epoch epoch = {0};
    static const double belief[3] = {0.7, 0.2, 0.05};
    struct pl_sweep_look look;
    pl_error err = {0};
    memcpy(epoch.belief[PL_BELIEF_FULL].cause, belief, sizeof belief);
    memcpy(epoch.belief[PL_BELIEF_PERCEIVED].cause, belief, sizeof belief);
    const struct pl_look_call *call = pl_look_list_call(inside->looks, 0);
    assert_int_equal(pl_sweep_one(inside, call, true, &look, &err), PL_OK);
    pl_sweep_keep_draws(inside, &epoch);
    size_t row_size = 1 + (size_t)inside->belief_def.cause_count;
    const float *row = inside->draws;
    for (uint32_t h = 0; h < 3; h++) {
        double weight = 0.0;
        for (uint32_t d = 0; d < PL_EPOCH_DRAWS; d++, row += row_size) {
            weight += (double)row[0];
        }
        assert_true(weight > belief[h] - 1e-3 && weight < belief[h] + 1e-3);
    }
    test_judge_close(judge);
}

/* Minutes later the list is gone through by memory, and the best looks afresh. */
static void what_looks_showed_is_remembered_for_some_minutes(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge *inside = judge->judge;
    struct pl_epoch epoch = {0};
    pl_sweep_all(inside, &epoch, false);
    assert_ptr_equal(inside->shown, inside->shown_first);
    pl_bank_advance(inside->bank, inside->now_ns + 60 * PL_NS_PER_S);
    inside->now_ns += 60 * PL_NS_PER_S;
    struct pl_epoch later = {0};
    pl_sweep_all(inside, &later, false);
    assert_ptr_equal(inside->shown, inside->shown_first);
    assert_int_equal(later.swept, 1);
    assert_true(later.best_rate > 0.0);
    pl_bank_advance(inside->bank, inside->now_ns + 300 * PL_NS_PER_S);
    inside->now_ns += 300 * PL_NS_PER_S;
    pl_sweep_all(inside, &later, false);
    assert_ptr_equal(inside->shown, inside->shown_later);
    assert_true(pl_look_memory_moment(inside->shown) == inside->now_ns);
    test_judge_close(judge);
}

/* Who is sure has nothing left to find out: no look is valued, none counts against the player. */
static void when_one_class_is_sure_no_look_is_valued(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_epoch epoch = {0};
    epoch.belief[PL_BELIEF_PERCEIVED].remedy[1] = 0.95;
    pl_sweep_all(judge->judge, &epoch, true);
    assert_int_equal(epoch.swept, 0);
    assert_int_equal(epoch.best, PL_NONE);
    assert_int_equal(epoch.search, PL_NONE);
    assert_null(judge->judge->shown);
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_looks_are_valued_and_one_is_best),
        cmocka_unit_test(the_best_look_is_found_with_few_particles),
        cmocka_unit_test(foreseen_readings_weigh_as_their_causes),
        cmocka_unit_test(what_looks_showed_is_remembered_for_some_minutes),
        cmocka_unit_test(when_one_class_is_sure_no_look_is_valued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
