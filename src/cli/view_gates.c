// SPDX-License-Identifier: Apache-2.0
#include "cli/view_gates.h"

#include "base/check.h"

static const char *sign_of(const struct pl_gate_figure *figure)
{
    return figure->at_least != 0 ? ">=" : "<=";
}

static const char *verdict_of(const struct pl_gate *gate)
{
    return gate->figure_count == 0 ? "not measured" : pl_gate_met(gate) ? "met" : "MISSED";
}

void pl_view_gates(const struct pl_gates *gates, struct pl_buf *out)
{
    PL_CHECK(gates != NULL && out != NULL);
    for (uint32_t i = 0; i < PL_GATES; i++) {
        const struct pl_gate *gate = &gates->gates[i];
        pl_buf_printf(out, "Q%-3u %-56s %s\n", i + 1, pl_gate_title(i), verdict_of(gate));
        for (uint32_t k = 0; k < gate->figure_count; k++) {
            const struct pl_gate_figure *figure = &gate->figures[k];
            pl_buf_printf(out,
                          "       %-54s %7.3f  %s %.4g%s\n",
                          figure->what,
                          figure->value,
                          sign_of(figure),
                          figure->limit,
                          figure->met != 0 ? "" : "  <--");
        }
        if (gate->detail[0] != '\0') {
            pl_buf_printf(out, "       %s\n", gate->detail);
        }
        if (gate->figure_count > 0 && !pl_gate_met(gate)) {
            pl_buf_printf(out, "       what to change: %s\n", gate->advice);
        }
    }
}

void pl_view_gates_json(const struct pl_gates *gates, struct pl_json_out *out)
{
    PL_CHECK(gates != NULL && out != NULL);
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < PL_GATES; i++) {
        const struct pl_gate *gate = &gates->gates[i];
        pl_json_out_object_begin(out);
        pl_json_out_member_integer(out, "gate", (int64_t)i + 1);
        pl_json_out_member_string(out, "title", pl_gate_title(i));
        pl_json_out_key(out, "met");
        if (gate->figure_count > 0) {
            pl_json_out_bool(out, pl_gate_met(gate));
        } else {
            pl_json_out_null(out);
        }
        pl_json_out_key(out, "figures");
        pl_json_out_array_begin(out);
        for (uint32_t k = 0; k < gate->figure_count; k++) {
            const struct pl_gate_figure *figure = &gate->figures[k];
            pl_json_out_object_begin(out);
            pl_json_out_member_string(out, "what", figure->what);
            pl_json_out_member_number(out, "value", figure->value);
            pl_json_out_member_number(
                out, figure->at_least != 0 ? "at_least" : "at_most", figure->limit);
            pl_json_out_member_bool(out, "met", figure->met != 0);
            pl_json_out_object_end(out);
        }
        pl_json_out_array_end(out);
        pl_json_out_member_string(out, "detail", gate->detail);
        pl_json_out_member_string(out, "advice", gate->advice);
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
}

void pl_view_gates_markdown(const char *scenario, const struct pl_gates *gates, struct pl_buf *out)
{
    PL_CHECK(scenario != NULL && gates != NULL && out != NULL);
    pl_buf_printf(
        out, "### %s\n\n| gate | number | value | limit | |\n|---|---|---|---|---|\n", scenario);
    for (uint32_t i = 0; i < PL_GATES; i++) {
        const struct pl_gate *gate = &gates->gates[i];
        for (uint32_t k = 0; k < gate->figure_count; k++) {
            const struct pl_gate_figure *figure = &gate->figures[k];
            pl_buf_printf(out,
                          "| Q%u | %s | %.3f | %s %.4g | %s |\n",
                          i + 1,
                          figure->what,
                          figure->value,
                          sign_of(figure),
                          figure->limit,
                          figure->met != 0 ? "met" : "**missed**");
        }
        if (gate->figure_count == 0) {
            pl_buf_printf(out, "| Q%u | %s | | | not measured |\n", i + 1, pl_gate_title(i));
        }
    }
    pl_buf_puts(out, "\n");
    for (uint32_t i = 0; i < PL_GATES; i++) {
        const struct pl_gate *gate = &gates->gates[i];
        if (gate->detail[0] != '\0') {
            bool missed = gate->figure_count > 0 && !pl_gate_met(gate);
            pl_buf_printf(out,
                          "- Q%u: %s.%s%s\n",
                          i + 1,
                          gate->detail,
                          missed ? " " : "",
                          missed ? gate->advice : "");
        }
    }
}

/* Causes that a look leaves together, the groups separated by bars. */
static void list_groups(const struct pl_scenario *scenario,
                        const struct pl_look_power *power,
                        struct pl_buf *out)
{
    const char *between_groups = "";
    for (uint32_t g = 0; g < power->groups; g++) {
        uint32_t members = 0;
        for (uint32_t h = 0; h < scenario->cause_count; h++) {
            members += power->group_of[h] == g ? 1 : 0;
        }
        const char *before = between_groups;
        for (uint32_t h = 0; h < scenario->cause_count && members > 1; h++) {
            if (power->group_of[h] == g) {
                pl_buf_printf(out, "%s%s", before, scenario->causes[h].name);
                before = " ";
                between_groups = " | ";
            }
        }
    }
    pl_buf_puts(out, between_groups[0] != '\0' ? "\n" : "none\n");
}

void pl_view_gates_looks(const struct pl_scenario *scenario,
                         const struct pl_gates_looks *looks,
                         struct pl_buf *out)
{
    PL_CHECK(scenario != NULL && looks != NULL && out != NULL);
    pl_buf_printf(
        out, "\n%-44s %6s %4s  %s\n", "look at the opening", "bits", "s", "causes left together");
    for (uint32_t i = 0; i < looks->count; i++) {
        const struct pl_look_power *power = &looks->items[i].power;
        pl_buf_printf(out, "%-44s %6.2f %4.0f  ", looks->items[i].text, power->bits, power->cost_s);
        if (power->groups == 1) {
            pl_buf_puts(out, "all\n");
        } else {
            list_groups(scenario, power, out);
        }
    }
}

static void group_json(const struct pl_scenario *scenario,
                       const struct pl_look_power *power,
                       uint32_t group,
                       struct pl_json_out *out)
{
    pl_json_out_array_begin(out);
    for (uint32_t h = 0; h < scenario->cause_count; h++) {
        if (power->group_of[h] == group) {
            pl_json_out_string(out, scenario->causes[h].name);
        }
    }
    pl_json_out_array_end(out);
}

void pl_view_gates_looks_json(const struct pl_scenario *scenario,
                              const struct pl_gates_looks *looks,
                              struct pl_json_out *out)
{
    PL_CHECK(scenario != NULL && looks != NULL && out != NULL);
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < looks->count; i++) {
        const struct pl_look_power *power = &looks->items[i].power;
        pl_json_out_object_begin(out);
        pl_json_out_member_string(out, "look", looks->items[i].text);
        pl_json_out_member_number(out, "bits", power->bits);
        pl_json_out_member_number(out, "cost_s", power->cost_s);
        pl_json_out_key(out, "groups");
        pl_json_out_array_begin(out);
        for (uint32_t g = 0; g < power->groups; g++) {
            group_json(scenario, power, g, out);
        }
        pl_json_out_array_end(out);
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
}

bool pl_view_gates_met(const struct pl_gates *gates)
{
    PL_CHECK(gates != NULL);
    for (uint32_t i = 0; i < PL_GATES; i++) {
        if (gates->gates[i].figure_count > 0 && !pl_gate_met(&gates->gates[i])) {
            return false;
        }
    }
    return true;
}
