// SPDX-License-Identifier: Apache-2.0
#include "judge/option_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_call call_of(uint32_t action, double value)
{
    struct pl_call call = {.action = action, .arg_count = 1, .values = {value}};
    call.options[0] = PL_NONE;
    return call;
}

/* Three causes: remedies {1, 2}, {1}, {3}; tempting moves {4}, {4}, {5}. */
static struct pl_scenario *scenario_of(void)
{
    static const double values[] = {1, 2, 4, 1, 4, 3, 5};
    static const uint32_t helps[] = {2, 1, 1};
    struct pl_scenario *scenario = calloc(1, sizeof *scenario);
    assert_non_null(scenario);
    scenario->cause_count = 3;
    uint32_t at = 0;
    for (uint32_t i = 0; i < 3; i++) {
        struct pl_cause *cause = &scenario->causes[i];
        cause->helps0 = at;
        cause->helps_count = helps[i];
        cause->harms0 = at + helps[i];
        cause->harms_count = 1;
        at += helps[i] + 1;
    }
    for (uint32_t i = 0; i < 7; i++) {
        scenario->setting.calls[i] = call_of(0, values[i]);
    }
    return scenario;
}

static void the_union_has_each_call_once_in_order_of_use(void **state)
{
    (void)state;
    struct pl_scenario *scenario = scenario_of();
    struct pl_option_set options;
    pl_option_set_build(scenario, 7, PL_OPTIONS_MAX, &options);
    static const int expected[] = {1, 3, 4, 5, 2};
    assert_int_equal(options.count, 6);
    assert_int_equal(options.items[0].noop, 1);
    for (uint32_t i = 1; i < 6; i++) {
        assert_int_equal((int)options.items[i].call.values[0], expected[i - 1]);
    }
    assert_int_equal(options.items[1].helps_mask, 3);
    assert_int_equal(options.items[3].harms_mask, 3);
    pl_option_set_build(scenario, 7, 3, &options);
    assert_int_equal(options.count, 3);
    /* However many causes there are, each has its first remedy in the trunk. */
    pl_option_set_trunk(scenario, &options);
    for (uint32_t i = 0; i < 3; i++) {
        const struct pl_call *first = &scenario->setting.calls[scenario->causes[i].helps0];
        assert_int_not_equal(pl_option_set_find(&options, first), PL_NONE);
    }
    free(scenario);
}

static void causes_without_belief_bring_no_options(void **state)
{
    (void)state;
    struct pl_scenario *scenario = scenario_of();
    struct pl_option_set options;
    pl_option_set_build(scenario, 4, PL_OPTIONS_MAX, &options);
    assert_int_equal(options.count, 3);
    assert_int_equal((int)options.items[1].call.values[0], 3);
    assert_int_equal((int)options.items[2].call.values[0], 5);
    free(scenario);
}

static void what_the_player_did_is_always_listed(void **state)
{
    (void)state;
    struct pl_option_set options = {.count = 1};
    options.items[0].noop = 1;
    for (uint32_t i = 0; i < PL_OPTIONS_MAX + 8; i++) {
        struct pl_call call = call_of(7, (double)(i + 1));
        if (i < 5) {
            struct pl_option *listed = &options.items[options.count++];
            listed->call = call;
            continue;
        }
        uint32_t at = pl_option_set_add(&options, &call);
        assert_true(at >= 1 && at < PL_OPTIONS_MAX);
        assert_int_equal(pl_option_set_find(&options, &call), at);
        assert_int_equal(options.items[at].player, 1);
    }
    assert_int_equal(options.count, PL_OPTIONS_MAX);
    assert_int_equal(options.items[0].noop, 1);
    struct pl_call other = call_of(8, 1.0);
    assert_int_equal(pl_option_set_find(&options, &other), PL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_union_has_each_call_once_in_order_of_use),
        cmocka_unit_test(causes_without_belief_bring_no_options),
        cmocka_unit_test(what_the_player_did_is_always_listed),
    };
    return cmocka_run_group_tests_name("option_set", tests, NULL, NULL);
}
