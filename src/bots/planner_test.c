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
    assert_true(pl_plan_looks(&plan, looks) > 0);
    assert_true(looks[0].cost < act);
    plan = plan_at(0.0, 0.998, 0.001, 0.001);
    (void)pl_plan_best_move(&plan, plan.posterior, &act);
    uint32_t count = pl_plan_looks(&plan, looks);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(looks[i].cost > act);
    }
}

/* The dear panel as a question: half a minute to ask, five minutes until the answer. */
static struct pl_plan plan_with_question(void)
{
    struct pl_plan plan = plan_at(0.0, 0.4, 0.3, 0.3);
    struct pl_known_look *dear = &test_lesson()->looks[TEST_LOOK_DEAR];
    test_lesson_question(dear, "ada", 270.0);
    dear->cost_s = 30.0;
    return plan;
}

static const struct pl_plan_look *
look_of(const struct pl_plan_look *looks, uint32_t count, uint32_t look)
{
    for (uint32_t i = 0; i < count; i++) {
        if (looks[i].look == look) {
            return &looks[i];
        }
    }
    return NULL;
}

/* A question is waited for when it is late, not asked twice, and nobody is asked two at once. */
static void questions_are_asked_once(void **state)
{
    (void)state;
    struct pl_plan_look looks[PL_PLAN_LOOKS_MAX];
    struct pl_plan plan = plan_with_question();
    uint32_t count = pl_plan_looks(&plan, looks);
    const struct pl_plan_look *asked = look_of(looks, count, TEST_LOOK_DEAR);
    double fresh = asked != NULL ? asked->cost : 0.0;
    assert_non_null(asked);
    plan.busy = 1U << TEST_LOOK_DEAR;
    count = pl_plan_looks(&plan, looks);
    assert_null(look_of(looks, count, TEST_LOOK_DEAR));
    plan.looked = 1U << TEST_LOOK_DEAR;
    plan.pending = 1U << TEST_LOOK_DEAR;
    plan.waits_s[TEST_LOOK_DEAR] = 30.0;
    count = pl_plan_looks(&plan, looks);
    asked = look_of(looks, count, TEST_LOOK_DEAR);
    double later = asked != NULL ? asked->cost : (double)INFINITY;
    assert_true(later < fresh - 3.0); /* it comes four and a half minutes earlier */
}

/* What a blind move was learned to cure is cured; then to rest is better than to go on. */
static void what_is_cured_hurts_no_longer(void **state)
{
    (void)state;
    double cost = 0.0;
    struct pl_plan plan = plan_at(0.0, 0.98, 0.01, 0.01);
    plan.may_rest = true;
    (void)pl_plan_best_move(&plan, plan.posterior, &cost);
    assert_true(pl_plan_rest(&plan, plan.posterior) > 11.9 && cost < 2.0);
    plan.tried = 1;
    plan.relieved[TEST_POOL] = 1.0;
    (void)pl_plan_best_move(&plan, plan.posterior, &cost);
    assert_true(pl_plan_rest(&plan, plan.posterior) < cost);
    assert_true(fabs(pl_plan_loss(&plan, 1, TEST_POOL)) < 1e-9);
    assert_true(pl_plan_loss(&plan, 3, TEST_POOL) > 11.0); /* harm comes on top */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_move_costs_its_lead_and_what_it_leaves),
        cmocka_unit_test(the_best_move_follows_the_belief),
        cmocka_unit_test(looks_are_ranked_by_bits_per_second),
        cmocka_unit_test(looking_pays_while_unsure),
        cmocka_unit_test(questions_are_asked_once),
        cmocka_unit_test(what_is_cured_hurts_no_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
