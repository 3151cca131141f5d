// SPDX-License-Identifier: Apache-2.0
#include "bots/planner.h"

#include "support/lessons.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_filter filter;

static struct pl_plan plan_at(double t_s, double pool, double vendor, double index)
{
    struct pl_plan plan = {.filter = &filter, .t_s = t_s, .left_s = 2400.0 - t_s};
    pl_filter_init(&filter, test_lesson(), PL_FILTER_CLASSES);
    plan.posterior[TEST_POOL] = pool;
    plan.posterior[TEST_VENDOR] = vendor;
    plan.posterior[TEST_INDEX] = index;
    return plan;
}

/* Half a minute of lead, and twelve minutes until something else is found after a failure. */
static void a_move_costs_its_lead_and_what_it_leaves(void **state)
{
    (void)state;
    struct pl_plan plan = plan_at(0.0, 1.0, 0.0, 0.0);
    assert_true(fabs(pl_plan_loss(&plan, 0, TEST_POOL) - 0.5) < 1e-9);
    assert_true(fabs(pl_plan_loss(&plan, 1, TEST_POOL) - 12.5) < 1e-9);
    assert_true(fabs(pl_plan_loss(&plan, 3, TEST_POOL) - 24.5) < 1e-9);
    plan.left_s = 90.0; /* nothing costs more than what is left */
    assert_true(fabs(pl_plan_loss(&plan, 1, TEST_POOL) - 1.5) < 1e-9);
}

static void the_best_move_follows_the_belief(void **state)
{
    (void)state;
    double cost = 0.0;
    struct pl_plan plan = plan_at(0.0, 0.1, 0.8, 0.1);
    assert_int_equal(pl_plan_best_move(&plan, plan.posterior, &cost), 1);
    plan.tried = 1U << 1;
    assert_int_not_equal(pl_plan_best_move(&plan, plan.posterior, &cost), 1);
    plan.tried = 15;
    assert_int_equal(pl_plan_best_move(&plan, plan.posterior, &cost), PL_KNOWN_REMEDIES_MAX);
    plan.tried = 0;
    assert_int_equal(pl_plan_move_against(&plan, TEST_INDEX), 2);
    plan.tried = 1U << 2;
    assert_int_equal(pl_plan_move_against(&plan, TEST_INDEX), 3); /* half is better than nothing */
    plan.tried = 3U << 2;
    assert_int_equal(pl_plan_move_against(&plan, TEST_INDEX), PL_KNOWN_REMEDIES_MAX);
}

/* Bits per second: the panel that tells everything is too dear, the idle one is of no use. */
static void looks_are_ranked_by_bits_per_second(void **state)
{
    (void)state;
    struct pl_plan plan = plan_at(0.0, 0.5, 0.3, 0.2);
    struct pl_plan_look looks[PL_PLAN_LOOKS_MAX];
    assert_int_equal(pl_plan_rank(&plan, looks, PL_PLAN_LOOKS_MAX), 3);
    assert_int_equal(looks[0].look, TEST_LOOK_SECOND);
    assert_int_equal(looks[1].look, TEST_LOOK_FIRST);
    assert_int_equal(looks[2].look, TEST_LOOK_DEAR);
    assert_int_equal(pl_plan_rank(&plan, looks, 1), 1);
    assert_int_equal(looks[0].look, TEST_LOOK_SECOND);
    plan.looked = 1U << TEST_LOOK_SECOND;
    assert_int_equal(pl_plan_rank(&plan, looks, 1), 1);
    assert_int_equal(looks[0].look, TEST_LOOK_FIRST);
}

/* Unsure: a look is cheaper than any move. Sure: the move is cheaper than any look. */
static void looking_pays_while_unsure(void **state)
{
    (void)state;
    struct pl_plan_look looks[PL_PLAN_LOOKS_MAX];
    double act = 0.0;
    struct pl_plan plan = plan_at(0.0, 0.4, 0.3, 0.3);
    (void)pl_plan_best_move(&plan, plan.posterior, &act);
    assert_true(pl_plan_looks(&plan, looks, PL_PLAN_LOOKS_MAX) > 0);
    assert_true(looks[0].cost < act);
    plan = plan_at(0.0, 0.998, 0.001, 0.001);
    (void)pl_plan_best_move(&plan, plan.posterior, &act);
    uint32_t count = pl_plan_looks(&plan, looks, PL_PLAN_LOOKS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(looks[i].cost > act);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_move_costs_its_lead_and_what_it_leaves),
        cmocka_unit_test(the_best_move_follows_the_belief),
        cmocka_unit_test(looks_are_ranked_by_bits_per_second),
        cmocka_unit_test(looking_pays_while_unsure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
