// SPDX-License-Identifier: Apache-2.0
#include "judge/course.h"

#include "session/truth.h"
#include "support/trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The act of giving the till so many pods, written as text. */
static struct pl_call scale_till(struct test_judge *judge, const char *pods)
{
    struct pl_call call;
    pl_error err = {0};
    struct pl_arg_text args[] = {{"", "till-api"}, {"", pods}};
    assert_int_equal(pl_action_bind(judge->scenario, "scale", args, 2, &call, &err), PL_OK);
    return call;
}

static void the_first_stretch_has_a_node_at_the_opening(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge *inside = judge->judge;
    assert_int_equal(inside->stretch_count, 1);
    assert_int_equal(inside->stretches[0].segment.nodes[0].t_ns, inside->opens_ns);
    assert_int_equal(inside->classes.count, 3);
    assert_true(inside->constants->d_noop > 0.0);
    pl_course_pass(inside, inside->opens_ns + 2 * PL_COURSE_GRID_NS);
    assert_int_equal(inside->stretches[0].segment.node_count, 3);
    assert_true(inside->stretches[0].segment.nodes[2].passed[0] > 0.0);
    test_judge_close(judge);
}

static void an_act_begins_a_stretch_and_is_an_option_before_it(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge *inside = judge->judge;
    pl_error err = {0};
    const struct pl_call call = scale_till(judge, "8");
    pl_course_before_act(inside, &call);
    assert_int_not_equal(pl_option_set_find(&inside->stretches[0].segment.options, &call), PL_NONE);
    uint32_t truth = pl_course_truth(inside, &call);
    assert_int_equal(truth, 0);
    assert_true(inside->truths[0].node.cells[inside->cause][0].count > 0);
    assert_int_equal(pl_course_act(inside, &call, &err), PL_OK);
    assert_int_equal(inside->stretch_count, 2);
    assert_int_equal(inside->stretches[1].segment.node_count, 1);
    double se = -1.0;
    assert_true(pl_course_rest(inside, &se) > 0.0);
    assert_true(se >= 0.0);
    test_judge_close(judge);
}

/*
 * Goal: an act that nobody listed is tried at its moment, and what is known of later moments stays.
 * Finding out takes longer than up to the act, so the value before it hangs on them.
 */
static void an_unlisted_act_leaves_later_moments_alone(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge *inside = judge->judge;
    struct pl_segment *segment = &inside->stretches[0].segment;
    int64_t later_ns = inside->opens_ns + 4 * PL_COURSE_GRID_NS;
    const struct pl_call call = scale_till(judge, "7");
    segment->nodes[1] = segment->nodes[0];
    segment->nodes[1].t_ns = later_ns;
    segment->nodes[1].passed[0] = 1e6;
    segment->node_count = 2;
    inside->stretches[0].grid_ns = INT64_MAX;
    double searched = pl_segment_passed(segment, 0, inside->opens_ns, later_ns);
    pl_course_pass(inside, inside->opens_ns + PL_COURSE_GRID_NS);
    assert_int_equal(segment->node_count, 2);
    pl_course_before_act(inside, &call);
    assert_int_equal(segment->node_count, 3);
    assert_int_equal(segment->nodes[1].t_ns, inside->now_ns);
    assert_int_equal(segment->nodes[2].t_ns, later_ns);
    uint32_t option = pl_option_set_find(&segment->options, &call);
    assert_true(segment->nodes[1].cells[inside->cause][option].count > 0);
    assert_true(searched - pl_segment_passed(segment, 0, inside->opens_ns, later_ns) < 1e-6);
    pl_course_before_act(inside, &call);
    assert_int_equal(segment->node_count, 3);
    test_judge_close(judge);
}

/*
 * Goal: an act that does nothing under a cause leaves its table as it is, and only the causes that
 * it touches are simulated anew. Scaling to the number of pods that is there already touches none;
 * the remedy of a cause touches that one.
 */
