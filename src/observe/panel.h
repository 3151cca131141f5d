// SPDX-License-Identifier: Apache-2.0
//
// Panels and queries as matrices.
#ifndef PL_OBSERVE_PANEL_H
#define PL_OBSERVE_PANEL_H

#include "base/buf.h"
#include "base/error.h"
#include "observe/observe.h"
#include "observe/observe_block_types.h"

#include <stdint.h>

enum {
    PL_PANEL_STEPS_MAX = 121, /* points of a series */
    PL_PANEL_SERIES_MAX = 48  /* series of one answer; a note counts the rest */
};

/** Moments that a window of the past is shown at; count 0 when nothing has been scraped. */
struct pl_promql_grid pl_panel_grid(const struct pl_observe *observe, int64_t window_ns);

/** Panel look, see pl_observe_look_panel. */
pl_status pl_panel_look(struct pl_observe *observe,
                        const struct pl_panel_look *look,
                        struct pl_buf *out,
                        pl_error *err) __attribute__((warn_unused_result));

/** Query look, see pl_observe_look_query. */
pl_status pl_panel_query(struct pl_observe *observe,
                         const char *expr,
                         int64_t window_ns,
                         struct pl_buf *out,
                         pl_error *err) __attribute__((warn_unused_result));

/** Metrics look, see pl_observe_look_metrics. */
pl_status
pl_panel_metrics(struct pl_observe *observe, const char *filter, struct pl_buf *out, pl_error *err)
    __attribute__((warn_unused_result));

/**
 * Value of a query at the last scrape, its first row; NaN when there is none.
 *
 * @param expr  must compile (checked)
 */
double pl_panel_value(struct pl_observe *observe, const char *expr);

#endif
