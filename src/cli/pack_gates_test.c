// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_gates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char content_path[512] = "tests/content";

/* Goal: every gate has numbers but the planner's half of Q2, and the same run gives the same. */
static void all_gates_of_a_small_scenario_are_measured(void **state)
{
    (void)state;
    static struct pl_errors errors;
    static struct pl_gates gates[2];
    static struct pl_gates_looks looks;
    struct pl_content content = {0};
    pl_error err = {0};
    assert_int_equal(pl_content_load(content_path, "torn-till", &content, &errors), PL_OK);
    struct pl_gates_plan plan = {
        .content = &content, .directory = content_path, .particles = 6, .sessions = 24, .forms = 4};
    for (uint32_t i = 0; i < 2; i++) {
        plan.workers = i + 1;
        assert_int_equal(pl_pack_gates_run(&plan, NULL, &gates[i], i == 0 ? NULL : &looks, &err),
                         PL_OK);
    }
    assert_true(looks.count > 0);
    for (uint32_t i = 0; i < looks.count; i++) {
        assert_true(looks.items[i].text[0] != '\0');
        assert_true(i == 0 || looks.items[i].power.bits <= looks.items[i - 1].power.bits);
    }
    assert_memory_equal(&gates[0], &gates[1], sizeof gates[0]);
    for (uint32_t i = 0; i < PL_GATES; i++) {
        assert_true(gates[0].gates[i].figure_count > 0);
        assert_true(gates[0].gates[i].detail[0] != '\0');
    }
    assert_int_equal(gates[0].gates[1].figure_count, 1);
    pl_content_free(&content);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_gates_of_a_small_scenario_are_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
