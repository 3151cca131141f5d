// SPDX-License-Identifier: Apache-2.0
//
// The gates of a scenario as text, as JSON and as a table in Markdown.
#ifndef PL_CLI_VIEW_GATES_H
#define PL_CLI_VIEW_GATES_H

#include "base/buf.h"
#include "cli/pack_gates.h"
#include "judge/gates.h"
#include "scenario/scenario.h"
#include "text/json_out.h"

/** Append all gates as aligned text, with advice where one is missed. */
void pl_view_gates(const struct pl_gates *gates, struct pl_buf *out);

/** Append all gates as an array. */
void pl_view_gates_json(const struct pl_gates *gates, struct pl_json_out *out);

/** Append all gates as a table in Markdown. */
void pl_view_gates_markdown(const char *scenario, const struct pl_gates *gates, struct pl_buf *out);

/** Append all looks: bits, seconds, and the causes that each leaves together. */
void pl_view_gates_looks(const struct pl_scenario *scenario,
                         const struct pl_gates_looks *looks,
                         struct pl_buf *out);

/** Append all looks as an array. */
void pl_view_gates_looks_json(const struct pl_scenario *scenario,
                              const struct pl_gates_looks *looks,
                              struct pl_json_out *out);

/** True when no gate that was measured is missed. */
bool pl_view_gates_met(const struct pl_gates *gates);

#endif
