// SPDX-License-Identifier: Apache-2.0
//
// The normal numbers of a world as text, as JSON and as a table in Markdown.
#ifndef PL_CLI_VIEW_KPIS_H
#define PL_CLI_VIEW_KPIS_H

#include "base/buf.h"
#include "cli/pack_kpis.h"
#include "text/json_out.h"

/** Append all numbers of a world as aligned text. */
void pl_view_kpis(const struct pl_kpi_plan *plan,
                  const struct pl_kpi_result *result,
                  struct pl_buf *out);

/** Append them as an object. */
void pl_view_kpis_json(const struct pl_kpi_plan *plan,
                       const struct pl_kpi_result *result,
                       struct pl_json_out *out);

/** Append them as a section with a table in Markdown. */
void pl_view_kpis_markdown(const struct pl_kpi_plan *plan,
                           const struct pl_kpi_result *result,
                           struct pl_buf *out);

#endif
