// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault_page.h"

#include "base/check.h"

#include <string.h>

void pl_fault_page_head(struct pl_buf *out)
{
    pl_buf_puts(
        out,
        "# The fault library\n\n"
        "This page is made by `plumb pack faults --markdown` from `content/faults`. Do not edit "
        "it.\n\n"
        "A fault is a mechanism with parameters that a cause of any world can use:\n\n"
        "    causes:\n"
        "      connections-held:\n"
        "        faults:\n"
        "          - {use: pool.long_hold, at: -7m, jitter: 60s,\n"
        "             with: {service: checkout-api, step: place-order.inline-fraud, times: 5}}\n\n"
        "It stands for the changes of the fault, as if they had been written out. `at`, `jitter` "
        "and `while` hold for all of them, `vary`, `ramp` and `for` for those that take them up. "
        "A cause may use several faults, and have `changes` of its own, which come first. Entities "
        "are written with slashes or dots. How a fault's file looks stands in "
        "[content.md](content.md#fault).\n");
}

/* Word of a kind, out of `a|b|c`. */
static void put_kind(const struct pl_fault_parameter *parameter, struct pl_buf *out)
{
    const char *word = PL_FAULT_KIND_WORDS;
    for (uint32_t i = 0; i < parameter->kind; i++) {
        word = strchr(word, '|') + 1;
    }
    pl_buf_put(out, word, strcspn(word, "|"));
}

static void put_default(const struct pl_fault_parameter *parameter, struct pl_buf *out)
{
    if (parameter->initial[0] != '\0') {
        pl_buf_puts(out, parameter->initial);
    } else {
        pl_buf_puts(out, parameter->optional != 0 ? "may be left out" : "required");
    }
}

static void put_range(const struct pl_fault_parameter *parameter, struct pl_buf *out)
{
    bool low = parameter->low[0] != '\0';
    bool high = parameter->high[0] != '\0';
    if (low) {
        pl_buf_printf(out, "%s%s", high ? "" : "from ", parameter->low);
    }
    if (high) {
        pl_buf_printf(out, "%sto %s", low ? " " : "", parameter->high);
    }
}

static void put_list(const char *title,
                     const char lines[PL_FAULT_LINES_MAX][PL_TEXT_MAX],
                     uint32_t count,
                     struct pl_buf *out)
{
    if (count > 0) {
        pl_buf_printf(out, "\n%s\n\n", title);
    }
    for (uint32_t i = 0; i < count; i++) {
        pl_buf_printf(out, "- %s\n", lines[i]);
    }
}

void pl_fault_page(const struct pl_fault *fault, struct pl_buf *out)
{
    PL_CHECK(fault != NULL && out != NULL);
    pl_buf_printf(out,
                  "\n## %s\n\n%s (%s). %s\n\n",
                  fault->name,
                  fault->title,
                  fault->number,
                  fault->summary);
    pl_buf_puts(out, "| parameter | kind | default | range | meaning |\n|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < fault->parameter_count; i++) {
        const struct pl_fault_parameter *parameter = &fault->parameters[i];
        pl_buf_printf(out, "| `%s` | ", parameter->name);
        put_kind(parameter, out);
        pl_buf_puts(out, " | ");
        put_default(parameter, out);
        pl_buf_puts(out, " | ");
        put_range(parameter, out);
        pl_buf_printf(out, " | %s |\n", parameter->help);
    }
    put_list("What tells it:", fault->tells, fault->tell_count, out);
    put_list("Tempting, and wrong:", fault->tempting, fault->tempting_count, out);
}

void pl_fault_lines(const struct pl_fault *fault, struct pl_buf *out)
{
    PL_CHECK(fault != NULL && out != NULL);
    pl_buf_printf(out, "%-4s %-26s %s\n", fault->number, fault->name, fault->title);
    for (uint32_t i = 0; i < fault->parameter_count; i++) {
        const struct pl_fault_parameter *parameter = &fault->parameters[i];
        pl_buf_printf(out, "       %-14s ", parameter->name);
        put_kind(parameter, out);
        pl_buf_puts(out, ", ");
        put_default(parameter, out);
        pl_buf_puts(out, ": ");
        pl_buf_printf(out, "%s\n", parameter->help);
    }
}

static void put_plain_list(const char *title,
                           const char lines[PL_FAULT_LINES_MAX][PL_TEXT_MAX],
                           uint32_t count,
                           struct pl_buf *out)
{
    if (count > 0) {
        pl_buf_printf(out, "\n%s\n", title);
    }
    for (uint32_t i = 0; i < count; i++) {
        pl_buf_printf(out, "  - %s\n", lines[i]);
    }
}

void pl_fault_sheet(const struct pl_fault *fault, struct pl_buf *out)
{
    PL_CHECK(fault != NULL && out != NULL);
    pl_buf_printf(out,
                  "%s (%s): %s\n%s\n\nParameters:\n",
                  fault->name,
                  fault->number,
                  fault->title,
                  fault->summary);
    for (uint32_t i = 0; i < fault->parameter_count; i++) {
        const struct pl_fault_parameter *parameter = &fault->parameters[i];
        bool limited = parameter->low[0] != '\0' || parameter->high[0] != '\0';
        pl_buf_printf(out, "  %-14s ", parameter->name);
        put_kind(parameter, out);
        pl_buf_puts(out, ", ");
        put_default(parameter, out);
        pl_buf_puts(out, limited ? ", " : "");
        put_range(parameter, out);
        pl_buf_printf(out, ": %s\n", parameter->help);
    }
    put_plain_list("What tells it:", fault->tells, fault->tell_count, out);
    put_plain_list("Tempting, and wrong:", fault->tempting, fault->tempting_count, out);
}
