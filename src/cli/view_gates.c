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
