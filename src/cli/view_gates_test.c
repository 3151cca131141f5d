// SPDX-License-Identifier: Apache-2.0
#include "cli/view_gates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Q1 within its limits, Q5 above, the others unmeasured. */
static void fill(struct pl_gates *gates)
{
    memset(gates, 0, sizeof *gates);
    gates->gates[0].figure_count = 1;
    gates->gates[0].figures[0] = (struct pl_gate_figure){"bits open", 2.5, 1.5, 1, 1};
    gates->gates[4].figure_count = 1;
    gates->gates[4].figures[0] = (struct pl_gate_figure){"share of bits", 0.74, 0.6, 0, 0};
    (void)snprintf(gates->gates[4].detail, PL_GATE_TEXT_MAX, "best look: alerts");
    (void)snprintf(gates->gates[4].advice, PL_GATE_TEXT_MAX, "Let severity vary more.");
}

static void a_missed_gate_says_by_how_much_and_what_to_change(void **state)
{
    (void)state;
    struct pl_gates gates;
    char memory[8192];
    struct pl_buf out;
    fill(&gates);
    pl_buf_init(&out, memory, sizeof memory);
    pl_view_gates(&gates, &out);
    assert_non_null(strstr(memory, "Q1 "));
    assert_non_null(strstr(memory, "met\n"));
    assert_non_null(strstr(memory, "0.740  <= 0.6  <--"));
    assert_non_null(strstr(memory, "what to change: Let severity vary more."));
    assert_non_null(strstr(memory, "not measured"));
    assert_false(pl_view_gates_met(&gates));
    gates.gates[4].figures[0].met = 1;
    assert_true(pl_view_gates_met(&gates));
}

static void the_other_forms_hold_the_same(void **state)
{
    (void)state;
    struct pl_gates gates;
    char memory[16384];
    struct pl_buf out;
    struct pl_json_out json;
    fill(&gates);
    pl_buf_init(&out, memory, sizeof memory);
    pl_json_out_begin(&json, &out);
    pl_view_gates_json(&gates, &json);
    pl_json_out_end(&json);
    assert_non_null(
        strstr(memory, "{\"gate\":1,\"title\":\"the page leaves it open\",\"met\":true"));
    assert_non_null(strstr(memory, "\"at_most\":0.6,\"met\":false"));
    assert_non_null(strstr(memory, "\"met\":null"));
    pl_buf_clear(&out);
    pl_view_gates_markdown("till", &gates, &out);
    assert_non_null(strstr(memory, "| Q5 | share of bits | 0.740 | <= 0.6 | **missed** |"));
    assert_non_null(strstr(memory, "- Q5: best look: alerts. Let severity vary more."));
    assert_non_null(strstr(memory, "| Q2 | it can be solved | | | not measured |"));
}

static void a_look_is_shown_with_what_it_leaves_together(void **state)
{
    (void)state;
    static struct pl_scenario scenario;
    static struct pl_gates_looks looks;
    char memory[4096];
    struct pl_buf out;
    struct pl_json_out json;
    scenario.cause_count = 3;
    for (uint32_t h = 0; h < 3; h++) {
        (void)snprintf(scenario.causes[h].name, PL_NAME_MAX, "cause-%u", h);
    }
    looks.count = 3;
    looks.items[0] = (struct pl_gates_look){
        .power = {.bits = 1.5, .cost_s = 30.0, .groups = 3, .group_of = {0, 1, 2}}, .text = "logs"};
    looks.items[1] = (struct pl_gates_look){
        .power = {.bits = 0.9, .cost_s = 20.0, .groups = 2, .group_of = {0, 1, 0}}, .text = "map"};
    looks.items[2] = (struct pl_gates_look){.power = {.bits = 0.0, .cost_s = 15.0, .groups = 1},
                                            .text = "alerts"};
    pl_buf_init(&out, memory, sizeof memory);
    pl_view_gates_looks(&scenario, &looks, &out);
    assert_non_null(strstr(memory, "  1.50   30  none\n"));
    assert_non_null(strstr(memory, "  0.90   20  cause-0 cause-2\n"));
    assert_non_null(strstr(memory, "  0.00   15  all\n"));
    pl_buf_clear(&out);
    pl_json_out_begin(&json, &out);
    pl_view_gates_looks_json(&scenario, &looks, &json);
    pl_json_out_end(&json);
    assert_non_null(strstr(memory, "\"groups\":[[\"cause-0\",\"cause-2\"],[\"cause-1\"]]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missed_gate_says_by_how_much_and_what_to_change),
        cmocka_unit_test(the_other_forms_hold_the_same),
        cmocka_unit_test(a_look_is_shown_with_what_it_leaves_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