static void what_an_act_does_not_touch_is_known(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge *inside = judge->judge;
    const struct pl_cause *own = &judge->scenario->causes[inside->cause];
    const struct pl_call remedy = judge->scenario->setting.calls[own->helps0];
    pl_error err = {0};
    struct pl_segment *before = &inside->stretches[0].segment;
    uint32_t all = (UINT32_C(1) << inside->belief_def.cause_count) - 1;
    uint32_t bit = UINT32_C(1) << inside->cause;
    pl_course_before_act(inside, &remedy);
    assert_int_equal(pl_course_act(inside, &remedy, &err), PL_OK);
    const struct pl_stretch *after = &inside->stretches[1];
    assert_int_equal(after->inherited & bit, 0);
    assert_int_equal(after->segment.causes, all);
    assert_int_equal(after->segment.options.count, before->options.count);
    double was = pl_segment_cell(before, inside->now_ns, inside->cause, 0).mean;
    double is = pl_segment_cell(&after->segment, inside->now_ns, inside->cause, 0).mean;
    assert_true(is < 0.5 * was);
    for (uint32_t h = 0; h < inside->belief_def.cause_count; h++) {
        if ((after->inherited >> h & 1) != 0) {
            was = pl_segment_cell(before, inside->now_ns, h, 0).mean;
            is = pl_segment_cell(&after->segment, inside->now_ns, h, 0).mean;
            assert_true(is > 0.89 * was && is < 1.11 * was);
        }
    }
    test_judge_close(judge);
}

/* The same act a second time does nothing in any world, so no table is simulated again. */
static void an_act_without_effect_costs_no_simulation(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge *inside = judge->judge;
    pl_error err = {0};
    const struct pl_call call = scale_till(judge, "8");
    uint32_t all = (UINT32_C(1) << inside->belief_def.cause_count) - 1;
    for (uint32_t i = 0; i < 2; i++) {
        pl_course_before_act(inside, &call);
        assert_int_equal(pl_course_act(inside, &call, &err), PL_OK);
        pl_course_pass(inside, inside->now_ns + PL_COURSE_GRID_NS);
    }
    assert_int_equal(inside->stretch_count, 3);
    assert_int_equal(inside->stretches[2].segment.causes, all);
    assert_int_not_equal(inside->stretches[2].inherited, 0);
    test_judge_close(judge);
}

/* What passes by the table of the last stretch, beside what the worlds of the bank suffered. */
static void check_passed(const struct pl_judge *judge)
{
    const struct pl_stretch *stretch = &judge->stretches[judge->stretch_count - 1];
    uint32_t checked = 0;
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        double suffered = 0.0;
        uint32_t worlds = pl_bank_worlds(judge->bank, h);
        for (uint32_t k = 0; k < worlds; k++) {
            const struct pl_state *world = pl_bank_state(judge->bank, h, k);
            suffered += pl_truth_damage(judge->def.world, world) / worlds;
        }
        suffered -= stretch->start_damage[h];
        if (suffered > 0.05 * judge->constants->d_noop) {
            double passed =
                pl_segment_passed(&stretch->segment, h, stretch->starts_ns, judge->now_ns);
            assert_true(passed > 0.999 * suffered && passed < 1.001 * suffered);
            checked++;
        }
    }
    assert_true(checked > 0);
}

/*
 * Goal: who goes on waiting after a second act is charged what users suffer then. The table of the
 * first act was taken over and ended there; from its end on the damage of doing nothing was spread
 * over the rest of the session, with the responder in it who never came.
 */
static void what_passes_after_a_second_act_is_what_worlds_suffer(void **state)
{
    (void)state;
    struct test_judge *judge = test_judge_open(3, NULL);
    struct pl_judge *inside = judge->judge;
    pl_error err = {0};
    const struct pl_call call = scale_till(judge, "8");
    for (uint32_t i = 0; i < 2; i++) {
        pl_course_before_act(inside, &call);
        assert_int_equal(pl_course_act(inside, &call, &err), PL_OK);
    }
    pl_course_pass(inside, inside->now_ns + 4 * PL_COURSE_GRID_NS);
    check_passed(inside);
    pl_course_pass(inside, inside->now_ns + PL_COURSE_GRID_NS / 2);
    pl_course_before_act(inside, &call);
    check_passed(inside);
    test_judge_close(judge);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judge_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_stretch_has_a_node_at_the_opening),
        cmocka_unit_test(an_act_begins_a_stretch_and_is_an_option_before_it),
        cmocka_unit_test(an_unlisted_act_leaves_later_moments_alone),
        cmocka_unit_test(what_an_act_does_not_touch_is_known),
        cmocka_unit_test(an_act_without_effect_costs_no_simulation),
        cmocka_unit_test(what_passes_after_a_second_act_is_what_worlds_suffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
